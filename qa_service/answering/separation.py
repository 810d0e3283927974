"""How far apart two spans of a text are: characters, and the marks between them that part clauses."""

from __future__ import annotations

from qa_service.models import Span

MARKS = ",;()–"


def separation(text: str, one: Span, other: Span, *, mark_chars: int) -> float:
    """The characters between the two spans, each mark among them counted as `mark_chars` more."""
    between = between_spans(text, one, other)
    return len(between) + mark_chars * sum(between.count(mark) for mark in MARKS)


def between_spans(text: str, one: Span, other: Span) -> str:
    """What stands between the two; empty where they meet."""
    return text[min(one.end, other.end) : max(one.start, other.start)]
