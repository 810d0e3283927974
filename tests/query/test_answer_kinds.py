"""The kinds of answer a question may want, from rules and embedding."""

from dataclasses import replace

import numpy as np
import pytest
from fixed_points import TODAY

from qa_service.models import AskedFor
from qa_service.query.answer_kinds import (
    RULES,
    KindModel,
    kind_probability,
    load_kind_model,
    save_kind_model,
    with_expected_kinds,
)
from qa_service.query.parse import parse_question

KINDS = (AskedFor.AMOUNT, AskedFor.PLACE, AskedFor.RANK)


@pytest.fixture
def model():
    """Two dimensions: the first speaks for a place, the second for nothing; rules speak for themselves."""
    weights = np.zeros((len(RULES) + 2, len(KINDS)), dtype=np.float32)
    for column, kind in enumerate(KINDS):
        weights[RULES.index(kind), column] = 2.0
    weights[len(RULES), 1] = 10.0
    bias = np.zeros(len(KINDS), dtype=np.float32)
    return KindModel(KINDS, weights, bias, weights[: len(RULES)], bias)


def test_probabilities_are_a_distribution_and_follow_rule_and_vector(model):
    plain = model.probabilities(AskedFor.RANK, np.array([0.0, 1.0], dtype=np.float32))
    assert sum(plain.values()) == pytest.approx(1.0)
    assert max(plain, key=plain.get) is AskedFor.RANK
    moved = model.probabilities(AskedFor.RANK, np.array([1.0, 0.0], dtype=np.float32))
    assert max(moved, key=moved.get) is AskedFor.PLACE


def test_a_vector_of_another_model_is_left_out(model):
    other = model.probabilities(AskedFor.RANK, np.ones(7, dtype=np.float32))
    assert other == model.probabilities(AskedFor.RANK, None)


def test_an_unlikely_reading_gives_way_to_the_likeliest_kind(model):
    question = parse_question("Which provinces rank ahead of Ardland?", today=TODAY)
    question = replace(question, asked_for=(AskedFor.RANK,))
    assert with_expected_kinds(question, np.array([1.0, 0.0], dtype=np.float32), model).asked_for == (AskedFor.PLACE,)
    assert with_expected_kinds(question, None, model).asked_for == (AskedFor.RANK,)


@pytest.mark.parametrize("asked", [(AskedFor.YES_NO,), (AskedFor.COUNT, AskedFor.AMOUNT)])
def test_sentences_and_several_parts_are_left_as_the_rules_read_them(model, asked):
    question = replace(parse_question("Is it so?", today=TODAY), asked_for=asked)
    assert with_expected_kinds(question, np.array([1.0, 0.0], dtype=np.float32), model) == question


def test_a_model_is_read_as_it_was_written(model, tmp_path):
    save_kind_model(model, tmp_path / "kinds.npz")
    read = load_kind_model.__wrapped__(tmp_path / "kinds.npz")
    assert read.kinds == model.kinds
    assert np.array_equal(read.weights, model.weights)


def test_nothing_known_of_a_question_rules_nothing_out():
    assert kind_probability({}, AskedFor.AREA) == 1.0
    assert kind_probability({AskedFor.AREA: 0.25, AskedFor.COUNT: 0.5}, AskedFor.AREA, AskedFor.COUNT) == 0.75


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many hectares does the park cover?", AskedFor.AREA),
        ("Wie viel Prozent der Mitglieder stimmten zu?", AskedFor.SHARE),
        ("Hvem leder selskapet?", AskedFor.PERSON),
        ("Nhà máy khánh thành khi nào?", AskedFor.DATE),
    ],
)
def test_the_shipped_model_knows_plain_questions(question, kind):
    parsed = with_expected_kinds(parse_question(question, today=TODAY), None, load_kind_model())
    assert max(parsed.kinds, key=parsed.kinds.get) is kind
