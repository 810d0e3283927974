"""Right answers, of the questions that the articles answer."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.judgement import judge
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def answer_accuracy(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """1 for a right answer; an abstention is none."""
    return float(judge(gold, outcome).is_right) if gold.is_answerable else None


METRIC = Metric(
    "answer_accuracy",
    "right answers of the questions with an answer: an accepted answer of every part, from a gold article, of the gold "
    "period; where no short answer is accepted, half of the gold quote; an abstention is not right",
    "accuracy with typed matching; see value_accuracy",
    answer_accuracy,
)
