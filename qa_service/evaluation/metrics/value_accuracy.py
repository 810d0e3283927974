"""Right values, of the questions whose accepted answers are quantities or dates."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.judgement import judge
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.values import asks_for_value


def value_accuracy(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """1 for the accepted amount, unit and period, compared as quantities, cited from a gold article; else 0."""
    if not gold.is_answerable or not asks_for_value(gold):
        return None
    return float(judge(gold, outcome).is_right)


METRIC = Metric(
    "value_accuracy",
    "the same, of questions whose accepted answers are quantities or dates: amount, unit and period are compared as "
    "quantities (1.543 billion is 1 543 millioner), and the first number of the answer must be an accepted one",
    "exact decimals after scaling, CLDR units",
    value_accuracy,
)
