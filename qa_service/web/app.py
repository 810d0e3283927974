"""The web application: REST, pages and chat behind one row of guards."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa_service import __version__
from qa_service.errors import QAError, QuestionError
from qa_service.settings import Settings
from qa_service.web.access import AccessControl, access_policy
from qa_service.web.api import api_router
from qa_service.web.chat import mount_chat
from qa_service.web.desk import RefusedError
from qa_service.web.guard import BodyLimit, Gate, Prefix, RequestLog, SecurityHeaders
from qa_service.web.health import health_router
from qa_service.web.leaving import STATUS_LEFT, ClientLeftError
from qa_service.web.pages import page_router
from qa_service.web.problems import problem
from qa_service.web.state import WebState

if TYPE_CHECKING:
    from qa_service.service import QAService

logger = logging.getLogger(__name__)


def create_app(service: QAService, settings: Settings) -> ASGIApp:
    """The application over a service; SettingsError where it would be open to everyone on more than loopback."""
    policy = access_policy(settings)
    state = WebState.create(service, settings)
    app = FastAPI(
        title="qa-service",
        description="Questions about a collection of news articles; every answer is proved by verbatim quotes.",
        version=__version__,
        docs_url=None,  # it loads its scripts from another host
        redoc_url=None,
        openapi_url=f"{state.root}/openapi.json",
        lifespan=_lifespan(state),
    )
    api = api_router(state)
    for router in (api, health_router(state), page_router(state)):
        app.include_router(router, prefix=state.root)
    _close_api(app, api, state.root)
    _add_error_handlers(app)
    _add_cors(app, settings)
    mount_chat(app, state)
    guarded: ASGIApp = BodyLimit(app, max_bytes=settings.max_body_bytes)
    guarded = Gate(guarded, origins=settings.frame_origins, root=state.root)
    guarded = AccessControl(guarded, policy=policy, root=state.root)
    guarded = SecurityHeaders(guarded, frame_origins=settings.frame_origins)
    guarded = RequestLog(guarded, metrics=state.metrics, root=state.root)
    return Prefix(_behind_proxies(guarded, settings), root=state.root)


def _lifespan(state: WebState) -> Any:  # noqa: ANN401 - FastAPI's own type is generic over the app
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        state.desk.close()

    return lifespan


def _add_cors(app: FastAPI, settings: Settings) -> None:
    # Also with an empty list: without it Gradio would mirror every origin, with credentials.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.frame_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
    )


def _behind_proxies(app: ASGIApp, settings: Settings) -> ASGIApp:
    trusted = list(settings.trusted_proxies)
    return cast(
        ASGIApp, ProxyHeadersMiddleware(cast(Any, app), trusted_hosts=trusted)
    )  # uvicorn has its own ASGI types


def _close_api(app: FastAPI, api: APIRouter, root: str) -> None:
    """Answers what is left under /api, which the chat's mount at / would catch: 405 for a known path, else 404."""

    async def rest(request: Request) -> Response:
        path = request.url.path.removeprefix(root)
        routes = [route for route in api.routes if isinstance(route, Route)]
        allowed = {m for route in routes if route.path_regex.match(path) for m in route.methods or ()}
        if allowed:
            methods_text = ", ".join(sorted(allowed))
            return problem(405, f"Use {methods_text} here.", headers={"allow": methods_text})
        return problem(404, "There is nothing at this address. See /openapi.json for what there is.")

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
    app.add_route(f"{root}/api/{{path:path}}", rest, methods=methods, include_in_schema=False)


def _add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(RefusedError)
    async def refused(_: Request, error: RefusedError) -> Response:
        status = 503 if error.cause == "timeout" else 429
        return problem(status, str(error), headers={"retry-after": str(error.retry_after_s)})

    @app.exception_handler(ClientLeftError)
    async def left(_: Request, __: ClientLeftError) -> Response:
        return Response(status_code=STATUS_LEFT)

    @app.exception_handler(QAError)
    async def known(_: Request, error: QAError) -> Response:
        if isinstance(error, QuestionError):
            return problem(400, str(error))
        logger.error("%s", error)
        return problem(503, str(error))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        errors: list[dict[str, object]] = [
            {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()
        ]
        first = errors[0]
        return problem(422, f"{first['field']}: {first['message']}. See /openapi.json for the form.", errors=errors)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        request_id = getattr(request.state, "request_id", "")
        logger.exception("request %s failed", request_id, exc_info=error)
        return problem(500, f"Something went wrong. The log has it under request id {request_id}.")
