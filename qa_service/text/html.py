"""Visible text of an HTML page, in blocks mapped to the raw file, and what the page declares of itself."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files

from qa_service.text.markup import Block, MarkedUp, Piece, trimmed

_NAMES = {
    kind: frozenset(names.split())
    for kind, names in tomllib.loads((files("qa_service.text") / "html.toml").read_text(encoding="utf-8")).items()
}
_VOID, _BLOCK, _HEADINGS, _INVISIBLE = (_NAMES[kind] for kind in ("void", "block", "headings", "invisible"))
_PAGE_PARTS, _REGIONS, _SELF_CLOSING, _PART_NAMES = (
    _NAMES[kind] for kind in ("page_parts", "regions", "self_closing", "part_names")
)
_META_FIELDS = {
    "og:title": "title",
    "og:url": "url",
    "article:published_time": "published_on",
    "datepublished": "published_on",
    "date": "published_on",
    "dc.date": "published_on",
    "dc.date.issued": "published_on",
    "pubdate": "published_on",
    "og:locale": "language",
}
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_STOP = re.compile(r"""[.!?…:;。！？]["'”’»)]*\s*$""")
MIN_REGION_CHARS = 200
MAX_DEPTH = 400
_SEEN_BEFORE_BREAK = 60


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    part: str
    region: int


@dataclass(frozen=True, slots=True)
class _RawBlock:
    """A block and where it stood.

    `part`: "" for text, "page" inside a part of the page, "named" where only a class or id says so.
    """

    block: Block
    part: str
    regions: tuple[int, ...]
    link_chars: int

    @property
    def size(self) -> int:
        return len(self.block.text)


def read_html(raw: str) -> MarkedUp:
    """The blocks of `raw` that are its main text, and its title, url, published_on and language where it declares them.

    Navigation, footers, asides, captions, link lists and what stands outside the main region are left out.
    """
    reader = _Reader(raw)
    reader.feed(raw)
    reader.close()
    reader.flush()
    return MarkedUp(_main_blocks(reader.blocks), reader.declared())


def _main_blocks(blocks: list[_RawBlock]) -> tuple[Block, ...]:
    visible = [raw for raw in blocks if raw.part != "page"]
    unnamed = [raw for raw in visible if raw.part != "named"]
    kept = unnamed if 2 * _size(unnamed) >= _size(visible) else visible
    kept = _in_region(kept)
    kept = [raw for raw in kept if not _is_link_list(raw)] or kept or blocks
    places = {id(raw): at for at, raw in enumerate(blocks)}
    result: list[Block] = []
    last = -1
    for raw in kept:
        at = places[id(raw)]
        result.append(Block(raw.block.pieces, raw.block.heading, after_furniture=bool(result) and at > last + 1))
        last = at
    return tuple(result)


def _size(blocks: list[_RawBlock]) -> int:
    return sum(raw.size for raw in blocks)


def _in_region(blocks: list[_RawBlock]) -> list[_RawBlock]:
    """The blocks of the one article or main element that holds most of the text, with the first heading before it."""
    sizes: Counter[int] = Counter()
    for raw in blocks:
        sizes.update(dict.fromkeys(raw.regions, raw.size))
    if not sizes or max(sizes.values()) < max(MIN_REGION_CHARS, 0.4 * _size(blocks)):
        return blocks
    # The innermost region that still holds most of the largest one: an article in a main element beside teasers.
    region = max(at for at, size in sizes.items() if size >= 0.6 * max(sizes.values()))
    first = next((raw for raw in blocks if raw.block.heading), None)
    return [raw for raw in blocks if region in raw.regions or raw is first]


def _is_link_list(raw: _RawBlock) -> bool:
    return raw.link_chars > 0.8 * raw.size and not raw.block.heading and not _STOP.search(raw.block.text)


class _Reader(HTMLParser):
    """Collects blocks with the absolute offsets of their text."""

    def __init__(self, raw: str) -> None:
        super().__init__(convert_charrefs=False)
        self._raw = raw
        self._line_starts = [0, *(at + 1 for at, char in enumerate(raw) if char == "\n")]
        self._stack: list[_Element] = []
        self._pieces: list[Piece] = []
        self._link_chars = 0
        self._regions = 0
        self._title: list[str] = []
        self._meta: dict[str, str] = {}
        self._data_is_json = False
        self.blocks: list[_RawBlock] = []

    def declared(self) -> dict[str, str]:
        """What the page says of itself."""
        title = " ".join("".join(self._title).split())
        heading = next((raw.block.text for raw in self.blocks if raw.block.heading), "")
        found = {"title": " ".join(heading.split()) or title} | self._meta
        return {name: value.strip() for name, value in found.items() if value.strip()}

    def flush(self) -> None:
        """Ends the block under way."""
        pieces = trimmed(self._pieces)
        if pieces:
            heading = any(element.tag in _HEADINGS for element in self._stack)
            parts = {element.part for element in self._stack}
            part = next((name for name in ("page", "named") if name in parts), "")
            regions = tuple(element.region for element in self._stack if element.region)
            self.blocks.append(_RawBlock(Block(pieces, heading), part, regions, self._link_chars))
        self._pieces, self._link_chars = [], 0

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skips "<![…>", at which the standard library's parser raises AssertionError unless it is well formed."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._read_meta(tag, values)
        if tag == "br":
            self._break()
        if tag in _BLOCK and not (tag in ("td", "th") and self._pieces):
            self.flush()
        elif tag in ("td", "th"):
            self._pieces.append(Piece(" ", None))
        if tag in _VOID or len(self._stack) >= MAX_DEPTH:
            return
        if tag in _SELF_CLOSING and self._stack and self._stack[-1].tag == tag:
            self._stack.pop()
        if tag in _REGIONS:
            self._regions += 1
        region = self._regions if tag in _REGIONS else 0
        self._stack.append(_Element(tag, self._part(tag, values), region))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK and tag not in ("td", "th"):
            self.flush()
        open_tags = [element.tag for element in self._stack]
        if tag in open_tags:
            del self._stack[len(open_tags) - 1 - open_tags[::-1].index(tag) :]
        self._data_is_json = False

    def handle_data(self, data: str) -> None:
        tags = {element.tag for element in self._stack}
        if self._data_is_json and (match := _JSON_DATE.search(data)):
            self._meta.setdefault("published_on", match.group(1))
        if "title" in tags and "svg" not in tags:
            self._title.append(data)
        if tags & _INVISIBLE or "title" in tags:
            return
        start = self._offset()
        if start == 0 and data.startswith("\ufeff"):
            data, start = data[1:], 1
        if self._raw.startswith(data, start):
            self._append(data, start)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def _reference(self, written: str) -> None:
        decoded = unescape(f"{written};")
        if decoded == f"{written};":
            ended = self._raw.startswith(";", self._offset() + len(written))
            self.handle_data(written + ";" * ended)
        elif self._stack and self._stack[-1].tag == "title":
            self._title.append(decoded)
        elif not {element.tag for element in self._stack} & _INVISIBLE:
            self._append(decoded, None)

    def _append(self, text: str, source_start: int | None) -> None:
        self._pieces.append(Piece(text, source_start))
        if any(element.tag == "a" for element in self._stack):
            self._link_chars += len(text.strip())

    def _break(self) -> None:
        """A line break ends the block where a sentence, or an earlier break, ended; else it is a space."""
        text = self._pieces[-1].text[-_SEEN_BEFORE_BREAK:] if self._pieces else ""
        if _STOP.search(text) or text == " ":
            self.flush()
        elif text:
            self._pieces.append(Piece(" ", None))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _part(self, tag: str, values: dict[str, str]) -> str:
        style = values.get("style", "").replace(" ", "")
        hidden = "hidden" in values or values.get("aria-hidden") == "true" or "display:none" in style
        if tag in _PAGE_PARTS or hidden or (tag == "header" and not self._in_region()):
            return "page"
        names = set(re.split(r"[\W_]+", f"{values.get('class', '')} {values.get('id', '')}".casefold()))
        named = names & _PART_NAMES and tag not in ("html", "body", *_REGIONS)
        return "named" if named or tag == "form" else ""

    def _in_region(self) -> bool:
        return any(element.region for element in self._stack)

    def _read_meta(self, tag: str, values: dict[str, str]) -> None:
        if tag == "html" and values.get("lang"):
            self._meta["language"] = values["lang"]
        elif tag == "link" and "canonical" in values.get("rel", "").casefold().split():
            self._meta["url"] = values.get("href", "")
        elif tag == "meta":
            name = values.get("property") or values.get("name") or values.get("itemprop") or ""
            field = _META_FIELDS.get(name.casefold())
            if field:
                self._meta.setdefault(field, values.get("content", ""))
        elif tag == "script":
            self._data_is_json = "ld+json" in values.get("type", "")
        elif tag == "time" and ("pubdate" in values or values.get("itemprop") == "datePublished"):
            self._meta.setdefault("published_on", values.get("datetime", ""))
