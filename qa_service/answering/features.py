"""What speaks for and against a candidate answer, as numbers for the fitted scorer."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_service.answering.association import Mentions, nearest_share, rivalled_share
from qa_service.answering.candidates import DATED, NUMERIC, Candidate, kind_likelihood
from qa_service.answering.parts import Part
from qa_service.language.names import compare_names
from qa_service.language.quantities_same import same_quantity
from qa_service.language.scripts import scripts_of
from qa_service.language.search_tokens import search_tokens
from qa_service.language.units import dimension
from qa_service.models import (
    Agreement,
    Analysis,
    AskedFor,
    Hit,
    Name,
    ParsedQuestion,
    Period,
    Quantity,
    QuantityKind,
    Span,
)
from qa_service.query.cues import GROWTH, PLAN, cues_in
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
    "kind_likelihood",
    "plan_agrees",
    "plan_contradicts",
    "growth_agrees",
    "growth_contradicts",
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
    "words_in_clause",
    "name_is_nearest",
    "names_rivalled",
    "same_language",
    "competitors",
    "in_question",
    "span_words",
    "asked_numeric",
    "asked_dated",
    "asked_reason",
)


LEAST_LIKELIHOOD = 0.01
_COMPOUND = re.compile(r"[-‐‑][^\W\d]")
_MARKS = re.compile(r"[;:()–—]\s?|,\s")
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
    unit: Agreement
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What all passages found tell: the reader's highest relevance, and the share of asked names in none of them."""

    best_relevance: float
    names_unknown: float


@dataclass(frozen=True, slots=True)
class _Told:
    """The period that a value's sentence tells of it, and the one that it has, told or inherited."""

    own: Period | None
    value: Period | None


def background_of(question: ParsedQuestion, result: SearchResult) -> Background:
    """The background of a question's candidates."""
    scripts = {script for hit in result.hits for script in scripts_of(hit.passage.text)}
    asked = [
        name
        for name in (*question.places, *question.names)
        if _is_surely_a_name(name, question.language) and scripts & scripts_of(name.text)
    ]
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


@dataclass(frozen=True, slots=True)
class Setting:
    """What the candidates of one passage share: what was read out of it, and where it has the asked names."""

    analysis: Analysis
    mentions: tuple[Mentions, ...]
    background: Background


def weigh(part: Part, candidate: Candidate, setting: Setting) -> Evidence:
    """The candidate's evidence."""
    question, analysis, background = part.question, setting.analysis, setting.background
    sentence = _within(analysis, candidate.sentence)
    own = nearest_period(sentence, candidate)
    value_period = own or _inherited_period(question, analysis, candidate)
    told = sentence.periods if candidate.is_sentence and own else [value_period] if value_period else ()
    period = period_agreement(question.periods, told)
    context = _context_of(candidate.hit)
    missing = _missing_share((*question.places, *question.names), analysis, context)
    place = _place_agreement(question, analysis, candidate)
    name = names_agreement(question.names, analysis.names, context)
    if background.names_unknown >= MOST_UNKNOWN:
        name = Agreement.CONTRADICTS
    clause = _clause_around(candidate)
    features = {
        **_reader_features(candidate, background.best_relevance),
        "names_missing": missing,
        "names_unknown": background.names_unknown,
        **_type_features(part, candidate),
        **_cue_features(question, candidate, clause),
        **_period_features(question, sentence, period, own=own, value_period=value_period),
        **_stock_features(question, candidate),
        **_name_features(question, candidate, place, name),
        "words_in_clause": _coverage(_asked_words(question), set(search_tokens(clause))),
        "names_rivalled": rivalled_share(setting.mentions, candidate.sentence),
        "name_is_nearest": nearest_share(setting.mentions, candidate.hit.passage.text, candidate.span),
    }
    if period is Agreement.CONTRADICTS and _may_still_answer(
        question, candidate, sentence, told=_Told(own, value_period)
    ):
        period = Agreement.NEUTRAL
    unit = _unit_agreement(question.unit_hint, candidate.quantity)
    return Evidence(candidate, value_period, period, place, name, unit, tuple(features[key] for key in NAMES))


def _unit_agreement(asked: str | None, quantity: Quantity | None) -> Agreement:
    """CONTRADICTS where the question names a unit and the value has one of another dimension: hectares and tonnes."""
    if asked is None or quantity is None or not quantity.unit:
        return Agreement.NEUTRAL
    if asked == quantity.unit:
        return Agreement.AGREES
    return Agreement.CONTRADICTS if dimension(asked) != dimension(quantity.unit) else Agreement.NEUTRAL


def _may_still_answer(question: ParsedQuestion, candidate: Candidate, sentence: Analysis, *, told: _Told) -> bool:
    """Whether a value whose period contradicts is left to the scorer instead of being ruled out.

    It is where its sentence tells of the asked period too, unless another such value is that period's; and where the
    period told lies within the asked one and is not a number's own ("opened in 2024": in June 2024).
    """
    stated = [period for period in sentence.periods if not period.compared]
    if period_agreement(question.periods, stated) is Agreement.AGREES:
        return not any(
            period_agreement(question.periods, [near]) is Agreement.AGREES
            for near in _periods_of_others(candidate, sentence)
        )
    value = told.value
    within = value is not None and any(_lies_within(value, asked) for asked in question.periods)
    return within and (told.own is None or candidate.quantity is None)


def _periods_of_others(candidate: Candidate, sentence: Analysis) -> Iterator[Period]:
    """The periods nearest to the other values of the candidate's kind in its sentence."""
    quantity = candidate.quantity
    for other in sentence.quantities if quantity else ():
        span = Span(other.start, other.end)
        if quantity and other.kind is quantity.kind and not span.overlaps(candidate.span):
            near = nearest_period(sentence, replace(candidate, span=span))
            if near is not None:
                yield near


def _lies_within(inner: Period, outer: Period) -> bool:
    if None in (inner.first, inner.last, outer.first, outer.last):
        return False
    return outer.first <= inner.first and inner.last <= outer.last  # type: ignore[operator]


def _clause_around(candidate: Candidate) -> str:
    """The part of the sentence between marks that holds the candidate's span; the whole sentence for a sentence."""
    if candidate.is_sentence:
        return candidate.sentence_text
    text, start, end = candidate.hit.passage.text, candidate.sentence.start, candidate.sentence.end
    before = [match.end() for match in _MARKS.finditer(text, start, candidate.span.start)]
    after = _MARKS.search(text, candidate.span.end, end)
    return text[before[-1] if before else start : after.start() if after else end]


def _cue_features(question: ParsedQuestion, candidate: Candidate, clause: str) -> dict[str, float]:
    """Whether question and clause both speak, or only one speaks, of a plan; for shares and ratios, of a change."""
    told = cues_in(clause, candidate.hit.passage.language)
    kind = candidate.quantity.kind if candidate.quantity else None
    judged = {PLAN: told is not None, GROWTH: told is not None and kind in (QuantityKind.SHARE, QuantityKind.RATIO)}
    asked, told = question.cues, told or frozenset()
    return {
        f"{cue}_{verdict}": float(judged[cue] and holds)
        for cue in (PLAN, GROWTH)
        for verdict, holds in (
            ("agrees", cue in asked and cue in told),
            ("contradicts", (cue in asked) != (cue in told)),
        )
    }


def _place_agreement(question: ParsedQuestion, analysis: Analysis, candidate: Candidate) -> Agreement:
    """Whether what is read up to the end of the candidate's sentence is about the places asked.

    A place that is only named later is not what the sentence is about where another one is named before it ("Vargon
    came third, behind Ardland"); where it is the first to be named, nothing is told.
    """
    end = candidate.sentence.end
    read = f"{candidate.hit.passage.context}\n{candidate.hit.passage.text[:end]}"
    later = [name for name in analysis.names if name.start >= end]
    asked_later = (i for i, name in enumerate(later) if any(_is_named(asked, name) for asked in question.places))
    before = later[: next(asked_later, len(later))]
    return names_agreement(question.places, [*(n for n in analysis.names if n.start < end), *before], read)


def _is_named(asked: Name, name: Name) -> bool:
    return compare_names(asked, [name], name.text) is Agreement.AGREES


def nearest_period(sentence: Analysis, candidate: Candidate) -> Period | None:
    """The period of the sentence nearest to the candidate's span; one that is only compared with counts last."""
    others = [period for period in sentence.periods if candidate.is_sentence or not _covers(candidate.span, period)]
    others = [period for period in others if not _names_a_thing(candidate, period)] or others
    others = [period for period in others if not period.compared] or others
    return min(others, key=lambda period: _distance(candidate, period), default=None)


def _names_a_thing(candidate: Candidate, period: Period) -> bool:
    """Whether the period is the first half of a compound ("the 2024-plan"): then it dates that thing, not the value."""
    return _COMPOUND.match(candidate.hit.passage.text, period.end) is not None


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
    readable = [name for name in asked if scripts_of(name.text) & scripts_of(context)]
    missing = [name for name in readable if compare_names(name, analysis.names, context) is not Agreement.AGREES]
    return len(missing) / len(readable) if readable else 0.0


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


def _type_features(part: Part, candidate: Candidate) -> dict[str, float]:
    asked, question, quantity = part.asked, part.question, candidate.quantity
    unit = quantity.unit if quantity else None
    hinted = question.unit_hint if quantity else None
    repeated = quantity is not None and any(same_quantity(quantity, other) for other in question.quantities)
    return {
        "kind_likelihood": math.log(max(LEAST_LIKELIHOOD, kind_likelihood(part, candidate))),
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
    asked, words = _asked_names(question), _asked_words(question)
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


def _asked_names(question: ParsedQuestion) -> set[str]:
    return {token for item in (*question.places, *question.names) for token in search_tokens(item.text)}


def _asked_words(question: ParsedQuestion) -> set[str]:
    return set(search_tokens(question.text)) - _asked_names(question)


def _coverage(wanted: set[str], present: set[str]) -> float:
    return len(wanted & present) / len(wanted) if wanted else 0.5
