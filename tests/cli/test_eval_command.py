import json

import pytest

from qa_service.cli import main
from qa_service.resources import checkout

ARTICLE = checkout() / "tests" / "questions" / "second" / "articles" / "viby-library.md"
QUESTIONS = [
    {"id": "cost", "question": "What did the branch library in Aarhus-Viby cost to build?", "language": "en",
     "articles": ["viby-library"], "quote": "Building it cost 58 million Danish kroner", "answers": ["58 million DKK"],
     "tags": ["fact"]},
    {"id": "none", "question": "Wie viele Bücher besitzt die Bibliothek in Odense?", "language": "de",
     "kind": "abstain", "tags": ["place"]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in QUESTIONS), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--fail-worse"], "--fail-worse needs --baseline"),
        (["--fail-under", "accuracy=1"], "There is no metric 'accuracy'"),
        (["--fail-under", "mrr=high"], "--fail-under cannot be 'mrr=high'"),
        (["--tag", "period"], "Tags: fact, place; languages: de, en."),
        (["--language", "vi"], "No question has that tag and language"),
        (["--limit", "0"], "--limit cannot be 0"),
        (["--baseline", "missing.json"], "missing.json cannot be read"),
        (["--today", "tomorrow"], "--today cannot be 'tomorrow'"),
    ],
)
def test_a_mistake_is_told_before_anything_is_loaded(options, told, questions, capsys):
    assert main(["eval", str(questions), *options]) == 2
    assert told in capsys.readouterr().err


def test_a_broken_set_is_told_by_line_and_field(tmp_path, capsys):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "a", "kind": "abstain"}\n{"question": ""}\n', encoding="utf-8")
    assert main(["eval", str(path)]) == 2
    assert "q.jsonl, line 2: field question" in capsys.readouterr().err


@pytest.mark.slow
def test_eval_reports_resumes_compares_and_gates(questions, tmp_path, capsys):
    index, kept, figures, page = (tmp_path / name for name in ("index", "kept.jsonl", "now.json", "report.html"))
    assert main(["index", str(ARTICLE), "--index-dir", str(index)]) == 0
    first = ["eval", str(questions), "--index-dir", str(index), "--resume", str(kept), "--today", "2026-01-15"]
    assert main([*first, "--json", str(figures), "--html", str(page), "--fail-under", "quotes_verbatim=1"]) == 0
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2
    assert json.loads(figures.read_text(encoding="utf-8"))["metrics"]["wrong_answer_rate"]["count"] == 2
    assert "Cases, worst first" in page.read_text(encoding="utf-8")
    capsys.readouterr()
    gated = [*first, "--baseline", str(figures), "--fail-worse", "--fail-under", "latency_median_ms=0"]
    assert main(gated) == 1
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2, "nothing was asked again"
    shown = capsys.readouterr()
    assert "Against the baseline" in shown.out
    assert "latency_median_ms" in shown.err
    assert "worse" not in shown.err
