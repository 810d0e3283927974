import json

import pytest
from evaluation_parts import abstained, case, gold, outcome, value

from qa_service.errors import QuestionSetError
from qa_service.evaluation.compare import compare
from qa_service.evaluation.evaluation_file import evaluate_cases, read_cases, write_evaluation
from qa_service.evaluation.figures import figures_of
from qa_service.evaluation.gate import failures, parse_thresholds

RIGHT, WRONG = outcome("17", values=[value("17", "")]), outcome("18")


def cases(*results):
    return [case(gold("17", name=f"q{i}", tags=["t"]), result) for i, result in enumerate(results)]


def test_a_comparison_is_paired_and_names_the_changed_cases():
    comparison = compare(cases(RIGHT, WRONG, abstained()), cases(WRONG, RIGHT, abstained()))
    assert [item.now.gold.id for item in comparison.better] == ["q0"]
    assert [item.now.gold.id for item in comparison.worse] == ["q1"]
    accuracy = comparison.differences[0]
    assert (accuracy.name, accuracy.change, accuracy.count) == ("answer_accuracy", 0.0, 3)


def test_only_questions_in_both_are_compared():
    comparison = compare(cases(RIGHT, WRONG), cases(RIGHT))
    assert (comparison.differences[0].count, comparison.unmatched) == (1, 1)
    with pytest.raises(QuestionSetError, match="none of these"):
        compare([case(gold("17", name="other"), RIGHT)], cases(RIGHT))


def test_what_is_worse_is_told_and_slower_is_not_worse():
    slower = outcome("17", values=[value("17", "")], wall_ms=9000)
    assert compare(cases(slower), cases(RIGHT)).worsened == ()
    assert "wrong_answer_rate" in compare(cases(WRONG), cases(RIGHT)).worsened


@pytest.mark.parametrize(
    ("option", "held"),
    [
        ("answer_accuracy=0.5", True),
        ("answer_accuracy=0.51", False),
        ("wrong_answer_rate=0.5", True),
        ("wrong_answer_rate=0.49", False),
        ("abstention_recall=0.1", False),
    ],
)
def test_a_threshold_is_a_floor_or_a_ceiling_and_needs_a_figure(option, held):
    figures = figures_of(cases(RIGHT, WRONG))
    assert (not failures(figures, parse_thresholds([option]))) is held


@pytest.mark.parametrize("option", ["accuracy=0.5", "answer_accuracy", "answer_accuracy=x", "answer_accuracy=nan"])
def test_a_threshold_that_cannot_be_read_is_an_error(option):
    with pytest.raises(QuestionSetError):
        parse_thresholds([option])


def test_an_evaluation_is_read_back_as_it_was_written(tmp_path):
    path, measured = tmp_path / "e.json", cases(RIGHT, abstained())
    write_evaluation(evaluate_cases(measured, {"set": "s"}), path)
    assert read_cases(path) == measured
    assert json.loads(path.read_text(encoding="utf-8"))["metrics"]["answer_accuracy"]["count"] == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cases": [1]}'])
def test_a_file_that_is_no_evaluation_is_an_error(text, tmp_path):
    path = tmp_path / "e.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetError):
        read_cases(path)
