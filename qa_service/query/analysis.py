"""Everything typed that a sentence or passage says, in one call."""

from __future__ import annotations

from datetime import date

from qa_service.language.names import find_names
from qa_service.language.periods import find_periods
from qa_service.models import Analysis, Quantity


def analyse(text: str, language: str, *, anchor: date | None = None) -> Analysis:
    """The quantities, periods and names of `text`, offsets into it; `anchor` is the article's date."""
    return Analysis(
        quantities=_quantities(text, language),
        periods=find_periods(text, language, anchor=anchor),
        names=find_names(text, language),
    )


def _quantities(text: str, language: str) -> tuple[Quantity, ...]:
    try:
        from qa_service.language.quantities import find_quantities
    except ImportError:
        return ()
    return find_quantities(text, language)
