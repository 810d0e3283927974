"""Retrieval: whether a gold passage stands first, among the first five, and how high, by ir-measures.

A passage is gold if it overlaps a gold quote; without a quote, any passage of a gold article is. As any gold article
is right, "R@k" is success at k: one gold passage among the first k. Where only articles are gold, each article counts
once, at the rank of its first passage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from qa_service.evaluation.metrics.metric import Metric
from qa_service.evaluation.outcome import GoldSpan, Outcome
from qa_service.schemas import PassageModel

_MEASURES = {"recall_at_1": "Success@1", "recall_at_5": "Success@5", "mrr": "RR@10", "ndcg_at_10": "nDCG@10"}
_LIBRARY = "ir-measures {}"
METRICS = (
    Metric("recall_at_1", "a gold passage is found first", _LIBRARY.format("Success@1")),
    Metric("recall_at_5", "a gold passage is among the first five", _LIBRARY.format("Success@5")),
    Metric("mrr", "one by the rank of the first gold passage, 0 below rank ten", _LIBRARY.format("RR@10")),
    Metric(
        "ndcg_at_10",
        "discounted gain of the gold passages among the first ten",
        f"{_LIBRARY.format('nDCG@10')}; Järvelin & Kekäläinen 2002",
    ),
)


def retrieval_scores(outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, float]]:
    """The scores of each question with gold, by question id."""
    ranked = {name: ranking(outcome) for name, outcome in outcomes.items() if outcome.gold}
    return score_rankings(
        {name: docs for name, (docs, _) in ranked.items()}, {n: gold for n, (_, gold) in ranked.items()}
    )


def score_rankings(
    rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """The scores of each ranking of ids, best first, given the ids that are relevant."""
    import ir_measures

    names = {ir_measures.parse_measure(measure): name for name, measure in _MEASURES.items()}
    qrels = {query: {doc: 1 for doc in docs} or {"": 1} for query, docs in relevant.items()}
    runs = {query: {doc: float(len(docs) - i) for i, doc in enumerate(docs)} for query, docs in rankings.items()}
    scores: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(_MEASURES, 0.0))
    for query in qrels:
        scores[query].update(dict.fromkeys(_MEASURES, 0.0))
    for found in ir_measures.iter_calc(list(names), qrels, runs) if qrels else ():
        scores[found.query_id][names[found.measure]] = float(found.value)
    return dict(scores)


def ranking(outcome: Outcome) -> tuple[list[str], list[str]]:
    """The ids found, best first, and the gold ones: of passages where there is a gold quote, else of articles."""
    quoted = [span for span in outcome.gold if span.start is not None]
    if not quoted:
        articles = list(dict.fromkeys(passage.article_id for passage in outcome.passages))
        return articles, list(dict.fromkeys(span.article_id for span in outcome.gold))
    ids = [passage.passage_id for passage in outcome.passages]
    gold = [passage.passage_id for passage in outcome.passages if _is_gold(passage, quoted)]
    unfound = [span for span in quoted if not any(_is_gold(passage, [span]) for passage in outcome.passages)]
    return ids, [*gold, *(f"not found: {span.article_id}:{span.start}" for span in unfound)]


def holds(article_id: str, start: int, end: int, *, span: GoldSpan) -> bool:
    """Whether a passage holds a quote, or half of it, or is itself half within it: quotes may be long."""
    if article_id != span.article_id or span.start is None or span.end is None:
        return False
    shared = min(end, span.end) - max(start, span.start)
    return shared > 0 and 2 * shared >= min(span.end - span.start, end - start)


def _is_gold(passage: PassageModel, spans: Sequence[GoldSpan]) -> bool:
    return any(holds(passage.article_id, passage.start, passage.end, span=span) for span in spans)
