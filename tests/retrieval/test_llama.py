import pytest
from fixed_points import TODAY


@pytest.fixture(scope="module")
def llama():
    return pytest.importorskip("qa_service.retrieval.llama")


def test_the_retriever_gives_nodes_with_offsets_and_lanes(seed_service, llama):
    retriever = llama.NewsRetriever(lambda question: seed_service.search(question, today=TODAY), top_k=3)
    nodes = retriever.retrieve("Where is the Swedish company Autoliv building its factory?")
    assert len(nodes) == 3
    first = nodes[0].node
    article = seed_service.article(first.metadata["article_id"])
    assert article.text[first.metadata["start"] : first.metadata["end"]] == first.text
    assert "Autoliv" in first.text
    assert {"lane_dense", "lane_reader"} <= first.metadata.keys()


def test_the_constraint_postprocessor_moves_another_period_down(llama):
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    nodes = [
        NodeWithScore(
            node=TextNode(text="The port handled 5 million tonnes in 2022.", metadata={"language": "en"}), score=0.5
        ),
        NodeWithScore(
            node=TextNode(text="The port handled 4 million tonnes in 2023.", metadata={"language": "en"}), score=0.45
        ),
    ]
    ranked = llama.ConstraintPostprocessor(today=TODAY).postprocess_nodes(
        nodes, query_bundle=QueryBundle("How many tonnes did the port handle in 2023?")
    )
    assert "2023" in ranked[0].node.get_content()


def test_the_reader_postprocessor_ranks_by_relevance(llama):
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    from qa_service.reading.reader import Reading

    class LengthReader:
        """Finds longer texts more relevant."""

        def read(self, question, texts, *, contexts=None, candidates=None):
            return [Reading(relevance=float(len(text)), null=0.0, spans=()) for text in texts]

    nodes = [NodeWithScore(node=TextNode(text=text), score=1.0) for text in ("short", "a much longer text")]
    ranked = llama.ReaderPostprocessor(LengthReader(), top_n=1).postprocess_nodes(nodes, query_bundle=QueryBundle("?"))
    assert [node.node.get_content() for node in ranked] == ["a much longer text"]
