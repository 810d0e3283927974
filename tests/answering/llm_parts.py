"""Articles, passages and search results built by hand from small texts: no model, no store."""

from datetime import date

from qa_service.answering.engine import Draft
from qa_service.models import Article, Citation, CleanText, Hit, Passage, Run, Span
from qa_service.query.analysis import analyse
from qa_service.query.parse import parse_question
from qa_service.retrieval.search import SearchResult
from qa_service.text.sentences import split_sentences

TODAY = date(2025, 6, 15)


def article(article_id, language, text, published_on=None):
    clean = CleanText(text, (Run(0, 0, len(text)),), (Span(0, len(text)),))
    return Article(article_id, text, clean, f"About {article_id}", language, published_on, published_on)


def passage_of(item):
    sentences = split_sentences(item.text, item.language)
    runs = (Run(0, 0, len(item.text)),)
    return Passage(f"{item.id}:0", item.id, 0, len(item.text), item.text, sentences, runs, item.language, item.title)


def found(question, *items):
    """The search result in which each article is one passage, in this order; and the articles."""
    passages = [passage_of(item) for item in items]
    analyses = {p.id: analyse(p.text, p.language, anchor=item.as_of) for p, item in zip(passages, items, strict=True)}
    hits = tuple(Hit(passage, 1.0 - rank / 10) for rank, passage in enumerate(passages))
    result = SearchResult(parse_question(question, today=TODAY), hits, analyses, {})
    return result, {item.id: item for item in items}


def extractive_answer(item, quote, *, text="According to the articles: … [1].", headline=None):
    start = item.text.index(quote)
    cited = Citation(
        1, item.id, item.title, item.language, None, None, f"{item.id}:0", quote, start, start + len(quote)
    )
    return Draft("answered", None, 0.8, headline, (), text, (), (cited,), ())


def abstained(reason="not_found"):
    return Draft("abstained", reason, 0.1, None, (), "The articles do not answer this.", (), (), ())
