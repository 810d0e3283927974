"""Visible text of a Markdown file, in blocks mapped to the raw file, and its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from qa_service.text.lines import Line, is_hard_wrapped, split_lines
from qa_service.text.markup import Block, MarkedUp, Piece, trimmed

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n(---|\.\.\.)[ \t]*(\r?\n|$)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*)\s*:\s*(.+?)\s*$")
_FIELDS = {
    "title": "title",
    "url": "url",
    "canonical_url": "url",
    "canonical": "url",
    "source": "url",
    "link": "url",
    "date": "published_on",
    "published": "published_on",
    "published_on": "published_on",
    "published_at": "published_on",
    "pubdate": "published_on",
    "lang": "language",
    "language": "language",
    "locale": "language",
}
_FENCE = re.compile(r"^(```|~~~)")
_HEADING = re.compile(r"#{1,6}\s+")
_RULE = re.compile(r"^([-*_]\s*){3,}$|^=+$")
_TABLE_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?$")
_DEFINITION = re.compile(r"^\[[^\]]+\]:\s+\S+")
_ITEM = re.compile(r"[-*+]\s+(\[[ xX]\]\s+)?|\d{1,3}[.)]\s+")
_BULLET = re.compile(r"[-*+]\s+(\[[ xX]\]\s+)?")
_INLINE_MARKS = (
    re.compile(r"(?P<cut>!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\))"),
    re.compile(r"(?P<open>\[)[^\[\]]+(?P<close>\]\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\))"),
    re.compile(r"(?P<open>\[)[^\[\]]+(?P<close>\]\[[^\]]*\])"),
    re.compile(r"(?P<cut>\[\^[^\]]+\])"),
    re.compile(r"(?P<open><)https?://[^>\s]+(?P<close>>)"),
    re.compile(r"(?P<cut></?[A-Za-z][^<>]*>|<!--.*?-->)"),
    re.compile(r"(?P<open>\*\*)(?=\S).+?(?<=\S)(?P<close>\*\*)"),
    re.compile(r"(?<!\w)(?P<open>__)(?=\S).+?(?<=\S)(?P<close>__)(?!\w)"),
    re.compile(r"(?<!\*)(?P<open>\*)(?=[^\s*])[^*]*?(?<=[^\s*])(?P<close>\*)(?!\*)"),
    re.compile(r"(?<![\w_])(?P<open>_)(?=[^\s_])[^_]*?(?<=[^\s_])(?P<close>_)(?![\w_])"),
    re.compile(r"(?P<open>~~)(?=\S).+?(?<=\S)(?P<close>~~)"),
    re.compile(r"(?P<open>`)[^`]+(?P<close>`)"),
)
# Escaped marks are no marks: while marks are looked for, both characters are blanked.
_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()#+.!|<>~-]")
_REFERENCE = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one block: `start` to `end` of the raw text, prefixes of its first line aside."""

    start: int
    end: int
    heading: bool


def read_markdown(raw: str) -> MarkedUp:
    """The paragraphs, headings, list items and table rows of `raw` without their marks, and its front matter's fields.

    Code blocks, images, rules and link definitions are left out. Lines are joined to paragraphs only where the file is
    wrapped at a column.
    """
    front = _FRONT_MATTER.match(raw)
    body_start = front.end() if front else 0
    metadata = _front_matter(front.group(1)) if front else {}
    blocks = []
    for part in _parts(raw, body_start):
        pieces = trimmed(_visible(raw, part))
        if pieces:
            blocks.append(Block(pieces, part.heading))
    if "title" not in metadata:
        heading = next((block.text for block in blocks if block.heading), "")
        metadata |= {"title": heading} if heading else {}
    return MarkedUp(tuple(blocks), metadata)


def _front_matter(text: str) -> dict[str, str]:
    """Its plain `key: value` lines; nested YAML is of no use here."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _FIELD.match(line)
        field = _FIELDS.get(match.group(1).casefold()) if match else None
        if match and field:
            found.setdefault(field, match.group(2).strip("\"'"))
    return found


def _parts(raw: str, body_start: int) -> Iterator[_Part]:
    lines = _text_lines(raw, body_start)
    wrapped = is_hard_wrapped([line for line in lines if not _starts_block(line.text)])
    under_way: _Part | None = None
    for line in lines:
        quoted = bool(under_way) and line.text[0] == ">" == raw[under_way.start if under_way else 0]
        goes_on = quoted or not _starts_block(line.text)
        joins = under_way and not under_way.heading and not line.after_blank and goes_on
        if under_way and joins and (wrapped or not _ends(raw[under_way.start : under_way.end])):
            under_way = _Part(under_way.start, line.end, False)
            continue
        if under_way:
            yield under_way
        under_way = _Part(line.start, line.end, bool(_HEADING.match(line.text)))
    if under_way:
        yield under_way


def _ends(text: str) -> bool:
    return Line(text, 0, len(text)).stops or len(text) > 200


def _text_lines(raw: str, body_start: int) -> list[Line]:
    """The lines that carry text: no code, no rules, no definitions."""
    kept: list[Line] = []
    fenced = False
    for line in split_lines(raw):
        if line.start < body_start:
            continue
        if _FENCE.match(line.text):
            fenced = not fenced
        elif not fenced and not any(pattern.match(line.text) for pattern in (_RULE, _TABLE_RULE, _DEFINITION)):
            kept.append(line)
    return kept


def _starts_block(text: str) -> bool:
    return bool(_HEADING.match(text) or _ITEM.match(text)) or text[0] in "|>"


def _visible(raw: str, part: _Part) -> Iterator[Piece]:
    """The part's characters that are no marks; references decoded to text of their own."""
    text = raw[part.start : part.end]
    hidden = _hidden(text)
    at, begin = 0, 0
    references = {match.start(): match for match in _REFERENCE.finditer(text)}
    while at < len(text):
        match = references.get(at)
        if match or hidden[at]:
            yield Piece(text[begin:at], part.start + begin)
            if match and not hidden[at]:
                yield Piece(unescape(match.group()), None)
            at = match.end() if match else at + 1
            begin = at
        else:
            at += 1
    yield Piece(text[begin:], part.start + begin)


def _hidden(text: str) -> bytearray:
    """1 for every character that is a mark."""
    hidden = bytearray(len(text))
    for match in _ESCAPE.finditer(text):
        hidden[match.start()] = 1
    text = _ESCAPE.sub("\\0\\0", text)
    for start, end in _prefixes(text):
        hidden[start:end] = b"\1" * (end - start)
    for pattern in _INLINE_MARKS:
        for match in pattern.finditer(text):
            for name in match.groupdict():
                start, end = match.span(name)
                hidden[start:end] = b"\1" * (end - start)
    if text.startswith("|"):
        for match in re.finditer(r"\|", text):
            hidden[match.start()] = 1
    return hidden


def _prefixes(text: str) -> Iterator[tuple[int, int]]:
    """Marks at the beginning of the block's lines: quotation, heading, bullet. Numbers of a list are text."""
    heading = re.match(r"#{1,6}\s+", text)
    if heading:
        yield heading.span()
        closing = re.search(r"\s+#+$", text)
        if closing:
            yield closing.span()
    for match in re.finditer(r"(?m)^[ \t]*(>\s?)+", text):
        yield match.span()
    after = re.match(r"(>\s?)*", text)
    bullet = _BULLET.match(text, after.end() if after else 0)
    if bullet:
        yield bullet.span()
