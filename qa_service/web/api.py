"""The REST API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qa_service.models import Answer
from qa_service.schemas import AnswerModel, answer_model
from qa_service.web.api_models import (
    ArticleList,
    ArticleModel,
    ArticleSummary,
    AskRequest,
    FeedbackRequest,
    FeedbackResponse,
    ProblemModel,
    SearchRequest,
    SearchResponse,
)
from qa_service.web.desk import Asked, RefusedError
from qa_service.web.feedback import Rating
from qa_service.web.leaving import while_connected
from qa_service.web.listing import matching
from qa_service.web.problems import MEDIA_TYPE
from qa_service.web.state import WebState, client_of

_PROBLEM: dict[str, Any] = {"model": ProblemModel, "content": {MEDIA_TYPE: {}}}
_INVALID: dict[int | str, dict[str, Any]] = {
    401: {"description": "No right credentials, where access control is on", **_PROBLEM},
    422: {"description": "The request does not have this form", **_PROBLEM},
}
_BODY: dict[int | str, dict[str, Any]] = {
    **_INVALID,
    400: {"description": "The body cannot be read, or the question has no words", **_PROBLEM},
    413: {"description": "The request is too large", **_PROBLEM},
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    **_BODY,
    429: {"description": "Too many questions; Retry-After says when to come again", **_PROBLEM},
    503: {"description": "The answer took too long, or the index cannot be read", **_PROBLEM},
}
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not known", **_PROBLEM}}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `Accept: text/event-stream` as events: status, headline, text (a claim each), "
        "citation (one each), answer (the whole JSON)",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def api_router(state: WebState) -> APIRouter:
    """The routes under /api/v1."""
    router = APIRouter(prefix="/api/v1", tags=["answers"])
    _add_questions(router, state)
    _add_articles(router, state)
    _add_feedback(router, state)
    return router


def _add_questions(router: APIRouter, state: WebState) -> None:
    @router.post("/ask", responses={**_ERRORS, **_STREAM}, response_model=AnswerModel)
    async def ask(body: AskRequest, request: Request) -> Response:
        """Answers a question with proved claims, or abstains and says why."""
        asked = Asked(body.question, client_of(request), today=body.today)
        if "text/event-stream" in request.headers.get("accept", ""):
            return await _stream(state, asked)
        answer = await while_connected(request, state.ask(asked))
        return JSONResponse(answer_model(answer).model_dump(mode="json"))

    @router.post("/search", responses=_ERRORS)
    async def search(body: SearchRequest, request: Request) -> SearchResponse:
        """Ranks the passages for a question, with the score of every lane."""
        work = state.desk.run(
            lambda: state.service.passages(body.question, today=body.today, top_k=body.top_k),
            client=client_of(request),
        )
        passages = await while_connected(request, work)
        return SearchResponse(question=body.question, passages=passages)


def _add_articles(router: APIRouter, state: WebState) -> None:
    @router.get("/articles", responses=_INVALID)
    async def articles(
        search: Annotated[str, Query(max_length=200, description="Words of the title; accents do not matter")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    ) -> ArticleList:
        """Lists the articles of the collection."""
        found = matching(await asyncio.to_thread(state.service.articles), search)
        shown = [ArticleSummary.model_validate(info) for info in found[offset : offset + limit]]
        return ArticleList(total=len(found), articles=shown)

    @router.get("/articles/{article_id}", responses={**_INVALID, **_MISSING})
    async def article(article_id: str) -> ArticleModel:
        """Gives an article with its text; the offsets of citations point into it."""
        found = await asyncio.to_thread(state.service.article, article_id)
        if found is None:
            raise HTTPException(404, f"There is no article {article_id!r}. GET /api/v1/articles lists all.")
        passages = await asyncio.to_thread(state.service.store.passages_of, article_id)
        return ArticleModel(
            id=found.id,
            title=found.title,
            language=found.language,
            published_on=found.published_on,
            as_of=found.as_of,
            url=found.url,
            passages=len(passages),
            text=found.text,
        )


def _add_feedback(router: APIRouter, state: WebState) -> None:
    @router.post("/feedback", responses={**_BODY, **_MISSING}, status_code=201)
    async def feedback(body: FeedbackRequest, request: Request) -> FeedbackResponse:
        """Keeps a rating of an answer; a second one for the same answer replaces the first."""
        rating = Rating(body.answer_id, body.rating, body.comment, client_of(request))
        if not await asyncio.to_thread(state.rate, rating):
            raise HTTPException(404, f"There is no recent answer {body.answer_id!r}. Rate answers soon.")
        return FeedbackResponse(answer_id=body.answer_id, rating=body.rating)


async def _stream(state: WebState, asked: Asked) -> Response:
    """The answer as events. A refusal before the first event is an ordinary error response."""
    task = asyncio.create_task(state.ask(asked))
    await asyncio.wait([task], timeout=0.01)
    if task.done() and task.exception() is not None:
        await task
    return StreamingResponse(
        _events(task), media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )


async def _events(task: asyncio.Task[Answer]) -> AsyncIterator[str]:
    try:
        yield _event("status", {"status": "searching"})
        try:
            answer = answer_model(await task)
        except RefusedError as refused:
            problem = {"title": refused.cause, "detail": str(refused), "retry_after_s": refused.retry_after_s}
            yield _event("error", problem)
            return
        if answer.headline is not None:
            yield _event("headline", {"headline": answer.headline})
        for claim in answer.claims:
            yield _event("text", claim.model_dump(mode="json"))
        for citation in answer.citations:
            yield _event("citation", citation.model_dump(mode="json"))
        yield _event("answer", answer.model_dump(mode="json"))
    finally:
        task.cancel()


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
