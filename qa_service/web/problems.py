"""Errors of the API as problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, errors: list[dict[str, object]] | None = None
) -> JSONResponse:
    """A response that says what was wrong and what to do; `errors` names the fields at fault."""
    body: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)
