"""The scores of each case: every metric that is a mean over cases."""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.retrieval import retrieval_scores
from qa_service.evaluation.outcome import Case, Outcome
from qa_service.evaluation.registry import METRICS


def score_cases(asked: Sequence[tuple[GoldQuestion, Outcome]]) -> list[Case]:
    """One case for each question and outcome, in order; a metric that says nothing of a case is absent."""
    found = retrieval_scores({gold.id: outcome for gold, outcome in asked})
    return [Case(gold, outcome, _scores(gold, outcome) | found.get(gold.id, {})) for gold, outcome in asked]


def _scores(gold: GoldQuestion, outcome: Outcome) -> dict[str, float]:
    scored = ((metric.name, metric.of(gold, outcome)) for metric in METRICS if metric.of)
    return {name: score for name, score in scored if score is not None}
