"""The words by which follow-ups of a language are known, compiled from `data/<language>.toml`.

Patterns are regular expressions of whole words; a space is any white space. All but leads and anaphors meet
folded text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.detect import function_words
from qa_service.language.tokens import fold
from qa_service.models import Span

_DATA = Path(__file__).parent / "data"
_NEVER = re.compile(r"(?!)")
_KINDS = ("place", "person", "organisation", "thing", "fact")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A pattern in which accents count where the text has any: "họ" is "they", "hồ" a lake, and "ho" may be either."""

    exact: re.Pattern[str]
    plain: re.Pattern[str]

    def spans(self, text: str) -> list[Span]:
        """Where the pattern stands in `text`."""
        lowered = text.lower()
        pattern = self.plain if text.isascii() else self.exact
        found = pattern.finditer(lowered if len(lowered) == len(text) else text)
        return [Span(*match.span()) for match in found if match.group().strip()]

    def opens(self, text: str) -> int:
        """The length of the pattern at the front of `text`; 0 where it does not stand there."""
        first = next(iter(self.spans(text)), None)
        return first.end if first is not None and first.start == 0 else 0


@dataclass(frozen=True, slots=True)
class Cues:
    """What follow-ups of one language look like.

    `leads` open a follow-up and mark it as one; `anaphors` by what they stand for: place, person, organisation, thing
    or fact; `weak` anaphors often stand for nothing ("there are", "es gibt"). `bare_words`: a question with no more
    words of its own than that cannot stand alone. `everywhere` takes the place of a place ("worldwide"); `adjuncts`
    are added to a question and replace nothing of it ("ten years ago"). `origins` relate a place to what was counted
    ("how many came from China"); `year_after` counts from the year asked about last.
    """

    leads: Spelled
    fillers: re.Pattern[str]
    tails: re.Pattern[str]
    grammar: frozenset[str]
    auxiliaries: frozenset[str]
    present: frozenset[str]
    question_words: re.Pattern[str]
    determiners: re.Pattern[str]
    many: re.Pattern[str]
    anaphors: Mapping[str, Spelled]
    weak: re.Pattern[str]
    possessive: re.Pattern[str]
    expletives: re.Pattern[str]
    definite: re.Pattern[str]
    period_leads: frozenset[str]
    place_leads: frozenset[str]
    prepositions: frozenset[str]
    everywhere: re.Pattern[str]
    adjuncts: re.Pattern[str]
    qualifiers: re.Pattern[str]
    origins: frozenset[str]
    year_after: re.Pattern[str]
    asked: Mapping[str, str]
    bare_words: int
    during: str
    at_place: str
    question_last: bool


@lru_cache(maxsize=1)
def all_cues() -> dict[str, Cues]:
    """The cues of every language that has them, by its tag; related languages share theirs."""
    found: dict[str, Cues] = {}
    for path in sorted(_DATA.glob("*.toml")):
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        cues = _compiled(data)
        found.update(dict.fromkeys(data["languages"], cues))
    return found


@lru_cache(maxsize=64)
def cues_of(language: str) -> Cues:
    """The cues of `language`; where there are none, those that its function words alone can give."""
    short = language.split("-")[0].lower()
    known = all_cues().get(short)
    if known is not None:
        return known
    words = frozenset(fold(word) for word, tags in function_words().items() if short in tags)
    return _without_patterns(words)


def _compiled(data: Mapping[str, Any]) -> Cues:
    return Cues(
        leads=_spelled(data["leads"]),
        fillers=_pattern(data["fillers"]),
        tails=_pattern(data["tails"]),
        grammar=frozenset(data["grammar"]),
        auxiliaries=frozenset(data["auxiliaries"]),
        present=frozenset(data["present"]),
        question_words=_pattern(data["question_words"]),
        determiners=_pattern(data["determiners"]),
        many=_pattern(data["many"]),
        anaphors={kind: _spelled(data["anaphors"][kind]) for kind in _KINDS},
        weak=_pattern(data["anaphors"]["weak"]),
        possessive=_pattern(data["anaphors"]["possessive"]),
        expletives=_pattern(data["anaphors"]["expletives"]),
        definite=_pattern(data["anaphors"]["definite"]),
        period_leads=frozenset(data["period_leads"]),
        place_leads=frozenset(data["place_leads"]),
        prepositions=frozenset(data["prepositions"]),
        everywhere=_pattern(data["everywhere"]),
        adjuncts=_pattern(data["adjuncts"]),
        qualifiers=_pattern(data["qualifiers"]),
        origins=frozenset(data["origins"]),
        year_after=_pattern(data["year_after"]),
        asked=data["asked"],
        bare_words=data["bare_words"],
        during=data["during"],
        at_place=data["at_place"],
        question_last=data.get("question_last", False),
    )


def _without_patterns(words: frozenset[str]) -> Cues:
    return Cues(
        leads=Spelled(_NEVER, _NEVER),
        fillers=_NEVER,
        tails=_NEVER,
        grammar=words,
        auxiliaries=frozenset(),
        present=frozenset(),
        question_words=_NEVER,
        determiners=_NEVER,
        many=_NEVER,
        anaphors={},
        weak=_NEVER,
        possessive=_NEVER,
        expletives=_NEVER,
        definite=_NEVER,
        period_leads=words,
        place_leads=words,
        prepositions=words,
        everywhere=_NEVER,
        adjuncts=_NEVER,
        qualifiers=_NEVER,
        origins=frozenset(),
        year_after=_NEVER,
        asked={},
        bare_words=0,
        during="{period}",
        at_place="{place}",
        question_last=False,
    )


def _spelled(alternatives: Iterable[str]) -> Spelled:
    listed = list(alternatives)
    return Spelled(_pattern(listed), _pattern(_folded(part) for part in listed))


def _folded(pattern: str) -> str:
    return "".join(c if c.isascii() else fold(c) for c in pattern)


def _pattern(alternatives: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(sorted(alternatives, key=len, reverse=True)) or "(?!)"
    joined = re.sub(r"\[[^\]]*\]| ", lambda m: m.group() if m.group() != " " else r"\s+", joined)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")
