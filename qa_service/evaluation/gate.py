"""Thresholds that an evaluation must hold, for an exit code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa_service.errors import QuestionSetError
from qa_service.evaluation.figures import Figures
from qa_service.evaluation.registry import BY_NAME


@dataclass(frozen=True, slots=True)
class Threshold:
    """A metric's bound: a floor, or a ceiling for a metric that is better low."""

    name: str
    bound: float


def parse_thresholds(options: Iterable[str]) -> tuple[Threshold, ...]:
    """The thresholds of METRIC=VALUE options; QuestionSetError naming what cannot be read."""
    return tuple(_parsed(option) for option in options)


def thresholds_of(values: Mapping[str, float]) -> tuple[Threshold, ...]:
    """The thresholds of a mapping; QuestionSetError for an unknown metric."""
    return tuple(_parsed(f"{name}={value}") for name, value in values.items())


def failures(figures: Figures, thresholds: Iterable[Threshold]) -> list[str]:
    """What does not hold, in words; a metric without a figure does not hold."""
    return [problem for threshold in thresholds if (problem := _failure(figures, threshold))]


def _parsed(option: str) -> Threshold:
    name, _, value = option.partition("=")
    name = name.strip()
    if name not in BY_NAME:
        raise QuestionSetError(f"There is no metric {name!r}. Give one of {', '.join(BY_NAME)}.")
    try:
        bound = float(value)
    except ValueError:
        bound = math.nan
    if not math.isfinite(bound):
        raise QuestionSetError(f"--fail-under cannot be {option!r}. Give METRIC=VALUE, such as value_accuracy=0.95.")
    return Threshold(name, bound)


def _failure(figures: Figures, threshold: Threshold) -> str | None:
    figure = figures.get(threshold.name)
    if figure is None:
        return f"{threshold.name} has no figure: no question of the set tells anything of it"
    higher = BY_NAME[threshold.name].higher_is_better
    if figure.value >= threshold.bound if higher else figure.value <= threshold.bound:
        return None
    relation = "under" if higher else "over"
    return f"{threshold.name} is {figure.value:.4f}, {relation} {threshold.bound:g} ({figure.count} questions)"
