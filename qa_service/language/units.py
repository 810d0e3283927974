"""Units of measure by their names in any language, from CLDR and `units.toml`, with what makes them comparable."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from qa_service.language.numbers_text import PhraseTable
from qa_service.language.quantities_words import base_language
from qa_service.models import QuantityKind

_PREFIXES = {"M": ("mega", Decimal(10) ** 6), "G": ("giga", Decimal(10) ** 9), "T": ("tera", Decimal(10) ** 12)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as `Quantity.unit` names it; an amount times `factor` is in `base`. `assumed`: no country named."""

    code: str
    kind: QuantityKind
    base: str
    factor: Decimal = Decimal(1)
    assumed: bool = False


@lru_cache(maxsize=1)
def _records() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = tomllib.loads((files(__package__) / "units.toml").read_text("utf-8"))["units"]
    return tables


@lru_cache(maxsize=1)
def _not_units() -> frozenset[str]:
    tables = tomllib.loads((files(__package__) / "units.toml").read_text("utf-8"))
    return frozenset(tables["not_units"]["words"])


def _unit(code: str, record: dict[str, Any]) -> Unit:
    kind = QuantityKind(record.get("kind", "measure"))
    return Unit(code, kind, str(record.get("base", code)), Decimal(record.get("factor", "1")))


@lru_cache(maxsize=1)
def measure_units() -> dict[str, Unit]:
    """Return every unit of measure by its code."""
    units = {code: _unit(code, record) for code, record in _records().items()}
    for code, record in _records().items():
        for prefixed in record.get("prefixed", []):
            units[prefixed] = Unit(prefixed, units[code].kind, units[code].base, _PREFIXES[prefixed[0]][1])
    return units


def dimension(code: str) -> str:
    """What a unit measures: "share", "area", the base unit of a measure ("t", "W"), and "money" for anything else."""
    unit = measure_units().get(code)
    if unit is None:
        return "money"
    return unit.base if unit.kind is QuantityKind.MEASURE else unit.kind.value


def cldr_name(code: str) -> str | None:
    """Return CLDR's name of a unit ("area-hectare"), or None where CLDR does not have it."""
    if code in ("MW", "GW"):
        return {"MW": "power-megawatt", "GW": "power-gigawatt"}[code]
    name = _records().get(code, {}).get("cldr")
    return str(name) if name else None


def unit_patterns(language: str, name: str) -> dict[str, dict[str, str]]:
    """Return CLDR's patterns of a unit in a language, by width and plural form; empty where there are none."""
    from babel import Locale, UnknownLocaleError

    try:
        data = Locale.parse(language.replace("-", "_"))._data["unit_patterns"]
    except (UnknownLocaleError, ValueError, KeyError):
        return {}
    patterns = data.get(name, {})
    return {
        width: {form: str(text) for form, text in patterns[width].items() if isinstance(text, str)}
        for width in ("long", "short")
        if width in patterns
    }


def _cldr_words(language: str, name: str) -> Iterator[str]:
    for forms in unit_patterns(language, name).values():
        for pattern in forms.values():
            word = re.sub(r"\{0\}[\s\u00a0\u202f]*|[\s\u00a0\u202f]*\{0\}", "", pattern).strip()
            if word and word[0] != "/" and word.lower() not in _not_units() and "{" not in word:
                yield word


def _prefixed_words(words: list[str], code: str) -> Iterator[str]:
    prefix = _PREFIXES[code[0]][0]
    for word in words:
        for kilo in ("kilo", "ki-lô-", "ki lô "):
            if kilo in word.lower():
                yield re.sub(kilo, prefix, word, flags=re.IGNORECASE)
    yield code


def _named(language: str) -> Iterator[tuple[str, Unit]]:
    units = measure_units()
    for code, record in _records().items():
        words = list(_cldr_words(language, record["cldr"])) if "cldr" in record else []
        words.extend(record.get("words", []))
        for word in words:
            yield word, units[code]
        for prefixed in record.get("prefixed", []):
            for word in _prefixed_words(words, prefixed):
                yield word, units[prefixed]


@lru_cache(maxsize=64)
def measures_of(language: str) -> PhraseTable[tuple[Unit, str]]:
    """Return the unit names to look for in a text of a language, each with its own spelling."""
    entries: dict[str, tuple[Unit, str]] = {}
    for source in ("en", base_language(language)):
        for word, unit in _named(source):
            entries[word.lower()] = (unit, word)
    for code, unit in measure_units().items():
        entries[code.lower()] = (unit, code)
    return PhraseTable(entries)
