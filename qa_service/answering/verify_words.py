"""Words by which a claim can say the opposite of its quote: negators and opposites, by language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from qa_service.language.quantities_words import base_language

_NEVER = re.compile(r"(?!)")
_UNSPACED = frozenset({"zh", "ja"})


@dataclass(frozen=True, slots=True)
class PolarityWords:
    """One language's patterns; `opposites` has (axis, side) to pattern."""

    negators: re.Pattern[str]
    harmless: re.Pattern[str]
    joiners: re.Pattern[str]
    respectively: re.Pattern[str]
    subjects: re.Pattern[str]
    opposites: dict[tuple[str, str], re.Pattern[str]]


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "verify_words.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def polarity_words(language: str) -> PolarityWords:
    """The patterns of a language; they match nothing in a language without a table."""
    base = base_language(language)
    own = _tables().get(base, {}) if base != "opposites" else {}
    opposites = {
        (axis, side): _pattern(words.get(base, []), base)
        for axis, sides in _tables()["opposites"].items()
        for side, words in sides.items()
    }
    lists = [
        _pattern(own.get(name, []), base) for name in ("negators", "harmless", "joiners", "respectively", "subjects")
    ]
    return PolarityWords(lists[0], lists[1], lists[2], lists[3], lists[4], opposites)


def has_table(language: str) -> bool:
    """Whether negations can be told in the language."""
    return base_language(language) in _tables()


def _pattern(phrases: list[str], language: str) -> re.Pattern[str]:
    if not phrases:
        return _NEVER
    bodies = [re.escape(phrase).replace(r"\*", r"[\w’']*").replace(r"\ ", r"\s+") for phrase in phrases]
    joined = "|".join(sorted(bodies, key=len, reverse=True))
    return re.compile(joined if language in _UNSPACED else rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)
