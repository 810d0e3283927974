"""Token ids with the code points they cover, and runs of whole sentences cut out of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from qa_service.models import Span

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”“»)\]]*\s+|\n+|(?<=[。！？])|।\s*")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of a text; token i covers the code points `starts[i]` to `ends[i]`, white space left out.

    `breaks` are the tokens that a sentence starts at, the number of tokens at the end.
    """

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[int, ...]

    def range_of(self, span: Span) -> tuple[int, int]:
        """First token and the token after the last that share a code point with `span`."""
        first = bisect_right(self.ends, span.start)
        return first, max(bisect_left(self.starts, span.end), first + 1)


def tokenise(tokenizer: PreTrainedTokenizerBase, text: str) -> Tokens:
    """The tokens of a text, without special tokens."""
    encoded = tokenizer(text, add_special_tokens=False, truncation=False, verbose=False, return_offsets_mapping=True)
    ids, starts, ends = [], [], []
    for id_, (start, end) in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True):
        while start < end and text[start].isspace():
            start += 1
        ids.append(int(id_))
        starts.append(start)
        ends.append(max(end, start))
    return Tokens(tuple(ids), tuple(starts), tuple(ends), _breaks(text, starts))


def _breaks(text: str, starts: list[int]) -> tuple[int, ...]:
    found = {0, len(starts)}
    for match in _SENTENCE_END.finditer(text):
        found.add(bisect_left(starts, match.end()))
    return tuple(sorted(found))
