"""The question patterns of a language, compiled from `data/<language>.toml`.

Patterns are regular expressions, folded like the question they meet; a space is any white space, and `<nouns>` stands
for a noun list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.tokens import fold
from qa_service.models import AskedFor

_DATA = Path(__file__).parent / "data"
_ALIASES = {"no": "nb", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class QuestionPatterns:
    """What questions of one language look like; rules in order of precedence."""

    rules: tuple[tuple[AskedFor, re.Pattern[str]], ...]
    keywords: tuple[tuple[AskedFor, re.Pattern[str]], ...]
    joiners: re.Pattern[str]
    stock: re.Pattern[str]
    flow: re.Pattern[str]
    units: tuple[tuple[str, re.Pattern[str]], ...]
    cues: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=64)
def load_patterns(language: str) -> QuestionPatterns | None:
    """The patterns of `language` (BCP 47), or None where there are none."""
    short = language.split("-")[0].lower()
    path = _DATA / f"{_ALIASES.get(short, short)}.toml"
    if not path.is_file():
        return None
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    nouns = {name: "|".join(words) for name, words in data.get("nouns", {}).items()}
    words = bool(data.get("word_boundaries", True))

    def compiled(patterns: Sequence[str]) -> re.Pattern[str]:
        return _compile(patterns, nouns, words)

    stock: Mapping[str, Sequence[str]] = data.get("stock", {})
    return QuestionPatterns(
        rules=tuple((AskedFor(r["asked"]), compiled(r["patterns"])) for r in data["rules"]),
        keywords=tuple((AskedFor(r["asked"]), compiled(r["patterns"])) for r in data.get("keywords", ())),
        joiners=re.compile(rf"{data.get('joiners', '[,;?]')}\W*(?:\w+\W+){{0,2}}$"),
        stock=compiled(stock.get("yes", ())),
        flow=compiled(stock.get("no", ())),
        units=tuple((unit, compiled(spellings)) for unit, spellings in data.get("units", {}).items()),
        cues=tuple((cue, compiled(spellings)) for cue, spellings in data.get("cues", {}).items()),
    )


def _compile(patterns: Sequence[str], nouns: Mapping[str, str], words: bool) -> re.Pattern[str]:
    filled = [re.sub(r"<(\w+)>", lambda m: nouns[m.group(1)], p) for p in patterns] or ["(?!)"]
    joined = re.sub(r"\[[^\]]*\]| ", lambda m: m.group() if m.group() != " " else r"\s+", "|".join(filled))
    joined = "".join(c if c.isascii() else fold(c) for c in joined)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if words else joined)
