"""The report: one HTML file with plots, figures by group, and every case, worst first; nothing comes from outside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from qa_service.evaluation.compare import Changed, Comparison
from qa_service.evaluation.evaluation_file import Evaluation, write_text
from qa_service.evaluation.figures import Figure, Figures
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.metrics.risk_coverage import risk_coverage_curve
from qa_service.evaluation.outcome import Case
from qa_service.evaluation.registry import BY_NAME, METRICS
from qa_service.evaluation.report_cases import VERDICTS, case_html, worst_first
from qa_service.evaluation.report_text import difference_text, range_text, value_text
from qa_service.evaluation.svg import Bar, bars, curve, heatmap, histogram

CARDS = ("answer_accuracy", "value_accuracy", "wrong_answer_rate", "article_cited", "abstention_recall", "recall_at_5")
GROUP_METRICS = (
    "answer_accuracy",
    "value_accuracy",
    "wrong_answer_rate",
    "coverage",
    "abstention_recall",
    "recall_at_5",
)
_STYLE = Path(__file__).with_name("report.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_FILTER = """
const field = document.getElementById('filter');
field.addEventListener('input', () => {
  const wanted = field.value.toLowerCase();
  for (const item of document.querySelectorAll('#cases details'))
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
});
"""


def write_report(
    evaluation: Evaluation, path: Path, *, comparison: Comparison | None = None, failed: Sequence[str] = ()
) -> None:
    """Writes the report; QuestionSetError where the file cannot be written."""
    write_text(path, report_html(evaluation, comparison=comparison, failed=failed))


def report_html(evaluation: Evaluation, *, comparison: Comparison | None = None, failed: Sequence[str] = ()) -> str:
    """The whole page. `failed` are the thresholds that do not hold."""
    sections = [
        _head(evaluation),
        _gate(failed),
        _cards(evaluation.figures),
        _comparison(comparison) if comparison else "",
        _plots(evaluation),
        _groups(evaluation),
        _cases(evaluation.cases),
        _definitions(evaluation.figures),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Evaluation</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body><main>{''.join(sections)}</main>"
        f"<script>{_FILTER}</script></body></html>\n"
    )


def _head(evaluation: Evaluation) -> str:
    about = " · ".join(f"{escape(name)} <b>{escape(value)}</b>" for name, value in evaluation.about.items())
    return f'<h1>Evaluation of {len(evaluation.cases)} questions</h1><p class="about">{about}</p>'


def _gate(failed: Sequence[str]) -> str:
    if not failed:
        return ""
    items = "".join(f"<li>{escape(problem)}</li>" for problem in failed)
    return f'<div class="box failed"><b>Thresholds that do not hold</b><ul>{items}</ul></div><br>'


def _cards(figures: Figures) -> str:
    cards = [_card(name, figures[name]) for name in CARDS if name in figures]
    return f'<div class="cards">{"".join(cards)}</div>'


def _card(name: str, figure: Figure) -> str:
    return (
        f'<div class="card" title="{escape(BY_NAME[name].definition)}"><div class="name">{_label(name)}</div>'
        f'<div class="figure">{value_text(name, figure.value)}</div>'
        f'<div class="range">{range_text(name, figure)} · n {figure.count}</div></div>'
    )


def _comparison(comparison: Comparison) -> str:
    rows = "".join(
        f'<tr><td>{_label(item.name)}</td><td class="number">{value_text(item.name, item.before)}</td>'
        f'<td class="number">{value_text(item.name, item.now)}</td><td class="number">{difference_text(item)}</td>'
        f'<td class="number">{item.count}</td></tr>'
        for item in comparison.differences
    )
    head = _head_row("metric", "before", "now", "change", "n")
    lists = _changed("Worse", comparison.worse) + _changed("Better", comparison.better)
    return f'<h2>Against the baseline</h2><div class="box scroll"><table><tr>{head}</tr>{rows}</table></div>{lists}'


def _changed(title: str, changed: Sequence[Changed]) -> str:
    if not changed:
        return ""
    items = "".join(case_html(item.now) + _before(item.before) for item in changed)
    return f"<h3>{title}: {len(changed)} questions</h3>{items}"


def _before(case: Case) -> str:
    answer = case.outcome.answer
    return f'<p class="small">before: {escape(answer.headline or answer.text)}</p>'


def _plots(evaluation: Evaluation) -> str:
    rates = [metric for metric in METRICS if metric.is_rate and metric.name in evaluation.figures]
    rows = [_bar(metric.name, evaluation.figures[metric.name]) for metric in rates]
    boxes = [("All rates, with 95 % intervals", bars(rows))]
    if pairs := _pairs(evaluation):
        boxes.append(("Answer accuracy by language pair", heatmap(pairs, title="Answer accuracy by language pair")))
    boxes.append(("Risk by coverage", _risk(evaluation.cases)))
    times = [case.outcome.wall_ms for case in evaluation.cases]
    boxes.append(("Latency", histogram(times, title="Latency", unit="ms")))
    shown = "".join(f'<div class="box"><h3>{title}</h3>{plot}</div>' for title, plot in boxes if plot)
    return f'<h2>Plots</h2><div class="plots">{shown}</div>'


def _bar(name: str, figure: Figure) -> Bar:
    low, high = (figure.interval.low, figure.interval.high) if figure.interval else (figure.value, figure.value)
    note = f"{value_text(name, figure.value)} (n {figure.count})"
    return Bar(_label(name), figure.value, low, high, note, BY_NAME[name].higher_is_better)


def _pairs(evaluation: Evaluation) -> dict[tuple[str, str], tuple[float, int]]:
    cells = {}
    for pair, figures in evaluation.groups["pair"].items():
        asked, _, found = pair.partition("→")
        if (figure := figures.get("answer_accuracy")) and found:
            cells[asked, found] = (figure.value, figure.count)
    return cells


def _risk(cases: Sequence[Case]) -> str:
    answered = [case for case in cases if case.outcome.is_answered]
    if not answered:
        return ""
    sure = [case.outcome.answer.confidence for case in answered]
    risks = risk_coverage_curve(sure, [case.scores["wrong_answer_rate"] for case in answered])
    return curve(
        risks.tolist(),
        title="Risk by coverage",
        x_label="share of answers given, surest first",
        y_label="wrong answers",
    )


def _groups(evaluation: Evaluation) -> str:
    tables = "".join(
        f'<h3>By {escape(dimension)}</h3><div class="scroll">{_group_table(groups)}</div>'
        for dimension, groups in evaluation.groups.items()
        if groups
    )
    return f'<h2>By group</h2><div class="box">{tables}</div>'


def _group_table(groups: dict[str, Figures]) -> str:
    head = "".join(f'<th class="number">{_label(name)}</th>' for name in GROUP_METRICS)
    rows = []
    for name, figures in groups.items():
        cells = "".join(_group_cell(metric, figures.get(metric)) for metric in GROUP_METRICS)
        count = figures["latency_median_ms"].count
        rows.append(f'<tr><td>{escape(name)}</td><td class="number">{count}</td>{cells}</tr>')
    return f'<table><tr><th></th><th class="number">n</th>{head}</tr>{"".join(rows)}</table>'


def _group_cell(name: str, figure: Figure | None) -> str:
    if figure is None:
        return '<td class="number">–</td>'
    value, ends = value_text(name, figure.value), range_text(name, figure)
    return f'<td class="number">{value}<br><span class="small">{ends}</span></td>'


def _definitions(figures: Figures) -> str:
    rows = "".join(_definition(metric, figures[metric.name]) for metric in METRICS if metric.name in figures)
    head = _head_row("metric", "value", "95 %", "n") + "<th>definition</th>"
    return f'<h2>Metrics</h2><div class="box scroll"><table><tr>{head}</tr>{rows}</table></div>'


def _definition(metric: Metric, figure: Figure) -> str:
    cells = (value_text(metric.name, figure.value), range_text(metric.name, figure), str(figure.count))
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    meaning = f'{escape(metric.definition)} <span class="small">({escape(metric.source)})</span>'
    return f"<tr><td>{_label(metric.name)}</td>{numbers}<td>{meaning}</td></tr>"


def _cases(cases: Sequence[Case]) -> str:
    shown = "".join(case_html(case) for case in worst_first(cases))
    hint = f"filter: a word, a tag, {', '.join(VERDICTS)}"
    return (
        "<h2>Cases, worst first</h2>"
        f'<input id="filter" type="search" placeholder="{hint}" aria-label="Filter the cases">'
        f'<div id="cases">{shown}</div>'
    )


def _head_row(first: str, *numbers: str) -> str:
    return f"<th>{first}</th>" + "".join(f'<th class="number">{name}</th>' for name in numbers)


def _label(name: str) -> str:
    return escape(name.replace("_at_", "@").replace("_", " "))
