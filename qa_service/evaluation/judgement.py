"""Whether an answer is right, wrong, or neither: the one judgement that the answer metrics share."""

from __future__ import annotations

from dataclasses import dataclass

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.quote_overlap import quote_overlap
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.values import gives_accepted, period_agrees

SHOWN_FIRST = 2
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """`is_right`: answered rightly, or rightly abstained. `is_wrong`: a wrong answer was given as the answer.

    An abstention on a question that has an answer is neither.
    """

    is_right: bool
    is_wrong: bool


def judge(gold: GoldQuestion, outcome: Outcome) -> Judgement:
    """An answer is right with an accepted value of the gold period from a gold article.

    Without accepted answers, it is right where its quotes cover half of the gold quote, or else cite a gold article.
    An answer that is only a quoted sentence, and that the gold quote, is not right where a short answer was asked
    for, and not wrong either.
    """
    if not gold.is_answerable:
        return Judgement(is_right=not outcome.is_answered, is_wrong=outcome.is_answered)
    if not outcome.is_answered:
        return Judgement(is_right=False, is_wrong=False)
    right = cites_gold(outcome) and _answers(gold, outcome)
    shows_gold = outcome.answer.headline is None and (quote_overlap(gold, outcome) or 0.0) >= HALF
    return Judgement(is_right=right, is_wrong=not right and not shows_gold)


def cites_gold(outcome: Outcome) -> bool:
    """Whether one of the first two citations is of a gold article; true where no article is gold."""
    gold = {span.article_id for span in outcome.gold}
    return not gold or any(citation.article_id in gold for citation in outcome.answer.citations[:SHOWN_FIRST])


def _answers(gold: GoldQuestion, outcome: Outcome) -> bool:
    if gold.answers:
        return gives_accepted(gold, outcome) and period_agrees(gold, outcome)
    overlap = quote_overlap(gold, outcome)
    return overlap is None or overlap >= HALF
