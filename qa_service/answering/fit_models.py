"""The models of the scorer: rankings by conditional logit, confidences by logistic regression, both held by signs.

Few questions with gold are to be had, so each weight may only take the sign that it can mean, and rankings are drawn
towards a prior (maximum a posteriori): McFadden 1974 for the conditional logit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa_service.answering.features import NAMES
from qa_service.answering.scoring import CONFIDENCE_NAMES, LogisticModel

Floats = npt.NDArray[np.float64]
PRIOR = {
    "span_score": 0.3, "is_best": 0.5, "relevance_gap": 0.6, "search_score": 0.8, "typed": 0.3, "unit_agrees": 1.0,
    "unit_contradicts": -1.0, "value_period_agrees": 1.5, "value_period_contradicts": -3.0, "stock_agrees": 0.5,
    "sentence_period_agrees": 0.7, "period_inherited": -0.5, "period_unknown": -1.0, "stock_contradicts": -1.0,
    "place_agrees": 0.7, "place_contradicts": -2.0, "name_agrees": 0.7, "names_in_sentence": 2.0, "competitors": -0.1,
    "names_in_passage": 0.5, "names_missing": -1.0, "words_in_sentence": 1.0, "noun_asked": 0.3, "in_question": -3.0,
    "kind_likelihood": 0.7, "plan_agrees": 0.5, "plan_contradicts": -0.7, "growth_agrees": 0.5,
    "growth_contradicts": -0.7, "words_in_clause": 1.0, "name_is_nearest": 0.7,
    "names_rivalled": -0.7,
}  # fmt: skip
PRIOR_STRENGTH = 3.0
FREE = {"span_words": 1.5}
"""Weights of either sign, and their bound."""
CONFIDENCE_SIGNS = {
    "span_score": 1, "relevance": 1, "search_score": 1, "names_missing": -1, "names_unknown": -1, "logit": 1,
    "period_inherited": -1, "period_unknown": -1, "names_in_sentence": 1, "margin": 1,
    "asked_numeric": 0, "words_in_sentence": 1, "same_language": 0,
    "kind_likelihood": 1, "growth_contradicts": -1, "words_in_clause": 1, "name_is_nearest": 1,
    "value_period_contradicts": -1, "names_rivalled": -1,
}  # fmt: skip
CONFIDENCE_FIXED = {"place_agrees": 0.8, "value_period_agrees": 0.8, "unit_agrees": 0.6, "plan_contradicts": -1.0}
"""Weights chosen on the development sets: few of the questions that are fitted on name a place, a period or a unit."""
CONFIDENCE_PENALTY = 0.01
LEAST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one question, shape (candidates, features), and which of them are right."""

    features: Floats
    right: npt.NDArray[np.bool_]


def fit_ranking(choices: Sequence[Choice]) -> LogisticModel:
    """The weights under which right candidates are likeliest among their question's."""
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(weights)
        for choice in choices:
            shares = _softmax(choice.features @ weights)
            right = shares * choice.right
            sure = float(right.sum()) + 1e-12
            total -= float(np.log(sure))
            gradient -= choice.features.T @ (right / sure - shares)
        away = weights - prior
        return total + PRIOR_STRENGTH * float(away @ away), gradient + 2 * PRIOR_STRENGTH * away

    weights = _minimised(loss, prior, [_ranking_bounds(name) for name in NAMES])
    return LogisticModel(np.zeros(len(NAMES)), np.ones(len(NAMES)), weights, 0.0)


def fit_confidence(features: Floats, right: npt.NDArray[np.bool_]) -> LogisticModel:
    """The probability that a best ranked candidate is right; `features` as `CONFIDENCE_NAMES`, a row a question."""
    columns = [CONFIDENCE_NAMES.index(name) for name in CONFIDENCE_SIGNS]
    mean, spread = features[:, columns].mean(axis=0), features[:, columns].std(axis=0)
    scale = np.where(spread > LEAST_SPREAD, spread, 1.0)  # what never varies says nothing
    known = (features[:, columns] - mean) / scale

    fixed = [CONFIDENCE_NAMES.index(name) for name in CONFIDENCE_FIXED]
    given = features[:, fixed] @ np.array(list(CONFIDENCE_FIXED.values()))

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, odds = values[:-1], known @ values[:-1] + values[-1] + given
        chance = 1.0 / (1.0 + np.exp(-odds))
        penalty = CONFIDENCE_PENALTY * len(right) / 2
        total = float(np.logaddexp(0.0, odds).sum() - odds[right].sum() + penalty * (weights @ weights))
        gradient = np.append(known.T @ (chance - right) + 2 * penalty * weights, (chance - right).sum())
        return total, gradient

    bounds = [{1: (0.0, 3.0), -1: (-3.0, 0.0), 0: (-1.0, 1.0)}[sign] for sign in CONFIDENCE_SIGNS.values()]
    found = _minimised(loss, np.zeros(len(columns) + 1), [*bounds, (-8.0, 8.0)])
    model = LogisticModel(
        np.zeros(len(CONFIDENCE_NAMES)),
        np.ones(len(CONFIDENCE_NAMES)),
        np.zeros(len(CONFIDENCE_NAMES)),
        float(found[-1]),
    )
    model.mean[columns], model.scale[columns], model.weights[columns] = mean, scale, found[:-1]
    model.weights[fixed] = list(CONFIDENCE_FIXED.values())
    return model


def _ranking_bounds(name: str) -> tuple[float, float]:
    if name in FREE:
        return -FREE[name], FREE[name]
    worth = PRIOR.get(name, 0.0)
    return (0.0, 6.0) if worth > 0 else (-6.0, 0.0) if worth < 0 else (0.0, 0.0)


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=float)


def _minimised(loss: object, start: Floats, bounds: Sequence[tuple[float, float]]) -> Floats:
    from scipy.optimize import minimize

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x, dtype=float)
