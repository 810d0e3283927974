"""What the service made of a question, with all that the metrics and the report need of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from qa_service.evaluation.gold import GoldQuestion
from qa_service.schemas import AnswerModel, PassageModel


class GoldSpan(BaseModel):
    """Where a gold quote stands; without a quote `start` and `end` are None: anywhere in the article."""

    model_config = ConfigDict(frozen=True)

    article_id: str
    language: str
    start: int | None = None
    end: int | None = None


class Surroundings(BaseModel):
    """The text around a citation's quote, and whether the quote stands in the article as it says."""

    model_config = ConfigDict(frozen=True)

    marker: int
    before: str
    after: str
    verbatim: bool


class Outcome(BaseModel):
    """The answer, the passages found, the citations in context, where the gold stands; `wall_ms` is the wait.

    `tokens` are an LLM's, `cost` what they cost by the prices set; None without prices.
    """

    model_config = ConfigDict(frozen=True)

    answer: AnswerModel
    passages: tuple[PassageModel, ...]
    surroundings: tuple[Surroundings, ...] = ()
    gold: tuple[GoldSpan, ...] = ()
    wall_ms: float = 0.0
    tokens: int = 0
    tokens_estimated: bool = False
    cost: float | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the service gave an answer."""
        return self.answer.status == "answered"

    def is_verbatim(self, marker: int) -> bool:
        """Whether the citation with this marker stands in its article, exactly."""
        return any(around.verbatim for around in self.surroundings if around.marker == marker)


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its outcome and its scores; a metric that says nothing of this case is absent."""

    gold: GoldQuestion
    outcome: Outcome
    scores: Mapping[str, float]

    @property
    def language(self) -> str:
        """The question's language: as the set says, else as the service found."""
        return self.gold.language or self.outcome.answer.language

    @property
    def pair(self) -> str | None:
        """Question language and gold article's language, "en→nb"; None where nothing is gold."""
        return f"{self.language}→{self.outcome.gold[0].language}" if self.outcome.gold else None
