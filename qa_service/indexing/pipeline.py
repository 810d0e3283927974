"""From paths to a published index: load, compare, split, embed what is new, store, build a generation, publish it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa_service.errors import ArticleError, EmbeddingError, QAError, StoreError
from qa_service.indexing.sync import Loaded, Plan, Source, Task, load_sources, plan_changes, source_hash
from qa_service.models import Analysis, Article, LoadedArticle, Passage
from qa_service.store.analysis import analysis_to_json
from qa_service.store.chroma import ChromaServer
from qa_service.store.database import Change, Database, KnownArticle
from qa_service.store.generation import GRACE_S, FitTransform, Recipe, build_generation, clean_up, publish
from qa_service.store.identity import StoreIdentity
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import writer_lock
from qa_service.store.manifest import Manifest, file_problems
from qa_service.store.opening import open_for_writing
from qa_service.store.rows import StagedArticle, StagedPassage
from qa_service.store.verify import Progress

if TYPE_CHECKING:
    import numpy.typing as npt

logger = logging.getLogger(__name__)

EMBED_AT_ONCE = 128
"""Passages embedded between two commits of vectors: a killed run loses no more than these."""


class PassageEncoder(Protocol):
    """An embedding model, as far as indexing needs it."""

    def encode_passages(self, texts: Sequence[str], /) -> npt.NDArray[np.float32]:
        """One row a passage, shape (n, dimension)."""
        ...


@dataclass(frozen=True)
class Pipeline:
    """The steps of indexing. `embedding_text` is what of a passage is embedded and searched lexically."""

    load: Callable[[Path], Loaded]
    build: Callable[[LoadedArticle], Article]
    split: Callable[[Article], Sequence[Passage]]
    analyse: Callable[[Article, Passage], Analysis]
    embedding_text: Callable[[Passage], str]
    encoder: PassageEncoder
    fit: FitTransform
    tokenise: Callable[[str], list[str]]
    identity: StoreIdentity
    server: ChromaServer | None = None

    def recipe(self, progress: Progress | None = None) -> Recipe:
        """How generations are built."""
        return Recipe(self.fit, self.tokenise, self.embedding_text, self.server, progress)


@dataclass(frozen=True)
class SyncOptions:
    """`rebuild` does everything again and mends a damaged store; superseded generations are kept for `grace_s`."""

    rebuild: bool = False
    allow_removal: bool = False
    progress: Progress | None = None
    grace_s: float = GRACE_S


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, counted in articles; `passages` are all in the index, `embedded` those newly embedded."""

    added: int
    updated: int
    unchanged: int
    removed: int
    errors: tuple[str, ...]
    passages: int
    embedded: int
    seconds: float
    generation: str

    @property
    def changed(self) -> bool:
        """Whether any article was added, updated or removed."""
        return bool(self.added or self.updated or self.removed)


DEFAULTS = SyncOptions()


def sync(
    paths: Sequence[Path | str], index_dir: Path, *, pipeline: Pipeline, options: SyncOptions = DEFAULTS
) -> SyncReport:
    """Makes each path's articles in the index equal the path, and publishes; other sources are left alone.

    Errors of single articles and paths are in the report. Raises IndexLockedError, IndexMismatchError,
    IndexDamagedError, RemovalError or StoreError where nothing can be done; the served generation is then as it was.
    """
    started = time.monotonic()
    layout = IndexLayout(Path(index_dir))
    with writer_lock(layout):
        database = open_for_writing(layout, pipeline.identity, rebuild=options.rebuild)
        try:
            report = _Run(layout, database, pipeline, options).report(paths)
        finally:
            database.close()
    return replace(report, seconds=time.monotonic() - started)


def republish(layout: IndexLayout, database: Database, *, pipeline: Pipeline, options: SyncOptions) -> str:
    """Builds and publishes a generation of what the store holds, without embedding, and returns its id."""
    manifest = build_generation(layout, database, pipeline.recipe(options.progress))
    publish(layout, manifest.id)
    return manifest.id


def up_to_date_generation(layout: IndexLayout, database: Database, server: ChromaServer | None) -> str | None:
    """The id of the served generation if it is sound and shows what the store holds, else None."""
    try:
        folder = layout.generation(layout.current_id())
        manifest = Manifest.read(folder)
    except StoreError:
        return None
    same_place = manifest.server == (str(server) if server else None)
    same = same_place and manifest.revision == database.revision() and manifest.identity == database.identity()
    return manifest.id if same and not file_problems(folder, manifest) else None


class _Run:
    """One sync under the writer's lock."""

    def __init__(self, layout: IndexLayout, database: Database, pipeline: Pipeline, options: SyncOptions) -> None:
        self._layout = layout
        self._database = database
        self._pipeline = pipeline
        self._options = options
        self._errors: list[str] = []
        self._embedded = 0

    def report(self, paths: Sequence[Path | str]) -> SyncReport:
        """Does it all."""
        plan = self._plan(paths)
        self._errors.extend(plan.errors)
        known = self._database.articles()
        staged = self._stage(plan)
        plan = self._without_outdated(plan, staged, known)
        done = [entry.article.id for entry in staged if entry.source in plan.sources]
        if staged or plan.removed_ids:
            self._database.apply(Change(self._pipeline.identity, plan.sources, plan.removed_ids, tuple(staged)))
        generation = self._publish()
        return SyncReport(
            added=sum(article_id not in known for article_id in done),
            updated=sum(article_id in plan.updated_ids for article_id in done),
            unchanged=plan.unchanged + sum(id in known and id not in plan.updated_ids for id in done),
            removed=len(plan.removed_ids),
            errors=tuple(self._errors),
            passages=self._database.counts()[1],
            embedded=self._embedded,
            seconds=0.0,
            generation=generation,
        )

    def _without_outdated(self, plan: Plan, staged: Sequence[StagedArticle], known: Mapping[str, KnownArticle]) -> Plan:
        """The plan, removing also stored articles that failed just now and were made with other settings."""
        if self._database.identity() in (None, self._pipeline.identity):
            return plan
        failed = {task.loaded.id for task in plan.tasks} - {entry.article.id for entry in staged}
        return replace(plan, removed_ids=(*plan.removed_ids, *sorted(failed & known.keys())))

    def _plan(self, paths: Sequence[Path | str]) -> Plan:
        sources = load_sources(paths, self._pipeline.load)
        rebuild = self._options.rebuild
        plan = plan_changes(
            sources, self._database.articles(), everything=rebuild, allow_removal=self._options.allow_removal
        )
        return replace(plan, tasks=(*plan.tasks, *self._stored_tasks(plan, sources))) if rebuild else plan

    def _stored_tasks(self, plan: Plan, sources: Sequence[Source]) -> list[Task]:
        """Articles a rebuild does again from their stored text: of other sources, and such as cannot be read now."""
        gone = {*plan.removed_ids, *(task.loaded.id for task in plan.tasks)}
        return [
            Task(key, source_hash(loaded), loaded)
            for key in self._database.sources()
            for loaded in self._database.loaded_articles(key)
            if loaded.id not in gone
        ]

    def _stage(self, plan: Plan) -> list[StagedArticle]:
        """The articles of the plan, split and analysed, their vectors stored; those that fail stay as they were."""
        staged: list[StagedArticle] = []
        waiting: dict[bytes, str] = {}
        for number, task in enumerate(plan.tasks, start=1):
            if entry := self._staged(task):
                staged.append(entry)
                waiting |= {item.vector_key: self._pipeline.embedding_text(item.passage) for item in entry.passages}
            if len(waiting) >= EMBED_AT_ONCE or number == len(plan.tasks):
                self._embed(waiting)
                waiting = {}
                self._tell("embed", number, len(plan.tasks))
        return staged

    def _staged(self, task: Task) -> StagedArticle | None:
        pipeline = self._pipeline
        try:
            article = pipeline.build(task.loaded)
            passages = pipeline.split(article)
            if not passages:
                raise ArticleError(f"{task.loaded.path}: article {article.id!r} has no sentences. Check the file.")
            if len({passage.id for passage in passages}) < len(passages):
                raise ArticleError(f"{task.loaded.path}: two passages of article {article.id!r} have one id.")
            entries = [
                StagedPassage(passage, self._key(passage), analysis_to_json(pipeline.analyse(article, passage)))
                for passage in passages
            ]
            return StagedArticle(task.source, task.source_hash, task.loaded, article, tuple(entries))
        except QAError as error:
            self._errors.append(str(error))
        except Exception as error:  # one odd article must not keep the others out of the index
            logger.exception("article %s failed", task.loaded.id)
            reason = f"{type(error).__name__}: {error}"
            self._errors.append(f"{task.loaded.path}: article {task.loaded.id!r} failed ({reason}).")
        return None

    def _key(self, passage: Passage) -> bytes:
        text = f"{self._pipeline.identity.model_id}\n{self._pipeline.embedding_text(passage)}"
        return hashlib.sha256(text.encode("utf-8")).digest()[:16]

    def _embed(self, texts: Mapping[bytes, str]) -> None:
        known = self._database.known_vectors(texts)
        new = {key: text for key, text in texts.items() if key not in known}
        if not new:
            return
        vectors = self._pipeline.encoder.encode_passages(list(new.values()))
        wanted = (len(new), self._pipeline.identity.dimension)
        if vectors.shape != wanted or not np.isfinite(vectors).all():
            raise EmbeddingError(
                f"The embedding model {self._pipeline.identity.model_id} gave vectors of shape {vectors.shape}, "
                f"not {wanted}, or with values that are no numbers. Choose another model."
            )
        self._database.add_vectors(list(new), vectors)
        self._embedded += len(new)

    def _publish(self) -> str:
        """The served generation, a new one unless the last one still shows what the store holds."""
        if not self._database.identity():
            raise StoreError(_nothing_indexed(self._errors))
        generation = up_to_date_generation(self._layout, self._database, self._pipeline.server)
        if generation is None:
            self._embed_lost_vectors()
            generation = republish(self._layout, self._database, pipeline=self._pipeline, options=self._options)
        clean_up(self._layout, server=self._pipeline.server, grace_s=self._options.grace_s)
        return generation

    def _embed_lost_vectors(self) -> None:
        self._database.drop_vectors_not_of(self._pipeline.identity.dimension)
        lost = self._database.passages_without_vector()
        for low in range(0, len(lost), EMBED_AT_ONCE):
            part = lost[low : low + EMBED_AT_ONCE]
            self._embed({key: self._pipeline.embedding_text(passage) for key, passage in part})

    def _tell(self, step: str, done: int, total: int) -> None:
        if self._options.progress:
            self._options.progress(step, done, total)


def _nothing_indexed(errors: Sequence[str]) -> str:
    advice = "No article could be indexed. Give a folder or file of .txt, .md, .html or .jsonl articles."
    return "\n".join([*errors, advice])
