"""Questions to start with: those set, else those written for the collection's articles, else one for each title."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from qa_service.models import ArticleInfo
from qa_service.web.texts import Texts

SHOWN = 4
_FILE = Path(__file__).parent / "example_questions.toml"
_LONGEST_TITLE = 90


def example_questions(articles: Sequence[ArticleInfo], texts: Texts, chosen: Sequence[str] = ()) -> list[str]:
    """Up to four questions that the collection can be asked, in the interface's language."""
    if chosen:
        return list(chosen[:SHOWN])
    ids = {article.id for article in articles}
    written = [entry[texts.language] for entry in _written() if entry["article"] in ids and texts.language in entry]
    if written:
        return written[:SHOWN]
    return [texts.fill("about_title", title=_short(article.title)) for article in _spread(articles)]


def _spread(articles: Sequence[ArticleInfo]) -> list[ArticleInfo]:
    """A few articles from all over the collection, titles once."""
    distinct = list({article.title: article for article in articles}.values())
    step = max(1, len(distinct) // SHOWN)
    return distinct[::step][:SHOWN]


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


@lru_cache(maxsize=1)
def _written() -> list[dict[str, str]]:
    return list(tomllib.loads(_FILE.read_text(encoding="utf-8"))["example"])
