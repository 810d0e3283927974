"""Abstaining: the reason, the nearest passages, and a sentence that says what the articles do have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_service.answering.candidates import sentence_of
from qa_service.answering.compose import one_line
from qa_service.answering.quotes import CitationBook
from qa_service.answering.selection import Judged
from qa_service.language.localise_periods import format_period
from qa_service.models import Agreement, Article, Citation, Hit, Span
from qa_service.prompts import render, template_language
from qa_service.retrieval.search import SearchResult

NEAR_SENTENCE = 0.25


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer, in a word and in a sentence, and the nearest passages."""

    reason: str
    text: str
    closest: tuple[Citation, ...]


def abstain(
    judged: Sequence[Judged], result: SearchResult, articles: Mapping[str, Article], *, language: str, most: int
) -> Abstention:
    """The abstention for weighed candidates of which none may answer; at most `most` nearest passages."""
    reason, nearest = _reason(judged)
    book = CitationBook(articles)
    if nearest is not None and most:
        candidate = nearest.evidence.candidate
        book.cite(candidate.hit, candidate.sentence, must_hold=candidate.span)
    for hit in result.hits:
        if len(book.citations) >= most:
            break
        _cite_nearest(hit, result, book)
    closest = tuple(book.citations[:most])
    if not closest:
        return Abstention("not_found", render("not_found", language), ())
    period = nearest.evidence.value_period if nearest is not None else None
    if reason == "other_period" and period is None:
        reason = "not_found"
    shown = (
        format_period(period, template_language(language)) if reason == "other_period" and period is not None else ""
    )
    text = render(reason, language, period=shown, quote=one_line(closest[0].quote), markers=f"[{closest[0].marker}]")
    return Abstention(reason, text, closest)


def _reason(judged: Sequence[Judged]) -> tuple[str, Judged | None]:
    for item in sorted(judged, key=lambda item: -_relevance(item)):
        evidence = item.evidence
        if evidence.place is Agreement.CONTRADICTS:
            return "other_place", item
        if evidence.name is Agreement.CONTRADICTS:
            return "other_entity", item
        if evidence.period is Agreement.CONTRADICTS:
            return "other_period", item
        break
    return "not_found", None


def _relevance(item: Judged) -> float:
    candidate = item.evidence.candidate
    return candidate.hit.lanes.get("reader", 0.0) + 0.2 * candidate.span_score


def _cite_nearest(hit: Hit, result: SearchResult, book: CitationBook) -> None:
    reading = result.readings.get(hit.passage.id)
    best = max(reading.spans, key=lambda span: span.score, default=None) if reading else None
    sentences = hit.passage.sentences or (Span(0, len(hit.passage.text)),)
    span = best.span if best is not None else sentences[0]
    sentence = sentence_of(sentences, span)
    known = {(citation.article_id, citation.start) for citation in book.citations}
    source = hit.passage.source_spans(sentence)
    if source and (hit.passage.article_id, source[0].start) not in known:
        book.cite(hit, sentence, must_hold=span)
