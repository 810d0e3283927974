"""The commands and their options. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from qa_service import __version__

Run = Callable[[argparse.Namespace], int]


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `options.run` runs the command."""
    parser = argparse.ArgumentParser(
        prog="qa-service",
        description="Ask a collection of news articles, in any language; every answer is proved by a quote.",
    )
    parser.add_argument("--version", action="version", version=f"qa-service {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_index, _ask, _search, _serve, _eval, _settings, _doctor, _watch, _feedback):
        add(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--index-dir", type=Path, metavar="DIR", help="folder of the index (default: index/ of the project)"
    )
    parser.set_defaults(run=_lazily(name))
    return parser


def _lazily(name: str) -> Run:
    def run(options: argparse.Namespace) -> int:
        command: Run = import_module(f"qa_service.cli.{name}_command").run
        return command(options)

    return run


def _index(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "index", "Make the index equal to the articles in each PATH.")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="folder or file of articles (default: seeds/)"
    )
    parser.add_argument("--rebuild", action="store_true", help="build everything anew")
    parser.add_argument(
        "--allow-removal", action="store_true", help="allow that most or all articles of a PATH are removed"
    )


def _ask(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "ask", "Answer a question, or every question of a JSONL file.")
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument(
        "--today", metavar="DATE", help='the day that "last year" is seen from (YYYY-MM-DD; default: today)'
    )
    _batch(parser, "one answer a line")


def _search(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "search", "Rank the passages for a question, with the score of every lane.")
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--top-k", type=int, default=10, metavar="N", help="passages shown (default: 10)")
    parser.add_argument("--json", action="store_true", help="print the passages as JSON")
    parser.add_argument(
        "--today", metavar="DATE", help='the day that "last year" is seen from (YYYY-MM-DD; default: today)'
    )
    _batch(parser, "the passages of one question a line")


def _batch(parser: argparse.ArgumentParser, written: str) -> None:
    parser.add_argument("--input", type=Path, metavar="Q.jsonl", help="questions, a line each, with id and question")
    parser.add_argument("--output", type=Path, metavar="A.jsonl", help=f"where to write {written}")


def _serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "serve", "Serve the web chat and the REST API.")
    parser.add_argument("--host", help="address (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: 7860)")


def _eval(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "eval", "Measure the service on question sets and report.")
    parser.add_argument(
        "questions", nargs="+", type=Path, metavar="QUESTIONS", help="question sets: JSONL, YAML, CSV, SQuAD JSON"
    )
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures and every case as JSON")
    parser.add_argument("--html", type=Path, metavar="F", help="write a self-contained report")
    parser.add_argument("--markdown", type=Path, metavar="F", help="write a summary in Markdown")
    parser.add_argument("--baseline", type=Path, metavar="F", help="compare with an earlier --json file")
    parser.add_argument("--fail-under", action="append", default=[], metavar="METRIC=VALUE", help="exit 1 below VALUE")
    parser.add_argument("--fail-worse", action="store_true", help="exit 1 where a metric is worse than the baseline's")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--tag", action="append", default=[], help="only questions with this tag")
    parser.add_argument("--language", action="append", default=[], help="only questions in this language")
    parser.add_argument("--resume", type=Path, metavar="F", help="keep answers in F and go on from there")
    parser.add_argument(
        "--today", metavar="DATE", help='the day that "last year" is seen from (YYYY-MM-DD; default: today)'
    )


def _settings(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "settings", "List every setting, its value, and where it came from.")
    parser.add_argument("--json", action="store_true", help="print them as JSON")


def _doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "doctor", "Say what is wrong with the index.")
    parser.add_argument("--repair", action="store_true", help="mend it from what is stored, without embedding again")


def _watch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "watch", "Keep the index equal to each PATH until stopped.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folder or file of articles")
    parser.add_argument("--interval", type=float, default=2.0, metavar="S", help="seconds between looks (default: 2)")


def _feedback(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "feedback", "Export the feedback of users as a question set.")
    parser.add_argument("action", choices=["export"])
    parser.add_argument("--output", type=Path, metavar="Q.jsonl", help="where to write (default: standard output)")
