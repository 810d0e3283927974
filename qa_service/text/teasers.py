"""Which lines are teasers of other articles: lists under a "related" head, and blocks of titles with cut sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qa_service.text.cues import is_alone
from qa_service.text.lines import Line

MAX_TEASER_LENGTH = 200


def teasers(lines: Sequence[Line], known: Mapping[int, str]) -> dict[int, str]:
    """Line numbers of teasers; `known` names the heads, whose reason is "related"."""
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        if known.get(at) == "related" and is_alone(line.text, "related"):
            found |= dict.fromkeys(_under_head(lines, at), "teaser")
    return found | dict.fromkeys(_teaser_blocks(lines), "teaser")


def _under_head(lines: Sequence[Line], head: int) -> Iterable[int]:
    """The lines that a "related" head announces: all the rest if none is a sentence, else the titles just below it."""
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
    """Runs of two or more teasers after the first sentence of the text."""
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
        # At the end of a list the last sentence may be short enough to stand uncut.
        size = 3 if here[2].truncated or (here[2].one_sentence and at > len(lines) / 2) else 0
        return size, here[2].truncated
    if len(here) > 1 and here[1].truncated and not here[0].truncated and len(here[1].text) <= 2 * MAX_TEASER_LENGTH:
        return 2, False
    return 0, False
