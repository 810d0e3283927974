from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from store_parts import HashingEncoder, article_text, finds_everything, make_pipeline, open_store, write_articles

from qa_service.errors import (
    EmbeddingError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    RemovalError,
    StoreError,
)
from qa_service.indexing.pipeline import EMBED_AT_ONCE, SyncOptions, sync
from qa_service.store.database import Database
from qa_service.store.layout import IndexLayout


class Bench:
    """A folder of articles, its index, and the encoder that made it."""

    def __init__(self, root):
        self.articles, self.index = root / "articles", root / "index"
        self.encoder = HashingEncoder()

    def sync(self, *paths, pipeline=None, **options):
        pipeline = pipeline or make_pipeline(self.encoder)
        return sync(paths or [self.articles], self.index, pipeline=pipeline, options=SyncOptions(**options))

    def store(self, pipeline=None):
        return open_store(self.index, pipeline or make_pipeline(self.encoder))

    def ids(self):
        return [info.id for info in self.store().articles()]


@pytest.fixture
def bench(tmp_path):
    write_articles(tmp_path / "articles", range(4))
    return Bench(tmp_path)


def counts(report):
    return (report.added, report.updated, report.unchanged, report.removed)


def test_every_passage_of_a_new_folder_is_embedded_and_found(bench):
    report = bench.sync()
    assert counts(report) == (4, 0, 0, 0)
    assert (report.passages, report.embedded, report.errors) == (12, 12, ())
    assert finds_everything(bench.store())


def test_nothing_changed_embeds_nothing_and_publishes_nothing(bench):
    first = bench.sync()
    again = bench.sync()
    assert (counts(again), again.embedded, again.generation) == ((0, 0, 4, 0), 0, first.generation)
    assert not again.changed


def test_only_what_changed_is_embedded(bench):
    bench.sync()
    bench.encoder.embedded.clear()
    (bench.articles / "a0.txt").unlink()
    write_articles(bench.articles, [1], version=2)  # its last of three lines differs
    write_articles(bench.articles, [8])
    report = bench.sync()
    assert counts(report) == (1, 1, 2, 1)
    assert sorted(text.split("\n")[1] for text in bench.encoder.embedded) == sorted(
        ["Version 2 of report1 ended.", *article_text(8).split("\n")]
    )
    assert bench.ids() == ["a1", "a2", "a3", "a8"]
    assert bench.store().article("a1").text == article_text(1, 2)
    assert finds_everything(bench.store())


def test_a_passage_that_comes_back_is_not_embedded_again(bench):
    bench.sync()
    (bench.articles / "a0.txt").unlink()
    bench.sync()
    bench.encoder.embedded.clear()
    write_articles(bench.articles, [0])
    assert counts(bench.sync()) == (1, 0, 3, 0)
    assert bench.encoder.embedded == []


def test_each_path_is_a_source_of_its_own(bench, tmp_path):
    write_articles(tmp_path / "more", [10, 11])
    bench.sync()
    assert counts(bench.sync(tmp_path / "more")) == (2, 0, 0, 0)
    assert bench.ids() == ["a0", "a1", "a10", "a11", "a2", "a3"]
    write_articles(tmp_path / "more", [3])
    report = bench.sync(tmp_path / "more")
    assert str(bench.articles) in report.errors[0]
    assert str(tmp_path / "more") in report.errors[0]
    assert counts(report) == (0, 0, 2, 0)


def test_removing_more_than_half_needs_leave_and_changes_nothing_without(bench):
    bench.sync()
    for number in (0, 1, 2):
        (bench.articles / f"a{number}.txt").unlink()
    with pytest.raises(RemovalError, match="3 of the 4"):
        bench.sync()
    assert len(bench.ids()) == 4
    assert bench.sync(allow_removal=True).removed == 3
    assert bench.ids() == ["a3"]


def test_all_articles_can_be_removed_with_leave(bench):
    bench.sync()
    shutil.rmtree(bench.articles)
    bench.articles.mkdir()
    report = bench.sync(allow_removal=True)
    assert (report.removed, report.passages) == (4, 0)
    store = bench.store()
    assert (store.articles(), store.dense(np.ones(32, dtype=np.float32), 5), store.lexical("story", 5)) == ([], [], [])
    write_articles(bench.articles, [1])
    assert bench.sync().added == 1
    assert finds_everything(bench.store())


def test_a_single_passage_makes_an_index(tmp_path):
    bench = Bench(tmp_path)
    bench.articles.mkdir()
    (bench.articles / "only.txt").write_text("One sentence.")
    assert bench.sync().passages == 1
    for _ in range(3):
        assert finds_everything(bench.store())
    assert bench.sync().generation == bench.store().generation


def test_a_path_that_is_gone_removes_nothing(bench):
    bench.sync()
    shutil.rmtree(bench.articles)
    report = bench.sync(allow_removal=True)
    assert str(bench.articles) in report.errors[0]
    assert len(bench.ids()) == 4


def test_a_broken_article_is_named_the_others_are_indexed_and_its_old_form_stays(bench):
    bench.sync()
    (bench.articles / "a1.txt").write_text("POISON")
    (bench.articles / "a2.txt").write_bytes(b"")
    write_articles(bench.articles, [5])
    report = bench.sync()
    assert counts(report) == (1, 0, 2, 0)
    assert any("'a1' failed (ValueError: poisoned)" in error for error in report.errors)
    assert any("a2.txt" in error for error in report.errors)
    assert bench.store().article("a1").text == article_text(1)
    assert bench.store().article("a2").text == article_text(2)


def test_nothing_that_can_be_indexed_is_an_error_with_the_reasons(tmp_path):
    bench = Bench(tmp_path)
    bench.articles.mkdir()
    (bench.articles / "a.txt").write_text("POISON")
    with pytest.raises(StoreError, match=r"poisoned(.|\n)*No article could be indexed"):
        bench.sync()
    with pytest.raises(IndexMissingError, match=r"never finished.*qa-service index"):
        bench.store()
    write_articles(bench.articles, [1])
    assert bench.sync().added == 1


def test_other_settings_are_refused_and_rebuilt_on_demand_other_sources_too(bench, tmp_path):
    write_articles(tmp_path / "more", [10])
    bench.sync(bench.articles, tmp_path / "more")
    shutil.rmtree(tmp_path / "more")
    other = make_pipeline(HashingEncoder(16), model_id="other")
    with pytest.raises(IndexMismatchError, match=r"hashing, not other.*--rebuild"):
        bench.sync(pipeline=other)
    report = bench.sync(pipeline=other, rebuild=True)
    assert (counts(report), report.embedded) == ((0, 0, 4, 0), 15)
    store = bench.store(other)
    assert (store.count(), store.article("a10").text) == (15, article_text(10))
    assert finds_everything(store)


def test_a_rebuild_with_the_same_model_embeds_nothing_again(bench):
    bench.sync()
    bench.encoder.embedded.clear()
    report = bench.sync(rebuild=True)
    assert (counts(report), bench.encoder.embedded) == ((0, 0, 4, 0), [])


def test_an_article_that_fails_in_a_rebuild_with_another_model_leaves_no_vector_of_the_old_one(bench):
    bench.sync()
    (bench.articles / "a1.txt").write_text("POISON")
    other = make_pipeline(HashingEncoder(16), model_id="other")
    report = bench.sync(pipeline=other, rebuild=True)
    assert (report.removed, len(report.errors)) == (1, 1)
    assert finds_everything(bench.store(other))


class StopsAfter(HashingEncoder):
    """Embeds a number of passages, then fails as a killed run would."""

    def __init__(self, passages):
        super().__init__()
        self.left = passages

    def encode_passages(self, texts):
        self.left -= len(texts)
        if self.left < 0:
            raise EmbeddingError("killed")
        return super().encode_passages(texts)


def test_a_run_that_dies_while_embedding_keeps_what_was_embedded(bench):
    write_articles(bench.articles, range(200))
    with pytest.raises(EmbeddingError):
        bench.sync(pipeline=make_pipeline(StopsAfter(3 * EMBED_AT_ONCE)))
    report = bench.sync()
    assert report.added == 200
    assert 600 - report.embedded >= 2 * EMBED_AT_ONCE


def test_what_was_committed_but_not_published_is_published_by_the_next_run(bench, monkeypatch):
    from qa_service.indexing import pipeline as module

    bench.sync()
    write_articles(bench.articles, [6])

    def killed(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "build_generation", killed)
    with pytest.raises(KeyboardInterrupt):
        bench.sync()
    monkeypatch.undo()
    assert "a6" not in bench.ids()
    report = bench.sync()
    assert (counts(report), report.embedded) == ((0, 0, 5, 0), 0)
    assert "a6" in bench.ids()


def test_lost_vectors_are_embedded_again(bench):
    bench.sync()
    layout = IndexLayout(bench.index)
    database = Database.open(layout.database)
    database._connection.execute("DELETE FROM vectors WHERE row % 2")
    database._connection.execute("UPDATE vectors SET vector = x'00' WHERE row = 2")
    database.close()
    layout.pointer.unlink()
    assert bench.sync().embedded == 7
    assert finds_everything(bench.store())


def test_vectors_that_are_no_numbers_are_refused(bench):
    class Broken(HashingEncoder):
        def encode_passages(self, texts):
            return np.full((len(texts), self.dimension), np.nan, dtype=np.float32)

    with pytest.raises(EmbeddingError, match="no numbers"):
        bench.sync(pipeline=make_pipeline(Broken()))


def test_a_damaged_store_is_said_kept_aside_and_mended_by_a_rebuild(bench, tmp_path):
    write_articles(tmp_path / "more", [10])
    bench.sync(bench.articles, tmp_path / "more")
    layout = IndexLayout(bench.index)
    layout.database.write_bytes(b"")
    with pytest.raises(IndexDamagedError, match=r"empty.*--rebuild"):
        bench.sync()
    assert len(bench.ids()) == 5  # the served generation is untouched
    shutil.rmtree(tmp_path / "more")
    assert counts(bench.sync(rebuild=True)) == (0, 0, 4, 0)
    assert bench.store().article("a10").text == article_text(10)  # of a source that was not given, and is gone
    assert finds_everything(bench.store())
    assert [path.read_bytes() for path in bench.index.glob("store.sqlite3.damaged-*")] == [b""]


def test_a_damaged_store_and_no_sound_generation_is_built_from_the_articles(bench):
    bench.sync()
    layout = IndexLayout(bench.index)
    layout.database.write_bytes(b"")
    (layout.generation(layout.current_id()) / "content.sqlite3").write_bytes(b"")
    report = bench.sync(rebuild=True)
    assert (counts(report), report.passages) == ((4, 0, 0, 0), 12)
    assert finds_everything(bench.store())


def test_progress_is_told_for_each_long_step(bench):
    told = []
    bench.sync(progress=lambda *step: told.append(step))
    assert told == [("embed", 4, 4), ("build", 12, 12), ("verify", 12, 12)]


def test_jsonl_articles_keep_their_declared_language(tmp_path):
    bench = Bench(tmp_path)
    path = tmp_path / "news.jsonl"
    path.write_text('{"id": "x", "text": "Xin chào Hà Nội.", "language": "vi"}\n{"id": "y", "text": "Hello."}\n')
    bench.sync(path)
    assert {info.id: info.language for info in bench.store().articles()} == {"x": "vi", "y": "en"}
