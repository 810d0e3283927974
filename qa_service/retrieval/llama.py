"""The search as LlamaIndex classes, usable from any LlamaIndex program.

`NewsRetriever` gives passages as nodes; `ConstraintPostprocessor` moves nodes by their agreement with the question's
period, place and names; `ReaderPostprocessor` rereads any nodes with the fitted reader.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from qa_service.models import Agreement, Hit
from qa_service.query.analysis import analyse
from qa_service.query.parse import parse_question
from qa_service.retrieval.constraints import judge
from qa_service.retrieval.search import PassageReader, SearchResult

Search = Callable[[str], SearchResult]


def node_of(hit: Hit) -> NodeWithScore:
    """The passage as a node: text, offsets into the article's source, language, lanes and agreement as metadata."""
    passage = hit.passage
    metadata = {
        "article_id": passage.article_id,
        "start": passage.start,
        "end": passage.end,
        "language": passage.language,
        "context": passage.context,
        "period": hit.constraints.period.value,
        "place": hit.constraints.place.value,
        "name": hit.constraints.name.value,
        **{f"lane_{name}": score for name, score in hit.lanes.items()},
    }
    hidden = list(metadata)
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
    )
    return NodeWithScore(node=node, score=hit.score)


class NewsRetriever(BaseRetriever):
    """The service's search behind LlamaIndex's retriever interface; `search` is `QAService.search` or the like."""

    def __init__(self, search: Search, *, top_k: int = 10, **kwargs: Any) -> None:  # noqa: ANN401 - LlamaIndex's own
        self._search = search
        self._top_k = top_k
        super().__init__(**kwargs)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [node_of(hit) for hit in self._search(query_bundle.query_str).hits[: self._top_k]]


class ConstraintPostprocessor(BaseNodePostprocessor):
    """Moves nodes up by `agreement` or down by `contradiction` for each of period, place and name."""

    agreement: float = 0.08
    contradiction: float = 0.15
    today: date | None = None

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            return nodes
        question = parse_question(query_bundle.query_str, today=self.today or date.today())
        worth = {
            Agreement.AGREES: self.agreement,
            Agreement.NEUTRAL: 0.0,
            Agreement.CONTRADICTS: -self.contradiction,
        }
        for node in nodes:
            text = node.node.get_content()
            verdict = judge(question, text, analyse(text, node.node.metadata.get("language", question.language)))
            moved = sum(worth[agreement] for agreement in (verdict.period, verdict.place, verdict.name))
            node.score = (node.score or 0.0) + moved
        return sorted(nodes, key=lambda node: -(node.score or 0.0))


class ReaderPostprocessor(BaseNodePostprocessor):
    """Ranks nodes by the fitted reader's relevance and keeps the best `top_n`."""

    top_n: int = 10
    _reader: PassageReader = PrivateAttr()

    def __init__(self, reader: PassageReader, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's own
        super().__init__(**kwargs)
        self._reader = reader

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None or not nodes:
            return nodes
        readings = self._reader.read(query_bundle.query_str, [node.node.get_content() for node in nodes])
        for node, reading in zip(nodes, readings, strict=True):
            node.score = reading.relevance
        return sorted(nodes, key=lambda node: -(node.score or 0.0))[: self.top_n]
