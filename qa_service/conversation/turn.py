"""One earlier turn of a conversation, as far as a follow-up needs it; nothing of it is ever evidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked, what it was understood as, and the headline of its answer.

    `standalone` is the question that was searched, `language` the asker's (BCP 47). `periods`, `places` and `names`
    are ISO intervals and names as understood (`ParsedQuestion`); they may be left out.
    """

    question: str
    standalone: str
    language: str
    headline: str | None = None
    periods: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
