from __future__ import annotations

import json
import os
import time

import pytest
from store_parts import HashingEncoder, finds_everything, make_pipeline, open_store, write_articles

from qa_service.errors import IndexDamagedError, IndexLockedError, IndexMissingError, StoreError
from qa_service.indexing.pipeline import SyncOptions, sync
from qa_service.store.generation import build_generation, clean_up, publish
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import writer_lock
from qa_service.store.manifest import Manifest, file_problems


@pytest.fixture
def indexed(tmp_path):
    """An index of three articles."""
    write_articles(tmp_path / "articles", range(3))
    sync([tmp_path / "articles"], tmp_path / "index", pipeline=make_pipeline())
    return IndexLayout(tmp_path / "index")


def add_article(layout, number, **options):
    articles = layout.root.parent / "articles"
    write_articles(articles, [number])
    return sync([articles], layout.root, pipeline=make_pipeline(), options=SyncOptions(**options))


def test_the_manifest_says_what_the_generation_was_built_with(indexed):
    manifest = Manifest.read(indexed.generation(indexed.current_id()))
    pipeline = make_pipeline()
    assert (manifest.articles, manifest.passages, manifest.identity) == (3, 9, pipeline.identity)
    written = json.loads((indexed.generation(manifest.id) / "manifest.json").read_text())
    assert written["settings_hash"] == pipeline.identity.settings_hash
    assert {entry.path.split("/")[0] for entry in manifest.files} == {
        "chroma", "content.sqlite3", "lexical", "transform", "unfound.json", "vectors.npy",
    }  # fmt: skip


def test_a_built_generation_is_served_only_when_published(indexed):
    served = indexed.current_id()
    pipeline = make_pipeline()
    from qa_service.store.database import Database

    database = Database.open(indexed.database)
    manifest = build_generation(indexed, database, pipeline.recipe())
    database.close()
    assert indexed.current_id() == served
    publish(indexed, manifest.id)
    assert indexed.current_id() == manifest.id
    assert finds_everything(open_store(indexed.root, pipeline))


def test_a_generation_whose_passages_are_not_all_found_is_never_published(indexed, monkeypatch):
    from qa_service.store.chroma import ChromaIndex

    add = ChromaIndex.add

    def lossy_add(self, passages, vectors):
        add(self, passages[:-1], vectors[:-1])

    monkeypatch.setattr(ChromaIndex, "add", lossy_add)  # the failure of Chroma's own files cannot be ordered otherwise
    served = indexed.current_id()
    with pytest.raises(IndexDamagedError):
        add_article(indexed, 7)
    assert indexed.current_id() == served
    assert indexed.generation_ids() == [served]
    assert indexed.half_built() == []
    monkeypatch.undo()
    assert add_article(indexed, 7).passages == 12
    assert finds_everything(open_store(indexed.root, make_pipeline()))


def test_a_passage_that_the_approximate_search_misses_is_found_all_the_same(indexed, monkeypatch):
    from qa_service.store.chroma import ChromaIndex

    search_many, missed = ChromaIndex.search_many, "a5:1:"

    def forgetful(self, vectors, k):
        return [[hit for hit in hits if not hit[0].startswith(missed)] for hits in search_many(self, vectors, k)]

    monkeypatch.setattr(ChromaIndex, "search_many", forgetful)  # what HNSW misses cannot be chosen
    write_articles(indexed.root.parent / "articles", range(20))
    sync([indexed.root.parent / "articles"], indexed.root, pipeline=make_pipeline())
    store = open_store(indexed.root, make_pipeline())
    assert [store.snapshot().passage_ids[row][:5] for row in store.snapshot().unfound] == [missed]
    assert finds_everything(store)
    missing = next(passage for passage in store.passages_of("a5") if passage.position == 1)
    found = store.dense(store.vectors([missing.id])[missing.id], 4)
    assert [found[0][0], len(found)] == [missing.id, 4]
    assert found == sorted(found, key=lambda hit: -hit[1])


def test_the_served_generation_and_the_one_before_it_are_kept(indexed):
    ids = [indexed.current_id()]
    ids += [add_article(indexed, number, grace_s=0).generation for number in (3, 4, 5)]
    assert indexed.generation_ids() == ids[-2:]


def test_a_generation_superseded_a_moment_ago_is_kept_for_its_readers(indexed):
    ids = [indexed.current_id(), *(add_article(indexed, number, grace_s=60).generation for number in (3, 4, 5))]
    assert indexed.generation_ids() == ids
    long_ago = time.time() - 3600
    for name in ids:
        os.utime(indexed.generation(name), (long_ago, long_ago))
    assert clean_up(indexed, grace_s=60) == ids[:2]


def test_what_a_killed_run_left_is_removed(indexed):
    half_built = indexed.building("00000009-0123abcd")
    half_built.mkdir()
    (half_built / "vectors.npy").write_bytes(b"half")
    finished_but_unpublished = indexed.generation("00000008-0123abcd")
    finished_but_unpublished.mkdir()
    assert clean_up(indexed) == ["00000009-0123abcd.building", "00000008-0123abcd"]
    assert indexed.half_built() == []


def test_generation_ids_rise_whatever_the_clock_says(indexed, monkeypatch):
    first = indexed.current_id()
    monkeypatch.setattr(time, "time", lambda: 0.0)  # a clock set back
    assert add_article(indexed, 5).generation > first


def test_every_generation_is_checked_against_its_checksums(indexed):
    folder = indexed.generation(indexed.current_id())
    manifest = Manifest.read(folder)
    assert file_problems(folder, manifest, thorough=True) == []
    vectors = folder / "vectors.npy"
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1  # one bit, the size unchanged
    vectors.write_bytes(content)
    assert file_problems(folder, manifest, thorough=True) == [f"{vectors} was altered"]


def test_the_second_writer_is_told_the_process_of_the_first(indexed):
    with writer_lock(indexed), pytest.raises(IndexLockedError, match=rf"process {os.getpid()}\b"):
        add_article(indexed, 5)
    assert add_article(indexed, 5).added == 1


def test_an_index_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="--index-dir"), writer_lock(IndexLayout(tmp_path / "file" / "index")):
        pass


def test_an_empty_folder_is_no_index(tmp_path):
    with pytest.raises(IndexMissingError, match="qa-service index"):
        open_store(tmp_path, make_pipeline())


def test_raw_vectors_stay_in_the_store_and_neutral_ones_are_searched(indexed):
    from qa_service.store.database import Database

    database = Database.open(indexed.database)
    (batch,) = database.vector_batches()
    database.close()
    encoder = HashingEncoder()
    first = batch.passages[0]
    assert batch.vectors[0] == pytest.approx(encoder.encode([f"{first.context}\n{first.text}"])[0])
    store = open_store(indexed.root, make_pipeline())
    mean = batch.vectors.mean(axis=0)
    neutral = batch.vectors[0] - 0.1 * mean  # what MeanFree does for the one language there is
    assert store.vectors([first.id])[first.id] == pytest.approx(neutral / (neutral @ neutral) ** 0.5, abs=1e-5)
    assert (store.transform_path / "means.npz").is_file()
