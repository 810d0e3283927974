"""Ratings of answers in SQLite, each with the whole answer it was given to."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_service.errors import StoreError
from qa_service.models import Answer
from qa_service.schemas import answer_model
from qa_service.settings import Settings

logger = logging.getLogger(__name__)
REMEMBERED = 2000
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
  answer_id TEXT NOT NULL, client TEXT NOT NULL, created TEXT NOT NULL, rating TEXT NOT NULL, comment TEXT,
  question TEXT NOT NULL, language TEXT NOT NULL, status TEXT NOT NULL, engine TEXT NOT NULL,
  generation TEXT NOT NULL, settings_hash TEXT NOT NULL, answer TEXT NOT NULL,
  PRIMARY KEY (answer_id, client)
)"""
_UPSERT = """
INSERT INTO feedback VALUES (:answer_id, :client, :created, :rating, :comment, :question, :language, :status, :engine,
  :generation, :settings_hash, :answer)
ON CONFLICT (answer_id, client) DO UPDATE SET rating = excluded.rating, created = excluded.created,
  comment = coalesce(excluded.comment, comment)"""


def feedback_path(settings: Settings) -> Path:
    """Where the feedback lies."""
    return settings.feedback_file or settings.index_dir / "feedback.sqlite3"


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of an answer: "up" or "down", perhaps with a comment."""

    answer_id: str
    rating: str
    comment: str | None = None
    client: str = ""


class FeedbackStore:
    """Keeps ratings; one a client and answer, the last one counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, rating: Rating, answer: Answer, *, generation: str, settings_hash: str) -> None:
        """Keeps a rating with its answer; StoreError where the file cannot be written."""
        row = {
            "answer_id": rating.answer_id,
            "client": rating.client,
            "created": datetime.now(UTC).isoformat(timespec="microseconds"),
            "rating": rating.rating,
            "comment": rating.comment,
            "question": answer.question,
            "language": answer.language,
            "status": answer.status,
            "engine": answer.engine,
            "generation": generation,
            "settings_hash": settings_hash,
            "answer": answer_model(answer).model_dump_json(),
        }
        try:
            with self._lock, closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute(_TABLE)
                database.execute(_UPSERT, row)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"Feedback cannot be kept in {self._path}: {error}. Set QA_FEEDBACK_FILE.") from error

    def rows(self) -> list[dict[str, Any]]:
        """All ratings, oldest first; none where nothing was rated yet."""
        if not self._path.is_file():
            return []
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as database:
                database.row_factory = sqlite3.Row
                return [dict(row) for row in database.execute("SELECT * FROM feedback ORDER BY created, answer_id")]
        except sqlite3.Error as error:
            raise StoreError(f"{self._path} cannot be read: {error}. Restore it from a copy, or remove it.") from error


class RecentAnswers:
    """The last answers of this process by id, so that a rating can be kept with what it rates."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, answer: Answer) -> None:
        """Keeps the answer without its hits, which hold whole passages; the oldest one goes."""
        with self._lock:
            self._answers[answer.id] = replace(answer, hits=())
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def find(self, answer_id: str) -> Answer | None:
        """The answer of that id, where it is still known."""
        with self._lock:
            return self._answers.get(answer_id)


def question_set(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A question-set line for each rated question.

    What was rated up is taken as gold. What was rated down says only what is wrong: it has no `kind`-specific gold, a
    tag `rated-down`, and the answer given in `given`, for someone to correct.
    """
    latest = {row["question"]: row for row in rows}
    for row in latest.values():
        answer = json.loads(row["answer"])
        line: dict[str, Any] = {"id": f"feedback-{row['answer_id'][:12]}", "question": row["question"]}
        line |= {"language": row["language"], "kind": "answer" if row["status"] == "answered" else "abstain"}
        line |= _gold(answer) if row["rating"] == "up" else {"articles": [], "answers": []}
        line["tags"] = ["feedback", f"rated-{row['rating']}"]
        line["given"] = {"status": row["status"], "headline": answer["headline"], "text": answer["text"]}
        line["comment"] = row["comment"]
        yield line


def _gold(answer: dict[str, Any]) -> dict[str, Any]:
    citations = answer["citations"]
    gold: dict[str, Any] = {"articles": list(dict.fromkeys(citation["article_id"] for citation in citations))}
    if citations:
        gold["quote"] = citations[0]["quote"]
    return gold | {"answers": [answer["headline"]] if answer["headline"] else []}
