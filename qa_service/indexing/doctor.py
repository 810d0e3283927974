"""What is wrong with an index, and its repair from SQLite without embedding anything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa_service.errors import IndexMissingError, StoreError
from qa_service.indexing.pipeline import DEFAULTS, Pipeline, SyncOptions, republish, up_to_date_generation
from qa_service.store import schema
from qa_service.store.chroma import ChromaIndex, ChromaPlace
from qa_service.store.database import Database
from qa_service.store.generation import clean_up
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import lock_holder_pid, writer_lock
from qa_service.store.manifest import Manifest, file_problems
from qa_service.store.snapshot import CHROMA, Snapshot, unfindable
from qa_service.store.verify import check_ids, unfound_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPAIR = "qa-service doctor --repair"
INDEX = "qa-service index PATH"
REBUILD = "qa-service index PATH --rebuild"
_QUERIES = 2000


@dataclass(frozen=True)
class Finding:
    """Something wrong, or worth knowing where `harmless`. `remedy` is the command that mends it, "" for none."""

    subject: str
    problem: str
    remedy: str = ""
    harmless: bool = False


def diagnose(index_dir: Path, *, pipeline: Pipeline) -> list[Finding]:
    """Everything found wrong, the store first, then the served generation; [] for a sound index. Reads every file.

    Raises IndexMissingError where nothing was ever indexed.
    """
    layout = IndexLayout(Path(index_dir))
    if not layout.exists():
        raise IndexMissingError(f"There is no index in {layout.root}. Build it with `qa-service index`.")
    return [*_store_findings(layout, pipeline), *_generation_findings(layout, pipeline), *_leftovers(layout)]


def repair(index_dir: Path, *, pipeline: Pipeline, options: SyncOptions = DEFAULTS) -> list[str]:
    """Publishes a new generation from SQLite where the served one is damaged or outdated, and says what was done.

    Nothing is embedded. Raises IndexDamagedError where SQLite itself is damaged or lacks vectors: `index` mends that.
    """
    layout = IndexLayout(Path(index_dir))
    if not layout.exists():
        raise IndexMissingError(f"There is no index in {layout.root}. Build it with `qa-service index`.")
    done = []
    with writer_lock(layout):
        database = Database.open(layout.database)
        try:
            current = up_to_date_generation(layout, database, pipeline.server)
            if current is None or any(not finding.harmless for finding in _generation_findings(layout, pipeline)):
                done.append(f"published generation {republish(layout, database, pipeline=pipeline, options=options)}")
        finally:
            database.close()
        removed = clean_up(layout, server=pipeline.server, grace_s=options.grace_s)
    return [*done, *(f"removed {name}" for name in removed)]


def _store_findings(layout: IndexLayout, pipeline: Pipeline) -> Iterator[Finding]:
    path = layout.database
    if not os.access(layout.root, os.W_OK):
        yield Finding("store", f"{layout.root} is read-only: nothing can be indexed", harmless=True)
        return
    try:
        problems = schema.problems(path)
    except StoreError as error:
        yield Finding("store", str(error), REBUILD)
        return
    yield from (Finding("store", f"{path}: {problem}", REBUILD) for problem in problems)
    if not problems:
        yield from _content_findings(layout, pipeline)


def _content_findings(layout: IndexLayout, pipeline: Pipeline) -> Iterator[Finding]:
    database = Database.open(layout.database)
    try:
        identity = database.identity()
        if identity is not None and identity != pipeline.identity:
            differences = "; ".join(identity.differences(pipeline.identity))
            yield Finding("settings", f"the index was built with other settings ({differences})", REBUILD)
        unsound = database.unsound_vectors()
        if unsound:
            yield Finding("store", f"{unsound} passages have no vector, or a damaged one", INDEX)
        if identity is not None and up_to_date_generation(layout, database, pipeline.server) is None:
            yield _outdated(layout)
    finally:
        database.close()


def _outdated(layout: IndexLayout) -> Finding:
    writer = lock_holder_pid(layout)
    if writer is not None and _runs(writer):
        return Finding("generation", f"process {writer} is writing the index, and has not published yet", harmless=True)
    return Finding("generation", "what is served is damaged, or not what the store holds", REPAIR)


def _generation_findings(layout: IndexLayout, pipeline: Pipeline) -> Iterator[Finding]:
    try:
        folder = layout.generation(layout.current_id())
        manifest = Manifest.read(folder)
        problems = file_problems(folder, manifest, thorough=True)
    except StoreError as error:
        yield Finding("generation", str(error), INDEX if isinstance(error, IndexMissingError) else REPAIR)
        return
    yield from (Finding("generation", problem, REPAIR) for problem in problems)
    if not problems and (problem := _problem(lambda: _search(folder, manifest, pipeline))):
        yield Finding("generation", problem, REPAIR)


def _search(folder: Path, manifest: Manifest, pipeline: Pipeline) -> None:
    snapshot = Snapshot(folder, manifest, tokenise=pipeline.tokenise, server=pipeline.server)
    try:
        if not snapshot.reads_chroma:
            return
        server = pipeline.server if manifest.server else None
        chroma = ChromaIndex.open(ChromaPlace(folder / CHROMA, manifest.id, server))
        try:
            check_ids(snapshot, chroma)
            lost = set(unfound_rows(snapshot, chroma, queries=_QUERIES)) - set(snapshot.unfound)
            if lost:
                raise unfindable(snapshot.passage_ids[min(lost)], folder)
        finally:
            chroma.close()
    finally:
        snapshot.close()


def _problem(check: Callable[[], None]) -> str | None:
    try:
        check()
    except StoreError as error:
        return str(error)
    return None


def _leftovers(layout: IndexLayout) -> Iterator[Finding]:
    writer = lock_holder_pid(layout)
    for folder in layout.half_built():
        if writer is None or not _runs(writer):
            yield Finding("leftovers", f"{folder} was left half-built by a killed run", REPAIR, harmless=True)
    for path in sorted(layout.root.glob(f"{layout.database.name}.damaged-*")):
        problem = f"{path} is a damaged store kept aside; delete it when nothing is missed"
        yield Finding("leftovers", problem, harmless=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
