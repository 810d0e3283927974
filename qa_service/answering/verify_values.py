"""Whether every number, date and period of a claim stands in its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa_service.answering.verify_reading import Reading
from qa_service.language.numbers_text import fold
from qa_service.language.numbers_words import number_words
from qa_service.language.periods import compare_periods
from qa_service.language.quantities_ranks import find_ordinals
from qa_service.language.quantities_same import same_quantity
from qa_service.language.quantities_words import base_language
from qa_service.language.search_tokens import search_tokens
from qa_service.language.units_currency import family_of
from qa_service.models import Agreement, Period, PeriodKind, Quantity, QuantityKind, Span

_DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f' ]\d+)*")
_WORD_START = re.compile(r"(?<![^\W_])[^\W\d_]+")
_AMBIGUOUS_NUMBERS = frozenset({"vi", "zh", "ja", "ko"})

# What a claim may say of a value whose quote has the qualifier of the key; None is the bare value.
_IMPLIED: dict[str | None, frozenset[str | None]] = {
    None: frozenset({None}),
    "about": frozenset({"about", None}),
    "nearly": frozenset({"nearly", "about", "less than"}),
    "more than": frozenset({"more than", "at least"}),
    "less than": frozenset({"less than", "at most"}),
    "at least": frozenset({"at least"}),
    "at most": frozenset({"at most"}),
}


def value_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """Quantities, periods, number words and digits of the claim that no quote has."""
    for quantity in said.quantities:
        if any(period.start <= quantity.start and quantity.end <= period.end for period in said.periods):
            # The six months of "the first six months of 2023" are no amount.
            continue
        if not any(is_stated(reading, quantity) for reading in quoted):
            yield f"number {said.text[quantity.start : quantity.end]!r} does not stand in the quotes"
    for period in said.periods:
        # "today": languages say it in too many ways to be missed for certain.
        if period.granularity != "now" and not any(
            covers(other, period, said) for reading in quoted for other in reading.periods
        ):
            yield f"period {said.text[period.start : period.end]!r} does not stand in the quotes"
    yield from _loose_numbers(said, quoted)
    yield from _loose_digits(said, quoted)


def is_stated(reading: Reading, said: Quantity) -> bool:
    """Whether a text states the quantity; "Kenyan shillings" also where it only says "shillings" and names Kenya."""
    named = said.kind is QuantityKind.MONEY and said.unit[:2] in reading.place_codes
    family = family_of(said.unit) if named else None
    forms = [said] if family is None else [said, replace(said, unit=family)]
    return any(states(other, form) for other in reading.quantities for form in forms)


def states(quoted: Quantity, said: Quantity) -> bool:
    """Whether the quote's quantity says what the claim's says: amount, unit, currency and qualifier."""
    if not same_quantity(quoted, said) or not _same_currency(quoted, said):
        return False
    if said.per is not None and quoted.per is None:
        return False
    return said.qualifier in _IMPLIED.get(quoted.qualifier, frozenset({quoted.qualifier}))


def _same_currency(quoted: Quantity, said: Quantity) -> bool:
    """Whether no country's currency is told for another's, also where the text only says "dollars"."""
    if quoted.kind is not QuantityKind.MONEY or quoted.unit == said.unit:
        return True
    return said.unit == family_of(said.unit)


def covers(quoted: Period, said: Period, claim: Reading) -> bool:
    """Whether what holds for the quote's period holds for the claim's.

    The same stretch, or a day within it; any part of it where the claim tells no amount, since an event of June is one
    of the year, and its amount is not.
    """
    if said.first is None and said.last is None:
        # "a year earlier": there is nothing in it to disprove.
        return True
    if quoted.kind is not said.kind and not _is_day_within(quoted, said):
        return quoted.granularity == said.granularity == "day" and quoted.last == said.last
    if compare_periods(said, replace(quoted, compared=False)) is Agreement.AGREES or _same_stretch(quoted, said):
        return True
    return not claim.quantities and _within(quoted, said)


def _same_stretch(quoted: Period, said: Period) -> bool:
    return (quoted.first, quoted.last, quoted.kind) == (said.first, said.last, said.kind)


def _is_day_within(quoted: Period, said: Period) -> bool:
    return quoted.granularity == "day" and said.kind is PeriodKind.DURING and _within(quoted, said)


def _within(quoted: Period, said: Period) -> bool:
    if None in (quoted.first, quoted.last, said.first, said.last):
        return False
    return said.first <= quoted.first and quoted.last <= said.last  # type: ignore[operator]  # None is ruled out above


def _loose_numbers(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    known = {number for reading in quoted for number in _numbers(reading)}
    for number, span in _number_words(said):
        digits = said.text[span.start : span.end]
        is_told = number > 1 or any(character.isdigit() for character in digits)
        if is_told and number not in known and not any(span.overlaps(value) for value in said.values):
            yield f"number {said.text[span.start : span.end]!r} does not stand in the quotes"


def _number_words(reading: Reading) -> Iterator[tuple[int, Span]]:
    """Ordinals, and cardinals of languages whose number words mean nothing else."""
    folded = fold(reading.text)
    for ordinal in find_ordinals(folded, reading.language):
        yield ordinal.number, Span(folded.original(ordinal.start), folded.original(ordinal.end))
    if base_language(reading.language) in _AMBIGUOUS_NUMBERS:
        return
    cardinals = number_words(reading.language).cardinals
    for match in _WORD_START.finditer(folded.low):
        if found := cardinals.match(folded.low, match.start()):
            yield found[1], Span(folded.original(match.start()), folded.original(found[0]))


def _numbers(reading: Reading) -> Iterator[int]:
    for number, _ in _number_words(reading):
        yield number
    for quantity in reading.quantities:
        for value in (quantity.amount, quantity.high):
            if value is not None and value == value.to_integral_value():
                yield int(value)
    yield from (int(digits) for digits in re.findall(r"(?<![\d.,])\d{1,9}(?![\d.,]*\d)", reading.text))


def _loose_digits(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    tokens = {token for reading in quoted for token in search_tokens(reading.text)}
    # Ordinals are checked as numbers: "thứ 1" is "first".
    checked = (*said.values, *(number_span for _, number_span in _number_words(said)))
    for match in _DIGITS.finditer(said.text):
        span = Span(*match.span())
        if any(span.overlaps(value) for value in checked):
            continue
        if not {token for token in search_tokens(match.group()) if token[0].isdigit()} <= tokens:
            yield f"digits {match.group()!r} do not stand in the quotes"
