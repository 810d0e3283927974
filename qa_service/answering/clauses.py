"""The clause around a candidate, and whether it speaks of plans and changes as the question does."""

from __future__ import annotations

import re

from qa_service.answering.candidates import Candidate
from qa_service.models import ParsedQuestion, QuantityKind
from qa_service.query.cues import GROWTH, PLAN, cues_in

_MARKS = re.compile(r"[;:()–—]\s?|,\s")


def clause_around(candidate: Candidate) -> str:
    """The part of the sentence between marks that holds the candidate's span; the whole sentence for a sentence."""
    if candidate.is_sentence:
        return candidate.sentence_text
    text, start, end = candidate.hit.passage.text, candidate.sentence.start, candidate.sentence.end
    before = [match.end() for match in _MARKS.finditer(text, start, candidate.span.start)]
    after = _MARKS.search(text, candidate.span.end, end)
    return text[before[-1] if before else start : after.start() if after else end]


def cue_features(question: ParsedQuestion, candidate: Candidate, clause: str) -> dict[str, float]:
    """Whether question and clause both speak, or only one speaks, of a plan; for shares and ratios, of a change."""
    told = cues_in(clause, candidate.hit.passage.language)
    kind = candidate.quantity.kind if candidate.quantity else None
    judged = {PLAN: told is not None, GROWTH: told is not None and kind in (QuantityKind.SHARE, QuantityKind.RATIO)}
    asked, told = question.cues, told or frozenset()
    return {
        f"{cue}_{verdict}": float(judged[cue] and holds)
        for cue in (PLAN, GROWTH)
        for verdict, holds in (
            ("agrees", cue in asked and cue in told),
            ("contradicts", (cue in asked) != (cue in told)),
        )
    }
