"""What is understood of a question, what is found for it, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qa_service.models.texts import Passage, Span
from qa_service.models.values import Name, Period, Quantity


class AskedFor(StrEnum):
    """What a question asks for."""

    AMOUNT = "amount"
    SHARE = "share"
    COUNT = "count"
    DATE = "date"
    PERIOD = "period"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    RANK = "rank"
    AREA = "area"
    MEASURE = "measure"
    LIST = "list"
    YES_NO = "yes_no"
    REASON = "reason"
    DESCRIPTION = "description"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """What was understood of a question.

    `asked_for` has one entry a part asked ("how many … and for how much": count, amount). `kinds` are the
    probabilities of the kinds of answer to a question with one part; empty where they are not known. `cues` are what
    it speaks of besides ("plan", "growth").
    """

    text: str
    language: str
    asked_for: tuple[AskedFor, ...]
    periods: tuple[Period, ...] = ()
    places: tuple[Name, ...] = ()
    names: tuple[Name, ...] = ()
    unit_hint: str | None = None
    stock: bool | None = None
    quantities: tuple[Quantity, ...] = ()
    kinds: Mapping[AskedFor, float] = field(default_factory=dict)
    cues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was read out of a sentence or passage at index time; offsets point into that text.

    `inherited` are periods of the paragraph or the article that hold where the text has none of its own.
    """

    quantities: tuple[Quantity, ...] = ()
    periods: tuple[Period, ...] = ()
    names: tuple[Name, ...] = ()
    inherited: tuple[Period, ...] = ()

    @property
    def values(self) -> tuple[Quantity | Period, ...]:
        """The quantities, then the periods."""
        return (*self.quantities, *self.periods)

    def within(self, span: Span) -> Analysis:
        """What of it stands in `span`, at least in part."""
        return Analysis(
            quantities=tuple(quantity for quantity in self.quantities if span.overlaps(quantity.span)),
            periods=tuple(period for period in self.periods if span.overlaps(period.span)),
            names=tuple(name for name in self.names if span.overlaps(name.span)),
            inherited=self.inherited,
        )


class Agreement(StrEnum):
    """How a passage or sentence stands to a constraint of the question."""

    AGREES = "agrees"
    NEUTRAL = "neutral"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Constraints:
    """Agreement of a hit with the question's period, place and names."""

    period: Agreement = Agreement.NEUTRAL
    place: Agreement = Agreement.NEUTRAL
    name: Agreement = Agreement.NEUTRAL


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    `lanes` has each lane's own score: dense, lexical, reader. `copies` are near-duplicates left out.
    """

    passage: Passage
    score: float
    lanes: dict[str, float] = field(default_factory=dict)
    constraints: Constraints = Constraints()
    copies: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `article_text[start:end] == quote`."""

    marker: int
    article_id: str
    title: str
    language: str
    published_on: date | None
    url: str | None
    passage_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the markers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value of a headline; `amount` is a decimal string."""

    amount: str
    unit: str
    qualifier: str | None
    period: str | None
    citation: int
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: proved claims, or an abstention with its reason and the nearest passages.

    `tokens_read` and `tokens_written` are an LLM's for this answer, as its endpoint counts them; 0 without one, and
    `tokens_estimated` where it does not count them.
    """

    id: str
    question: str
    language: str
    standalone_question: str
    parsed: ParsedQuestion | None
    status: str
    reason: str | None
    confidence: float
    headline: str | None
    values: tuple[Value, ...]
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    engine: str = "extractive"
    timings_ms: dict[str, float] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    note: str | None = None
    tokens_read: int = 0
    tokens_written: int = 0
    tokens_estimated: bool = False

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.tokens_read + self.tokens_written
