"""Candidate answers: the typed values and spans in the sentences of the passages found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa_service.answering.parts import Part
from qa_service.models import Analysis, AskedFor, Hit, Name, Period, Quantity, QuantityKind, Span
from qa_service.query.answer_kinds import kind_probability
from qa_service.query.cues import GROWTH
from qa_service.reading.reader import Reading
from qa_service.retrieval.search import SearchResult

NUMERIC: Mapping[AskedFor, frozenset[QuantityKind]] = {
    AskedFor.AMOUNT: frozenset({QuantityKind.MONEY, QuantityKind.MEASURE}),
    AskedFor.SHARE: frozenset({QuantityKind.SHARE, QuantityKind.FRACTION}),
    AskedFor.COUNT: frozenset({QuantityKind.COUNT, QuantityKind.FRACTION, QuantityKind.MEASURE}),
    AskedFor.AREA: frozenset({QuantityKind.AREA}),
    AskedFor.RANK: frozenset({QuantityKind.RANK}),
    AskedFor.MEASURE: frozenset({QuantityKind.MEASURE, QuantityKind.COUNT, QuantityKind.RATIO}),
}
"""What may answer a part of a question with several parts; a question with one part knows how likely each kind is."""
KINDS_OF_QUANTITY: Mapping[QuantityKind, tuple[AskedFor, ...]] = {
    QuantityKind.MONEY: (AskedFor.AMOUNT,),
    QuantityKind.SHARE: (AskedFor.SHARE,),
    QuantityKind.FRACTION: (AskedFor.SHARE, AskedFor.COUNT),
    QuantityKind.COUNT: (AskedFor.COUNT,),
    QuantityKind.AREA: (AskedFor.AREA,),
    QuantityKind.RANK: (AskedFor.RANK,),
    QuantityKind.MEASURE: (AskedFor.MEASURE,),
    QuantityKind.RATIO: (AskedFor.MEASURE,),
}
NAMED: Mapping[AskedFor, frozenset[str]] = {
    AskedFor.PERSON: frozenset({"person", "other"}),
    AskedFor.ORGANISATION: frozenset({"organisation", "other"}),
    AskedFor.PLACE: frozenset({"place", "country", "other"}),
}
DATED = frozenset({AskedFor.DATE, AskedFor.PERIOD})
IN_WORDS = (
    AskedFor.PERSON,
    AskedFor.ORGANISATION,
    AskedFor.PLACE,
    AskedFor.LIST,
    AskedFor.REASON,
    AskedFor.OTHER,
)
"""Kinds of answer that are neither a quantity nor a date."""
LEAST_LIKELY = 0.01
"""Kinds of answer less likely than this are no candidates: 98 of 100 right answers of held-out questions are kept."""
SURELY = 0.8
"""The probability of all kinds of quantities from which a question surely asks for one."""
IDLE_RATIO = 0.1
"""What is left of a ratio's likelihood ("2.2 times") where the question speaks of no change."""
MOSTLY = 0.5
"""A span of which a value covers this share is that value, not words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage that may answer; at most one of `quantity`, `period` and `name` says what it is.

    `sentence` and `span` are spans of the passage's text. `span_score` is the reader's span logit over its null;
    `is_best` whether the reader likes no span of the passage better. `competitors` counts the values of its kind in
    the sentence.
    """

    hit: Hit
    sentence: Span
    span: Span
    span_score: float
    is_best: bool
    quantity: Quantity | None = None
    period: Period | None = None
    name: Name | None = None
    competitors: int = 0

    @property
    def is_sentence(self) -> bool:
        """Whether the candidate is a whole sentence rather than a value or span in it."""
        return self.span == self.sentence

    @property
    def text(self) -> str:
        """The span as the passage has it."""
        return self.hit.passage.text[self.span.start : self.span.end]

    @property
    def sentence_text(self) -> str:
        """The sentence around the span."""
        return self.hit.passage.text[self.sentence.start : self.sentence.end]


def find_candidates(part: Part, result: SearchResult, *, unread: int = 8) -> list[Candidate]:
    """The candidates for one asked part in the passages that were read; without a reader, in the `unread` best ones."""
    if result.readings:
        hits = [hit for hit in result.hits if hit.passage.id in result.readings]
    else:
        hits = list(result.hits[:unread])
    candidates: list[Candidate] = []
    for hit in hits:
        analysis = result.analyses.get(hit.passage.id, Analysis())
        scores = _Scores(result.readings.get(hit.passage.id))
        values = _plausible_values(part, analysis)
        names = [name for name in analysis.names if name.kind in NAMED.get(part.asked, ())]
        candidates.extend(_typed_candidates(hit, [*values, *names] if not scores.spans else values, scores))
        if _may_be_words(part):
            candidates.extend(_read_candidates(hit, analysis, names, scores))
        candidates.extend(_sentence_candidates(hit, [*values, *names], scores))
    return candidates


def kind_likelihood(part: Part, candidate: Candidate) -> float:
    """The probability that the part's answer is of the candidate's kind."""
    kinds = part.question.kinds
    if candidate.quantity is not None:
        likely = kind_probability(kinds, *KINDS_OF_QUANTITY[candidate.quantity.kind])
        is_idle_ratio = candidate.quantity.kind is QuantityKind.RATIO and GROWTH not in part.question.cues
        return likely * IDLE_RATIO if is_idle_ratio else likely
    return kind_probability(kinds, *((AskedFor.DATE,) if candidate.period is not None else IN_WORDS))


def _plausible_values(part: Part, analysis: Analysis) -> list[Quantity | Period]:
    kinds = part.question.kinds
    if not kinds:
        return [
            *(quantity for quantity in analysis.quantities if quantity.kind in NUMERIC.get(part.asked, ())),
            *(analysis.periods if part.asked in DATED else ()),
        ]
    likely = {kind for kind, of in KINDS_OF_QUANTITY.items() if kind_probability(kinds, *of) >= LEAST_LIKELY}
    dated = kind_probability(kinds, AskedFor.DATE) >= LEAST_LIKELY
    return [*(q for q in analysis.quantities if q.kind in likely), *(analysis.periods if dated else ())]


def asks_for_number(part: Part) -> bool:
    """Whether the part's answer is surely a quantity."""
    kinds = part.question.kinds
    if not kinds:
        return part.asked in NUMERIC
    return kind_probability(kinds, *NUMERIC) >= SURELY and part.asked in NUMERIC


def _may_be_words(part: Part) -> bool:
    if part.question.kinds:
        return kind_probability(part.question.kinds, *IN_WORDS) >= LEAST_LIKELY
    return part.asked not in NUMERIC and part.asked not in DATED


class _Scores:
    """The reader's scores of one passage, margins over "no answer"; all 0 without a reader."""

    def __init__(self, reading: Reading | None) -> None:
        self.spans = reading.spans if reading else ()
        self.best = max((span.score for span in self.spans), default=0.0)
        self._typed = {s.span: s.score for s in reading.candidates} if reading else {}

    def of(self, span: Span) -> float:
        """The best score among the span itself and the reader's own spans that overlap it."""
        close = [read.score for read in self.spans if span.overlaps(read.span)]
        return max([self._typed.get(span, 0.0 if not self.spans else min(s.score for s in self.spans)), *close])


def _typed_candidates(hit: Hit, typed: Sequence[Quantity | Period | Name], scores: _Scores) -> Iterable[Candidate]:
    for value in typed:
        yield _candidate(hit, value.span, scores, value=value, typed=typed)


def _read_candidates(hit: Hit, analysis: Analysis, names: Sequence[Name], scores: _Scores) -> Iterable[Candidate]:
    """The reader's own spans; one that is just a name is that name, one that is mostly a value is left to the value."""
    named = {name.span: name for name in names}
    values = [value.span for value in analysis.values]
    for read in scores.spans:
        if not any(read.span.covered_share(value) >= MOSTLY for value in values):
            yield _candidate(hit, read.span, scores, value=named.get(read.span), typed=names)


def _sentence_candidates(hit: Hit, typed: Sequence[Quantity | Period | Name], scores: _Scores) -> Iterable[Candidate]:
    for sentence in hit.passage.sentences:
        yield _candidate(hit, sentence, scores, value=None, typed=typed)


def _candidate(
    hit: Hit,
    span: Span,
    scores: _Scores,
    *,
    value: Quantity | Period | Name | None,
    typed: Sequence[Quantity | Period | Name],
) -> Candidate:
    sentence = sentence_of(hit.passage.sentences, span)
    score = scores.of(span)
    return Candidate(
        hit,
        sentence,
        span,
        score,
        score >= scores.best,
        quantity=value if isinstance(value, Quantity) else None,
        period=value if isinstance(value, Period) else None,
        name=value if isinstance(value, Name) else None,
        competitors=sum(_kind(other) == _kind(value) and sentence.overlaps(other.span) for other in typed),
    )


def _kind(value: Quantity | Period | Name | None) -> object:
    return value.kind if isinstance(value, (Quantity, Name)) else type(value)


def sentence_of(sentences: Sequence[Span], span: Span) -> Span:
    """The run of whole sentences that holds `span`."""
    inside = [sentence for sentence in sentences if sentence.overlaps(span)]
    if not inside:
        return span
    return Span(inside[0].start, inside[-1].end)
