"""Tokens that an LLM read and wrote for an answer, and what they cost; no figure where none was asked."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome

_ANSWERS = 1000


def tokens(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """Tokens of the answer where an LLM was asked, also where its reply was not used."""
    return float(outcome.tokens) if outcome.tokens else None


def cost(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """What a thousand such answers cost, in the currency of the prices set."""
    return None if outcome.cost is None else outcome.cost * _ANSWERS


METRICS = (
    Metric(
        "llm_tokens", "mean tokens read and written for an answer by an LLM",
        "the endpoint's own count, else a quarter of the bytes", tokens,
        higher_is_better=False, is_rate=False, unit="tokens",
    ),
    Metric(
        "llm_cost", "cost of a thousand answers, by the prices set for a million tokens",
        "`QA_LLM_PRICE_READ`, `QA_LLM_PRICE_WRITTEN`", cost,
        higher_is_better=False, is_rate=False, unit="per 1,000 answers",
    ),
)  # fmt: skip
