"""The tables of the store, how the file is made, opened and told to be damaged."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa_service.errors import IndexDamagedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each entry brings a database of the version before it (its place in the list) to the next.
MIGRATIONS = (
    """
    CREATE TABLE sources (key TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE articles (
        id TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES sources (key) ON DELETE CASCADE, source_hash TEXT NOT NULL,
        format TEXT NOT NULL, path TEXT NOT NULL, declared TEXT NOT NULL, text TEXT NOT NULL, clean TEXT NOT NULL,
        title TEXT NOT NULL, language TEXT NOT NULL, published_on TEXT, as_of TEXT, url TEXT, content_hash TEXT NOT NULL
    );
    CREATE INDEX articles_by_source ON articles (source);
    CREATE TABLE passages (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, position INTEGER NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, runs TEXT NOT NULL,
        language TEXT NOT NULL, context TEXT NOT NULL, vector_key BLOB NOT NULL
    );
    CREATE INDEX passages_by_article ON passages (article_id, position);
    CREATE INDEX passages_by_vector ON passages (vector_key);
    CREATE TABLE analyses (
        passage_id TEXT PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE, analysis TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vectors (row INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
SIDE_FILES = ("-wal", "-shm", "-journal")
_HEADER = b"SQLite format 3\x00"
_BUSY_TIMEOUT_S = 30.0


def create(path: Path) -> None:
    """Makes an empty store; it gets its name only when it is whole, so that a zero-byte file is always damage."""
    draft = path.with_name(path.name + ".new")
    for leftover in (draft, *(draft.with_name(draft.name + suffix) for suffix in SIDE_FILES)):
        leftover.unlink(missing_ok=True)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        migrate(connection)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    draft.replace(path)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the tables up to date; StoreError for a database of a later version of this program."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StoreError(f"The index was written by a later version (format {version}). Update qa-service.")
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")


def connect(path: Path) -> sqlite3.Connection:
    """A connection for the one writer: a commit is on disk when it returns. IndexDamagedError for a damaged file."""
    with database_errors(path):
        check_header(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection)
            connection.execute("SELECT count(*) FROM meta").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def check_header(path: Path) -> None:
    """Raises IndexDamagedError for a file that is missing, empty, cut short or something else than a database."""
    if not path.is_file():
        raise damaged(path, "the file is missing")
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        raise damaged(path, "the file is empty")
    if len(header) < 100 or not header.startswith(_HEADER):
        raise damaged(path, "the file is not a database")
    page_bytes = int.from_bytes(header[16:18], "big") or 1
    expected = int.from_bytes(header[28:32], "big") * (65536 if page_bytes == 1 else page_bytes)
    log = path.with_name(path.name + "-wal")
    # pages may still lie in the log alone, after a crash or on a full disk: SQLite fetches them from there
    if path.stat().st_size < expected and not (log.exists() and log.stat().st_size):
        raise damaged(path, f"the file is cut short ({path.stat().st_size} of {expected} bytes)")


def damaged(path: Path, problem: str) -> IndexDamagedError:
    """The error for a database that cannot be used; nothing is deleted."""
    return IndexDamagedError(
        f"{path} is damaged: {problem}. Run `qa-service index --rebuild` with your paths: "
        "it keeps the damaged file aside and builds the index anew from the articles."
    )


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turns what sqlite3 raises into the errors of this service."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "malformed" in str(error) or "no such" in str(error):
            raise damaged(path, str(error)) from error
        raise StoreError(
            f"{path} cannot be used ({error}). Check the free space and the rights of its folder, then try again."
        ) from error
    except sqlite3.IntegrityError as error:
        raise StoreError(f"{path} refuses the change ({error}): two passages with one id?") from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, str(error)) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror or error}). Check its rights.") from error


def set_aside(path: Path) -> Path:
    """Renames a damaged database, its side files too, and returns the new name."""
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("", *SIDE_FILES):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def problems(path: Path) -> list[str]:
    """What SQLite's own check and the foreign keys find wrong in the file; [] for a sound one."""
    connection = connect(path)
    try:
        with database_errors(path):
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check (20)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    found = [problem for problem in found if problem != "ok"]
    return found + [f"row without its parent in {row[0]}" for row in orphans]
