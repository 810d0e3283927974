"""Whether Chroma finds what it was given: its count stays right even when vectors are gone, so each is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from qa_service.errors import IndexDamagedError
from qa_service.store.layout import REPAIR

if TYPE_CHECKING:
    from qa_service.store.chroma import ChromaIndex
    from qa_service.store.snapshot import Snapshot

SAME = 0.999
"""The cosine from which a vector counts as found: itself, or a passage of the same text."""
_AT_ONCE = 500

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how much is done, and how much there is."""


def check_ids(snapshot: Snapshot, chroma: ChromaIndex) -> None:
    """Raises IndexDamagedError unless Chroma holds exactly the snapshot's passages."""
    if chroma.ids() != set(snapshot.passage_ids):
        raise IndexDamagedError(f"Chroma in {snapshot.folder} holds other passages than the store. {REPAIR}")


def unfound_rows(
    snapshot: Snapshot, chroma: ChromaIndex, *, queries: int | None = None, progress: Progress | None = None
) -> list[int]:
    """The rows of passages that Chroma does not find by their own vector, of all or of an even sample of `queries`."""
    rows = np.arange(0, snapshot.count(), max(1, snapshot.count() // queries) if queries else 1)
    unfound: list[int] = []
    for low in range(0, len(rows), _AT_ONCE):
        part = rows[low : low + _AT_ONCE]
        vectors = snapshot.vector_rows(part)
        found = chroma.search_many(vectors, 1)
        for row, vector, best in zip(part, vectors, found, strict=True):
            if np.any(vector) and (not best or best[0][1] < SAME):
                unfound.append(int(row))
        if progress:
            progress("verify", min(low + _AT_ONCE, len(rows)), len(rows))
    return unfound
