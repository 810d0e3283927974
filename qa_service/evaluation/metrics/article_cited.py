"""Whether the right article is cited where the asker looks first."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome

SHOWN_FIRST = 2


def article_cited(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """1 if a gold article is among the first two citations; an abstention cites none."""
    articles = {span.article_id for span in outcome.gold}
    if not gold.is_answerable or not articles:
        return None
    return float(any(citation.article_id in articles for citation in outcome.answer.citations[:SHOWN_FIRST]))


METRIC = Metric(
    "article_cited",
    "a gold article is among the first two citations, of the questions with an answer (an abstention cites none)",
    "design of the project; R-precision of KILT's provenance at 2",
    article_cited,
)
