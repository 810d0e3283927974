import json
import os
import subprocess
import sys
import time

import pytest
from fixed_points import SEEDS

from qa_service.cli import main


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "qa_service", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    return done.returncode, done.stdout, done.stderr


COMMANDS = ["index", "ask", "search", "serve", "eval", "settings", "doctor", "watch", "feedback"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: qa-service {command}")


def test_help_imports_nothing_heavy():
    code = "import sys; from qa_service.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print(sorted({'torch','gradio','chromadb','babel','pydantic','llama_index'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_no_index_names_the_command_that_builds_it(tmp_path, capsys):
    assert main(["ask", "who?", "--index-dir", str(tmp_path / "none")]) == 2
    assert "`qa-service index`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "There is no question"),
        (["ask", "x", "--today", "yesterday"], "--today cannot be 'yesterday'"),
        (["search", "x", "--top-k", "0"], "--top-k cannot be 0"),
        (["index", "/nowhere/at/all"], "/nowhere/at/all"),
    ],
)
def test_a_mistake_is_told_in_a_line_without_a_traceback(tmp_path, capsys, arguments, message):
    assert main([*arguments, "--index-dir", str(tmp_path)]) != 0
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_an_unknown_setting_is_named():
    code, _, err = run("settings", QA_STRICTNES="strict")
    assert code == 2
    assert "QA_STRICTNES" in err


def test_a_setting_with_a_bad_value_is_named():
    code, _, err = run("settings", QA_PORT="none")
    assert code == 2
    assert "port" in err
    assert "'none'" in err


def test_settings_lists_every_setting_with_its_source():
    code, out, _ = run("settings", "--json", QA_CANDIDATES="50")
    rows = {row["variable"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["QA_CANDIDATES"]["value"] == 50
    assert rows["QA_CANDIDATES"]["source"] == "environment"
    assert rows["QA_PASSAGE_TOKENS"]["source"].endswith("settings.toml")
    assert all(row["description"] for row in rows.values())


def test_ask_answers_with_headline_quote_and_place(seed_index, capsys):
    assert main(["ask", "how much FDI did Quang Ninh attract by June 2024", "--index-dir", str(seed_index)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("US$1,543 million\n")
    assert "1 543 millioner amerikanske dollar innen utgangen av juni 2024" in " ".join(out.split())
    assert "000_0b46af3614b9e39e:" in out


def test_a_batch_gives_one_line_for_each_line_in_order_broken_ones_too(seed_index, tmp_path):
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    lines = [
        '{"id": "one", "question": "Who won the football World Cup in 2022?", "extra": 1}',
        "not json",
        '{"id": "three"}',
        '{"id": "four", "question": ""}',
    ]
    questions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    arguments = ["ask", "--input", str(questions), "--output", str(answers), "--index-dir", str(seed_index)]
    assert main(arguments) == 0
    found = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [(answer["id"], answer["status"]) for answer in found] == [
        ("one", "abstained"),
        ("line-2", "abstained"),
        ("three", "abstained"),
        ("four", "abstained"),
    ]
    assert [answer["reason"] for answer in found[1:]] == ["invalid_question"] * 3


def test_search_gives_passages_that_are_slices_of_the_article(seed_index, tmp_path):
    questions, found = tmp_path / "q.jsonl", tmp_path / "p.jsonl"
    questions.write_text('{"id": "a", "question": "Autoliv factory in Song Khoai"}\n', encoding="utf-8")
    arguments = ["search", "--input", str(questions), "--output", str(found), "--index-dir", str(seed_index)]
    assert main([*arguments, "--top-k", "5"]) == 0
    passages = json.loads(found.read_text(encoding="utf-8"))["passages"]
    assert len(passages) == 5
    assert passages[0]["article_id"] == "003_50fe8ca5834c48ef"
    for passage in passages:
        text = (SEEDS / f"{passage['article_id']}.txt").read_bytes().decode("utf-8")
        assert text[passage["start"] : passage["end"]] == passage["text"]
        assert set(passage["lanes"]) <= {"dense", "lexical", "reader"}


def test_indexing_again_embeds_nothing(seed_index, capsys):
    assert main(["index", str(SEEDS), "--index-dir", str(seed_index)]) == 0
    assert capsys.readouterr().out.startswith("0 added, 0 updated, 5 unchanged, 0 removed")


def test_unreadable_articles_are_named_and_the_others_indexed(tmp_path, capsys):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("The bridge in Vargon cost 12 million kroner in 2021.\n", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 10)
    (folder / "latin.txt").write_bytes("Ein schöner Satz über Größe.".encode("latin-1"))
    assert main(["index", str(folder), "--index-dir", str(tmp_path / "index")]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("1 added")
    for name in ("empty.txt", "binary.txt", "latin.txt"):
        assert name in shown.err


def test_help_is_fast():
    started = time.perf_counter()
    run("--help")
    assert time.perf_counter() - started < 5.0  # half a second on an idle machine; a hung import takes longer
