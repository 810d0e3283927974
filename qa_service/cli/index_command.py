"""`qa-service index`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qa_service.cli.common import settings_of
from qa_service.embedding.encoder import load_encoder
from qa_service.indexing.build import build_pipeline
from qa_service.indexing.pipeline import Pipeline, SyncOptions, SyncReport, sync
from qa_service.resources import data_folder
from qa_service.settings import Settings, load_index_settings

Progress = Callable[[str, int, int], None]


def run(options: argparse.Namespace) -> int:
    """Makes the index equal to each path; 1 where some article could not be indexed, the others are."""
    settings = settings_of(options)
    paths = options.paths or [data_folder("seeds")]
    pipeline = pipeline_for(settings)
    with progress_bar() as progress:
        sync_options = SyncOptions(rebuild=options.rebuild, allow_removal=options.allow_removal, progress=progress)
        report = sync(paths, settings.index_dir, pipeline=pipeline, options=sync_options)
    for error in report.errors:
        print(f"qa-service: {error}", file=sys.stderr)
    print(summary(report))
    return 1 if report.errors else 0


def pipeline_for(settings: Settings) -> Pipeline:
    """The indexing pipeline with the model that the settings name."""
    index_settings = load_index_settings()
    encoder = load_encoder(
        index_settings.embedding_model,
        cache_dir=settings.cache_dir,
        device=settings.device,
        threads=settings.threads,
    )
    return build_pipeline(index_settings, encoder)


def summary(report: SyncReport) -> str:
    """What a sync did, in a line."""
    return (
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.removed} removed: "
        f"{report.passages} passages, {report.embedded} newly embedded, in {report.seconds:.1f} s"
    )


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A callable that moves a progress bar on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def move(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield move
