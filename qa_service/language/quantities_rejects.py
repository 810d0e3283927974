"""Numbers that are names: years, document numbers, labels, ordinals, lone numbers in brackets."""

from __future__ import annotations

import re

from qa_service.language.numbers_text import back_spaces, ends_with
from qa_service.language.quantities_amounts import Amount, Reader

_WORD = re.compile(r"[^\W\d_]+")
_ACRONYM_BEFORE = re.compile(r"(?<![^\W_])[A-Z]{2,6}[ \u00a0]?[-–]?[ \u00a0]?$")
_NAME_BEFORE = re.compile(r"[^\W\d_][-–/]\s?$|[^\W\d_]$|[/_@#]$")
_SURELY_COUNTED = 3
_DURATIONS = frozenset(("month", "week", "day", "year", "quarter"))


def is_no_quantity(reader: Reader, amount: Amount, *, noun: str) -> bool:
    """Whether an amount in running text is a name, a date or a label instead of a quantity."""
    if amount.text is None:
        return _is_word_trap(reader, amount) or (
            amount.scale is None and amount.unit is None and not _counts(amount, noun)
        )
    if amount.unit is not None and amount.unit.code in _DURATIONS and _in_period(reader, amount):
        return True
    if amount.scale is not None or amount.unit is not None:
        return False
    return (
        _is_score(reader, amount)
        or _is_year(reader, amount, noun=noun)
        or _is_attached(reader, amount)
        or _is_labelled(reader, amount, noun=noun)
        or _is_ordinal(reader, amount)
        or bool(re.fullmatch(r"0\d{2,}|\d{8,}", amount.text))
        or _is_alone_in_brackets(reader, amount)
    )


def _counts(amount: Amount, noun: str) -> bool:
    """Whether number words count something: they have a noun, or are too large to be a pronoun ("five are running")."""
    return bool(noun) or (amount.number or 0) >= _SURELY_COUNTED


def _before(reader: Reader, amount: Amount) -> list[str]:
    return _WORD.findall(reader.low[max(0, amount.start - 40) : amount.start])


def _is_year(reader: Reader, amount: Amount, *, noun: str) -> bool:
    text = amount.text or ""
    if not re.fullmatch(r"[12]\d{3}", text) or not 1000 <= int(text) <= 2100:
        return False
    before = _before(reader, amount)
    if before and reader.words.has("year_before", before[-1]):
        return True
    if int(text) >= 1900:
        return not (noun and text == "2000")
    return not noun


def _is_score(reader: Reader, amount: Amount) -> bool:
    """Whether it is half of a pair that is no range ("3-1", "2:1")."""
    low = reader.low
    before, after = low[max(0, amount.start - 2) : amount.start], low[amount.number_end : amount.number_end + 2]
    return bool(re.fullmatch(r"\d[-–:]", before) or re.fullmatch(r"[-–:]\d", after))


def _is_attached(reader: Reader, amount: Amount) -> bool:
    """Whether the number is part of a name ("Covid-19", "G20", "20-NQ/TU", "11/ KH", "2024-planen", "5G")."""
    raw = reader.folded.raw
    if _NAME_BEFORE.search(raw[max(0, amount.start - 3) : amount.start]):
        spaced = back_spaces(raw, amount.start) == amount.start
        return spaced or raw[back_spaces(raw, amount.start) - 1 :][:1] in "-/"
    return bool(
        re.match(r"[A-Za-zÀ-ỹ_]|[-–/]\s?[^\W\d_]", raw[amount.number_end : amount.number_end + 3])
    ) and reader.language not in ("zh", "ja", "ko")


def _is_labelled(reader: Reader, amount: Amount, *, noun: str) -> bool:
    end = back_spaces(reader.low, amount.start)
    if ends_with(reader.low, end, reader.words.listed("labels")) is not None:
        return not (noun and reader.language == "vi" and reader.low[:end].endswith(("nhóm", "khu", "số", "tuyến")))
    raw = reader.folded.raw[max(0, amount.start - 10) : amount.start]
    return not noun and bool(_ACRONYM_BEFORE.search(raw))


def _is_ordinal(reader: Reader, amount: Amount) -> bool:
    """Whether a dot makes it an ordinal, in languages that write them so ("zum 80. Jahrestag", "14. plass")."""
    low, end = reader.low, amount.number_end
    if not reader.words.ordinal_dot or not re.fullmatch(r"\d{1,3}", amount.text or ""):
        return False
    if not re.match(r"\.[ \u00a0]?[^\W\d_]", reader.folded.raw[end : end + 4]):
        return False
    if low[end + 1 : end + 2].strip():
        return True
    if reader.language != "de":
        return bool(re.match(r"\. [^\W\d_]", low[end:])) and reader.folded.raw[end + 2].islower()
    before = _before(reader, amount)
    return bool(before) and before[-1] in (
        "des",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "am",
        "zum",
        "vom",
        "im",
        "ins",
        "zur",
    )


def _is_alone_in_brackets(reader: Reader, amount: Amount) -> bool:
    low = reader.low
    return low[amount.start - 1 : amount.start] in ("(", "[") and low[amount.end : amount.end + 1] in (")", "]")


def _in_period(reader: Reader, amount: Amount) -> bool:
    """Whether it is part of a period ("the first nine months of 2024", "6 tháng đầu năm")."""
    low, raw = reader.low, reader.folded.raw
    if raw[amount.number_end : amount.number_end + 1] == "-" == raw[amount.end : amount.end + 1]:
        return True
    before = _before(reader, amount)
    if before and reader.words.has("period_before", before[-1]):
        return True
    after = _WORD.findall(low[amount.number_end : amount.number_end + 24])
    if reader.words.has("period_before", after[0] if after else ""):
        return True
    return len(after) > 1 and reader.words.has("period_after", after[1])


def _is_word_trap(reader: Reader, amount: Amount) -> bool:
    """Number words that are other words: Vietnamese "năm" (year), "Ba Lan" (Poland), words in a hyphened name."""
    raw, low = reader.folded.raw, reader.low
    if raw[amount.start - 1 : amount.start] in ("-", "–") or raw[amount.end : amount.end + 1] == "-":
        return True
    if amount.unit is not None and amount.unit.code in _DURATIONS and _in_period(reader, amount):
        return True
    if reader.language != "vi":
        return False
    follow = _WORD.match(raw, amount.number_end + 1)
    if raw[amount.start].isupper() and follow and follow.group()[0].isupper():
        return True
    if low[amount.start : amount.number_end] == "năm" and amount.scale is None:
        before = re.findall(r"[^\W_]+", low[max(0, amount.start - 20) : amount.start])
        counted = bool(before) and (before[-1].isdigit() or reader.words.has("number_context", before[-1]))
        return counted or not reader.words.has("classifiers", follow.group().lower() if follow else "")
    return False
