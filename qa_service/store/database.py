"""The truth of an index in SQLite: sources, articles, passages, vectors, analyses. Only the one writer opens it."""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_service.errors import IndexDamagedError
from qa_service.store import schema
from qa_service.store.identity import StoreIdentity
from qa_service.store.rows import (
    ARTICLE_COLUMNS,
    PASSAGE_COLUMNS,
    StagedArticle,
    article_row,
    passage_row,
    to_loaded_article,
    to_passage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from qa_service.models import LoadedArticle, Passage

SPARE_VECTORS = 10_000
"""Vectors of removed passages that are always kept, in case the passages come back."""


@dataclass(frozen=True)
class KnownArticle:
    """What tells whether an article of a source has changed, and what is named where two sources have one id."""

    id: str
    source: str
    source_hash: str
    path: str


@dataclass(frozen=True)
class Change:
    """What one sync writes, in one transaction."""

    identity: StoreIdentity
    sources: tuple[str, ...]
    removed_ids: tuple[str, ...]
    articles: tuple[StagedArticle, ...]


@dataclass(frozen=True)
class VectorBatch:
    """Passages with their raw vectors, one row a passage, in the order of the index."""

    passages: tuple[Passage, ...]
    vectors: npt.NDArray[np.float32]

    @property
    def languages(self) -> list[str]:
        """The language of each row."""
        return [passage.language for passage in self.passages]


class Database:
    """A connection to the store for the process that holds the writer's lock."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Database:
        """The store at this path; IndexDamagedError where it is missing or no sound database."""
        return cls(path, schema.connect(path))

    @classmethod
    def create(cls, path: Path) -> Database:
        """A new, empty store at this path."""
        with schema.database_errors(path):
            schema.create(path)
        return cls.open(path)

    def close(self) -> None:
        """Folds the write-ahead log into the file and closes it."""
        self._connection.close()

    def identity(self) -> StoreIdentity | None:
        """What the stored passages were made with; None for a store nothing was written to."""
        text = self._meta("identity")
        if text is None:
            return None
        try:
            return StoreIdentity.from_json(text)
        except (ValueError, KeyError, TypeError) as error:
            raise schema.damaged(self.path, f"unreadable identity {text[:60]!r}") from error

    def set_identity(self, identity: StoreIdentity) -> None:
        """Says what the stored passages were made with, for a store restored from a generation."""
        with schema.database_errors(self.path), self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('identity', ?)", (identity.to_json(),))

    def revision(self) -> str:
        """Changes with every change of articles; a generation says which revision it shows."""
        return self._meta("revision") or ""

    def articles(self) -> dict[str, KnownArticle]:
        """The stored articles by id."""
        rows = self._all("SELECT id, source, source_hash, path FROM articles")
        return {row[0]: KnownArticle(*row) for row in rows}

    def sources(self) -> list[str]:
        """The keys of all sources."""
        return [row[0] for row in self._all("SELECT key FROM sources ORDER BY key")]

    def counts(self) -> tuple[int, int]:
        """How many articles and how many passages are stored."""
        row = self._all("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")[0]
        return int(row[0]), int(row[1])

    def loaded_articles(self, source: str) -> Iterator[LoadedArticle]:
        """The articles of a source as they were loaded, so that they can be split anew without their files."""
        for row in self._all(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE source = ? ORDER BY id", source):
            yield to_loaded_article(row)

    def known_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of the keys have a stored vector."""
        with schema.database_errors(self.path):
            query = "SELECT 1 FROM vectors WHERE key = ?"
            return {key for key in set(keys) if self._connection.execute(query, (key,)).fetchone()}

    def add_vectors(self, keys: Sequence[bytes], vectors: npt.NDArray[np.float32]) -> None:
        """Stores raw vectors at once, before the passages that need them, so that a killed run need not embed again."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors.astype("<f4"), strict=True)]
        with schema.database_errors(self.path), self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", rows)

    def passages_without_vector(self) -> list[tuple[bytes, Passage]]:
        """Passages whose vector is lost, with the key it must get."""
        query = f"SELECT vector_key, {PASSAGE_COLUMNS} FROM passages WHERE vector_key NOT IN (SELECT key FROM vectors)"
        return [(bytes(row[0]), to_passage(row[1:])) for row in self._all(query)]

    def unsound_vectors(self) -> int:
        """How many passages have no vector, or one that is not of the right length or not made of numbers."""
        identity = self.identity()
        if identity is None:
            return 0
        query = "SELECT vector FROM passages LEFT JOIN vectors ON vectors.key = passages.vector_key"
        with schema.database_errors(self.path):
            return sum(not _is_vector(row[0], identity.dimension) for row in self._connection.execute(query))

    def drop_vectors_not_of(self, dimension: int) -> int:
        """Forgets vectors of the wrong length that passages still use, so that they are embedded again; how many."""
        with schema.database_errors(self.path), self._transaction():
            cursor = self._connection.execute(
                "DELETE FROM vectors WHERE length(vector) <> ? AND key IN (SELECT vector_key FROM passages)",
                (4 * dimension,),
            )
        return cursor.rowcount

    def apply(self, change: Change) -> None:
        """Writes a whole sync in one transaction; when this returns, it is on disk."""
        with schema.database_errors(self.path), self._transaction():
            execute, many = self._connection.execute, self._connection.executemany
            many("INSERT OR IGNORE INTO sources VALUES (?)", [(source,) for source in change.sources])
            gone = [*change.removed_ids, *(staged.article.id for staged in change.articles)]
            many("DELETE FROM articles WHERE id = ?", [(article_id,) for article_id in gone])
            for staged in change.articles:
                self._insert(staged)
            execute("DELETE FROM sources WHERE key NOT IN (SELECT source FROM articles)")
            self._prune_vectors()
            meta = [("identity", change.identity.to_json()), ("revision", uuid.uuid4().hex)]
            many("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)

    def vector_batches(self, size: int = 2000) -> Iterator[VectorBatch]:
        """All passages with their vectors, in batches; IndexDamagedError for a passage without a sound vector."""
        identity = self.identity()
        bytes_each = 4 * (identity.dimension if identity else 0)
        columns = ", ".join(f"passages.{name}" for name in PASSAGE_COLUMNS.split(", "))
        query = (
            f"SELECT vectors.vector, {columns} FROM passages "
            "LEFT JOIN vectors ON vectors.key = passages.vector_key ORDER BY passages.row"
        )
        with schema.database_errors(self.path):
            cursor = self._connection.execute(query)
            while rows := cursor.fetchmany(size):
                if any(row[0] is None or len(row[0]) != bytes_each for row in rows):
                    raise IndexDamagedError(
                        f"{self.path} lacks vectors. Run `qa-service index` to embed what is missing."
                    )
                flat = np.frombuffer(b"".join(row[0] for row in rows), dtype="<f4")
                vectors = flat.reshape(len(rows), -1).astype(np.float32, copy=False)
                yield VectorBatch(tuple(to_passage(row[1:]) for row in rows), vectors)

    def copy_content(self, target: Path) -> None:
        """Copies articles, passages and analyses, but no vectors, into the database `target` with the same tables."""
        with schema.database_errors(self.path):
            self._connection.execute("ATTACH DATABASE ? AS copy", (str(target),))
            try:
                with self._transaction():
                    for table in ("sources", "articles", "passages", "analyses"):
                        order = " ORDER BY row" if table == "passages" else ""
                        self._connection.execute(f"INSERT INTO copy.{table} SELECT * FROM main.{table}{order}")
            finally:
                self._connection.execute("DETACH DATABASE copy")

    def _insert(self, staged: StagedArticle) -> None:
        execute, many = self._connection.execute, self._connection.executemany
        article = article_row(staged)
        execute(f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES ({_marks(len(article))})", article)
        rows = [(*passage_row(entry.passage), entry.vector_key) for entry in staged.passages]
        marks = _marks(PASSAGE_COLUMNS.count(",") + 2)
        many(f"INSERT INTO passages ({PASSAGE_COLUMNS}, vector_key) VALUES ({marks})", rows)
        many("INSERT INTO analyses VALUES (?, ?)", [(entry.passage.id, entry.analysis) for entry in staged.passages])

    def _prune_vectors(self) -> None:
        """Forgets the oldest unused vectors once there are more of them than used ones (and than SPARE_VECTORS)."""
        unused = "FROM vectors WHERE key NOT IN (SELECT vector_key FROM passages)"
        spare, used = self._connection.execute(
            f"SELECT (SELECT count(*) {unused}), (SELECT count(DISTINCT vector_key) FROM passages)"
        ).fetchone()
        surplus = spare - max(SPARE_VECTORS, used)
        if surplus > 0:
            self._connection.execute(
                f"DELETE FROM vectors WHERE row IN (SELECT row {unused} ORDER BY row LIMIT ?)", (surplus,)
            )

    def _meta(self, key: str) -> str | None:
        rows = self._all("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def _all(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with schema.database_errors(self.path):
            return self._connection.execute(query, values).fetchall()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, rolled back on any error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _is_vector(stored: bytes | None, dimension: int) -> bool:
    return stored is not None and len(stored) == 4 * dimension and bool(np.isfinite(np.frombuffer(stored, "<f4")).all())


def _marks(count: int) -> str:
    return ", ".join("?" * count)
