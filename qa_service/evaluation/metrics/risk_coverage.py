"""The area under the risk–coverage curve (Geifman, Uziel, El-Yaniv, ICLR 2019, section 2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa_service.evaluation.metrics.metric import Metric


def risk_coverage_curve(confidences: Sequence[float], wrong: Sequence[float]) -> npt.NDArray[np.float64]:
    """The risk (share of wrong answers) of answering only the k surest cases, for k = 1 … n, shape (n,).

    Cases of one confidence are not told apart: each counts with their mean.
    """
    confidence, loss = np.asarray(confidences, dtype=float), np.asarray(wrong, dtype=float)
    order = np.argsort(-confidence, kind="stable")
    _, group = np.unique(-confidence[order], return_inverse=True)
    sums = np.bincount(group, weights=loss[order]) / np.bincount(group)
    risks: npt.NDArray[np.float64] = np.cumsum(sums[group]) / np.arange(1, len(loss) + 1)
    return risks


def area(confidences: Sequence[float], wrong: Sequence[float]) -> float | None:
    """The mean of the curve: 0 if no answer is wrong, low if the wrong ones are the least sure; None without cases."""
    return float(risk_coverage_curve(confidences, wrong).mean()) if len(confidences) else None


METRIC = Metric(
    "risk_coverage_area",
    "mean share of wrong answers among the k surest, over all k, of the questions answered; low where confidence tells",
    "AURC (Geifman et al. 2019)",
    higher_is_better=False,
)
