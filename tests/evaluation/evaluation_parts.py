"""Answers, passages and cases to score, written out by hand."""

from qa_service.evaluation.gold import Accepted, GoldQuestion
from qa_service.evaluation.outcome import GoldSpan, Outcome, Surroundings
from qa_service.evaluation.scoring import score_cases
from qa_service.schemas import AnswerModel, CitationModel, ClaimModel, ParsedModel, PassageModel, ValueModel

QUOTE = "nådde investeringene 1 543 millioner amerikanske dollar innen utgangen av juni 2024"


def gold(*answers, kind="answer", language="en", quote=QUOTE, articles=("right",), period=None, tags=(), name="q"):
    parts = (
        tuple(tuple(Accepted(text) for text in part) for part in answers)
        if answers and isinstance(answers[0], (list, tuple))
        else ((tuple(Accepted(text) for text in answers),) if answers else ())
    )
    articles = articles if kind == "answer" else ()
    return GoldQuestion(name, "How much?", kind, language, tuple(articles), quote, parts, period, tuple(tags))


def citation(marker=1, *, article="right", quote=QUOTE, start=0, language="nb"):
    return CitationModel(
        marker=marker, article_id=article, title="T", language=language, published_on=None, url=None,
        passage_id=f"{article}-0", quote=quote, start=start, end=start + len(quote),
    )  # fmt: skip


def value(amount, unit="USD", *, period=None, high=None):
    return ValueModel(amount=amount, unit=unit, qualifier=None, period=period, citation=1, high=high)


def passage(rank, article, start=0, end=100, **lanes):
    return PassageModel(
        rank=rank, passage_id=f"{article}-{start}", article_id=article, title="T", language="nb", start=start, end=end,
        text="…", score=1.0 / rank, lanes=lanes, period="neutral", place="neutral", name="neutral", copies=[], why="",
    )  # fmt: skip


def outcome(
    headline=None, *, text=None, language="en", status=None, values=(), citations=None, claims=None, passages=(),
    confidence=0.9, spans=None, verbatim=True, wall_ms=100.0,
):  # fmt: skip
    answered = status != "abstained"
    citations = ([citation()] if answered else []) if citations is None else citations
    text = text or f"According to the articles: {headline} [1]."
    if claims is None:
        claims = [ClaimModel(text=text, citations=[c.marker for c in citations])] if answered else []
    answer = AnswerModel(
        id="a", question="How much?", language=language, standalone_question="", status=status or "answered",
        parsed=ParsedModel(periods=[], places=[], names=[], asked_for=[]), reason=None if answered else "not_found",
        confidence=confidence, headline=headline, values=list(values), text=text, claims=claims, citations=citations,
        closest=[], engine="extractive", timings_ms={},
    )  # fmt: skip
    spans = (GoldSpan(article_id="right", language="nb", start=0, end=len(QUOTE)),) if spans is None else spans
    around = tuple(Surroundings(marker=c.marker, before="", after="", verbatim=verbatim) for c in citations)
    return Outcome(
        answer=answer, passages=tuple(passages), surroundings=around, gold=tuple(spans), wall_ms=wall_ms, tokens=0
    )


def abstained(**kwargs):
    return outcome(status="abstained", text="The articles do not answer this.", **kwargs)


def case(question, result):
    return score_cases([(question, result)])[0]
