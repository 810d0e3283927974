"""The fitted scorer: from a candidate's features to the probability that it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from qa_service.answering.features import NAMES, Evidence
from qa_service.errors import ReaderError
from qa_service.settings import Strictness

FITTED = Path(__file__).with_name("scorer.json")


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A standardised logistic regression: shapes (features,) for `mean`, `scale` and `weights`."""

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def probability(self, features: tuple[float, ...]) -> float:
        """The probability of the positive class."""
        z = float((np.asarray(features) - self.mean) / self.scale @ self.weights) + self.bias
        return float(1.0 / (1.0 + np.exp(-z)))


@dataclass(frozen=True, slots=True)
class Scorer:
    """`span` judges whether a span is the answer, `sentence` whether its sentence holds it.

    Thresholds are by strictness.
    """

    span: LogisticModel
    sentence: LogisticModel
    span_thresholds: dict[str, float]
    sentence_thresholds: dict[str, float]

    def span_probability(self, evidence: Evidence) -> float:
        """The probability that the candidate's span is the answer."""
        return self.span.probability(evidence.features)

    def sentence_probability(self, evidence: Evidence) -> float:
        """The probability that the candidate's sentence holds the answer."""
        return self.sentence.probability(evidence.features)

    def span_threshold(self, strictness: Strictness) -> float:
        """The least span probability that is answered with a headline."""
        return self.span_thresholds[strictness.value]

    def sentence_threshold(self, strictness: Strictness) -> float:
        """The least sentence probability that is answered with the sentence alone."""
        return self.sentence_thresholds[strictness.value]


@lru_cache(maxsize=2)
def load_scorer(path: Path = FITTED) -> Scorer:
    """The fitted scorer; ReaderError where its file does not fit these features."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != NAMES:
            raise ReaderError(f"{path} was fitted on other features. Restore it, or fit it again with `make fit`.")
        return Scorer(
            _model(data["span"]), _model(data["sentence"]), data["span_thresholds"], data["sentence_thresholds"]
        )
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise ReaderError(f"{path} cannot be read: {error}. Restore it from the project.") from None


def _model(data: dict[str, list[float] | float]) -> LogisticModel:
    mean, scale, weights = (np.asarray(data[key], dtype=float) for key in ("mean", "scale", "weights"))
    bias = data["bias"]
    return LogisticModel(mean, scale, weights, float(bias) if isinstance(bias, (int, float)) else 0.0)
