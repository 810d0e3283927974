"""The articles whose titles have the words looked for."""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.language.names import fold
from qa_service.models import ArticleInfo


def matching(articles: Sequence[ArticleInfo], words: str) -> list[ArticleInfo]:
    """The articles with every word in title, id or language, accents and case aside; newest first, then by title."""
    wanted = fold(words).split()
    found = [a for a in articles if all(word in fold(f"{a.title} {a.id} {a.language}") for word in wanted)]
    return sorted(found, key=lambda a: (-_day_number(a), fold(a.title), a.id))


def _day_number(article: ArticleInfo) -> int:
    day = article.published_on or article.as_of
    return day.toordinal() if day else 0
