"""From the network's scores over tokens to scored spans of the text, in whole words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_service.models import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qa_service.reading.tokens import Tokens

MAX_ANSWER_TOKENS = 48
IMPOSSIBLE = -1e4
_NUMBER = re.compile(r"\d+(?:[.,’'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?!\d)")
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_EDGES = " \t\n\r\u00a0,;:.!?。、，；：！？“”„»«\"‘’'…–—-"
_BRACKETS = (("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Code points `start` to `end` of a text; `score` is a logit above "no answer": 0 is as likely as none."""

    start: int
    end: int
    score: float

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class WindowScores:
    """What the network says of the tokens from `first`: start and end logits of each, and the logit of "no answer"."""

    first: int
    starts: npt.NDArray[np.float32]
    ends: npt.NDArray[np.float32]
    null: float
    relevance: float


def best_spans(text: str, tokens: Tokens, windows: Sequence[WindowScores], count: int) -> tuple[SpanScore, ...]:
    """The best spans of a text, the best first, none overlapping a better one."""
    found: list[SpanScore] = []
    for window in windows:
        for low, high, score in _best_ranges(window, 4 * count + 8):
            span = whole_words(text, Span(tokens.starts[low], tokens.ends[high]))
            if span.start < span.end:
                found.append(SpanScore(span.start, span.end, score))
    chosen: list[SpanScore] = []
    for span_score in sorted(found, key=lambda item: -item.score):
        if len(chosen) == count:
            break
        if all(span_score.end <= other.start or other.end <= span_score.start for other in chosen):
            chosen.append(span_score)
    return tuple(chosen)


def score_span(tokens: Tokens, windows: Sequence[WindowScores], span: Span) -> float:
    """The best logit above "no answer" of any answer within `span`; IMPOSSIBLE where no window holds it whole."""
    first, last = tokens.range_of(span)
    best = IMPOSSIBLE
    for window in windows:
        low, high = first - window.first, last - window.first
        if low < 0 or high > len(window.starts) or low >= high:
            continue
        inner = _pair_scores(window.starts[low:high], window.ends[low:high])
        best = max(best, float(inner.max()) - window.null)
    return best


def whole_words(text: str, span: Span) -> Span:
    """The span widened to whole words and numbers, and narrowed from punctuation at its edges."""
    start, end = _trimmed(text, span.start, span.end)
    while start < end and start > 0 and _one_word(text[start - 1], text[start]):
        start -= 1
    while start < end < len(text) and _one_word(text[end - 1], text[end]):
        end += 1
    for match in _NUMBER.finditer(text, max(0, start - 24), min(len(text), end + 24)):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
    return Span(start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES and not _is_sign(text, start):
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    for opening, closing in _BRACKETS:
        inner = text[start:end]
        if inner.endswith(closing) and opening not in inner:
            end -= 1
        elif inner.startswith(opening) and closing not in inner:
            start += 1
    return start, end


def _is_sign(text: str, at: int) -> bool:
    return text[at] in "-–" and text[at + 1 : at + 2].isdigit()


def _one_word(left: str, right: str) -> bool:
    return _is_word(left) and _is_word(right) and not (_is_unspaced(left) or _is_unspaced(right))


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M") or character == "_"


def _is_unspaced(character: str) -> bool:
    return ord(character) > 0x0E00 and unicodedata.name(character, "").startswith(_UNSPACED)


def _pair_scores(starts: npt.NDArray[np.float32], ends: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    size = len(starts)
    distance = np.arange(size)[None, :] - np.arange(size)[:, None]
    allowed = (distance >= 0) & (distance < MAX_ANSWER_TOKENS)
    scores: npt.NDArray[np.float32] = np.where(allowed, starts[:, None] + ends[None, :], np.float32(2 * IMPOSSIBLE))
    return scores


def _best_ranges(window: WindowScores, count: int) -> list[tuple[int, int, float]]:
    if len(window.starts) == 0:
        return []
    scores = _pair_scores(window.starts, window.ends)
    flat = scores.reshape(-1)
    top = np.argpartition(-flat, min(count, flat.size - 1))[:count]
    ranges = []
    for index in top[np.argsort(-flat[top])]:
        low, high = divmod(int(index), scores.shape[1])
        if low <= high:
            ranges.append((window.first + low, window.first + high, float(flat[index]) - window.null))
    return ranges
