"""Figures as text, and the summary in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.evaluation.compare import Comparison, Difference
from qa_service.evaluation.evaluation_file import Evaluation
from qa_service.evaluation.figures import Figure, Figures
from qa_service.evaluation.registry import BY_NAME, METRICS

_GROUP_METRICS = ("answer_accuracy", "value_accuracy", "wrong_answer_rate", "abstention_recall", "recall_at_5")
_WORST_SHOWN = 15
_SMALL = 10


def value_text(name: str, value: float) -> str:
    """A rate in percent, a time or a count with its unit."""
    metric = BY_NAME[name]
    if metric.is_rate:
        return f"{value:.1%}"
    return f"{value:,.{_digits(value)}f} {metric.unit}"


def _digits(value: float) -> int:
    """No digit behind the point, but three of a small number, such as a cost."""
    return 3 if 0 < abs(value) < _SMALL else 0


def range_text(name: str, figure: Figure) -> str:
    """The ends of the interval, or a dash."""
    if figure.interval is None:
        return "–"
    scale = 100 if BY_NAME[name].is_rate else 1
    digits = 1 if BY_NAME[name].is_rate else _digits(figure.value)
    return f"{scale * figure.interval.low:.{digits}f}–{scale * figure.interval.high:.{digits}f}"


def difference_text(difference: Difference) -> str:
    """The change with its interval, in percentage points or in the metric's unit."""
    metric = BY_NAME[difference.name]
    scale, unit = (100, " pp") if metric.is_rate else (1, f" {metric.unit}")
    ends = difference.interval
    shown = f" ({scale * ends.low:+.1f} to {scale * ends.high:+.1f})" if ends else ""
    return f"{scale * difference.change:+.1f}{unit}{shown}"


def markdown(evaluation: Evaluation, *, comparison: Comparison | None = None, failed: Sequence[str] = ()) -> str:
    """The summary: figures, groups, differences, thresholds, and the first of the wrong answers."""
    about = ", ".join(f"{name} {value}" for name, value in evaluation.about.items())
    sections = [f"# Evaluation of {len(evaluation.cases)} questions", about, figures_table(evaluation.figures)]
    if failed:
        sections.append("## Thresholds that do not hold\n\n" + "\n".join(f"- {problem}" for problem in failed))
    if comparison:
        sections.append(_comparison(comparison))
    for dimension, groups in evaluation.groups.items():
        if len(groups) > 1:
            sections.append(f"## By {dimension}\n\n{_group_table(groups)}")
    sections.append(_wrong(evaluation))
    return "\n\n".join(section for section in sections if section) + "\n"


def figures_table(figures: Figures) -> str:
    """The figures as a Markdown table."""
    rows = [
        f"| {metric.name} | {value_text(metric.name, figures[metric.name].value)} | "
        f"{range_text(metric.name, figures[metric.name])} | {figures[metric.name].count} |"
        for metric in METRICS
        if metric.name in figures
    ]
    return "\n".join(["| metric | value | 95 % | n |", "| --- | ---: | ---: | ---: |", *rows])


def _comparison(comparison: Comparison) -> str:
    rows = [
        f"| {item.name} | {value_text(item.name, item.before)} | {value_text(item.name, item.now)} "
        f"| {difference_text(item)} |"
        for item in comparison.differences
    ]
    changed = [f"- worse: {item.now.gold.id}: {_cell(item.now.gold.question)}" for item in comparison.worse]
    changed += [f"- better: {item.now.gold.id}: {_cell(item.now.gold.question)}" for item in comparison.better]
    table = "\n".join(["| metric | before | now | change |", "| --- | ---: | ---: | ---: |", *rows])
    return "\n\n".join(part for part in ("## Against the baseline", table, "\n".join(changed)) if part)


def _group_table(groups: dict[str, Figures]) -> str:
    head = " | ".join(_GROUP_METRICS)
    rows = []
    for name, figures in groups.items():
        cells = [value_text(m, figures[m].value) if m in figures else "–" for m in _GROUP_METRICS]
        rows.append(f"| {_cell(name)} | {figures['latency_median_ms'].count} | {' | '.join(cells)} |")
    return "\n".join([f"| | n | {head} |", "| --- |" + " ---: |" * (len(_GROUP_METRICS) + 1), *rows])


def _wrong(evaluation: Evaluation) -> str:
    wrong = [case for case in evaluation.cases if case.scores["wrong_answer_rate"]]
    wrong.sort(key=lambda case: -case.outcome.answer.confidence)
    rows = [
        f"| {_cell(case.gold.id)} | {_cell(case.gold.question)} | "
        f"{_cell(case.outcome.answer.headline or case.outcome.answer.text)} | {case.outcome.answer.confidence:.2f} |"
        for case in wrong[:_WORST_SHOWN]
    ]
    head = ["| id | question | answered | confidence |", "| --- | --- | --- | ---: |"]
    return f"## Wrong answers: {len(wrong)}\n\n" + "\n".join([*head, *rows]) if rows else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")[:160]
