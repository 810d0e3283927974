from __future__ import annotations

import numpy as np
import pytest

from qa_service.store.chroma import MAX_BATCH, ChromaIndex, ChromaPlace, ChromaServer
from qa_service.store.exact import ExactIndex, best_rows, unit_rows
from qa_service.store.lexical import LexicalBuilder, LexicalIndex

from qa_service.errors import IndexDamagedError, StoreError  # isort: skip
from qa_service.models import Passage


def passages(count):
    return [Passage(f"p{i}", f"a{i // 3}", 0, 4, f"text {i}", (), (), "en") for i in range(count)]


def random_vectors(count, dimension=16):
    return unit_rows(np.random.default_rng(7).standard_normal((count, dimension)).astype(np.float32))


def chroma_with(tmp_path, count):
    place = ChromaPlace(tmp_path / "chroma", "00000001-0123abcd")
    index = ChromaIndex.create(place, count)
    vectors = random_vectors(count)
    index.add(passages(count), vectors)
    index.close()
    return ChromaIndex.open(place), vectors


@pytest.mark.parametrize(
    ("scores", "k", "rows"),
    [
        ([0.1, 0.9, 0.5], 2, [1, 2]),
        ([0.5, 0.5, 0.5], 2, [0, 1]),  # equal scores: in index order
        ([0.1, 0.2], 9, [1, 0]),  # no more than there are
        ([0.1], 0, []),
    ],
)
def test_best_rows_are_the_highest_scores_in_order(scores, k, rows):
    assert best_rows(np.array(scores, dtype=np.float32), k) == rows


def test_the_exact_index_gives_cosines_worked_by_hand():
    index = ExactIndex(["east", "north", "north-east"], np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    # (0, 2) at length 1 is (0, 1): cosines 0, 1 and 0.8
    found = index.search(np.array([0, 2], dtype=np.float32), 2)
    assert [name for name, _ in found] == ["north", "north-east"]
    assert [score for _, score in found] == pytest.approx([1.0, 0.8])


def test_chroma_gives_the_cosines_and_the_order_of_exact_search(tmp_path):
    index, vectors = chroma_with(tmp_path, 300)
    exact = ExactIndex([f"p{i}" for i in range(300)], vectors)
    queries = random_vectors(20)
    for query in queries:
        found, truth = index.search(query, 10), exact.search(query, 10)
        assert [name for name, _ in found] == [name for name, _ in truth]
        assert [score for _, score in found] == pytest.approx([score for _, score in truth], abs=1e-5)
    index.close()


def test_more_passages_than_one_chroma_batch_takes_are_all_found(tmp_path):
    count = MAX_BATCH + 10
    index, vectors = chroma_with(tmp_path, count)
    assert index.ids() == {f"p{i}" for i in range(count)}
    assert [found[0][0] for found in index.search_many(vectors[-20:], 1)] == [f"p{i}" for i in range(count - 20, count)]
    index.close()


@pytest.mark.parametrize("count", [2, 5, 150, 2100])
def test_opening_a_collection_changes_no_file_but_the_one_that_is_not_checksummed(tmp_path, count):
    index, vectors = chroma_with(tmp_path, count)
    index.close()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    index = ChromaIndex.open(ChromaPlace(tmp_path / "chroma", "00000001-0123abcd"))
    assert index.search(vectors[-1], 1)[0][0] == f"p{count - 1}"
    index.close()
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.name for path in after if after[path] != before.get(path)} <= {"chroma.sqlite3"}


def test_llamaindex_reads_the_collection(tmp_path):
    from llama_index.core.vector_stores.types import VectorStoreQuery

    index, vectors = chroma_with(tmp_path, 30)
    found = index.vector_store().query(VectorStoreQuery(query_embedding=vectors[4].tolist(), similarity_top_k=1))
    assert (found.ids, found.nodes[0].text, found.nodes[0].ref_doc_id) == (["p4"], "text 4", "a1")
    index.close()


def test_an_empty_collection_finds_nothing(tmp_path):
    index, _ = chroma_with(tmp_path, 0)
    assert (index.search(np.ones(16, dtype=np.float32), 5), index.ids()) == ([], set())
    index.close()


def test_what_is_no_chroma_folder_is_damage(tmp_path):
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 400)
    with pytest.raises(IndexDamagedError, match="doctor --repair"):
        ChromaIndex.open(ChromaPlace(tmp_path / "chroma", "00000001-0123abcd"))


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({}, None),
        ({"CHROMA_HTTP_HOST": " "}, None),
        ({"CHROMA_HTTP_HOST": "vectors"}, ChromaServer("vectors", 8000)),
        (
            {
                "CHROMA_HTTP_HOST": "h",
                "CHROMA_HTTP_PORT": "9",
                "CHROMA_HTTP_SSL": "true",
                "CHROMA_HTTP_HEADERS": "a=b=c, d=e",
            },
            ChromaServer("h", 9, ssl=True, headers={"a": "b=c", "d": "e"}),
        ),
    ],
)
def test_the_chroma_server_is_read_from_the_usual_variables(environment, server):
    assert ChromaServer.from_environment(environment) == server


def test_a_port_that_is_no_number_is_named():
    with pytest.raises(StoreError, match="'eight'"):
        ChromaServer.from_environment({"CHROMA_HTTP_HOST": "h", "CHROMA_HTTP_PORT": "eight"})


def test_a_chroma_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9"):
        ChromaIndex.open(ChromaPlace(tmp_path, "00000001-0123abcd", ChromaServer("127.0.0.1", 9)))


def lexical_of(tmp_path, texts):
    builder = LexicalBuilder(str.split)
    for text in texts:
        builder.add(text)
    builder.save(tmp_path / "lexical")
    return LexicalIndex(tmp_path / "lexical", [f"p{i}" for i in range(len(texts))], str.split)


def test_lexical_search_prefers_rare_words_and_leaves_out_passages_without_any(tmp_path):
    index = lexical_of(tmp_path, ["the port of vung tau", "the port", "the bank", "nothing here"])
    assert [name for name, _ in index.search("the tau", 10)] == ["p0", "p1", "p2"]
    assert index.search("absent words", 10) == []
    assert index.search("", 10) == []
    assert [name for name, _ in index.search(["tau"], 1)] == ["p0"]


def test_a_repeated_token_counts_for_more_in_passage_and_query(tmp_path):
    index = lexical_of(tmp_path, ["ninh ninh x y", "ninh x y z", "port x y z", "a b c d"])
    scores = dict(index.search("ninh", 10))
    assert scores["p0"] > scores["p1"] > 0
    assert [name for name, _ in index.search("ninh ninh port", 10)] == ["p0", "p1", "p2"]
    assert dict(index.search("ninh ninh", 10))["p1"] == pytest.approx(2 * scores["p1"])


@pytest.mark.parametrize("texts", [[], [""], ["", " "]])
def test_a_collection_without_words_can_be_searched(tmp_path, texts):
    assert lexical_of(tmp_path, texts).search("word", 5) == []


def test_a_lexical_index_of_another_collection_is_damage(tmp_path):
    lexical_of(tmp_path, ["one", "two"])
    with pytest.raises(IndexDamagedError, match="2 passages, not 3"):
        LexicalIndex(tmp_path / "lexical", ["p0", "p1", "p2"], str.split)
