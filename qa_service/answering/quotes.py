"""Verbatim quotes of whole sentences, as citations with offsets into the article's source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qa_service.models import Article, Citation, Hit, Passage, Span


def quoted_span(article: Article, passage: Passage, span: Span, *, must_hold: Span) -> Span | None:
    """The source span of the quote of `span` of the passage that holds `must_hold`; None where markup tears that apart.

    A quote never spans a tag or an entity, so of a sentence torn by markup the piece with the value is quoted.
    """
    wanted = passage.source_spans(must_hold)
    if len(wanted) != 1:
        return None
    for piece in passage.source_spans(span):
        if piece.start <= wanted[0].start and wanted[0].end <= piece.end:
            return _trimmed(article.text, piece)
    return None


def _trimmed(text: str, span: Span) -> Span:
    quote = text[span.start : span.end]
    return Span(span.start + len(quote) - len(quote.lstrip()), span.end - len(quote) + len(quote.rstrip()))


@dataclass(slots=True)
class CitationBook:
    """The citations of one answer, numbered from 1 in order of first use; the same quote keeps its number."""

    articles: Mapping[str, Article]
    citations: list[Citation] = field(default_factory=list)
    settled: int = 0

    def cite(self, hit: Hit, span: Span, *, must_hold: Span | None = None) -> Citation | None:
        """The citation of the sentences `span` of the hit's passage; None where nothing verbatim can be quoted."""
        article = self.articles[hit.passage.article_id]
        source = quoted_span(article, hit.passage, span, must_hold=must_hold or span)
        if source is None or source.start >= source.end:
            return None
        citation = Citation(
            marker=len(self.citations) + 1,
            article_id=article.id,
            title=article.title,
            language=article.language,
            published_on=article.published_on,
            url=article.url,
            passage_id=hit.passage.id,
            quote=article.text[source.start : source.end],
            start=source.start,
            end=source.end,
        )
        return self._numbered(citation)

    def keep_only(self, used: set[int]) -> None:
        """Forget the citations after the last one in `used`; earlier ones keep their numbers, proved or not yet."""
        while len(self.citations) > max(used | {self.settled}):
            self.citations.pop()
        self.settled = len(self.citations)

    def _numbered(self, citation: Citation) -> Citation:
        for known in self.citations:
            if (known.article_id, known.start, known.end) == (citation.article_id, citation.start, citation.end):
                return known
        self.citations.append(citation)
        return citation
