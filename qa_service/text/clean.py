"""What an article says, without its page's furniture, mapped back to its source character by character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.models import CleanText, LoadedArticle
from qa_service.text.builder import FURNITURE_JOIN, PARAGRAPH_JOIN, CleanBuilder
from qa_service.text.furniture import furniture
from qa_service.text.html import read_html
from qa_service.text.lines import Line, is_hard_wrapped, split_lines
from qa_service.text.markdown import read_markdown
from qa_service.text.markup import Block


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line or block left out as page furniture, at `start` to `end` of the source, and why."""

    text: str
    start: int
    end: int
    reason: str


def clean_article(loaded: LoadedArticle) -> CleanText:
    """What `loaded` says: its paragraphs without markup and page furniture, offsets kept.

    For txt and jsonl, neighbouring paragraphs stand with the source's own newlines between them. An article of nothing
    but furniture is kept whole.
    """
    if loaded.format in ("html", "md"):
        return _clean_blocks(_blocks(loaded), loaded.declared_title)
    return _clean_lines(loaded.text, loaded.declared_title)


def removed_furniture(loaded: LoadedArticle) -> tuple[RemovedLine, ...]:
    """The lines that `clean_article` leaves out of a txt or jsonl article, or the blocks of a md or html one."""
    if loaded.format in ("html", "md"):
        lines = [block.line() for block in _blocks(loaded)]
    else:
        lines = list(split_lines(loaded.text))
    reasons = _reasons(lines, loaded.declared_title)
    removed = ((lines[at], why) for at, why in sorted(reasons.items()))
    return tuple(RemovedLine(line.text, line.start, line.end, why) for line, why in removed)


def _blocks(loaded: LoadedArticle) -> tuple[Block, ...]:
    return read_html(loaded.text).blocks if loaded.format == "html" else read_markdown(loaded.text).blocks


def _reasons(lines: Sequence[Line], title: str | None) -> dict[int, str]:
    reasons = furniture(lines, title)
    return reasons if len(reasons) < len(lines) else {}


def _clean_lines(text: str, title: str | None) -> CleanText:
    lines = split_lines(text)
    reasons = _reasons(lines, title)
    wrapped = is_hard_wrapped(lines)
    builder = CleanBuilder()
    last: int | None = None
    for first, final in _paragraphs(lines, reasons, wrapped):
        start, end = lines[first].start, lines[final].end
        if last is not None and last == first - 1:
            builder.add(text[lines[last].end : start], lines[last].end)
        elif last is not None:
            builder.add(FURNITURE_JOIN, None)
        at = builder.length
        builder.add(text[start:end], start)
        builder.close_paragraph(at)
        last = final
    return builder.result()


def _paragraphs(lines: Sequence[Line], reasons: dict[int, str], wrapped: bool) -> list[tuple[int, int]]:
    """First and last line numbers of every paragraph: one line each, or several where the text is wrapped."""
    found: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if at in reasons:
            continue
        if wrapped and found and found[-1][1] == at - 1 and not line.after_blank:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


def _clean_blocks(blocks: Sequence[Block], title: str | None) -> CleanText:
    reasons = _reasons([block.line() for block in blocks], title)
    builder = CleanBuilder()
    gap = ""
    for at, block in enumerate(blocks):
        if at in reasons or block.after_furniture:
            gap = FURNITURE_JOIN
        if at in reasons:
            continue
        if builder.length:
            builder.add(gap or PARAGRAPH_JOIN, None)
        start, gap = builder.length, ""
        for piece in block.pieces:
            builder.add(piece.text, piece.source_start)
        builder.close_paragraph(start)
    return builder.result()
