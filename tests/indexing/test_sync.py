from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from qa_service.errors import ArticleError, RemovalError
from qa_service.indexing.sync import Source, load_sources, plan_changes, source_hash
from qa_service.models import LoadedArticle
from qa_service.store.database import KnownArticle


def article(article_id, text="text"):
    return LoadedArticle(article_id, text, "txt", f"/src/{article_id}.txt")


def source(*articles, key="/src", **more):
    return Source(key, articles, **more)


def stored(*articles, key="/src"):
    return {item.id: KnownArticle(item.id, key, source_hash(item), item.path) for item in articles}


A, B, C, D = (article(name) for name in "abcd")


@pytest.mark.parametrize(
    ("sources", "known", "tasks", "removed", "unchanged"),
    [
        ([source(A, B)], {}, ["a", "b"], (), 0),
        ([source(A, B)], stored(A, B), [], (), 2),
        ([source(A, article("b", "changed"))], stored(A, B), ["b"], (), 1),
        ([source(A, B)], stored(A, B, C), [], ("c",), 2),
        ([source(A)], stored(A) | stored(B, key="/other"), [], (), 1),  # other sources are left alone
        ([source(readable=False, errors=("gone",))], stored(A, B), [], (), 0),  # an unreadable path removes nothing
        ([source(A, failed_ids=frozenset("b"), errors=("b broken",))], stored(A, B, C), [], ("c",), 1),
        ([source(A, B, errors=("one of unknown id broken",))], stored(A, B, C), [], (), 2),
        # an article that moves from one source to the other, both given
        ([source(B, C, key="/old"), source(A, key="/new")], stored(A, B, C, key="/old"), ["a"], (), 2),
    ],
)
def test_the_plan_brings_each_source_in_line(sources, known, tasks, removed, unchanged):
    plan = plan_changes(sources, known)
    assert ([task.loaded.id for task in plan.tasks], plan.removed_ids, plan.unchanged) == (tasks, removed, unchanged)


def test_everything_is_done_again_on_a_rebuild_but_only_changed_articles_count_as_updated():
    plan = plan_changes([source(A, article("b", "changed"))], stored(A, B), everything=True)
    assert [task.loaded.id for task in plan.tasks] == ["a", "b"]
    assert plan.updated_ids == {"b"}


@pytest.mark.parametrize(
    ("left", "refused"),
    [([A, B, C], False), ([A, B], False), ([A], True), ([], True)],
)
def test_removing_more_than_half_of_a_source_needs_leave(left, refused):
    known = stored(A, B, C, D)
    if not refused:
        assert len(plan_changes([source(*left)], known).removed_ids) == 4 - len(left)
        return
    with pytest.raises(RemovalError, match=rf"{4 - len(left)} of the 4 .*/src.*--allow-removal"):
        plan_changes([source(*left)], known)
    assert len(plan_changes([source(*left)], known, allow_removal=True).removed_ids) == 4 - len(left)


def test_an_id_in_two_sources_is_an_error_that_names_both_and_the_first_stays():
    plan = plan_changes([source(A, key="/one"), source(A, B, key="/two")], {})
    assert [(task.source, task.loaded.id) for task in plan.tasks] == [("/one", "a"), ("/two", "b")]
    assert len(plan.errors) == 1
    assert all(name in plan.errors[0] for name in ("'a'", "/one", "/two"))


def test_an_id_of_a_source_indexed_before_is_not_taken_over():
    plan = plan_changes([source(article("a", "another text"), key="/two")], stored(A, key="/one"))
    assert (plan.tasks, plan.removed_ids) == ((), ())
    assert "/one and /two" in plan.errors[0]


def test_a_text_that_is_no_unicode_is_named_and_the_others_go_on():
    plan = plan_changes([source(article("a", "half a pair: \ud800"), B)], {})
    assert [task.loaded.id for task in plan.tasks] == ["b"]
    assert "'a' is no valid Unicode" in plan.errors[0]


@pytest.mark.parametrize(
    "other",
    [
        LoadedArticle("a", "text2", "txt", "/p"),
        LoadedArticle("a", "text", "md", "/p"),
        LoadedArticle("a", "text", "txt", "/p", declared_title="T"),
        LoadedArticle("a", "text", "txt", "/p", declared_url="T"),
        LoadedArticle("a", "text", "txt", "/p", declared_published_on=date(2024, 6, 1)),
        LoadedArticle("a", "text", "txt", "/p", declared_language="de"),
    ],
)
def test_whatever_an_article_is_made_from_is_in_its_hash(other):
    assert source_hash(other) != source_hash(LoadedArticle("a", "text", "txt", "/p"))


def test_a_file_that_moves_within_its_source_is_unchanged():
    assert source_hash(LoadedArticle("a", "text", "txt", "/p/sub")) == source_hash(
        LoadedArticle("a", "text", "txt", "/p")
    )


@dataclass
class Found:
    articles: tuple = ()
    errors: tuple = ()
    failed_ids: tuple = ()


def test_paths_are_resolved_and_taken_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    sources = load_sources(["folder", tmp_path / "folder", "link"], lambda _path: Found((A,)))
    assert [found.key for found in sources] == [str(tmp_path / "folder")]


def test_a_path_that_cannot_be_read_is_an_error_of_its_own(tmp_path):
    def load(path):
        if path.name == "bad":
            raise ArticleError("bad cannot be read")
        return Found((A,), (ArticleError("one broken"),), ("x",))

    bad, good = load_sources([tmp_path / "bad", tmp_path / "good"], load)
    assert (bad.readable, bad.errors) == (False, ("bad cannot be read",))
    assert (good.readable, good.errors, good.failed_ids) == (True, ("one broken",), {"x"})
