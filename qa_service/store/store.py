"""The read side of an index: the served generation, and the switch to a newer one."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from qa_service.errors import IndexDamagedError, IndexMismatchError, StoreError
from qa_service.store.layout import IndexLayout
from qa_service.store.manifest import Manifest
from qa_service.store.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from qa_service.models import Analysis, Article, ArticleInfo, Passage
    from qa_service.store.chroma import ChromaServer
    from qa_service.store.identity import StoreIdentity
    from qa_service.store.lexical import Tokenise

logger = logging.getLogger(__name__)

_SWITCHES_WHILE_OPENING = 5


class Store:
    """An open index, safe to share between threads; it writes nothing.

    Every read method answers from the generation of that moment. Work of several reads that belong together takes
    `snapshot()` once and reads from that, so that a switch of generations cannot fall in between.
    """

    def __init__(
        self, layout: IndexLayout, snapshot: Snapshot, *, expected: StoreIdentity | None, options: _Options
    ) -> None:
        self._layout = layout
        self._snapshot = snapshot
        self._expected = expected
        self._options = options
        self._switching = threading.Lock()
        self._seen = _pointer_state(layout)

    @classmethod
    def open(
        cls, index_dir: Path, *, expected: StoreIdentity | None, tokenise: Tokenise, server: ChromaServer | None = None
    ) -> Store:
        """The index in a folder. `expected` is what this program would build it with; None takes it as it is.

        Raises IndexMissingError, IndexMismatchError or IndexDamagedError, each with the command that helps.
        """
        layout, options = IndexLayout(index_dir), _Options(tokenise, server)
        seen = _pointer_state(layout)
        store = cls(layout, _open_current(layout, expected, options), expected=expected, options=options)
        store._seen = seen  # as it was before opening: a move since then is noticed by the next refresh
        return store

    def refresh(self) -> bool:
        """Whether a newer generation was found and is served from now on; costs one `stat` where there is none.

        A newer generation that cannot be used (other settings, damage) is logged, and the old one stays.
        """
        if _pointer_state(self._layout) == self._seen or not self._switching.acquire(blocking=False):
            return False
        try:
            seen = _pointer_state(self._layout)
            if self._layout.current_id() != self._snapshot.generation:
                self._snapshot = _open_current(self._layout, self._expected, self._options)
                logger.info("serving generation %s", self._snapshot.generation)
                self._seen = seen
                return True
            self._seen = seen
        except StoreError as error:
            logger.warning("generation %s stays in service: %s", self._snapshot.generation, error)
            self._seen = seen
        finally:
            self._switching.release()
        return False

    def close(self) -> None:
        """Lets go of the served generation's files."""
        self._snapshot.close()

    def snapshot(self) -> Snapshot:
        """The generation of this moment, which stays readable for as long as it is held."""
        return self._snapshot

    @property
    def generation(self) -> str:
        """The id of the served generation."""
        return self._snapshot.generation

    @property
    def manifest(self) -> Manifest:
        """What the served generation was built with, and when."""
        return self._snapshot.manifest

    @property
    def transform_path(self) -> Path:
        """Where the transform that made the served vectors language-neutral was saved."""
        return self._snapshot.transform_path

    def dense(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The ids and cosines of the k passages nearest to a language-neutral vector of shape (dimension,)."""
        return self._snapshot.dense(vector, k)

    def lexical(self, query: str | Sequence[str], k: int) -> list[tuple[str, float]]:
        """The ids and BM25 scores of the k best passages for a text or its tokens, of those that share a token."""
        return self._snapshot.lexical(query, k)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages in the order asked; unknown ids are left out."""
        return self._snapshot.passages(ids)

    def analyses(self, ids: Sequence[str]) -> dict[str, Analysis]:
        """What was read out of each passage at index time, by passage id."""
        return self._snapshot.analyses(ids)

    def vectors(self, ids: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The language-neutral vector of each passage, shape (dimension,), by passage id."""
        return self._snapshot.vectors(ids)

    def article(self, article_id: str) -> Article | None:
        """The article with its whole text, or None for an unknown id."""
        return self._snapshot.article(article_id)

    def articles(self) -> list[ArticleInfo]:
        """What is known of every article, by id."""
        return self._snapshot.articles()

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in reading order."""
        return self._snapshot.passages_of(article_id)

    def neighbours(self, passage: Passage, reach: int = 1) -> list[Passage]:
        """The passages of the same article up to `reach` places before and after, without the passage itself."""
        return self._snapshot.neighbours(passage, reach)

    def count(self) -> int:
        """How many passages there are."""
        return self._snapshot.count()


class _Options:
    """How generations are opened."""

    def __init__(self, tokenise: Tokenise, server: ChromaServer | None) -> None:
        self.tokenise = tokenise
        self.server = server


def _open_current(layout: IndexLayout, expected: StoreIdentity | None, options: _Options) -> Snapshot:
    """The generation the pointer names; one removed while it was being opened gives way to its successor."""
    for _ in range(_SWITCHES_WHILE_OPENING):
        generation = layout.current_id()
        try:
            folder = layout.generation(generation)
            _check_identity(Manifest.read(folder), expected)
            return Snapshot.open(folder, tokenise=options.tokenise, server=options.server)
        except IndexDamagedError:
            if layout.current_id() == generation:
                raise
    raise IndexDamagedError(f"The generations in {layout.root} change faster than they can be opened. Try again.")


def _check_identity(manifest: Manifest, expected: StoreIdentity | None) -> None:
    if expected is None or manifest.identity == expected:
        return
    differences = "; ".join(manifest.identity.differences(expected))
    raise IndexMismatchError(
        f"The index was built with other settings ({differences}). "
        "Run `qa-service index --rebuild`, or restore the settings."
    )


def _pointer_state(layout: IndexLayout) -> tuple[int, int] | None:
    try:
        status = layout.pointer.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
