"""Which lines are captions and credits of images. A caption in whole sentences tells news, and stays."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from qa_service.text.cues import alternatives, cues, opening
from qa_service.text.lines import Line, shape

MAX_CAPTION_LENGTH = 200
MAX_CAPTION_SENTENCE = 90
MAX_LABEL_LENGTH = 140
MIN_TWIN_LENGTH = 15
MAX_TWIN_LENGTH = 130
_COPYRIGHT = re.compile(r"\(?\s*©.{1,60}")


def captions(lines: Sequence[Line], known: Mapping[int, str]) -> dict[int, str]:
    """Line numbers of captions, and of the alternative texts beside them that say the same; `known` are left out."""
    found: dict[int, str] = {}
    first = next((at for at in range(len(lines)) if at not in known), 0)
    for at, line in enumerate(lines):
        if at in known:
            continue
        cue = opening("caption").match(line.text)
        credit = credit_start(line.text)
        if cue and cue.end() < len(line.text) and _plain_caption(line.text[cue.end() :]):
            found[at] = "caption"
        elif credit is not None:
            doubles = [i for i in (at - 1, at + 1) if first < i < len(lines) and _same_picture(lines[i], line)]
            if doubles or _is_label(line.text[:credit]):
                found |= dict.fromkeys([at, *doubles], "caption")
    return found


def is_credit(text: str) -> bool:
    """A credit alone: "(©NTB)", "Name / Agency": no more than who took or sent it."""
    if len(text) > 80:
        return False
    if _COPYRIGHT.fullmatch(text):
        return True
    named_by = opening("caption").match(text)
    body = text[named_by.end() :] if named_by else text
    if re.search(r"[.:;]\s|[»”\"]", body):
        return False
    pieces = [piece.strip(" ().").casefold() for piece in re.split(r"\s*[/,]\s*", body)]
    named = [piece for piece in pieces if piece in cues("agencies")]
    if text.startswith("(") and text.endswith(")"):
        return len(named) == len(pieces)
    return pieces[-1] in cues("agencies") and len(pieces) >= 2 and len(pieces[0].split()) <= 4


def credit_start(text: str) -> int | None:
    """Where an image's credit at the end of `text` begins: "… (Photo: VNA)", "… Foto: Privat"; None without one."""
    match = _credit().search(text)
    return match.start() if match and match.start() > 0 else None


@functools.cache
def _credit() -> re.Pattern[str]:
    bracketed = rf"\(({alternatives('caption')}|{alternatives('source')})\s*[:/]\s*[^()]{{1,60}}\)"
    return re.compile(rf"({bracketed}|\b({alternatives('caption')})\s*:\s*[^.:]{{1,60}})\.?$", re.IGNORECASE)


@functools.cache
def _source() -> re.Pattern[str]:
    return re.compile(rf"\b({alternatives('source')})\s*:\s*[^.:]{{1,60}}$", re.IGNORECASE)


def _plain_caption(text: str) -> bool:
    """One phrase of caption length, or one short sentence, the credit aside; a long sentence is news and stays."""
    body = text[: credit_start(text) or len(text)].strip()
    body = _source().sub("", body).strip()
    body = re.sub(r"\s*\([^()]{1,60}\)$", "", body)
    line = shape(body)
    return len(body) <= (MAX_CAPTION_SENTENCE if line.stops else MAX_CAPTION_LENGTH) and line.one_sentence


def _is_label(body: str) -> bool:
    """What a credit follows names what is to be seen, and tells no news in sentences."""
    line = shape(body)
    return len(body) <= MAX_LABEL_LENGTH and not line.stops and line.one_sentence


def _same_picture(other: Line, caption: Line) -> bool:
    """Whether a neighbouring line says the caption again, as a picture's alternative text does."""
    body = caption.key[: credit_start(caption.key) or 0].strip(" .")
    twin = other.key[: credit_start(other.key) or len(other.key)].strip(" .")
    short = min(len(body), len(twin))
    shared = next((at for at in range(short) if body[at] != twin[at]), short)
    return MIN_TWIN_LENGTH <= short <= MAX_TWIN_LENGTH and (
        twin.endswith(body) or body.endswith(twin) or shared >= 0.6 * short
    )
