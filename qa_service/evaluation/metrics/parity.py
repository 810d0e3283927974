"""Language parity: whether the asker's language decides how good the answer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa_service.evaluation.metrics.metric import Metric

FEWEST = 5


def parity(scores: Mapping[str, Sequence[float]]) -> float | None:
    """The lowest language's mean by the highest's, of languages with five questions; None for fewer than two."""
    means = [sum(values) / len(values) for values in scores.values() if len(values) >= FEWEST]
    if len(means) < 2 or max(means) == 0:
        return None
    return min(means) / max(means)


METRIC = Metric(
    "language_parity",
    "answer accuracy of the worst question language by that of the best, of languages with five questions or more",
    "demographic parity ratio, over languages",
)
