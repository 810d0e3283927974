"""`qa-service eval`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from qa_service.cli.common import settings_of, today_of
from qa_service.errors import QuestionSetError
from qa_service.evaluation.ask_all import Asker
from qa_service.evaluation.compare import Comparison, compare
from qa_service.evaluation.evaluation_file import Evaluation, evaluate_cases, read_cases, write_evaluation, write_text
from qa_service.evaluation.gate import failures, parse_thresholds
from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.question_files import read_question_sets
from qa_service.evaluation.report_html import write_report
from qa_service.evaluation.report_text import markdown
from qa_service.evaluation.scoring import score_cases
from qa_service.service import QAService
from qa_service.settings import Settings, load_index_settings


def run(options: argparse.Namespace) -> int:
    """Asks every question and reports; 1 where a threshold does not hold or `--fail-worse` finds a worse metric."""
    today = today_of(options)
    thresholds = parse_thresholds(options.fail_under)
    if options.fail_worse and options.baseline is None:
        raise QuestionSetError("--fail-worse needs --baseline. Name an earlier --json file.")
    questions = selected(read_question_sets(options.questions), options)
    before = read_cases(options.baseline) if options.baseline else None
    settings = settings_of(options)
    service = QAService.open(settings)
    asker = Asker(service, today=today, resume=options.resume)
    outcomes = list(_tracked(asker.outcomes(questions), len(questions)))
    cases = score_cases(list(zip(questions, outcomes, strict=True)))
    evaluation = evaluate_cases(cases, _about(options, settings, service.store.generation))
    comparison = compare(cases, before) if before is not None else None
    failed = failures(evaluation.figures, thresholds)
    if options.fail_worse and comparison:
        failed += [f"{name} is worse than the baseline's" for name in comparison.worsened]
    _report(options, evaluation, comparison=comparison, failed=failed)
    return 1 if failed else 0


def selected(questions: Sequence[GoldQuestion], options: argparse.Namespace) -> list[GoldQuestion]:
    """The questions with one of the tags and languages asked for, at most `--limit`; QuestionSetError for none."""
    if options.limit is not None and options.limit < 1:
        raise QuestionSetError(f"--limit cannot be {options.limit}. Give a number of at least 1.")
    found = [
        gold
        for gold in questions
        if (not options.tag or set(options.tag) & set(gold.tags))
        and (not options.language or gold.language in options.language)
    ][: options.limit]
    if not found:
        tags = sorted({tag for gold in questions for tag in gold.tags})
        languages = sorted({gold.language or "none" for gold in questions})
        there = f"Tags: {', '.join(tags) or 'none'}; languages: {', '.join(languages)}."
        raise QuestionSetError(f"No question has that tag and language. {there}")
    return found


def _about(options: argparse.Namespace, settings: Settings, generation: str) -> dict[str, str]:
    return {
        "sets": ", ".join(path.name for path in options.questions),
        "model": load_index_settings().embedding_model,
        "reader": "on" if settings.reader else "off",
        "strictness": settings.strictness.value,
        "index": generation,
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _report(
    options: argparse.Namespace, evaluation: Evaluation, *, comparison: Comparison | None, failed: Sequence[str]
) -> None:
    summary = markdown(evaluation, comparison=comparison, failed=failed)
    if options.json:
        write_evaluation(evaluation, options.json)
    if options.html:
        write_report(evaluation, options.html, comparison=comparison, failed=failed)
    if options.markdown:
        write_text(options.markdown, summary)
    print(summary, end="")
    for problem in failed:
        print(f"qa-service: {problem}", file=sys.stderr)


def _tracked(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    if not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(outcomes, description="asking", total=total, console=Console(stderr=True))
