"""Fusing the lanes of a search into one ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Lane = Sequence[tuple[str, float]]


def convex_combination(lanes: Mapping[str, Lane], weights: Mapping[str, float]) -> dict[str, float]:
    """The weighted sum of each lane's min-max normalised scores, by passage id; 0 from a lane without the passage.

    Source: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023, section 3.
    """
    fused: dict[str, float] = {}
    for name, lane in lanes.items():
        for passage_id, score in _normalised(lane):
            fused[passage_id] = fused.get(passage_id, 0.0) + weights[name] * score
    return fused


def levelled(lane: Lane, group_of: Mapping[str, str]) -> list[tuple[str, float]]:
    """The lane with each group's scores divided by its best one, so that no group is ahead of another as a whole.

    BM25 counts shared words: between languages few words are shared, whatever the passages tell.
    """
    best: dict[str, float] = {}
    for passage_id, score in lane:
        group = group_of[passage_id]
        best[group] = max(best.get(group, 0.0), score)
    return [(passage_id, score / (best[group_of[passage_id]] or 1.0)) for passage_id, score in lane]


def _normalised(lane: Lane) -> list[tuple[str, float]]:
    if not lane:
        return []
    scores = [score for _, score in lane]
    low, spread = min(scores), max(scores) - min(scores)
    return [(passage_id, (score - low) / spread if spread else 1.0) for passage_id, score in lane]
