"""Whether a passage speaks of the period, place and names that a question asks about.

Agreement and contradiction are evidence that moves a passage and stays on the hit; they never filter.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.language.names import compare_names
from qa_service.language.periods import compare_all_periods
from qa_service.models import Agreement, Analysis, Constraints, Name, ParsedQuestion, Period


def judge(question: ParsedQuestion, text: str, analysis: Analysis) -> Constraints:
    """How `text`, analysed, stands to the question's periods, places and names."""
    return Constraints(
        period=period_agreement(question.periods, analysis.periods or analysis.inherited),
        place=names_agreement(question.places, analysis.names, text),
        name=names_agreement(question.names, analysis.names, text),
    )


def period_agreement(asked: Sequence[Period], found: Sequence[Period]) -> Agreement:
    """AGREES if any found period agrees with any asked, CONTRADICTS if all that can be compared contradict."""
    return compare_all_periods(asked, found) if asked and found else Agreement.NEUTRAL


def names_agreement(asked: Sequence[Name], found: Sequence[Name], text: str) -> Agreement:
    """AGREES if every asked name that can be judged agrees, CONTRADICTS if one of them contradicts."""
    verdicts = {compare_names(name, found, text) for name in asked}
    if Agreement.CONTRADICTS in verdicts:
        return Agreement.CONTRADICTS
    return Agreement.AGREES if verdicts == {Agreement.AGREES} else Agreement.NEUTRAL
