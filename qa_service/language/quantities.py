"""Quantities in running text: amounts, shares, counts, areas, measures, ratios, fractions and ranks, as exact decimals.

How "1.543" is read, in this order: a scale word of another language than the text's decides ("3.773 trillion" is
English, "1,543 tỷ" Vietnamese); then the shape (two groups, both signs, not three digits behind); then a thing counted
("1,543 dự án" cannot be a fraction); then the text's language by CLDR. So Vietnamese "1.543 tỷ đồng" is 1,543 billion,
and "1,543 tỷ USD" one and a half; `readings` gives the other reading too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from qa_service.language.numbers import find_digits
from qa_service.language.numbers_text import Folded, fold, skip_spaces
from qa_service.language.quantities_amounts import Amount, Reader, amount_of_digits, amount_of_words, reader_of
from qa_service.language.quantities_context import noun_after, per_after, qualifier_after, qualifier_before
from qa_service.language.quantities_masks import masked_spans
from qa_service.language.quantities_ranges import is_change, second_amount
from qa_service.language.quantities_ranks import find_ordinals
from qa_service.language.quantities_rejects import is_no_quantity
from qa_service.models import Quantity, QuantityKind, Span

_FRACTION = re.compile(r"(?<![\d./,])(\d{1,4})/(\d{1,4})(?![\d/])(?![.,]\d)")
_LARGE = 10**6
_WORD_START = re.compile(r"(?<![^\W_])[^\W\d_]+")


def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; `text[start:end]` is number, scale, unit, things counted and "per".

    Dates, years, times, document numbers and list markers are no quantities. `language` is a BCP 47 code.
    """
    return _find(text, language)


@lru_cache(maxsize=4096)
def _find(text: str, language: str) -> tuple[Quantity, ...]:
    folded = fold(text)
    reader = reader_of(folded, language)
    ranks, ordinals = _ranks(folded, language)
    dates = masked_spans(folded, language)
    # "a third of the land": the ordinal in it is no rank, so that it does not stand in a fraction's way.
    fractions = list(_fractions(reader, [*dates, *(rank.span for rank in ranks)]))
    masked = [*dates, *ordinals]
    masked.extend(quantity.span for quantity in fractions)
    found = [*ranks, *fractions, *_with_currency_before(reader, list(_amounts(reader, masked)))]
    return tuple(_placed(folded, quantity) for quantity in _apart(found))


def _apart(quantities: list[Quantity]) -> Iterator[Quantity]:
    end = 0
    for quantity in sorted(quantities, key=lambda quantity: quantity.start):
        if quantity.start >= end:
            end = quantity.end
            yield quantity


def _placed(folded: Folded, quantity: Quantity) -> Quantity:
    if folded.offsets is None:
        return quantity
    return replace(quantity, start=folded.original(quantity.start), end=folded.original(quantity.end))


def _ranks(folded: Folded, language: str) -> tuple[list[Quantity], list[Span]]:
    ordinals = find_ordinals(folded, language)
    ranks = [
        Quantity(Decimal(o.number), "", QuantityKind.RANK, o.start, o.end, digits=Decimal(o.number))
        for o in ordinals
        if o.ranks
    ]
    return ranks, [Span(ordinal.start, ordinal.end) for ordinal in ordinals]


def _overlaps(spans: list[Span], start: int, end: int) -> bool:
    return any(span.start < end and start < span.end for span in spans)


def _fractions(reader: Reader, masked: list[Span]) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(reader.low):
        top, bottom = int(match.group(1)), int(match.group(2))
        before = reader.low[max(0, match.start() - 1) : match.start()]
        after = reader.low[match.end() : match.end() + 1]
        attached = before.isalpha() or before == "-" or after.isalpha() or after == "-"
        if 0 < top <= bottom and not attached and not _overlaps(masked, match.start(), match.end()):
            yield _fraction(reader, Span(match.start(), match.end()), top=top, bottom=bottom)
    for phrase, (top, bottom) in reader.words.fractions.items():
        for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", reader.low):
            words = re.findall(r"[^\W\d_]+", reader.low[max(0, match.start() - 12) : match.start()])
            half = bool(words) and reader.words.has("not_half_after", words[-1])
            if not half and not _overlaps(masked, match.start(), match.end()):
                yield _fraction(reader, Span(match.start(), match.end()), top=top, bottom=bottom)


def _fraction(reader: Reader, span: Span, *, top: int, bottom: int) -> Quantity:
    noun = noun_after(reader, span.end)
    amount = Decimal(top)
    return Quantity(
        amount, "", QuantityKind.FRACTION, span.start, span.end, high=Decimal(bottom), digits=amount,
        noun=noun.text if noun else "",
    )  # fmt: skip


def _candidates(reader: Reader) -> list[tuple[int, Amount]]:
    found = [(digits.start, amount_of_digits(reader, digits)) for digits in find_digits(reader.low)]
    for match in _WORD_START.finditer(reader.low):
        amount = amount_of_words(reader, match.start())
        if amount is not None:
            found.append((match.start(), amount))
    return sorted(found, key=lambda item: item[0])


def _amounts(reader: Reader, masked: list[Span]) -> Iterator[Quantity]:
    done = 0
    for start, amount in _candidates(reader):
        if amount.start < done or _overlaps(masked, start, amount.number_end):
            continue
        quantity = quantity_of(reader, amount)
        if quantity is not None:
            done = quantity.end
            yield quantity
        elif amount.text is None:
            # "hai mươi" is one number even where it is no quantity.
            done = amount.number_end


def quantity_of(reader: Reader, amount: Amount, *, strict: bool = True) -> Quantity | None:
    """Return the quantity of an amount with what stands around it, or None where it is none.

    `strict` holds in running text: a bare number is a quantity only where nothing marks it as a name or a date.
    """
    second = second_amount(reader, amount)
    if second is not None:
        low_end = _shared(amount, second)
        if is_change(reader, amount):
            quantity = _single(reader, low_end, strict=strict)
            return replace(quantity, end=amount.end) if quantity else None
        return _range(reader, low_end, second, strict=strict) or _single(reader, amount, strict=strict)
    return _single(reader, amount, strict=strict)


def _shared(amount: Amount, second: Amount) -> Amount:
    """The first end of a range with the scale and the unit that only the second end names."""
    scale = amount.scale or (second.scale if amount.unit is None or amount.prefixed else None)
    return replace(amount, scale=scale, unit=amount.unit or second.unit)


def _range(reader: Reader, first: Amount, second: Amount, *, strict: bool) -> Quantity | None:
    if first.end > first.number_end and second.end == second.number_end and not second.prefixed:
        # "14 % bis 2025": only the first is of that unit.
        return None
    second = replace(second, unit=second.unit or first.unit)
    high = _single(reader, second, strict=False)
    low = _single(reader, first, strict=False)
    if high is None or low is None or low.amount >= high.amount or low.kind != high.kind or _is_other_share(low, high):
        return None
    if strict and (
        is_no_quantity(reader, first, noun=high.noun) or (high.end == second.number_end and first.unit is None)
    ):
        return None
    return replace(
        high, amount=low.amount, high=high.amount, digits=low.digits, scale=low.scale, start=first.start,
        qualifier=qualifier_before(reader, first) or None,
    )  # fmt: skip


def _is_other_share(low: Quantity, high: Quantity) -> bool:
    """Whether one is a share and the other a change of shares: "by four percentage points to 19%" is no range."""
    return low.kind == QuantityKind.SHARE and low.unit != high.unit


def _with_currency_before(reader: Reader, quantities: list[Quantity]) -> Iterator[Quantity]:
    """A bare large number after money is money too ("4.7 billion dollars in Hai Phong, 1.35 billion in Hung Yen")."""
    money: Quantity | None = None
    for quantity in quantities:
        if money and re.search(r"[.!?;]\s|\n", reader.low[money.end : quantity.start]):
            money = None
        bare = quantity.kind == QuantityKind.COUNT and not quantity.noun and quantity.scale >= _LARGE
        if quantity.kind == QuantityKind.MONEY:
            money = quantity
        elif bare and money is not None:
            quantity = replace(quantity, kind=QuantityKind.MONEY, unit=money.unit, unit_assumed=money.unit_assumed)
        yield quantity


def _times_end(reader: Reader, amount: Amount) -> int | None:
    start = skip_spaces(reader.low, amount.end)
    for word in reader.words.listed("times"):
        end = start + len(word)
        if reader.low.startswith(word, start) and not reader.low[end : end + 1].isalnum():
            return end
    return None


def _single(reader: Reader, amount: Amount, *, strict: bool) -> Quantity | None:
    if amount.unit is not None:
        return _of_unit(reader, amount, strict=strict)
    if (end := _times_end(reader, amount)) is not None and amount.scale is None:
        return _built(reader, amount, QuantityKind.RATIO, end=end)
    noun = noun_after(reader, amount.end)
    if noun and noun.unit is not None and amount.number_end == amount.end:
        return _of_unit(reader, replace(amount, unit=noun.unit, end=noun.end), strict=strict)
    if strict and is_no_quantity(reader, amount, noun=noun.text if noun else ""):
        return None
    quantity = _built(reader, amount, QuantityKind.COUNT, end=noun.end if noun else amount.end)
    return replace(quantity, noun=noun.text if noun else "") if quantity else None


def _of_unit(reader: Reader, amount: Amount, *, strict: bool) -> Quantity | None:
    if amount.unit is None or (strict and is_no_quantity(reader, amount, noun="")):
        return None
    quantity = _built(reader, amount, amount.unit.kind, end=amount.end)
    if quantity is None or quantity.per or amount.unit.kind != QuantityKind.MEASURE:
        return quantity
    noun = noun_after(reader, amount.end)
    per = per_after(reader, noun.end) if noun else None
    return replace(quantity, noun=noun.text, end=per[0], per=per[1]) if noun and per else quantity


def plain(value: Decimal) -> Decimal:
    """Return the value without an exponent and without trailing zeros behind the decimal sign."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _built(reader: Reader, amount: Amount, kind: QuantityKind, *, end: int) -> Quantity | None:
    written = amount.written(reader.language, count=kind == QuantityKind.COUNT and end > amount.end)
    if written is None:
        return None
    factor = amount.scale.factor if amount.scale else 1
    value = written * factor + amount.added
    per = per_after(reader, end)
    after = qualifier_after(reader, per[0] if per else end)
    return Quantity(
        amount=plain(value), unit=amount.unit.code if amount.unit else "", kind=kind, start=amount.start,
        end=per[0] if per else end, scale=factor, digits=plain(value / factor if amount.added else written),
        qualifier=qualifier_before(reader, amount) or (after[1] if after else None), per=per[1] if per else None,
        unit_assumed=bool(amount.unit and amount.unit.assumed),
    )  # fmt: skip
