"""`make bench-answers`: the answers of the service, measured on public sets.

For each set: right values, token F1 of the headline, right article cited, wrong answers, abstention and coverage with
95 % bootstrap intervals, by language pair, and the time of every step. On the NoMIRACL sets, whose passages do not
hold short answers, the balanced error of answering at all is compared with what a threshold on BM25 or on the cosine
would give: such a threshold is chosen on one half of the questions and measured on the other.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa_service.errors import QAError
from qa_service.evaluation.ask_all import Asker
from qa_service.evaluation.bench_data import BenchSet, bench_parser, bench_sets, work_folder
from qa_service.evaluation.bench_retrieval import TODAY
from qa_service.evaluation.bootstrap import Interval, Rows, statistic_interval
from qa_service.evaluation.collection import Models, index_articles, load_models, open_collection
from qa_service.evaluation.evaluation_file import Evaluation, evaluate_cases, figures_json, write_evaluation, write_text
from qa_service.evaluation.figures import Figures
from qa_service.evaluation.lines import say
from qa_service.evaluation.outcome import Case
from qa_service.evaluation.report_html import write_report
from qa_service.evaluation.report_text import figures_table, range_text, value_text
from qa_service.evaluation.scoring import score_cases
from qa_service.settings import Settings, load_settings

Flags = npt.NDArray[np.bool_]
GROUP_METRICS = ("value_accuracy", "answer_accuracy", "token_f1", "article_cited", "wrong_answer_rate", "coverage")


@dataclass(frozen=True, slots=True)
class Balanced:
    """The mean of the false-answer and the missed-answer rate; `difference` is the service's error minus this one's."""

    name: str
    error: float
    difference: Interval | None


def measure(bench: BenchSet, settings: Settings, models: Models) -> Evaluation:
    """The evaluation of a set, its index kept in the settings' folder."""
    index_articles([bench.articles], settings.index_dir, models)
    service = open_collection(settings, models)
    outcomes = Asker(service, today=TODAY).outcomes(bench.questions)
    cases = score_cases(list(zip(bench.questions, outcomes, strict=True)))
    return evaluate_cases(cases, {"set": bench.name, "strictness": settings.strictness.value})


def pairs_table(groups: Mapping[str, Figures]) -> str:
    """The figures of each group of cases, with intervals, as a Markdown table."""
    lines = [f"| | n | {' | '.join(GROUP_METRICS)} |", "| --- |" + " ---: |" * (len(GROUP_METRICS) + 1)]
    for name, figures in groups.items():
        cells = [
            f"{value_text(metric, figures[metric].value)} ({range_text(metric, figures[metric])})"
            if metric in figures
            else "–"
            for metric in GROUP_METRICS
        ]
        lines.append(f"| {name} | {figures['latency_median_ms'].count} | {' | '.join(cells)} |")
    return "\n".join(lines)


def steps_line(cases: Sequence[Case]) -> str:
    """The median time of each step of an answer."""
    steps: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        for name, took_ms in case.outcome.answer.timings_ms.items():
            steps[name].append(took_ms)
    return "median ms: " + ", ".join(f"{name} {np.median(times):.0f}" for name, times in steps.items())


def balanced_errors(cases: Sequence[Case]) -> list[Balanced]:
    """The service's balanced error, and those of thresholds on BM25 and cosine with paired differences."""
    answerable = np.array([case.gold.is_answerable for case in cases])
    ours = np.array([case.outcome.is_answered for case in cases])
    errors = [Balanced("service", balanced_error(answerable, ours), None)]
    for name, lane in (("BM25", "lexical"), ("cosine", "dense")):
        answers = thresholded(np.array([_best(case, lane) for case in cases]), answerable)

        def difference(rows: Rows, other: Flags = answers) -> float | None:
            first, second = (balanced_error(answerable[rows], given[rows]) for given in (ours, other))
            return first - second if np.isfinite(first - second) else None

        interval = statistic_interval(len(cases), difference)
        errors.append(Balanced(f"threshold on {name}", balanced_error(answerable, answers), interval))
    return errors


def balanced_error(answerable: Flags, answered: Flags) -> float:
    """The mean of the share of unanswerable questions answered and of answerable ones not; nan without one kind."""
    if answerable.all() or not answerable.any():
        return float("nan")
    return float((answered[~answerable].mean() + (~answered[answerable]).mean()) / 2)


def thresholded(scores: npt.NDArray[np.float64], answerable: Flags) -> Flags:
    """Which questions a threshold on the score would answer, chosen on the even for the odd and vice versa."""
    even = np.arange(len(scores)) % 2 == 0
    answers = np.zeros(len(scores), dtype=bool)
    for half in (even, ~even):
        bounds = np.unique(scores[~half])
        errors = [balanced_error(answerable[~half], scores[~half] >= bound) for bound in bounds]
        answers[half] = scores[half] >= bounds[int(np.nanargmin(errors))]
    return answers


def _best(case: Case, lane: str) -> float:
    return max((passage.lanes[lane] for passage in case.outcome.passages if lane in passage.lanes), default=0.0)


def _show(bench: BenchSet, evaluation: Evaluation) -> dict[str, object]:
    say(f"\n## {bench.name}: {len(evaluation.cases)} questions\n\n{figures_table(evaluation.figures)}\n")
    for dimension in ("relation", "pair"):
        if evaluation.groups[dimension]:
            say(pairs_table(evaluation.groups[dimension]) + "\n")
    say(steps_line(evaluation.cases))
    errors = balanced_errors(evaluation.cases) if bench.name.startswith("nomiracl") else []
    for item in errors:
        ends = item.difference
        against = f"; service minus this: {ends.low:+.3f} to {ends.high:+.3f}" if ends else ""
        say(f"balanced error, {item.name}: {item.error:.3f}{against}")
    groups = {name: figures_json(figures) for name, figures in evaluation.groups["pair"].items()}
    return {"all": figures_json(evaluation.figures), "pairs": groups, "balanced": [_balanced(item) for item in errors]}


def _balanced(item: Balanced) -> dict[str, object]:
    ends = (item.difference.low, item.difference.high) if item.difference else None
    return {"name": item.name, "error": item.error, "difference": ends}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the figures of each set, and gives the exit code."""
    parser = bench_parser("Measure the answers of the service on public sets.")
    parser.add_argument("--reports", action="store_true", help="write a report and a JSON file for each set to --work")
    options = parser.parse_args(arguments)
    work, settings, results = work_folder(options.work), load_settings(), {}
    models = None
    try:
        for bench in bench_sets(options):
            models = models or load_models(settings)
            evaluation = measure(bench, settings.model_copy(update={"index_dir": work / bench.name}), models)
            results[bench.name] = _show(bench, evaluation)
            if options.reports:
                write_report(evaluation, work / f"{bench.name}.html")
                write_evaluation(evaluation, work / f"{bench.name}.json")
        if options.json:
            write_text(options.json, json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    except QAError as error:
        sys.stderr.write(f"bench_answers: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
