"""Lines on standard output from modules that are run by `python -m`."""

from __future__ import annotations

import sys


def say(line: str = "") -> None:
    """Writes a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
