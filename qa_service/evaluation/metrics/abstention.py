"""Abstention: precision, recall, and the share of answerable questions that get an answer.

Definitions as in SelectiveQA (Kamath et al., ACL 2020); NoMIRACL (Thakur et al., 2024) calls 1 - recall the
hallucination rate and 1 - coverage the error rate.
"""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def abstention_precision(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """Of the abstentions: 1 where the articles do not answer."""
    return None if outcome.is_answered else float(not gold.is_answerable)


def abstention_recall(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """Of the questions without an answer: 1 where the service abstained."""
    return None if gold.is_answerable else float(not outcome.is_answered)


def coverage(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """Of the questions with an answer: 1 where the service answered, rightly or wrongly."""
    return float(outcome.is_answered) if gold.is_answerable else None


METRICS = (
    Metric(
        "abstention_precision", "abstentions that were right to abstain", "Kamath et al. 2020", abstention_precision
    ),
    Metric("abstention_recall", "questions without an answer that got none", "Kamath et al. 2020", abstention_recall),
    Metric("coverage", "questions with an answer that got one, right or wrong", "Kamath et al. 2020", coverage),
)
