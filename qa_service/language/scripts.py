"""The writing systems of a text: names are only compared within one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_WHERE_ASCII = "LATIN"
_TOGETHER = {"CJK": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA"}


@lru_cache(maxsize=8192)
def scripts_of(text: str) -> frozenset[str]:
    """The scripts of the letters in `text`, by the first word of their Unicode names ("LATIN", "CYRILLIC", "HAN")."""
    return frozenset(_script(char) for char in set(text) if char.isalpha())


def _script(char: str) -> str:
    if char.isascii():
        return _WHERE_ASCII
    word = unicodedata.name(char, "UNKNOWN").split(" ")[0].split("-")[0]
    return _TOGETHER.get(word, word)
