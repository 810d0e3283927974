"""Quantities in short answers ("1,543 million USD", "eighth", "3 projects, 20 million USD") of any language."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from qa_service.language.numbers import find_digits, is_ambiguous, style_of
from qa_service.language.numbers_text import fold
from qa_service.language.numbers_words import number_words
from qa_service.language.quantities import find_quantities, quantity_of
from qa_service.language.quantities_amounts import Reader, amount_at, amount_of_digits, reader_of
from qa_service.language.quantities_masks import date_spans, masked_spans
from qa_service.language.quantities_same import without_place
from qa_service.models import Quantity, QuantityKind

# Tried in this order where an answer's language is not known.
LANGUAGES = ("en", "de", "nb", "vi")
_MORE_LANGUAGES = ("fr", "es", "sv", "da", "zh", "ja", "ko")


def parse_quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """Return every quantity of a short answer, in order; without a language, as the language that reads most of it."""
    if language is not None:
        return _read(text, language)
    found = [_read(text, candidate) for candidate in (*LANGUAGES, *_MORE_LANGUAGES)]
    dates = [span for candidate in LANGUAGES for span in date_spans(fold(text), candidate)]
    best = max(found, key=_covered)
    return tuple(q for q in best if all(q.end <= span.start or span.end <= q.start for span in dates))


def parse_quantity(text: str, language: str | None = None) -> Quantity | None:
    """Return the first quantity of a short answer, or None where it has none (a name, a date, a year)."""
    found = parse_quantities(text, language)
    return found[0] if found else None


def readings(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """Return every plausible reading of the first quantity of a short answer, the likeliest first.

    "1.543" is both 1543 and 1.543; without a language, each language that news is written in has its say.
    """
    languages = (language,) if language else (*LANGUAGES, *_MORE_LANGUAGES)
    found: dict[Quantity, None] = {}
    for candidate in languages:
        for quantity in _read(text, candidate)[:1]:
            found[without_place(quantity)] = None
            for other in _other_reading(text, quantity, candidate):
                found[without_place(other)] = None
    return tuple(found)


def _covered(quantities: tuple[Quantity, ...]) -> int:
    return sum(quantity.end - quantity.start for quantity in quantities)


def _read(text: str, language: str) -> tuple[Quantity, ...]:
    found = find_quantities(text, language)
    if found:
        return found
    reader = reader_of(fold(text), language)
    lone = _lone_ordinal(reader) or _lone_number(reader)
    return (lone,) if lone else ()


def _lone_ordinal(reader: Reader) -> Quantity | None:
    """An answer that is nothing but an ordinal is a rank ("eighth", "thứ 8", "3rd")."""
    low = reader.low.strip().removeprefix("the ").removeprefix("der ").removeprefix("den ")
    start = reader.low.find(low)
    forms = number_words(reader.language).ordinal_forms
    number = forms.get(low.rstrip(".!"))
    if number is None and (match := re.fullmatch(r"(?:#|thứ\s+)?(\d{1,3})(?:\.|st|nd|rd|th|e|º|ª|er)?", low)):
        number = int(match.group(1)) if match.group(1) != low else None
    if number is None:
        return None
    amount = Decimal(number)
    return Quantity(amount, "", QuantityKind.RANK, start, start + len(low), digits=amount)


def _lone_number(reader: Reader) -> Quantity | None:
    """A number that running text would not give ("one", "five", "Ansatte 286"): an answer may be just that."""
    masked = masked_spans(reader.folded, reader.language)
    for digits in find_digits(reader.low):
        inside = any(span.start < digits.end and digits.start < span.end for span in masked)
        if inside or re.fullmatch(r"(?:1[6-9]|20)\d{2}", digits.text):
            return None
        return quantity_of(reader, amount_of_digits(reader, digits), strict=False)
    start = len(reader.low) - len(reader.low.lstrip())
    if amount := amount_at(reader, start):
        return quantity_of(reader, amount, strict=False)
    number = number_words(reader.language).cardinal_forms.get(reader.low.strip())
    if number is None:
        return None
    return Quantity(Decimal(number), "", QuantityKind.COUNT, start, len(reader.low.rstrip()), digits=Decimal(number))


def _other_reading(text: str, quantity: Quantity, language: str) -> list[Quantity]:
    written = next((part for part in re.findall(r"\d+[.,]\d{3}(?![\d.,]\d)", text) if is_ambiguous(part)), None)
    if written is None or quantity.digits is None or quantity.high is not None:
        return []
    grouped = Decimal(re.sub(r"\D", "", written))
    other = grouped / 1000 if quantity.digits == grouped else grouped
    if quantity.digits not in (grouped, grouped / 1000) or not style_of(language).decimal:
        return []
    return [replace(quantity, digits=other, amount=other * quantity.scale)]
