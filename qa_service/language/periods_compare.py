"""How the period of a passage stands to the period that a question asks for."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from qa_service.models import Agreement, Period, PeriodKind

# A period is reported within this many days after its end, and the day of the report is often named beside it.
_REPORT_DAYS = 500


def compare_periods(asked: Period, found: Period) -> Agreement:
    """Whether a value of `found` answers for `asked`.

    AGREES: the same stretch, the same as-of day, a stretch from New Year's Day to the asked as-of day (year to date),
    an as-of day that ends the asked stretch, or a single day within it. CONTRADICTS: another stretch, also one within
    or around the asked one (seven months for six, the half for the year). NEUTRAL: one of them is open ("to date",
    "early 2024", "since 2019"), the year is unknown, or both count from days that may differ ("last year"). A year
    the asker left out is any year.

    So where one lies within the other: asked 2024, found June 2024, its half or its first seven months CONTRADICTS;
    found "by June 2024" or "early 2024" is NEUTRAL; "by the end of 2024" and one day of 2024 AGREES. Asked June 2024
    or one day of it, found 2024 CONTRADICTS, and for the day also June 2024. Asked "by June 2024", found June 2024 is
    NEUTRAL, the first half AGREES, 2024 and "by the end of 2024" CONTRADICTS.
    """
    if asked.granularity == found.granularity == "now":
        return Agreement.AGREES
    if _is_unknown(asked) or _is_unknown(found) or asked.granularity == "now":
        return Agreement.NEUTRAL
    if not asked.explicit:
        asked = _in_year(asked, _anchor_day(found).year)
    return _compare_open(asked, found) or _compare_closed(asked, found)


def _compare_open(asked: Period, found: Period) -> Agreement | None:
    """The verdict where one of the two is not a definite stretch; None where both are."""
    if found.granularity == "now":
        same_year = _anchor_day(asked).year == _anchor_day(found).year
        return Agreement.NEUTRAL if same_year else Agreement.CONTRADICTS
    if asked.relative and found.relative and _bounds(asked) != _bounds(found):
        return Agreement.NEUTRAL
    if "part" in (asked.granularity, found.granularity):
        return Agreement.NEUTRAL if _overlap(asked, found) else Agreement.CONTRADICTS
    if found.granularity == "day" and asked.granularity != "day" and _may_be_report_day(asked, found):
        return Agreement.NEUTRAL
    return None


def _compare_closed(asked: Period, found: Period) -> Agreement:
    if PeriodKind.FROM in (asked.kind, found.kind):
        return _compare_from(asked, found)
    if asked.kind is PeriodKind.AS_OF:
        return _compare_as_of(asked, found)
    return _compare_during(asked, found)


def compare_all_periods(asked: Sequence[Period], found: Sequence[Period]) -> Agreement:
    """One verdict for a question and a passage: one agreement is enough, and only unanimity contradicts.

    Periods that a text only measures against may agree, and never contradict.
    """
    if any(compare_periods(a, f) is Agreement.AGREES for a in asked for f in found):
        return Agreement.AGREES
    verdicts = [compare_periods(a, f) for a in asked if not a.compared for f in found if not f.compared]
    contradicted = verdicts and all(verdict is Agreement.CONTRADICTS for verdict in verdicts)
    return Agreement.CONTRADICTS if contradicted else Agreement.NEUTRAL


def period_distance(asked: Period, found: Period) -> float:
    """How far apart two periods are, from 0 (the same) to 1 (nothing in common), 0.5 where it cannot be told.

    Half of it is the Jaccard distance of the two stretches, half the years between their ends, one year or more
    counting full.
    """
    if _is_unknown(asked) or _is_unknown(found):
        return 0.5
    if not asked.explicit:
        asked = _in_year(asked, _anchor_day(found).year)
    if compare_periods(asked, found) is Agreement.AGREES:
        return 0.0
    (a_first, a_last), (f_first, f_last) = _bounds(asked), _bounds(found)
    shared = max(0, (min(a_last, f_last) - max(a_first, f_first)).days + 1)
    union = (max(a_last, f_last) - min(a_first, f_first)).days + 1
    gap = min(1.0, abs((_anchor_day(asked) - _anchor_day(found)).days) / 365)
    return 0.5 * (1 - shared / union) + 0.5 * gap


def _is_unknown(period: Period) -> bool:
    return period.first is None and period.last is None


def _anchor_day(period: Period) -> date:
    return period.last or period.first or date.min


def _bounds(period: Period) -> tuple[date, date]:
    """First and last day; an as-of period starts with its year, one since a day ends with the year of it."""
    last = period.last or date((period.first or date.min).year, 12, 31)
    return period.first or date(last.year, 1, 1), last


def _overlap(one: Period, other: Period) -> bool:
    (a, b), (c, d) = _bounds(one), _bounds(other)
    return a <= d and c <= b


def _in_year(period: Period, year: int) -> Period:
    """The period moved so that it ends in `year`: the asker left the year out."""
    shift = year - _anchor_day(period).year
    return Period(
        period.first and _moved(period.first, shift),
        period.last and _moved(period.last, shift),
        period.kind,
        period.granularity,
    )


def _moved(day: date, years: int) -> date:
    year = min(max(day.year + years, 1), 9999)
    month_end = day.day == calendar.monthrange(day.year, day.month)[1]
    last = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, last if month_end else min(day.day, last))


def _may_be_report_day(asked: Period, found: Period) -> bool:
    """Whether `found` is a bare day soon after the asked period, on which it may have been reported."""
    delay = (_anchor_day(found) - _anchor_day(asked)).days
    return found.kind is PeriodKind.DURING and 0 < delay <= _REPORT_DAYS


def _compare_from(asked: Period, found: Period) -> Agreement:
    if asked.kind is found.kind:
        return Agreement.AGREES if asked.first == found.first else Agreement.CONTRADICTS
    since, other = (asked, found) if asked.kind is PeriodKind.FROM else (found, asked)
    return Agreement.CONTRADICTS if since.first and _anchor_day(other) < since.first else Agreement.NEUTRAL


def _compare_as_of(asked: Period, found: Period) -> Agreement:
    end, found_end = _anchor_day(asked), _anchor_day(found)
    if found.kind is PeriodKind.AS_OF:
        return _agrees(found_end == end or (found.granularity == "day" and _same_month(asked, found_end)))
    year_to_date = found_end == end and found.first is not None and (found.first.month, found.first.day) == (1, 1)
    if year_to_date or (found.granularity == "day" and (found_end == end or _same_month(asked, found_end))):
        return Agreement.AGREES
    if found_end == end:
        return Agreement.NEUTRAL
    return Agreement.CONTRADICTS


def _same_month(asked: Period, day: date) -> bool:
    """Whether the question names only the month ("by June 2024") and `day` lies in it."""
    end = _anchor_day(asked)
    return asked.granularity == "month" and (end.year, end.month) == (day.year, day.month)


_LOOSE = frozenset({"year", "decade", "part"})
"""Stretches asked loosely: a value of some day of the year may be meant; of nine months, only one of their end."""


def _compare_during(asked: Period, found: Period) -> Agreement:
    first, last = _bounds(asked)
    if found.kind is PeriodKind.AS_OF:
        if found.last == last or (found.granularity == "day" and first <= _anchor_day(found) <= last):
            return Agreement.AGREES
        inside = first <= _anchor_day(found) <= last
        return Agreement.NEUTRAL if inside and asked.granularity in _LOOSE else Agreement.CONTRADICTS
    found_first, found_last = _bounds(found)
    if (found_first, found_last) == (first, last) or (found.granularity == "day" and first <= found_first <= last):
        return Agreement.AGREES
    return _agrees(False)


def _agrees(verdict: bool) -> Agreement:
    return Agreement.AGREES if verdict else Agreement.CONTRADICTS
