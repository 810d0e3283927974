"""Which lines of an article are page furniture: parts of the page that say nothing of what the article says.

General signals only: what a line's shape is, what it repeats, and multilingual cue words. A line with a whole sentence
of its own stays unless it repeats a neighbour or stands in a list of teasers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa_service.text.captions import captions, is_credit
from qa_service.text.cues import URL, alternatives, is_alone, is_counter, only_widgets, opening, without_counter
from qa_service.text.lines import Line, shape
from qa_service.text.teasers import MAX_TEASER_LENGTH, teasers

MIN_REPEATED_WORDS = 3
MAX_LOST_SHARE = 0.6
MAX_CUED_LENGTH = 300

_TITLE_TAIL = re.compile(r"\s*(\||[-–—])\s*\S.{0,40}$")
_CRUMBS = re.compile(r"\s+[|>»›•·]\s+")

Reasons = dict[int, str]


def furniture(lines: Sequence[Line], title: str | None = None) -> Reasons:
    """Line numbers (from 0) of page furniture with the reason for each; `title` is the declared one, if any.

    Where more than MAX_LOST_SHARE of the text would go, only repeats and lines that cue words name go.
    """
    cued = _cued(lines)
    sure = _repeats(lines, cued, title) | _site_titles(lines, title) | cued
    reasons = dict(sure)
    for find in (teasers, captions, _tail):
        reasons = find(lines, reasons) | reasons
    size = sum(len(line.text) for line in lines)
    lost = sum(len(lines[at].text) for at in reasons if at not in sure)
    return reasons if lost <= MAX_LOST_SHARE * size else sure


def _cued(lines: Sequence[Line]) -> Reasons:
    tests: tuple[tuple[str, Callable[[Line], bool]], ...] = (
        ("widget", lambda line: only_widgets(line.text)),
        ("comments", lambda line: _is_about_comments(line.text)),
        ("related", lambda line: _is_pointer(line, "related")),
        ("share", lambda line: _is_pointer(line, "share") or _invites(line)),
        ("source", lambda line: _is_source(line.text)),
        ("credit", lambda line: is_credit(line.text)),
        ("navigation", lambda line: _is_breadcrumb(line.text)),
    )
    return {
        at: next(why for why, test in tests if test(line))
        for at, line in enumerate(lines)
        if len(line.text) <= MAX_CUED_LENGTH and any(test(line) for _, test in tests)
    }


def _is_about_comments(text: str) -> bool:
    return is_counter(text) or is_alone(text, "comments") or _counts_another(text)


def _counts_another(text: str) -> bool:
    """A title with a counter of comments behind it; a line with a figure or a stop before the counter is more."""
    body = without_counter(text)
    return body != text and not shape(body).stops and not re.search(r"\d", body)


def _is_pointer(line: Line, kind: str) -> bool:
    """A cue alone, or a cue with a colon and one title; "Share: 34 percent" is a fact and no invitation."""
    match = opening(kind).match(line.text)
    if match is None:
        return False
    rest = line.text[match.end() :]
    if kind == "share" and re.search(r"\d", rest):
        return False
    return len(rest) <= MAX_TEASER_LENGTH and shape(rest).one_sentence


def _invites(line: Line) -> bool:
    """An invitation: "Follow us on WhatsApp": a share cue and widget words."""
    match = re.match(rf"\W*({alternatives('share')})\s+", line.text, re.IGNORECASE)
    return match is not None and only_widgets(line.text[match.end() :].rstrip(".!"))


def _is_source(text: str) -> bool:
    """A source cue alone or with an address, or an address alone."""
    rest = URL.sub("", text, count=1).strip(" .()<>[]")
    return (not rest and bool(URL.search(text))) or is_alone(rest, "source")


def _is_breadcrumb(text: str) -> bool:
    """A path to the page: "Home > News > Economy": three or more short pieces, no figure, no stop."""
    pieces = _CRUMBS.split(text)
    return len(pieces) >= 3 and not re.search(r"\d|[.!?]$", text) and all(len(p.split()) <= 3 for p in pieces)


def _repeats(lines: Sequence[Line], known: Reasons, title: str | None) -> Reasons:
    """The title said again anywhere, any other heading twice at once; lists may repeat."""
    first = next((at for at in range(len(lines)) if at not in known), 0)
    titles = {lines[first].key if lines else "", (title or "").strip().casefold()}
    found: Reasons = {}
    said = False
    last = ""
    for at, line in enumerate(lines):
        key = without_counter(line.key)
        is_title = key in titles
        if len(key.split()) >= MIN_REPEATED_WORDS and ((is_title and said) or (key == last and _is_heading(line))):
            found[at] = "repeated"
        said = said or is_title
        last = key
    return found


def _is_heading(line: Line) -> bool:
    return not line.says and not re.match(r"[-*•–]\s|\d+[.)]\s", line.text)


def _site_titles(lines: Sequence[Line], title: str | None) -> Reasons:
    """The title again with the site's name behind it: "Title | Site"."""
    title_key = (title or (lines[0].text if lines else "")).casefold().strip()
    if len(title_key.split()) < MIN_REPEATED_WORDS:
        return {}
    return {
        at: "repeated"
        for at, line in enumerate(lines)
        if at and line.key.startswith(title_key) and _TITLE_TAIL.fullmatch(line.key[len(title_key) :])
    }


def _tail(lines: Sequence[Line], known: Reasons) -> Reasons:
    """Four or more short lines without figure or stop at the very end: tags, links; not what a colon announces."""
    at = len(lines)
    while at > 0 and (at - 1 in known or _is_tag(lines[at - 1])):
        at -= 1
    tags = [i for i in range(at, len(lines)) if i not in known]
    announced = at > 0 and lines[at - 1].text.endswith((":", "："))
    return dict.fromkeys(tags, "tags") if len(tags) >= 4 and at > 0 and not announced else {}


def _is_tag(line: Line) -> bool:
    return len(line.text) <= 30 and not line.stops and not re.search(r"[\d:]|^[-*•–]", line.text)
