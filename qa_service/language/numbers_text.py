"""Lower-case composed text with a map back to the original, and longest-match phrase tables over it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

# Scripts written without spaces between words: a phrase may end inside a run of letters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text for matching: `raw` composed (NFC), `low` its lower case of the same length, `offsets` into the original.

    `offsets` is None where the original was composed already.
    """

    raw: str
    low: str
    offsets: tuple[int, ...] | None = None

    def original(self, position: int) -> int:
        """The offset in the original text of a position in `raw`."""
        return position if self.offsets is None else self.offsets[position]


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    # A few letters grow when lowered ("İ"): those stay, so that offsets hold.
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def fold(text: str) -> Folded:
    """Return the text composed and lowered, with offsets kept."""
    if unicodedata.is_normalized("NFC", text):
        return Folded(text, _lower(text))
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and unicodedata.combining(text[position]):
            continue
        piece = unicodedata.normalize("NFC", text[start:position])
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        start = position
    raw = "".join(pieces)
    return Folded(raw, _lower(raw), (*offsets, len(text)))


def is_letter(char: str) -> bool:
    """Whether the character belongs to a word of a script with spaces."""
    return char.isalpha() and not _UNSPACED.match(char)


def ends_word(low: str, end: int) -> bool:
    """Whether a phrase that ends at `end` ends at a word boundary."""
    return end >= len(low) or not is_letter(low[end - 1]) or not is_letter(low[end])


_LETTERS = re.compile(r"[^\W\d_]+")


def _first_key(low: str, start: int) -> str:
    """What phrases are filed under: the first word, or the first character of a sign or of an unspaced script."""
    char = low[start : start + 1]
    if not char or not is_letter(char):
        return char
    match = _LETTERS.match(low, start)
    word = match.group() if match else char
    unspaced = _UNSPACED.search(word)
    return word[: unspaced.start()] if unspaced else word


class PhraseTable(Generic[T]):
    """Phrases to values, found at a position by longest match."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._buckets: dict[str, list[tuple[str, T]]] = {}
        for phrase in sorted(entries, key=len, reverse=True):
            if phrase:
                self._buckets.setdefault(_first_key(phrase, 0), []).append((phrase, entries[phrase]))

    def match(self, low: str, start: int) -> tuple[int, T] | None:
        """The end and the value of the longest phrase at `start` that ends at a word boundary."""
        for phrase, value in self._buckets.get(_first_key(low, start), ()):
            if low.startswith(phrase, start) and ends_word(low, start + len(phrase)):
                return start + len(phrase), value
        return None


def ends_with(low: str, end: int, phrases: Iterable[str]) -> str | None:
    """The phrase of `phrases` (longest first) that stands right before `end` and begins at a word boundary."""
    for phrase in phrases:
        start = end - len(phrase)
        if start >= 0 and low.startswith(phrase, start):
            inside = start > 0 and is_letter(low[start - 1]) and is_letter(low[start])
            if not inside:
                return phrase
    return None


def skip_spaces(low: str, position: int, also: str = "") -> int:
    """The first position from `position` on that is no space on the same line (nor one of `also`)."""
    while position < len(low) and (low[position] in " \t\u00a0\u202f\u2009" or low[position] in also):
        position += 1
    return position


def back_spaces(low: str, position: int) -> int:
    """The end of the last non-space before `position`, on the same line."""
    while position > 0 and low[position - 1] in " \t\u00a0\u202f\u2009":
        position -= 1
    return position
