"""A quote in its surroundings: the paragraph it stands in, cut to a readable length."""

from __future__ import annotations

from dataclasses import dataclass

from qa_service.models import Article, CleanText, Span

REACH = 260


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote and what stands before and after it in its paragraph."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph; `quote` counts the marked quotes from 1, 0 is plain text."""

    text: str
    quote: int = 0


def excerpt_of(article: Article, start: int, end: int) -> Excerpt:
    """The quote `article.text[start:end]` in its paragraph; by itself where it stands in none."""
    clean = article.clean
    span = _clean_span(clean, start, end)
    paragraph = next((p for p in clean.paragraphs if span and p.start <= span.start < p.end), None)
    if span is None or paragraph is None:
        return Excerpt("", article.text[start:end], "")
    before = clean.text[paragraph.start : span.start]
    after = clean.text[span.end : max(paragraph.end, span.end)]
    return Excerpt(_tail(before), clean.text[span.start : span.end], _head(after))


def marked_paragraphs(article: Article, quotes: list[Span]) -> list[list[Piece]]:
    """The article's paragraphs as pieces, those of the quotes (spans of the source) marked."""
    clean = article.clean
    spans = [span for quote in quotes if (span := _clean_span(clean, quote.start, quote.end))]
    paragraphs = clean.paragraphs or (Span(0, len(clean.text)),)
    cut = [_pieces(clean, paragraph, spans) for paragraph in paragraphs]
    return [pieces for pieces in cut if any(piece.text.strip() for piece in pieces)]


def _pieces(clean: CleanText, paragraph: Span, quotes: list[Span]) -> list[Piece]:
    pieces, position = [], paragraph.start
    for number, quote in sorted(enumerate(quotes, start=1), key=lambda pair: pair[1].start):
        start, end = max(quote.start, position), min(quote.end, paragraph.end)
        if start >= end:
            continue
        pieces += [Piece(clean.text[position:start]), Piece(clean.text[start:end], number)]
        position = end
    return [piece for piece in (*pieces, Piece(clean.text[position : paragraph.end])) if piece.text]


def _clean_span(clean: CleanText, start: int, end: int) -> Span | None:
    """The range of the cleaned text that a range of the source became; None where nothing of it was kept."""
    found = [
        (run.start + max(start, run.source_start) - run.source_start, run.start + min(end, last) - run.source_start)
        for run in clean.runs
        if max(start, run.source_start) < min(end, last := run.source_start + run.length)
    ]
    return Span(min(low for low, _ in found), max(high for _, high in found)) if found else None


def _tail(text: str) -> str:
    if len(text) <= REACH:
        return text
    cut = text[-REACH:]
    return "… " + cut[cut.find(" ") + 1 :]


def _head(text: str) -> str:
    if len(text) <= REACH:
        return text
    cut = text[:REACH]
    return cut[: cut.rfind(" ") if " " in cut else REACH] + " …"
