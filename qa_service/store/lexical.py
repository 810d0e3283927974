"""BM25 over tokens that meet across languages (bm25s), saved with a generation and memory-mapped by readers."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any

from qa_service.errors import IndexDamagedError
from qa_service.store.exact import best_rows
from qa_service.store.layout import REPAIR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Tokenise = Callable[[str], list[str]]

K1 = 1.2
B = 0.75
_EMPTY = "empty.json"


class LexicalBuilder:
    """Collects the tokens of passages, in the order of the index; 4 bytes a token."""

    def __init__(self, tokenise: Tokenise) -> None:
        self._tokenise = tokenise
        self._vocabulary: dict[str, int] = {}
        self._rows: list[array[int]] = []

    def add(self, text: str) -> None:
        """Adds the next passage."""
        known = self._vocabulary
        self._rows.append(array("i", [known.setdefault(token, len(known)) for token in self._tokenise(text)]))

    def save(self, folder: Path) -> None:
        """Scores the tokens and writes the index into the folder, which is made."""
        folder.mkdir()
        if not self._vocabulary:
            (folder / _EMPTY).write_text(json.dumps({"passages": len(self._rows)}), encoding="utf-8")
            return
        from bm25s import BM25

        index = BM25(k1=K1, b=B, method="lucene", backend="numpy")
        index.index((self._rows, self._vocabulary), create_empty_token=False, show_progress=False)
        index.save(str(folder), show_progress=False)


class LexicalIndex:
    """The lexical index of a generation; safe to share between threads, as nothing in it changes."""

    def __init__(self, folder: Path, ids: Sequence[str], tokenise: Tokenise) -> None:
        self._ids = ids
        self._tokenise = tokenise
        self._index = _load(folder, len(ids))

    def search(self, query: str | Sequence[str], k: int) -> list[tuple[str, float]]:
        """The ids of the k best passages that share a token with the query, with their BM25 scores, best first.

        `query` is a text, or tokens made by the same tokeniser.
        """
        tokens = self._tokenise(query) if isinstance(query, str) else list(query)
        if self._index is None or k < 1:
            return []
        token_ids = self._index.get_tokens_ids(tokens)
        if not token_ids:
            return []
        scores = self._index.get_scores_from_ids(token_ids)
        return [(self._ids[row], float(scores[row])) for row in best_rows(scores, k) if scores[row] > 0]


def _load(folder: Path, passages: int) -> Any:  # noqa: ANN401 - bm25s is untyped and imported late
    if (folder / _EMPTY).exists():
        return None
    from bm25s import BM25

    try:
        index = BM25.load(str(folder), mmap=True, load_corpus=False, load_vocab=True)
        stored = int(index.scores["num_docs"])
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise IndexDamagedError(f"The lexical index in {folder} cannot be read ({error}). {REPAIR}") from error
    if stored != passages:
        raise IndexDamagedError(f"The lexical index in {folder} holds {stored} passages, not {passages}. {REPAIR}")
    return index
