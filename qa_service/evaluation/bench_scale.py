"""`make bench-scale`: search at 100,000 passages against the seeds' own size, and what an index of that size costs.

The passages are variations of seeds/ with other numbers; their vectors are the seeds' vectors moved at random, stored
once and used again. Every figure is measured in one run, so that the ratios hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_service.errors import QAError
from qa_service.evaluation.bench_data import work_folder
from qa_service.evaluation.collection import Models, index_articles, load_models, open_collection
from qa_service.evaluation.lines import say
from qa_service.indexing.build import analyse_passage, build_pipeline, embedding_text, index_identity
from qa_service.indexing.pipeline import SyncOptions, republish
from qa_service.models import Article, LoadedArticle, Passage, Run
from qa_service.resources import data_folder
from qa_service.service import QAService
from qa_service.settings import Settings, load_index_settings, load_settings
from qa_service.store.analysis import analysis_to_json
from qa_service.store.database import Change, Database
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import writer_lock
from qa_service.store.rows import StagedArticle, StagedPassage
from qa_service.store.snapshot import Snapshot

TODAY = date(2026, 1, 15)
NOISE = 0.9
"""Length of the random move of a vector of length 1: variations of a passage are then no copies of it."""
BATCH_ARTICLES = 500
EMBEDDED = 96
QUESTIONS = (
    "how much FDI did Quang Ninh attract by June 2024",
    "Wie groß ist die Fläche des Foxconn-Projekts?",
    "Hvor mange prosjekter fikk Quang Nam i 2022?",
    "Gokin Solar đầu tư bao nhiêu?",
    "Who heads the economic zone management board?",
)
_NUMBER = re.compile(r"\d(?=[\d.,]*\d)|\d")


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds' articles and passages, their analyses as JSON and raw vectors, shape (n, dimension), in one order."""

    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    analyses: tuple[str, ...]
    vectors: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """Milliseconds of a search."""

    median: float
    p95: float


def read_seeds(settings: Settings, models: Models) -> Seeds:
    """The seeds, indexed in the settings' folder."""
    index_articles([data_folder("seeds")], settings.index_dir, models)
    snapshot = open_collection(settings, models).store.snapshot()
    database = Database.open(IndexLayout(settings.index_dir).database)
    try:
        batches = list(database.vector_batches())
    finally:
        database.close()
    passages = tuple(passage for batch in batches for passage in batch.passages)
    articles = {passage.article_id: snapshot.article(passage.article_id) for passage in passages}
    found = {name: article for name, article in articles.items() if article}
    analyses = tuple(analysis_to_json(analyse_passage(found[p.article_id], p)) for p in passages)
    return Seeds(found, passages, analyses, np.concatenate([batch.vectors for batch in batches]))


def moved_vectors(seeds: Seeds, count: int, cache: Path) -> npt.NDArray[np.float32]:
    """The vectors of `count` variations, shape (count, dimension), from the cache file where it has them."""
    if cache.is_file() and (kept := np.load(cache, mmap_mode="r")).shape == (count, seeds.vectors.shape[1]):
        stored: npt.NDArray[np.float32] = kept
        return stored
    rng = np.random.default_rng(7)
    base = seeds.vectors[np.arange(count) % len(seeds.passages)]
    move = rng.standard_normal(base.shape, dtype=np.float32) * (NOISE / base.shape[1] ** 0.5)
    vectors = base + move
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(cache, vectors)
    moved: npt.NDArray[np.float32] = vectors
    return moved


def fill(seeds: Seeds, vectors: npt.NDArray[np.float32], settings: Settings, models: Models) -> None:
    """Stores one-passage articles, a variation of a seed passage each, with the vectors; nothing is embedded."""
    identity = index_identity(load_index_settings(), models.encoder)
    layout = IndexLayout(settings.index_dir)
    layout.root.mkdir(parents=True, exist_ok=True)
    with writer_lock(layout):
        database = Database.create(layout.database)
        try:
            for low in range(0, len(vectors), BATCH_ARTICLES):
                staged = [
                    staged_variation(seeds, number) for number in range(low, min(low + BATCH_ARTICLES, len(vectors)))
                ]
                database.add_vectors(
                    [item.passages[0].vector_key for item in staged], vectors[low : low + BATCH_ARTICLES]
                )
                database.apply(Change(identity, ("bench",), (), tuple(staged)))
        finally:
            database.close()


def staged_variation(seeds: Seeds, number: int) -> StagedArticle:
    """The variation of that number: a seed passage with other digits, as an article of its own."""
    passage = seeds.passages[number % len(seeds.passages)]
    source = seeds.articles[passage.article_id]
    text = varied(passage.text, number)
    name = f"bench-{number:06d}"
    loaded = LoadedArticle(name, text, "txt", f"{name}.txt")
    article = replace(source, id=name, text=text, clean=replace(source.clean, text=text, runs=(), paragraphs=()))
    own = replace(
        passage, id=f"{name}-0", article_id=name, start=0, end=len(text), text=text, runs=(Run(0, 0, len(text)),)
    )
    key = hashlib.sha256(name.encode()).digest()[:16]
    return StagedArticle(
        "bench", name, loaded, article, (StagedPassage(own, key, seeds.analyses[number % len(seeds.passages)]),)
    )


def varied(text: str, number: int) -> str:
    """The text with other digits, the same ones for the same number, so that every offset in it stays right."""
    rng = random.Random(number)
    return _NUMBER.sub(lambda match: str(rng.randint(1, 9)), text)


def search_times(services: Sequence[QAService], rounds: int) -> list[SearchTimes]:
    """How long a whole search takes on each service, asked in turn so that a busy machine slows all of them alike.

    The reader is left out: its time does not depend on the collection's size.
    """
    times: list[list[float]] = [[] for _ in services]
    for number in range(rounds + 1):
        for question in QUESTIONS:
            for service, own in zip(services, times, strict=True):
                started = time.perf_counter()
                service.search(question, today=TODAY)
                if number:  # the first round warms the caches up
                    own.append((time.perf_counter() - started) * 1000)
    return [SearchTimes(float(np.median(own)), float(np.percentile(own, 95))) for own in times]


def index_rates(seeds: Seeds, models: Models, work: Path) -> tuple[float, float]:
    """Passages a second of the bare encoder and of indexing, over the same new texts."""
    rng = random.Random(11)
    folder = work / "articles"
    folder.mkdir()
    texts = [varied(seeds.passages[rng.randrange(len(seeds.passages))].text, 10**6 + i) for i in range(EMBEDDED)]
    for i, text in enumerate(texts):
        (folder / f"new-{i:03d}.txt").write_text(text, encoding="utf-8")
    started = time.perf_counter()
    report = index_articles([folder], work / "rate", models)
    indexing = report.embedded / (time.perf_counter() - started)
    snapshot_texts = [embedding_text(passage) for passage in _passages(work / "rate")]
    started = time.perf_counter()
    models.encoder.encode_passages(snapshot_texts)
    return len(snapshot_texts) / (time.perf_counter() - started), indexing


def _passages(index_dir: Path) -> list[Passage]:
    database = Database.open(IndexLayout(index_dir).database)
    try:
        return [passage for batch in database.vector_batches() for passage in batch.passages]
    finally:
        database.close()


def run(count: int, rounds: int, work: Path) -> None:
    """Measures all of it and prints a table."""
    settings = load_settings(reader=False)
    models = load_models(settings)
    with tempfile.TemporaryDirectory(prefix="bench-scale-", dir=work) as folder:
        own = Path(folder)
        small = settings.model_copy(update={"index_dir": own / "small"})
        large = settings.model_copy(update={"index_dir": own / "large"})
        seeds = read_seeds(small, models)
        encoder_rate, index_rate = index_rates(seeds, models, own)
        started = time.perf_counter()
        fill(seeds, moved_vectors(seeds, count, work / f"scale-{count}.npy"), large, models)
        stored_s = time.perf_counter() - started
        publish_s = _published(large, models)
        open_s, opened = _opened(large, models)
        before, after = search_times([open_collection(small, models), opened], rounds)
    _show(count, len(seeds.passages), before, after)
    pair = f"{encoder_rate:.1f}, {index_rate:.1f} ({index_rate / encoder_rate:.2f} of it)"
    say(f"passages a second of the bare encoder, of indexing: {pair}")
    say(f"seconds to store {stored_s:.1f}, to publish {publish_s:.1f}, to open {open_s:.2f}")
    say(f"peak memory of the process: {_memory_mb():.0f} MB")


def _show(large: int, small: int, before: SearchTimes, after: SearchTimes) -> None:
    say(f"| search without the reader | {small} passages | {large:,} passages | ratio |")
    say("| --- | ---: | ---: | ---: |")
    for name, one, other in (("median", before.median, after.median), ("95th percentile", before.p95, after.p95)):
        say(f"| {name} | {one:.1f} ms | {other:.1f} ms | {other / one:.2f} |")


def _published(settings: Settings, models: Models) -> float:
    pipeline = build_pipeline(load_index_settings(), models.encoder)
    layout = IndexLayout(settings.index_dir)
    started = time.perf_counter()
    with writer_lock(layout):
        database = Database.open(layout.database)
        try:
            republish(layout, database, pipeline=pipeline, options=SyncOptions())
        finally:
            database.close()
    return time.perf_counter() - started


def _opened(settings: Settings, models: Models) -> tuple[float, QAService]:
    started = time.perf_counter()
    service = open_collection(settings, models)
    snapshot: Snapshot = service.store.snapshot()
    snapshot.count()
    return time.perf_counter() - started, service


def _memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the figures, and gives the exit code."""
    parser = argparse.ArgumentParser(description="Measure search and indexing at many passages.")
    parser.add_argument("--passages", type=int, default=100_000, metavar="N", help="size of the large index")
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="times each question is asked")
    parser.add_argument("--work", type=Path, metavar="DIR", help="folder of vectors kept between runs")
    options = parser.parse_args(arguments)
    try:
        run(max(100, options.passages), max(1, options.rounds), work_folder(options.work))
    except QAError as error:
        sys.stderr.write(f"bench_scale: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
