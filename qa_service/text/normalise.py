"""Verbatim search that sees through white space, quotation marks, dashes and Unicode forms, and is never fuzzy."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from qa_service.models import Span

_IGNORED = frozenset("\u00ad\u200b\u2060\ufeff")
_FOLDS = {
    **dict.fromkeys("“”„‟«»″〝〞", '"'),
    **dict.fromkeys("‘’‚‛′‹›`´ʼ", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    "…": "...",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
}
# Thai and Lao, Burmese, Khmer, kana, Han: scripts that put no space between words.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text; its character i stands for the source's characters `starts[i]` to `ends[i]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold_for_match(text: str) -> FoldedText:
    """`text` in NFC with plain quotation marks, hyphens and single spaces, soft hyphens and zero-width spaces left out.

    Compatibility forms (², ½) are kept apart from their look-alikes, since folding them changes numbers.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _fold_cluster(text[start:end]):
            if char == " " and chars and chars[-1] == " ":
                ends[-1] = end
                continue
            chars.append(char)
            starts.append(start)
            ends.append(end)
    return FoldedText("".join(chars), tuple(starts), tuple(ends))


def find_verbatim(quote: str, text: str, start: int = 0) -> Span | None:
    """Where `quote` stands in `text` at or after `start`, equal after folding, or None.

    A find that begins or ends inside a word or a number ("5 million" in "25 million" or "1.5 million") is none.
    """
    needle = fold_for_match(quote).text.strip()
    if not needle:
        return None
    folded = fold_for_match(text)
    at = folded.text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if folded.starts[at] >= start and _whole(folded, at, end) and _stands_alone(folded.text, at, end):
            return Span(folded.starts[at], folded.ends[end - 1])
        at = folded.text.find(needle, at + 1)
    return None


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Base characters with the marks that follow them: what NFC may join."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (unicodedata.combining(text[at]) or "\u1160" <= text[at] <= "\u11ff"):
            if start < at:
                yield start, at
            start = at


def _fold_cluster(cluster: str) -> str:
    if cluster in _IGNORED:
        return ""
    if cluster.isspace():
        return " "
    composed = unicodedata.normalize("NFC", cluster)
    return "".join(" " if char.isspace() else _FOLDS.get(char, char) for char in composed)


def _whole(folded: FoldedText, start: int, end: int) -> bool:
    """False where an edge cuts one source character ("…" folded to three stops) in two."""
    left = start == 0 or folded.starts[start] >= folded.ends[start - 1]
    right = end == len(folded.text) or folded.starts[end] >= folded.ends[end - 1]
    return left and right


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not any(_cuts_word(text, at) or _cuts_number(text, at) for at in (start, end))


def _cuts_word(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    return left.isalnum() and right.isalnum() and not (_unspaced(left) or _unspaced(right))


def _cuts_number(text: str, at: int) -> bool:
    """Whether a decimal or grouping sign, or a grouping space, at the edge holds one number together."""
    before, after = text[:at], text[at:]
    if before[-1:].isdigit() and after[:1] in (".", ",", "'") and after[1:2].isdigit():
        return True
    if after[:1].isdigit() and before[-1:] in (".", ",", "'") and before[-2:-1].isdigit():
        return True
    left, right = before.rstrip(" "), after.lstrip(" ")
    return _grouped(left, right) and len(left) + len(right) < len(text)


def _grouped(left: str, right: str) -> bool:
    """One to three digits, a space, then exactly three: 1 543."""
    digits = len(left) - len(left.rstrip("0123456789"))
    following = len(right) - len(right.lstrip("0123456789"))
    return 1 <= digits <= 3 and following == 3


def _unspaced(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _UNSPACED)
