"""Mechanical proof of a claim: its quotes are verbatim, and its numbers, dates, places and names stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa_service.language.names import compare_names, find_names
from qa_service.language.periods import compare_periods, find_periods
from qa_service.language.quantities import find_quantities
from qa_service.language.quantities_same import same_quantity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Agreement, Article, Citation, Span

_DIGITS = re.compile(r"\d[\d.,\u00a0\u202f' ]*\d|\d")


def problems(
    text: str, language: str, citations: Sequence[Citation], articles: Mapping[str, Article]
) -> tuple[str, ...]:
    """What the citations do not prove of `text`, in words; empty where everything is proved."""
    if not citations:
        return ("no citation",)
    found = [problem for citation in citations for problem in quote_problems(citation, articles)]
    return (*found, *_number_problems(text, language, citations), *_name_problems(text, language, citations))


def quote_problems(citation: Citation, articles: Mapping[str, Article]) -> tuple[str, ...]:
    """Whether a quote is not its slice of the article."""
    article = articles.get(citation.article_id)
    if article is None:
        return (f"no article {citation.article_id!r}",)
    if article.text[citation.start : citation.end] != citation.quote or not citation.quote.strip():
        return (f"quote [{citation.marker}] does not stand at {citation.start}-{citation.end}",)
    return ()


def _number_problems(text: str, language: str, citations: Sequence[Citation]) -> list[str]:
    quoted = [quantity for citation in citations for quantity in find_quantities(citation.quote, citation.language)]
    periods = [period for citation in citations for period in find_periods(citation.quote, citation.language)]
    tokens = {token for citation in citations for token in search_tokens(citation.quote)}
    found, explained = [], []
    for quantity in find_quantities(text, language):
        explained.append(Span(quantity.start, quantity.end))
        if not any(same_quantity(quantity, other) for other in quoted):
            found.append(f"number {text[quantity.start : quantity.end]!r} does not stand in the quotes")
    for period in find_periods(text, language):
        explained.append(Span(period.start, period.end))
        if not any(compare_periods(period, other) is Agreement.AGREES for other in periods):
            found.append(f"period {text[period.start : period.end]!r} does not stand in the quotes")
    for match in _DIGITS.finditer(text):
        if (
            not any(span.overlaps(Span(*match.span())) for span in explained)
            and not set(search_tokens(match.group())) <= tokens
        ):
            found.append(f"digits {match.group()!r} do not stand in the quotes")
    return found


def _name_problems(text: str, language: str, citations: Sequence[Citation]) -> list[str]:
    names = [name for citation in citations for name in find_names(citation.quote, citation.language)]
    quotes = "\n".join(citation.quote for citation in citations)
    values = (*find_quantities(text, language), *find_periods(text, language))
    return [
        f"name {name.text!r} does not stand in the quotes"
        for name in find_names(text, language)
        # "US" of "US$1,543 million" and "Q2" of a period name nobody.
        if not any(value.start <= name.start and name.end <= value.end for value in values)
        and compare_names(name, names, quotes) is not Agreement.AGREES
    ]
