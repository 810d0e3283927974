"""How long the asker waits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa_service.evaluation.metrics.metric import Metric


def percentile(values_ms: Sequence[float], share: int) -> float | None:
    """The percentile of the times in milliseconds, interpolated; None without values."""
    return float(np.percentile(values_ms, share)) if len(values_ms) else None


METRICS = (
    Metric(
        "latency_median_ms",
        "half of the answers came faster",
        "wall clock",
        higher_is_better=False,
        is_rate=False,
        unit="ms",
    ),
    Metric(
        "latency_p95_ms",
        "95 % of the answers came faster",
        "wall clock",
        higher_is_better=False,
        is_rate=False,
        unit="ms",
    ),
)
