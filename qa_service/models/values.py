"""Typed values: quantities, periods and names, with the offsets of the text that they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qa_service.models.texts import Span


class QuantityKind(StrEnum):
    """What a number measures."""

    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    AREA = "area"
    RANK = "rank"
    RATIO = "ratio"
    FRACTION = "fraction"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as exact decimals, scale words multiplied in.

    `unit` is an ISO 4217 code for money, "%" for shares, "percentage point", "ha" "km2" "m2" … for areas, a CLDR-like
    unit for measures ("t", "MW", "km"), "" for plain counts. `high` is the upper end of a range. `scale` is the
    article's own scale (1, 1000, 10**6 …) and `digits` the number as written before scaling ("1543" of "1 543
    millioner"), so that a headline can keep the article's own scale. `qualifier` is one of "about", "more than",
    "less than", "nearly", "at least", "at most" or None. `noun` holds the words counted ("projects"). A FRACTION
    n/m ("10/14") has its numerator in `amount` and its denominator in `high`. `unit_assumed`: the currency's country
    is not named ("dollar" read as USD); a family without a usual member has its own name as unit ("dirham").
    """

    amount: Decimal
    unit: str
    kind: QuantityKind
    start: int
    end: int
    high: Decimal | None = None
    scale: int = 1
    digits: Decimal | None = None
    qualifier: str | None = None
    noun: str = ""
    per: str | None = None
    unit_assumed: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class PeriodKind(StrEnum):
    """Whether a value is of a stretch of time, as of its end, or since its start."""

    DURING = "during"
    AS_OF = "as_of"
    FROM = "from"


@dataclass(frozen=True, slots=True)
class Period:
    """Days `first` to `last`, both included.

    `kind` AS_OF is "by the end of June 2024"; then `first` is None: an open start.
    `granularity`: day, month, quarter, half, year, range, decade; "now" ("to date"), "part" (of it: "early 2024").
    `explicit` is false where the year was inherited ("in June" of an article of 2024). `compared` is true where a value
    is only measured against this period ("more than in 2023"), `relative` where it counts from the day of writing or
    asking ("last year").
    """

    first: date | None
    last: date | None
    kind: PeriodKind
    granularity: str
    start: int = 0
    end: int = 0
    explicit: bool = True
    compared: bool = False
    relative: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    def iso(self) -> str:
        """ISO 8601 interval, ".." for an open end: "2024-01-01/2024-06-30"."""
        return f"{self.first or '..'}/{self.last or '..'}"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in a text.

    `key` is its accent-folded, lower-case form; `kind`: place, country, organisation, person, other. `code` is an
    ISO 3166 code ("VN", "VN-13") where the name is a known country or subdivision, so that exonyms compare.
    """

    text: str
    key: str
    kind: str
    start: int
    end: int
    code: str | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)
