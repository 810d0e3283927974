"""Near-duplicate passages: copies of one story, in the same or in another language, count once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from qa_service.language.search_tokens import search_tokens
from qa_service.models import Analysis, Hit

SAME_WORDS = 0.8
SAME_MEANING = 0.9
SHARED_NUMBERS = 3


def merge_copies(hits: Sequence[Hit], vectors: Mapping[str, np.ndarray], analyses: Mapping[str, Analysis]) -> list[Hit]:
    """The hits with each copy of an earlier one folded into that one's `copies`; order is kept.

    A copy shares 80 % of its words (Jaccard) with the earlier passage; or is close to it in meaning (cosine 0.9) and
    has at
    least three of its numbers, all of them the earlier passage's: a translation.
    """
    words = {hit.passage.id: set(search_tokens(hit.passage.text)) for hit in hits}
    numbers = {hit.passage.id: _numbers(analyses, hit) for hit in hits}
    kept: list[Hit] = []
    for hit in hits:
        original = next(
            (i for i, other in enumerate(kept) if _is_copy(hit, other, vectors, words=words, numbers=numbers)), None
        )
        if original is None:
            kept.append(hit)
        else:
            kept[original] = replace(kept[original], copies=(*kept[original].copies, hit.passage.id))
    return kept


def _is_copy(
    hit: Hit,
    other: Hit,
    vectors: Mapping[str, np.ndarray],
    *,
    words: Mapping[str, set[str]],
    numbers: Mapping[str, set[str]],
) -> bool:
    if hit.passage.article_id == other.passage.article_id:
        return False
    mine, theirs = hit.passage.id, other.passage.id
    if words[mine] and len(words[mine] & words[theirs]) >= SAME_WORDS * len(words[mine] | words[theirs]):
        return True
    if len(numbers[mine]) < SHARED_NUMBERS or numbers[mine] != numbers[theirs]:
        return False
    return float(vectors[mine] @ vectors[theirs]) >= SAME_MEANING


def _numbers(analyses: Mapping[str, Analysis], hit: Hit) -> set[str]:
    analysis = analyses.get(hit.passage.id)
    return {f"{quantity.amount.normalize():f}" for quantity in analysis.quantities} if analysis else set()
