"""`make eval`: the project's own question sets, held to the thresholds of tests/questions/thresholds.toml.

Indexes seeds/ and the second collection into a folder of their own, asks both sets in one process, prints the
figures, and exits with 1 where a threshold does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa_service.errors import QAError, QuestionSetError
from qa_service.evaluation.ask_all import Asker
from qa_service.evaluation.collection import Models, index_articles, load_models, open_collection
from qa_service.evaluation.evaluation_file import Evaluation, evaluate_cases, write_evaluation
from qa_service.evaluation.gate import failures, thresholds_of
from qa_service.evaluation.lines import say
from qa_service.evaluation.question_files import read_question_set
from qa_service.evaluation.report_html import write_report
from qa_service.evaluation.report_text import figures_table
from qa_service.evaluation.scoring import score_cases
from qa_service.resources import checkout
from qa_service.settings import load_index_settings, load_settings

TODAY = date(2026, 1, 15)


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A question set of the project and the articles that it is asked of."""

    name: str
    questions: Path
    articles: Path


@dataclass(frozen=True, slots=True)
class Measured:
    """A set's evaluation, and what does not hold."""

    own: OwnSet
    evaluation: Evaluation
    failed: tuple[str, ...]


def own_sets(root: Path) -> tuple[OwnSet, ...]:
    """The sets of a checkout."""
    questions = root / "tests" / "questions"
    return (
        OwnSet("seeds", questions / "seeds.jsonl", root / "seeds"),
        OwnSet("second", questions / "second" / "second.jsonl", questions / "second" / "articles"),
    )


def measure(
    own: OwnSet, work: Path, models: Models, *, thresholds: dict[str, float], every: int = 1, **settings: object
) -> Measured:
    """The evaluation of every n-th question of a set, its articles indexed under `work`."""
    chosen = load_settings(index_dir=work / own.name, **settings)
    index_articles([own.articles], chosen.index_dir, models)
    service = open_collection(chosen, models)
    questions = read_question_set(own.questions)[::every]
    outcomes = Asker(service, today=TODAY).outcomes(questions)
    cases = score_cases(list(zip(questions, outcomes, strict=True)))
    about = {"set": own.name, "model": load_index_settings().embedding_model, "strictness": chosen.strictness.value}
    evaluation = evaluate_cases(cases, about)
    return Measured(own, evaluation, tuple(failures(evaluation.figures, thresholds_of(thresholds))))


def read_thresholds(root: Path) -> dict[str, dict[str, float]]:
    """The thresholds by set; QuestionSetError where the file cannot be used."""
    path = root / "tests" / "questions" / "thresholds.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Restore it from the project.") from None


def run(root: Path, *, every: int, output: Path | None) -> int:
    """Measures both sets; 1 where a threshold does not hold. `output` gets a report and a JSON file for each."""
    thresholds = read_thresholds(root)
    models = load_models(load_settings())
    failed = 0
    with tempfile.TemporaryDirectory(prefix="own-sets-") as work:
        for own in own_sets(root):
            measured = measure(own, Path(work), models, thresholds=thresholds.get(own.name, {}), every=every)
            _show(measured, output)
            failed += len(measured.failed)
    say(f"{failed} thresholds do not hold." if failed else "All thresholds hold.")
    return 1 if failed else 0


def _show(measured: Measured, output: Path | None) -> None:
    evaluation = measured.evaluation
    say(f"\n## {measured.own.name}: {len(evaluation.cases)} questions\n\n{figures_table(evaluation.figures)}\n")
    for problem in measured.failed:
        say(f"FAILED {problem}")
    if output:
        output.mkdir(parents=True, exist_ok=True)
        write_evaluation(evaluation, output / f"{measured.own.name}.json")
        write_report(evaluation, output / f"{measured.own.name}.html", failed=measured.failed)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command line."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    parser = argparse.ArgumentParser(description="Measure the project's own question sets against their thresholds.")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask only every N-th question")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write a report and a JSON file for each set")
    options = parser.parse_args(arguments)
    root = checkout()
    try:
        if root is None:
            raise QuestionSetError("The question sets are part of a checkout. Run this in one.")
        return run(root, every=max(1, options.every), output=options.output)
    except QAError as error:
        sys.stderr.write(f"own_sets: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
