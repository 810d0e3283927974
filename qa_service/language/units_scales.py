"""Scale words ("Milliarden", "tỷ", "crore", "亿") by language, from CLDR and `units_scales.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from qa_service.language.numbers_text import PhraseTable, skip_spaces
from qa_service.language.quantities_words import base_language

# Scale words of these languages are understood in a text of any language, the text's own first.
_SHARED = ("en", "vi", "de", "nb", "zh")
# Words too short, or too common as other words, to be shared or to stand apart from the number.
_ATTACHED = frozenset({"k", "m", "b", "t", "n", "tr", "nt", "cr", "l", "mm", "md"})


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of ten named by a word, and whose word it is; `attached` words need a currency beside them."""

    factor: int
    language: str
    attached: bool


@lru_cache(maxsize=1)
def _extra() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(
        (files(__package__) / "units_scales.toml").read_text("utf-8")
    )
    return tables


def _pattern_word(pattern: str) -> tuple[int, str] | None:
    zeros = pattern.count("0")
    word = re.sub(r"[0\s'\u200f\u200e]+", " ", pattern).strip().lower()
    return (zeros, word) if zeros and word else None


def _compact_words(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError

    try:
        formats: Any = Locale.parse(language).compact_decimal_formats
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, int] = {}
    for width in ("short", "long"):
        for patterns in dict(formats.get(width, {})).values():
            for magnitude, pattern in patterns.items():
                parts = _pattern_word(str(getattr(pattern, "pattern", pattern)))
                if parts:
                    found[parts[1]] = int(magnitude) // 10 ** (parts[0] - 1)
    return found


@lru_cache(maxsize=64)
def _own_scales(language: str) -> dict[str, Scale]:
    words = _compact_words(language)
    for factor, extra in _extra().get(language, {}).items():
        words.update({word: int(factor) for word in extra})
    return {word: Scale(factor, language, word in _ATTACHED) for word, factor in words.items() if factor > 1}


@lru_cache(maxsize=64)
def scales_of(language: str) -> PhraseTable[Scale]:
    """Return the scale words to look for in a text of a language."""
    base = base_language(language)
    merged: dict[str, Scale] = {}
    for shared in reversed(_SHARED):
        merged.update({word: scale for word, scale in _own_scales(shared).items() if not scale.attached})
    if base != "en":
        # "hundred" and the like are words of English only; "billion" of English yields to the text's language.
        merged.pop("hundred", None)
    merged.update(_own_scales(base))
    return PhraseTable(merged)


# "tỷ lệ" (rate), "tỷ giá" (exchange rate) … begin with the word for a milliard.
_LONGER_WORDS = re.compile(r"\s*t[ỷỉ] (?:lệ|giá|trọng|suất|số|phú)(?!\w)")


@dataclass(frozen=True, slots=True)
class ScaleMatch:
    """The scale words at a place multiplied together ("nghìn tỷ"), and where they end."""

    factor: int
    language: str
    end: int
    attached: bool


def match_scale(low: str, position: int, language: str) -> ScaleMatch | None:
    """Return the scale words that follow a number which ends at `position`."""
    factor, end, attached, owner = 1, position, False, language
    table = scales_of(language)
    for _ in range(3):
        if _LONGER_WORDS.match(low, end):
            break
        start = skip_spaces(low, end, "-" if factor == 1 else "")
        found = table.match(low, start)
        if found is None or (found[1].attached and start > end):
            break
        end, scale = found
        factor *= scale.factor
        attached = attached or scale.attached
        owner = scale.language
    return ScaleMatch(factor, owner, end, attached) if factor > 1 else None
