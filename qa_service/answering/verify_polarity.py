"""Whether a claim denies what its quote affirms, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa_service.answering.verify_names import names
from qa_service.answering.verify_reading import Reading
from qa_service.answering.verify_values import covers, states
from qa_service.answering.verify_words import has_table, polarity_words
from qa_service.language.names import fold
from qa_service.language.search_tokens import function_words
from qa_service.models import Span

_STEM = 5


def polarity_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """A negation lost or added, and a word whose opposite the quote has ("rose", where it says "fell")."""
    nearest = nearest_clauses(said, quoted)
    if not nearest:
        return
    if has_table(said.language) and all(has_table(reading.language) for reading, _ in nearest):
        denied = [is_denied(reading, span) for reading, span in nearest]
        denies = is_denied(said, Span(0, len(said.text)))
        if denies and not any(is_denied(reading, _sentence(reading, span)) for reading, span in nearest):
            yield "the claim denies what the quotes affirm"
        if all(denied) and not denies:
            yield "the quotes deny what the claim affirms"
    for axis in _flipped(said, nearest):
        yield f"the quotes say the opposite ({axis})"


def nearest_clauses(said: Reading, quoted: Sequence[Reading]) -> list[tuple[Reading, Span]]:
    """The clauses that state a value of the claim, else the clauses or sentences that share most with it."""
    scored: list[tuple[float, Reading, Span]] = []
    stating: list[tuple[Reading, Span]] = []
    for reading in quoted:
        for sentence in reading.sentences:
            clauses = reading.joined(sentence) if said.quantities else (sentence,)
            stating.extend((reading, clause) for clause in clauses if _states_any(said, reading, clause))
            scored.extend((_shared(said, reading, clause), reading, clause) for clause in clauses)
    if stating:
        return stating
    best = max((score for score, _, _ in scored), default=0.0)
    return [(reading, span) for score, reading, span in scored if score == best]


def is_denied(reading: Reading, span: Span) -> bool:
    """Whether a negator stands in the span that no harmless phrase or value holds."""
    words = polarity_words(reading.language)
    harmless = [Span(*match.span()) for match in words.harmless.finditer(reading.text)]
    harmless.extend(reading.values)
    return any(
        not any(Span(*match.span()).overlaps(other) for other in harmless)
        for match in words.negators.finditer(reading.text, span.start, span.end)
    )


def _states_any(said: Reading, reading: Reading, clause: Span) -> bool:
    inside = [other for other in reading.quantities if clause.start <= other.start < clause.end]
    return any(states(other, value) for other in inside for value in said.quantities)


def _shared(said: Reading, reading: Reading, clause: Span) -> float:
    """How much of the claim stands in the clause: periods and names count more than words."""
    score = 2.0 * sum(
        any(clause.start <= other.start < clause.end and covers(other, value, said) for other in reading.periods)
        for value in said.periods
    )
    part = Reading(reading.text[clause.start : clause.end], reading.language)
    score += 2.0 * sum(names(part, name) for name in said.names)
    if said.language == reading.language:
        stems, own = _stems(said), _stems(part)
        score += len(stems & own) / (1 + len(stems))
    return score


def _stems(reading: Reading) -> set[str]:
    stop = {fold(word) for word in function_words()}
    return {word[:_STEM] for word in reading.words if word not in stop}


def _flipped(said: Reading, nearest: Sequence[tuple[Reading, Span]]) -> Iterator[str]:
    own = polarity_words(said.language).opposites
    for axis in {axis for axis, _ in own}:
        claimed = {side for side in ("up", "down") if own[axis, side].search(said.text)}
        told = _sides(nearest, axis) or _sides([(reading, _sentence(reading, span)) for reading, span in nearest], axis)
        if len(claimed) == len(told) == 1 and claimed != told:
            yield axis


def _sides(spans: Sequence[tuple[Reading, Span]], axis: str) -> set[str]:
    return {side for side in ("up", "down") for reading, span in spans if _has(reading, span, axis, side=side)}


def _sentence(reading: Reading, span: Span) -> Span:
    return next((sentence for sentence in reading.sentences if sentence.overlaps(span)), span)


def _has(reading: Reading, span: Span, axis: str, *, side: str) -> bool:
    pattern = polarity_words(reading.language).opposites[axis, side]
    return pattern.search(reading.text, span.start, span.end) is not None
