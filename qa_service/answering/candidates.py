"""Candidate answers: the typed values and spans in the sentences of the passages found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa_service.models import Analysis, AskedFor, Hit, Name, Period, Quantity, QuantityKind, Span
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
NAMED: Mapping[AskedFor, frozenset[str]] = {
    AskedFor.PERSON: frozenset({"person", "other"}),
    AskedFor.ORGANISATION: frozenset({"organisation", "other"}),
    AskedFor.PLACE: frozenset({"place", "country", "other"}),
}
DATED = frozenset({AskedFor.DATE, AskedFor.PERIOD})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage that may answer; at most one of `quantity`, `period` and `name` says what it is.

    `sentence` and `span` are spans of the passage's text. `span_score` is the reader's span logit over its null;
    `is_best`
    whether the reader likes no span of the passage better. `competitors` counts values of the asked type in the
    sentence.
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


def find_candidates(asked: AskedFor, result: SearchResult, *, unread: int = 8) -> list[Candidate]:
    """The candidates for one asked part in the passages that were read; without a reader, in the `unread` best ones."""
    if result.readings:
        read = [(hit, result.readings[hit.passage.id]) for hit in result.hits if hit.passage.id in result.readings]
    else:
        read = [(hit, None) for hit in result.hits[:unread]]
    candidates: list[Candidate] = []
    for hit, reading in read:
        analysis = result.analyses.get(hit.passage.id, Analysis())
        typed = _typed_values(asked, analysis)
        scores = _Scores(reading)
        if asked in NAMED and scores.spans:
            candidates.extend(_read_candidates(hit, typed, scores))
        else:
            candidates.extend(_typed_candidates(hit, typed, scores))
            if asked not in NUMERIC:
                candidates.extend(_read_candidates(hit, typed, scores))
        candidates.extend(_sentence_candidates(hit, typed, scores))
    return candidates


class _Scores:
    """The reader's scores of one passage, margins over "no answer"; all 0 without a reader."""

    def __init__(self, reading: Reading | None) -> None:
        self.spans = reading.spans if reading else ()
        self.best = max((span.score for span in self.spans), default=0.0)
        self._typed = {Span(s.start, s.end): s.score for s in reading.candidates} if reading else {}

    def of(self, span: Span) -> float:
        """The best score among the span itself and the reader's own spans that overlap it."""
        close = [read.score for read in self.spans if span.overlaps(Span(read.start, read.end))]
        return max([self._typed.get(span, 0.0 if not self.spans else min(s.score for s in self.spans)), *close])


def _typed_candidates(hit: Hit, typed: Sequence[Quantity | Period | Name], scores: _Scores) -> Iterable[Candidate]:
    for value in typed:
        yield _candidate(hit, Span(value.start, value.end), scores, value=value, typed=typed)


def _read_candidates(hit: Hit, typed: Sequence[Quantity | Period | Name], scores: _Scores) -> Iterable[Candidate]:
    """The reader's own spans; one that is just a name is that name, dates are left to the typed values."""
    names = {(value.start, value.end): value for value in typed if isinstance(value, Name)}
    dates = [Span(value.start, value.end) for value in typed if isinstance(value, Period)]
    for read in scores.spans:
        span = Span(read.start, read.end)
        if not any(span.overlaps(date) for date in dates):
            yield _candidate(hit, span, scores, value=names.get((read.start, read.end)), typed=typed)


def _sentence_candidates(hit: Hit, typed: Sequence[Quantity | Period | Name], scores: _Scores) -> Iterable[Candidate]:
    for sentence in hit.passage.sentences:
        yield _candidate(hit, sentence, scores, value=None, typed=typed)


def _typed_values(asked: AskedFor, analysis: Analysis) -> Sequence[Quantity | Period | Name]:
    if asked in NUMERIC:
        return [quantity for quantity in analysis.quantities if quantity.kind in NUMERIC[asked]]
    if asked in DATED:
        return list(analysis.periods)
    if asked in NAMED:
        return [name for name in analysis.names if name.kind in NAMED[asked]]
    return []


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
        competitors=sum(sentence.overlaps(Span(other.start, other.end)) for other in typed),
    )


def sentence_of(sentences: Sequence[Span], span: Span) -> Span:
    """The run of whole sentences that holds `span`."""
    inside = [sentence for sentence in sentences if sentence.overlaps(span)]
    if not inside:
        return span
    return Span(inside[0].start, inside[-1].end)
