"""A question with its gold: what a question set says about one question."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ANSWER, ABSTAIN = "answer", "abstain"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted short answer: a text, or a quantity given as amount and unit.

    `unit` is an ISO 4217 code for money, "%" for shares, "ha", "t" … for measures, "" for plain counts.
    """

    text: str
    amount: Decimal | None = None
    unit: str = ""
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the articles and the quote that answer it, and the accepted answers of each of its parts.

    `kind` is "answer" or "abstain". Any of `articles` is right. `answers` has one entry a part asked, any accepted
    answer of a part is right. `period` is an ISO 8601 interval, ".." for an open start. `line` is where the question
    stands in its file.
    """

    id: str
    question: str
    kind: str
    language: str | None = None
    articles: tuple[str, ...] = ()
    quote: str = ""
    answers: tuple[tuple[Accepted, ...], ...] = ()
    period: str | None = None
    tags: tuple[str, ...] = ()
    line: int = 0

    @property
    def is_answerable(self) -> bool:
        """Whether the articles answer it."""
        return self.kind == ANSWER
