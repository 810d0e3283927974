"""What readers of marked-up text (HTML, Markdown) give: blocks of visible text mapped to the raw file, and metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa_service.text.lines import Line


@dataclass(frozen=True, slots=True)
class Piece:
    """Visible text that stands at `source_start` of the raw file, or, with None, stands nowhere in it."""

    text: str
    source_start: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row. `after_furniture`: what is no article text stood before it."""

    pieces: tuple[Piece, ...]
    heading: bool = False
    after_furniture: bool = False

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(piece.text for piece in self.pieces)

    def line(self) -> Line:
        """The block as a line of text, for the signals that look at lines; offsets are those of the raw file."""
        placed = [piece for piece in self.pieces if piece.source_start is not None]
        start = placed[0].source_start or 0 if placed else 0
        end = (placed[-1].source_start or 0) + len(placed[-1].text) if placed else start
        return Line(" ".join(self.text.split()), start, end, True, self.heading)


@dataclass(frozen=True, slots=True)
class MarkedUp:
    """A marked-up article. `metadata` holds title, url, published_on and language as written, where given."""

    blocks: tuple[Block, ...]
    metadata: dict[str, str]


def trimmed(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """`pieces` without white space at either end; white space inside is left as it is, so that quotes stay verbatim."""
    kept = [piece for piece in pieces if piece.text]
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if not kept:
        return ()
    first = kept[0]
    lead = len(first.text) - len(first.text.lstrip())
    start = None if first.source_start is None else first.source_start + lead
    kept[0] = Piece(first.text[lead:], start)
    kept[-1] = Piece(kept[-1].text.rstrip(), kept[-1].source_start)
    return tuple(kept)
