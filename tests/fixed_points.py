"""What many tests hold fixed: where the seeds lie, and which day it is."""

from datetime import date
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
TODAY = date(2026, 1, 1)
