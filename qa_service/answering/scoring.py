"""The fitted scorer: which candidate answers, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from qa_service.answering.features import NAMES
from qa_service.errors import ReaderError
from qa_service.settings import Strictness

FITTED = {True: Path(__file__).with_name("scorer.json"), False: Path(__file__).with_name("scorer_unread.json")}
"""The scorer for passages that a reader has read, and the one for a service without a reader.

Weights are fitted by `fit.py`; the thresholds of the first were then chosen on the development sets, whose questions
are nearer to what users ask than the hard ones that weights are fitted on.
"""
MODELS = ("span", "sentence", "span_confidence", "sentence_confidence")
CONFIDENCE_NAMES = (*NAMES, "logit", "margin")


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A standardised logistic regression: shapes (features,) for `mean`, `scale` and `weights`."""

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def logit(self, features: Sequence[float]) -> float:
        """The log-odds of the positive class."""
        return float((np.asarray(features) - self.mean) / self.scale @ self.weights) + self.bias

    def probability(self, features: Sequence[float]) -> float:
        """The probability of the positive class."""
        return float(1.0 / (1.0 + np.exp(-self.logit(features))))


@dataclass(frozen=True, slots=True)
class Scorer:
    """Four models and the thresholds on the last two.

    `span` ranks candidates as the answer, `sentence` as standing in the sentence that answers; the confidences judge
    the best ranked one, given also its logit and its margin over the best other value.
    """

    span: LogisticModel
    sentence: LogisticModel
    span_confidence: LogisticModel
    sentence_confidence: LogisticModel
    thresholds: Mapping[str, Mapping[str, float]]

    def span_threshold(self, strictness: Strictness) -> float:
        """The least confidence at which a value is given."""
        return self.thresholds["span"][strictness.value]

    def sentence_threshold(self, strictness: Strictness) -> float:
        """The least confidence at which a sentence alone answers."""
        return self.thresholds["sentence"][strictness.value]


@lru_cache(maxsize=4)
def load_scorer(path: Path) -> Scorer:
    """The fitted scorer; ReaderError where its file does not fit these features."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != NAMES:
            raise ReaderError(f"{path} was fitted on other features. Restore it, or fit it again (see the README).")
        return Scorer(**{name: _model(data[name]) for name in MODELS}, thresholds=data["thresholds"])
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise ReaderError(f"{path} cannot be read: {error}. Restore it from the project.") from None


def _model(data: Mapping[str, Sequence[float]]) -> LogisticModel:
    mean, scale, weights = (np.asarray(data[key], dtype=float) for key in ("mean", "scale", "weights"))
    return LogisticModel(mean, np.where(scale > 0, scale, 1.0), weights, float(data["bias"][0]))
