"""HTML from templates; every value is escaped by the template engine."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


def render(template: str, **values: object) -> str:
    """The template filled in."""
    return _environment().get_template(template).render(**values)


def render_line(template: str, **values: object) -> str:
    """The template filled in, on one line: Markdown leaves a line of HTML alone, and an empty line would end it."""
    return " ".join(render(template, **values).split())


def article_link(root: str, article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The address of an article's page, with the quote to mark."""
    link = f"{root}/articles/{quote(article_id, safe='')}"
    return link if start is None else f"{link}?quote={start}-{end}#quote-1"


def safe_url(url: str | None) -> str | None:
    """The url where it is one of the web; None for javascript:, data: and the like."""
    if url is None or any(ord(char) < 33 for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kept_lines"] = _kept_lines
    return environment


def _kept_lines(text: str) -> Markup:
    """The escaped text with its line ends as entities, which survive on one line."""
    from markupsafe import Markup, escape

    return Markup("&#10;").join(escape(line) for line in text.split("\n"))
