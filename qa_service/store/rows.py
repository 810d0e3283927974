"""Articles and passages as database rows, and back; spans and runs are compact JSON number lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from qa_service.models import Article, CleanText, LoadedArticle, Passage, Run, Span

ARTICLE_COLUMNS = (
    "id, source, source_hash, format, path, declared, text, clean, "
    "title, language, published_on, as_of, url, content_hash"
)
PASSAGE_COLUMNS = "id, article_id, position, start, end, text, sentences, runs, language, context"

Cell: TypeAlias = str | int | bytes | None
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True)
class StagedPassage:
    """A passage on its way into the database, with the key of its vector and its analysis as JSON text."""

    passage: Passage
    vector_key: bytes
    analysis: str


@dataclass(frozen=True)
class StagedArticle:
    """An article on its way into the database."""

    source: str
    source_hash: str
    loaded: LoadedArticle
    article: Article
    passages: tuple[StagedPassage, ...]


def article_row(staged: StagedArticle) -> Row:
    """The values of ARTICLE_COLUMNS."""
    article, loaded = staged.article, staged.loaded
    declared = [
        loaded.declared_title, loaded.declared_url, _iso(loaded.declared_published_on), loaded.declared_language,
    ]  # fmt: skip
    return (
        article.id, staged.source, staged.source_hash, loaded.format, loaded.path, _dump(declared), article.text,
        _dump_clean(article.clean), article.title, article.language, _iso(article.published_on), _iso(article.as_of),
        article.url, article.content_hash,
    )  # fmt: skip


def passage_row(passage: Passage) -> Row:
    """The values of PASSAGE_COLUMNS."""
    return (
        passage.id, passage.article_id, passage.position, passage.start, passage.end, passage.text,
        _dump_spans(passage.sentences), _dump_runs(passage.runs), passage.language, passage.context,
    )  # fmt: skip


def to_article(row: tuple[str, ...]) -> Article:
    """The article of a row of ARTICLE_COLUMNS."""
    return Article(
        id=row[0],
        text=row[6],
        clean=_load_clean(row[7]),
        title=row[8],
        language=row[9],
        published_on=to_date(row[10]),
        as_of=to_date(row[11]),
        url=row[12],
        content_hash=row[13],
    )


def to_loaded_article(row: tuple[str, ...]) -> LoadedArticle:
    """The article as its source gave it, of a row of ARTICLE_COLUMNS."""
    title, url, published_on, language = json.loads(row[5])
    return LoadedArticle(row[0], row[6], row[3], row[4], title, url, to_date(published_on), language)


def to_passage(row: tuple[str, ...]) -> Passage:
    """The passage of a row of PASSAGE_COLUMNS."""
    sentences, runs = json.loads(row[6]), json.loads(row[7])
    return Passage(
        id=row[0],
        article_id=row[1],
        position=int(row[2]),
        start=int(row[3]),
        end=int(row[4]),
        text=row[5],
        sentences=_spans(sentences),
        runs=_runs(runs),
        language=row[8],
        context=row[9],
    )


def to_date(text: str | None) -> date | None:
    """The day of an ISO date, None for none."""
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _dump_spans(spans: tuple[Span, ...]) -> str:
    return _dump([bound for span in spans for bound in (span.start, span.end)])


def _dump_runs(runs: tuple[Run, ...]) -> str:
    return _dump([number for run in runs for number in (run.start, run.source_start, run.length)])


def _dump_clean(clean: CleanText) -> str:
    return _dump([clean.text, json.loads(_dump_runs(clean.runs)), json.loads(_dump_spans(clean.paragraphs))])


def _load_clean(text: str) -> CleanText:
    clean, runs, paragraphs = json.loads(text)
    return CleanText(clean, _runs(runs), _spans(paragraphs))


def _spans(numbers: list[int]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True))


def _runs(numbers: list[int]) -> tuple[Run, ...]:
    return tuple(Run(*triple) for triple in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
