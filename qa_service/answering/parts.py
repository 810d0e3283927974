"""The parts of a question: what is asked, for which period; a comparison asks the same thing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_service.models import AskedFor, ParsedQuestion, Period

AREA_UNITS = frozenset({"ha", "km2", "m2"})


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked, with the question narrowed to it."""

    asked: AskedFor
    question: ParsedQuestion


def question_parts(question: ParsedQuestion) -> tuple[Part, ...]:
    """The parts of `question`, at least one; several periods that exclude each other are asked one by one."""
    periods = _separate([period for period in question.periods if not period.compared])
    if len(periods) > 1 and len(question.asked_for) <= 1:
        asked = question.asked_for[0] if question.asked_for else AskedFor.OTHER
        return tuple(Part(asked, replace(question, periods=(period,))) for period in periods)
    if len(question.asked_for) > 1:
        return tuple(
            Part(asked, replace(question, unit_hint=_hint_for(asked, question))) for asked in question.asked_for
        )
    return tuple(Part(asked, question) for asked in question.asked_for or (AskedFor.OTHER,))


def _hint_for(asked: AskedFor, question: ParsedQuestion) -> str | None:
    """The unit named in a question of several parts, for the part whose unit it can be."""
    hint = question.unit_hint
    if hint is None or asked is AskedFor.COUNT:
        return None
    if hint == "%":
        return hint if asked is AskedFor.SHARE else None
    if hint in AREA_UNITS:
        return hint if asked is AskedFor.AREA else None
    is_currency = len(hint) == 3 and hint.isupper()
    return hint if is_currency is (asked is AskedFor.AMOUNT) else None


def is_comparison(parts: Sequence[Part]) -> bool:
    """Whether the parts ask the same thing for several periods."""
    return len(parts) > 1 and len({part.asked for part in parts}) == 1


def _separate(periods: Sequence[Period]) -> list[Period]:
    separate: list[Period] = []
    for period in periods:
        if not any(_overlap(period, other) for other in separate):
            separate.append(period)
    return separate


def _overlap(one: Period, other: Period) -> bool:
    starts_first = one.first is None or other.last is None or one.first <= other.last
    ends_last = one.last is None or other.first is None or other.first <= one.last
    return starts_first and ends_last
