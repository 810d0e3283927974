"""What a generation shows of articles and passages: a read-only SQLite file that never changes once published."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

from qa_service.models import Article, ArticleInfo, Passage
from qa_service.store import schema
from qa_service.store.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, to_article, to_date, to_passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa_service.store.database import Database

_IDS_A_QUERY = 500


def write_content(database: Database, path: Path) -> None:
    """Writes the articles, passages and analyses of the store into a new file."""
    with schema.database_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            schema.migrate(connection)
        finally:
            connection.close()
    database.copy_content(path)


class Content:
    """Articles and passages of one generation; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with schema.database_errors(path):
            schema.check_header(path)
            # immutable: no locks and no side files, so it also reads from a read-only folder
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.passage_ids = [row[0] for row in self._all("SELECT id FROM passages ORDER BY row")]
        """The passages in the order of the vectors and of the lexical index."""

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages in the order asked; ids that are not in this generation are left out."""
        rows = self._by_ids(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE id", ids)
        found = {row[0]: to_passage(row) for row in rows}
        return [found[passage_id] for passage_id in ids if passage_id in found]

    def analyses(self, ids: Sequence[str]) -> dict[str, str]:
        """The analysis of each passage as the JSON text it was stored as, by passage id."""
        rows = self._by_ids("SELECT passage_id, analysis FROM analyses WHERE passage_id", ids)
        return {row[0]: row[1] for row in rows}

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in reading order; [] for an unknown id."""
        query = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE article_id = ? ORDER BY position, row"
        return [to_passage(row) for row in self._all(query, article_id)]

    def article(self, article_id: str) -> Article | None:
        """The article, or None for an unknown id."""
        rows = self._all(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)
        return to_article(rows[0]) if rows else None

    def articles(self) -> list[ArticleInfo]:
        """What is known of every article, by id."""
        rows = self._all(
            "SELECT id, title, language, published_on, as_of, url, "
            "(SELECT count(*) FROM passages WHERE article_id = articles.id) FROM articles ORDER BY id"
        )
        return [ArticleInfo(r[0], r[1], r[2], to_date(r[3]), to_date(r[4]), r[5], int(r[6])) for r in rows]

    def _by_ids(self, query: str, ids: Sequence[str]) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for low in range(0, len(ids), _IDS_A_QUERY):
            part = ids[low : low + _IDS_A_QUERY]
            rows.extend(self._all(f"{query} IN ({', '.join('?' * len(part))})", *part))
        return rows

    def _all(self, query: str, *values: str) -> list[tuple[str, ...]]:
        with self._lock, schema.database_errors(self._path):
            return self._connection.execute(query, values).fetchall()
