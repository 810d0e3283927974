"""Choosing among weighed candidates: the answer of a part, what agrees with it, what disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.answering.candidates import find_candidates
from qa_service.answering.features import Evidence, weigh
from qa_service.answering.parts import Part
from qa_service.answering.scoring import Scorer
from qa_service.language.quantities import same_quantity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Agreement, Analysis
from qa_service.retrieval.search import SearchResult


@dataclass(frozen=True, slots=True)
class Judged:
    """Evidence with its two probabilities: that the span answers, that the sentence holds the answer."""

    evidence: Evidence
    span_probability: float
    sentence_probability: float

    @property
    def fits(self) -> bool:
        """Whether neither its period nor its place nor a name speaks against the question: only then may it answer."""
        return Agreement.CONTRADICTS not in (self.evidence.period, self.evidence.place, self.evidence.name)


def judge_part(part: Part, result: SearchResult, scorer: Scorer) -> list[Judged]:
    """Every candidate of the part with its probabilities, the likeliest span first."""
    best = max((reading.relevance for reading in result.readings.values()), default=0.0)
    judged = []
    for candidate in find_candidates(part.asked, result):
        analysis = result.analyses.get(candidate.hit.passage.id, Analysis())
        evidence = weigh(part.asked, part.question, candidate, analysis=analysis, best_relevance=best)
        judged.append(Judged(evidence, scorer.span_probability(evidence), scorer.sentence_probability(evidence)))
    return sorted(judged, key=lambda item: -item.span_probability)


def best_span(judged: Sequence[Judged], *, near: Judged | None = None) -> Judged | None:
    """The likeliest fitting span; where the answer to another part is given, its sentence is preferred."""
    fitting = [item for item in judged if item.fits and not item.evidence.candidate.is_sentence]
    if near is not None:
        beside = [item for item in fitting if _same_sentence(item, near) and not _same_span(item, near)]
        fitting = beside or fitting
    return fitting[0] if fitting else None


def best_sentences(judged: Sequence[Judged], most: int) -> list[Judged]:
    """The likeliest fitting sentences, each once."""
    chosen: list[Judged] = []
    for item in sorted(judged, key=lambda item: -item.sentence_probability):
        if item.fits and len(chosen) < most and not any(_same_sentence(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def corroborating(chosen: Judged, judged: Sequence[Judged], least: float) -> list[Judged]:
    """Fitting candidates of other articles, one an article, that give the chosen value."""
    found: dict[str, Judged] = {}
    for item in judged:
        article = item.evidence.candidate.hit.passage.article_id
        if item.fits and item.span_probability >= least and _other_article(item, chosen) and same_value(item, chosen):
            found.setdefault(article, item)
    return list(found.values())


def contradicting(chosen: Judged, judged: Sequence[Judged], least: float) -> Judged | None:
    """A likely candidate of another article with another value for the very same period and place."""
    for item in judged:
        agrees = item.evidence.period is Agreement.AGREES and chosen.evidence.period is Agreement.AGREES
        likely = item.fits and item.span_probability >= least and _other_article(item, chosen)
        if agrees and likely and _same_unit(item, chosen) and not same_value(item, chosen):
            return item
    return None


def same_value(one: Judged, other: Judged) -> bool:
    """Whether two candidates give one value: equal quantities, the same days, or the same words."""
    a, b = one.evidence.candidate, other.evidence.candidate
    if a.quantity is not None and b.quantity is not None:
        return same_quantity(a.quantity, b.quantity)
    if a.period is not None and b.period is not None:
        return (a.period.first, a.period.last) == (b.period.first, b.period.last)
    return search_tokens(a.text) == search_tokens(b.text)


def _same_unit(one: Judged, other: Judged) -> bool:
    a, b = one.evidence.candidate.quantity, other.evidence.candidate.quantity
    return a is not None and b is not None and (a.kind, a.unit) == (b.kind, b.unit)


def _other_article(one: Judged, other: Judged) -> bool:
    return one.evidence.candidate.hit.passage.article_id != other.evidence.candidate.hit.passage.article_id


def _same_sentence(one: Judged, other: Judged) -> bool:
    a, b = one.evidence.candidate, other.evidence.candidate
    return a.hit.passage.id == b.hit.passage.id and a.sentence == b.sentence


def _same_span(one: Judged, other: Judged) -> bool:
    return _same_sentence(one, other) and one.evidence.candidate.span == other.evidence.candidate.span
