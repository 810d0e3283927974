from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from store_parts import HashingEncoder, finds_everything, make_pipeline, open_store, write_articles

from qa_service.errors import IndexDamagedError, IndexLockedError, IndexMissingError, StoreError
from qa_service.indexing.doctor import INDEX, REBUILD, REPAIR, diagnose, repair
from qa_service.indexing.pipeline import sync
from qa_service.store.database import Database
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import writer_lock

FILES = [
    "manifest.json", "content.sqlite3", "vectors.npy", "transform/means.npz", "chroma/chroma.sqlite3",
    "chroma/*/header.bin", "chroma/*/data_level0.bin", "chroma/*/length.bin", "chroma/*/index_metadata.pickle",
    "lexical/data.csc.index.npy", "lexical/indices.csc.index.npy", "lexical/indptr.csc.index.npy",
    "lexical/params.index.json", "lexical/vocab.index.json",
]  # fmt: skip


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def garble(path):
    path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes()))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An index of five articles, to be copied."""
    root = tmp_path_factory.mktemp("template")
    write_articles(root / "articles", range(5))
    sync([root / "articles"], root / "index", pipeline=make_pipeline())
    return root


@pytest.fixture
def layout(template, tmp_path):
    shutil.copytree(template / "index", tmp_path / "index")
    return IndexLayout(tmp_path / "index")


class NoEncoder(HashingEncoder):
    def encode_passages(self, texts):
        raise AssertionError("a repair embeds nothing")


def no_embedding():
    return make_pipeline(NoEncoder())


def wrong(layout):
    return [finding for finding in diagnose(layout.root, pipeline=no_embedding()) if not finding.harmless]


def test_a_sound_index_has_no_findings_and_needs_no_repair(layout):
    assert diagnose(layout.root, pipeline=no_embedding()) == []
    assert repair(layout.root, pipeline=no_embedding()) == []


def test_nothing_indexed_is_said(tmp_path):
    for check in (diagnose, repair):
        with pytest.raises(IndexMissingError, match="qa-service index"):
            check(tmp_path / "nowhere", pipeline=no_embedding())


@pytest.mark.parametrize("damage", [truncate, empty, remove, garble])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_of_the_generation_is_told_and_mended_without_embedding(layout, name, damage):
    (path,) = layout.generation(layout.current_id()).glob(name)
    damage(path)
    with pytest.raises(IndexDamagedError, match="doctor --repair"):
        open_store(layout.root, no_embedding())
    assert {finding.remedy for finding in wrong(layout)} == {REPAIR}
    assert repair(layout.root, pipeline=no_embedding())[0].startswith("published generation")
    assert wrong(layout) == []
    assert finds_everything(open_store(layout.root, no_embedding()))


@pytest.mark.parametrize(
    "damage",
    [
        lambda layout: layout.pointer.unlink(),
        lambda layout: layout.pointer.write_bytes(b""),
        lambda layout: layout.pointer.write_bytes(b"\xff\xfe\x00garbage"),
        lambda layout: layout.pointer.write_text("00000009-0123abcd"),
        lambda layout: layout.pointer.write_text("../../etc"),
        lambda layout: shutil.rmtree(layout.generation(layout.current_id())),
        lambda layout: shutil.rmtree(layout.generations),
        lambda layout: shutil.rmtree(layout.generation(layout.current_id()) / "chroma"),
        lambda layout: shutil.rmtree(layout.generation(layout.current_id()) / "lexical"),
    ],
)
def test_a_lost_pointer_or_generation_is_told_and_mended(layout, damage):
    damage(layout)
    with pytest.raises(IndexDamagedError, match="doctor --repair"):
        open_store(layout.root, no_embedding())
    assert {finding.remedy for finding in wrong(layout)} == {REPAIR}
    repair(layout.root, pipeline=no_embedding())
    assert wrong(layout) == []
    assert finds_everything(open_store(layout.root, no_embedding()))


def test_a_sync_mends_a_damaged_generation_too(layout, template):
    truncate(layout.generation(layout.current_id()) / "vectors.npy")
    sync([template / "articles"], layout.root, pipeline=no_embedding())
    assert wrong(layout) == []


@pytest.mark.parametrize("damage", [truncate, empty, remove, garble])
def test_a_damaged_store_is_told_and_neither_touched_nor_mended_by_a_repair(layout, template, damage):
    damage(layout.database)
    left = layout.database.read_bytes() if layout.database.exists() else None
    assert [finding.remedy for finding in wrong(layout) if finding.subject == "store"] == [REBUILD]
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        repair(layout.root, pipeline=no_embedding())
    assert (layout.database.read_bytes() if layout.database.exists() else None) == left
    assert finds_everything(open_store(layout.root, no_embedding()))  # what is served does not need the store


def test_a_page_of_the_store_gone_bad_is_found(layout):
    content = bytearray(layout.database.read_bytes())
    content[8192:12288] = b"\xee" * 4096
    layout.database.write_bytes(content)
    assert REBUILD in {finding.remedy for finding in wrong(layout)}


def test_vectors_gone_bad_are_found_and_left_to_index(layout):
    database = Database.open(layout.database)
    nan = np.full(32, np.nan, dtype=np.float32).tobytes()
    database._connection.execute("UPDATE vectors SET vector = ? WHERE row = 1", (nan,))
    database._connection.execute("UPDATE vectors SET vector = x'0000' WHERE row = 2")
    database._connection.execute("DELETE FROM vectors WHERE row = 3")
    database.close()
    (finding,) = wrong(layout)
    assert (finding.problem.split()[0], finding.remedy) == ("3", INDEX)


def test_other_settings_are_a_finding(layout):
    findings = diagnose(layout.root, pipeline=make_pipeline(settings={"passage_tokens": "9"}))
    assert any("passage_tokens: 200, not 9" in finding.problem and finding.remedy == REBUILD for finding in findings)


def test_articles_committed_but_not_published_are_found_and_published(layout, tmp_path, monkeypatch):
    from qa_service.indexing import pipeline as module

    write_articles(tmp_path / "more", [9])
    monkeypatch.setattr(module, "build_generation", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        sync([tmp_path / "more"], layout.root, pipeline=make_pipeline())
    monkeypatch.undo()
    assert [finding.subject for finding in wrong(layout)] == ["generation"]
    repair(layout.root, pipeline=no_embedding())
    assert open_store(layout.root, no_embedding()).article("a9")


def test_an_index_being_written_is_not_called_wrong(layout, tmp_path, monkeypatch):
    from qa_service.indexing import pipeline as module

    found = []

    def look_around(*_args):
        found.extend(diagnose(layout.root, pipeline=no_embedding()))
        raise KeyboardInterrupt

    write_articles(tmp_path / "more", [9])
    monkeypatch.setattr(module, "build_generation", look_around)
    with pytest.raises(KeyboardInterrupt):
        sync([tmp_path / "more"], layout.root, pipeline=make_pipeline())
    assert [(finding.problem.split(" is ")[0], finding.harmless) for finding in found] == [
        (f"process {os.getpid()}", True)
    ]


def test_leftovers_are_told_as_harmless_and_removed_by_a_repair(layout):
    layout.building("00000007-0123abcd").mkdir()
    layout.root.joinpath("store.sqlite3.damaged-20240101T000000").write_bytes(b"x")
    findings = diagnose(layout.root, pipeline=no_embedding())
    assert [(finding.subject, finding.harmless) for finding in findings] == [("leftovers", True)] * 2
    assert repair(layout.root, pipeline=no_embedding()) == ["removed 00000007-0123abcd.building"]
    assert len(diagnose(layout.root, pipeline=no_embedding())) == 1  # the store kept aside stays


def test_a_repair_waits_its_turn(layout):
    with writer_lock(layout), pytest.raises(IndexLockedError):
        repair(layout.root, pipeline=no_embedding())


def test_a_store_with_other_tables_is_an_error_of_ours(layout):
    database = Database.open(layout.database)
    database._connection.execute("DROP TABLE analyses")
    database.close()
    layout.pointer.unlink()
    with pytest.raises(StoreError):
        repair(layout.root, pipeline=no_embedding())
