from __future__ import annotations

from llama_index.core import Document
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import MetadataMode, NodeRelationship, TextNode

from qa_service.indexing.splitter import SentencePassageSplitter

TEXT = "Port grows\n\nIt grew. It grew.\nKommentar (0)\nIt grew. It grew. The end came in 2024."


def nodes(max_tokens: int = 5) -> list[TextNode]:
    splitter = SentencePassageSplitter(max_tokens=max_tokens)
    document = Document(text=TEXT, id_="doc", metadata={"language": "en", "desk": "news"})
    found = splitter.get_nodes_from_documents([document])
    return [node for node in found if isinstance(node, TextNode)]


def test_offsets_are_exact_where_text_repeats() -> None:
    found = nodes()
    assert all(TEXT[node.start_char_idx : node.end_char_idx] == node.text for node in found)
    assert [node.start_char_idx for node in found] == sorted({node.start_char_idx for node in found})
    assert all("Kommentar" not in node.text for node in found)


def test_nodes_know_their_document_and_their_neighbours() -> None:
    first, second, *_ = nodes()
    assert first.ref_doc_id == "doc"
    assert first.relationships[NodeRelationship.NEXT].node_id == second.node_id  # type: ignore[union-attr]
    assert second.relationships[NodeRelationship.PREVIOUS].node_id == first.node_id  # type: ignore[union-attr]
    assert (first.metadata["desk"], first.metadata["title"], first.metadata["position"]) == ("news", "Port grows", 0)


def test_offsets_stay_out_of_what_is_embedded() -> None:
    embedded = nodes()[0].get_content(metadata_mode=MetadataMode.EMBED)
    assert "title: Port grows" in embedded
    assert "passage_id" not in embedded


def test_splitter_is_a_step_of_an_ingestion_pipeline() -> None:
    pipeline = IngestionPipeline(transformations=[SentencePassageSplitter(max_tokens=50)], disable_cache=True)
    found = pipeline.run(documents=[Document(text=TEXT, id_="doc")])
    assert [node.get_content() for node in found] == [
        "Port grows\n\nIt grew. It grew.",
        "It grew. It grew. The end came in 2024.",
    ]
