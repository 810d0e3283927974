"""An LLM's reply as it streams in: its finished claims, with the passage numbers they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NOT_FOUND = "NOT_FOUND"
_GROUP = r"[\[【]\s*(?:passages?\s*)?\d+(?:\s*[,;–-]\s*\d+)*\s*[\]】]"
_MARKERS = re.compile(_GROUP, re.IGNORECASE)
_ANY_BRACKET = re.compile(r"[\[【][^\]】]*[\]】]")
_NUMBER = re.compile(r"\d+")
# A claim ends with its markers beside a full stop, or with its line.
_END = re.compile(rf"(?:[.!?。！？]\s*(?:{_GROUP}\s*)+|(?:{_GROUP}\s*)+[.!?。！？])(?=\s)|\n", re.IGNORECASE)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<think", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•>#]+|\d{1,2}[.)](?=\s))\s*")
_MARKUP = re.compile(r"\*\*|__|`|<[^<>\n]{0,200}>")
_MOST_IN_GROUP = 5


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim as the LLM wrote it: its text without markers, and the passage numbers it cites, in order."""

    text: str
    cited: tuple[int, ...]


def finished_claims(pieces: Iterable[str]) -> Iterator[Drafted]:
    """Each claim once it is complete; what the stream leaves at its end counts as one."""
    buffer = ""
    for piece in pieces:
        buffer = _THOUGHT.sub("", buffer + piece)
        if _OPEN_THOUGHT.search(buffer):
            continue
        while match := _END.search(buffer):
            yield from _claims(buffer[: match.end()])
            buffer = buffer[match.end() :]
    yield from _claims(_OPEN_THOUGHT.split(buffer)[0])


def _claims(text: str) -> Iterator[Drafted]:
    cited = [int(number) for group in _MARKERS.findall(text) for number in _NUMBER.findall(group)[:_MOST_IN_GROUP]]
    said = _MARKUP.sub("", _ANY_BRACKET.sub("", _BULLET.sub("", text)))
    said = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(said.split())).strip()
    if any(character.isalnum() for character in said):
        yield Drafted(said, tuple(dict.fromkeys(cited)))
