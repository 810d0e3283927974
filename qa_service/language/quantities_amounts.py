"""One amount at one place of a text: sign, number, scale words, unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from qa_service.language.numbers import Digits, digits_at, first_group, read_digits, style_of
from qa_service.language.numbers_text import Folded, back_spaces, skip_spaces
from qa_service.language.numbers_words import number_words
from qa_service.language.quantities_words import Words, base_language, words_of
from qa_service.language.units import Unit, measures_of
from qa_service.language.units_currency import currencies_of, prefix_at
from qa_service.language.units_scales import ScaleMatch, match_scale

_ONES = {"m": 10**6, "b": 10**9, "t": 10**12}


@dataclass(frozen=True, slots=True)
class Reader:
    """A text, its language and that language's words: what every step of reading needs."""

    folded: Folded
    language: str
    words: Words

    @property
    def low(self) -> str:
        """The text in lower case."""
        return self.folded.low


def reader_of(folded: Folded, language: str) -> Reader:
    """Return a reader of a text in a language."""
    return Reader(folded, base_language(language), words_of(language))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its scale and unit at [start, end). `text` has the digits, `number` the value of number words."""

    start: int
    end: int
    number_end: int
    text: str | None
    number: Decimal | None
    scale: ScaleMatch | None = None
    unit: Unit | None = None
    prefixed: bool = False
    negative: bool = False
    added: Decimal = Decimal(0)

    def written(self, language: str, *, count: bool) -> Decimal | None:
        """The number as written, before scaling, its separators read in the style that the scale word or text has."""
        if self.text is None:
            return self.number
        style = style_of(self.scale.language if self.scale else language)
        value = read_digits(self.text, style, count=count and self.scale is None)
        return -value if value is not None and self.negative else value


def _spelling_fits(raw: str, spelling: str) -> bool:
    """Whether a short abbreviation is written as it must be: codes in capitals, single letters as they are."""
    if not spelling.isascii() or not spelling.isalpha() or len(spelling) > 3:
        return True
    if len(spelling) == 1 or (spelling.isupper() and len(spelling) == 3):
        return raw == spelling
    return True


def unit_at(
    reader: Reader, position: int, *, money_only: bool = False, scaled: bool = False
) -> tuple[int, Unit] | None:
    """Return the unit named at `position` and where its name ends; the longer name wins, money first."""
    found = []
    currencies = currencies_of(reader.language)
    for table in (currencies,) if money_only else (currencies, measures_of(reader.language)):
        match = table.match(reader.low, position)
        stop = match and table is currencies and reader.words.has("noun_stop", reader.low[position : match[0]])
        if stop and not scaled:
            # Norwegian "som" is a relative pronoun before it is the currency of Uzbekistan.
            continue
        if match and _spelling_fits(reader.folded.raw[position : match[0]], match[1][1]):
            found.append((match[0], match[1][0]))
    return max(found, key=lambda item: item[0]) if found else None


def _unit_after(reader: Reader, end: int, *, scaled: bool = False) -> tuple[int, Unit] | None:
    low = reader.low
    start = skip_spaces(low, end)
    if low.startswith("-", start) and start == end:
        start += 1
    for opener in ("", "de ", "d'", "d’", "von ", "of "):
        if opener and not low.startswith(opener, start):
            continue
        if found := unit_at(reader, start + len(opener), scaled=scaled):
            return found
    return None


def _sign(reader: Reader, start: int) -> tuple[int, bool]:
    low = reader.low
    if start and low[start - 1] in "-−" and (start == 1 or low[start - 2] in " (\n\u00a0"):
        return start - 1, True
    return start, False


def _with_prefix(reader: Reader, amount: Amount) -> Amount:
    raw = reader.folded.raw
    for end in dict.fromkeys((amount.start, back_spaces(raw, amount.start))):
        found = prefix_at(raw, end, reader.language)
        if found and (len(raw[found[0] : end]) > 1 or not raw[end - 1].isalpha() or end == amount.start):
            start, negative = _sign(reader, found[0])
            return replace(amount, start=start, unit=found[1], prefixed=True, negative=negative)
    start, negative = _sign(reader, amount.start)
    return replace(amount, start=start, negative=negative)


def _with_scale(reader: Reader, amount: Amount) -> Amount:
    scale = match_scale(reader.low, amount.number_end, reader.language)
    if scale is None:
        return amount
    if (
        scale.attached
        and amount.unit is None
        and not unit_at(reader, skip_spaces(reader.low, scale.end), money_only=True)
    ):
        follow = re.match(r"\s[^\W\d_]{3,}", reader.low[scale.end :])
        if reader.language != "en" or reader.low[scale.end - 1] not in "mk" or not follow:
            return amount
    return replace(amount, scale=scale, end=scale.end)


def _with_half(reader: Reader, amount: Amount) -> Amount:
    """A half added to the number or to the scale ("1 triệu rưỡi", "two and a half million")."""
    start = skip_spaces(reader.low, amount.end)
    for phrase in reader.words.listed("and_a_half"):
        end = start + len(phrase)
        if reader.low.startswith(phrase, start) and not reader.low[end : end + 1].isalpha():
            half = Decimal(amount.scale.factor if amount.scale else 1) / 2
            with_half = replace(amount, end=end, number_end=end, added=amount.added + half)
            return with_half if amount.scale else _with_scale(reader, with_half)
    return amount


def _with_addend(reader: Reader, amount: Amount) -> Amount:
    """A smaller scale added to a larger one ("1 tỷ 200 triệu", "15亿4300万")."""
    if not reader.words.additive or amount.scale is None:
        return amount
    digits = digits_at(reader.low, skip_spaces(reader.low, amount.end))
    scale = match_scale(reader.low, digits.end, reader.language) if digits else None
    if digits is None or scale is None or scale.factor >= amount.scale.factor:
        return amount
    value = read_digits(digits.text, style_of(scale.language))
    if value is None or value * scale.factor >= amount.scale.factor:
        return amount
    return replace(amount, end=scale.end, added=amount.added + value * scale.factor)


def _with_unit(reader: Reader, amount: Amount) -> Amount:
    found = _unit_after(reader, amount.end, scaled=amount.scale is not None)
    if found is None or (amount.prefixed and found[1].kind != "money"):
        return amount
    if amount.prefixed:
        # "US$1.5 billion USD" names its currency twice.
        return replace(amount, end=found[0]) if amount.unit and found[1].code == amount.unit.code else amount
    return replace(amount, end=found[0], unit=found[1])


def _usable(reader: Reader, digits: Digits) -> Digits:
    """A number whose groups stand apart by plain spaces is one number only where the language or the text says so."""
    if not digits.spaced or style_of(reader.language).spaced:
        return digits
    low = reader.low
    if match_scale(low, digits.end, reader.language) or _unit_after(reader, digits.end) or digits.text.endswith("000"):
        return digits
    return first_group(digits)


def amount_of_digits(reader: Reader, digits: Digits) -> Amount:
    """Return the amount of a number in digits."""
    digits = _usable(reader, digits)
    amount = _with_prefix(reader, Amount(digits.start, digits.end, digits.end, digits.text, None))
    return _with_unit(reader, _with_addend(reader, _with_half(reader, _with_scale(reader, amount))))


def _words_number(reader: Reader, start: int) -> tuple[int, Decimal] | None:
    low = reader.low
    for phrase in reader.words.listed("half_before_scale"):
        end = start + len(phrase)
        if low.startswith(phrase, start) and match_scale(low, end, reader.language):
            return end, Decimal("1.5") if phrase in ("halvannen", "anderthalb") else Decimal("0.5")
    ones = (*reader.words.listed("articles"), *reader.words.listed("pronouns"))
    for article in ones if low.startswith(ones, start) else ():
        end = start + len(article)
        if low.startswith(article + " ", start) and match_scale(low, end, reader.language):
            return end, Decimal(8 if article == "acht" else 1)
    found = number_words(reader.language).cardinals.match(low, start)
    return (found[0], Decimal(found[1])) if found else None


def amount_of_words(reader: Reader, start: int) -> Amount | None:
    """Return the amount of number words at `start`, or None where there are none."""
    found = _words_number(reader, start)
    if found is None:
        return None
    amount = Amount(start, found[0], found[0], None, found[1])
    return _with_unit(reader, _with_half(reader, _with_scale(reader, amount)))


def amount_at(reader: Reader, position: int) -> Amount | None:
    """Return the amount that begins at `position`, a currency sign before the number included."""
    digits = digits_at(reader.low, position)
    if digits is not None:
        return amount_of_digits(reader, digits)
    sign = re.compile(r"[^\d\s,.;:]{1,5}\s?(?=\d)").match(reader.low, position)
    if sign and prefix_at(reader.folded.raw, sign.end(), reader.language):
        digits = digits_at(reader.low, sign.end())
        return amount_of_digits(reader, digits) if digits else None
    return amount_of_words(reader, position)
