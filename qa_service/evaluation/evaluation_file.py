"""An evaluation as a JSON file: figures, breakdowns and every case; what `--json` writes and `--baseline` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qa_service.errors import QuestionSetError
from qa_service.evaluation.figures import Figure, Figures, breakdowns, figures_of
from qa_service.evaluation.gold import Accepted, GoldQuestion
from qa_service.evaluation.outcome import Case, Outcome

VERSION = 1


@dataclass(frozen=True)
class Evaluation:
    """A run over question sets. `about` says what was measured: sets, model, index, settings, day."""

    cases: Sequence[Case]
    figures: Figures
    groups: dict[str, dict[str, Figures]]
    about: Mapping[str, str] = field(default_factory=dict)


def evaluate_cases(cases: Sequence[Case], about: Mapping[str, str]) -> Evaluation:
    """The figures of the cases, over all and by group."""
    return Evaluation(cases, figures_of(cases), breakdowns(cases), {**about, **_spent(cases)})


def _spent(cases: Sequence[Case]) -> dict[str, str]:
    """What all answers together took of an LLM, and for how many that is an estimate; empty without one."""
    asked = [case.outcome for case in cases if case.outcome.tokens]
    if not asked:
        return {}
    estimated = sum(outcome.tokens_estimated for outcome in asked)
    note = f", estimated for {estimated} of {len(asked)} answers" if estimated else ""
    spent = {"LLM tokens": f"{sum(outcome.tokens for outcome in asked):,}{note}"}
    costs = [outcome.cost for outcome in asked if outcome.cost is not None]
    return spent | ({"LLM cost": f"{sum(costs):.4f}"} if costs else {})


def write_evaluation(evaluation: Evaluation, path: Path) -> None:
    """Writes it as JSON; QuestionSetError where the file cannot be written."""
    value = {
        "version": VERSION,
        "about": dict(evaluation.about),
        "metrics": figures_json(evaluation.figures),
        "groups": {
            dimension: {name: figures_json(figures) for name, figures in groups.items()}
            for dimension, groups in evaluation.groups.items()
        },
        "cases": [_case_json(case) for case in evaluation.cases],
    }
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read_cases(path: Path) -> list[Case]:
    """The cases of an evaluation file; QuestionSetError where it is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return [_case(case) for case in value["cases"]]
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Give a file that --json has written.") from None
    except (ValueError, KeyError, TypeError, InvalidOperation, ValidationError):
        raise QuestionSetError(f"{path} is no evaluation. Give a file that `eval --json` has written.") from None


def figures_json(figures: Figures) -> dict[str, dict[str, Any]]:
    """The figures with value, ends of the interval and number of cases, by metric."""
    return {name: _figure_json(figure) for name, figure in figures.items()}


def write_text(path: Path, text: str) -> None:
    """Writes a text file; QuestionSetError where it cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be written: {error}. Name another file.") from None


def _figure_json(figure: Figure) -> dict[str, Any]:
    ends = figure.interval
    return {
        "value": round(figure.value, 6),
        "low": round(ends.low, 6) if ends else None,
        "high": round(ends.high, 6) if ends else None,
        "count": figure.count,
    }


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "question": _question_json(case.gold),
        "outcome": case.outcome.model_dump(mode="json"),
        "scores": {name: round(score, 6) for name, score in case.scores.items()},
    } | {"language": case.language, "pair": case.pair}


def _case(value: dict[str, Any]) -> Case:
    question = dict(value["question"])
    question["answers"] = tuple(tuple(map(_accepted, part)) for part in question["answers"])
    for name in ("articles", "tags"):
        question[name] = tuple(question[name])
    return Case(GoldQuestion(**question), Outcome.model_validate(value["outcome"]), value["scores"])


def _question_json(gold: GoldQuestion) -> dict[str, Any]:
    value = asdict(gold)
    value["answers"] = [[_accepted_json(accepted) for accepted in part] for part in gold.answers]
    return value


def _accepted_json(accepted: Accepted) -> dict[str, Any]:
    ends = {"amount": accepted.amount, "high": accepted.high}
    return {"text": accepted.text, "unit": accepted.unit} | {k: str(v) for k, v in ends.items() if v is not None}


def _accepted(value: dict[str, Any]) -> Accepted:
    amount, high = (Decimal(value[name]) if name in value else None for name in ("amount", "high"))
    return Accepted(value["text"], amount, value["unit"], high)
