"""Currencies by their names, codes and symbols in any language, from CLDR and `units_currency.toml`.

A name that several countries share ("dollar", "dirham") is read as its family: as the usual member where there is one,
marked `assumed`, else as the family's own name ("dirham"), which compares equal to each member.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from qa_service.language.numbers_text import PhraseTable, ends_with
from qa_service.language.quantities_words import base_language
from qa_service.language.units import Unit
from qa_service.models import QuantityKind

_HOME = {"nb": "NOK", "da": "DKK", "sv": "SEK", "cs": "CZK", "is": "ISK", "de": "NOK"}
_FORMS = ("zero", "one", "two", "few", "many", "other")


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "units_currency.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """Return the ISO 4217 codes of today's legal tender, by CLDR."""
    from babel.core import get_global

    territories = get_global("territory_currencies").values()
    found = {entry[0] for entries in territories for entry in entries if entry[3] and entry[2] is None}
    return frozenset(found) | {"CHF", "CNY"}


@lru_cache(maxsize=256)
def family_of(unit: str) -> str | None:
    """Return the family of a currency code or family name ("USD" → "dollar"), or None."""
    families = _tables()["families"]
    if unit in families:
        return unit
    return next((name for name, family in families.items() if unit in family["codes"]), None)


def family_members(name: str) -> tuple[str, ...]:
    """Return the currency codes of a family, the usual one first."""
    return tuple(_tables()["families"][name]["codes"])


@lru_cache(maxsize=512)
def money(code: str, *, assumed: bool = False) -> Unit:
    """Return the unit of a currency code, of a family name, or of a minor unit such as "øre"."""
    return Unit(code, QuantityKind.MONEY, code, assumed=assumed)


def _family_unit(name: str, language: str) -> Unit:
    family = _tables()["families"][name]
    home = _HOME.get(language)
    if home in family["codes"]:
        return money(home, assumed=True)
    if len(family["codes"]) == 1:
        return money(family["codes"][0])
    return money(family["codes"][0], assumed=True) if family["usual"] else money(name)


@lru_cache(maxsize=512)
def single_head(code: str, language: str, *, plural: bool) -> str | None:
    """Return a currency's name without its country, where no other currency has it ("zlotys", "Dong"), or None."""
    if language in ("zh", "ja", "ko", "th") or code == "USD":
        return None
    owned = {word for word, unit in _head_words(language) if unit.code == code and not unit.assumed}
    names = currency_names(language, code)
    last = head_is_last(language)
    for name in names[1:] + names[:1] if plural else names:
        word = re.split(r"[\s\u00a0-]+", name)[-1 if last else 0]
        if word.lower() in owned:
            return word
    return None


def currency_names(language: str, code: str) -> list[str]:
    """Return CLDR's names of a currency in a language, each plural form once; the display name last."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return []
    plural: Any = locale._data["currency_names_plural"].get(code, {})
    names = [str(plural[form]) for form in _FORMS if form in plural]
    display = locale.currencies.get(code)
    return list(dict.fromkeys([*names, *([str(display)] if display else [])]))


def _head(name: str, *, last: bool) -> str:
    words = re.split(r"[\s\u00a0-]+", name.lower())
    return words[-1] if last else words[0]


@lru_cache(maxsize=64)
def head_is_last(language: str) -> bool:
    """Return whether a currency's own word comes last in its name ("Polish zloty"), by the names of the dollars."""
    names = [_names[0].lower() for code in family_members("dollar")[:6] if (_names := currency_names(language, code))]
    lasts = Counter(_head(name, last=True) for name in names)
    firsts = Counter(_head(name, last=False) for name in names)
    return max(lasts.values(), default=1) >= max(firsts.values(), default=1)


def _head_words(language: str) -> Iterator[tuple[str, Unit]]:
    """A currency's name without its country, where no other currency has it ("ringgit", "złotych")."""
    last = head_is_last(language)
    owners: dict[str, set[str]] = {}
    for code in currency_codes():
        for name in currency_names(language, code):
            head = _head(name, last=last)
            if len(name.split()) > 1 or "-" in name:
                owners.setdefault(head, set()).add(code)
    for head in owners.keys() - set(_tables()["not_heads"]["words"]):
        codes = owners[head]
        families = {family_of(code) for code in codes}
        if len(codes) == 1 and len(head) > 2:
            yield head, money(next(iter(codes)))
        elif len(families) == 1 and (family := next(iter(families))):
            yield head, _family_unit(family, language)


def _names(language: str) -> Iterator[tuple[str, Unit]]:
    if language not in ("zh", "ja", "ko", "th"):
        yield from _head_words(language)
    for code in currency_codes():
        for name in currency_names(language, code):
            yield name.lower(), money(code)


def _country_words(language: str) -> Iterator[tuple[str, Unit]]:
    """A country's adjective with any word of the currency's family ("tsjekkiske kroner", "canadian dollars")."""
    tables = _tables()
    last = head_is_last(language)
    for name, family in tables["families"].items():
        for code in family["codes"]:
            for spelled in currency_names(language, code):
                words = spelled.lower().split()
                if len(words) < 2:
                    continue
                for word in tables["family_words"].get(name, ()):
                    country = words[:-1] if last else words[1:]
                    yield " ".join([*country, word] if last else [word, *country]), money(code)


@lru_cache(maxsize=64)
def currencies_of(language: str) -> PhraseTable[tuple[Unit, str]]:
    """Return the currency names to look for behind an amount in a text of a language, each with its spelling."""
    base, tables = base_language(language), _tables()
    entries: dict[str, tuple[Unit, str]] = {}
    for source in ("en", base):
        entries.update({word: (unit, word) for word, unit in (*_country_words(source), *_names(source))})
    for name, words in tables["family_words"].items():
        entries.update({word: (_family_unit(name, base), word) for word in words})
    for table in (tables["words"], tables["minor"]):
        entries.update({word: (money(code), word) for code, words in table.items() for word in words})
    entries.update(
        {sign.lower(): (_family_unit(name, base), sign) for sign, name in tables["assumed_prefixes"].items()}
    )
    codes = currency_codes() - set(tables["not_codes"]["codes"])
    entries.update({code.lower(): (money(code), code) for code in codes if code.lower() not in entries})
    return PhraseTable(entries)


@lru_cache(maxsize=64)
def _prefixes(language: str) -> tuple[dict[str, tuple[str, ...]], dict[str, Unit]]:
    """The signs by their last character, longest first, and the unit of each."""
    base, tables = base_language(language), _tables()
    signs = {code: money(code) for code in currency_codes() - set(tables["not_codes"]["codes"])}
    signs.update({sign: money(code) for code, found in tables["prefixes"].items() for sign in found})
    for sign, name in tables["assumed_prefixes"].items():
        name = "yuan" if sign == "¥" and base == "zh" else name
        signs[sign] = _family_unit(name, base)
    by_end: dict[str, tuple[str, ...]] = {}
    for sign in sorted(signs, key=len, reverse=True):
        by_end[sign[-1]] = (*by_end.get(sign[-1], ()), sign)
    return by_end, signs


def prefix_at(raw: str, end: int, language: str) -> tuple[int, Unit] | None:
    """Return where the currency sign or code right before `end` begins, and its unit; case counts."""
    signs, units = _prefixes(language)
    sign = ends_with(raw, end, signs.get(raw[end - 1 : end], ()))
    return (end - len(sign), units[sign]) if sign else None
