from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from store_parts import (
    HashingEncoder,
    article_text,
    finds_everything,
    make_pipeline,
    open_store,
    query_vector,
    write_articles,
)

from qa_service.errors import IndexMismatchError
from qa_service.indexing.pipeline import SyncOptions, sync
from qa_service.store.store import Store


@pytest.fixture
def root(tmp_path):
    """A folder of six articles and their index."""
    write_articles(tmp_path / "articles", range(6))
    sync([tmp_path / "articles"], tmp_path / "index", pipeline=make_pipeline())
    return tmp_path


@pytest.fixture
def store(root):
    return open_store(root / "index", make_pipeline())


def resync(root, **options):
    return sync([root / "articles"], root / "index", pipeline=make_pipeline(), options=SyncOptions(**options))


def test_a_passage_is_found_by_meaning_and_by_words(store):
    vector = query_vector(store, "Province4 drew 400 projects in May")
    (dense, cosine), *_ = store.dense(vector, 3)
    (lexical, score), *_ = store.lexical("Province4 projects", 3)
    assert dense == lexical
    assert store.passages([dense])[0].text == "Province4 drew 400 projects in May."
    assert 0.4 < cosine <= 1
    assert score > 0


def test_the_fast_search_agrees_with_the_exact_one(store):
    for text in ("Province1 projects", "Version 0 of report3", "Story 5"):
        vector = query_vector(store, text)
        exact = store.snapshot().exact().search(vector, 5)
        assert [score for _, score in store.dense(vector, 5)] == pytest.approx([score for _, score in exact], abs=1e-5)


def test_passages_come_in_the_order_asked_and_unknown_ids_are_left_out(store):
    first, second = [passage.id for passage in store.passages_of("a1")][:2]
    assert [passage.id for passage in store.passages([second, "unknown", first])] == [second, first]
    assert list(store.vectors([second, "unknown"])) == [second]
    assert list(store.analyses([second, "unknown"])) == [second]
    assert store.passages([]) == []


def test_more_ids_than_one_query_of_sqlite_takes(store):
    ids = [passage.id for passage in store.passages_of("a1")] * 400
    assert [passage.id for passage in store.passages(ids)] == ids


def test_a_passage_is_a_slice_of_its_article(store):
    article = store.article("a2")
    assert article.text == article_text(2)
    for passage in store.passages_of("a2"):
        assert article.text[passage.start : passage.end] == passage.text


def test_neighbours_stand_before_and_after_in_the_same_article(store):
    first, middle, last = store.passages_of("a3")
    assert store.neighbours(middle) == [first, last]
    assert store.neighbours(first) == [middle]
    assert store.neighbours(last, reach=5) == [first, middle]
    assert store.neighbours(replace(middle, id="unknown")) == []


def test_articles_are_listed_with_their_passages(store):
    assert [(info.id, info.title, info.passages) for info in store.articles()[:2]] == [
        ("a0", "Story 0", 3),
        ("a1", "Story 1", 3),
    ]
    assert (store.count(), store.article("unknown"), store.passages_of("unknown")) == (18, None, [])


def test_the_values_read_out_of_a_passage_are_there(store):
    passage = store.passages_of("a4")[1]
    analysis = store.analyses([passage.id])[passage.id]
    assert [str(quantity.amount) for quantity in analysis.quantities] == ["4", "400"]


@pytest.mark.parametrize(
    ("pipeline", "difference"),
    [
        (make_pipeline(settings={"passage_tokens": "300", "language_neutral": "true"}), "passage_tokens: 200, not 300"),
        (make_pipeline(model_id="other"), "embedding model: hashing, not other"),
        (make_pipeline(HashingEncoder(16)), "vector dimension: 32, not 16"),
        (make_pipeline(settings={"passage_tokens": "200"}), "language_neutral: true, not unset"),
    ],
)
def test_an_index_of_other_settings_is_refused_by_name(root, pipeline, difference):
    with pytest.raises(IndexMismatchError, match=f"{difference}.*--rebuild"):
        open_store(root / "index", pipeline)


def test_an_index_is_opened_as_it_is_where_nothing_is_expected(root):
    assert Store.open(root / "index", expected=None, tokenise=str.split).count() == 18


def test_a_new_generation_is_noticed_and_the_old_one_stays_readable(root, store):
    assert store.refresh() is False
    before = store.snapshot()
    write_articles(root / "articles", [9])
    resync(root)
    assert store.count() == 18
    assert store.refresh() is True
    assert store.refresh() is False
    assert (store.count(), before.count()) == (21, 18)
    assert before.dense(query_vector(store, "Province1"), 1)
    assert before.article("a9") is None
    assert store.article("a9").text == article_text(9)


def test_a_newer_generation_of_other_settings_does_not_push_out_the_served_one(root, store):
    served = store.generation
    sync(
        [root / "articles"], root / "index", pipeline=make_pipeline(model_id="other"), options=SyncOptions(rebuild=True)
    )
    assert store.refresh() is False
    assert (store.generation, store.count()) == (served, 18)


def test_a_damaged_newer_generation_does_not_push_out_the_served_one(root, store):
    write_articles(root / "articles", [9])
    report = resync(root)
    (root / "index" / "generations" / report.generation / "vectors.npy").write_bytes(b"")
    assert store.refresh() is False
    assert store.count() == 18


def test_threads_read_whole_answers_while_generations_change(root):
    pipeline = make_pipeline()
    store = open_store(root / "index", pipeline)
    vector = query_vector(store, "Province1 drew 100 projects")
    stop, failures, answers = threading.Event(), [], []

    def read():
        while not stop.is_set():
            try:
                store.refresh()
                view = store.snapshot()
                ids = [passage_id for passage_id, _ in view.dense(vector, 6)]
                found = view.passages(ids)
                versions = {
                    passage.text.split()[1] for info in view.articles() for passage in view.passages_of(info.id)[2:]
                }
                if (
                    len(found) != 6
                    or len(versions) != 1
                    or not view.lexical("report1", 5)
                    or len(view.vectors(ids)) != 6
                ):
                    failures.append((view.generation, len(found), versions))
                answers.append(view.generation)
            except Exception as error:  # whatever it is, an answer failed
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(1, 9):
        write_articles(root / "articles", range(6), version=version)
        resync(root, grace_s=0)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(set(answers)) > 2
    store.refresh()
    assert finds_everything(store)


def test_a_zero_vector_is_no_error(store):
    assert len(store.dense(np.zeros(32, dtype=np.float32), 3)) == 3
