"""Articles ready to be indexed: cleaned, with language, title, days and a hash of their content."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date

from qa_service.language.detect import detect_language
from qa_service.language.periods import find_periods
from qa_service.models import Article, CleanText, LoadedArticle, Period, PeriodKind
from qa_service.text.clean import clean_article
from qa_service.text.metadata import Metadata, read_metadata, title_of

MAX_DATED_CHARS = 10_000


def build_article(loaded: LoadedArticle) -> Article:
    """The article of `loaded`: what it says, its language (declared, else detected), title, days and url.

    `content_hash` is the SHA-256 of the text and of the metadata found, so that either's change is one of the article.
    """
    clean = clean_article(loaded)
    metadata = read_metadata(loaded, clean)
    language = _language(loaded, clean, metadata)
    published_on = metadata.published_on or _stated_day(metadata.date_texts, language)
    title = metadata.title or title_of(clean, language) or loaded.id
    return Article(
        id=loaded.id,
        text=loaded.text,
        clean=clean,
        title=title,
        language=language,
        published_on=published_on,
        as_of=as_of_day(clean, language, published_on),
        url=metadata.url,
        content_hash=_hash(loaded, title, metadata.url, published_on, language),
    )


def as_of_day(clean: CleanText, language: str, published_on: date | None) -> date | None:
    """The latest day that the article states figures or events of: a publication day's stand-in for "to date".

    It is the latest end among the explicit days, months, quarters, halves and stretches of the text; a whole year says
    too little. Plans lie ahead of that: with a publication day nothing after it counts; without, the year stated first
    or most often, whichever is later, is taken for the article's own, and only full dates count for a year more. The
    first MAX_DATED_CHARS characters are read.
    """
    found = find_periods(clean.text[:MAX_DATED_CHARS], language, anchor=published_on)
    periods = [period for period in found if period.explicit and period.last is not None]
    own_year = _own_year(periods)
    ends = [
        period.last
        for period in periods
        if period.last and period.kind is not PeriodKind.FROM and _is_dated(period)
        if period.last <= (published_on or _latest_day(period, own_year))
    ]
    return max(ends, default=None)


def _is_dated(period: Period) -> bool:
    """Whether its end is a day or a month; a stretch that ends with a year is one of years."""
    if period.granularity == "range":
        return period.last is not None and (period.last.month, period.last.day) != (12, 31)
    return period.granularity in ("day", "month", "part", "quarter", "half")


def _own_year(periods: Sequence[Period]) -> int:
    years = [period.last.year for period in periods if period.last]
    if not years:
        return date.min.year
    [(commonest, _)] = Counter(years).most_common(1)
    return max(years[0], commonest)


def _latest_day(period: Period, own_year: int) -> date:
    """The last day that `period` may end on to count where no publication day is known."""
    if period.granularity == "day":
        return date(min(own_year + 1, date.max.year), 12, 31)
    return date(own_year, 12, 31)


def _language(loaded: LoadedArticle, clean: CleanText, metadata: Metadata) -> str:
    """The declared language, else the detected one, with what the page claims where the text does not tell."""
    declared = loaded.declared_language or (metadata.language if loaded.format == "md" else None)
    if declared:
        return _base_language(declared)
    claimed = _base_language(metadata.language) if metadata.language else None
    return detect_language(clean.text, fallback=claimed)


def _base_language(code: str) -> str:
    base = code.replace("_", "-").split("-")[0].lower()
    return {"no": "nb"}.get(base, base)


def _stated_day(texts: Sequence[str], language: str) -> date | None:
    """The first full date of the first text that states one."""
    days = (
        period.last
        for text in texts
        for period in find_periods(text, language)
        if period.explicit and period.granularity == "day" and period.first == period.last
    )
    return next(days, None)


def _hash(loaded: LoadedArticle, title: str, url: str | None, published_on: date | None, language: str) -> str:
    day = published_on.isoformat() if published_on else None
    content = json.dumps([loaded.format, loaded.text, title, url, day, language], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
