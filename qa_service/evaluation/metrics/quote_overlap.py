"""How much of the gold quote the answer's quotes cover."""

from __future__ import annotations

from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import Outcome


def quote_overlap(gold: GoldQuestion, outcome: Outcome) -> float | None:
    """The largest share of a gold quote's code points that the cited quotes cover, of verbatim citations only."""
    spans = [(span.article_id, span.start, span.end) for span in outcome.gold]
    if not gold.is_answerable or not outcome.is_answered:
        return None
    shares = [
        _covered(outcome, article_id, start, end) for article_id, start, end in spans if start is not None and end
    ]
    return max(shares, default=None)


def _covered(outcome: Outcome, article_id: str, start: int, end: int) -> float:
    covered: set[int] = set()
    for citation in outcome.answer.citations:
        if citation.article_id == article_id and outcome.is_verbatim(citation.marker):
            covered.update(range(max(start, citation.start), min(end, citation.end)))
    return len(covered) / (end - start)


METRIC = Metric(
    "quote_overlap",
    "share of the gold quote's characters that the verbatim quotes cover, of answers to questions with a gold quote",
    "recall of KILT's provenance (Petroni et al., NAACL 2021), in characters",
    quote_overlap,
)
