"""What speaks for and against a candidate answer, as numbers for the fitted scorer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.answering.candidates import DATED, NUMERIC, Candidate
from qa_service.language.names import compare_names
from qa_service.language.quantities_same import same_quantity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Agreement, Analysis, AskedFor, Hit, Name, ParsedQuestion, Period, Quantity, Span
from qa_service.query.stock import tells_stock
from qa_service.retrieval.constraints import names_agreement, period_agreement
from qa_service.retrieval.search import SearchResult

NAMES = (
    "span_score",
    "is_best",
    "relevance",
    "relevance_gap",
    "search_score",
    "typed",
    "unit_agrees",
    "unit_contradicts",
    "value_period_agrees",
    "value_period_contradicts",
    "sentence_period_agrees",
    "period_inherited",
    "period_unknown",
    "stock_agrees",
    "stock_contradicts",
    "noun_asked",
    "place_agrees",
    "place_contradicts",
    "name_agrees",
    "name_contradicts",
    "names_missing",
    "names_unknown",
    "names_in_sentence",
    "names_in_passage",
    "words_in_sentence",
    "same_language",
    "competitors",
    "in_question",
    "span_words",
    "asked_numeric",
    "asked_dated",
    "asked_reason",
)


MOST_UNKNOWN = 0.5
"""Share of asked names that no passage found has, from which the articles speak of something else."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate with what its sentence says of period and place, and its features, in the order of `NAMES`."""

    candidate: Candidate
    value_period: Period | None
    period: Agreement
    place: Agreement
    name: Agreement
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What all passages found tell: the reader's highest relevance, and the share of asked names in none of them."""

    best_relevance: float
    names_unknown: float


def background_of(question: ParsedQuestion, result: SearchResult) -> Background:
    """The background of a question's candidates."""
    asked = [name for name in (*question.places, *question.names) if _is_surely_a_name(name, question.language)]
    texts = [(_context_of(hit), result.analyses.get(hit.passage.id, Analysis()).names) for hit in result.hits]
    unknown = [
        name for name in asked if not any(compare_names(name, names, text) is Agreement.AGREES for text, names in texts)
    ]
    best = max((reading.relevance for reading in result.readings.values()), default=0.0)
    return Background(best, len(unknown) / len(asked) if asked else 0.0)


def _is_surely_a_name(name: Name, language: str) -> bool:
    """German writes every noun with a capital: there only names of a known kind, or of several words, count."""
    return language != "de" or name.kind != "other" or " " in name.text


def _context_of(hit: Hit) -> str:
    return f"{hit.passage.context}\n{hit.passage.text}"


def weigh(
    asked: AskedFor, question: ParsedQuestion, candidate: Candidate, *, analysis: Analysis, background: Background
) -> Evidence:
    """The candidate's evidence; `analysis` is its passage's."""
    sentence = _within(analysis, candidate.sentence)
    own = nearest_period(sentence, candidate)
    value_period = own or _inherited_period(question, analysis, candidate)
    told = sentence.periods if candidate.is_sentence and own else [value_period] if value_period else ()
    period = period_agreement(question.periods, told)
    context = _context_of(candidate.hit)
    missing = _missing_share((*question.places, *question.names), analysis, context)
    place, name = (
        names_agreement(asked_names, analysis.names, context) for asked_names in (question.places, question.names)
    )
    if background.names_unknown >= MOST_UNKNOWN:
        name = Agreement.CONTRADICTS
    features = {
        **_reader_features(candidate, background.best_relevance),
        "names_missing": missing,
        "names_unknown": background.names_unknown,
        **_type_features(asked, question, candidate),
        **_period_features(question, sentence, period, own=own, value_period=value_period),
        **_stock_features(question, candidate),
        **_name_features(question, candidate, place, name),
    }
    return Evidence(candidate, value_period, period, place, name, tuple(features[key] for key in NAMES))


def nearest_period(sentence: Analysis, candidate: Candidate) -> Period | None:
    """The period of the sentence nearest to the candidate's span; one that is only compared with counts last."""
    others = [period for period in sentence.periods if candidate.is_sentence or not _covers(candidate.span, period)]
    others = [period for period in others if not period.compared] or others
    return min(others, key=lambda period: _distance(candidate, period), default=None)


def _inherited_period(question: ParsedQuestion, analysis: Analysis, candidate: Candidate) -> Period | None:
    """The period that a sentence without one takes over: of the passage before it, else of the article."""
    before = [period for period in analysis.periods if period.end <= candidate.sentence.start]
    agreeing = [p for p in before if period_agreement(question.periods, [p]) is Agreement.AGREES]
    return next(reversed(agreeing or before), None) or next(iter(analysis.inherited), None)


def _covers(span: Span, period: Period) -> bool:
    return span.overlaps(Span(period.start, period.end))


def _distance(candidate: Candidate, period: Period) -> float:
    low, high = min(candidate.span.end, period.end), max(candidate.span.start, period.start)
    between = candidate.hit.passage.text[low:high]
    return len(between) + 60 * sum(between.count(mark) for mark in ",;()–")


def _within(analysis: Analysis, sentence: Span) -> Analysis:
    return Analysis(
        quantities=tuple(q for q in analysis.quantities if sentence.overlaps(Span(q.start, q.end))),
        periods=tuple(p for p in analysis.periods if sentence.overlaps(Span(p.start, p.end))),
        names=tuple(n for n in analysis.names if sentence.overlaps(Span(n.start, n.end))),
        inherited=analysis.inherited,
    )


def _missing_share(asked: Sequence[Name], analysis: Analysis, context: str) -> float:
    missing = [name for name in asked if compare_names(name, analysis.names, context) is not Agreement.AGREES]
    return len(missing) / len(asked) if asked else 0.0


def _reader_features(candidate: Candidate, best_relevance: float) -> dict[str, float]:
    relevance = candidate.hit.lanes.get("reader", 0.0)
    return {
        "span_score": max(-15.0, min(15.0, candidate.span_score)),
        "is_best": float(candidate.is_best),
        "relevance": relevance,
        "relevance_gap": relevance - best_relevance,
        "search_score": candidate.hit.score,
        "span_words": math.log1p(len(candidate.text.split())),
        "competitors": math.log1p(candidate.competitors),
    }


def _type_features(asked: AskedFor, question: ParsedQuestion, candidate: Candidate) -> dict[str, float]:
    quantity = candidate.quantity
    unit = quantity.unit if quantity else None
    hinted = question.unit_hint if quantity else None
    repeated = quantity is not None and any(same_quantity(quantity, other) for other in question.quantities)
    return {
        "typed": float(quantity is not None or candidate.period is not None or candidate.name is not None),
        "unit_agrees": float(hinted is not None and hinted == unit),
        "unit_contradicts": float(hinted is not None and hinted != unit),
        "noun_asked": _noun_asked(question, quantity),
        "in_question": float(repeated or _is_asked_name(question, candidate)),
        "asked_numeric": float(asked in NUMERIC),
        "asked_dated": float(asked in DATED),
        "asked_reason": float(asked in (AskedFor.REASON, AskedFor.DESCRIPTION)),
    }


def _noun_asked(question: ParsedQuestion, quantity: Quantity | None) -> float:
    """Whether the words counted stand in the question: 1 if any does, 0 if none, 0.5 where nothing can be told."""
    noun = set(search_tokens(quantity.noun)) if quantity else set()
    if not noun:
        return 0.5
    return float(bool(noun & set(search_tokens(question.text))))


def _is_asked_name(question: ParsedQuestion, candidate: Candidate) -> bool:
    words = set(search_tokens(candidate.text))
    return bool(words) and words <= set(search_tokens(question.text))


def _period_features(
    question: ParsedQuestion, sentence: Analysis, period: Agreement, *, own: Period | None, value_period: Period | None
) -> dict[str, float]:
    any_period = period_agreement(question.periods, sentence.periods)
    return {
        "value_period_agrees": float(period is Agreement.AGREES),
        "value_period_contradicts": float(period is Agreement.CONTRADICTS),
        "sentence_period_agrees": float(any_period is Agreement.AGREES),
        "period_inherited": float(bool(question.periods) and own is None and value_period is not None),
        "period_unknown": float(bool(question.periods) and value_period is None),
    }


def _stock_features(question: ParsedQuestion, candidate: Candidate) -> dict[str, float]:
    stock = tells_stock(candidate.sentence_text, candidate.hit.passage.language)
    return {
        "stock_agrees": float(question.stock is True and stock is True),
        "stock_contradicts": float(question.stock is not None and stock is not None and question.stock is not stock),
    }


def _name_features(
    question: ParsedQuestion, candidate: Candidate, place: Agreement, name: Agreement
) -> dict[str, float]:
    asked = {token for item in (*question.places, *question.names) for token in search_tokens(item.text)}
    words = set(search_tokens(question.text)) - asked
    sentence = set(search_tokens(candidate.sentence_text))
    passage = set(search_tokens(f"{candidate.hit.passage.context}\n{candidate.hit.passage.text}"))
    return {
        "place_agrees": float(place is Agreement.AGREES),
        "place_contradicts": float(place is Agreement.CONTRADICTS),
        "name_agrees": float(name is Agreement.AGREES),
        "name_contradicts": float(name is Agreement.CONTRADICTS),
        "names_in_sentence": _coverage(asked, sentence),
        "names_in_passage": _coverage(asked, passage),
        "words_in_sentence": _coverage(words, sentence),
        "same_language": float(question.language == candidate.hit.passage.language),
    }


def _coverage(wanted: set[str], present: set[str]) -> float:
    return len(wanted & present) / len(wanted) if wanted else 0.5
