"""What a page that embeds the chat may choose, from the frame's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 200
MOST_EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class FrameOptions:
    """Texts and language of an embedded chat; colours are applied by the page's own script."""

    title: str | None = None
    greeting: str | None = None
    language: str | None = None
    examples: tuple[str, ...] = ()


def frame_options(query: Mapping[str, Any]) -> FrameOptions:
    """The options of a frame's address; what is too long is cut."""
    return FrameOptions(
        title=_text(query.get("title")),
        greeting=_text(query.get("greeting")),
        language=_text(query.get("lang")),
        examples=tuple(filter(None, map(_text, str(query.get("examples") or "").split("|"))))[:MOST_EXAMPLES],
    )


def _text(value: object) -> str | None:
    text = " ".join(str(value or "").split())[:LONGEST]
    return text or None
