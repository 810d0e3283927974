"""`qa-service watch`."""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Event
from types import FrameType

from qa_service.cli.common import settings_of
from qa_service.cli.index_command import pipeline_for, summary
from qa_service.indexing.pipeline import SyncReport
from qa_service.indexing.watch import WatchOptions, watch


def run(options: argparse.Namespace) -> int:
    """Keeps the index equal to the paths until it is told to stop."""
    settings = settings_of(options)
    stop = Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    watch_options = WatchOptions(interval_s=options.interval, on_report=_tell, on_error=_complain)
    watch(options.paths, settings.index_dir, pipeline=pipeline_for(settings), stop=stop, options=watch_options)
    return 0


def _tell(report: SyncReport) -> None:
    for error in report.errors:
        print(f"qa-service: {error}", file=sys.stderr, flush=True)
    print(summary(report), flush=True)


def _complain(error: Exception) -> None:
    print(f"qa-service: {error}", file=sys.stderr, flush=True)
