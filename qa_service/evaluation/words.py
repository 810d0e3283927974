"""The words of a short answer, in any script, for comparing answers as texts."""

from __future__ import annotations

import re
import unicodedata

# Scripts written without spaces between words: each of their characters counts as a word.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[.,]\d+)*")
_MARKERS = re.compile(r"\[\d+\]")
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "ı": "i"})


def without_markers(text: str) -> str:
    """The text without its citation markers [1]."""
    return " ".join(_MARKERS.sub(" ", text).split())


def fold(text: str) -> str:
    """The text in lower case, without accents, in compatibility form: Quảng Ninh is quang ninh."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(_LETTERS)


def answer_words(text: str) -> list[str]:
    """The words of a text, folded; numbers keep their separators, and English articles are left out as SQuAD does."""
    return [word for word in _WORDS.findall(fold(text)) if word not in ("a", "an", "the")]


def contains_words(words: list[str], wanted: list[str]) -> bool:
    """Whether `wanted` stands in `words` as one unbroken run."""
    width = len(wanted)
    return width > 0 and any(words[i : i + width] == wanted for i in range(len(words) - width + 1))
