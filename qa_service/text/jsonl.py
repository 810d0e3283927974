"""Articles in a .jsonl file, one a line; a broken line is named by its number and field, and the others stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from qa_service.errors import ArticleError
from qa_service.models import LoadedArticle
from qa_service.text.decode import check_text

_BOM = b"\xef\xbb\xbf"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class JsonlLine:
    """A line's article, or the error in its place; `id` wherever the line gives one."""

    number: int
    id: str | None
    article: LoadedArticle | None = None
    error: ArticleError | None = None


def read_jsonl(path: Path, max_bytes: int) -> Iterator[JsonlLine]:
    """Every non-blank line of `path`, counted from 1; `max_bytes` limits one line.

    Raises ArticleError where the file holds no line at all.
    """
    number, lines = 0, 0
    with path.open("rb") as file:
        while data := file.readline(max_bytes + 1):
            number += 1
            too_long = len(data) > max_bytes
            if too_long:
                _skip_line(file, data)
            data = data.removeprefix(_BOM) if number == 1 else data
            if data.strip():
                lines += 1
                yield _read_line(data, number, path, max_bytes if too_long else None)
    if not lines:
        raise ArticleError(f"{path}: the file is empty. Give one article a line, or remove it.")


def _skip_line(file: BinaryIO, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = file.readline(1 << 20)


def _read_line(data: bytes, number: int, path: Path, limit: int | None) -> JsonlLine:
    spot = f"{path}, line {number}"
    id: str | None = None
    try:
        if limit is not None:
            raise ArticleError(f"{spot}: the line is over the limit of {limit:,} bytes. Split it, or raise the limit.")
        fields = _fields(data, spot)
        id = _id(fields, spot)
        return JsonlLine(number, id, _article(fields, id, path, spot))
    except ArticleError as error:
        return JsonlLine(number, id, None, error)


def _fields(data: bytes, spot: str) -> dict[str, Any]:
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ArticleError(f"{spot}: not UTF-8 at byte {error.start} of the line. Save it again as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{spot}: not a JSON object: {error}. Give one object a line.") from error
    if not isinstance(fields, dict):
        raise ArticleError(f"{spot}: not a JSON object but {type(fields).__name__}. Give one object a line.")
    return fields


def _article(fields: dict[str, Any], id: str, path: Path, spot: str) -> LoadedArticle:
    text = _string(fields, "text", spot)
    if text is None:
        raise ArticleError(f"{spot}: the field 'text' is missing. Every article needs 'id' and 'text'.")
    check_text(text, f"{spot}, field 'text'")
    return LoadedArticle(
        id=id,
        text=text,
        format="jsonl",
        path=str(path),
        declared_title=_string(fields, "title", spot),
        declared_url=_url(fields, spot),
        declared_published_on=_date(fields, spot),
        declared_language=_language(fields, spot),
    )


def _id(fields: dict[str, Any], spot: str) -> str:
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    id = _string(fields, "id", spot)
    if id is None or any(ord(char) < 32 for char in id):
        raise ArticleError(f"{spot}: the field 'id' is {value!r}. Give every article an id of its own.")
    return id


def _string(fields: dict[str, Any], name: str, spot: str) -> str | None:
    value = fields.get(name)
    if value is None or (isinstance(value, str) and name != "text" and not value.strip()):
        return None
    if not isinstance(value, str):
        raise ArticleError(f"{spot}: the field {name!r} is {type(value).__name__}, not a string. Write it in quotes.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        where = f"half a surrogate pair at {error.start}"
        raise ArticleError(f"{spot}: the field {name!r} holds {where}. Repair it.") from error
    return value


def _url(fields: dict[str, Any], spot: str) -> str | None:
    url = _string(fields, "url", spot)
    if url is None:
        return None
    try:
        scheme = urlsplit(url.strip()).scheme
    except ValueError as error:
        raise ArticleError(f"{spot}: the field 'url' is {url!r}: {error}. Give an http(s) address.") from error
    if scheme not in ("http", "https"):
        raise ArticleError(f"{spot}: the field 'url' is {url!r}. Give an http(s) address.")
    return url.strip()


def _date(fields: dict[str, Any], spot: str) -> date | None:
    value = _string(fields, "published_on", spot)
    if value is None:
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError as error:
        raise ArticleError(f"{spot}: the field 'published_on' is {value!r}. Write the day as 2024-06-30.") from error


def _language(fields: dict[str, Any], spot: str) -> str | None:
    value = _string(fields, "language", spot)
    if value is not None and not _LANGUAGE.fullmatch(value.strip()):
        raise ArticleError(f"{spot}: the field 'language' is {value!r}. Write a code such as 'en' or 'nb'.")
    return value.strip() if value is not None else None
