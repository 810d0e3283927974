import json
import logging

import pytest

from qa_service.errors import QuestionSetError
from qa_service.evaluation.question_files import read_question_set, read_question_sets
from qa_service.evaluation.question_schema import SCHEMA_FILE, QuestionLine, json_schema

LINE = {"id": "a", "question": "How much?", "language": "en", "articles": ["x"], "answers": ["1,5", "2"], "tags": ["t"]}


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def summary(gold):
    return gold.id, gold.question, gold.kind, gold.articles, [[one.text for one in part] for part in gold.answers]


WRITTEN = {
    "q.jsonl": json.dumps(LINE) + "\n\n",
    "q.json": json.dumps([LINE]),
    "q.yaml": "- id: a\n  question: How much?\n  articles: [x]\n  answers: ['1,5', 2]\n  tags: [t]\n",
    "q.yml": "questions:\n- {id: a, question: 'How much?', articles: [x], answers: ['1,5', 2]}\n",
    "q.csv": 'id,question,articles,answers\na,How much?,x,"1,5|2"\n',
    "semicolons.csv": "id;question;articles;answers\na;How much?;x;1,5|2\n",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_question(name, tmp_path):
    questions = read_question_set(written(tmp_path, name, WRITTEN[name]))
    assert [summary(gold) for gold in questions] == [("a", "How much?", "answer", ("x",), [["1,5", "2"]])]


def test_parts_and_quantities_are_read():
    line = QuestionLine.model_validate(
        {"question": "?", "answers": [["3", "three"], [{"amount": "19943000", "unit": "USD"}]]}
    )
    first, second = line.gold(1).answers
    assert [one.text for one in first] == ["3", "three"]
    assert (second[0].amount, second[0].unit) == (19943000, "USD")


def test_the_language_no_is_not_false_in_yaml(tmp_path):
    path = written(tmp_path, "q.yaml", "- question: Hva?\n  language: no\n  kind: abstain\n")
    assert read_question_set(path)[0].language == "no"


BROKEN = [
    ('{"question": "a", "kind": "abstain"}\n{"question": " "}', ["line 2: field question"]),
    ('{"kind": "abstain"}', ["line 1: field question"]),
    ('{"question": "a", "kind": "maybe"}', ["line 1: field kind", "'maybe'"]),
    ('{"question": "a", "answers": [true]}', ["line 1: field answers", "True"]),
    ('{"question": "a", "answers": "x"}', ["line 1: field answers", "'x'"]),
    ('{"question": "a", "kind": "abstain", "answers": ["x"]}', ["line 1: field answers: a question of kind abstain"]),
    ('{"question": "a"}', ["line 1: field answers: a question of kind answer needs"]),
    ('{"question": "a", "answers": ["x"], "period": "2024"}', ["line 1: field period"]),
    ("\n\n{broken\n[1]", ["line 3: is no JSON", "line 4: is no mapping"]),
    ("", ["holds no questions"]),
]


@pytest.mark.parametrize(("text", "told"), BROKEN)
def test_a_broken_line_is_named_by_number_and_field(text, told, tmp_path):
    with pytest.raises(QuestionSetError) as error:
        read_question_set(written(tmp_path, "q.jsonl", text))
    assert all(part in str(error.value) for part in told)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("q.yaml", "- question: a\n  kind: abstain\n\n- question: b\n  kind: perhaps\n", "line 4: field kind"),
        ("q.yaml", "question: a\n", "no list of questions"),
        ("q.yaml", "- [\n", "no YAML"),
        ("q.csv", "question,kind\na,abstain\nb,perhaps\n", "line 3: field kind"),
        ("q.csv", "question,kind\na,abstain,more\n", "line 2: has more cells"),
        ("q.json", "{}", "neither a list"),
        ("q.txt", "a", "no question set"),
    ],
)
def test_other_formats_name_the_line_too(name, text, told, tmp_path):
    with pytest.raises(QuestionSetError, match=told):
        read_question_set(written(tmp_path, name, text))


def test_a_misspelt_field_is_warned_of(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        read_question_set(written(tmp_path, "q.jsonl", '{"question": "a", "answers": ["1"], "anwsers": ["2"]}'))
    assert "did you mean 'answers'?" in caplog.text


def test_squad_paragraphs_become_gold_quotes_and_impossible_questions_abstain(tmp_path):
    asked = [
        {"id": "1", "question": "Who?", "answers": [{"text": "Ann", "answer_start": 0}, {"text": "Ann"}]},
        {"id": "2", "question": "When?", "answers": [], "is_impossible": True},
    ]
    squad = {"version": "2", "data": [{"title": "t", "paragraphs": [{"context": "Ann came.", "qas": asked}]}]}
    first, second = read_question_set(written(tmp_path, "q.json", json.dumps(squad)))
    assert (first.quote, [one.text for one in first.answers[0]], second.kind) == ("Ann came.", ["Ann"], "abstain")


def test_a_repeated_id_is_made_its_own(tmp_path):
    path = written(tmp_path, "q.jsonl", '{"id": 1, "question": "a", "kind": "abstain"}\n' * 2)
    assert [gold.id for gold in read_question_set(path)] == ["1", "1#2"]


def test_ids_of_several_files_are_told_apart(tmp_path):
    paths = [
        written(tmp_path, name, '{"id": "q", "question": "a", "kind": "abstain"}') for name in ("a.jsonl", "b.jsonl")
    ]
    assert [gold.id for gold in read_question_sets(paths)] == ["a:q", "b:q"]


def test_the_json_schema_is_the_one_that_is_read():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema()
