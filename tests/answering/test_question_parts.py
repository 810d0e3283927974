import pytest
from fixed_points import TODAY

from qa_service.answering.parts import is_comparison, question_parts
from qa_service.models import AskedFor
from qa_service.query.parse import parse_question


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How much did the port earn in 2023?", [AskedFor.AMOUNT]),
        ("How many projects did Vargon license in 2022 and for how much?", [AskedFor.COUNT, AskedFor.AMOUNT]),
    ],
)
def test_each_thing_asked_is_a_part(question, asked):
    assert [part.asked for part in question_parts(parse_question(question, today=TODAY))] == asked


def test_two_periods_are_asked_one_by_one():
    parts = question_parts(parse_question("How much did Vargon attract in 2022 and in 2024?", today=TODAY))
    assert [part.question.periods[0].last.year for part in parts] == [2022, 2024]
    assert is_comparison(parts)


def test_a_period_within_another_is_not_a_comparison():
    parts = question_parts(parse_question("How much did Vargon attract in June 2024?", today=TODAY))
    assert len(parts) == 1
