# ruff: noqa: T201 - a program of its own; it talks on stdout
"""Publishes a collection in turn as state A and as state B, a generation for each line that it reads.

Usage: publisher.py ARTICLES INDEX. A line "A" or "B" makes the articles those of that state; the answer is a line of
JSON with the generation and the times, by the machine's monotonic clock, between which it was published.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from qa_service.indexing.build import build_pipeline
from qa_service.indexing.pipeline import SyncOptions, sync
from qa_service.service import QAService
from qa_service.settings import load_index_settings, load_settings

ADDED = {
    "otters": (
        "Otters are back in Vargonby\n\n"
        "In 2021 the rangers of Vargonby counted 1,041 otters along the river.\n\nA year before it had been 870.\n"
    ),
    "ferry": (
        "Neue Fähre nach Sandau\n\n"
        "Die neue Fähre nach Sandau kostete 21,5 Millionen Euro und fährt seit Mai 2022.\n\nSie trägt 300 Fahrgäste.\n"
    ),
}
QUESTIONS = ["How many otters were counted in Vargonby in 2021?", "Was kostete die neue Fähre nach Sandau?"]


def write_state(articles: Path, state: str, kept: dict[str, bytes]) -> None:
    """A: what was there. B: without its first article, and with two more."""
    first = min(kept)
    for name, text in ADDED.items():
        if state == "B":
            (articles / f"{name}.txt").write_text(text, encoding="utf-8")
        else:
            (articles / f"{name}.txt").unlink(missing_ok=True)
    if state == "B":
        (articles / first).unlink(missing_ok=True)
    else:
        (articles / first).write_bytes(kept[first])


def main(articles: Path, index_dir: Path) -> None:
    kept = {path.name: path.read_bytes() for path in articles.iterdir()}
    settings = load_settings(index_dir=index_dir)
    pipeline = build_pipeline(load_index_settings(), QAService.encoder_for(settings))
    for line in sys.stdin:
        started = time.monotonic()
        write_state(articles, line.strip(), kept)
        report = sync([articles], index_dir, pipeline=pipeline, options=SyncOptions(grace_s=5.0))
        done = {"state": line.strip(), "generation": report.generation, "began": started, "ended": time.monotonic()}
        print(json.dumps(done | {"errors": report.errors}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
