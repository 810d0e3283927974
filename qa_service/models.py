"""The records that cross module boundaries: articles, passages, hits, typed values, answers.

Offsets count code points. `start`/`end` of articles, passages and citations point into the article's text as it
lies in its source (`Article.text`); offsets of values (`Quantity`, `Period`, `Name`) point into the text they were
read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters that stand unchanged at `start` of the cleaned text and at `source_start` of the source."""

    start: int
    source_start: int
    length: int


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text without page furniture or markup, and the map back to its source.

    Characters of `text` outside every run (a space put for a tag, a decoded entity) stand nowhere in the source.
    `paragraphs` are spans of `text`; a paragraph never crosses removed furniture.
    """

    text: str
    runs: tuple[Run, ...]
    paragraphs: tuple[Span, ...]

    def source_spans(self, span: Span) -> tuple[Span, ...]:
        """The verbatim pieces of the source that make up `span` of the cleaned text, adjoining pieces merged."""
        pieces: list[Span] = []
        for run in self.runs:
            low, high = max(span.start, run.start), min(span.end, run.start + run.length)
            if low >= high:
                continue
            start, end = run.source_start + low - run.start, run.source_start + high - run.start
            if pieces and pieces[-1].end == start:
                pieces[-1] = Span(pieces[-1].start, end)
            else:
                pieces.append(Span(start, end))
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """An article as its source gives it, before cleaning.

    `format` is one of txt, md, html, jsonl. `declared_*` come from the source's own fields and win over detection.
    """

    id: str
    text: str
    format: str
    path: str
    declared_title: str | None = None
    declared_url: str | None = None
    declared_published_on: date | None = None
    declared_language: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article ready to be indexed: `text` is verbatim from its source, `clean` what the article says."""

    id: str
    text: str
    clean: CleanText
    title: str
    language: str
    published_on: date | None = None
    as_of: date | None = None
    url: str | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, sized for the embedding model.

    `text` is cleaned text; for a text file `article.text[start:end] == text`. `sentences` are spans of `text`;
    `runs` map `text` to the source, as in `CleanText`. `context` (title, date, place) helps retrieval, and never
    enters a quote.
    """

    id: str
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    runs: tuple[Run, ...]
    language: str
    context: str = ""
    position: int = 0

    def source_spans(self, span: Span) -> tuple[Span, ...]:
        """The verbatim pieces of the source that make up `span` of the passage's text."""
        return CleanText(self.text, self.runs, ()).source_spans(span)


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """What an index knows of an article besides its text."""

    id: str
    title: str
    language: str
    published_on: date | None
    as_of: date | None
    url: str | None
    passages: int = 0


class QuantityKind(StrEnum):
    """What a number measures."""

    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    AREA = "area"
    RANK = "rank"
    RATIO = "ratio"
    FRACTION = "fraction"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as exact decimals, scale words multiplied in.

    `unit` is an ISO 4217 code for money, "%" for shares, "percentage point", "ha" "km2" "m2" … for areas, a CLDR-like
    unit for measures ("t", "MW", "km"), "" for plain counts. `high` is the upper end of a range. `scale` is the
    article's own scale (1, 1000, 10**6 …) and `digits` the number as written before scaling ("1543" of "1 543
    millioner"), so that a headline can keep the article's own scale. `qualifier` is one of "about", "more than",
    "less than", "nearly", "at least", "at most" or None. `noun` holds the words counted ("projects"). A FRACTION
    n/m ("10/14") has its numerator in `amount` and its denominator in `high`. `unit_assumed`: the currency's country
    is not named ("dollar" read as USD); a family without a usual member has its own name as unit ("dirham").
    """

    amount: Decimal
    unit: str
    kind: QuantityKind
    start: int
    end: int
    high: Decimal | None = None
    scale: int = 1
    digits: Decimal | None = None
    qualifier: str | None = None
    noun: str = ""
    per: str | None = None
    unit_assumed: bool = False


class PeriodKind(StrEnum):
    """Whether a value is of a stretch of time, as of its end, or since its start."""

    DURING = "during"
    AS_OF = "as_of"
    FROM = "from"


@dataclass(frozen=True, slots=True)
class Period:
    """Days `first` to `last`, both included.

    `kind` AS_OF is "by the end of June 2024"; then `first` is None: an open start.
    `granularity`: day, month, quarter, half, year, range, decade; "now" ("to date"), "part" (of it: "early 2024").
    `explicit` is false where the year was inherited ("in June" of an article of 2024). `compared` is true where a value
    is only measured against this period ("more than in 2023"), `relative` where it counts from the day of writing or
    asking ("last year").
    """

    first: date | None
    last: date | None
    kind: PeriodKind
    granularity: str
    start: int = 0
    end: int = 0
    explicit: bool = True
    compared: bool = False
    relative: bool = False

    def iso(self) -> str:
        """ISO 8601 interval, ".." for an open end: "2024-01-01/2024-06-30"."""
        return f"{self.first or '..'}/{self.last or '..'}"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in a text.

    `key` is its accent-folded, lower-case form; `kind`: place, country, organisation, person, other. `code` is an
    ISO 3166 code ("VN", "VN-13") where the name is a known country or subdivision, so that exonyms compare.
    """

    text: str
    key: str
    kind: str
    start: int
    end: int
    code: str | None = None


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
