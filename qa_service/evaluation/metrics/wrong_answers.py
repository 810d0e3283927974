"""Wrong answers given as answers: what costs a service its readers' trust."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.judgement import judge
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def wrong_answer(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """1 for a wrong answer, of all questions; an abstention is none, nor is the gold sentence quoted whole."""
    return float(judge(gold, outcome).is_wrong)


METRIC = Metric(
    "wrong_answer_rate",
    "wrong answers of all questions, an answer to a question without one included; an abstention is not wrong, nor is "
    "the gold sentence quoted whole",
    "design of the project",
    wrong_answer,
    higher_is_better=False,
)
