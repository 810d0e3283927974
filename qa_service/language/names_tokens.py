"""Words of a text as names are made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_service.language.tokens import fold

_WORD = re.compile(r"[^\W_]+(?:[.&'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_END = re.compile(r"(?:[.!?:…][\"”»')\]]*\s+|\n\s*|^\s*|\s(?=[–—]\s))[\"“„«'(\[¿¡–—-]*\s*$|[\"„“«¿¡]$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its folded form; `first` where it opens a sentence."""

    text: str
    key: str
    start: int
    end: int
    first: bool

    @property
    def capital(self) -> bool:
        """Whether it is written like a name: with a capital, or a digit and capitals ("3M")."""
        return self.text[:1].isupper() or (self.text[:1].isdigit() and any(c.isupper() for c in self.text))


def name_tokens(text: str) -> list[Token]:
    """The words of a text, without a possessive s, in order."""
    found: list[Token] = []
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        if word:
            opens = (
                bool(_SENTENCE_END.search(text, max(0, match.start() - 12), match.start())) if match.start() else True
            )
            found.append(Token(word, fold(word), match.start(), match.start() + len(word), opens))
    return found
