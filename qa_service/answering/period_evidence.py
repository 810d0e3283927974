"""What a sentence and its passage tell of a candidate's period, and whether that speaks for or against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa_service.answering.candidates import Candidate
from qa_service.answering.separation import separation
from qa_service.models import Agreement, Analysis, ParsedQuestion, Period
from qa_service.retrieval.constraints import period_agreement

MARK_CHARS = 60
_COMPOUND = re.compile(r"[-‐‑][^\W\d]")


@dataclass(frozen=True, slots=True)
class PeriodEvidence:
    """The period of a value and how it stands to the question's.

    `value` is told by the sentence, or inherited. `agreement` rules a value out where it contradicts; the features keep
    the plain verdict.
    """

    value: Period | None
    agreement: Agreement
    features: dict[str, float]


def period_evidence(question: ParsedQuestion, analysis: Analysis, candidate: Candidate) -> PeriodEvidence:
    """The evidence for a candidate, whose passage is analysed in `analysis`."""
    sentence = analysis.within(candidate.sentence)
    own = nearest_period(sentence, candidate)
    value = own or _inherited_period(question, analysis, candidate)
    told = sentence.periods if candidate.is_sentence and own else [value] if value else ()
    agreement = period_agreement(question.periods, told)
    features = {
        "value_period_agrees": float(agreement is Agreement.AGREES),
        "value_period_contradicts": float(agreement is Agreement.CONTRADICTS),
        "sentence_period_agrees": float(period_agreement(question.periods, sentence.periods) is Agreement.AGREES),
        "period_inherited": float(bool(question.periods) and own is None and value is not None),
        "period_unknown": float(bool(question.periods) and value is None),
    }
    if agreement is Agreement.CONTRADICTS and _may_still_answer(question, candidate, sentence, own=own, value=value):
        agreement = Agreement.NEUTRAL
    return PeriodEvidence(value, agreement, features)


def nearest_period(sentence: Analysis, candidate: Candidate) -> Period | None:
    """The period of the sentence nearest to the candidate's span; one that is only compared with counts last."""
    others = [
        period for period in sentence.periods if candidate.is_sentence or not candidate.span.overlaps(period.span)
    ]
    others = [period for period in others if not _names_a_thing(candidate, period)] or others
    others = [period for period in others if not period.compared] or others
    return min(others, key=lambda period: _distance(candidate, period), default=None)


def _names_a_thing(candidate: Candidate, period: Period) -> bool:
    """Whether the period is the first half of a compound ("the 2024-plan"): then it dates that thing, not the value."""
    return _COMPOUND.match(candidate.hit.passage.text, period.end) is not None


def _inherited_period(question: ParsedQuestion, analysis: Analysis, candidate: Candidate) -> Period | None:
    """The period that a sentence without one takes over: of the passage before it, else of the article."""
    before = [period for period in analysis.periods if period.end <= candidate.sentence.start]
    agreeing = [p for p in before if period_agreement(question.periods, [p]) is Agreement.AGREES]
    return next(reversed(agreeing or before), None) or next(iter(analysis.inherited), None)


def _distance(candidate: Candidate, period: Period) -> float:
    return separation(candidate.hit.passage.text, candidate.span, period.span, mark_chars=MARK_CHARS)


def _may_still_answer(
    question: ParsedQuestion, candidate: Candidate, sentence: Analysis, *, own: Period | None, value: Period | None
) -> bool:
    """Whether a value whose period contradicts is left to the scorer instead of being ruled out.

    It is where its sentence tells of the asked period too, unless another such value is that period's; and where the
    period told lies within the asked one and is not a number's own ("opened in 2024": in June 2024).
    """
    stated = [period for period in sentence.periods if not period.compared]
    if period_agreement(question.periods, stated) is Agreement.AGREES:
        return not any(
            period_agreement(question.periods, [near]) is Agreement.AGREES
            for near in _periods_of_others(candidate, sentence)
        )
    within = value is not None and any(_lies_within(value, asked) for asked in question.periods)
    return within and (own is None or candidate.quantity is None)


def _periods_of_others(candidate: Candidate, sentence: Analysis) -> Iterator[Period]:
    """The periods nearest to the other values of the candidate's kind in its sentence."""
    quantity = candidate.quantity
    for other in sentence.quantities if quantity else ():
        if quantity and other.kind is quantity.kind and not other.span.overlaps(candidate.span):
            near = nearest_period(sentence, replace(candidate, span=other.span))
            if near is not None:
                yield near


def _lies_within(inner: Period, outer: Period) -> bool:
    if None in (inner.first, inner.last, outer.first, outer.last):
        return False
    return outer.first <= inner.first and inner.last <= outer.last  # type: ignore[operator]
