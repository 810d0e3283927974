"""Articles, passages, and where in them something stands.

Offsets count code points. `start`/`end` of articles and passages point into the article's text as it lies in its source
(`Article.text`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def covered_share(self, other: Span) -> float:
        """The share of this span that `other` covers, 0 or less where they do not meet."""
        return (min(self.end, other.end) - max(self.start, other.start)) / max(1, self.end - self.start)

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters that stand unchanged at `start` of the cleaned text and at `source_start` of the source."""

    start: int
    source_start: int
    length: int


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text without page furniture or markup, and the map back to its source.

    Characters of `text` outside every run (a space put for a tag, a decoded entity) stand nowhere in the source.
    `paragraphs` are spans of `text`; a paragraph never crosses removed furniture.
    """

    text: str
    runs: tuple[Run, ...]
    paragraphs: tuple[Span, ...]

    def source_spans(self, span: Span) -> tuple[Span, ...]:
        """The verbatim pieces of the source that make up `span` of the cleaned text, adjoining pieces merged."""
        pieces: list[Span] = []
        for run in self.runs:
            low, high = max(span.start, run.start), min(span.end, run.start + run.length)
            if low >= high:
                continue
            start, end = run.source_start + low - run.start, run.source_start + high - run.start
            if pieces and pieces[-1].end == start:
                pieces[-1] = Span(pieces[-1].start, end)
            else:
                pieces.append(Span(start, end))
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """An article as its source gives it, before cleaning.

    `format` is one of txt, md, html, jsonl. `declared_*` come from the source's own fields and win over detection.
    """

    id: str
    text: str
    format: str
    path: str
    declared_title: str | None = None
    declared_url: str | None = None
    declared_published_on: date | None = None
    declared_language: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article ready to be indexed: `text` is verbatim from its source, `clean` what the article says."""

    id: str
    text: str
    clean: CleanText
    title: str
    language: str
    published_on: date | None = None
    as_of: date | None = None
    url: str | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, sized for the embedding model.

    `text` is cleaned text; for a text file `article.text[start:end] == text`. `sentences` are spans of `text`;
    `runs` map `text` to the source, as in `CleanText`. `context` (title, date, place) helps retrieval, and never
    enters a quote.
    """

    id: str
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    runs: tuple[Run, ...]
    language: str
    context: str = ""
    position: int = 0

    def source_spans(self, span: Span) -> tuple[Span, ...]:
        """The verbatim pieces of the source that make up `span` of the passage's text."""
        return CleanText(self.text, self.runs, ()).source_spans(span)


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """What an index knows of an article besides its text."""

    id: str
    title: str
    language: str
    published_on: date | None
    as_of: date | None
    url: str | None
    passages: int = 0
