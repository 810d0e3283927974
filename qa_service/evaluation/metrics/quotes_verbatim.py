"""Whether every quote stands in its article, exactly."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def quotes_verbatim(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """The share of citations, and of the nearest passages of an abstention, that are their slice of the article."""
    shown = [*outcome.answer.citations, *outcome.answer.closest]
    if not shown:
        return None
    return sum(outcome.is_verbatim(citation.marker) for citation in shown) / len(shown)


METRIC = Metric(
    "quotes_verbatim",
    "share of quotes shown that are exactly the article's text at their offsets",
    "design of the project",
    quotes_verbatim,
)
