"""Quantities, countries and lists in the asker's language, by CLDR, in the scale that the article itself uses."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qa_service.language.localise_currency import CurrencyForm, currency_form
from qa_service.language.localise_scales import scale_word, target_scale
from qa_service.language.numbers_words import spell_ordinal
from qa_service.language.quantities_words import base_language, words_of
from qa_service.language.units import cldr_name, unit_patterns
from qa_service.models import Quantity, QuantityKind

if TYPE_CHECKING:
    from babel import Locale

_UNSPACED = ("zh", "ja", "ko", "th")
# Units that every language writes with one symbol.
_SYMBOLS = {code: code for code in ("ha", "W", "kW", "MW", "GW", "kWh", "kg", "km", "cm", "mm", "km/h")} | {
    "km2": "km²",
    "m2": "m²",
    "m3": "m³",
    "km3": "km³",
}
_SPELLED_UP_TO = 10
# "mil" of Spanish and "mille" of French need no "de" before what is counted.
_SHORT_SCALE = 5


def locale_of(language: str) -> Locale:
    """Return CLDR's locale of a language; British English for "en", English for a language that CLDR does not know."""
    from babel import Locale, UnknownLocaleError

    code = base_language(language)
    try:
        return Locale.parse("en_GB" if code == "en" else code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=1)
def localised_words() -> dict[str, Any]:
    """Return the forms of `localise_words.toml`."""
    return tomllib.loads((files(__package__) / "localise_words.toml").read_text("utf-8"))


def format_number(value: Decimal, language: str) -> str:
    """Return a number with the separators of a language, every digit kept."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=locale_of(language), decimal_quantization=False))


def format_quantity(quantity: Quantity, language: str) -> str:
    """Return a quantity in a language: "US$1,543 million", "über 832 Millionen US-Dollar", "1.543 triệu USD".

    The article's own scale is kept where the language has it. Things counted are left out. Reading the result in that
    language gives the same quantity.
    """
    text = _formatted(quantity, language)
    if quantity.per:
        text = _with_per(text, quantity.per, language)
    return _with_qualifier(text, quantity.qualifier, language)


def _with_qualifier(text: str, qualifier: str | None, language: str) -> str:
    if qualifier is None:
        return text
    base = base_language(language)
    phrase = next((phrase for phrase, value in words_of(base).first_qualifiers if value == qualifier), None)
    if phrase is None:
        return text
    return f"{phrase}{'' if base in _UNSPACED[:2] else ' '}{text}"


def _with_per(text: str, per: str, language: str) -> str:
    phrase = localised_words()["per"].get(per, {}).get(base_language(language))
    if phrase is None:
        return f"{text}/{per}"
    return f"{text}{phrase}" if phrase.startswith("/") else f"{text} {phrase}"


def _formatted(quantity: Quantity, language: str) -> str:
    if quantity.kind == QuantityKind.RANK:
        return format_rank(int(quantity.amount), language)
    if quantity.kind == QuantityKind.FRACTION:
        return f"{_plain(quantity.amount)}/{_plain(quantity.high or Decimal(1))}"
    number, scale = _number(quantity, language)
    if quantity.kind == QuantityKind.RATIO:
        return _pattern("times", language, "{0}×").format(number)
    if quantity.kind == QuantityKind.MONEY:
        return _money(quantity, number, scale, language=language)
    amount = _joined(number, scale, language)
    if quantity.kind == QuantityKind.SHARE:
        return _share(quantity, amount, language)
    if not quantity.unit:
        return amount
    return _measure(quantity, amount, language)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _pattern(name: str, language: str, default: str) -> str:
    return str(localised_words()[name].get(base_language(language), default))


def _number(quantity: Quantity, language: str) -> tuple[str, str]:
    """The digits, a range's both ends, and the scale word after them."""
    factor = target_scale(quantity, base_language(language))
    ends = [end / factor for end in (quantity.amount, quantity.high) if end is not None]
    number = "–".join(format_number(end, language) for end in ends)
    return number, scale_word(factor, ends[-1], base_language(language))


def _joined(number: str, scale: str, language: str) -> str:
    if not scale:
        return number
    return f"{number}{scale}" if base_language(language) in _UNSPACED else f"{number} {scale}"


def _money(quantity: Quantity, number: str, scale: str, *, language: str) -> str:
    last = quantity.high if quantity.high is not None else quantity.amount
    form: CurrencyForm = currency_form(quantity, base_language(language), amount=last)
    amount = _joined(number, scale, language)
    if form.before:
        sign = "-" if amount.startswith("-") else ""
        return f"{sign}{form.text}{amount.removeprefix('-')}"
    if base_language(language) in _UNSPACED:
        return f"{amount}{form.text}"
    link = localised_words()["scale_link"].get(base_language(language)) if scale and len(scale) > _SHORT_SCALE else None
    if link == "de" and form.text[0] in "aeiouéh" and base_language(language) == "fr":
        return f"{amount} d'{form.text}"
    return f"{amount} {link} {form.text}" if link else f"{amount} {form.text}"


def _share(quantity: Quantity, amount: str, language: str) -> str:
    if quantity.unit != "%":
        return _pattern("percentage point", language, "{0} pp").format(amount)
    pattern = str(locale_of(language).percent_formats[None].pattern).split(";")[0]
    spaced = "\u00a0" in pattern or "\u202f" in pattern
    return f"{amount}\u00a0%" if spaced else f"{amount}%"


def _measure(quantity: Quantity, amount: str, language: str) -> str:
    if quantity.unit in _SYMBOLS:
        return f"{amount} {_SYMBOLS[quantity.unit]}"
    own = localised_words()["unit"].get(quantity.unit, {}).get(base_language(language))
    if own:
        return str(own).format(amount)
    name = cldr_name(quantity.unit)
    widths = unit_patterns(str(locale_of(language)), name) if name else {}
    forms = widths.get("long") or widths.get("short") or {}
    last = quantity.high if quantity.high is not None else quantity.amount
    pattern = forms.get(str(locale_of(language).plural_form(last))) or forms.get("other")
    return pattern.replace("{0}", amount) if pattern else f"{amount} {quantity.unit}"


def format_rank(number: int, language: str) -> str:
    """Return a rank in a language: "third", "14th", "Platz 3", "nummer 3", "thứ 3"; "#3" where no form is known."""
    base = base_language(language)
    if base in localised_words()["rank"]:
        return str(localised_words()["rank"][base]).format(number)
    if base == "en" and number > _SPELLED_UP_TO:
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    return spell_ordinal(number, base) or f"#{number}"


def format_country(code: str, language: str) -> str:
    """Return the name of a country by its ISO 3166 code in a language; the code itself where CLDR does not name it."""
    return str(locale_of(language).territories.get(code.upper(), code))


def format_list(items: Sequence[str], language: str) -> str:
    """Return items joined as the language joins a list: "a, b and c"."""
    from babel.lists import format_list as join

    return str(join(list(items), locale=locale_of(language)))
