"""95 % intervals by the percentile bootstrap (Efron & Tibshirani 1993, chapter 13), over questions.

Questions that are translations of each other, or on one article, are resampled as if they were independent, so the
intervals of such sets are a little too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

REPLICATES = 1000
SEED = 20240630
_ENDS = (2.5, 97.5)

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a 95 % interval."""

    low: float
    high: float


def mean_interval(values: Sequence[float]) -> Interval | None:
    """The interval of the mean of the values, or of their paired differences; None with fewer than two."""
    if len(values) < 2:
        return None
    data = np.asarray(values, dtype=float)
    means = data[_resampled(len(data))].mean(axis=1)
    return _interval(means)


def statistic_interval(count: int, statistic: Callable[[Rows], float | None]) -> Interval | None:
    """The interval of a statistic of the rows drawn, of `count` rows; None where undefined or with fewer than two."""
    if count < 2:
        return None
    found = [value for rows in _resampled(count) if (value := statistic(rows)) is not None]
    return _interval(np.asarray(found)) if found else None


def _resampled(count: int) -> Rows:
    return np.random.default_rng(SEED).integers(0, count, size=(REPLICATES, count))


def _interval(replicates: npt.NDArray[np.float64]) -> Interval:
    low, high = np.percentile(replicates, _ENDS)
    return Interval(float(low), float(high))
