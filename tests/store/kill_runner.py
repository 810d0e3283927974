# ruff: noqa: T201 - a program of its own, so that it may fork; it talks on stdout
"""Kills indexing runs at random points of a growing collection, and says what was left.

Usage: kill_runner.py FOLDER KILLS SEED. Writes one JSON line a kill: articles acknowledged, lost, unfindable, and
what the doctor found.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import store_parts as parts

from qa_service.errors import StoreError
from qa_service.indexing.doctor import diagnose, repair
from qa_service.indexing.pipeline import SyncOptions, sync
from qa_service.store.database import Database
from qa_service.store.layout import IndexLayout


def grow(root: Path, start: int, rounds: int = 10_000) -> None:
    """Adds and changes articles, and notes each one that was acknowledged."""
    articles, acknowledged = root / "articles", root / "acknowledged"
    for number in range(start, start + rounds):
        parts.write_articles(articles, [number, max(0, number - 7)], version=number)
        pipeline = parts.make_pipeline()
        sync([articles], root / "index", pipeline=pipeline, options=SyncOptions(grace_s=0))
        with acknowledged.open("a") as file:
            file.write(f"a{number}\n")
            file.flush()
            os.fsync(file.fileno())


def serve(root: Path) -> str:
    """What is wrong with what is served right after a kill, before anything was mended."""
    store = parts.open_store(root / "index", parts.make_pipeline())
    return "" if parts.finds_everything(store) else "passages cannot be found"


def wait_until_acknowledged(root: Path, *, of_run: int, rounds: int, timeout_s: float = 60) -> None:
    """Returns when the run begun at number `of_run` has acknowledged `rounds` articles: a slow machine waits longer."""
    deadline = time.monotonic() + timeout_s
    last = f"a{of_run + rounds - 1}"
    while rounds and last not in (root / "acknowledged").read_text().split() and time.monotonic() < deadline:
        time.sleep(0.005)


def in_child(work) -> int:
    """Runs `work` in a fork and returns its process id; the child never comes back from here."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:
        print(json.dumps({"crashed": repr(error)}), flush=True)
    os._exit(0)


def examine(root: Path) -> dict:
    """What a user finds after the kill: what is served, and after a repair, what is lost."""
    layout = IndexLayout(root / "index")
    acknowledged = set((root / "acknowledged").read_text().split()) if (root / "acknowledged").exists() else set()
    result = {
        "acknowledged": len(acknowledged),
        "served": "",
        "lost": 0,
        "unfindable": 0,
        "half_built": len(layout.half_built()),
    }
    pipeline = parts.make_pipeline()
    try:
        result["served"] = serve(root)
        repair(root / "index", pipeline=pipeline)
        store = parts.open_store(root / "index", pipeline)
        database = Database.open(layout.database)
        stored = set(database.articles())
        database.close()
        result["lost"] = len(acknowledged - stored) + len(stored ^ {info.id for info in store.articles()})
        result["unfindable"] = int(not parts.finds_everything(store))
        result["findings"] = [finding.problem for finding in diagnose(root / "index", pipeline=pipeline)]
    except StoreError as error:
        result["error"] = repr(error)
    return result


def main(root: Path, kills: int, seed: int) -> None:
    """Kills `kills` runs; everything heavy is imported once, before the first fork."""
    import bm25s  # noqa: F401
    import chromadb  # noqa: F401
    import llama_index.vector_stores.chroma  # noqa: F401

    os.waitpid(in_child(lambda: grow(root, 0, rounds=1)), 0)
    started = time.monotonic()
    os.waitpid(in_child(lambda: grow(root, 1, rounds=2)), 0)
    round_s = (time.monotonic() - started) / 2
    chance = random.Random(seed)
    for kill in range(1, kills + 1):
        child = in_child(lambda start=1000 * kill: grow(root, start))
        wait_until_acknowledged(root, of_run=1000 * kill, rounds=kill % 2)
        time.sleep(chance.uniform(0.01, round_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.waitpid(in_child(lambda: print(json.dumps(examine(root)), flush=True)), 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
