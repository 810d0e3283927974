"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.outcome import Outcome

Score = Callable[[GoldQuestion, Outcome], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that is the mean of a score over the cases that the score says something of.

    `definition` is one line for people; `of` gives the score of a case, None where it does not apply; it is None for
    metrics that are computed over all cases at once. `is_rate`: between 0 and 1.
    """

    name: str
    definition: str
    source: str
    of: Score | None = None
    higher_is_better: bool = True
    is_rate: bool = True
    unit: str = ""
