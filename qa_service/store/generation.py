"""Generations: built beside the served one, verified after being closed and opened again, published by one rename."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from numpy.lib.format import write_array_header_1_0

from qa_service.errors import StoreError
from qa_service.store.chroma import ChromaIndex, ChromaPlace, ChromaServer, drop_collection
from qa_service.store.content import write_content
from qa_service.store.database import Database, VectorBatch
from qa_service.store.exact import unit_rows
from qa_service.store.layout import IndexLayout, sync_folder, sync_tree, write_atomically
from qa_service.store.lexical import LexicalBuilder
from qa_service.store.manifest import Manifest, file_entries
from qa_service.store.snapshot import CHROMA, CONTENT, LEXICAL, TRANSFORM, UNFOUND, VECTORS, Snapshot, unfindable
from qa_service.store.verify import Progress, check_ids, unfound_rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qa_service.models import Passage
    from qa_service.store.identity import StoreIdentity
    from qa_service.store.lexical import Tokenise

BATCH = 2000
GRACE_S = 120.0
"""How long a superseded generation is kept for answers still being read from it."""
_ASKED_FOR = 20_000
"""Every passage is asked for up to here, an even sample of at least this size in larger collections."""
_MOST_UNFOUND = 0.02
"""The share of passages that an approximate search may miss before the collection counts as damaged."""


class VectorTransform(Protocol):
    """Turns raw vectors of passages into language-neutral ones."""

    def transform(self, vectors: npt.NDArray[np.float32], languages: list[str]) -> npt.NDArray[np.float32]:
        """One row a passage, shape (n, dimension), of length 1."""
        ...

    def save(self, path: Path) -> None:
        """Writes what queries need into `path`, a file or folder that does not exist yet."""
        ...


FitTransform = Callable[[Iterable[VectorBatch]], VectorTransform]


@dataclass(frozen=True)
class Recipe:
    """How a generation is made.

    `fit` sees all raw vectors and gives the transform; `index_text` gives what of a passage is searched lexically.
    """

    fit: FitTransform
    tokenise: Tokenise
    index_text: Callable[[Passage], str]
    server: ChromaServer | None = None
    progress: Progress | None = None


def build_generation(layout: IndexLayout, database: Database, recipe: Recipe) -> Manifest:
    """Builds and verifies a generation of what the store holds; nothing serves it yet. Needs the writer's lock.

    Raises IndexDamagedError where verification fails, StoreError where the disk is full or read-only; what was
    built is then removed.
    """
    identity = database.identity()
    if identity is None:
        raise StoreError(f"The store in {layout.root} is empty. Run `qa-service index` with your paths.")
    _discard_half_built(layout, recipe.server)
    generation_id = layout.new_generation_id()
    folder = layout.building(generation_id)
    place = ChromaPlace(folder / CHROMA, generation_id, recipe.server)
    try:
        folder.mkdir(parents=True)
        _write(folder, database, identity, place=place, recipe=recipe)
        manifest = _manifest(database, identity, place)
        (folder / UNFOUND).write_text(json.dumps(_verify(folder, manifest, recipe)), encoding="utf-8")
        manifest = replace(manifest, files=file_entries(folder, passages=manifest.passages))
        manifest.write(folder)
        sync_tree(folder)
        folder.replace(layout.generation(generation_id))
        sync_folder(layout.generations)
        return manifest
    except BaseException as error:
        _discard(folder, place)
        if isinstance(error, OSError):
            raise _cannot_write(folder, error) from error
        raise


def publish(layout: IndexLayout, generation_id: str) -> None:
    """Makes a finished generation the served one; readers find the old or the new one, never neither."""
    try:
        write_atomically(layout.pointer, generation_id + "\n")
    except OSError as error:
        raise _cannot_write(layout.pointer, error) from error


def clean_up(layout: IndexLayout, *, server: ChromaServer | None = None, grace_s: float = GRACE_S) -> list[str]:
    """Removes half-built folders and generations no reader needs, and returns their names. Needs the writer's lock.

    The served generation, the one before it, and any that was served within the last `grace_s` seconds are kept.
    """
    removed = _discard_half_built(layout, server)
    current, ids = layout.current_id(), layout.generation_ids()
    older = [name for name in ids if name < current]
    successors = dict(pairwise(older))
    for name in ids:
        never_served = name > current
        successor = successors.get(name)
        if never_served or (successor and time.time() - layout.generation(successor).stat().st_mtime > grace_s):
            _discard(layout.generation(name), ChromaPlace(layout.generation(name) / CHROMA, name, server))
            removed.append(name)
    return removed


def _write(folder: Path, database: Database, identity: StoreIdentity, *, place: ChromaPlace, recipe: Recipe) -> None:
    _, total = database.counts()
    transform = recipe.fit(database.vector_batches(BATCH))
    write_content(database, folder / CONTENT)
    lexical = LexicalBuilder(recipe.tokenise)
    chroma = ChromaIndex.create(place, total)
    try:
        with (folder / VECTORS).open("wb") as vectors:
            shape = (total, identity.dimension)
            write_array_header_1_0(vectors, {"descr": "<f4", "fortran_order": False, "shape": shape})
            # Batches of one size: the last one then is large enough for Chroma to write out everything
            for done, batch in _counted(database.vector_batches(_even_batch(total))):
                neutral = unit_rows(transform.transform(batch.vectors, batch.languages))
                chroma.add(list(batch.passages), neutral)
                vectors.write(neutral.astype("<f4").tobytes())
                for passage in batch.passages:
                    lexical.add(recipe.index_text(passage))
                if recipe.progress:
                    recipe.progress("build", done, total)
    finally:
        chroma.close()
    lexical.save(folder / LEXICAL)
    transform.save(folder / TRANSFORM)


def _counted(batches: Iterable[VectorBatch]) -> Iterator[tuple[int, VectorBatch]]:
    done = 0
    for batch in batches:
        done += len(batch.passages)
        yield done, batch


def _verify(folder: Path, manifest: Manifest, recipe: Recipe) -> list[int]:
    """Opens what was written as a reader would, asks for the passages, and returns the rows that are not found."""
    snapshot = Snapshot(folder, manifest, tokenise=recipe.tokenise, server=recipe.server)
    chroma = ChromaIndex.open(ChromaPlace(folder / CHROMA, manifest.id, recipe.server))
    try:
        check_ids(snapshot, chroma)
        rows = unfound_rows(snapshot, chroma, queries=_ASKED_FOR, progress=recipe.progress)
    finally:
        chroma.close()
        snapshot.close()
    if len(rows) > _MOST_UNFOUND * snapshot.count():
        raise unfindable(snapshot.passage_ids[rows[0]], folder)
    return rows


def _manifest(database: Database, identity: StoreIdentity, place: ChromaPlace) -> Manifest:
    articles, passages = database.counts()
    return Manifest(
        id=place.generation_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        revision=database.revision(),
        identity=identity,
        articles=articles,
        passages=passages,
        server=str(place.server) if place.server else None,
        files=(),
    )


def _cannot_write(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path} cannot be written ({error}). Free some space, then run the command again.")


def _discard_half_built(layout: IndexLayout, server: ChromaServer | None) -> list[str]:
    folders = layout.half_built()
    for folder in folders:
        _discard(folder, ChromaPlace(folder / CHROMA, folder.name.partition(".")[0], server))
    return [folder.name for folder in folders]


def _discard(folder: Path, place: ChromaPlace) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if place.server is not None:
        with suppress(StoreError):
            drop_collection(place)


def _even_batch(total: int) -> int:
    parts = max(1, -(-total // BATCH))
    return max(1, -(-total // parts))
