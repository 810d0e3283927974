"""Folding for matching, and words with their offsets.

Folding is for comparing only ("Quảng Ninh" = "quang ninh"); what a user sees is never folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Letters whose stroke or ligature Unicode does not decompose.
_UNDECOMPOSED = {
    "đ": "d",
    "ð": "d",
    "ø": "o",
    "ł": "l",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ŋ": "n",
    "ə": "e",
    "ʻ": "'",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u00ad": "",
    "\u200b": "",
}
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_KEY_JUNK = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters and its end, the offset in the text it came from."""

    text: str
    offsets: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the folded span `start:end` came from."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1 if end < len(self.text) else self.offsets[end]


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number of a text, with its folded form."""

    text: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    lowered = character.lower()
    if lowered in _UNDECOMPOSED:
        return _UNDECOMPOSED[lowered]
    decomposed = unicodedata.normalize("NFKD", lowered)
    kept = "".join(_UNDECOMPOSED.get(c, c) for c in decomposed if not "\u0300" <= c <= "\u036f")
    # Marks outside the Latin, Greek and Cyrillic range (kana voicing, Hangul) carry the sound: put them back.
    return unicodedata.normalize("NFC", kept)


def fold(text: str) -> str:
    """The text in lower case without accents; the length may change ("Straße" gives "strasse")."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def fold_with_map(text: str) -> Folded:
    """The folded text with the way back to the offsets of the original."""
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text) + 1)))
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        piece = _fold_character(character)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    return Folded("".join(pieces), (*offsets, len(text)))


def name_key(text: str) -> str:
    """The form in which two spellings of a name are equal: folded, words joined by one space, no punctuation."""
    return _KEY_JUNK.sub(" ", fold(text).replace("'", "")).strip()


def words(text: str) -> tuple[Word, ...]:
    """Words and numbers in order; "1,55" and "don't" are one word each."""
    return tuple(Word(m.group(), fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))


def contains_words(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether `shorter` stands in `longer` as a run of whole words."""
    size = len(shorter)
    return 0 < size <= len(longer) and any(
        list(longer[i : i + size]) == list(shorter) for i in range(len(longer) - size + 1)
    )
