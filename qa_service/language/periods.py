"""Periods stated in running text and in questions, in any language that CLDR has month names for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa_service.language.periods_anchor import infer_anchor
from qa_service.language.periods_compare import compare_all_periods, compare_periods, period_distance
from qa_service.language.periods_read import read_atoms
from qa_service.language.periods_resolve import resolve_atoms
from qa_service.models import Period

__all__ = ["compare_all_periods", "compare_periods", "find_periods", "infer_anchor", "period_distance"]


def find_periods(
    text: str, language: str, *, anchor: date | None = None, context: Sequence[Period] = ()
) -> tuple[Period, ...]:
    """The periods of `text` in reading order; offsets include the words that make one ("by the end of June 2024").

    `anchor` is the day that "last year" and "so far" count from: the article's date, or today for a question.
    `context` holds periods stated before this text, to which "the same period" refers. Beside the granularities of
    `Period`, "now" is a phrase such as "to date" and "part" an unnamed part of the stretch ("early 2024"). Where no
    year can be known, `first` and `last` are None.
    """
    reading = read_atoms(text, language)
    return resolve_atoms(reading, anchor, context) if reading.atoms else ()
