"""A service over articles that are indexed for a measurement, away from the user's index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_service.embedding.encoder import Encoder
from qa_service.errors import ArticleError
from qa_service.indexing.build import build_pipeline, index_identity
from qa_service.indexing.pipeline import SyncOptions, SyncReport, sync
from qa_service.language.search_tokens import search_tokens
from qa_service.reading.reader import Reader, load_reader
from qa_service.service import QAService
from qa_service.settings import Settings, load_index_settings
from qa_service.store.store import Store


@dataclass(frozen=True, slots=True)
class Models:
    """The models that several collections share, so that they are loaded once."""

    encoder: Encoder
    reader: Reader | None


def load_models(settings: Settings) -> Models:
    """The models that these settings name."""
    encoder = QAService.encoder_for(settings)
    reader = None
    if settings.reader and encoder.folder is not None:
        reader = load_reader(encoder.folder, encoder=encoder, threads=settings.threads)
    return Models(encoder, reader)


def index_articles(articles: Sequence[Path], index_dir: Path, models: Models) -> SyncReport:
    """Makes the index equal to the articles; ArticleError where one of them cannot be indexed."""
    pipeline = build_pipeline(load_index_settings(), models.encoder)
    report = sync(list(articles), index_dir, pipeline=pipeline, options=SyncOptions(allow_removal=True))
    if report.errors:
        raise ArticleError(f"{report.errors[0]} Mend the collection before it is measured.")
    return report


def open_collection(settings: Settings, models: Models) -> QAService:
    """The service over the index of `settings`, with models that are already loaded."""
    identity = index_identity(load_index_settings(), models.encoder)
    store = Store.open(settings.index_dir, expected=identity, tokenise=search_tokens)
    return QAService(settings, models.encoder, store, models.reader)
