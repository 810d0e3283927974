"""Mechanical proof of a claim: its quotes are verbatim, and they say what it says.

Numbers, units, currencies, dates, places, names and quotations of the claim must stand in the quotes, none denied,
turned round or given to another. What cannot be told counts for the claim only where nothing typed hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from qa_service.answering.verify_names import name_problems, quotation_problems
from qa_service.answering.verify_order import order_problems
from qa_service.answering.verify_pairs import pair_problems
from qa_service.answering.verify_polarity import polarity_problems
from qa_service.answering.verify_reading import Reading
from qa_service.answering.verify_values import value_problems
from qa_service.models import Article, Citation

_MARKERS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_SENTENCE_WORDS = 6
# Where no day is known, "9 June" of a claim and of its quote are compared within one year, whichever it was.
_ANY_DAY = date(2000, 12, 31)


def problems(
    text: str, language: str, citations: Sequence[Citation], articles: Mapping[str, Article]
) -> tuple[str, ...]:
    """What the citations do not prove of `text`, in words; empty where everything is proved."""
    if not citations:
        return ("no citation",)
    found = tuple(problem for citation in citations for problem in quote_problems(citation, articles))
    claim = _one_line(_MARKERS.sub("", text))
    if found or any(claim == _one_line(citation.quote) for citation in citations):
        return found
    source = next((citation for citation in citations if _holds(citation.quote, claim)), None)
    quoted = _readings(citations, articles)
    said = Reading(
        claim, source.language if source else language, _last_day(quoted), dated=all(q.dated for q in quoted)
    )
    checks = [*value_problems(said, quoted), *pair_problems(said, quoted), *order_problems(said, quoted)]
    if source is None:
        checks += [*name_problems(said, quoted), *quotation_problems(said, quoted)]
    if source is None or len(claim.split()) >= _SENTENCE_WORDS:
        # A few words out of a quote are a headline, which says nothing that could be denied.
        checks += polarity_problems(said, quoted)
    return tuple(dict.fromkeys(checks))


def quote_problems(citation: Citation, articles: Mapping[str, Article]) -> tuple[str, ...]:
    """Whether a quote is not its slice of the article."""
    article = articles.get(citation.article_id)
    if article is None:
        return (f"no article {citation.article_id!r}",)
    if article.text[citation.start : citation.end] != citation.quote or not citation.quote.strip():
        return (f"quote [{citation.marker}] does not stand at {citation.start}-{citation.end}",)
    return ()


def _readings(citations: Sequence[Citation], articles: Mapping[str, Article]) -> list[Reading]:
    """The quotes as read on the day of their articles, else on the last day that any of them names."""
    dated = [(citation, articles[citation.article_id]) for citation in citations]
    read = [Reading(c.quote, c.language, article.published_on or article.as_of) for c, article in dated]
    named = [period.last for reading in read for period in reading.periods if period.last and period.explicit]
    day = max(named, default=_ANY_DAY)
    return [reading if reading.anchor else replace(reading, anchor=day, dated=False) for reading in read]


def _last_day(quoted: Sequence[Reading]) -> date | None:
    """The day that a claim's "in June" is read from."""
    return max((reading.anchor for reading in quoted if reading.anchor), default=None)


def _holds(quote: str, claim: str) -> bool:
    """Whether the claim stands in the quote word for word, and cuts no word or number in two."""
    return re.search(rf"(?<!\w)(?<!\d[.,\s]){re.escape(claim)}(?!\w)(?![.,\s]\d)", _one_line(quote)) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())
