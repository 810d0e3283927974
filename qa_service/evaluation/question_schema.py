"""The shape of a question in a question set, as pydantic model and as JSON Schema."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from qa_service.evaluation.gold import ABSTAIN, ANSWER, Accepted, GoldQuestion

SCHEMA_FILE = Path(__file__).with_name("question.schema.json")
_INTERVAL = re.compile(r"(\.\.|\d{4}-\d{2}-\d{2})/(\.\.|\d{4}-\d{2}-\d{2})")


def _text(value: object) -> object:
    """A number or a word as text: ids and answers are often written without quotation marks."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]


class QuantityLine(BaseModel):
    """An accepted answer as a quantity."""

    model_config = ConfigDict(extra="forbid")

    amount: Decimal = Field(description="The amount, scale words multiplied in: 1543000000")
    unit: str = Field("", description='ISO 4217 code for money, "%", "ha", "t" …; empty for a count')
    high: Decimal | None = Field(None, description="Upper end of a range")


class QuestionLine(BaseModel):
    """One question of a question set."""

    model_config = ConfigDict(extra="ignore", title="Question of a question set")

    id: Text | None = Field(None, description="Name of the question, unique in its file; default: line-N")
    question: str = Field(min_length=1, description="The question as a user would type it")
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$", description="BCP 47 code")
    kind: Literal["answer", "abstain"] = Field("answer", description="abstain: the articles do not answer it")
    articles: list[Text] = Field(default_factory=list, description="Ids of the articles that answer it, any is right")
    quote: str = Field("", description="Sentence or passage that answers it, verbatim from the article")
    answers: list[list[Text | QuantityLine]] | list[Text | QuantityLine] = Field(
        default_factory=list,
        description="Accepted short answers, any is right; a list of such lists where the question has parts",
    )
    period: str | None = Field(
        None, description='Period of the answer: "2024-01-01/2024-06-30", ".." for an open start'
    )
    tags: list[Text] = Field(default_factory=list, description="Names of groups to report on")

    @field_validator("question")
    @classmethod
    def _asks_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value

    @field_validator("period")
    @classmethod
    def _is_interval(cls, value: str | None) -> str | None:
        if value is not None and not _INTERVAL.fullmatch(value):
            raise ValueError("is no interval such as 2024-01-01/2024-06-30 or ../2024-06-30")
        return value

    @model_validator(mode="after")
    def _kind_fits(self) -> QuestionLine:
        if self.kind == ABSTAIN and self.answers:
            raise ValueError("answers: a question of kind abstain has none")
        if self.kind == ANSWER and not (self.answers or self.quote or self.articles):
            raise ValueError("answers: a question of kind answer needs answers, a quote or articles")
        return self

    def gold(self, line: int) -> GoldQuestion:
        """The question as the metrics use it."""
        return GoldQuestion(
            id=self.id or f"line-{line}",
            question=self.question,
            kind=self.kind,
            language=self.language,
            articles=tuple(self.articles),
            quote=self.quote,
            answers=_parts(self.answers),
            period=self.period,
            tags=tuple(self.tags),
            line=line,
        )


def json_schema() -> str:
    """The JSON Schema of a line, as `question.schema.json` holds it."""
    return json.dumps(QuestionLine.model_json_schema(), indent=2) + "\n"


def _parts(answers: list[list[str | QuantityLine]] | list[str | QuantityLine]) -> tuple[tuple[Accepted, ...], ...]:
    nested = [part for part in answers if isinstance(part, list)]
    flat = [answer for answer in answers if not isinstance(answer, list)]
    parts = nested or ([flat] if flat else [])
    return tuple(tuple(_accepted(answer) for answer in part) for part in parts)


def _accepted(answer: str | QuantityLine) -> Accepted:
    if isinstance(answer, str):
        return Accepted(answer)
    text = f"{answer.amount:f}" + (f" to {answer.high:f}" if answer.high is not None else "")
    return Accepted(f"{text} {answer.unit}".strip(), answer.amount, answer.unit, answer.high)
