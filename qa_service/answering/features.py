"""What speaks for and against a candidate answer, as numbers for the fitted scorer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.answering.association import Mentions, mentions_in, nearest_share, rivalled_share
from qa_service.answering.candidates import DATED, NUMERIC, Candidate, kind_likelihood
from qa_service.answering.clauses import clause_around, cue_features
from qa_service.answering.parts import Part
from qa_service.answering.period_evidence import period_evidence
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
)
from qa_service.query.stock import tells_stock
from qa_service.retrieval.constraints import names_agreement
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
"""What log-likelihoods of kinds are floored at."""
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
    """What all candidates of a question share.

    The reader's highest relevance, the share of asked names that no passage has, and the question's folded words: all,
    those of its names, the others.
    """

    best_relevance: float
    names_unknown: float
    words: frozenset[str]
    name_words: frozenset[str]
    other_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the candidates of one passage share: what was read out of it, and how it has the asked names."""

    analysis: Analysis
    mentions: tuple[Mentions, ...]
    name: Agreement
    features: dict[str, float]


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
    words = frozenset(search_tokens(question.text))
    names = frozenset(token for name in (*question.places, *question.names) for token in search_tokens(name.text))
    return Background(
        best_relevance=max((reading.relevance for reading in result.readings.values()), default=0.0),
        names_unknown=len(unknown) / len(asked) if asked else 0.0,
        words=words,
        name_words=names,
        other_words=words - names,
    )


def _is_surely_a_name(name: Name, language: str) -> bool:
    """German writes every noun with a capital: there only names of a known kind, or of several words, count."""
    return language != "de" or name.kind != "other" or " " in name.text


def _context_of(hit: Hit) -> str:
    return f"{hit.passage.context}\n{hit.passage.text}"


def setting_of(question: ParsedQuestion, hit: Hit, analysis: Analysis, background: Background) -> Setting:
    """The setting of a passage's candidates."""
    context = _context_of(hit)
    name = names_agreement(question.names, analysis.names, context)
    if background.names_unknown >= MOST_UNKNOWN:
        name = Agreement.CONTRADICTS
    relevance = hit.lanes.get("reader", 0.0)
    features = {
        "relevance": relevance,
        "relevance_gap": relevance - background.best_relevance,
        "search_score": hit.score,
        "names_missing": _missing_share((*question.places, *question.names), analysis, context),
        "names_unknown": background.names_unknown,
        "name_agrees": float(name is Agreement.AGREES),
        "name_contradicts": float(name is Agreement.CONTRADICTS),
        "names_in_passage": _coverage(background.name_words, frozenset(search_tokens(context))),
        "same_language": float(question.language == hit.passage.language),
    }
    return Setting(analysis, mentions_in(question, analysis), name, features)


def weigh(part: Part, candidate: Candidate, setting: Setting, background: Background) -> Evidence:
    """The candidate's evidence."""
    question = part.question
    period = period_evidence(question, setting.analysis, candidate)
    place = _place_agreement(question, setting.analysis, candidate)
    features = {
        **setting.features,
        **period.features,
        **_span_features(candidate),
        **_type_features(part, candidate, background),
        **_stock_features(question, candidate),
        **_clause_features(question, candidate, background),
        "place_agrees": float(place is Agreement.AGREES),
        "place_contradicts": float(place is Agreement.CONTRADICTS),
        "names_rivalled": rivalled_share(setting.mentions, candidate.sentence),
        "name_is_nearest": nearest_share(setting.mentions, candidate.hit.passage.text, candidate.span),
    }
    return Evidence(
        candidate,
        period.value,
        period=period.agreement,
        place=place,
        name=setting.name,
        unit=_unit_agreement(question.unit_hint, candidate.quantity),
        features=tuple(features[key] for key in NAMES),
    )


def _unit_agreement(asked: str | None, quantity: Quantity | None) -> Agreement:
    """CONTRADICTS where the question names a unit and the value has one of another dimension: hectares and tonnes."""
    if asked is None or quantity is None or not quantity.unit:
        return Agreement.NEUTRAL
    if asked == quantity.unit:
        return Agreement.AGREES
    return Agreement.CONTRADICTS if dimension(asked) != dimension(quantity.unit) else Agreement.NEUTRAL


def _clause_features(question: ParsedQuestion, candidate: Candidate, background: Background) -> dict[str, float]:
    clause = clause_around(candidate)
    sentence = frozenset(search_tokens(candidate.sentence_text))
    return {
        **cue_features(question, candidate, clause),
        "names_in_sentence": _coverage(background.name_words, sentence),
        "words_in_sentence": _coverage(background.other_words, sentence),
        "words_in_clause": _coverage(background.other_words, frozenset(search_tokens(clause))),
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


def _missing_share(asked: Sequence[Name], analysis: Analysis, context: str) -> float:
    readable = [name for name in asked if scripts_of(name.text) & scripts_of(context)]
    missing = [name for name in readable if compare_names(name, analysis.names, context) is not Agreement.AGREES]
    return len(missing) / len(readable) if readable else 0.0


def _span_features(candidate: Candidate) -> dict[str, float]:
    return {
        "span_score": max(-15.0, min(15.0, candidate.span_score)),
        "is_best": float(candidate.is_best),
        "span_words": math.log1p(len(candidate.text.split())),
        "competitors": math.log1p(candidate.competitors),
    }


def _type_features(part: Part, candidate: Candidate, background: Background) -> dict[str, float]:
    asked, question, quantity = part.asked, part.question, candidate.quantity
    unit = quantity.unit if quantity else None
    hinted = question.unit_hint if quantity else None
    repeated = quantity is not None and any(same_quantity(quantity, other) for other in question.quantities)
    return {
        "kind_likelihood": math.log(max(LEAST_LIKELIHOOD, kind_likelihood(part, candidate))),
        "typed": float(quantity is not None or candidate.period is not None or candidate.name is not None),
        "unit_agrees": float(hinted is not None and hinted == unit),
        "unit_contradicts": float(hinted is not None and hinted != unit),
        "noun_asked": _noun_asked(background, quantity),
        "in_question": float(repeated or _is_asked_name(background, candidate)),
        "asked_numeric": float(asked in NUMERIC),
        "asked_dated": float(asked in DATED),
        "asked_reason": float(asked in (AskedFor.REASON, AskedFor.DESCRIPTION)),
    }


def _noun_asked(background: Background, quantity: Quantity | None) -> float:
    """Whether the words counted stand in the question: 1 if any does, 0 if none, 0.5 where nothing can be told."""
    noun = set(search_tokens(quantity.noun)) if quantity else set()
    if not noun:
        return 0.5
    return float(bool(noun & background.words))


def _is_asked_name(background: Background, candidate: Candidate) -> bool:
    words = set(search_tokens(candidate.text))
    return bool(words) and words <= background.words


def _stock_features(question: ParsedQuestion, candidate: Candidate) -> dict[str, float]:
    stock = tells_stock(candidate.sentence_text, candidate.hit.passage.language)
    return {
        "stock_agrees": float(question.stock is True and stock is True),
        "stock_contradicts": float(question.stock is not None and stock is not None and question.stock is not stock),
    }


def _coverage(wanted: frozenset[str], present: frozenset[str]) -> float:
    return len(wanted & present) / len(wanted) if wanted else 0.5
