"""What a generation is: the manifest written beside its files, and whether the files are still those."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from qa_service.errors import IndexDamagedError
from qa_service.store.identity import StoreIdentity
from qa_service.store.layout import REPAIR, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.json"
_FORMAT = 1
_HASHED_ON_OPEN_BYTES = 32 * 2**20
_GROWING = "chroma.sqlite3"


@dataclass(frozen=True)
class FileEntry:
    """A file of a generation as it was published. `sha256` is None for a file that Chroma writes to on opening."""

    path: str
    size_bytes: int
    sha256: str | None


@dataclass(frozen=True)
class Manifest:
    """A published generation: the revision of the articles it shows, what it was built with, and its files.

    `created` is UTC in ISO 8601; `server` names the Chroma server that holds the vectors, None for the folder's own.
    """

    id: str
    created: str
    revision: str
    identity: StoreIdentity
    articles: int
    passages: int
    server: str | None
    files: tuple[FileEntry, ...]

    def write(self, folder: Path) -> None:
        """Writes the manifest into the generation's folder."""
        record = asdict(self) | {"format": _FORMAT, "identity": json.loads(self.identity.to_json())}
        record["settings_hash"] = self.identity.settings_hash
        write_atomically(folder / NAME, json.dumps(record, indent=1, ensure_ascii=False))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a generation; IndexDamagedError where it is missing or unreadable."""
        try:
            record = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if record["format"] != _FORMAT:
                raise ValueError(f"format {record['format']}")
            return cls(
                id=record["id"],
                created=record["created"],
                revision=record["revision"],
                identity=StoreIdentity.from_json(json.dumps(record["identity"])),
                articles=int(record["articles"]),
                passages=int(record["passages"]),
                server=record["server"],
                files=tuple(FileEntry(**entry) for entry in record["files"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"{folder / NAME} cannot be read ({error}). {REPAIR}") from error


def file_entries(folder: Path, *, passages: int) -> tuple[FileEntry, ...]:
    """Every file of a finished generation with its size and checksum."""
    entries = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != NAME:
            name = path.relative_to(folder).as_posix()
            # A collection of one passage is not written out by Chroma: its files are made anew at each open
            changes = path.name == _GROWING or (passages < 2 and name.startswith("chroma/"))
            entries.append(FileEntry(name, path.stat().st_size, None if changes else _sha256(path)))
    return tuple(entries)


def file_problems(folder: Path, manifest: Manifest, *, thorough: bool = False) -> list[str]:
    """What is missing, cut short or altered, one sentence a file; [] for a sound generation.

    All checksums are compared where `thorough`, else only of a generation small enough to be read in a moment.
    """
    hashed = thorough or sum(entry.size_bytes for entry in manifest.files) <= _HASHED_ON_OPEN_BYTES
    problems = (_file_problem(folder, entry, hashed=hashed) for entry in manifest.files)
    return [problem for problem in problems if problem]


def _file_problem(folder: Path, entry: FileEntry, *, hashed: bool) -> str | None:
    path = folder / entry.path
    try:
        size_bytes = path.stat().st_size
        if size_bytes < entry.size_bytes or (size_bytes > entry.size_bytes and entry.sha256):
            return f"{path} has {size_bytes} bytes, not {entry.size_bytes}"
        if hashed and entry.sha256 and _sha256(path) != entry.sha256:
            return f"{path} was altered"
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as error:
        return f"{path} cannot be read ({error.strerror or error})"
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
