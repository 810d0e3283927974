"""Which lines of an article are page furniture: parts of the page that say nothing of what the article says.

General signals only: what a line's shape is, what it repeats, and multilingual cue words (`cues.toml`). A line with a
whole sentence of its own stays unless it repeats a neighbour or stands in a list of teasers.
"""

from __future__ import annotations

import functools
import os.path
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files

from qa_service.text.lines import Line

MAX_TEASER_LENGTH = 200
MAX_CAPTION_LENGTH = 200
MAX_CAPTION_SENTENCE = 90
MAX_LABEL_LENGTH = 140
MIN_TWIN_LENGTH = 15
MAX_TWIN_LENGTH = 130
MIN_REPEATED_WORDS = 3
MAX_LOST_SHARE = 0.6

_COUNTER = r"\s*[:(]*\s*\d+\s*\)?"
_TITLE_TAIL = re.compile(r"\s*(\||[-–—])\s*\S.{0,40}$")
_URL = re.compile(r"(https?://|www\.)\S+")
_SEPARATORS = re.compile(r"\s*[|>»›•·,]\s*|\s+[–—/-]\s+|\s+")
_CRUMBS = re.compile(r"\s+[|>»›•·]\s+")
_COPYRIGHT = re.compile(r"\(?\s*©.{1,60}")

Reasons = dict[int, str]


@functools.cache
def cues(kind: str) -> frozenset[str]:
    """The cue words of one kind (`related`, `caption` …), lower case."""
    return frozenset(_cue_file()[kind])


def furniture(lines: Sequence[Line], title: str | None = None) -> Reasons:
    """Line numbers (from 0) of page furniture with the reason for each; `title` is the declared one, if any.

    Where more than MAX_LOST_SHARE of the text would go, only lines that cue words name go.
    """
    cued = _cued(lines)
    reasons = dict(cued)
    reasons |= _repeats(lines, cued, title) | _site_titles(lines, title) | cued
    for find in (_teasers, _captions, _tail):
        reasons = find(lines, reasons) | reasons
    size = sum(len(line.text) for line in lines)
    lost = sum(len(lines[at].text) for at in reasons)
    return reasons if lost <= MAX_LOST_SHARE * size else cued


def is_counter(text: str) -> bool:
    """Whether `text` is a counter of readers' comments: "Kommentar (0)", "(Comments: 27)"."""
    return bool(re.fullmatch(rf"[\s(]*({_any('comments')}){_COUNTER}", text.casefold()))


def _counts_another(text: str) -> bool:
    """A title with a counter of comments behind it; a line with a figure or a stop before the counter is more."""
    body = without_counter(text)
    return body != text and not _line(body).stops and not re.search(r"\d", body)


def without_counter(text: str) -> str:
    """`text` without a counter of readers' comments at its end."""
    match = re.search(rf"\s+\(?({_any('comments')})\s*[:(]\s*\d+\s*\)?$", text, re.IGNORECASE)
    return text[: match.start()] if match else text


def source_url(text: str) -> str | None:
    """The address of a line that names the article's source ("Quelle: https://…"), or None."""
    match = _URL.search(text)
    if match is None or not _opens(text[: match.start()] or "x", "source"):
        return None
    return match.group().rstrip(".,;)")


@functools.cache
def _cue_file() -> dict[str, list[str]]:
    return tomllib.loads((files("qa_service.text") / "cues.toml").read_text(encoding="utf-8"))


@functools.cache
def _any(kind: str) -> str:
    return "|".join(re.escape(cue) for cue in sorted(cues(kind), key=len, reverse=True))


@functools.cache
def _opening(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\W*({_any(kind)})\s*(\([^)]*\)\s*)?([:?：]|$)\s*", re.IGNORECASE)


def _opens(text: str, kind: str) -> bool:
    return bool(_opening(kind).match(text))


def _is_alone(text: str, kind: str) -> bool:
    match = _opening(kind).match(text)
    return match is not None and match.end() == len(text)


def _cued(lines: Sequence[Line]) -> Reasons:
    tests: tuple[tuple[str, Callable[[Line], bool]], ...] = (
        ("widget", lambda line: _only_widgets(line.text)),
        ("comments", lambda line: is_counter(line.text) or _is_alone(line.text, "comments") or _counts_another(line.text)),
        ("related", lambda line: _is_pointer(line, "related")),
        ("share", lambda line: _is_pointer(line, "share") or _invites(line)),
        ("source", lambda line: _is_source(line.text)),
        ("credit", lambda line: _is_credit(line.text)),
        ("navigation", lambda line: _is_breadcrumb(line.text)),
    )
    return {
        at: next(why for why, test in tests if test(line))
        for at, line in enumerate(lines)
        if any(test(line) for _, test in tests)
    }


def _line(text: str) -> Line:
    """A piece of a line, for its shape alone."""
    return Line(text.strip(), 0, len(text))


def _only_widgets(text: str) -> bool:
    """Whether the line is nothing but widget words, one or several in a row."""
    rest = text.casefold().strip("[](){}: ")
    if not rest or len(rest) > 120:
        return False
    pattern = rf"({_any('widgets')})(?!\w)"
    while match := re.match(pattern, rest):
        rest = rest[match.end() :]
        if not rest:
            return True
        gap = _SEPARATORS.match(rest)
        if gap is None:
            return False
        rest = rest[gap.end() :]
    return False


def _is_pointer(line: Line, kind: str) -> bool:
    """A cue alone, or a cue with a colon and one title; "Share: 34 percent" is a fact and no invitation."""
    match = _opening(kind).match(line.text)
    if match is None:
        return False
    rest = line.text[match.end() :]
    if kind == "share" and re.search(r"\d", rest):
        return False
    return len(rest) <= MAX_TEASER_LENGTH and _line(rest).one_sentence


def _invites(line: Line) -> bool:
    """An invitation: "Follow us on WhatsApp": a share cue and widget words."""
    match = re.match(rf"\W*({_any('share')})\s+", line.text, re.IGNORECASE)
    return match is not None and _only_widgets(line.text[match.end() :].rstrip(".!"))


def _is_source(text: str) -> bool:
    """A source cue alone or with an address, or an address alone."""
    rest = _URL.sub("", text, count=1).strip(" .()<>[]")
    return (not rest and bool(_URL.search(text))) or _is_alone(rest, "source")


def _is_credit(text: str) -> bool:
    """A credit alone: "(©NTB)", "Name / Agency": no more than who took or sent it."""
    if len(text) > 80:
        return False
    if _COPYRIGHT.fullmatch(text):
        return True
    named_by = _opening("caption").match(text)
    body = text[named_by.end() :] if named_by else text
    if re.search(r"[.:;]\s|[»”\"]", body):
        return False
    pieces = [piece.strip(" ().").casefold() for piece in re.split(r"\s*[/,]\s*", body)]
    named = [piece for piece in pieces if piece in cues("agencies")]
    if text.startswith("(") and text.endswith(")"):
        return len(named) == len(pieces)
    return pieces[-1] in cues("agencies") and len(pieces) >= 2 and len(pieces[0].split()) <= 4


def _is_breadcrumb(text: str) -> bool:
    """A path to the page: "Home > News > Economy": three or more short pieces, no figure, no stop."""
    pieces = _CRUMBS.split(text)
    return len(pieces) >= 3 and not re.search(r"\d|[.!?]$", text) and all(len(p.split()) <= 3 for p in pieces)


def _repeats(lines: Sequence[Line], known: Reasons, title: str | None) -> Reasons:
    """The title said again anywhere, and any other heading said twice at once; list items repeat for a reason and stay."""
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


def _teasers(lines: Sequence[Line], known: Reasons) -> Reasons:
    """Teasers of other articles: what follows a "related" head, and blocks of a title (often twice) and a cut sentence."""
    found: Reasons = {}
    for at, line in enumerate(lines):
        if known.get(at) == "related" and _is_alone(line.text, "related"):
            found |= dict.fromkeys(_under_head(lines, at), "teaser")
    return found | dict.fromkeys(_teaser_blocks(lines), "teaser")


def _under_head(lines: Sequence[Line], head: int) -> Iterable[int]:
    """The lines that a "related" head announces: all of the rest if none is a sentence, else the titles just below it."""
    rest = range(head + 1, len(lines))
    if not any(lines[at].says for at in rest):
        return rest
    spaced = sum(line.after_blank for line in lines) > len(lines) / 3
    taken: list[int] = []
    for at in rest:
        if lines[at].says or (taken and (lines[at].after_blank or not spaced)):
            break
        taken.append(at)
    return taken


def _teaser_blocks(lines: Sequence[Line]) -> list[int]:
    """Runs of two or more teasers after the first sentence; within a run the sentence under a doubled title need not be cut."""
    found: list[int] = []
    run: list[int] = []
    count, at = 0, next((at + 1 for at, line in enumerate(lines) if line.says), len(lines))
    while at < len(lines):
        size, doubled = _teaser_at(lines, at)
        if size:
            run += range(at, at + size)
            count += 1 + doubled
            at += size
            continue
        if count >= 2:
            found += run
        run, count, at = [], 0, at + 1
    return found + run if count >= 2 else found


def _teaser_at(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """How many lines the teaser at `at` takes (0: none), and whether its title stands twice and its sentence is cut."""
    here = lines[at : at + 3]
    if not here or here[0].says or len(here[0].text) > MAX_TEASER_LENGTH:
        return 0, False
    if len(here) == 3 and here[0].key == here[1].key and len(here[2].text) <= 2 * MAX_TEASER_LENGTH:
        if here[2].truncated or (here[2].one_sentence and at > len(lines) / 2):
            return 3, here[2].truncated
    if len(here) > 1 and here[1].truncated and not here[0].truncated and len(here[1].text) <= 2 * MAX_TEASER_LENGTH:
        return 2, False
    return 0, False


def _captions(lines: Sequence[Line], known: Reasons) -> Reasons:
    found: Reasons = {}
    first = next((at for at in range(len(lines)) if at not in known), 0)
    for at, line in enumerate(lines):
        if at in known:
            continue
        opening = _opening("caption").match(line.text)
        credit = credit_start(line.text)
        if opening and opening.end() < len(line.text) and _plain_caption(line.text[opening.end() :]):
            found[at] = "caption"
        elif credit is not None:
            doubles = [i for i in (at - 1, at + 1) if first < i < len(lines) and _same_picture(lines[i], line)]
            if doubles or _is_label(line.text[:credit]):
                found |= dict.fromkeys([at, *doubles], "caption")
    return found


def credit_start(text: str) -> int | None:
    """Where an image's credit at the end of `text` begins: "… (Photo: VNA)", "… Foto: Privat"; None without one."""
    pattern = rf"(\(({_any('caption')}|{_any('source')})\s*[:/]\s*[^()]{{1,60}}\)|\b({_any('caption')})\s*:\s*[^.:]{{1,60}})\.?$"
    match = re.search(pattern, text, re.IGNORECASE)
    return match.start() if match and match.start() > 0 else None


def _plain_caption(text: str) -> bool:
    """One phrase of caption length, or one short sentence, the credit aside; a long sentence is news and stays."""
    body = re.sub(rf"\b({_any('source')})\s*:\s*[^.:]{{1,60}}$", "", text[: credit_start(text) or len(text)]).strip()
    body = re.sub(r"\s*\([^()]{1,60}\)$", "", body)
    line = _line(body)
    return line.one_sentence and len(body) <= (MAX_CAPTION_SENTENCE if line.stops else MAX_CAPTION_LENGTH)


def _is_label(body: str) -> bool:
    """What a credit follows names what is to be seen, and tells no news in sentences."""
    line = _line(body)
    return not line.stops and line.one_sentence and len(body) <= MAX_LABEL_LENGTH


def _same_picture(other: Line, caption: Line) -> bool:
    """Whether a neighbouring line says the caption again, as a picture's alternative text does."""
    body = caption.key[: credit_start(caption.key) or 0].strip(" .")
    twin = other.key[: credit_start(other.key) or len(other.key)].strip(" .")
    short = min(len(body), len(twin))
    shared = len(os.path.commonprefix([body, twin]))
    return MIN_TWIN_LENGTH <= short <= MAX_TWIN_LENGTH and (
        twin.endswith(body) or body.endswith(twin) or shared >= 0.6 * short
    )


def _tail(lines: Sequence[Line], known: Reasons) -> Reasons:
    """Four or more short lines without figure or stop at the very end: tags and links. A list that a colon announces stays."""
    at = len(lines)
    while at > 0 and (at - 1 in known or _is_tag(lines[at - 1])):
        at -= 1
    tags = [i for i in range(at, len(lines)) if i not in known]
    announced = at > 0 and lines[at - 1].text.endswith((":", "："))
    return dict.fromkeys(tags, "tags") if len(tags) >= 4 and at > 0 and not announced else {}


def _is_tag(line: Line) -> bool:
    return len(line.text) <= 30 and not line.stops and not re.search(r"[\d:]|^[-*•–]", line.text)
