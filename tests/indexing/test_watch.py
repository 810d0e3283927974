from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from store_parts import make_pipeline, open_store, write_articles

from qa_service.errors import RemovalError
from qa_service.indexing.watch import WatchOptions, fingerprint, watch
from qa_service.store.layout import IndexLayout
from qa_service.store.lock import writer_lock

DEADLINE_S = 30.0


class Watching:
    """A watcher in a thread, with what it reported."""

    def __init__(self, articles, index):
        self.reports, self.errors, self.stop = [], [], threading.Event()
        self.options = WatchOptions(interval_s=0.05, on_report=self.reports.append, on_error=self.errors.append)
        self._thread = threading.Thread(target=self._run, args=(articles, index))

    def _run(self, articles, index):
        watch([articles], index, pipeline=make_pipeline(), stop=self.stop, options=self.options)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()

    def wait_for(self, condition):
        deadline = time.monotonic() + DEADLINE_S
        while not condition(self):
            assert time.monotonic() < deadline, (self.reports, self.errors)
            time.sleep(0.02)


@pytest.fixture
def articles(tmp_path):
    write_articles(tmp_path / "articles", range(3))
    return tmp_path / "articles"


def test_the_index_follows_the_folder(articles, tmp_path):
    with Watching(articles, tmp_path / "index") as watching:
        watching.wait_for(lambda w: len(w.reports) == 1)
        write_articles(articles, [7])
        watching.wait_for(lambda w: sum(report.added for report in w.reports) == 4)
        write_articles(articles, [0], version=3)
        (articles / "a1.txt").unlink()
        watching.wait_for(lambda w: sum(report.updated + report.removed for report in w.reports) == 2)
        settled = len(watching.reports)
        time.sleep(0.4)
        assert len(watching.reports) == settled  # nothing changed, nothing synced
    assert watching.errors == []
    store = open_store(tmp_path / "index", make_pipeline())
    assert [info.id for info in store.articles()] == ["a0", "a2", "a7"]


def test_an_error_is_reported_once_and_the_watch_goes_on(articles, tmp_path):
    with Watching(articles, tmp_path / "index") as watching:
        watching.wait_for(lambda w: w.reports)
        for path in list(articles.iterdir()):
            path.unlink()
        watching.wait_for(lambda w: w.errors)
        assert isinstance(watching.errors[0], RemovalError)
        write_articles(articles, range(4))
        watching.wait_for(lambda w: any(report.added for report in w.reports[1:]))
    assert open_store(tmp_path / "index", make_pipeline()).count() == 12


def test_a_sync_that_found_the_index_locked_is_tried_again_without_a_change(articles, tmp_path):
    with writer_lock(IndexLayout(tmp_path / "index")):
        watching = Watching(articles, tmp_path / "index")
        watching.__enter__()
        watching.wait_for(lambda w: w.errors)
        assert watching.reports == []
    watching.wait_for(lambda w: w.reports)
    watching.__exit__()
    assert watching.reports[0].added == 3


def test_a_file_still_being_copied_waits_until_it_stands_still(articles, tmp_path):
    with Watching(articles, tmp_path / "index") as watching:
        watching.wait_for(lambda w: w.reports)
        path = articles / "a9.txt"
        with path.open("w") as file:
            for _ in range(40):
                file.write("word ")
                file.flush()
                time.sleep(0.01)
        watching.wait_for(lambda w: any(report.added for report in w.reports[1:]))
        time.sleep(0.3)
    assert sum(report.added + report.updated for report in watching.reports[1:]) <= 2


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "new.txt").write_text("x"),
        lambda folder: (folder / "a0.txt").unlink(),
        lambda folder: (folder / "a0.txt").write_text("longer " * 50),
        lambda folder: (folder / "a0.txt").rename(folder / "b0.txt"),
        lambda folder: ((folder / "deep").mkdir(), (folder / "deep" / "x.txt").write_text("x")),
    ],
)
def test_every_change_of_the_folder_changes_its_fingerprint(articles, change):
    before = fingerprint([articles])
    assert fingerprint([articles]) == before
    change(articles)
    assert fingerprint([articles]) != before


def test_hidden_files_and_missing_paths_are_no_change(articles):
    before = fingerprint([articles, articles / "missing"])
    (articles / ".swap").write_text("x")
    assert fingerprint([articles, articles / "missing"]) == before
