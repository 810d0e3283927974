"""Multilingual cue words of page furniture (`cues.toml`), and how lines are matched with them."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

URL = re.compile(r"(https?://|www\.)\S+")
_SEPARATORS = re.compile(r"\s*[|>»›•·,]\s*|\s+[–—/-]\s+|\s+")
MAX_WIDGETS_LENGTH = 120


@functools.cache
def cues(kind: str) -> frozenset[str]:
    """The cue words of one kind (`related`, `caption` …), lower case."""
    return frozenset(_cue_file()[kind])


@functools.cache
def alternatives(kind: str) -> str:
    """The cue words of one kind as a regular expression, the longest first."""
    return "|".join(re.escape(cue) for cue in sorted(cues(kind), key=len, reverse=True))


@functools.cache
def opening(kind: str) -> re.Pattern[str]:
    """Matches a line that opens with a cue of one kind and ends there, or goes on after a colon or question mark."""
    return re.compile(rf"\W*({alternatives(kind)})\s*(\([^)]*\)\s*)?([:?：]|$)\s*", re.IGNORECASE)


def is_alone(text: str, kind: str) -> bool:
    """Whether the line is a cue of one kind and nothing else."""
    match = opening(kind).match(text)
    return match is not None and match.end() == len(text)


def only_widgets(text: str) -> bool:
    """Whether the line is nothing but widget words, one or several in a row."""
    rest = text.casefold().strip("[](){}: ")
    if not rest or len(rest) > MAX_WIDGETS_LENGTH:
        return False
    while match := _widget().match(rest):
        rest = rest[match.end() :]
        if not rest:
            return True
        gap = _SEPARATORS.match(rest)
        if gap is None:
            return False
        rest = rest[gap.end() :]
    return False


def is_counter(text: str) -> bool:
    """Whether `text` is a counter of readers' comments: "Kommentar (0)", "(Comments: 27)"."""
    return _counter().fullmatch(text) is not None


def without_counter(text: str) -> str:
    """`text` without a counter of readers' comments at its end."""
    match = _counter_at_end().search(text)
    return text[: match.start()].rstrip() if match else text


def source_url(text: str) -> str | None:
    """The address of a line that names the article's source ("Quelle: https://…"), or None."""
    match = URL.search(text)
    named = text[: match.start()] if match else ""
    if match is None or not opening("source").match(named.strip() or "-"):
        return None
    return match.group().rstrip(".,;)")


@functools.cache
def _widget() -> re.Pattern[str]:
    return re.compile(rf"({alternatives('widgets')})(?!\w)")


@functools.cache
def _counter() -> re.Pattern[str]:
    return re.compile(rf"[\s(]*({alternatives('comments')})\s*[:(]*\s*\d+\s*\)?", re.IGNORECASE)


@functools.cache
def _counter_at_end() -> re.Pattern[str]:
    return re.compile(rf"\s\(?({alternatives('comments')})\s*[:(]\s*\d+\s*\)?$", re.IGNORECASE)


@functools.cache
def _cue_file() -> dict[str, list[str]]:
    return tomllib.loads((files("qa_service.text") / "cues.toml").read_text(encoding="utf-8"))
