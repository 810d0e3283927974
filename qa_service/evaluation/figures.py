"""From scored cases to figures: each metric's value with its interval, over all cases and by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qa_service.evaluation.bootstrap import Interval, Rows, mean_interval, statistic_interval
from qa_service.evaluation.metrics.latency import percentile
from qa_service.evaluation.metrics.parity import parity
from qa_service.evaluation.metrics.risk_coverage import area
from qa_service.evaluation.outcome import Case
from qa_service.evaluation.registry import METRICS

DIMENSIONS = ("language", "relation", "pair", "kind", "tag")


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over `count` cases; the interval is None with fewer than two."""

    value: float
    count: int
    interval: Interval | None


Figures = dict[str, Figure]


def figures_of(cases: Sequence[Case]) -> Figures:
    """Every metric that says something of these cases, in the registry's order."""
    computed = {
        "risk_coverage_area": _risk_coverage(cases),
        "language_parity": _parity(cases),
        "latency_median_ms": _latency(cases, 50),
        "latency_p95_ms": _latency(cases, 95),
    }
    figures: Figures = {}
    for metric in METRICS:
        figure = _mean(cases, metric.name) if metric.of or metric.name not in computed else computed[metric.name]
        if figure is not None:
            figures[metric.name] = figure
    return figures


def breakdowns(cases: Sequence[Case]) -> dict[str, dict[str, Figures]]:
    """The figures by group, for each dimension; a case without tags or language pair is in no group of it."""
    return {
        dimension: {name: figures_of(group) for name, group in sorted(_grouped(cases, dimension).items())}
        for dimension in DIMENSIONS
    }


def _grouped(cases: Iterable[Case], dimension: str) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for name in _groups_of(case, dimension):
            groups[name].append(case)
    return groups


def _groups_of(case: Case, dimension: str) -> Sequence[str]:
    if dimension == "tag":
        return case.gold.tags
    if dimension == "kind":
        return (case.gold.kind,)
    if dimension == "language":
        return (case.language,)
    if case.pair is None:
        return ()
    asked, _, found = case.pair.partition("→")
    return (case.pair,) if dimension == "pair" else ("same language" if asked == found else "cross-language",)


def _mean(cases: Sequence[Case], name: str) -> Figure | None:
    values = [case.scores[name] for case in cases if name in case.scores]
    return Figure(sum(values) / len(values), len(values), mean_interval(values)) if values else None


def _risk_coverage(cases: Sequence[Case]) -> Figure | None:
    answered = [case for case in cases if case.outcome.is_answered]
    sure = np.array([case.outcome.answer.confidence for case in answered])
    wrong = np.array([case.scores["wrong_answer_rate"] for case in answered])

    def of(rows: Rows) -> float | None:
        return area(sure[rows], wrong[rows])  # type: ignore[arg-type]

    value = area(sure, wrong)  # type: ignore[arg-type]
    return None if value is None else Figure(value, len(answered), statistic_interval(len(answered), of))


def _parity(cases: Sequence[Case]) -> Figure | None:
    rated = [(case.language, case.scores["answer_accuracy"]) for case in cases if "answer_accuracy" in case.scores]

    def of(rows: Iterable[int]) -> float | None:
        scores: dict[str, list[float]] = defaultdict(list)
        for row in rows:
            scores[rated[row][0]].append(rated[row][1])
        return parity(scores)

    value = of(range(len(rated)))
    return None if value is None else Figure(value, len(rated), statistic_interval(len(rated), of))


def _latency(cases: Sequence[Case], share: int) -> Figure | None:
    times = np.array([case.outcome.wall_ms for case in cases])

    def of(rows: Rows) -> float | None:
        return percentile(times[rows], share)  # type: ignore[arg-type]

    value = percentile(times, share)  # type: ignore[arg-type]
    return None if value is None else Figure(value, len(times), statistic_interval(len(times), of))
