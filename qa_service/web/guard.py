"""What every request passes: its id and log line, security headers, a limit on its body, no foreign page behind it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_service.web.metrics import Metrics
from qa_service.web.problems import problem

logger = logging.getLogger(__name__)
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_GRADIO_USED = re.compile(
    r"/gradio_api/(queue/(join|data)|heartbeat/\w+|startup-events|reset/?|cancel|app_id/?|theme\.css|info|token/?)"
)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Prefix:
    """Takes the path as the proxy gives it, with the public prefix or without: inside it always has it.

    It also keeps the address of the real peer, before forwarding headers are believed.
    """

    def __init__(self, app: ASGIApp, *, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with the prefix."""
        if client := scope.get("client"):
            scope["peer"] = client[0]
        if self._root and scope["type"] in ("http", "websocket"):
            path: str = scope["path"]
            if path != self._root and not path.startswith(f"{self._root}/"):
                scope = {**scope, "path": self._root + path, "raw_path": None}
        await self._app(scope, receive, send)


class RequestLog:
    """Gives each request an id, and writes one line when it is done; neither query nor body is in it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, root: str) -> None:
        self._app = app
        self._metrics = metrics
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles the request and logs it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started, status, whole = time.perf_counter(), 500, False

        async def send_with_id(message: Message) -> None:
            nonlocal status, whole
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            # Starlette raises again what was answered with 500 and logged; the server would hang up on the client
            if not whole:
                raise
        finally:
            self._note(scope, request_id, status=status, seconds=time.perf_counter() - started)

    def _note(self, scope: Scope, request_id: str, *, status: int, seconds: float) -> None:
        path, method = scope["path"].removeprefix(self._root), scope["method"]
        self._metrics.requests.labels(route_of(path), method if len(method) < 8 else "other", str(status)).inc()
        fields = {"request_id": request_id, "method": method, "path": path, "status": status}
        fields |= {"ms": round(seconds * 1000, 1), "user": scope.get("state", {}).get("user")}
        level = logging.DEBUG if route_of(path) in ("/gradio_api", "/static") else logging.INFO
        logger.log(level, "request", extra={"fields": fields})


def route_of(path: str) -> str:
    """The first part of a path that the service knows, "other" else, so that metrics stay few."""
    parts = path.split("/")
    if parts[1:3] == ["api", "v1"] and len(parts) > 3:
        return f"/api/v1/{parts[3]}" if parts[3] in ("ask", "search", "articles", "feedback") else "other"
    first = parts[2] if parts[1:2] == ["embed"] and len(parts) > 2 and parts[2] else parts[1] if len(parts) > 1 else ""
    known = ("", "embed", "articles", "gradio_api", "assets", "static", "widget.js", "healthz", "readyz", "metrics")
    return f"/{first}" if first in known else "other"


class SecurityHeaders:
    """Tells browsers to fetch nothing from elsewhere, and who may frame the page."""

    def __init__(self, app: ASGIApp, *, frame_origins: Sequence[str]) -> None:
        self._app = app
        self._headers = security_headers(frame_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and adds the headers to its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def security_headers(frame_origins: Sequence[str]) -> dict[str, str]:
    """The headers of every response; Gradio needs inline scripts and styles."""
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(("'self'", *frame_origins)),
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cross-origin-opener-policy": "same-origin",
    }


class Gate:
    """Refuses what no page of ours sends: writes from foreign pages, and Gradio's routes that the chat does not use."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str], root: str) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request through, or answers 403 or 404."""
        if scope["type"] == "http":
            if self._is_foreign_write(scope):
                await problem(403, "Pages of other origins may not write here.")(scope, receive, send)
                return
            if not self._is_used(scope["path"].removeprefix(self._root).removeprefix("/embed")):
                await problem(404, "There is nothing at this address.")(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_foreign_write(self, scope: Scope) -> bool:
        if scope["method"] in _SAFE_METHODS:
            return False
        headers = Headers(scope=scope)
        if headers.get("origin", "") in self._origins:
            return False
        return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")

    @staticmethod
    def _is_used(path: str) -> bool:
        if path.startswith("/gradio_api"):
            return _GRADIO_USED.fullmatch(path) is not None
        return not path.startswith(("/monitoring", "/login", "/logout", "/svelte", "/dev"))


class _TooLargeError(HTTPException):
    """The body went over the limit while it was read; an HTTP error, since FastAPI hides others that it meets there."""


class BodyLimit:
    """Answers 413 to a request whose body is larger than `max_bytes`, also where it does not say so beforehand."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on while its body is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = problem(413, f"The request is larger than {self._max_bytes} bytes. Send less.")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self._max_bytes:
            await refusal(scope, receive, send)
            return
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, _counted(receive, self._max_bytes), send_noted)
        except _TooLargeError:
            if not started:
                await refusal(scope, receive, send)


def _counted(receive: Receive, max_bytes: int) -> Callable[[], Awaitable[Message]]:
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b"")) if message["type"] == "http.request" else 0
        if size > max_bytes:
            raise _TooLargeError(413, f"The request is larger than {max_bytes} bytes. Send less.")
        return message

    return receive_counted
