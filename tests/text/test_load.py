from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from qa_service.errors import ArticleError
from qa_service.text.load import load_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_bytes(text.encode("utf-8"))


def test_folder_is_read_recursively_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path, b__txt="Bee.", a__md="# Ay", notes__pdf="no")
    write(tmp_path / "deep", c__html="<p>Sea</p>")
    result = load_path(tmp_path)
    assert [(a.id, a.format) for a in result.articles] == [("a", "md"), ("b", "txt"), ("c", "html")]
    assert (result.errors, result.ignored) == ((), 1)


@pytest.mark.parametrize("text", ["\ufeffTitle\r\nBody\r", "a\u2028b\n\n\n", "e\u0301 NFD", "trailing \t\n"])
def test_text_is_kept_to_the_code_point(tmp_path: Path, text: str) -> None:
    write(tmp_path, a__txt=text)
    assert load_path(tmp_path / "a.txt").articles[0].text == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"gr\xfcn", "0xfc at offset 2. Save it again as UTF-8"),
        ("grün".encode("utf-16"), "UTF-16"),
        (b"PK\x00\x01", "NUL byte at offset 2"),
        (b"\x01\x02\x03\x04 text", "4 control characters"),
        (b"x" * 101, "101 bytes, over the limit of 100"),
    ],
)
def test_unusable_file_is_named_and_the_others_load(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    write(tmp_path, good__txt="Fine.")
    result = load_path(tmp_path, max_bytes=100)
    assert [a.id for a in result.articles] == ["good"]
    assert result.failed_ids == ("bad",)
    [error] = result.errors
    assert "bad.txt" in str(error)
    assert said in str(error)


def test_two_files_of_one_stem_are_an_error_that_names_both(tmp_path: Path) -> None:
    write(tmp_path, a__txt="One.", a__md="Two.", b__txt="Three.")
    result = load_path(tmp_path)
    assert [a.id for a in result.articles] == ["b"]
    assert result.failed_ids == ("a",)
    [error] = result.errors
    assert "a.txt" in str(error)
    assert "a.md" in str(error)


def test_missing_path_and_foreign_suffix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no file or folder"):
        load_path(tmp_path / "nowhere")
    write(tmp_path, a__pdf="x")
    with pytest.raises(ArticleError, match=r"'\.pdf'"):
        load_path(tmp_path / "a.pdf")


def test_a_loop_of_links_ends_and_a_dead_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", a__txt="One.")
    (tmp_path / "in" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dead.txt").symlink_to(tmp_path / "gone.txt")
    result = load_path(tmp_path)
    assert [a.id for a in result.articles] == ["a"]
    [error] = result.errors
    assert "dead.txt" in str(error)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    [error] = load_path(tmp_path).errors
    assert "not a regular file" in str(error)


def jsonl(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_jsonl_gives_an_article_a_line_with_its_declared_fields(tmp_path: Path) -> None:
    fields = {"title": "T", "url": "https://a.example/b", "published_on": "2024-06-30", "language": "nb"}
    lines = [{"id": "a", "text": "One\u2028still one."} | fields, "", {"id": 7, "text": "Two."}]
    path = jsonl(tmp_path / "x.jsonl", *lines)
    first, second = load_path(path).articles
    assert (first.text, first.declared_title, first.declared_url) == ("One\u2028still one.", "T", "https://a.example/b")
    assert (first.declared_published_on, first.declared_language) == (date(2024, 6, 30), "nb")
    assert (second.id, second.declared_title) == ("7", None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{broken", "not a JSON object"),
        ([1], "list"),
        ({"text": "x"}, "'id' is None"),
        ({"id": "", "text": "x"}, "'id' is ''"),
        ({"id": "b"}, "'text' is missing"),
        ({"id": "b", "text": 5}, "'text' is int"),
        ({"id": "b", "text": "  "}, "'text': the article is empty"),
        ({"id": "b", "text": "half \ud800"}, "surrogate"),
        ({"id": "b", "text": "x", "published_on": "June"}, "'published_on' is 'June'"),
        ({"id": "b", "text": "x", "url": "javascript:alert(1)"}, "'url' is 'javascript:alert(1)'"),
        ({"id": "b", "text": "x", "language": "Norwegian!"}, "'language' is 'Norwegian!'"),
        ({"id": "b", "text": "x" * 300}, "over the limit of 200 bytes"),
    ],
)
def test_broken_line_is_named_by_number_and_field(tmp_path: Path, line: object, said: str) -> None:
    path = jsonl(tmp_path / "x.jsonl", {"id": "a", "text": "One."}, line, {"id": "c", "text": "Three."})
    result = load_path(path, max_bytes=200)
    assert [a.id for a in result.articles] == ["a", "c"]
    [error] = result.errors
    assert "line 2" in str(error)
    assert said in str(error)


def test_id_used_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    lines = [{"id": id, "text": "One."} for id in ("a", "b", "a")]
    path = jsonl(tmp_path / "x.jsonl", *lines)
    result = load_path(path)
    assert [a.id for a in result.articles] == ["b"]
    [error] = result.errors
    assert "line 1" in str(error)
    assert "line 3" in str(error)
