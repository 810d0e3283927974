"""What can be saved of a claim that is not proved: the sentences of its quotes that speak of the same things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa_service.answering.verify import quote_problems
from qa_service.answering.verify_names import names
from qa_service.answering.verify_reading import Reading
from qa_service.answering.verify_values import covers, states
from qa_service.models import Article, Citation, Span


def repair(
    text: str, language: str, citations: Sequence[Citation], articles: Mapping[str, Article]
) -> tuple[Citation, ...] | None:
    """The citations cut to the sentence that shares most values with the claim; None where none shares any.

    Each is verbatim (`article_text[start:end] == quote`) and keeps its marker, so its quote can stand for the claim.
    """
    said = Reading(text, language)
    scored: list[tuple[int, Citation]] = []
    for citation in citations:
        if quote_problems(citation, articles):
            continue
        reading = Reading(citation.quote, citation.language)
        scored.extend((_shared(said, reading, span), _cut(citation, span)) for span in reading.sentences)
    best = max((score for score, _ in scored), default=0)
    return tuple(cut for score, cut in scored if score == best) if best else None


def _cut(citation: Citation, span: Span) -> Citation:
    quote = citation.quote[span.start : span.end]
    return replace(citation, quote=quote, start=citation.start + span.start, end=citation.start + span.end)


def _shared(said: Reading, reading: Reading, sentence: Span) -> int:
    part = Reading(reading.text[sentence.start : sentence.end], reading.language)
    values = sum(any(states(other, value) for other in part.quantities) for value in said.quantities)
    periods = sum(any(covers(other, value, said) for other in part.periods) for value in said.periods)
    return 3 * values + 2 * periods + sum(names(part, name) for name in said.names)
