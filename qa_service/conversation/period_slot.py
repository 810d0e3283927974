"""The period of a follow-up: as the new question says it, completed from the last one where it is cut short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa_service.conversation.cues import Cues
from qa_service.conversation.utterance import Utterance
from qa_service.language.localise_periods import format_period
from qa_service.language.periods import find_periods
from qa_service.language.tokens import fold, words
from qa_service.models import Period, Span

_LAST_YEAR = 9998
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def with_leads(text: str, span: Span, leads: frozenset[str]) -> Span:
    """`span` and the words right before it that lead up to it ("in 2023")."""
    start = span.start
    for word in reversed(words(text[: span.start])):
        if word.key not in leads or text[word.end : start].strip():
            break
        start = word.start
    return Span(start, span.end)


def period_span(periods: Sequence[Period]) -> Span | None:
    """The range from the first to the last period of a question; None where it has none."""
    return Span(min(p.start for p in periods), max(p.end for p in periods)) if periods else None


def new_period(utterance: Utterance, last: Utterance, *, today: date) -> str | None:
    """The words for the period that the new question names, with its preposition; None where it names none."""
    span = period_span(utterance.periods)
    if last.periods and utterance.cues.year_after.fullmatch(fold(utterance.text)):
        return _year_after(utterance, last)
    if span is None:
        return _ordinal(utterance, last)
    led = with_leads(utterance.text, span, utterance.cues.period_leads)
    text = utterance.text[led.start : led.end]
    period = utterance.periods[0]
    if len(utterance.periods) > 1 or period.explicit or period.relative or not last.periods:
        return text
    if period.granularity == "part":
        return _shifted(utterance, last)
    completed = _completed(utterance.text[span.start : span.end], utterance.language, last)
    prefix = utterance.text[led.start : span.start]
    return prefix + completed if completed else _anchored(text, period, utterance, last, today=today)


def in_place_of(old: Span, text: str, new: str, *, last: Utterance, cues: Cues) -> str:
    """The period words to put where `old` stands in `text`: the old preposition is kept where the new has none."""
    first = words(new)[:1]
    if first and first[0].key in cues.period_leads and not _YEAR.fullmatch(new.strip()):
        return new
    core = _core(last.periods[-1], last)
    prefix = text[old.start : core.start] if core else ""
    before = last.periods[-1]
    found = find_periods(new, last.language, anchor=before.last)
    if core and found and prefix.strip() and found[0].granularity == before.granularity and not found[0].relative:
        said = words(prefix)[-1]
        return prefix[: said.start] + new if first and first[0].key == said.key else prefix + new
    return standing(new, cues)


def standing(period: str, cues: Cues) -> str:
    """A period with the preposition that it needs inside a sentence."""
    return cues.during.format(period=period) if _YEAR.fullmatch(period.strip()) else period


def carried_period(last: Utterance, language: str) -> str | None:
    """The last question's period as it is said in `language`, with its preposition; None where it has none."""
    from qa_service.conversation.cues import cues_of

    span = period_span(last.periods)
    if span is None:
        return None
    if last.language == language:
        led = with_leads(last.text, span, last.cues.period_leads)
        return standing(last.text[led.start : led.end], last.cues)
    said = " ".join(format_period(period, language) for period in last.periods)
    return standing(said or last.text[span.start : span.end], cues_of(language))


def _core(period: Period, last: Utterance) -> Span | None:
    """The shortest ending of a period's words that means the same month, quarter or year without its preposition."""
    text = last.text[period.start : period.end]
    for word in reversed(words(text)):
        found = find_periods(text[word.start :], last.language)
        if found and found[0].last == period.last and found[0].granularity == period.granularity and found[0].explicit:
            return Span(period.start + word.start, period.end)
    return None


def _completed(text: str, language: str, last: Utterance) -> str | None:
    """What "May" after "June 2024" means: the shortest ending of the old period that makes the new one whole."""
    old = last.periods[-1]
    if last.language != language or old.last is None:
        return f"{text} {old.last.year}" if old.last else None
    ending = last.text[old.start : old.end]
    for word in reversed(words(ending)[1:]):
        candidate = f"{text} {ending[word.start :]}"
        found = find_periods(candidate, language)
        whole = found and found[0].explicit and found[0].end == len(candidate) and found[0].start < len(text)
        if whole and len(found) == 1 and found[0].last and found[0].last.year == old.last.year:
            return candidate
    return None


def _ordinal(utterance: Utterance, last: Utterance) -> str | None:
    """What "im zweiten" means after "im ersten Quartal 2024"."""
    if not last.periods or last.language != utterance.language or utterance.names or len(words(utterance.text)) > 3:
        return None
    if utterance.questions or not utterance.text:
        return None
    completed = _completed(utterance.text, utterance.language, last)
    if completed is None or fold(completed) in fold(last.text):
        return None
    found = find_periods(completed, utterance.language)
    return completed if found[0].granularity == last.periods[-1].granularity else None


def _shifted(utterance: Utterance, last: Utterance) -> str | None:
    """What "the year before" means: it counts from the period asked about last, and keeps its month or quarter."""
    old = last.periods[-1]
    if old.last is None:
        return None
    found = find_periods(utterance.text, utterance.language, anchor=old.last)
    if not found or found[0].last is None:
        return None
    return _moved(found[0].last.year, utterance, last)


def _year_after(utterance: Utterance, last: Utterance) -> str | None:
    """What "the year after" means: the month or quarter asked about last, a year later."""
    old = last.periods[-1].last
    return _moved(old.year + 1, utterance, last) if old is not None and old.year < _LAST_YEAR else None


def _moved(year: int, utterance: Utterance, last: Utterance) -> str:
    said = carried_period(last, utterance.language) or ""
    moved = _YEAR.sub(str(year), said)
    return moved if moved != said else str(year)


def _anchored(text: str, period: Period, utterance: Utterance, last: Utterance, *, today: date) -> str:
    """The period read beside the last one's year, written out."""
    anchor = last.periods[-1].last or today
    found = find_periods(text, utterance.language, anchor=anchor)
    return format_period(found[0], utterance.language) if found and found[0].last else text
