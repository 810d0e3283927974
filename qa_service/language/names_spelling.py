"""Whether a name stands in a text, its syllables written together or apart ("Hanoi", "Hà Nội")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qa_service.language.tokens import name_key

# Shorter words are too often other words run together ("an na", "Anna").
_SHORTEST_JOINED = 5


@dataclass(frozen=True, slots=True)
class Spelled:
    """The folded words of a text, and the same without spaces, in which a name is soon seen to be missing."""

    words: tuple[str, ...]
    joined: str


@lru_cache(maxsize=4096)
def spelled_words(text: str) -> Spelled:
    """The words of `text` in the form of a name's key."""
    key = name_key(text)
    return Spelled(tuple(key.split()), key.replace(" ", ""))


def stands_in(key: str, text: Spelled) -> bool:
    """Whether the words of the folded name `key` stand in `text` as a run of whole words.

    A word may be several there, and several one, but never parts of two ("Than Han" is not "Thanh An"); words may
    differ by the genitive s of Germanic languages ("Brodaras").
    """
    words = spelled_words(key).words
    if not words or not all(_stem(word) in text.joined for word in words):
        return False
    return any(_matches(words, text.words, start) for start in range(len(text.words)))


def _matches(name: tuple[str, ...], text: tuple[str, ...], start: int) -> bool:
    here, there = 0, start
    while here < len(name):
        if there == len(text):
            return False
        if _is_same_word(name[here], text[there]):
            here, there = here + 1, there + 1
        elif split := _split(name[here], text, there):
            here, there = here + 1, there + split
        elif split := _split(text[there], name, here):
            here, there = here + split, there + 1
        else:
            return False
    return True


def _split(word: str, parts: tuple[str, ...], start: int) -> int:
    """How many of `parts` from `start` on make up `word`; 0 where they do not."""
    if len(word) < _SHORTEST_JOINED or not word.startswith(parts[start]):
        return 0
    joined, count = "", 0
    while len(joined) < len(word) and start + count < len(parts):
        joined += parts[start + count]
        count += 1
        if count > 1 and _is_same_word(joined, word):
            return count
    return 0


def _is_same_word(one: str, other: str) -> bool:
    return one == other or (len(one) > 3 and (one + "s" == other or other + "s" == one))


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word
