"""Names of languages, in any language."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=512)
def language_name(code: str, language: str) -> str:
    """The name of the language `code` in `language` (CLDR), such as "Vietnamese"; the code where it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        shown = Locale.parse(language.replace("-", "_"))
        return str(Locale.parse(code.replace("-", "_")).get_display_name(shown) or code)
    except (UnknownLocaleError, ValueError):
        return code
