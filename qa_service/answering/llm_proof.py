"""Proof of an LLM's claims: for each, the shortest run of sentences of a cited passage that proves it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa_service.answering.llm_reply import Drafted
from qa_service.answering.quotes import CitationBook
from qa_service.answering.verify import problems
from qa_service.language.names import find_names
from qa_service.language.periods import find_periods
from qa_service.language.quantities import find_quantities
from qa_service.language.search_tokens import function_words, search_tokens
from qa_service.models import Agreement, Analysis, Article, Citation, Hit, ParsedQuestion, Period, Span
from qa_service.retrieval.constraints import names_agreement, period_agreement
from qa_service.retrieval.search import SearchResult

LONGEST_RUN = 3
_STEM = 5
_SHARED_IF_TYPED = 0.25
_SHARED_IF_PLAIN = 0.6


@dataclass(frozen=True, slots=True)
class Proof:
    """The passage and the run of its sentences that prove a claim."""

    hit: Hit
    span: Span


@dataclass(frozen=True, slots=True)
class Prover:
    """Looks for the proofs of claims about one question in the passages that were shown, numbered from 1.

    `strict`: the articles contradict the question's period, place or name, so a proof must state what was asked.
    """

    result: SearchResult
    shown: tuple[Hit, ...]
    articles: Mapping[str, Article]
    strict: bool

    def proofs(self, claim: Drafted) -> tuple[Proof, ...]:
        """A proof from each cited passage that proves the claim by itself; empty where none does."""
        cited = [self.shown[number - 1] for number in claim.cited if 0 < number <= len(self.shown)]
        found = (self._proof(claim.text, hit) for hit in cited)
        return tuple(proof for proof in found if proof is not None)

    def _proof(self, claim: str, hit: Hit) -> Proof | None:
        for span in _runs(hit.passage.sentences or (Span(0, len(hit.passage.text)),)):
            citation = CitationBook(self.articles).cite(hit, span)
            if citation is not None and self._proves(claim, citation, hit, span):
                return Proof(hit, span)
        return None

    def _proves(self, claim: str, citation: Citation, hit: Hit, span: Span) -> bool:
        language = self.result.question.language
        if problems(claim, language, [citation], self.articles):
            return False
        if not _is_about(claim, language, citation):
            return False
        return self._is_to_the_point(claim, hit, span)

    def _is_to_the_point(self, claim: str, hit: Hit, span: Span) -> bool:
        """Whether the run speaks of the period, place and names asked about, as far as it tells."""
        question = self.result.question
        analysis = self.result.analyses.get(hit.passage.id, Analysis())
        context = f"{hit.passage.context}\n{hit.passage.text}"
        period = period_agreement(question.periods, _periods_for(analysis, span, question))
        place = names_agreement(question.places, analysis.names, context)
        name = names_agreement(question.names, analysis.names, context)
        if Agreement.CONTRADICTS in (period, place, name):
            return False
        if not self.strict:
            return True
        dated, placed = bool(question.periods), bool(question.places)
        return (not dated or period is Agreement.AGREES) and (not placed or place is Agreement.AGREES)


def _runs(sentences: Sequence[Span]) -> Iterator[Span]:
    for size in range(1, LONGEST_RUN + 1):
        for first, last in zip(sentences, sentences[size - 1 :], strict=False):
            yield Span(first.start, last.end)


def _periods_for(analysis: Analysis, span: Span, question: ParsedQuestion) -> tuple[Period, ...]:
    """The run's own periods that nothing is merely compared with; else those of the passage before it or inherited."""
    stated = [period for period in analysis.periods if not period.compared]
    own = tuple(period for period in stated if span.overlaps(period.span))
    if own:
        return own
    before = tuple(period for period in stated if period.end <= span.start)
    agreeing = tuple(p for p in before if period_agreement(question.periods, [p]) is Agreement.AGREES)
    return agreeing or before[-1:] or analysis.inherited


def _is_about(claim: str, language: str, citation: Citation) -> bool:
    """Whether a quote without a problem says what the claim says, as far as words can tell.

    In one language most words must be the same. Across languages something typed must be: a number, a date, a name.
    """
    typed = bool(find_quantities(claim, language) or find_periods(claim, language) or find_names(claim, language))
    if citation.language.split("-")[0] != language.split("-")[0]:
        return typed
    said, quoted = _stems(claim), _stems(citation.quote)
    if not said:
        return typed
    return len(said & quoted) / len(said) >= (_SHARED_IF_TYPED if typed else _SHARED_IF_PLAIN)


def _stems(text: str) -> set[str]:
    return {token[:_STEM] for token in search_tokens(text) if token not in function_words()}
