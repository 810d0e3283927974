"""One writer at a time; the second is told who the first is."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa_service.errors import IndexLockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_service.store.layout import IndexLayout


@contextmanager
def writer_lock(layout: IndexLayout) -> Iterator[None]:
    """Holds the index for writing; the system frees it when the process dies.

    Raises IndexLockedError with the holder's process id, StoreError where the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        layout.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(layout.lock, timeout=0)
        lock.acquire()
    except Timeout:
        raise IndexLockedError(_locked_message(layout)) from None
    except OSError as error:
        raise StoreError(
            f"The index folder {layout.root} cannot be written ({error.strerror or error}). "
            "Give a writable folder with --index-dir."
        ) from error
    try:
        _sign(layout)
        yield
    finally:
        layout.lock_holder.unlink(missing_ok=True)
        lock.release()


def lock_holder_pid(layout: IndexLayout) -> int | None:
    """The process that says it writes the index, if any."""
    try:
        return int(json.loads(layout.lock_holder.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sign(layout: IndexLayout) -> None:
    try:
        layout.lock_holder.write_text(json.dumps({"pid": os.getpid(), "since": time.time()}), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{layout.lock_holder} cannot be written ({error}). Free some space.") from error


def _locked_message(layout: IndexLayout) -> str:
    pid = lock_holder_pid(layout)
    holder = f"process {pid}" if pid else "another process"
    return f"The index in {layout.root} is being written by {holder}. Wait until it is done, then try again."
