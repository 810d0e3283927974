"""How an amount of money names its currency in a language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qa_service.language.units_currency import currency_names, family_members, family_of, head_is_last, single_head
from qa_service.models import Quantity

_ENGLISH_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£", "INR": "₹", "CAD": "C$", "AUD": "A$", "HKD": "HK$"}
_ASSUMED_SIGNS = {"dollar": "$", "pound": "£", "rupee": "₹"}
_VIETNAMESE = {"VND": "đồng", "EUR": "euro", "dollar": "đô la"}


@dataclass(frozen=True, slots=True)
class CurrencyForm:
    """The sign or name of a currency, and whether it stands before the amount."""

    text: str
    before: bool = False


def currency_form(quantity: Quantity, language: str, *, amount: Decimal) -> CurrencyForm:
    """Return a quantity's currency in a language; the family's name where the country is not known."""
    family = family_of(quantity.unit)
    generic = quantity.unit == family or (quantity.unit_assumed and family is not None)
    if language == "en":
        sign = _ASSUMED_SIGNS.get(family or "") if generic else _ENGLISH_SIGNS.get(quantity.unit)
        if sign:
            return CurrencyForm(sign, before=True)
    if generic and family:
        return CurrencyForm(_family_name(family, language, amount == 1))
    if language == "vi":
        return CurrencyForm(_VIETNAMESE.get(quantity.unit, quantity.unit))
    return CurrencyForm(_name(quantity.unit, language, amount))


def _name(code: str, language: str, amount: Decimal) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return code
    plural: Any = locale._data["currency_names_plural"].get(code, {})
    form = str(locale.plural_form(amount))
    name = plural[form] if form in plural else plural.get("other") or locale.currencies.get(code)
    if head := single_head(code, language, plural=form != "one"):
        return head
    if not name:
        return code
    # German adjectives are small inside a sentence: "tschechische Kronen".
    return name[0].lower() + name[1:] if language == "de" and " " in name else str(name)


@lru_cache(maxsize=512)
def _family_name(family: str, language: str, single: bool) -> str:
    """The word that a family's currencies share in a language ("Dirham", "kroner")."""
    if language == "vi" and family in _VIETNAMESE:
        return _VIETNAMESE[family]
    if language in ("zh", "ja", "ko", "th"):
        return _shared_ending(family, language)
    last = head_is_last(language)
    heads: Counter[str] = Counter()
    for code in family_members(family):
        names = currency_names(language, code)
        if names:
            name = names[0] if single or len(names) < 2 else names[1]
            parts = name.replace("-", " ").split()
            heads[parts[-1] if last else parts[0]] += 1
    word = heads.most_common(1)[0][0] if heads else family
    return word if language == "de" else word.lower()


def _shared_ending(family: str, language: str) -> str:
    """The ending that a family's names share in a script without spaces, or the usual member's whole name."""
    names = [found[0] for code in family_members(family)[:6] if (found := currency_names(language, code))]
    if not names:
        return family
    first = names[0]
    shared = [
        first[-size:] for size in range(len(first), 1, -1) if all(name.endswith(first[-size:]) for name in names[:4])
    ]
    return shared[0].strip() if shared else first
