"""Builders for tests of answering: hits and results over small texts, analysed for real, read by no model."""

from qa_service.models import Article, CleanText, Hit, Passage, Run, Span
from qa_service.query.analysis import analyse
from qa_service.query.parse import parse_question
from qa_service.reading.reader import Reading
from qa_service.retrieval.search import SearchResult, value_spans
from qa_service.text.sentences import split_sentences


def passage_of(text, *, article_id="a", language="en", passage_id=None, context=""):
    spans = split_sentences(text, language)
    return Passage(
        id=passage_id or f"{article_id}-1",
        article_id=article_id,
        start=0,
        end=len(text),
        text=text,
        sentences=spans,
        runs=(Run(0, 0, len(text)),),
        language=language,
        context=context,
    )


def article_of(passage):
    clean = CleanText(passage.text, passage.runs, (Span(0, len(passage.text)),))
    return Article(passage.article_id, passage.text, clean, "Title", passage.language)


def result_of(question, passages, *, today, relevance=None, scores=None):
    """A search result in which the reader finds every span as likely, or as likely as `scores` says by its text."""
    parsed = parse_question(question, today=today)
    analyses = {passage.id: analyse(passage.text, passage.language) for passage in passages}
    hits = tuple(Hit(passage, 1.0, {"reader": (relevance or {}).get(passage.id, 1.0)}) for passage in passages)
    readings = {passage.id: _reading(passage, analyses[passage.id], scores or {}, relevance) for passage in passages}
    return SearchResult(parsed, hits, analyses, readings)


def _reading(passage, analysis, scores, relevance):
    from qa_service.reading.decode import SpanScore

    candidates = tuple(
        SpanScore(span.start, span.end, scores.get(passage.text[span.start : span.end], 0.0))
        for span in value_spans(analysis)
    )
    spans = tuple(
        SpanScore(start, start + len(text), score)
        for text, score in scores.items()
        if (start := passage.text.find(text)) >= 0
    )
    return Reading((relevance or {}).get(passage.id, 1.0), 0.0, spans, candidates)
