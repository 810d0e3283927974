"""Choosing among weighed candidates: the answer of a part, what agrees with it, what disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.answering.candidates import asks_for_number, find_candidates
from qa_service.answering.features import Evidence, Setting, background_of, setting_of, weigh
from qa_service.answering.parts import Part
from qa_service.answering.scoring import Scorer
from qa_service.language.quantities_same import same_quantity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Agreement, Analysis
from qa_service.retrieval.search import SearchResult

MOST_MARGIN = 10.0
"""The margin, in log-odds, beyond which being further ahead says nothing more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Evidence with two log-odds: that the span answers, that its sentence holds the answer."""

    evidence: Evidence
    span_logit: float
    sentence_logit: float

    @property
    def fits(self) -> bool:
        """Whether neither period nor place nor a name nor the unit speaks against it: only then may it answer."""
        evidence = self.evidence
        return Agreement.CONTRADICTS not in (evidence.period, evidence.place, evidence.name, evidence.unit)


def judge_part(part: Part, result: SearchResult, scorer: Scorer) -> list[Judged]:
    """Every candidate of the part with its log-odds, the likeliest span first."""
    judged = [
        Judged(evidence, scorer.span.logit(evidence.features), scorer.sentence.logit(evidence.features))
        for evidence in weigh_part(part, result)
    ]
    return sorted(judged, key=lambda item: -item.span_logit)


def weigh_part(part: Part, result: SearchResult) -> list[Evidence]:
    """Every candidate of the part with its features."""
    background = background_of(part.question, result)
    settings: dict[str, Setting] = {}
    evidence = []
    for candidate in find_candidates(part, result):
        passage = candidate.hit.passage.id
        if passage not in settings:
            analysis = result.analyses.get(passage, Analysis())
            settings[passage] = setting_of(part.question, candidate.hit, analysis, background)
        evidence.append(weigh(part, candidate, settings[passage], background))
    return evidence


def span_confidence(chosen: Judged, judged: Sequence[Judged], scorer: Scorer) -> float:
    """The probability that the chosen span is the answer, given how far it is ahead of every other value."""
    return scorer.span_confidence.probability(span_confidence_features(chosen, judged))


def span_confidence_features(chosen: Judged, judged: Sequence[Judged]) -> tuple[float, ...]:
    """The features of `scoring.CONFIDENCE_NAMES` for a chosen span."""
    others = (item.span_logit for item in judged if _rivals(item, chosen))
    margin = chosen.span_logit - max(others, default=chosen.span_logit - MOST_MARGIN)
    return (*chosen.evidence.features, chosen.span_logit, min(margin, MOST_MARGIN))


def sentence_confidence(chosen: Judged, judged: Sequence[Judged], scorer: Scorer) -> float:
    """The probability that the chosen sentence holds the answer, given how far it is ahead of every other one."""
    return scorer.sentence_confidence.probability(sentence_confidence_features(chosen, judged))


def sentence_confidence_features(chosen: Judged, judged: Sequence[Judged]) -> tuple[float, ...]:
    """The features of `scoring.CONFIDENCE_NAMES` for a chosen sentence."""
    others = (item.sentence_logit for item in judged if not same_sentence(item, chosen))
    margin = chosen.sentence_logit - max(others, default=chosen.sentence_logit - MOST_MARGIN)
    return (*chosen.evidence.features, chosen.sentence_logit, min(margin, MOST_MARGIN))


def _rivals(item: Judged, chosen: Judged) -> bool:
    if item.evidence.candidate.is_sentence or item is chosen:
        return False
    overlapping = same_sentence(item, chosen) and item.evidence.candidate.span.overlaps(chosen.evidence.candidate.span)
    return not overlapping and not same_value(item, chosen)


def best_span(judged: Sequence[Judged], *, near: Judged | None = None) -> Judged | None:
    """The likeliest fitting span; where the answer to another part is given, its sentence is preferred."""
    fitting = [item for item in judged if item.fits and not item.evidence.candidate.is_sentence]
    if near is not None:
        beside = [item for item in fitting if same_sentence(item, near) and not _same_span(item, near)]
        fitting = beside or fitting
    return fitting[0] if fitting else None


def best_sentences(judged: Sequence[Judged], most: int) -> list[Judged]:
    """The likeliest fitting sentences, each once."""
    chosen: list[Judged] = []
    for item in sorted(judged, key=lambda item: -item.sentence_logit):
        if item.fits and len(chosen) < most and not any(same_sentence(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def may_hold_answer(part: Part, item: Judged, judged: Sequence[Judged]) -> bool:
    """Whether a sentence may answer: where a number is asked for, it must hold one that nothing speaks against."""
    if not asks_for_number(part):
        return True
    return any(
        other.fits and other.evidence.candidate.quantity is not None and same_sentence(other, item) for other in judged
    )


def corroborating(chosen: Judged, judged: Sequence[Judged], least: float) -> list[Judged]:
    """Fitting candidates of other articles, one an article, that give the chosen value with log-odds of `least`."""
    found: dict[str, Judged] = {}
    for item in judged:
        article = item.evidence.candidate.hit.passage.article_id
        if item.fits and item.span_logit >= least and _other_article(item, chosen) and same_value(item, chosen):
            found.setdefault(article, item)
    return list(found.values())


def contradicting(chosen: Judged, judged: Sequence[Judged], least: float) -> Judged | None:
    """A likely candidate of another article with another value for the very same period and place."""
    for item in judged:
        agrees = item.evidence.period is Agreement.AGREES and chosen.evidence.period is Agreement.AGREES
        likely = item.fits and item.span_logit >= least and _other_article(item, chosen)
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


def same_sentence(one: Judged, other: Judged) -> bool:
    """Whether two candidates stand in one sentence of one passage."""
    a, b = one.evidence.candidate, other.evidence.candidate
    return a.hit.passage.id == b.hit.passage.id and a.sentence == b.sentence


def _same_span(one: Judged, other: Judged) -> bool:
    return same_sentence(one, other) and one.evidence.candidate.span == other.evidence.candidate.span
