from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from store_parts import SETTINGS, build, split

from qa_service.errors import IndexDamagedError, StoreError
from qa_service.models import LoadedArticle
from qa_service.store import database as database_module
from qa_service.store import schema
from qa_service.store.database import Change, Database
from qa_service.store.identity import StoreIdentity
from qa_service.store.rows import StagedArticle, StagedPassage

IDENTITY = StoreIdentity(SETTINGS, "model", 2)


def staged(article_id, text, source="/src"):
    loaded = LoadedArticle(article_id, text, "txt", f"{source}/{article_id}.txt")
    article = build(loaded)
    entries = tuple(StagedPassage(passage, passage.text.encode(), "{}") for passage in split(article))
    return StagedArticle(source, f"hash of {text}", loaded, article, entries)


def change(*articles, removed=(), sources=("/src",)):
    return Change(IDENTITY, sources, removed, articles)


@pytest.fixture
def database(tmp_path):
    database = Database.create(tmp_path / "store.sqlite3")
    yield database
    database.close()


def test_a_new_store_is_empty_and_of_no_identity(database):
    assert (database.identity(), database.revision(), database.counts(), database.sources()) == (None, "", (0, 0), [])


def test_articles_are_added_replaced_and_removed_in_one_change(database):
    database.apply(change(staged("a", "one\ntwo"), staged("b", "three")))
    first = database.revision()
    database.apply(change(staged("a", "one"), staged("c", "four"), removed=("b",)))
    assert database.counts() == (2, 2)
    assert {id: known.source_hash for id, known in database.articles().items()} == {
        "a": "hash of one",
        "c": "hash of four",
    }
    assert database.revision() not in ("", first)
    assert database.identity() == IDENTITY


def test_a_change_that_fails_half_way_changes_nothing(database):
    database.apply(change(staged("a", "one")))
    twin = staged("b", "two")
    clash = StagedArticle("/src", "h", twin.loaded, twin.article, (*twin.passages, *twin.passages))
    with pytest.raises(StoreError, match="one id"):
        database.apply(change(staged("c", "three"), clash, removed=("a",)))
    assert list(database.articles()) == ["a"]


def test_a_source_without_articles_is_forgotten(database):
    database.apply(change(staged("a", "one", "/x"), staged("b", "two", "/y"), sources=("/x", "/y")))
    database.apply(change(removed=("a",), sources=("/x",)))
    assert database.sources() == ["/y"]


def test_batches_give_every_passage_its_vector_in_index_order(database):
    database.apply(change(staged("a", "one\ntwo"), staged("b", "three")))
    vectors = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)
    database.add_vectors([b"three", b"one", b"two"], vectors)
    batches = list(database.vector_batches(2))
    assert [[passage.text for passage in batch.passages] for batch in batches] == [["one", "two"], ["three"]]
    assert np.concatenate([batch.vectors for batch in batches]).tolist() == [[3, 4], [5, 6], [1, 2]]


def test_a_passage_without_vector_is_told_and_never_indexed(database):
    database.apply(change(staged("a", "one\ntwo")))
    database.add_vectors([b"one"], np.zeros((1, 2), dtype=np.float32))
    assert [(key, passage.text) for key, passage in database.passages_without_vector()] == [(b"two", "two")]
    assert database.unsound_vectors() == 1
    with pytest.raises(IndexDamagedError, match="qa-service index"):
        list(database.vector_batches())


def test_a_vector_of_the_wrong_length_is_forgotten_so_that_it_is_made_again(database):
    database.apply(change(staged("a", "one\ntwo")))
    database.add_vectors([b"one"], np.zeros((1, 2), dtype=np.float32))
    database.add_vectors([b"two"], np.zeros((1, 3), dtype=np.float32))
    assert database.drop_vectors_not_of(2) == 1
    assert database.known_vectors([b"one", b"two"]) == {b"one"}


def test_spare_vectors_are_kept_up_to_a_limit_and_the_oldest_go_first(database, monkeypatch):
    monkeypatch.setattr(database_module, "SPARE_VECTORS", 2)
    keys = [f"old{i}".encode() for i in range(4)]
    database.add_vectors([*keys, b"one"], np.zeros((5, 2), dtype=np.float32))
    database.apply(change(staged("a", "one")))
    assert database.known_vectors([*keys, b"one"]) == {b"old2", b"old3", b"one"}


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_bytes(path.read_bytes()[:50]), "not a database"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "cut short"),
        (lambda path: path.write_bytes(b"\0" * 8192), "not a database"),
        (lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 60000), "damaged"),
    ],
)
def test_a_damaged_store_is_told_and_left_as_it_is(tmp_path, damage, problem):
    path = tmp_path / "store.sqlite3"
    database = Database.create(path)
    database.apply(change(staged("a", "one")))
    database.close()
    damage(path)
    left = path.read_bytes() if path.exists() else None
    with pytest.raises(IndexDamagedError, match=f"{problem}(.|\n)*--rebuild"):
        Database.open(path)
    assert (path.read_bytes() if path.exists() else None) == left


def test_a_store_of_a_later_version_is_refused(tmp_path):
    path = tmp_path / "store.sqlite3"
    Database.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreError, match="later version"):
        Database.open(path)


def test_a_commit_is_on_disk_when_it_returns(database):
    # 2 is FULL: the write-ahead log is flushed at each commit
    assert database._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database._connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_damaged_store_is_kept_aside_with_its_log(tmp_path):
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"old")
    path.with_name("store.sqlite3-wal").write_bytes(b"log")
    aside = schema.set_aside(path)
    assert not path.exists()
    assert aside.read_bytes() == b"old"
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"log"
