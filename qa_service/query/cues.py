"""What a sentence or clause tells of its values: a plan rather than a result, a change rather than a level."""

from __future__ import annotations

from functools import lru_cache

from qa_service.language.tokens import fold
from qa_service.query.patterns import load_patterns

PLAN, GROWTH = "plan", "growth"


@lru_cache(maxsize=8192)
def cues_in(text: str, language: str) -> frozenset[str] | None:
    """The cues whose words stand in `text`; None where the words of its language are not known."""
    patterns = load_patterns(language)
    if patterns is None:
        return None
    folded = fold(text)
    return frozenset(cue for cue, pattern in patterns.cues if pattern.search(folded))
