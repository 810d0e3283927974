"""Periods in the asker's language: "first half of 2024", "bis Ende Juni 2024", "7 tháng đầu năm 2024"."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from qa_service.language.localise import locale_of, localised_words
from qa_service.language.quantities_words import base_language
from qa_service.models import Period, PeriodKind

_ROMAN = ("", "I", "II", "III", "IV")
_COUNTS = {
    "en": ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "de": ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf"),
    "nb": ("", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve"),
}


def format_period(period: Period, language: str) -> str:
    """Return a period in a language; a stock's date as "by the end of …", an open start as "since …"."""
    base = base_language(language)
    forms: dict[str, str] = localised_words()["periods"].get(base, {})
    if period.last is None and period.first is not None:
        text = _point(period.first, period.granularity, base)
        return forms.get("from", "{period} –").format(period=text)
    if period.last is None:
        return ""
    if period.kind == PeriodKind.AS_OF or period.first is None:
        return _as_of(period.last, period.granularity, base)
    return _stretch(period.first, period.last, period.granularity, base=base)


def _as_of(last: date, granularity: str, base: str) -> str:
    forms: dict[str, str] = localised_words()["periods"].get(base, {})
    ends_month = last.day == monthrange(last.year, last.month)[1]
    if granularity == "day" or not ends_month:
        return forms.get("until", "– {period}").format(period=_point(last, "day", base))
    point = "year" if granularity == "year" and last.month == 12 else "month"
    return forms.get("end_of", "– {period}").format(period=_point(last, point, base))


def _point(day: date, granularity: str, base: str) -> str:
    """A day, month or year by itself."""
    from babel.dates import format_date, format_skeleton

    forms: dict[str, str] = localised_words()["periods"].get(base, {})
    locale = locale_of(base)
    if granularity in ("year", "decade"):
        return forms.get("year", "{year}").format(year=day.year)
    if granularity == "day":
        text = f"{day.day}/{day.month}/{day.year}" if base == "vi" else format_date(day, "long", locale=locale)
        return forms.get("day", "{day}").format(day=text)
    text = f"{day.month}/{day.year}" if base == "vi" else format_skeleton("yMMMM", day, locale=locale)
    return forms.get("month", "{month}").format(month=text)


def _stretch(first: date, last: date, granularity: str, *, base: str) -> str:
    name, values = _named_stretch(first, last, granularity)
    if name in ("day", "month", "year"):
        return _point(first, name, base)
    forms: dict[str, str] = localised_words()["periods"].get(base, {})
    if name == "range" or name not in forms:
        return _range(first, last, base)
    if name == "quarter" and base == "vi":
        return forms[name].format(year=first.year, quarter=_ROMAN[values])
    count = _COUNTS[base][values] if name == "months" and base in _COUNTS else values
    return forms[name].format(year=first.year, quarter=values, count=count)


def _named_stretch(first: date, last: date, granularity: str) -> tuple[str, int]:
    """What the stretch is by its dates: a day, month, quarter, half, year, decade, "first N months", or a range."""
    if first == last:
        return "day", 1
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if granularity == "decade" and whole:
        return "decade", first.year
    if not whole or first.year != last.year:
        return "range", 0
    months = last.month - first.month + 1
    if months in (1, 12):
        return ("month" if months == 1 else "year"), first.month
    if months == 3 and first.month % 3 == 1 and granularity != "range":
        return "quarter", (first.month + 2) // 3
    if months == 6 and first.month in (1, 7) and granularity != "range":
        return ("half1" if first.month == 1 else "half2"), 6
    return ("months", months) if first.month == 1 else ("range", 0)


def _range(first: date, last: date, base: str) -> str:
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    years = whole and first.month == 1 and last.month == 12
    granularity = "year" if years else "month" if whole else "day"
    forms: dict[str, str] = localised_words()["periods"].get(base, {})
    ends = (_point(first, granularity, base), _point(last, granularity, base))
    return forms.get("range", "{first} – {last}").format(first=ends[0], last=ends[1])
