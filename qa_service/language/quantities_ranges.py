"""The second end of a range ("400 to 500 ha"), and changes ("rose from 9 to 12 percent"), which are two quantities."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_service.language.numbers_text import back_spaces, ends_with, skip_spaces
from qa_service.language.quantities_amounts import Amount, Reader, amount_at

_DASH = re.compile(r"[ \u00a0\u202f]?[-–—~～〜][ \u00a0\u202f]?(?=\d|[^\W\d_]{0,3}[$€£¥]?\d)")


def _named_before(reader: Reader, amount: Amount, name: str) -> bool:
    end = back_spaces(reader.low, amount.start)
    return bool(ends_with(reader.low, end, reader.words.listed(name)))


def is_change(reader: Reader, amount: Amount) -> bool:
    """Whether the amount is what something changed from ("von 2,9 auf 2,3", "from 640 to 715")."""
    if not _named_before(reader, amount, "change_from"):
        return False
    start = skip_spaces(reader.low, amount.end)
    return any(reader.low.startswith(word + " ", start) for word in reader.words.listed("change_to"))


def _connector_end(reader: Reader, amount: Amount) -> int | None:
    low, start = reader.low, skip_spaces(reader.low, amount.end)
    if dash := _DASH.match(low, amount.end):
        return dash.end()
    names = [*reader.words.listed("range")]
    if _named_before(reader, amount, "between"):
        names.extend(reader.words.listed("between_and"))
    if _named_before(reader, amount, "change_from"):
        names.extend(reader.words.listed("change_to"))
    for word in sorted(names, key=len, reverse=True):
        spaced = word[-1].isascii() or word[-1].isalpha()
        if low.startswith(word, start) and (reader.language in ("zh", "ja", "ko") or not spaced):
            return skip_spaces(low, start + len(word))
        if low.startswith(word + " ", start):
            return skip_spaces(low, start + len(word))
    return None


def second_amount(reader: Reader, amount: Amount) -> Amount | None:
    """Return the amount that ends the range which `amount` begins, or None."""
    position = _connector_end(reader, amount)
    if position is None or position >= len(reader.low):
        return None
    second = amount_at(reader, position)
    if second is None or second.start < amount.end:
        return None
    if amount.prefixed and second.unit is None:
        return replace(second, unit=amount.unit, prefixed=True)
    return second
