"""Exact search by comparing with every vector: the ground truth, and what serves from a read-only folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


class VectorIndex(Protocol):
    """Finds the passages nearest to a vector."""

    def search(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest passages with their cosines, best first."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...


class ExactIndex:
    """Vectors of length 1, one row an id, shape (n, dimension); they may be memory-mapped."""

    def __init__(self, ids: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        self._ids = ids
        self._vectors = vectors

    def search(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest passages with their cosines, best first; equal ones in index order."""
        if not len(self._ids) or k < 1:
            return []
        cosines = self._vectors @ unit(vector)
        return [(self._ids[row], float(cosines[row])) for row in best_rows(cosines, k)]

    def close(self) -> None:
        """Nothing is held open."""


def unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The vector at length 1; a zero vector stays as it is."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def unit_rows(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Each row at length 1, shape (n, dimension); zero rows stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def best_rows(scores: npt.NDArray[np.float32], k: int) -> list[int]:
    """The rows of the k highest scores, best first; equal scores in row order."""
    k = min(k, len(scores))
    if k < 1:
        return []
    floor = np.partition(scores, len(scores) - k)[len(scores) - k]
    rows = np.flatnonzero(scores >= floor)
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")][:k]]
