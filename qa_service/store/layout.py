"""Where the files of an index lie, and how a file is replaced so that a crash leaves the old one or the new one."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_service.errors import IndexDamagedError, IndexMissingError

if TYPE_CHECKING:
    from pathlib import Path

GENERATION_ID = re.compile(r"\d{8}-[0-9a-f]{8}")
BUILDING_SUFFIX = ".building"
REPAIR = "Run `qa-service doctor --repair`."


@dataclass(frozen=True)
class IndexLayout:
    """The paths under an index folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite file that holds the truth."""
        return self.root / "store.sqlite3"

    @property
    def generations(self) -> Path:
        """The folder of published and half-built generations."""
        return self.root / "generations"

    @property
    def pointer(self) -> Path:
        """The file that names the served generation."""
        return self.root / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file that one writer holds locked."""
        return self.root / "writer.lock"

    @property
    def lock_holder(self) -> Path:
        """The file in which the writer says who it is."""
        return self.root / "writer.json"

    def generation(self, generation_id: str) -> Path:
        """The folder of a finished generation."""
        return self.generations / generation_id

    def building(self, generation_id: str) -> Path:
        """The folder in which a generation is built."""
        return self.generations / f"{generation_id}{BUILDING_SUFFIX}"

    def exists(self) -> bool:
        """Whether anything was ever indexed here."""
        return self.database.exists() or self.pointer.exists() or bool(self.generation_ids())

    def generation_ids(self) -> list[str]:
        """The finished generations, oldest first."""
        if not self.generations.is_dir():
            return []
        return sorted(path.name for path in self.generations.iterdir() if GENERATION_ID.fullmatch(path.name))

    def new_generation_id(self) -> str:
        """An id that sorts after all others, whatever the clock says, and is unique across index folders."""
        last = max((int(name.partition("-")[0]) for name in self.generation_ids()), default=0)
        return f"{last + 1:08d}-{secrets.token_hex(4)}"

    def half_built(self) -> list[Path]:
        """Folders that a killed writer left behind."""
        if not self.generations.is_dir():
            return []
        return sorted(path for path in self.generations.iterdir() if not GENERATION_ID.fullmatch(path.name))

    def current_id(self) -> str:
        """The id of the served generation; IndexMissingError, or IndexDamagedError for a pointer that names none."""
        try:
            text = self.pointer.read_bytes()
        except FileNotFoundError:
            if self.generation_ids():
                raise IndexDamagedError(f"The index in {self.root} has no published generation. {REPAIR}") from None
            found = "was never finished" if self.database.exists() else "does not exist"
            raise IndexMissingError(f"The index in {self.root} {found}. Build it with `qa-service index`.") from None
        except OSError as error:
            raise IndexDamagedError(f"{self.pointer} cannot be read: {error}. {REPAIR}") from error
        name = text.decode("utf-8", errors="replace").strip()
        if not GENERATION_ID.fullmatch(name) or not self.generation(name).is_dir():
            raise IndexDamagedError(f"{self.pointer} names no generation ({name[:40]!r}). {REPAIR}")
        return name


def write_atomically(path: Path, text: str) -> None:
    """Replaces the file by one with this text; a crash at any moment leaves the old file or the new one."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names just put into the folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Makes every file under the folder survive a power cut."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)
