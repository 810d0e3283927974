"""Tokens that calls of an LLM read and wrote: as its endpoint counts them, else estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Tokenisers of current models take about four bytes of UTF-8 a token, in any script.
_BYTES_PER_TOKEN = 4


@dataclass(slots=True)
class Usage:
    """The tokens of one answer's calls together; `estimated` where an endpoint did not count some of them."""

    read: int = 0
    written: int = 0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.read + self.written

    def add_reported(self, read: int, written: int) -> None:
        """Counts a call as the endpoint does."""
        self.read += read
        self.written += written

    def add_estimated(self, read: str, written: str) -> None:
        """Counts a call by the length of its texts."""
        self.read += estimated_tokens(read)
        self.written += estimated_tokens(written)
        self.estimated = True


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


def reported_usage(raw: Any) -> tuple[int, int] | None:  # noqa: ANN401 - the adapter's own record
    """The tokens read and written that a piece of a stream reports; None where it reports none, or nonsense."""
    usage = getattr(raw, "usage", None)
    read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    if not isinstance(read, int) or not isinstance(written, int) or read < 0 or written < 0:
        return None
    return read, written
