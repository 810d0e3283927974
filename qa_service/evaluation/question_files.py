"""Question sets from files: JSONL, JSON, YAML, CSV and SQuAD JSON; what is broken is named by line and field."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qa_service.errors import QuestionSetError
from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.question_schema import QuestionLine
from qa_service.evaluation.squad import is_squad, squad_questions

logger = logging.getLogger(__name__)

MOST_ERRORS_SHOWN = 10
_LISTS = ("articles", "tags", "answers")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A question as its file has it: `value` is the decoded mapping, `problem` why there is none."""

    line: int
    value: dict[str, Any]
    problem: str | None = None


def read_question_sets(paths: Sequence[Path]) -> list[GoldQuestion]:
    """The questions of all files, in order; with several files an id is preceded by its file's stem.

    Raises QuestionSetError naming every broken line by number and field.
    """
    questions: list[GoldQuestion] = []
    for path in paths:
        found = read_question_set(path)
        questions += found if len(paths) == 1 else [replace(gold, id=f"{path.stem}:{gold.id}") for gold in found]
    return _with_own_ids(questions)


def read_question_set(path: Path) -> list[GoldQuestion]:
    """The questions of one file; QuestionSetError where it cannot be read or a line is broken."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise QuestionSetError(f"{path} is no question set: give {', '.join(_READERS)}.")
    lines = list(reader(_text_of(path)))
    if not lines:
        raise QuestionSetError(f"{path} holds no questions. Check the file.")
    _warn_of_unknown_fields(path, lines)
    questions, problems = _validated(lines)
    if problems:
        raise QuestionSetError(_message(path, problems))
    return _with_own_ids(questions)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Give a file in UTF-8.") from None


def _validated(lines: Sequence[RawLine]) -> tuple[list[GoldQuestion], list[str]]:
    questions, problems = [], []
    for raw in lines:
        if raw.problem:
            problems.append(f"line {raw.line}: {raw.problem}")
            continue
        try:
            stated = {name: value for name, value in raw.value.items() if value not in (None, "") or name == "question"}
            questions.append(QuestionLine.model_validate(stated).gold(raw.line))
        except ValidationError as error:
            problems += [f"line {raw.line}: {problem}" for problem in _problems(error)]
    return questions, problems


def _problems(error: ValidationError) -> list[str]:
    """One text for each broken field; of the two shapes of `answers`, only the first that failed is told."""
    seen: dict[str, str] = {}
    for problem in error.errors():
        field = str(problem["loc"][0]) if problem["loc"] else ""
        message = str(problem["msg"]).removeprefix("Value error, ")
        value = f", not {problem['input']!r}" if problem["type"] not in ("value_error", "missing") else ""
        seen.setdefault(field, f"field {field}: {message}{value}" if field else f"field {message}")
    return list(seen.values())


def _with_own_ids(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """The questions, a repeated id made its own by the line it stands in: public sets have such ids."""
    seen: set[str] = set()
    own = []
    for gold in questions:
        name = f"{gold.id}#{gold.line}" if gold.id in seen else gold.id
        if name != gold.id:
            logger.warning("line %d: the id %r stands already in an earlier line; read as %r", gold.line, gold.id, name)
        seen.add(name)
        own.append(replace(gold, id=name))
    return own


def _message(path: Path, problems: Sequence[str]) -> str:
    shown = "\n".join(f"  {path.name}, {problem}" for problem in problems[:MOST_ERRORS_SHOWN])
    more = f"\n  and {len(problems) - MOST_ERRORS_SHOWN} more" if len(problems) > MOST_ERRORS_SHOWN else ""
    return f"{path} is broken in {len(problems)} places. Mend them:\n{shown}{more}"


def _warn_of_unknown_fields(path: Path, lines: Sequence[RawLine]) -> None:
    unknown = {
        str(name): raw.line for raw in reversed(lines) for name in raw.value if name not in QuestionLine.model_fields
    }
    for name, line in unknown.items():
        near = get_close_matches(name, QuestionLine.model_fields, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        logger.warning("%s, line %d: unknown field %r is ignored%s", path.name, line, name, hint)


def _read_jsonl(text: str) -> Iterator[RawLine]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _json_line(number, line)


def _json_line(number: int, line: str) -> RawLine:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RawLine(number, {}, f"is no JSON ({error})")
    return _mapping(number, value)


def _mapping(number: int, value: object) -> RawLine:
    if not isinstance(value, dict):
        return RawLine(number, {}, f"is no mapping of fields but {type(value).__name__}")
    return RawLine(number, value)


def _read_json(text: str) -> Iterator[RawLine]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QuestionSetError(
            f"The question set is no JSON: {error}. JSON with a question a line ends in .jsonl."
        ) from None
    if is_squad(value):
        for number, question in enumerate(squad_questions(value), start=1):
            yield RawLine(number, question)
        return
    listed = value.get("questions") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise QuestionSetError("The JSON is neither a list of questions nor a SQuAD file. Check the file.")
    for number, question in enumerate(listed, start=1):
        yield _mapping(number, question)


def _read_yaml(text: str) -> Iterator[RawLine]:
    """Every scalar stays a text, so that the language `no` is not false and a date not an object."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise QuestionSetError(f"The question set is no YAML: {error}. Check the file.") from None
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "questions"), root)
    if not isinstance(root, yaml.SequenceNode):
        raise QuestionSetError("The YAML is no list of questions. Start every question with `- question: …`.")
    loader = yaml.BaseLoader("")
    for node in root.value:
        raw = _mapping(node.start_mark.line + 1, loader.construct_object(node, deep=True))
        filled = {name: value for name, value in raw.value.items() if value not in ("null", "~")}
        yield replace(raw, value=filled)


def _read_csv(text: str) -> Iterator[RawLine]:
    """Cells with several values have `|` between them, or hold a JSON list."""
    rows = csv.DictReader(io.StringIO(text), dialect=_dialect(text))
    for row in rows:
        value: dict[str, Any] = {}
        problem = "has more cells than the header" if row.pop(None, None) else None
        for name, cell in row.items():
            if cell is not None and cell.strip():
                value[name.strip()] = _cell(name.strip(), cell.strip())
        if value or problem:
            yield RawLine(rows.line_num, value, problem)


def _dialect(text: str) -> type[csv.Dialect]:
    head = text.split("\n", 1)[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Dialect


def _cell(name: str, cell: str) -> object:
    if name not in _LISTS:
        return cell
    if cell.startswith("["):
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    return [part.strip() for part in cell.split("|") if part.strip()]


_READERS: dict[str, Callable[[str], Iterator[RawLine]]] = {
    ".jsonl": _read_jsonl,
    ".json": _read_json,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".csv": _read_csv,
}
