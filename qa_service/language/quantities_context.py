"""What stands around an amount: its qualifier, the things counted, the time or thing it is per."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_service.language.numbers_text import back_spaces, ends_with, skip_spaces
from qa_service.language.quantities_amounts import Amount, Reader, unit_at
from qa_service.language.units import Unit

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LETTER_WORD = re.compile(r"[^\W\d_]+(?:[-'’&][^\W_]+)*")
_UNSPACED_NOUN = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\u30a0-\u30ff]{1,4}")
_NOUN_WORDS = {"vi": 3, "en": 3, "de": 3, "nb": 2, "sv": 2, "da": 2}
_COMPARATIVES = frozenset(("cao", "thấp", "nhiều", "ít", "lớn", "nhỏ", "nhanh", "chậm", "nằm", "dựa", "ngồi", "đứng"))


@dataclass(frozen=True, slots=True)
class Noun:
    """The words counted, where they end, and their unit where the last of them is one ("new hectares")."""

    text: str
    end: int
    unit: Unit | None = None


def qualifier_before(reader: Reader, amount: Amount) -> str | None:
    """Return the canonical qualifier whose words stand right before an amount, or None."""
    low, end = reader.low, back_spaces(reader.low, amount.start)
    if end == 0:
        return None
    phrase = ends_with(low, end, (phrase for phrase, _ in reader.words.qualifiers))
    if phrase is None or _is_no_qualifier(reader, phrase, end - len(phrase), amount=amount):
        return None
    return dict(reader.words.qualifiers)[phrase]


def _is_no_qualifier(reader: Reader, phrase: str, start: int, *, amount: Amount) -> bool:
    before = _WORD.findall(reader.folded.raw[max(0, start - 30) : start])
    if not before:
        return False
    if reader.language == "vi" and phrase in ("hơn", "trên", "kém", "quá", "độ", "sát"):
        return before[-1].lower() in _COMPARATIVES
    if reader.language == "de" and phrase == "über" and amount.unit is not None:
        # "Verträge über 4 Milliarden Euro" are worth that much.
        return before[-1][0].isupper() and len(before) > 1 and amount.unit.kind == "money"
    return False


def qualifier_after(reader: Reader, end: int) -> tuple[int, str] | None:
    """Return the canonical qualifier that follows an amount ("or more", "以上"), and where it ends."""
    start = skip_spaces(reader.low, end)
    for phrase, canonical in reader.words.after.items():
        if reader.low.startswith(phrase, start) and not reader.low[start + len(phrase) :][:1].isascii():
            return start + len(phrase), canonical
        if reader.low.startswith(phrase, start) and not reader.low[start + len(phrase) :][:1].isalpha():
            return start + len(phrase), canonical
    return None


def noun_after(reader: Reader, end: int) -> Noun | None:
    """Return the words that an amount counts, by the habits of its language, or None."""
    if reader.language in ("zh", "ja", "ko"):
        match = _UNSPACED_NOUN.match(reader.low, end)
        return Noun(match.group(), match.end()) if match else None
    words = _following_words(reader, end, _NOUN_WORDS.get(reader.language, 1))
    if reader.language == "en":
        words = _english(reader, words)
    elif reader.language == "de":
        words = _german(words)
    elif reader.language in ("nb", "sv", "da"):
        words = _scandinavian(words)
    if not words:
        return None
    unit = unit_at(reader, words[-1][1]) if len(words) > 1 and reader.language != "vi" else None
    unit = unit if unit and unit[0] == words[-1][2] else None
    return Noun(reader.folded.raw[words[0][1] : words[-1][2]], words[-1][2], unit[1] if unit else None)


def _following_words(reader: Reader, end: int, limit: int) -> list[tuple[str, int, int]]:
    words: list[tuple[str, int, int]] = []
    raw, low = reader.folded.raw, reader.low
    while len(words) < limit:
        start = skip_spaces(low, end)
        match = _LETTER_WORD.match(raw, start)
        if match is None or start == end or reader.words.has("noun_stop", match.group().lower()):
            break
        words.append((match.group(), match.start(), match.end()))
        end = match.end()
    return words


def _english(reader: Reader, words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    for index, (word, _, _) in enumerate(words):
        low = word.lower()
        plural = low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3
        if plural or reader.words.has("noun_irregular", low):
            return words[: index + 1]
    return words[:1]


def _german(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    for index, (word, _, _) in enumerate(words):
        if word[0].isupper():
            return words[: index + 1]
    return []


def _scandinavian(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    for index, (word, _, _) in enumerate(words):
        if not (word.endswith("e") or word.endswith("a")) or word.endswith(("ene", "ende")):
            return words[: index + 1]
    return words


def per_after(reader: Reader, end: int) -> tuple[int, str] | None:
    """Return what an amount is per ("year", "kWh", "share") and where that ends, or None."""
    low = reader.low
    start = skip_spaces(low, end)
    for phrase in sorted(reader.words.per, key=len, reverse=True):
        stop = start + len(phrase)
        if low.startswith(phrase, start) and not low[stop : stop + 1].isalnum():
            if not re.match(r"\s*(?:1[6-9]|20)\d{2}(?!\d)", low[stop:]):
                return stop, reader.words.per[phrase]
            return None
    if low.startswith("/", start):
        return _per_thing(reader, skip_spaces(low, start + 1), units_only=False)
    for word in reader.words.listed("per_word"):
        if low.startswith(word + " ", start):
            return _per_thing(reader, skip_spaces(low, start + len(word)), units_only=word in ("a", "an"))
    return None


def _per_thing(reader: Reader, start: int, *, units_only: bool) -> tuple[int, str] | None:
    if found := unit_at(reader, start):
        return found[0], found[1].code
    match = _LETTER_WORD.match(reader.low, start)
    if match and (not units_only or match.group() in ("share", "person", "head", "piece", "barrel")):
        return match.end(), match.group()
    return None
