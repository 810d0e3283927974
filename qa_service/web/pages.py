"""The plain pages: the list of articles, an article with its quotes marked, the widget's script, static files."""

from __future__ import annotations

import asyncio
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa_service.models import Article, ArticleInfo, Span
from qa_service.web.excerpts import marked_paragraphs
from qa_service.web.listing import matching
from qa_service.web.render import STATIC, article_link, render, safe_url
from qa_service.web.state import WebState
from qa_service.web.texts import Texts, texts_for

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
MOST_QUOTES = 20
_QUOTE = re.compile(r"(\d{1,9})-(\d{1,9})")
_SHOWN = 500


def page_router(state: WebState) -> APIRouter:
    """The routes of the plain pages."""
    router = APIRouter(include_in_schema=False)
    _add_article_pages(router, state)
    _add_files(router, state)
    return router


def _add_article_pages(router: APIRouter, state: WebState) -> None:
    @router.get("/articles")
    async def articles(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        infos = await asyncio.to_thread(state.service.articles)
        return _articles_page(matching(infos, q), q, texts=_texts(request), state=state)

    @router.get("/articles/{article_id}")
    async def article(
        request: Request, article_id: str, quote: Annotated[list[str] | None, Query(max_length=MOST_QUOTES)] = None
    ) -> HTMLResponse:
        found = await asyncio.to_thread(state.service.article, article_id)
        if found is None:
            return _missing_page(_texts(request), state)
        return _article_page(found, read_quotes(quote or [], found), texts=_texts(request), state=state)


def _add_files(router: APIRouter, state: WebState) -> None:
    @router.get("/embed")
    async def embed(request: Request) -> RedirectResponse:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{state.root}/embed/{query}", 307)

    @router.get("/widget.js")
    async def widget() -> Response:
        return _file(STATIC / "widget.js", cached_s=300)

    @router.get("/static/{name}")
    @router.get("/embed/static/{name}")
    async def static(name: str) -> Response:
        return _file(STATIC / name) if name in static_versions() else Response(status_code=404)

    @router.get("/favicon.ico")
    async def favicon() -> Response:
        return _file(STATIC / "icon.svg")

    @router.get("/manifest.json")
    async def manifest() -> dict[str, str]:
        return {"name": state.settings.title or "Articles", "start_url": f"{state.root}/", "display": "browser"}


@lru_cache(maxsize=1)
def static_versions() -> dict[str, str]:
    """The static files by name, each with a short hash of what is in it."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:10] for path in sorted(STATIC.iterdir())}


def static_link(root: str, name: str) -> str:
    """The address of a static file, new whenever its content is."""
    return f"{root}/static/{name}?v={static_versions()[name]}"


def read_quotes(texts: list[str], article: Article) -> list[Span]:
    """The ranges `start-end` that lie in the article; others are left out."""
    matches = [match for text in texts[:MOST_QUOTES] if (match := _QUOTE.fullmatch(text))]
    spans = [Span(int(match.group(1)), int(match.group(2))) for match in matches]
    return [span for span in spans if span.start < span.end <= len(article.text)]


def _texts(request: Request) -> Texts:
    return texts_for(request.query_params.get("lang") or request.headers.get("accept-language"))


def _file(path: Path, *, cached_s: int = 86400) -> Response:
    headers = {"cache-control": f"public, max-age={cached_s}"}
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=headers)


def _page(template: str, texts: Texts, state: WebState, *, status: int = 200, **values: object) -> HTMLResponse:
    files = {"base": "base.css", "style": "pages.css", "script": "article.js"}
    links = {name: static_link(state.root, file) for name, file in files.items()}
    html = render(template, texts=texts, root=state.root, title=page_title(state, texts), links=links, **values)
    return HTMLResponse(html, status, {"cache-control": "no-cache", "vary": "Accept-Language"})


def page_title(state: WebState, texts: Texts) -> str:
    """The title of the service: the one set, else one in the reader's language."""
    return state.settings.title or texts["title"]


def _articles_page(found: list[ArticleInfo], words: str, *, texts: Texts, state: WebState) -> HTMLResponse:
    rows = [
        {
            "title": info.title,
            "link": article_link(state.root, info.id),
            "language": info.language,
            "language_name": texts.language_name(info.language),
            "day": texts.day(day) if (day := info.published_on or info.as_of) else "–",
            "iso": day.isoformat() if day else "",
            "passages": info.passages,
        }
        for info in found[:_SHOWN]
    ]
    return _page("articles.html", texts, state, rows=rows, total=len(found), words=words)


def _article_page(article: Article, quotes: list[Span], *, texts: Texts, state: WebState) -> HTMLResponse:
    dates = [texts.fill("published", date=texts.day(article.published_on))] if article.published_on else []
    dates += [texts.fill("as_of", date=texts.day(article.as_of))] if article.as_of else []
    return _page(
        "article.html",
        texts,
        state,
        article=article,
        language_name=texts.language_name(article.language),
        dates=dates,
        url=safe_url(article.url),
        paragraphs=marked_paragraphs(article, quotes),
        quotes=quotes,
    )


def _missing_page(texts: Texts, state: WebState) -> HTMLResponse:
    return _page("missing.html", texts, state, status=404)
