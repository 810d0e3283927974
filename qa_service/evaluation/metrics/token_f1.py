"""Token F1 of the short answer (SQuAD: Rajpurkar et al., EMNLP 2016, section 6.1), for any script."""

from __future__ import annotations

from collections import Counter
from itertools import islice, product

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.words import answer_words, without_markers

_MOST_COMBINATIONS = 256


def token_f1(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """The best F1 over the accepted answers, the parts' joined; 0 for an abstention."""
    if not gold.is_answerable or not gold.answers:
        return None
    if not outcome.is_answered:
        return 0.0
    given = outcome.answer.headline or without_markers(outcome.answer.text)
    combinations = islice(product(*gold.answers), _MOST_COMBINATIONS)
    return max(f1(given, " ".join(part.text for part in parts)) for parts in combinations)


def f1(found: str, accepted: str) -> float:
    """The harmonic mean of the shares of words that the two texts have in common, counted with multiplicity."""
    found_words, accepted_words = answer_words(found), answer_words(accepted)
    if not found_words or not accepted_words:
        return float(found_words == accepted_words)
    shared = sum((Counter(found_words) & Counter(accepted_words)).values())
    return 2 * shared / (len(found_words) + len(accepted_words))


METRIC = Metric(
    "token_f1",
    "words the headline (else the text) shares with the best accepted answer; characters in scripts without spaces",
    "SQuAD F1 (Rajpurkar et al. 2016)",
    token_f1,
)
