"""Numbers written in digits: where they stand in a text, and what they are worth.

"1.543" is 1543 in German and 1.543 in English, and news mixes both. `read_digits` decides by the shape first (two
groups, both separators), then by the style of the language that the caller names: the scale word's, or the text's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_SPACES = "\u00a0\u202f\u2009"
_SPACED = rf"\d{{1,3}}(?:(?P<space>[ {_SPACES}])\d{{3}})(?:(?P=space)\d{{3}})*(?:[.,]\d{{1,2}})?(?!\d)(?![.,]\d)"
_PLAIN = r"\d+(?:[.,'’٫٬]\d+)*"
_TOKEN = re.compile(rf"(?<![\d.,])(?:{_SPACED})|{_PLAIN}")
_PLAIN_TOKEN = re.compile(_PLAIN)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:['’]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")


@dataclass(frozen=True, slots=True)
class Digits:
    """A number in digits at [start, end) of a text; `spaced` where groups are separated by ordinary spaces."""

    text: str
    start: int
    end: int
    spaced: bool


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes numbers: the decimal sign, the group sign, and whether groups stand apart."""

    decimal: str
    group: str
    spaced: bool


@lru_cache(maxsize=64)
def style_of(language: str) -> Style:
    """Return the number style of a language by CLDR; an unknown language is read in the English style."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_").split("_")[0])
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    decimal, group = str(symbols["decimal"]), str(symbols["group"])
    spaced = group.isspace()
    if spaced or group not in ".,":
        # Where groups are set apart by spaces or apostrophes, the other sign is a group sign, in older texts.
        group = "." if decimal == "," else ","
    return Style(decimal, group, spaced)


def find_digits(text: str, start: int = 0) -> Iterator[Digits]:
    """Yield the numbers in digits of a text, left to right."""
    position = start
    while match := _TOKEN.search(text, position):
        yield Digits(match.group(), match.start(), match.end(), match.group("space") == " ")
        position = match.end()


def digits_at(text: str, position: int) -> Digits | None:
    """Return the number in digits that begins at `position`, if one does."""
    match = _TOKEN.match(text, position)
    return Digits(match.group(), position, match.end(), match.group("space") == " ") if match else None


def first_group(digits: Digits) -> Digits:
    """Return the part of a spaced number up to its first space ("12" of "12 300")."""
    match = _PLAIN_TOKEN.match(digits.text)
    text = match.group() if match else digits.text
    return Digits(text, digits.start, digits.start + len(text), False)


def is_ambiguous(text: str) -> bool:
    """Whether the number has one separator before exactly three digits ("1.543")."""
    return bool(re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text))


def read_digits(text: str, style: Style, *, count: bool = False) -> Decimal | None:
    """Return the number's value, or None where it is none (a version, a date).

    `count` says that only whole things are counted: then one separator before three digits groups, in any style.
    """
    plain = re.sub(rf"[ {_SPACES}]", "", text).replace("٫", ".").replace("٬", ",")
    spaced = plain != text and "٫" not in text and "٬" not in text
    marks = [char for char in plain if not char.isdigit()]
    if not marks:
        return Decimal(plain)
    if len(marks) == 1:
        return _read_one(plain, marks[0], style=style, count=count, spaced=spaced)
    if len(set(marks)) == 1:
        return Decimal(_digits_of(plain)) if _GROUPED.fullmatch(plain) else None
    return _read_mixed(plain, marks[-1])


def _digits_of(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _decimal(text: str, mark: str) -> Decimal:
    whole, _, part = text.rpartition(mark)
    return Decimal(f"{_digits_of(whole)}.{part}")


def _read_one(plain: str, mark: str, *, style: Style, count: bool, spaced: bool) -> Decimal | None:
    if mark in "'’":
        return Decimal(_digits_of(plain)) if _GROUPED.fullmatch(plain) else None
    if spaced or not is_ambiguous(plain):
        return _decimal(plain, mark)
    if count or mark == style.group:
        return Decimal(_digits_of(plain))
    return _decimal(plain, mark)


def _read_mixed(plain: str, last: str) -> Decimal | None:
    whole, _, part = plain.rpartition(last)
    if last in whole or not part or not _GROUPED.fullmatch(whole):
        return None
    return Decimal(f"{_digits_of(whole)}.{part}")
