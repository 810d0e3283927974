"""What an article's source tells of it beside its text: title, url, publication day, language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

from qa_service.models import CleanText, LoadedArticle, Span
from qa_service.text.cues import cues, is_alone, source_url
from qa_service.text.html import read_html
from qa_service.text.lines import Line, split_lines
from qa_service.text.markdown import read_markdown
from qa_service.text.sentences import split_sentences

MAX_TITLE_LENGTH = 200
MAX_SHORTENED_LENGTH = 90
MAX_DATE_LINE_LENGTH = 90
_FIRST_LINES, _LAST_LINES = 6, 4
_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-]([0-2]?\d|3[01])(?:/|-|$)")
_DATELINE = re.compile(r"^[^\n]{2,80}?(?:\s[–—-]+\s|:\s)")
_PLACE_LINE = re.compile(r"^[^\W\d_][\w .,'’/-]{1,40}?\s*\([^()\d]{2,20}\)\s*[–—-]+\s*")


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published_on` where it stands as a machine-readable date; else `date_texts`, short pieces that may state it.

    `language` is what the page itself claims, which is often its template's.
    """

    title: str
    url: str | None = None
    published_on: date | None = None
    language: str | None = None
    date_texts: tuple[str, ...] = ()


def read_metadata(loaded: LoadedArticle, clean: CleanText) -> Metadata:
    """The metadata of `loaded`: declared fields first, then what its markup declares, then what its text tells."""
    marked = _marked(loaded)
    url = loaded.declared_url or _web_address(marked.get("url")) or _source_address(loaded)
    published_on = loaded.declared_published_on or parse_day(marked.get("published_on", ""))
    return Metadata(
        title=_plain(loaded.declared_title or marked.get("title") or "") or title_of(clean),
        url=url,
        published_on=published_on or (_url_day(url) if url else None),
        language=loaded.declared_language or marked.get("language"),
        date_texts=() if published_on else _date_texts(loaded, clean, marked),
    )


def title_of(clean: CleanText, language: str = "en") -> str:
    """The first paragraph where it is a heading by its shape, else the first sentence, shortened at a word."""
    if not clean.paragraphs:
        return ""
    first = _text(clean, clean.paragraphs[0])
    line = Line(first, 0, len(first))
    short = len(first) <= MAX_TITLE_LENGTH and len(clean.paragraphs) > 1
    if short and line.one_sentence and (not line.says or first.endswith(("?", "!"))):
        return _plain(first)
    body = first[place_line.end() :] if (place_line := _PLACE_LINE.match(first)) else first
    sentences = split_sentences(body, language, wrapped=True) or (Span(0, len(body)),)
    return _shortened(_plain(body[sentences[0].start : sentences[0].end]))


def parse_day(text: str) -> date | None:
    """The first ISO day of `text` ("2024-06-30T10:00:00+07:00"), or None."""
    match = _ISO.search(text)
    return _day(match) if match else None


def _marked(loaded: LoadedArticle) -> dict[str, str]:
    if loaded.format == "html":
        return read_html(loaded.text).metadata
    return read_markdown(loaded.text).metadata if loaded.format == "md" else {}


def _plain(title: str) -> str:
    return " ".join(title.split())


def _shortened(sentence: str) -> str:
    if len(sentence) <= MAX_SHORTENED_LENGTH:
        return sentence
    return sentence[:MAX_SHORTENED_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _text(clean: CleanText, span: Span) -> str:
    return clean.text[span.start : span.end]


def _web_address(url: str | None) -> str | None:
    """`url` where it is an absolute http(s) address: no other may become a link."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _source_address(loaded: LoadedArticle) -> str | None:
    """The address of the last line that names the article's source, or of the line below the word for it."""
    if loaded.format == "html":
        return None
    lines = [line.text for line in split_lines(loaded.text)]
    below = [f"{head} {line}" for head, line in pairwise(lines) if is_alone(head, "source")]
    addresses = [address for line in [*below, *lines] if (address := source_url(line))]
    return next((_web_address(address) for address in reversed(addresses)), None)


def _url_day(url: str) -> date | None:
    match = _URL_DAY.search(urlsplit(url).path)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return None


def _date_texts(loaded: LoadedArticle, clean: CleanText, marked: dict[str, str]) -> tuple[str, ...]:
    """Short pieces with a year that may state the publication day: declared, "Published …", a bare date, a dateline."""
    lines = [_text(clean, span) for span in clean.paragraphs]
    near = [line for line in lines[:_FIRST_LINES] + lines[-_LAST_LINES:] if len(line) <= MAX_DATE_LINE_LENGTH]
    named = [line for line in near if _names_publication(line)]
    bare = [line for line in lines[:_FIRST_LINES] if _is_bare_date(line)]
    datelines = [match.group() for line in lines[:3] if (match := _DATELINE.match(line))]
    candidates = [marked.get("published_on", ""), *named, *bare, *datelines]
    return tuple(dict.fromkeys(text for text in candidates if _YEAR.search(text)))


def _names_publication(line: str) -> bool:
    low = line.casefold().lstrip("*_([ ")
    return any(low.startswith(cue) and not low[len(cue) : len(cue) + 1].isalpha() for cue in cues("published"))


def _is_bare_date(line: str) -> bool:
    """A short line of figures and at most a few words: "Thứ ba, 20/08/2024, 10:30"."""
    words = re.findall(r"[^\W\d_]{2,}", line)
    figures = re.findall(r"\d+", line)
    short = len(line) <= 60 and len(words) <= 6 and not Line(line, 0, len(line)).says
    return short and bool(_YEAR.search(line)) and len(figures) >= 2
