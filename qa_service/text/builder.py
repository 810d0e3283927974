"""Assembles a cleaned text piece by piece, keeping the map to its source."""

from __future__ import annotations

from qa_service.models import CleanText, Run, Span

PARAGRAPH_JOIN = "\n"
FURNITURE_JOIN = "\n\n"


class CleanBuilder:
    """Collects pieces of source and pieces of its own into paragraphs.

    Paragraphs whose gap is not verbatim are joined by PARAGRAPH_JOIN, or by FURNITURE_JOIN where something that the
    article does not say stood between them.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._runs: list[Run] = []
        self._paragraphs: list[Span] = []

    def add(self, text: str, source_start: int | None) -> None:
        """Appends `text`, which stands at `source_start` of the source, or nowhere (None)."""
        if not text:
            return
        if source_start is not None:
            self._add_run(source_start, len(text))
        self._pieces.append(text)
        self._length += len(text)

    def close_paragraph(self, start: int) -> None:
        """Ends the paragraph that began at `start` of the cleaned text."""
        if start < self._length:
            self._paragraphs.append(Span(start, self._length))

    @property
    def length(self) -> int:
        """Characters of cleaned text so far."""
        return self._length

    def result(self) -> CleanText:
        """The cleaned text."""
        return CleanText("".join(self._pieces), tuple(self._runs), tuple(self._paragraphs))

    def _add_run(self, source_start: int, length: int) -> None:
        if self._runs:
            last = self._runs[-1]
            if last.start + last.length == self._length and last.source_start + last.length == source_start:
                self._runs[-1] = Run(last.start, last.source_start, last.length + length)
                return
        self._runs.append(Run(self._length, source_start, length))


def joinable(clean: CleanText, left: Span, right: Span) -> bool:
    """Whether nothing but white space or markup stood between two neighbouring paragraphs of `clean`."""
    if clean.text[left.end : right.start] == PARAGRAPH_JOIN:
        return True
    return any(run.start <= left.end and right.start <= run.start + run.length for run in clean.runs)
