"""Headline, sentences and claims from the evidence chosen, in the asker's language."""

from __future__ import annotations

from dataclasses import dataclass

from qa_service.answering.candidates import Candidate
from qa_service.answering.features import Evidence
from qa_service.answering.quotes import CitationBook
from qa_service.language.language_names import language_name
from qa_service.language.localise import format_country, format_quantity
from qa_service.language.localise_periods import format_period
from qa_service.models import Citation, Claim, Period, Span, Value
from qa_service.prompts import render, template_language


@dataclass(frozen=True, slots=True)
class Statement:
    """One part of an answer; `headline` is None where the whole sentence answers.

    `asserted` is what the claim says beyond the template around it: the part that must be proved.
    """

    asserted: str
    headline: str | None
    value: Value | None
    claim: Claim
    citation: Citation


def state_value(evidence: Evidence, language: str, book: CitationBook) -> Statement | None:
    """The candidate's value as headline and claim; None where it cannot be quoted."""
    candidate = evidence.candidate
    span, period = proving_span(evidence)
    citation = book.cite(candidate.hit, span, must_hold=candidate.span)
    if citation is None:
        return None
    shown = localised(candidate, language)
    markers = f"[{citation.marker}]"
    foreign = shown == candidate.text and citation.language != language and not _is_typed(candidate)
    if period is not None and candidate.quantity is not None:
        told = format_period(period, template_language(language))
        text = render("value_period", language, value=shown, period=told, markers=markers)
    elif foreign:
        name = language_name(citation.language, template_language(language))
        text = render("span_foreign", language, value=shown, language=name, markers=markers)
    else:
        text = render("value", language, value=shown, markers=markers)
    asserted = shown if period is None else f"{shown} ({format_period(period, language)})"
    value = typed_value(evidence, period, citation)
    return Statement(asserted, shown, value, Claim(text, (citation.marker,)), citation)


def state_sentence(evidence: Evidence, language: str, book: CitationBook) -> Statement | None:
    """The candidate's whole sentence as claim, without a headline."""
    candidate = evidence.candidate
    citation = book.cite(candidate.hit, candidate.sentence, must_hold=candidate.span)
    if citation is None:
        return None
    key = "sentence" if citation.language == language else "sentence_foreign"
    name = language_name(citation.language, template_language(language))
    text = render(key, language, quote=one_line(citation.quote), language=name, markers=f"[{citation.marker}]")
    return Statement(citation.quote, None, None, Claim(text, (citation.marker,)), citation)


def localised(candidate: Candidate, language: str) -> str:
    """The candidate's value in the asker's language; a span that cannot be localised stays as the article has it."""
    if candidate.quantity is not None:
        return format_quantity(candidate.quantity, language)
    if candidate.period is not None and candidate.period.explicit:
        return format_period(candidate.period, language)
    if candidate.name is not None and candidate.name.kind == "country" and candidate.name.code:
        return format_country(candidate.name.code, language)
    return one_line(candidate.text).strip(" ,;:.")


def proving_span(evidence: Evidence) -> tuple[Span, Period | None]:
    """The sentences that prove a value, and its period where they tell it.

    The period is claimed only where the value's own sentence tells it.
    """
    candidate, period = evidence.candidate, evidence.value_period
    if period is None or candidate.quantity is None:
        return candidate.sentence, None
    sentence = candidate.sentence
    stated = period.span
    if period.explicit and stated.start < stated.end and sentence.overlaps(stated):
        return sentence, period
    return sentence, None


def typed_value(evidence: Evidence, period: Period | None, citation: Citation) -> Value | None:
    """The candidate's quantity or date as the answer's typed value."""
    candidate = evidence.candidate
    if candidate.quantity is not None:
        quantity = candidate.quantity
        high = f"{quantity.high:f}" if quantity.high is not None else None
        iso = period.iso() if period else None
        return Value(f"{quantity.amount:f}", quantity.unit, quantity.qualifier, iso, citation.marker, high)
    return None


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def _is_typed(candidate: Candidate) -> bool:
    return candidate.quantity is not None or candidate.period is not None
