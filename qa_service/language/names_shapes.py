"""What tells a name, or that there is none, beside capitals: numbers of documents, and texts in one case throughout."""

from __future__ import annotations

import re
from collections.abc import Collection

from qa_service.language.tokens import fold

# "11/KH-KKTCN", "80/2021/NĐ-CP": a number, perhaps a year, and the initials of the kind of paper and of its office.
_IDENTIFIER = re.compile(r"(?<![\w/])\d+/(?:\d{4}/)?[^\W\d_]{1,8}(?:-[^\W\d_]{1,12})+(?![\w/-])")
# "No. 1" is a rank; a paper's number has more digits, or a slash.
_NUMBERED = re.compile(r"\s*(?:no|nos|nr|number|nummer|n[°º]|№|số|so)\.?\s*\d[\d/]", re.IGNORECASE)
_NUMBER_WORDS = {"no", "nos", "nr", "number", "nummer", "so"}
_ASKING = re.compile(
    r"\b(?:which|what|hvilke[nt]?|kva for(?: ein| ei| eit)?|vilke[nt]|vilka|quel(?:le)?s?|qu[eé]|welke?)\s+$",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4
_FEWEST_CAPITAL_STOPS = 2


def identifiers(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of document numbers such as "80/2021/NĐ-CP"."""
    return tuple(match.span() for match in _IDENTIFIER.finditer(text))


def is_number_word(key: str) -> bool:
    """Whether a folded word announces a number: "No" of "Plan No. 11"."""
    return key in _NUMBER_WORDS


def is_numbered(text: str, end: int) -> bool:
    """Whether the word that ends at `end` is numbered by what follows ("Plan nr. 11/KH"), with a word for number."""
    return _NUMBERED.match(text, end) is not None


def is_asked_kind(text: str, start: int) -> bool:
    """Whether a question word for a kind stands before `start`: "which Conference" names none."""
    return _ASKING.search(text, max(0, start - 16), start) is not None


def has_one_case(text: str, words: Collection[str], stop: Collection[str], *, syllables: bool) -> bool:
    """Whether capitals tell no names here: a sentence all in capitals, or with every word capitalised.

    Told by the function words in `stop` (folded) that have a capital inside the text; where `words` are single
    `syllables` of longer ones, which fold like function words, only capitals throughout tell.
    """
    if len(words) < _FEWEST_WORDS:
        return False
    stops = [word for word in words if fold(word) in stop]
    if not any(c.islower() for c in text):
        return bool(stops)
    inner = [word for word in list(words)[1:] if fold(word) in stop and len(word) > 1]
    return not syllables and len(inner) >= _FEWEST_CAPITAL_STOPS and all(word[0].isupper() for word in inner)
