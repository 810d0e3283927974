"""The store opened by a writer: made where there is none, and restored from a generation where it is damaged."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from qa_service.errors import IndexDamagedError, IndexMismatchError
from qa_service.store.database import Database
from qa_service.store.manifest import Manifest, file_problems
from qa_service.store.schema import set_aside
from qa_service.store.snapshot import CONTENT

if TYPE_CHECKING:
    from qa_service.store.identity import StoreIdentity
    from qa_service.store.layout import IndexLayout

logger = logging.getLogger(__name__)


def open_for_writing(layout: IndexLayout, identity: StoreIdentity, *, rebuild: bool) -> Database:
    """The store of an index, new where nothing was indexed yet; needs the writer's lock.

    With `rebuild` it may be of another identity, and a damaged one is kept aside and replaced. Without, these raise
    IndexMismatchError and IndexDamagedError.
    """
    if not layout.exists():
        return Database.create(layout.database)
    try:
        database = Database.open(layout.database)
    except IndexDamagedError as error:
        if not rebuild:
            raise
        logger.warning("%s", error)
        return _restore(layout)
    stored = database.identity()
    if stored is not None and stored != identity and not rebuild:
        database.close()
        raise IndexMismatchError(
            f"The index in {layout.root} was built with other settings ({'; '.join(stored.differences(identity))}). "
            "Run `qa-service index --rebuild`, or restore the settings."
        )
    return database


def _restore(layout: IndexLayout) -> Database:
    """A new store with the articles of the last sound generation, in place of a damaged one, which is kept aside."""
    draft = layout.database.with_name(layout.database.name + ".restored")
    draft.unlink(missing_ok=True)
    manifest = _sound_generation(layout)
    if manifest:
        shutil.copyfile(layout.generation(manifest.id) / CONTENT, draft)
        database = Database.open(draft)
        database.set_identity(manifest.identity)
        database.close()
    else:
        Database.create(draft).close()
    set_aside(layout.database)
    draft.replace(layout.database)
    return Database.open(layout.database)


def _sound_generation(layout: IndexLayout) -> Manifest | None:
    """The newest generation whose copy of the articles is undamaged."""
    for name in reversed(layout.generation_ids()):
        folder = layout.generation(name)
        with suppress(IndexDamagedError):
            manifest = Manifest.read(folder)
            if not any(CONTENT in problem for problem in file_problems(folder, manifest, thorough=True)):
                return manifest
    return None
