"""Of two values, each belongs to the name that stands nearest to it."""

import pytest
from fixed_points import TODAY

from qa_service.answering.association import UNKNOWN, mentions_in, nearest_share
from qa_service.models import Span
from qa_service.query.analysis import analyse
from qa_service.query.parse import parse_question


def share(question, text, value, language="en"):
    analysis = analyse(text, language)
    known = {name.key: name.kind for name in analysis.names}
    parsed = parse_question(question, today=TODAY, language=language, known_names=known)
    start = text.index(value)
    return nearest_share(mentions_in(parsed, analysis), text, Span(start, start + len(value)))


ONE_SENTENCE = "Brodara Steel sold 412 tonnes, Varpo Metals 380 tonnes."


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        ("How much did Brodara Steel sell?", "412 tonnes", 1.0),
        ("How much did Brodara Steel sell?", "380 tonnes", 0.0),
        ("How much did Varpo Metals sell?", "380 tonnes", 1.0),
        ("How much did Varpo Metals sell?", "412 tonnes", 0.0),
        ("How much was sold?", "412 tonnes", UNKNOWN),
    ],
)
def test_the_nearest_name_of_its_kind_owns_a_value(question, value, expected):
    assert share(question, ONE_SENTENCE, value) == expected


def test_a_name_of_the_sentence_before_owns_a_value_that_has_none_nearer():
    text = "Brodara Steel opened a mill in March. It employs 240 people."
    assert share("How many people does Brodara Steel employ?", text, "240") == 1.0
