"""All metrics, in the order of the report."""

from __future__ import annotations

from qa_service.evaluation.metrics import (
    abstention,
    answer_accuracy,
    article_cited,
    citations,
    latency,
    parity,
    quote_overlap,
    quotes_verbatim,
    retrieval,
    risk_coverage,
    token_f1,
    tokens,
    value_accuracy,
    wrong_answers,
)
from qa_service.evaluation.metrics.metric import Metric

METRICS: tuple[Metric, ...] = (
    answer_accuracy.METRIC,
    value_accuracy.METRIC,
    wrong_answers.METRIC,
    token_f1.METRIC,
    article_cited.METRIC,
    quote_overlap.METRIC,
    quotes_verbatim.METRIC,
    *citations.METRICS,
    *abstention.METRICS,
    risk_coverage.METRIC,
    parity.METRIC,
    *retrieval.METRICS,
    *latency.METRICS,
    *tokens.METRICS,
)
BY_NAME = {metric.name: metric for metric in METRICS}


def definitions_table() -> str:
    """The metrics as a Markdown table: name, definition, source."""
    rows = [f"| `{metric.name}` | {metric.definition} | {metric.source} |" for metric in METRICS]
    return "\n".join(["| metric | definition | source |", "| --- | --- | --- |", *rows])
