"""Our passages as a LlamaIndex node parser, for use in any LlamaIndex program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, Document, MetadataMode, NodeRelationship, TextNode
from pydantic import Field

from qa_service.indexing.articles import build_article
from qa_service.indexing.passages import split_passages
from qa_service.models import LoadedArticle, Passage


def _count_words(text: str) -> int:
    return len(text.split())


class SentencePassageSplitter(NodeParser):
    """Splits documents into passages of whole sentences, page furniture left out, with exact source offsets.

    Offsets are those of the document's text, kept while splitting, not searched for afterwards, so that repeated text
    is told apart. `metadata` of a node has `start`, `end`, `article_id`, `passage_id`, `language`, `title`, `position`.
    """

    count_tokens: Callable[[str], int] = Field(default=_count_words, exclude=True, description="Tokens of a text.")
    max_tokens: int = Field(default=200, gt=0, description="Most tokens of a passage, counted by count_tokens.")
    overlap_sentences: int = Field(default=0, ge=0, description="Sentences that the next passage says again.")
    text_format: str = Field(default="txt", pattern="^(txt|md|html)$", description="How a document is marked up.")

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex serialises the parser."""
        return "SentencePassageSplitter"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: object) -> list[BaseNode]:
        return [child for node in nodes for child in self._children(node)]

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """Adds the parent's metadata and the neighbours, and puts our offsets back over those found by text search."""
        places = [(node.start_char_idx, node.end_char_idx) for node in nodes if isinstance(node, TextNode)]
        done = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, (start, end) in zip(done, places, strict=True):
            if isinstance(node, TextNode):
                node.start_char_idx, node.end_char_idx = start, end
        return done

    def _children(self, node: BaseNode) -> list[TextNode]:
        text = node.get_content(metadata_mode=MetadataMode.NONE)
        if not text.strip():
            return []
        declared = node.metadata
        loaded = LoadedArticle(
            id=node.node_id,
            text=text,
            format=self.text_format,
            path=str(declared.get("file_path", "")),
            declared_title=_string(declared.get("title")),
            declared_language=_string(declared.get("language")),
        )
        article = build_article(loaded)
        passages = split_passages(
            article,
            count_tokens=self.count_tokens,
            max_tokens=self.max_tokens,
            overlap_sentences=self.overlap_sentences,
        )
        return [self._node(passage, node, article.title) for passage in passages]

    def _node(self, passage: Passage, parent: BaseNode, title: str) -> TextNode:
        metadata = {
            "article_id": passage.article_id,
            "passage_id": passage.id,
            "start": passage.start,
            "end": passage.end,
            "language": passage.language,
            "title": title,
            "position": passage.position,
        }
        hidden = ["article_id", "passage_id", "start", "end", "position", "language"]
        return TextNode(
            id_=passage.id,
            text=passage.text,
            start_char_idx=passage.start,
            end_char_idx=passage.end,
            metadata=metadata,
            excluded_embed_metadata_keys=[*parent.excluded_embed_metadata_keys, *hidden],
            excluded_llm_metadata_keys=[*parent.excluded_llm_metadata_keys, *hidden],
            relationships={NodeRelationship.SOURCE: parent.as_related_node_info()},
        )


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
