"""Keeps an index equal to folders that change, until it is told to stop; errors are reported, never fatal."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa_service.errors import QAError
from qa_service.indexing.pipeline import DEFAULTS, Pipeline, SyncOptions, SyncReport, sync

if TYPE_CHECKING:
    from threading import Event

logger = logging.getLogger(__name__)

MAX_WAIT_S = 300.0
"""Longest wait before a failed sync is tried again."""


@dataclass(frozen=True)
class WatchOptions:
    """`interval_s` lies between two looks at the paths; a change is taken up once two looks agree.

    So a file still being copied waits until it is whole.
    """

    interval_s: float = 2.0
    sync: SyncOptions = DEFAULTS
    on_report: Callable[[SyncReport], None] = lambda _report: None
    on_error: Callable[[Exception], None] = lambda _error: None


WATCH_DEFAULTS = WatchOptions()


def watch(
    paths: Sequence[Path | str],
    index_dir: Path,
    *,
    pipeline: Pipeline,
    stop: Event,
    options: WatchOptions = WATCH_DEFAULTS,
) -> None:
    """Syncs at once, then whenever the files under the paths have changed and stand still; returns when `stop` is set.

    A sync that fails is tried again after a change, or after waits that double up to MAX_WAIT_S.
    """
    indexed, seen = "", fingerprint(paths)
    waited_s = wait_s = 0.0
    while not stop.is_set():
        settled = seen == (seen := fingerprint(paths)) or not indexed
        retry = wait_s > 0 and waited_s >= wait_s
        if settled and (seen != indexed or retry):
            failed = not _synced(paths, index_dir, pipeline=pipeline, options=options)
            indexed, waited_s = seen, 0.0
            wait_s = min(max(2 * wait_s, options.interval_s), MAX_WAIT_S) if failed else 0.0
        stop.wait(options.interval_s)
        waited_s += options.interval_s


def fingerprint(paths: Sequence[Path | str]) -> str:
    """Changes when a file under the paths comes, goes, or changes its size or time."""
    digest = hashlib.sha256()
    for path in paths:
        for name, size_bytes, changed_ns in sorted(_files(Path(path))):
            digest.update(f"{name}\0{size_bytes}\0{changed_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, int, int]]:
    pending = [str(path)]
    while pending:
        place = pending.pop()
        try:
            if not os.path.isdir(place):  # names that cannot be decoded stay strings here
                status = os.stat(place)
                yield place, status.st_size, status.st_mtime_ns
                continue
            with os.scandir(place) as entries:
                pending.extend(entry.path for entry in entries if not entry.name.startswith("."))
        except OSError as error:
            logger.debug("%s cannot be looked at: %s", place, error)


def _synced(paths: Sequence[Path | str], index_dir: Path, *, pipeline: Pipeline, options: WatchOptions) -> bool:
    try:
        report = sync(paths, index_dir, pipeline=pipeline, options=options.sync)
    except QAError as error:
        logger.warning("the index was not brought up to date: %s", error)
        options.on_error(error)
        return False
    except Exception as error:  # the watcher outlives anything that one sync can raise
        logger.exception("the index was not brought up to date")
        options.on_error(error)
        return False
    options.on_report(report)
    return True
