"""One generation, open for reading: it never changes, so one answer read from it is of a piece."""

from __future__ import annotations

import json
import logging
import weakref
from typing import TYPE_CHECKING

import numpy as np

from qa_service.errors import IndexDamagedError
from qa_service.store.analysis import analysis_from_json
from qa_service.store.chroma import ChromaIndex, ChromaPlace, ChromaServer, is_writable, lacks_room
from qa_service.store.content import Content
from qa_service.store.exact import ExactIndex, VectorIndex, unit
from qa_service.store.layout import REPAIR
from qa_service.store.lexical import LexicalIndex
from qa_service.store.manifest import Manifest, file_problems
from qa_service.store.verify import SAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from qa_service.models import Analysis, Article, ArticleInfo, Passage
    from qa_service.store.lexical import Tokenise

logger = logging.getLogger(__name__)

CHROMA, LEXICAL, CONTENT, VECTORS, TRANSFORM = "chroma", "lexical", "content.sqlite3", "vectors.npy", "transform"
UNFOUND = "unfound.json"
"""Rows of passages that the approximate search misses; they are compared one by one."""
_SELF_QUERIES = 3


class Snapshot:
    """Articles, passages and search structures of one generation; safe to share between threads.

    It lets go of its files when the last reference to it is gone.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, *, tokenise: Tokenise, server: ChromaServer | None = None
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self._content = _open_content(folder / CONTENT)
        weakref.finalize(self, self._content.close)
        self._ids = self._content.passage_ids
        self._rows = {passage_id: row for row, passage_id in enumerate(self._ids)}
        self._vectors = _open_vectors(folder / VECTORS, (len(self._ids), manifest.identity.dimension))
        self.unfound = _unfound_rows(folder / UNFOUND)
        self._rest = ExactIndex([self._ids[row] for row in self.unfound], self._vectors[self.unfound])
        self._lexical = LexicalIndex(folder / LEXICAL, self._ids, tokenise)
        self._dense = self._open_dense(server)
        weakref.finalize(self, self._dense.close)

    @classmethod
    def open(cls, folder: Path, *, tokenise: Tokenise, server: ChromaServer | None = None) -> Snapshot:
        """The generation in this folder; IndexDamagedError where its files are not those that were published."""
        manifest = Manifest.read(folder)
        problems = file_problems(folder, manifest)
        if problems:
            raise IndexDamagedError(f"The index is damaged: {problems[0]}. {REPAIR}")
        snapshot = cls(folder, manifest, tokenise=tokenise, server=server)
        snapshot._check_self_queries()
        return snapshot

    @property
    def generation(self) -> str:
        """The generation's id."""
        return self.manifest.id

    @property
    def transform_path(self) -> Path:
        """Where the transform that made the vectors language-neutral was saved."""
        return self.folder / TRANSFORM

    @property
    def reads_chroma(self) -> bool:
        """Whether dense search asks Chroma; from a read-only folder it compares with every vector instead."""
        return isinstance(self._dense, ChromaIndex)

    @property
    def passage_ids(self) -> list[str]:
        """All passages in the order of the index."""
        return self._ids

    def close(self) -> None:
        """Lets go of the files at once; without this they are let go of with the last reference."""
        self._dense.close()
        self._content.close()

    def dense(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The ids and cosines of the k passages nearest to a language-neutral vector of shape (dimension,)."""
        direction = unit(vector)
        found = self._dense.search(direction, k)
        if not self.unfound:
            return found
        best = dict(found) | dict(self._rest.search(direction, k))
        return sorted(best.items(), key=lambda hit: -hit[1])[:k]

    def lexical(self, query: str | Sequence[str], k: int) -> list[tuple[str, float]]:
        """The ids and BM25 scores of the k best passages for a text or its tokens, of those that share a token."""
        return self._lexical.search(query, k)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages in the order asked; ids that are not in this generation are left out."""
        return self._content.passages(ids)

    def analyses(self, ids: Sequence[str]) -> dict[str, Analysis]:
        """What was read out of each passage at index time, by passage id."""
        return {passage_id: analysis_from_json(text) for passage_id, text in self._content.analyses(ids).items()}

    def vectors(self, ids: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The language-neutral vector of each passage, shape (dimension,), by passage id."""
        return {id: np.array(self._vectors[self._rows[id]]) for id in ids if id in self._rows}

    def vector_rows(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """The language-neutral vectors of passages by their place in the index, shape (n, dimension)."""
        return np.array(self._vectors[rows])

    def article(self, article_id: str) -> Article | None:
        """The article with its whole text, or None for an unknown id."""
        return self._content.article(article_id)

    def articles(self) -> list[ArticleInfo]:
        """What is known of every article, by id."""
        return self._content.articles()

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in reading order."""
        return self._content.passages_of(article_id)

    def neighbours(self, passage: Passage, reach: int = 1) -> list[Passage]:
        """The passages of the same article up to `reach` places before and after, without the passage itself."""
        siblings = self.passages_of(passage.article_id)
        place = next((i for i, sibling in enumerate(siblings) if sibling.id == passage.id), None)
        if place is None:
            return []
        return [*siblings[max(0, place - reach) : place], *siblings[place + 1 : place + 1 + reach]]

    def count(self) -> int:
        """How many passages there are."""
        return len(self._ids)

    def exact(self) -> ExactIndex:
        """Exact search over the same vectors: the ground truth for the fast one."""
        return ExactIndex(self._ids, self._vectors)

    def _open_dense(self, server: ChromaServer | None) -> VectorIndex:
        folder = self.folder / CHROMA
        if self.manifest.server is None and not is_writable(folder):
            logger.warning("%s is read-only, and Chroma writes even to read: comparing all vectors instead", folder)
            return self.exact()
        try:
            index = ChromaIndex.open(ChromaPlace(folder, self.manifest.id, self._known_server(server)))
        except IndexDamagedError as error:
            if not lacks_room(error):
                raise
            logger.warning("comparing all vectors instead: %s", error)
            return self.exact()
        if index.count() != len(self._ids):
            index.close()
            raise IndexDamagedError(
                f"Chroma holds {index.count()} passages in {folder}, not {len(self._ids)}. {REPAIR}"
            )
        return index

    def _known_server(self, server: ChromaServer | None) -> ChromaServer | None:
        if self.manifest.server is None:
            return None
        if server is None:
            raise IndexDamagedError(
                f"The vectors of this index lie on {self.manifest.server}, and CHROMA_HTTP_HOST is not set. "
                "Set it, or run `qa-service doctor --repair` to keep them in the index folder."
            )
        return server

    def _check_self_queries(self) -> None:
        """A few stored vectors must find themselves: Chroma's count stays right even when its vectors are gone."""
        step = max(1, len(self._ids) // _SELF_QUERIES)
        for row in range(0, len(self._ids), step):
            vector = np.array(self._vectors[row])
            found = self.dense(vector, 1)
            if not found or (np.any(vector) and found[0][1] < SAME):
                raise unfindable(self._ids[row], self.folder)


def unfindable(passage_id: str, folder: Path) -> IndexDamagedError:
    """The error for a passage that its own vector does not find."""
    return IndexDamagedError(f"Passage {passage_id} in {folder} is not found by its own vector. {REPAIR}")


def _open_content(path: Path) -> Content:
    try:
        return Content(path)
    except IndexDamagedError as error:
        raise IndexDamagedError(f"{path} is damaged. {REPAIR}") from error


def _unfound_rows(path: Path) -> list[int]:
    if not path.exists():
        return []
    try:
        return [int(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{path} cannot be read ({error}). {REPAIR}") from error


def _open_vectors(path: Path, shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    try:
        vectors: npt.NDArray[np.float32] = np.load(path, mmap_mode="r" if shape[0] else None, allow_pickle=False)
        if vectors.shape != shape:
            raise ValueError(f"shape {vectors.shape}, not {shape}")
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamagedError(f"{path} cannot be read ({error}). {REPAIR}") from error
    return vectors
