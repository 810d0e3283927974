"""The pipeline as this service runs it: which loader, splitter, analyser and encoder an index is built with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa_service.embedding.encoder import Encoder
from qa_service.embedding.neutral import NeutralSpace
from qa_service.indexing.articles import build_article
from qa_service.indexing.passages import split_passages
from qa_service.indexing.pipeline import Pipeline
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Analysis, Article, Passage, Period, PeriodKind
from qa_service.query.analysis import analyse
from qa_service.settings import IndexSettings
from qa_service.store.chroma import ChromaServer
from qa_service.store.database import VectorBatch
from qa_service.store.identity import StoreIdentity
from qa_service.text.load import LoadResult, load_path

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def index_identity(settings: IndexSettings, encoder: Encoder) -> StoreIdentity:
    """What an index built with these settings and this model depends on."""
    values = {name: str(value) for name, value in settings.model_dump().items() if name != "embedding_model"}
    return StoreIdentity(values, encoder.model_id, encoder.dimension)


def build_pipeline(settings: IndexSettings, encoder: Encoder) -> Pipeline:
    """The steps of indexing for these settings and this model."""
    split = partial(
        split_passages,
        count_tokens=encoder.count_tokens,
        max_tokens=settings.passage_tokens,
        overlap_sentences=settings.passage_overlap_sentences,
    )
    return Pipeline(
        load=_load,
        build=build_article,
        split=split,
        analyse=analyse_passage,
        embedding_text=embedding_text,
        encoder=encoder,
        fit=partial(_fit_space, encoder=encoder, neutral=settings.language_neutral),
        tokenise=search_tokens,
        identity=index_identity(settings, encoder),
        server=chroma_server(),
    )


def chroma_server() -> ChromaServer | None:
    """The Chroma server that the environment names (CHROMA_HTTP_HOST), or None: vectors lie in the index folder."""
    return ChromaServer.from_environment(os.environ)


def embedding_text(passage: Passage) -> str:
    """What of a passage is embedded and searched lexically: its context line, then its text."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def analyse_passage(article: Article, passage: Passage) -> Analysis:
    """The values, periods and names of a passage; a passage without a period inherits the article's as-of date."""
    day = article.as_of or article.published_on
    found = analyse(passage.text, passage.language, anchor=day)
    inherited = (Period(None, day, PeriodKind.AS_OF, "day", explicit=False),) if day else ()
    return replace(found, inherited=inherited)


def _load(path: Path) -> LoadResult:
    return load_path(path)


class _Transform:
    """A neutral space as the store's vector transform."""

    def __init__(self, space: NeutralSpace) -> None:
        self._space = space

    def transform(self, vectors: npt.NDArray[np.float32], languages: list[str]) -> npt.NDArray[np.float32]:
        """The vectors freed of what only tells their language, shape (n, dimension)."""
        return self._space.apply_passages(vectors, languages)

    def save(self, path: Path) -> None:
        """Writes the space, so that questions are transformed alike."""
        self._space.save(path)


def _fit_space(batches: Iterable[VectorBatch], *, encoder: Encoder, neutral: bool) -> _Transform:
    if not neutral:
        return _Transform(NeutralSpace())
    rows = ((batch.vectors, batch.languages) for batch in batches)
    return _Transform(NeutralSpace.calibrate(encoder).with_collection(rows))
