"""The extractive engine: from ranked passages to a proved answer, or an abstention. No LLM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa_service.answering.abstain import Abstention, abstain
from qa_service.answering.compose import Statement, state_sentence, state_value
from qa_service.answering.parts import Part, is_comparison, question_parts
from qa_service.answering.quotes import CitationBook
from qa_service.answering.scoring import Scorer
from qa_service.answering.selection import (
    Judged,
    best_sentences,
    best_span,
    contradicting,
    corroborating,
    judge_part,
    may_hold_answer,
    same_sentence,
    sentence_confidence,
    span_confidence,
)
from qa_service.answering.verify import problems
from qa_service.models import Article, AskedFor, Citation, Claim, ParsedQuestion, Value
from qa_service.prompts import render
from qa_service.retrieval.search import SearchResult
from qa_service.settings import Strictness

LIKELY_LOGIT = 0.0
CLOSE = 1.0
SENTENCE_ONLY = frozenset({AskedFor.YES_NO, AskedFor.DESCRIPTION})


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine makes of a question; the fields are those of `models.Answer`."""

    status: str
    reason: str | None
    confidence: float
    headline: str | None
    values: tuple[Value, ...]
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How sure an answer must be, how many passages an abstention shows, how many sentences a description has."""

    strictness: Strictness = Strictness.BALANCED
    closest: int = 3
    description_sentences: int = 3


def answer_from(
    result: SearchResult,
    articles: Mapping[str, Article],
    *,
    scorer: Scorer,
    options: EngineOptions,
) -> Draft:
    """The proved answer to the question from the passages found, or the abstention."""
    question = result.question
    parts = question_parts(question)
    judged = [judge_part(part, result, scorer) for part in parts]
    book = CitationBook(articles)
    proved, confidence = _state_parts(parts, judged, book, scorer=scorer, options=options)
    if not proved:
        everything = [item for of_part in judged for item in of_part]
        withheld = abstain(everything, result, articles, language=question.language, most=options.closest)
        return _abstained(withheld, confidence)
    return _answered(question, parts, proved, confidence=confidence, citations=book.citations)


def _state_parts(
    parts: Sequence[Part],
    judged: Sequence[Sequence[Judged]],
    book: CitationBook,
    *,
    scorer: Scorer,
    options: EngineOptions,
) -> tuple[list[Statement], float]:
    stated: list[Statement] = []
    confidences: list[float] = []
    first: Judged | None = None
    for part, of_part in zip(parts, judged, strict=True):
        near = None if is_comparison(parts) else first
        statements, chosen, confidence = _state_part(part, of_part, book, near=near, scorer=scorer, options=options)
        stated.extend(_proved(statements, book, part.question.language))
        confidences.append(confidence)
        first = first or chosen
    return stated, min(confidences)


def _proved(statements: Sequence[Statement], book: CitationBook, language: str) -> list[Statement]:
    proved = [item for item in statements if not _unproved(item, book, language)]
    book.keep_only({marker for item in proved for marker in item.claim.citations})
    return proved


def _unproved(statement: Statement, book: CitationBook, language: str) -> tuple[str, ...]:
    cited = [citation for citation in book.citations if citation.marker in statement.claim.citations]
    shown = language if statement.headline is not None else statement.citation.language
    return problems(statement.asserted, shown, cited, book.articles)


def _state_part(
    part: Part,
    judged: Sequence[Judged],
    book: CitationBook,
    *,
    near: Judged | None,
    scorer: Scorer,
    options: EngineOptions,
) -> tuple[list[Statement], Judged | None, float]:
    language = part.question.language
    span = best_span(judged, near=near)
    confidence = span_confidence(span, judged, scorer) if span else 0.0
    sure = confidence >= scorer.span_threshold(_strictness_beside(span, near, options.strictness))
    if span is not None and part.asked not in SENTENCE_ONLY and sure:
        statements = _value_statements(span, judged, book, language=language)
        if statements and not _unproved(statements[0], book, language):
            return statements, span, confidence
        book.keep_only(set())
    most = options.description_sentences if part.asked is AskedFor.DESCRIPTION else 1
    least = scorer.sentence_threshold(options.strictness)
    able = [item for item in judged if may_hold_answer(part, item, judged)]
    likely = [(item, sentence_confidence(item, judged, scorer)) for item in best_sentences(able, most)]
    sentences = [item for item, sure in likely if sure >= least]
    statements = [s for item in sentences if (s := state_sentence(item.evidence, language, book))]
    best = max((sure for _, sure in likely), default=0.0) if statements else max(confidence, 0.0)
    return statements, sentences[0] if sentences else None, best


def _strictness_beside(span: Judged | None, near: Judged | None, strictness: Strictness) -> Strictness:
    """Eager for the only value of its kind in the sentence that answers the part before: nothing else can be meant."""
    if span is None or near is None or strictness is Strictness.STRICT:
        return strictness
    alone = span.evidence.candidate.competitors == 1
    return Strictness.EAGER if alone and same_sentence(span, near) else strictness


def _value_statements(
    chosen: Judged, judged: Sequence[Judged], book: CitationBook, *, language: str
) -> list[Statement]:
    statement = state_value(chosen.evidence, language, book)
    if statement is None:
        return []
    markers = list(statement.claim.citations)
    for item in corroborating(chosen, judged, LIKELY_LOGIT):
        candidate = item.evidence.candidate
        citation = book.cite(candidate.hit, candidate.sentence, must_hold=candidate.span)
        if citation is not None and citation.marker not in markers:
            markers.append(citation.marker)
    shown = "".join(f"[{marker}]" for marker in markers)
    text = statement.claim.text.replace(f"[{statement.citation.marker}]", shown)
    statements = [replace(statement, claim=Claim(text, tuple(markers)))]
    other = contradicting(chosen, judged, chosen.span_logit - CLOSE)
    if other is not None and (second := state_value(other.evidence, language, book)) is not None:
        statements.append(second)
    return statements


def _answered(
    question: ParsedQuestion,
    parts: Sequence[Part],
    proved: Sequence[Statement],
    *,
    confidence: float,
    citations: Sequence[Citation],
) -> Draft:
    sentences = [item.claim.text for item in proved]
    headlines = list(dict.fromkeys(item.headline for item in proved if item.headline))
    if is_comparison(parts) and len(proved) > 1:
        sentences.append(render("comparison", question.language))
    elif len(parts) == 1 and len(headlines) > 1:
        sentences.append(render("disagreement", question.language))
    elif len(proved) < len(parts):
        sentences.append(render("missing_part", question.language))
    return Draft(
        status="answered",
        reason=None,
        confidence=round(confidence, 4),
        headline="; ".join(headlines) or None,
        values=tuple(item.value for item in proved if item.value),
        text=" ".join(sentences),
        claims=tuple(item.claim for item in proved),
        citations=tuple(citations),
        closest=(),
    )


def _abstained(withheld: Abstention, confidence: float) -> Draft:
    return Draft(
        status="abstained",
        reason=withheld.reason,
        confidence=round(confidence, 4),
        headline=None,
        values=(),
        text=withheld.text,
        claims=(),
        citations=(),
        closest=withheld.closest,
    )
