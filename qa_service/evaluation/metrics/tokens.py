"""Tokens that an LLM read and wrote for an answer; 0 where none is used, and then no figure."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def tokens(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """Tokens of the answer where an LLM was used."""
    return float(outcome.tokens) if outcome.answer.engine.startswith("llm") and outcome.tokens else None


METRIC = Metric(
    "llm_tokens", "mean tokens read and written for an answer by an LLM", "the endpoint's own count", tokens,
    higher_is_better=False, is_rate=False, unit="tokens",
)  # fmt: skip
