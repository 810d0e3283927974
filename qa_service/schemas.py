"""The service's answers and hits as JSON: the shapes that the command line, the batch files and the REST API share."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from qa_service.models import Answer, Citation, Hit, ParsedQuestion


class CitationModel(BaseModel):
    """A verbatim quote; `article_text[start:end] == quote`."""

    model_config = ConfigDict(from_attributes=True)

    marker: int = Field(description="The number that [n] in the text points to")
    article_id: str
    title: str
    language: str
    published_on: date | None
    url: str | None
    passage_id: str
    quote: str
    start: int = Field(description="First code point of the quote in the article's source text")
    end: int


class ClaimModel(BaseModel):
    """A sentence of the answer and the markers that prove it."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    citations: list[int]


class ValueModel(BaseModel):
    """A typed value of the headline; amounts are decimal strings."""

    model_config = ConfigDict(from_attributes=True)

    amount: str
    unit: str
    qualifier: str | None
    period: str | None = Field(description="ISO 8601 interval, .. for an open end")
    citation: int
    high: str | None = Field(None, description="Upper end of a range")


class ParsedModel(BaseModel):
    """What was understood of the question."""

    periods: list[str]
    places: list[str]
    names: list[str]
    asked_for: list[str]
    unit: str | None = None


class AnswerModel(BaseModel):
    """An answer, or an abstention with its reason."""

    id: str
    question: str
    language: str
    standalone_question: str
    parsed: ParsedModel
    status: str
    reason: str | None
    confidence: float
    headline: str | None
    values: list[ValueModel]
    text: str
    claims: list[ClaimModel]
    citations: list[CitationModel]
    closest: list[CitationModel]
    engine: str
    timings_ms: dict[str, float]
    note: str | None = None


class PassageModel(BaseModel):
    """A ranked passage with each lane's score, and why it stands where it stands."""

    rank: int
    passage_id: str
    article_id: str
    title: str
    language: str
    start: int
    end: int
    text: str
    score: float
    lanes: dict[str, float]
    period: str = Field(description="agrees, neutral or contradicts the question's period")
    place: str
    name: str
    copies: list[str]
    why: str


def answer_model(answer: Answer) -> AnswerModel:
    """The answer in its JSON shape."""
    return AnswerModel(
        id=answer.id,
        question=answer.question,
        language=answer.language,
        standalone_question=answer.standalone_question,
        parsed=parsed_model(answer.parsed),
        status=answer.status,
        reason=answer.reason,
        confidence=answer.confidence,
        headline=answer.headline,
        values=[ValueModel.model_validate(value) for value in answer.values],
        text=answer.text,
        claims=[ClaimModel(text=claim.text, citations=list(claim.citations)) for claim in answer.claims],
        citations=_citations(answer.citations),
        closest=_citations(answer.closest),
        engine=answer.engine,
        timings_ms=answer.timings_ms,
        note=answer.note,
    )


def parsed_model(parsed: ParsedQuestion | None) -> ParsedModel:
    """What was understood, in its JSON shape; empty for an invalid question."""
    if parsed is None:
        return ParsedModel(periods=[], places=[], names=[], asked_for=[])
    return ParsedModel(
        periods=[period.iso() for period in parsed.periods],
        places=[place.text for place in parsed.places],
        names=[name.text for name in parsed.names],
        asked_for=[asked.value for asked in parsed.asked_for],
        unit=parsed.unit_hint,
    )


def passage_model(rank: int, hit: Hit, title: str) -> PassageModel:
    """A hit in its JSON shape; `rank` counts from 1."""
    passage = hit.passage
    return PassageModel(
        rank=rank,
        passage_id=passage.id,
        article_id=passage.article_id,
        title=title,
        language=passage.language,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(hit.score, 6),
        lanes={name: round(score, 6) for name, score in hit.lanes.items()},
        period=hit.constraints.period.value,
        place=hit.constraints.place.value,
        name=hit.constraints.name.value,
        copies=list(hit.copies),
        why=hit.why,
    )


def _citations(citations: tuple[Citation, ...]) -> list[CitationModel]:
    return [CitationModel.model_validate(citation) for citation in citations]
