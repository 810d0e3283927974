"""The texts of the interface in every language that has a file under `locales/`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from qa_service.language.localise import format_list, locale_of
from qa_service.language.localise_periods import format_period
from qa_service.models import Period, PeriodKind

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"
_SAME = {"no": "nb", "nn": "nb"}


class Texts(Mapping[str, str]):
    """The texts of one language by key; `reason.not_found` reaches into a table."""

    def __init__(self, language: str, texts: dict[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def fill(self, key: str, **values: object) -> str:
        """The text with its variables filled in."""
        return self._texts[key].format(**values)

    def table(self, name: str, key: str) -> str:
        """The entry of a table; the table's `other`, else the key itself, where there is none."""
        return self._texts.get(f"{name}.{key}") or self._texts.get(f"{name}.other") or key

    def table_or_key(self, name: str, key: str) -> str:
        """The entry of a table; the key itself where there is none."""
        return self._texts.get(f"{name}.{key}", key)

    def language_name(self, code: str) -> str:
        """A language's name in this language; the code where it has none."""
        names = locale_of(self.language).languages
        return str(names.get(code) or names.get(code.split("-")[0]) or code)

    def day(self, day: date) -> str:
        """A day written out."""
        return format_period(Period(day, day, PeriodKind.DURING, "day"), self.language)

    def languages(self, codes: list[str]) -> str:
        """A list of languages, each once, in reading form."""
        return format_list(list(dict.fromkeys(self.language_name(code) for code in codes)), self.language)


@lru_cache(maxsize=1)
def all_texts() -> dict[str, Texts]:
    """The texts by language."""
    return {
        path.stem: Texts(path.stem, _flat(tomllib.loads(path.read_text(encoding="utf-8"))))
        for path in sorted(LOCALES.glob("*.toml"))
    }


def texts_for(accept_language: str | None) -> Texts:
    """The texts for an Accept-Language header or a language tag: its first language that has texts, else English."""
    known = all_texts()
    for tag in _tags(accept_language or ""):
        base = tag.split("-")[0].lower()
        if (language := _SAME.get(base, base)) in known:
            return known[language]
    return known[DEFAULT]


def _tags(header: str) -> list[str]:
    """The tags of an Accept-Language header, best first."""
    weighted = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        weighted.append((_weight(weight), tag.strip()))
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _flat(table: dict[str, str | dict[str, str]]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{name}": text for name, text in value.items()}
        else:
            flat[key] = value
    return flat
