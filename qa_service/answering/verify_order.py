"""Whether a claim with several values of one kind has changed them over, where no name or period tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from qa_service.answering.verify_reading import Reading
from qa_service.answering.verify_values import states
from qa_service.language.names import fold
from qa_service.language.quantities_words import base_language
from qa_service.models import Quantity, Span

_WORD = re.compile(r"[^\W\d_]+")
_NEAR = 3
_STEM = 5
_NOUN_WEIGHT = 3
# Languages in which the word after a number classifies as often as it names ("3,2 triệu lượt").
_CLASSIFYING = frozenset({"vi", "zh", "ja", "ko"})


def order_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """Two values changed over, and a value given the noun that its quote gives to another one."""
    for one, other in _pairs(said, Span(0, len(said.text))):
        verdicts = [
            _changed_over(said, (one, other), reading, stated=(first, second))
            for reading in quoted
            for sentence in reading.sentences
            for first, second in _stated(reading, sentence, one, other=other)
        ]
        if verdicts and all(verdicts):
            shown = [said.text[value.start : value.end] for value in (one, other)]
            yield f"{shown[0]!r} and {shown[1]!r} are changed over"
    for value in said.quantities:
        if (
            value.noun
            and base_language(said.language) not in _CLASSIFYING
            and _has_noun_of_another(said, value, quoted)
        ):
            yield f"the quotes count other things than {said.text[value.start : value.end]!r}"


def _pairs(reading: Reading, span: Span) -> Iterator[tuple[Quantity, Quantity]]:
    inside = [value for value in reading.quantities if span.start <= value.start < span.end]
    for one, other in combinations(inside, 2):
        if (one.kind, one.unit) == (other.kind, other.unit) and one.amount != other.amount:
            yield one, other


def _stated(reading: Reading, sentence: Span, one: Quantity, *, other: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    for first, second in _pairs(reading, sentence):
        if states(first, one) and states(second, other):
            yield first, second
        elif states(first, other) and states(second, one):
            yield second, first


def _changed_over(
    said: Reading, values: tuple[Quantity, Quantity], reading: Reading, *, stated: tuple[Quantity, Quantity]
) -> bool:
    """In one language the words around the values tell; across languages a claim in another order is not proved."""
    (one, other), (first, second) = values, stated
    if base_language(said.language) != base_language(reading.language):
        return first.start > second.start
    kept = _fit(said, one, reading, stated=first) + _fit(said, other, reading, stated=second)
    turned = _fit(said, one, reading, stated=second) + _fit(said, other, reading, stated=first)
    if first.noun and second.noun:
        kept += _NOUN_WEIGHT * (_share_noun(one, first) + _share_noun(other, second))
        turned += _NOUN_WEIGHT * (_share_noun(one, second) + _share_noun(other, first))
    return turned > kept


def _share_noun(one: Quantity, other: Quantity) -> bool:
    return bool(_stems(one.noun) & _stems(other.noun))


def _fit(said: Reading, value: Quantity, reading: Reading, *, stated: Quantity) -> int:
    """How many words near the value stand near the quote's value on the same side."""
    (before, after), (own_before, own_after) = _near(said, value), _near(reading, stated)
    return len(before & own_before) + len(after & own_after)


def _near(reading: Reading, value: Quantity) -> tuple[set[str], set[str]]:
    """Stems of the words before the value back to the one before it, and of those behind it, its own included."""
    ends = [other.end for other in reading.quantities if other.end <= value.start]
    starts = [other.start for other in reading.quantities if other.start >= value.end]
    before = _WORD.findall(fold(reading.text[max(ends, default=0) : value.start]))[-_NEAR:]
    inside = _WORD.findall(fold(reading.text[value.start : value.end]))
    after = _WORD.findall(fold(reading.text[value.end : min(starts, default=len(reading.text))]))[:_NEAR]
    return {word[:_STEM] for word in before}, {word[:_STEM] for word in (*inside, *after)}


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(fold(text))}


def _has_noun_of_another(said: Reading, value: Quantity, quoted: Sequence[Reading]) -> bool:
    wanted = _stems(value.noun)
    own: set[str] = set()
    named = False
    rivals: set[str] = set()
    for reading in quoted:
        if base_language(reading.language) != base_language(said.language):
            return False
        for other in reading.quantities:
            _, near = _near(reading, other)
            if states(other, value):
                own |= near
                named = named or bool(other.noun)
            elif (other.kind, other.unit) == (value.kind, value.unit):
                rivals |= _stems(other.noun)
    return named and bool(wanted & rivals) and not wanted & own
