"""What is read of a period phrase before its year is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Atom:
    """A phrase as read: months and days of a year that may be open, or a reference to another period.

    `shape` is the grammar's; `first` and `last` are (month, day); `year` and `last_year` are explicit;
    `years_from_anchor` is the offset of "last year"; `back` counts months, quarters or days before the anchor;
    `prior` marks "the year before" in so many words, `same` "the same period".
    """

    shape: str
    start: int
    end: int
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    year: int | None = None
    last_year: int | None = None
    years_from_anchor: int | None = None
    back: int = 0
    cued: bool = True
    prior: bool = False
    same: bool = False

    @property
    def granularity(self) -> str:
        """The granularity of the period that this atom becomes."""
        return _GRANULARITY.get(self.shape, self.shape)


_GRANULARITY = {
    "months_first": "range",
    "months_last": "range",
    "bare_year": "year",
    "relative_year": "year",
    "year_range": "range",
    "day_range": "range",
    "century": "range",
    "year_part": "part",
    "same_period": "part",
    "same_year": "year",
    "mid_year": "day",
    "year_end": "year",
    "year_start": "day",
    "relative_month": "month",
    "relative_quarter": "quarter",
    "relative_day": "day",
}
