"""Weekdays by CLDR's names, so that "Monday" is "mandag"."""

from __future__ import annotations

from functools import lru_cache

from qa_service.language.tokens import fold


def weekday_of(word: str, language: str) -> int | None:
    """The weekday (0 is Monday) that a folded word is the full name of in the language or in English, or None."""
    return _weekdays(language).get(word)


@lru_cache(maxsize=64)
def _weekdays(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError

    names: dict[str, int] = {}
    for tag in dict.fromkeys(("en", {"no": "nb"}.get(language, language))):
        try:
            days = Locale.parse(tag.replace("-", "_")).days
        except (UnknownLocaleError, ValueError):
            continue
        names.update({fold(name): day for day, name in days["format"]["wide"].items()})
    return names
