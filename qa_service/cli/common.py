"""What several commands share: settings with the options on top, dates, batch files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qa_service.errors import QuestionError, QuestionSetError
from qa_service.settings import Settings, load_settings


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings, with the command's own options on top."""
    names = ("index_dir", "host", "port")
    return load_settings(**{name: getattr(options, name, None) for name in names})


def today_of(options: argparse.Namespace) -> date:
    """The day given by `--today`, else today."""
    if not options.today:
        return date.today()
    try:
        return date.fromisoformat(options.today)
    except ValueError:
        raise QuestionError(
            f"--today cannot be {options.today!r}. Give a day as YYYY-MM-DD, such as 2024-07-01."
        ) from None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A line of a batch: its id, and its question, None where the line is broken."""

    id: str
    question: str | None


def read_batch(path: Path) -> list[BatchLine]:
    """The lines of a batch file, broken ones too; blank lines are skipped. QuestionSetError where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Give a JSONL file in UTF-8.") from None
    return [_batch_line(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _batch_line(number: int, line: str) -> BatchLine:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return BatchLine(f"line-{number}", None)
    if not isinstance(value, dict):
        return BatchLine(f"line-{number}", None)
    name, question = value.get("id"), value.get("question")
    line_id = str(name) if isinstance(name, (str, int)) else f"line-{number}"
    return BatchLine(line_id, question if isinstance(question, str) else None)


def write_batch(options: argparse.Namespace, answer: Callable[[BatchLine], dict[str, Any]]) -> int:
    """Writes one JSON line for each line of `--input`, in order, with a progress bar on a terminal; the exit code."""
    if options.output is None:
        raise QuestionSetError("--input needs --output. Name the file to write.")
    if options.question:
        raise QuestionSetError("Give either a QUESTION or --input, not both.")
    lines = read_batch(options.input)
    try:
        with options.output.open("w", encoding="utf-8") as output:
            for line in tracked(lines, "asking"):
                output.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
                output.flush()
    except OSError as error:
        raise QuestionSetError(f"{options.output} cannot be written: {error}. Name another file.") from None
    return 0


def tracked(items: list[BatchLine], description: str) -> Iterator[BatchLine]:
    """The items, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=description, console=Console(stderr=True))
