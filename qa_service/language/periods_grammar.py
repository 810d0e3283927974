"""The period phrases of a language, compiled from `data/periods/<language>.toml` and CLDR's month names.

A template is a regular expression in which a space is any white space and these pieces are filled in: `<y>` a year,
`<Y>` an optional year with the language's words before it ("of 2024", "last year"), `<YR>` the same, required, `<ry>`
a relative year, `<y1>…<yy>` a span of years, `<m>` a month's name or abbreviation, `<M>` its full name, `<mm>` its
number, `<d>` a day, `<k>` the digit of a quarter, `<n>` a number up to twelve in words, digits or Roman, `<w>` a
number of weeks, `<o>` an ordinal, `<dec>` a decade, `<c>` a century, `<->` a dash, `<gap>` a character inside a clause.
Empty groups such as `(?P<one>)` mark what words alone say ("nửa đầu": the first half), `(?P<quarters>)` and
`(?P<weeks>)` what is counted. Every template is compiled twice: as written, and folded for texts typed without accents.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.tokens import fold

DATA = Path(__file__).parent / "data" / "periods"
ALIASES = {"no": "nb", "nn": "nb"}
_YEAR = r"(?:1[0-9]|20|21)\d\d(?!\d|[.,]\d)(?!/[^\W\d])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d|[.,]\d(?!\d?[./]))"
_UMLAUTS = {"ä": "ae?", "ö": "oe?", "ü": "ue?", "ø": "oe?", "å": "aa?", "æ": "ae?"}
# Numeric dates are read alike in every language: year first, or day first.
_NUMERIC = {
    "day": ["<y>-<mm>-<d>", "<d>[./-]<mm>[./-]<y>", "<mm>/<d>/<y>(?P<american>)"],
    "month": ["<mm>/<y>"],
    "year_range": ["<y1>(?:<->|/)<yy>"],
    "quarter": ["Q ?<k>(?:[ /-]<y>)?", "<y>[ -]?Q<k>"],
    "half": ["H<k>[ /-]<y>"],
    "months_first": ["(?P<n>[2-9]|1[01])M[ /-]?<y>"],
    "bare_year": ["<y>"],
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One compiled template and the shape of period that it reads."""

    shape: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The period phrases of one language, for one spelling (with accents, or without).

    `kinds` are patterns that end where the period starts: "by the end of ", "since ". Those whose name has "link" in it
    stand between two periods, those named "…_after" start where the period ends ("June 2024 end").
    """

    phrases: tuple[Phrase, ...]
    kinds: dict[str, re.Pattern[str]]
    numbers: dict[str, int]
    months: dict[str, int]
    relative_years: tuple[tuple[re.Pattern[str], int], ...]
    year_cue: re.Pattern[str]
    month_cue: re.Pattern[str] | None
    ambiguous_months: frozenset[str]
    month_stems: tuple[str, ...]
    day_slash_month: bool


@lru_cache(maxsize=64)
def load_grammar(language: str, *, folded: bool) -> Grammar:
    """The grammar of `language` (BCP 47); a language without a file has CLDR's months and numeric dates only."""
    short = ALIASES.get(language.split("-")[0].lower(), language.split("-")[0].lower())
    path = DATA / f"{short}.toml"
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    months = _months(short) if data.get("cldr_months", True) else {}
    return _Compiler(data, months, folded).grammar()


def _months(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    names: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                if not name.strip(".").isdigit():
                    names[name.lower().rstrip(".")] = number
    return names


def _wide_months(names: dict[str, int]) -> list[str]:
    return [name for name in names if len(name) > 3 or not any(o != name and o.startswith(name) for o in names)]


class _Compiler:
    """Turns one language's templates into patterns."""

    def __init__(self, data: dict[str, Any], months: dict[str, int], folded: bool) -> None:
        self.data, self.months, self.folded = data, months, folded
        self.numbers: dict[str, int] = {**data.get("numbers", {}), **data.get("ordinals", {})}
        self.groups = 0
        self.inflected = bool(data.get("inflected_months", not data)) and bool(self._stems())

    def grammar(self) -> Grammar:
        shapes: dict[str, list[str]] = {
            shape: list(v)
            for shape, v in self.data.get(
                "phrases", {"month": ["<m><YR>", "<M>"], "day": ["<d>\\.? (?:de )?<m><Y>"]}
            ).items()
        }
        for shape, templates in _NUMERIC.items():
            shapes.setdefault(shape, []).extend(templates)
        kinds = {
            name: self._compile(f"(?<!\\w)(?:{source})$", bounded=False)
            for name, source in self.data.get("kinds", {}).items()
            if "link" not in name and not name.endswith("_after")
        }
        kinds |= {
            name: self._compile(source, bounded=False)
            for name, source in self.data.get("kinds", {"link": "<->"}).items()
            if "link" in name or name.endswith("_after")
        }
        cue = self.data.get("month_cue")
        return Grammar(
            phrases=tuple(
                Phrase(shape, self._compile(t))
                for shape, templates in shapes.items()
                for t in templates
                if self._usable(t)
            ),
            kinds=kinds,
            numbers=_spellings(self.numbers),
            months=_spellings(self.months | (self._stems() if self.inflected else {})),
            relative_years=tuple(
                (self._compile(words, bounded=False), offset)
                for words, offset in self.data.get("relative_years", {}).items()
            ),
            year_cue=self._compile(f"(?<!\\w){self.data.get('year_cue', '(?!)')}[ (]$", bounded=False),
            month_cue=self._compile(f"(?:{cue})$", bounded=False) if cue else None,
            ambiguous_months=frozenset(self.data.get("ambiguous_months", ())),
            month_stems=tuple(fold(stem) for stem in self._stems()) if self.inflected else (),
            day_slash_month=bool(self.data.get("day_slash_month", False)),
        )

    def _stems(self) -> dict[str, int]:
        """Month names without their endings, longest first: CLDR has "июнь" and "июня", texts also "июне"."""
        stems = {name[: max(3, len(name) - 2)]: number for name, number in self.months.items() if len(name) > 2}
        return dict(sorted(stems.items(), key=lambda item: -len(item[0])))

    def _usable(self, template: str) -> bool:
        return not (
            ("<ry>" in template and not self.data.get("relative_years"))
            or ("<o>" in template and not self.data.get("ordinals"))
        )

    def _compile(self, template: str, *, bounded: bool = True) -> re.Pattern[str]:
        pattern = self._fill(template)
        if self.folded:
            pattern = "".join(c if c.isascii() else _UMLAUTS.get(c.lower(), fold(c)) for c in pattern)
        pattern = re.sub(r"\[[^\]]*\]| \??", _space, pattern)
        if bounded and self.data.get("word_boundaries", True):
            pattern = rf"(?<![\w])(?<!\d[.,:/])(?:{pattern})(?!\w)"
        return re.compile(pattern, re.IGNORECASE)

    def _fill(self, template: str) -> str:
        tail = self.data.get("year_tail", "(?:,? <y>)")
        filled = template.replace("<YR>", tail).replace("<Y>", f"{tail}?")
        return re.sub(r"<(y1|yy|y|ry|mm|m|M|d1|d2|d|k|n|w|o|dec|c|gap|-)>", self._piece, filled)

    def _piece(self, match: re.Match[str]) -> str:
        name = match.group(1)
        if match.string[max(0, match.start() - 2) : match.start()] == "?P":
            return match.group()
        sources = {
            "y": _YEAR,
            "y1": _YEAR,
            "yy": r"(?:\d{4}|\d\d)(?!\d|[.,]\d)",
            "ry": "|".join(self.data.get("relative_years", {})) or "(?!)",
            "mm": r"(?:0?[1-9]|1[0-2])(?!\d)",
            "m": self._month_source(list(self.months)),
            "M": self._month_source(_wide_months(self.months)),
            "d": _DAY,
            "d1": _DAY,
            "d2": _DAY,
            "n": _words(self.data.get("numbers", {}), r"(?:1[0-2]|0?[1-9])(?!\d)|iv|iii|ii|i"),
            "w": r"(?:[1-4]\d|5[0-2]|[2-9])(?!\d)",
            "o": _words(self.data.get("ordinals", {}), "(?!)"),
            "k": "[1-4]",
            "dec": r"(?:1[5-9]|20)\d0",
            "c": r"(?:1\d|2[01]|[5-9])(?:00)?",
        }
        if name == "-":
            return r"\s?[-\u2013\u2014\u2212]\s?"
        if name == "gap":
            return r"(?:[^.;:!?,]|[.,]\d|(?<=mi[ol])\.|(?<=mrd)\.)"
        self.groups += 1
        return f"(?P<{name}__{self.groups}>{sources[name]})"

    def _month_source(self, names: list[str]) -> str:
        if self.inflected:
            return "|".join(rf"{re.escape(stem)}\w{{0,5}}" for stem in self._stems())
        return str(self.data["month"]) if "month" in self.data else _words(dict.fromkeys(names, 0), "(?!)")


def _space(match: re.Match[str]) -> str:
    piece = match.group()
    return {" ": r"\s+", " ?": r"\s*"}.get(piece) or piece.replace(" ", r"\s")


def _words(table: dict[str, int], digits: str) -> str:
    alternatives = sorted((re.escape(word).replace("\\ ", " ") for word in table), key=len, reverse=True)
    return "|".join([*alternatives, digits])


def _spellings(table: dict[str, int]) -> dict[str, int]:
    spelled: dict[str, int] = {}
    for word, number in table.items():
        spelled[fold(word)] = number
        spelled["".join(_UMLAUTS[c].rstrip("?") if c in _UMLAUTS else fold(c) for c in word.lower())] = number
    return spelled
