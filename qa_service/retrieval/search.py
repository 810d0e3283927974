"""A question's ranked passages: dense and lexical lanes, fused, judged against the question, reread, copies merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from qa_service.language.names import find_names
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Agreement, Analysis, Constraints, Hit, ParsedQuestion, Passage, Span
from qa_service.reading.reader import Reading
from qa_service.retrieval.constraints import judge
from qa_service.retrieval.duplicates import merge_copies
from qa_service.retrieval.fusion import convex_combination, levelled


class PassageIndex(Protocol):
    """What the search needs of a store."""

    def dense(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The `k` nearest passages with their cosines."""

    def lexical(self, tokens: Sequence[str], k: int) -> list[tuple[str, float]]:
        """The `k` best passages by BM25."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in this order."""

    def analyses(self, ids: Sequence[str]) -> dict[str, Analysis]:
        """What was read out of the passages, by id."""

    def vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The language-neutral vectors, by id."""


class PassageReader(Protocol):
    """What the search needs of a reader."""

    def read(
        self,
        question: str,
        texts: Sequence[str],
        *,
        contexts: Sequence[str] | None = None,
        candidates: Sequence[Sequence[Span]] | None = None,
    ) -> list[Reading]:
        """One reading a text, with the scores of its candidate spans; contexts are read too and never answer."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """Weights and sizes; the defaults won on the development sets."""

    candidates: int = 40
    dense_weight: float = 1.0
    lexical_weight: float = 0.3
    agreement_weight: float = 0.12
    contradiction_weight: float = 0.25
    read_passages: int = 8
    reader_weight: float = 0.25


DEFAULTS = SearchOptions()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The ranked hits, with the analyses and readings made on the way, by passage id.

    `question` is the parsed question, with the names that the passages found taught it.
    """

    question: ParsedQuestion
    hits: tuple[Hit, ...]
    analyses: Mapping[str, Analysis]
    readings: Mapping[str, Reading]


def search(
    question: ParsedQuestion,
    vector: np.ndarray,
    index: PassageIndex,
    *,
    reader: PassageReader | None = None,
    options: SearchOptions = DEFAULTS,
) -> SearchResult:
    """The passages for `question`, best first; `vector` is its language-neutral embedding, shape (dimension,)."""
    lanes = {
        "dense": index.dense(vector, options.candidates),
        "lexical": index.lexical(search_tokens(question.text), options.candidates),
    }
    hits = _fused_hits(lanes, index, options)
    analyses = index.analyses([hit.passage.id for hit in hits])
    question = with_known_names(question, analyses)
    hits = _constrained(question, hits, analyses, options)
    readings = _readings(question, hits, analyses, reader=reader, options=options)
    hits = _reread(hits, readings, options)
    vectors = index.vectors([hit.passage.id for hit in hits])
    hits = merge_copies(hits, vectors, analyses)
    return SearchResult(question, tuple(explained(hits)), analyses, readings)


def _fused_hits(
    lanes: Mapping[str, Sequence[tuple[str, float]]], index: PassageIndex, options: SearchOptions
) -> list[Hit]:
    weights = {"dense": options.dense_weight, "lexical": options.lexical_weight}
    passages = index.passages(sorted({passage_id for lane in lanes.values() for passage_id, _ in lane}))
    languages = {passage.id: passage.language for passage in passages}
    fused = convex_combination({**lanes, "lexical": levelled(lanes["lexical"], languages)}, weights)
    by_lane = {name: dict(lane) for name, lane in lanes.items()}
    hits = [
        Hit(
            passage,
            fused[passage.id],
            {name: by_lane[name][passage.id] for name in by_lane if passage.id in by_lane[name]},
        )
        for passage in passages
    ]
    return _ranked(hits)


def _constrained(
    question: ParsedQuestion, hits: Sequence[Hit], analyses: Mapping[str, Analysis], options: SearchOptions
) -> list[Hit]:
    judged = []
    for hit in hits:
        analysis = analyses.get(hit.passage.id, Analysis())
        constraints = judge(question, f"{hit.passage.context}\n{hit.passage.text}", analysis)
        judged.append(replace(hit, constraints=constraints, score=hit.score + _adjustment(constraints, options)))
    return _ranked(judged)


def _adjustment(constraints: Constraints, options: SearchOptions) -> float:
    worth = {
        Agreement.AGREES: options.agreement_weight,
        Agreement.NEUTRAL: 0.0,
        Agreement.CONTRADICTS: -options.contradiction_weight,
    }
    return worth[constraints.period] + worth[constraints.place] + worth[constraints.name]


def with_known_names(question: ParsedQuestion, analyses: Mapping[str, Analysis]) -> ParsedQuestion:
    """The question with the names of the passages found that stand in it, however it is capitalised or accented."""
    known = {name.key: name.kind for analysis in analyses.values() for name in analysis.names}
    names = find_names(question.text, question.language, known=known)
    return replace(
        question,
        places=tuple(name for name in names if name.kind in ("place", "country")),
        names=tuple(name for name in names if name.kind not in ("place", "country")),
    )


def value_spans(analysis: Analysis) -> tuple[Span, ...]:
    """The spans of all typed values of a passage, in the order in which the reader is asked to score them."""
    return (*(value.span for value in analysis.values), *(name.span for name in analysis.names))


def _readings(
    question: ParsedQuestion,
    hits: Sequence[Hit],
    analyses: Mapping[str, Analysis],
    *,
    reader: PassageReader | None,
    options: SearchOptions,
) -> dict[str, Reading]:
    if reader is None:
        return {}
    passages = [hit.passage for hit in hits[: options.read_passages]]
    candidates = [value_spans(analyses.get(passage.id, Analysis())) for passage in passages]
    texts, contexts = [passage.text for passage in passages], [passage.context for passage in passages]
    readings = reader.read(question.text, texts, contexts=contexts, candidates=candidates)
    return {passage.id: reading for passage, reading in zip(passages, readings, strict=True)}


def _reread(hits: Sequence[Hit], readings: Mapping[str, Reading], options: SearchOptions) -> list[Hit]:
    if not readings:
        return list(hits)
    floor = min(reading.relevance for reading in readings.values()) - 1.0
    reread = []
    for hit in hits:
        reading = readings.get(hit.passage.id)
        lanes = hit.lanes | ({"reader": reading.relevance} if reading else {})
        relevance = reading.relevance if reading else floor
        reread.append(replace(hit, lanes=lanes, score=hit.score + options.reader_weight * relevance))
    return _ranked(reread)


def explained(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, each saying why it stands where it stands: its rank in every lane, and what agrees or contradicts."""
    lanes = sorted({name for hit in hits for name in hit.lanes})
    ranks = {name: _lane_ranks(hits, name) for name in lanes}
    return [replace(hit, why=_why(hit, ranks)) for hit in hits]


def _lane_ranks(hits: Sequence[Hit], lane: str) -> dict[str, int]:
    found = sorted((hit for hit in hits if lane in hit.lanes), key=lambda hit: -hit.lanes[lane])
    return {hit.passage.id: rank for rank, hit in enumerate(found, start=1)}


def _why(hit: Hit, ranks: Mapping[str, Mapping[str, int]]) -> str:
    said = [f"{name} {of[hit.passage.id]}." for name, of in ranks.items() if hit.passage.id in of]
    verdicts = (("period", hit.constraints.period), ("place", hit.constraints.place), ("name", hit.constraints.name))
    said += [f"{what} {verdict.value}" for what, verdict in verdicts if verdict is not Agreement.NEUTRAL]
    if hit.copies:
        said.append(f"{len(hit.copies)} copies left out")
    return ", ".join(said)


def _ranked(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))
