"""Whether the service lives, is ready, what it runs and how it fares."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from qa_service import __version__
from qa_service.errors import StoreError
from qa_service.web.api_models import HealthModel, VersionModel
from qa_service.web.metrics import CONTENT_TYPE
from qa_service.web.problems import problem
from qa_service.web.state import WebState


def health_router(state: WebState) -> APIRouter:
    """The routes of monitoring."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz")
    async def healthz() -> HealthModel:
        """Says that the process answers."""
        return HealthModel(status="ok")

    @router.get("/readyz", response_model=HealthModel, responses={503: {"description": "Not ready"}})
    async def readyz() -> Response | HealthModel:
        """Says that a verified generation is served and the model is loaded: both happen before the port opens."""
        try:
            await asyncio.to_thread(state.service.store.refresh)
            manifest = state.service.store.manifest
        except StoreError as error:
            return problem(503, str(error))
        return HealthModel(status="ready" if manifest.passages else "ready, without articles")

    @router.get("/version")
    async def version() -> VersionModel:
        """Says which version runs and which generation of the index it serves."""
        manifest = state.service.store.manifest
        return VersionModel(
            version=__version__,
            generation=manifest.id,
            created=manifest.created,
            articles=manifest.articles,
            passages=manifest.passages,
            settings_hash=state.settings_hash,
        )

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        text = await asyncio.to_thread(state.metrics.text, state.service)
        return Response(text, media_type=CONTENT_TYPE)

    return router
