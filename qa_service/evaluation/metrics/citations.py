"""Citation recall and precision of claims (ALCE: Gao et al., EMNLP 2023, section 3), with verified quotes as judge.

Where ALCE asks an entailment model whether a citation supports a claim, here code does: every quote cited must stand
verbatim in its article, and the claim's numbers, days and quoted words must stand in the quotes. It is stricter on
figures than entailment models are, and blind to a paraphrase that turns the meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.words import answer_words, contains_words, without_markers
from qa_service.language.periods import compare_periods, find_periods
from qa_service.language.quantities import find_quantities
from qa_service.language.quantities_same import same_quantity
from qa_service.models import Agreement
from qa_service.schemas import CitationModel

_QUOTED = re.compile(r"[“„«»\"「『]([^“”„«»\"「」『』]{3,})[”“»«\"」』]")


def citation_recall(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """The share of the answer's claims that their citations support together."""
    claims = outcome.answer.claims
    if not outcome.is_answered or not claims:
        return None
    return sum(_supports(claim.text, _cited(outcome, claim.citations), outcome) for claim in claims) / len(claims)


def citation_precision(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """The share of citations that are relevant: of a supported claim, and supporting it alone or needed for it."""
    relevant = [
        _is_relevant(claim.text, _cited(outcome, claim.citations), i, outcome=outcome)
        for claim in outcome.answer.claims
        for i in range(len(claim.citations))
    ]
    return sum(relevant) / len(relevant) if outcome.is_answered and relevant else None


def _cited(outcome: Outcome, markers: Sequence[int]) -> list[CitationModel]:
    by_marker = {citation.marker: citation for citation in outcome.answer.citations}
    return [by_marker[marker] for marker in markers if marker in by_marker]


def _is_relevant(claim: str, cited: Sequence[CitationModel], i: int, *, outcome: Outcome) -> bool:
    if i >= len(cited) or not _supports(claim, cited, outcome):
        return False
    others = [citation for j, citation in enumerate(cited) if j != i]
    return _supports(claim, [cited[i]], outcome) or not _supports(claim, others, outcome)


def _supports(claim: str, cited: Sequence[CitationModel], outcome: Outcome) -> bool:
    if not cited or not all(outcome.is_verbatim(citation.marker) for citation in cited):
        return False
    text, language = without_markers(claim), outcome.answer.language
    return _numbers_stand(text, language, cited) and _days_stand(text, language, cited) and _words_stand(text, cited)


def _numbers_stand(text: str, language: str, cited: Sequence[CitationModel]) -> bool:
    quoted = [quantity for citation in cited for quantity in find_quantities(citation.quote, citation.language)]
    return all(
        any(same_quantity(quantity, other) for other in quoted)
        or _word_for_word(text[quantity.start : quantity.end], cited)
        for quantity in find_quantities(text, language)
    )


def _days_stand(text: str, language: str, cited: Sequence[CitationModel]) -> bool:
    """A day counts from the article's own date ("in July"), which the citation shows."""
    quoted = [
        period
        for citation in cited
        for period in find_periods(citation.quote, citation.language, anchor=citation.published_on)
    ]
    return all(
        any(compare_periods(period, other) is Agreement.AGREES for other in quoted)
        or _word_for_word(text[period.start : period.end], cited)
        for period in find_periods(text, language)
    )


def _words_stand(text: str, cited: Sequence[CitationModel]) -> bool:
    return all(_word_for_word(quoted, cited) for quoted in _QUOTED.findall(text))


def _word_for_word(words: str, cited: Sequence[CitationModel]) -> bool:
    return any(contains_words(answer_words(citation.quote), answer_words(words)) for citation in cited)


METRICS = (
    Metric(
        "citation_recall",
        "share of an answer's claims whose quotes, all verbatim, hold every number, day and quoted word of the claim",
        "ALCE citation recall (Gao et al. 2023), judged by verified quotes",
        citation_recall,
    ),
    Metric(
        "citation_precision",
        "share of an answer's citations that support their claim alone, or without which it is not supported",
        "ALCE citation precision (Gao et al. 2023), judged by verified quotes",
        citation_precision,
    ),
)
