"""Whether a sentence tells a stock ("to date", "in all") or a flow ("in the first half")."""

from __future__ import annotations

from functools import lru_cache

from qa_service.language.tokens import fold
from qa_service.query.patterns import load_patterns


@lru_cache(maxsize=4096)
def tells_stock(sentence: str, language: str) -> bool | None:
    """True for a total to date, False for what one stretch of time brought, None where neither or both are told."""
    patterns = load_patterns(language)
    if patterns is None:
        return None
    folded = fold(sentence)
    stock, flow = patterns.stock.search(folded) is not None, patterns.flow.search(folded) is not None
    return stock if stock is not flow else None
