"""The scale word to tell an amount with in a language: the article's own, or the nearest that the language has."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qa_service.models import Quantity


@lru_cache(maxsize=64)
def _scales(language: str) -> dict[int, dict[str, str]]:
    """CLDR's long scale words by power of ten and plural form."""
    from babel import Locale, UnknownLocaleError

    try:
        formats: Any = Locale.parse(language).compact_decimal_formats
    except (UnknownLocaleError, ValueError):
        formats = Locale.parse("en").compact_decimal_formats
    found: dict[int, dict[str, str]] = {}
    for form, patterns in dict(formats.get("long") or formats.get("short") or {}).items():
        for magnitude, pattern in patterns.items():
            text = str(getattr(pattern, "pattern", pattern))
            word = re.sub(r"[0'\s]+", " ", text).strip()
            if word and text.count("0"):
                found.setdefault(int(magnitude) // 10 ** (text.count("0") - 1), {})[str(form)] = word
    return found


def target_scale(quantity: Quantity, language: str) -> int:
    """Return the power of ten to tell a quantity in: the article's, or the largest that the language has below it."""
    scales = _scales(language)
    if quantity.scale == 1 or quantity.scale in scales:
        return quantity.scale
    if quantity.scale < min(scales, default=1):
        return 1
    return max((factor for factor in scales if factor <= abs(quantity.amount)), default=1)


def scale_word(factor: int, digits: Decimal, language: str) -> str:
    """Return the word for a power of ten behind `digits`, in the right plural form; "" for one."""
    from babel import Locale, UnknownLocaleError

    forms = _scales(language).get(factor, {})
    if not forms:
        return ""
    try:
        plural = str(Locale.parse(language).plural_form(digits))
    except (UnknownLocaleError, ValueError):
        plural = "other"
    form = "one" if language == "de" and digits == 1 else plural
    return forms.get(form) or forms.get("other") or next(iter(forms.values()))
