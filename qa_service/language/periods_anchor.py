"""The day an article that gives no date of its own was written, as far as its periods tell."""

from __future__ import annotations

from datetime import date

from qa_service.language.periods_read import read_atoms
from qa_service.language.periods_resolve import resolve_atoms
from qa_service.models import Period, PeriodKind

_FINE = {"day", "month", "quarter", "half"}
_FINE_WEIGHT, _YEAR_WEIGHT, _TARGET_WEIGHT, _COMPARED_SHARE = 3.0, 1.0, 0.2, 0.2
_DECAY = 0.25
# "The same period of 2023" is written in 2024.
_NEXT_YEAR_WEIGHT = 2.0


def infer_anchor(text: str, language: str) -> date | None:
    """A day near which `text` seems to have been written; None where it names no year.

    The year is the one that the stated periods speak of most: months and quarters more than bare years, those near
    the top more than later ones, comparisons and targets ("by 2030") least. Month and day are the end of the latest
    such period in that year, since news follows what it reports. Good enough for "in June" and "last year", not for
    display.
    """
    reading = read_atoms(text, language)
    referring = [reading.origin(atom.start, atom.end) for atom in reading.atoms if atom.shape.startswith("same_")]
    stated = [
        p
        for p in resolve_atoms(reading, None, ())
        if p.explicit and p.last and not any(p.start <= start < p.end for start, _ in referring)
    ]
    weights: dict[int, float] = {}
    for position, period in enumerate(stated):
        if period.last:
            weights[period.last.year] = weights.get(period.last.year, 0.0) + _weight(period) / (1 + _DECAY * position)
    for atom in reading.atoms:
        if atom.shape == "same_period" and atom.year:
            weights[atom.year + 1] = weights.get(atom.year + 1, 0.0) + _NEXT_YEAR_WEIGHT
    if not weights:
        return None
    year = max(weights, key=lambda y: weights[y])
    ends = [
        p.last
        for p in stated
        if p.last and p.last.year == year and p.granularity in _FINE | {"range"} and not p.compared
    ]
    return max(ends, default=date(year, 12, 31))


def _weight(period: Period) -> float:
    if period.granularity in ("decade", "part", "now"):
        return 0.0
    months_of_one_year = (
        period.granularity == "range"
        and period.first is not None
        and period.last is not None
        and period.first.year == period.last.year
    )
    weight = _FINE_WEIGHT if period.granularity in _FINE or months_of_one_year else _YEAR_WEIGHT
    if (weight == _YEAR_WEIGHT or _is_new_years_eve(period)) and period.kind is PeriodKind.AS_OF:
        weight = _TARGET_WEIGHT
    return weight * (_COMPARED_SHARE if period.compared else 1.0)


def _is_new_years_eve(period: Period) -> bool:
    return period.last is not None and (period.last.month, period.last.day) == (12, 31)
