"""The words around numbers, by language, from `quantities_words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_SAME_WORDS = {"no": "nb", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words around numbers; phrases are lower case, longest first, `common` ones included."""

    sets: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[str, ...]]
    qualifiers: tuple[tuple[str, str], ...]
    first_qualifiers: tuple[tuple[str, str], ...]
    after: Mapping[str, str]
    per: Mapping[str, str]
    fractions: Mapping[str, tuple[int, int]]
    rank_stems: tuple[tuple[str, int], ...]
    rank_words: Mapping[str, int]
    ordinal_dot: bool
    additive: bool

    def has(self, name: str, word: str) -> bool:
        """Whether the list `name` holds the word."""
        return word in self.sets.get(name, frozenset())

    def listed(self, name: str) -> tuple[str, ...]:
        """The phrases of a list, longest first."""
        return self.phrases.get(name, ())


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "quantities_words.toml").read_text("utf-8"))


def base_language(language: str) -> str:
    """The language subtag that the tables use: "nb" for "no", "nn" and "nb-NO"."""
    code = language.replace("_", "-").split("-")[0].lower()
    return _SAME_WORDS.get(code, code)


def _inverted(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {phrase: value for value, phrases in table.items() for phrase in phrases}


@lru_cache(maxsize=64)
def words_of(language: str) -> Words:
    """Return the words of a language; a language without a table has the common ones."""
    tables = _tables()
    common, own = tables["common"], tables.get(base_language(language), {})
    lists = {name for table in (common, own) for name, value in table.items() if isinstance(value, list)}
    merged = {name: [*common.get(name, []), *own.get(name, [])] for name in lists}
    qualifiers = _inverted(own.get("qualifiers", {}))
    return Words(
        sets={name: frozenset(values) for name, values in merged.items()},
        phrases={name: tuple(sorted(values, key=len, reverse=True)) for name, values in merged.items()},
        qualifiers=tuple(sorted(qualifiers.items(), key=lambda item: -len(item[0]))),
        first_qualifiers=tuple((phrases[0], value) for value, phrases in own.get("qualifiers", {}).items()),
        after=_inverted(own.get("after", {})),
        per={**_inverted(common["per"]), **_inverted(own.get("per", {}))},
        fractions={phrase: (top, bottom) for phrase, (top, bottom) in own.get("fractions", {}).items()},
        rank_stems=tuple(sorted(own.get("rank_stems", {}).items(), key=lambda item: -len(item[0]))),
        rank_words=own.get("rank_words", {}),
        ordinal_dot=bool(own.get("ordinal_dot", False)),
        additive=bool(own.get("additive", False)),
    )
