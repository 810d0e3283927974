"""Digits that are no quantities: dates, years, clock times, addresses. Spans of a text to leave alone."""

from __future__ import annotations

import re
from functools import lru_cache

from qa_service.language.numbers_text import Folded
from qa_service.language.quantities_words import Words, base_language, words_of
from qa_service.models import Span

_ALWAYS = (
    r"(?:https?://|www\.)\S+|\S+@\S+\.\S+",
    r"(?<![\d.,])\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?![\d%])(?![.,]\d)",
    r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)|(?<!\d)\d{1,2}/(?:19|20)\d{2}(?!\d)",
    r"(?<![\d.,])(?:1[6-9]|20)\d{2}\s?[-–—/]\s?(?:(?:1[6-9]|20)\d{2}|\d{2})(?!\d|[.,]\d)(?!\s?%)",
    r"(?<![\d.,:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)|(?<!\d)(?:[01]?\d|2[0-3])h[0-5]\d(?!\d)",
    r"(?<![\d.,])(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|o'clock)(?!\w)",
    r"\+\d[\d ()./-]{6,}\d|(?<![\d.,])0\d{2,}[\s./-]?\d{3,}[\d\s./-]*\d",
    r"(?<!\d)\d{1,4}\s?[年년](?![间間])|(?<!\d)\d{1,2}\s?[月월](?!間)|(?<!\d)\d{1,2}\s?[日号일](?!間)",
    r"(?m:^\s*\(?\d{1,2}(?:\.\d{1,2})*[.)]\s+(?=\S))",
    r"(?<![\d.,])\d{1,2}/(?:yy|mm)",
)
_BY_LANGUAGE = {
    "vi": (
        r"(?<!\w)(?:ngày|mùng|mồng)\s+\d{1,2}(?:\s*(?:-|–|đến|và|,)\s*\d{1,2}(?!\d))?(?![\d%])",
        r"(?<!\w)tháng\s+\d{1,2}(?:\s*(?:-|–)\s*\d{1,2})?(?:/\d{4})?(?![\d%])|(?<!\w)quý\s+(?:\d|i{1,3}|iv)(?!\w)",
        r"(?<!\w)năm\s+(?:1[6-9]|20)\d{2}(?!\d)",
        r"(?<![\d.,])\d{1,2}\s+tháng\s+(?:đầu|cuối|của\s+năm|năm)(?:\s+năm)?(?:\s+\d{4})?",
        r"(?<![\d.,])\d{1,2}\s+tháng/\d{4}|(?<!\w)(?:lúc|vào lúc)\s+\d{1,2}(?:\s+giờ)?(?:\s+\d{1,2})?",
    ),
    "nb": (r"(?<!\w)(?:kl|klokka|klokken)\.?\s+\d{1,2}(?:[.:]\d{2})?(?!\w)",),
    "da": (r"(?<!\w)(?:kl|klokken)\.?\s+\d{1,2}(?:[.:]\d{2})?(?!\w)",),
    "sv": (r"(?<!\w)(?:kl|klockan)\.?\s+\d{1,2}(?:[.:]\d{2})?(?!\w)",),
}
_DAY_MONTH = re.compile(r"(?<![\d./,])(\d{1,2})/(\d{1,2})(?![\d/])(?![.,]\d)")
# Languages whose dates are written 20/8; elsewhere a slash is a fraction.
_SLASH_DATES = frozenset(("vi", "en", "fr", "es", "it", "pt", "id", "th", "zh", "ja", "ko", "el", "tr", "ar", "hi"))


def _month_names(language: str) -> list[str]:
    from babel import Locale, UnknownLocaleError

    try:
        months = Locale.parse(language).months
    except (UnknownLocaleError, ValueError):
        return []
    names = {
        str(name).lower().strip(".")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in months[context].get(width, {}).values()
    }
    return sorted((name for name in names if len(name) > 2 and not name[0].isdigit()), key=len, reverse=True)


def _named_dates(language: str) -> list[str]:
    names = _month_names(language) if language not in ("zh", "ja", "ko", "vi") else []
    if language != "en":
        names = [*names, *(name for name in _month_names("en") if len(name) > 4)]
    month = "|".join(re.escape(name) for name in names)
    day = r"(?<![\d.,/])(?:[12]\d|3[01]|0?[1-9])"
    pair = rf"{day}\.?(?:\s*[-–]\s*|\s+(?:and|und|og|bis|to|til|y|et|à|a)\s+){day}"
    ordinal = r"(?:\.|st|nd|rd|th|er|º)?"
    tail = r"(?:,?\s*(?:de\s+)?(?:1[6-9]|20)\d{2}(?!\d))?"
    return [
        rf"(?:{pair}|{day}){ordinal}\s+(?:of\s+|de\s+)?(?:{month})\.?(?!\w){tail}",
        rf"(?<!\w)(?:{month})\.?\s+{day}(?:st|nd|rd|th)?(?!\d|[.,]\d|\s?%){tail}",
        rf"(?<!\w)(?:{month})\.?{tail}",
    ]


@lru_cache(maxsize=64)
def _pattern(language: str) -> re.Pattern[str]:
    base = base_language(language)
    return re.compile("|".join((*_ALWAYS, *_BY_LANGUAGE.get(base, ()), *_named_dates(base))))


def _is_date(folded: Folded, match: re.Match[str], words: Words) -> bool:
    low = folded.low
    before = re.findall(r"[^\W\d_]+", low[max(0, match.start() - 12) : match.start()])
    if before and words.has("date_before", before[-1]):
        return True
    after = re.match(r"\s([^\W\d_]+)", low[match.end() :])
    if after is None:
        return True
    if words.sets.get("counters"):
        return after.group(1) not in words.sets["counters"]
    return words.has("noun_stop", after.group(1)) and after.group(1) not in ("of", "de", "des")


def slash_dates(folded: Folded, language: str) -> list[Span]:
    """Return the spans of dates such as "20/8", told from fractions such as "10/14" by their size and surroundings."""
    base = base_language(language)
    if base not in _SLASH_DATES:
        return []
    words = words_of(base)
    spans = []
    for match in _DAY_MONTH.finditer(folded.low):
        first, second = int(match.group(1)), int(match.group(2))
        small, large = sorted((first, second))
        if 1 <= small <= 12 and large <= 31 and (base == "en" or second <= 12) and _is_date(folded, match, words):
            spans.append(Span(match.start(), match.end()))
    return spans


def date_spans(folded: Folded, language: str) -> list[Span]:
    """Return the spans of dates, times and addresses that their form alone gives away."""
    return [Span(match.start(), match.end()) for match in _pattern(language).finditer(folded.low)]


def masked_spans(folded: Folded, language: str) -> list[Span]:
    """Return the spans of dates, times and addresses in a text."""
    return date_spans(folded, language) + slash_dates(folded, language)
