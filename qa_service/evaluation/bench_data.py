"""The public sets that the benchmarks read: a folder with `articles.jsonl` and `questions.jsonl` for each set."""

from __future__ import annotations

import argparse
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_service.errors import QAError
from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.lines import say
from qa_service.evaluation.question_files import read_question_set
from qa_service.reading.documents import is_fitting_half
from qa_service.resources import checkout

SETS = ("newsroom", "xquad", "norquad", "nomiracl-en", "nomiracl-de", "timeqa")
MISSING = (
    "Skipped: {}. Give the folder of the public sets as DATA=…; the README says where they come from, and each set is "
    "a folder with articles.jsonl and questions.jsonl."
)


@dataclass(frozen=True, slots=True)
class BenchSet:
    """A set: its articles' file and the questions to ask of them."""

    name: str
    articles: Path
    questions: tuple[GoldQuestion, ...]


def bench_parser(description: str) -> argparse.ArgumentParser:
    """The options that the benchmarks over public sets share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA", help="folder of the public sets")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET", help=", ".join(SETS))
    parser.add_argument("--limit", type=int, metavar="N", help="only N questions of each set, evenly drawn")
    parser.add_argument("--work", type=Path, metavar="DIR", help="folder of indexes and vectors kept between runs")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures as JSON")
    return parser


def work_folder(given: Path | None) -> Path:
    """Where indexes and vectors are kept: as given, else beside the checkout's environment."""
    folder = given or (checkout() or Path.cwd()) / ".venv" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bench_sets(options: argparse.Namespace) -> Iterator[BenchSet]:
    """The sets asked for, as far as they are there; why another is skipped is said."""
    if options.data is None or not options.data.is_dir():
        say(MISSING.format("there is no folder of data" if options.data is None else f"{options.data} is no folder"))
        return
    logging.getLogger("qa_service.evaluation.question_files").setLevel(logging.ERROR)
    for name in options.sets:
        folder = options.data / name
        try:
            questions = read_question_set(folder / "questions.jsonl")
        except QAError as error:
            say(f"Skipped {name}: {error}")
            continue
        yield BenchSet(name, folder / "articles.jsonl", tuple(drawn(measurable(name, questions), options.limit)))


def measurable(name: str, questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """The questions on articles that nothing was fitted on: of `timeqa`, that is half of them."""
    if name != "timeqa":
        return list(questions)
    return [gold for gold in questions if not any(is_fitting_half(article) for article in gold.articles)]


def drawn(questions: Sequence[GoldQuestion], limit: int | None) -> list[GoldQuestion]:
    """At most `limit` questions, the same ones each time, drawn evenly by the hash of their id."""
    if limit is None or limit >= len(questions):
        return list(questions)
    chosen = sorted(questions, key=lambda gold: hashlib.sha256(gold.id.encode()).digest())[:limit]
    return sorted(chosen, key=questions.index)
