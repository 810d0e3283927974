"""A text's lines with their offsets, and what can be told of a line by its shape alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_NEWLINE = re.compile(r"\r\n|[\n\r\f\u2028\u2029]")
_STOP = re.compile(r"""([.!?…。！？।؟۔:;]|/\./?)["'”’»)\]」』“]*$""")
_TRUNCATED = re.compile(r"(\.\.\.|…)$")
_SENTENCE = re.compile(r"""[.!?。！？][”"’»)\]]*\s\W*\w""")
_WORD = re.compile(r"\w+")
_WRAPPED_LENGTHS = range(40, 121)
MIN_WRAPPED_PAIRS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line without the white space around it, at `start` to `end` of its text.

    `after_blank`: a blank line, or the text's start, stands before it. `heading`: markup says that it is one.
    """

    text: str
    start: int
    end: int
    after_blank: bool = False
    heading: bool = False

    @property
    def key(self) -> str:
        """The line for comparison: NFC, lower case, single spaces."""
        return " ".join(unicodedata.normalize("NFC", self.text).casefold().split())

    @property
    def stops(self) -> bool:
        """Whether it ends as a sentence, or a line that announces something, ends."""
        return bool(_STOP.search(self.text))

    @property
    def truncated(self) -> bool:
        """Whether it ends in an ellipsis."""
        return bool(_TRUNCATED.search(self.text))

    @property
    def one_sentence(self) -> bool:
        """Whether no sentence begins inside it."""
        return not _SENTENCE.search(self.text)

    @property
    def says(self) -> bool:
        """Whether it is a whole sentence: it stops, and is not cut short."""
        return self.stops and not self.truncated

    @property
    def words(self) -> frozenset[str]:
        """Its words, lower case."""
        return frozenset(_WORD.findall(self.key))


def shape(text: str) -> Line:
    """A piece of a line as a line, for the signals of its shape alone."""
    return Line(text.strip(), 0, len(text))


def split_lines(text: str) -> tuple[Line, ...]:
    """The non-blank lines of `text`, a byte-order mark at its start left out; any newline convention."""
    lines: list[Line] = []
    blank, start = True, 1 if text.startswith("\ufeff") else 0
    for end, after in [*((m.start(), m.end()) for m in _NEWLINE.finditer(text, start)), (len(text), len(text))]:
        stripped = text[start:end].strip()
        if stripped:
            low = start + text[start:end].index(stripped)
            lines.append(Line(stripped, low, low + len(stripped), blank))
        blank = not stripped
        start = after
    return tuple(lines)


def is_hard_wrapped(lines: Sequence[Line]) -> bool:
    """Whether newlines break sentences, as in a text wrapped at a column, instead of ending paragraphs.

    Told by adjoining lines: most of those that another line follows are of column length and end in mid-sentence.
    """
    pairs = [(line, after) for line, after in pairwise(lines) if not after.after_blank]
    if len(pairs) < MIN_WRAPPED_PAIRS or max(len(line.text) for line in lines) > _WRAPPED_LENGTHS[-1]:
        return False
    broken = [line for line, after in pairs if len(line.text) in _WRAPPED_LENGTHS and not line.stops]
    lower = [after for line, after in pairs if after.text[0].islower()]
    return len(broken) >= 0.6 * len(pairs) and len(lower) >= 0.4 * len(pairs)
