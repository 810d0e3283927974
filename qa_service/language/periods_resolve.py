"""Turns atoms into periods: joins ranges, reads "by" and "since", finds the year of those that name none."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from qa_service.language.periods_atoms import Atom
from qa_service.language.periods_order import with_lent_years
from qa_service.language.periods_read import Reading
from qa_service.models import Period, PeriodKind

_JOINABLE = {"day", "month", "year", "bare_year", "quarter", "half", "relative_year"}
_ENDING = {"month", "quarter", "half", "year"}
# Kinds that open a period, and how many of them each granularity takes: "after the first half" reports that half.
_OPENING = ("as_of", "from", "after", "from_month")
_OPENING_OF = {"day": 4, "month": 4, "year": 3}
_LEVELS = {"bare_year": "year", "relative_year": "year"}
# A year named in passing ("founded in 1954") says nothing about "in June": only years this close to the anchor, or
# the latest, do.
_NEAR_YEARS = 2
# "In December" said in March is last December; said in August it may as well be the coming one.
_MONTHS_AHEAD = 5
# "The whole year" said so early in a year is the one that has just ended.
_REPORTING_MONTHS = 3
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")


@dataclass
class _State:
    """What was read so far: `main` is what the text is about, `sentence` what this sentence last named.

    "A year earlier" refers to them, "the same period" to `stretch`, the last one that was no mere day or end;
    `year` is the year that "in June" takes.
    """

    anchor: date | None
    main: Period | None = None
    sentence: Period | None = None
    stretch: Period | None = None
    year: int | None = None
    periods: list[Period] = field(default_factory=list)

    @property
    def previous(self) -> Period | None:
        """What "a year earlier" refers to."""
        return self.sentence or self.main

    def reference(self, atom: Atom) -> Period | None:
        """What "the same period" refers to: a stretch where one was told.

        By the end of a month or quarter is a stretch too where its sentence compares it with another year.
        """
        named = self.sentence
        measured = named and named.granularity != "year" and (atom.prior or atom.year)
        if not atom.same or self.stretch is None or measured:
            return self.previous
        return named if named and named.kind is PeriodKind.DURING else self.stretch


def resolve_atoms(reading: Reading, anchor: date | None, context: Sequence[Period]) -> tuple[Period, ...]:
    """The periods of a reading; `anchor` is what "last year" counts from, `context` the periods stated before."""
    state = _State(anchor)
    for stated in context:
        _remember(stated, state)
    state.sentence = None
    atoms, index = with_lent_years(reading), 0
    while index < len(atoms):
        atom = atoms[index]
        joined = _join(atom, atoms[index + 1], reading) if index + 1 < len(atoms) else None
        floor = atoms[index - 1].end if index else 0
        if _SENTENCE_END.search(reading.text, max(0, floor - 1), atom.start):
            state.sentence = None
            state.year = None if anchor else state.year
        period = _to_period(joined or atom, reading, state, floor)
        index += 2 if joined else 1
        if period is not None:
            state.periods.append(period)
            if not atom.shape.startswith("same_"):
                _remember(period, state)
    return tuple(state.periods)


def _remember(period: Period, state: _State) -> None:
    """Keeps what later phrases refer to: not a comparison, a plan for later years, nor the day of a report."""
    day = period.last or period.first
    if day is None or period.compared or period.granularity in ("now", "decade"):
        return
    distance = day.year - state.anchor.year if state.anchor else 0
    if distance > 0 or (state.anchor is None and period.kind is PeriodKind.AS_OF and period.granularity == "year"):
        return
    if period.explicit and distance >= -_NEAR_YEARS:
        state.year = day.year
    if period.granularity in ("day", "part") or period.kind is PeriodKind.FROM:
        return
    state.sentence = period
    main = state.main and (state.main.last or state.main.first)
    told = state.stretch and (state.stretch.last or state.stretch.first)
    if period.kind is PeriodKind.DURING and not (told and day.year < told.year):
        state.stretch = period
    if not (main and day.year < main.year):
        state.main = period


def _join(first: Atom, last: Atom, reading: Reading) -> Atom | None:
    """Two atoms with "to" between them as one range; None where they do not belong together."""
    if first.shape not in _JOINABLE or _LEVELS.get(first.shape, first.shape) != _LEVELS.get(last.shape, last.shape):
        return None
    gap, before = reading.text[first.end : last.start], reading.text[max(0, first.start - 25) : first.start]
    kinds = reading.grammar.kinds
    linked = "link" in kinds and kinds["link"].fullmatch(gap)
    between = "between" in kinds and kinds["between"].search(before)
    if not linked and not (between and "link_and" in kinds and kinds["link_and"].fullmatch(gap)):
        return None
    year = first.year or (last.year if last.years_from_anchor is None else None)
    offset = first.years_from_anchor if first.years_from_anchor is not None else last.years_from_anchor
    joined = replace(
        last,
        shape="year_range",
        start=first.start,
        first=first.first,
        year=year,
        last_year=last.year,
        years_from_anchor=offset,
    )
    return joined if (year or 0, first.first) < (last.year or year or 0, last.last) else None


def _to_period(atom: Atom, reading: Reading, state: _State, floor: int) -> Period | None:
    start, kind, atom = _modify(atom, reading, floor)
    if kind is PeriodKind.DURING and (closing := _end_after(atom, reading)):
        kind, atom = PeriodKind.AS_OF, replace(atom, end=closing)
    span = reading.origin(start, atom.end)
    if atom.shape == "now":
        return Period(None, state.anchor, PeriodKind.AS_OF, "now", *span, explicit=False)
    stretch = _stretch(atom, state)
    if stretch is None:
        return Period(None, None, kind, atom.granularity, *span, explicit=False)
    first, last = stretch
    explicit = atom.year is not None or atom.years_from_anchor is not None or atom.shape.startswith("relative")
    granularity = atom.granularity
    reference = state.reference(atom) if atom.shape.startswith("same_") else None
    if reference and reference.last:
        kind, granularity = reference.kind, reference.granularity
        explicit = explicit or (reference.explicit and not atom.prior)
    may_compare = granularity != "day" and (kind is PeriodKind.DURING or atom.shape.startswith("same_"))
    compared = may_compare and _start_of("compared", reading, start, 0) is not None
    opens, closes = (None if kind is PeriodKind.AS_OF else first), (None if kind is PeriodKind.FROM else last)
    relative = atom.years_from_anchor is not None or atom.shape.startswith("relative")
    return Period(opens, closes, kind, granularity, *span, explicit=explicit, compared=compared, relative=relative)


def _modify(atom: Atom, reading: Reading, floor: int) -> tuple[int, PeriodKind, Atom]:
    """The start of the phrase with its preposition, its kind, and the atom with "end of" or "early" applied."""
    start = atom.start
    kind = PeriodKind.AS_OF if atom.shape in ("mid_year", "year_end") else PeriodKind.DURING
    if atom.shape == "year_range":
        found = _start_of("between", reading, start, floor)
        return start if found is None else found, kind, atom
    if (found := _start_of("end", reading, start, floor)) is not None:
        start, kind, atom = found, PeriodKind.AS_OF, replace(atom, first=atom.last)
    elif (found := _start_of("early", reading, start, floor)) is not None:
        start, atom = found, replace(atom, shape="year_part")
    for name in _OPENING[: _OPENING_OF.get(atom.granularity, 2)]:
        if (found := _start_of(name, reading, start, floor)) is not None:
            return found, PeriodKind.AS_OF if name == "as_of" else PeriodKind.FROM, atom
    return start, kind, atom


def _end_after(atom: Atom, reading: Reading) -> int | None:
    """Where "end" stops that stands behind the phrase ("June 2024 end"); None where none does."""
    after = reading.grammar.kinds.get("end_after")
    found = after.match(reading.text, atom.end) if after and atom.granularity in _ENDING else None
    return found.end() if found else None


def _start_of(name: str, reading: Reading, end: int, floor: int) -> int | None:
    """Where the words named by the grammar's `name` start that end at `end`; None where they do not stand there."""
    if name not in reading.grammar.kinds:
        return None
    found = reading.grammar.kinds[name].search(reading.text, max(floor, end - 60), end)
    return found.start() if found else None


def _stretch(atom: Atom, state: _State) -> tuple[date, date] | None:
    if atom.shape.startswith("relative_") and atom.shape != "relative_year":
        return _relative(atom, state.anchor)
    if atom.shape.startswith("same_"):
        return _same_period(atom, state)
    year = _year(atom, state)
    if year is None:
        return None
    last_year = atom.last_year or year
    if atom.shape == "mid_year":
        return date(year, 6, 30), date(year, 6, 30)
    if atom.shape == "year_end":
        return date(year, 12, 31), date(year, 12, 31)
    if atom.shape == "year_start":
        return date(year, 1, 1), date(year, 1, 1)
    return _day(year, atom.first), _day(last_year, atom.last)


def _year(atom: Atom, state: _State) -> int | None:
    if atom.year is not None:
        return atom.year
    if atom.years_from_anchor is not None:
        base = state.anchor.year if state.anchor else None
        return base + atom.years_from_anchor if base else None
    if atom.shape == "year" and state.previous and state.previous.last:
        return state.previous.last.year
    if state.year or state.anchor is None:
        return state.year
    if atom.shape == "year":
        return state.anchor.year - (state.anchor.month <= _REPORTING_MONTHS)
    return state.anchor.year - (atom.first[0] - state.anchor.month > _MONTHS_AHEAD)


def _day(year: int, month_day: tuple[int, int]) -> date:
    month, day = month_day
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _relative(atom: Atom, anchor: date | None) -> tuple[date, date] | None:
    if anchor is None:
        return None
    if atom.shape == "relative_day":
        day = anchor - timedelta(days=atom.back)
        return day, day
    size = 1 if atom.shape == "relative_month" else 3
    months = anchor.year * 12 + (anchor.month - 1) // size * size - size * atom.back
    end = months + size - 1
    return date(months // 12, months % 12 + 1, 1), _day(end // 12, (end % 12 + 1, 31))


def _same_period(atom: Atom, state: _State) -> tuple[date, date] | None:
    """The period last spoken of, in the year that "the same period of 2023" names or the year before."""
    reference = state.reference(atom)
    if reference is None or reference.last is None:
        year = atom.year or (state.anchor.year - atom.prior if state.anchor else None)
        return (date(year, 1, 1), date(year, 12, 31)) if year else None
    shift = atom.year - reference.last.year if atom.year else -int(atom.prior)
    return _shifted(reference.first or reference.last, shift), _shifted(reference.last, shift)


def _shifted(day: date, years: int) -> date:
    last_day = calendar.monthrange(day.year + years, day.month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(day.year + years, day.month, last_day if is_last else min(day.day, last_day))
