"""Which candidates may answer: period, place and names of the question are never given up."""

from dataclasses import replace

import pytest
from fixed_points import TODAY
from parts_of_answers import passage_of, result_of

from qa_service.answering.features import NAMES
from qa_service.answering.parts import question_parts
from qa_service.answering.selection import Judged, best_span, corroborating, same_value, weigh_part
from qa_service.models import Agreement


def judged(question, *texts, language="en", **scores):
    passages = [passage_of(text, article_id=f"a{n}", language=language) for n, text in enumerate(texts)]
    result = result_of(question, passages, today=TODAY, scores=scores.get("scores"))
    part = question_parts(result.question)[0]
    items = [Judged(item, item.features[NAMES.index("span_score")], 0.0) for item in weigh_part(part, result)]
    return sorted(items, key=lambda item: -item.span_logit)


def test_a_value_of_another_year_may_not_answer():
    found = judged(
        "How much did the port of Vargon earn in 2024?", "The port of Vargon earned 12 million euros in 2023."
    )
    assert best_span(found) is None
    assert {item.evidence.period for item in found} == {Agreement.CONTRADICTS}


def test_a_value_of_the_year_asked_may_answer():
    found = judged(
        "How much did the port of Vargon earn in 2023?", "The port of Vargon earned 12 million euros in 2023."
    )
    assert best_span(found).evidence.candidate.text == "12 million euros"


def test_of_two_values_each_belongs_to_its_own_year():
    text = "The port of Vargon earned 12 million euros in 2023, and 9 million euros in 2022."
    for year, value in ((2023, "12 million euros"), (2022, "9 million euros")):
        assert (
            best_span(judged(f"How much did the port of Vargon earn in {year}?", text)).evidence.candidate.text == value
        )


def test_a_value_of_another_province_may_not_answer():
    found = judged("How much FDI did Quang Nam attract in 2023?", "Quang Ninh attracted 3 billion USD of FDI in 2023.")
    assert best_span(found) is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("It cost 1.543 billion dollars.", "The bill came to 1,543 million dollars.", True),
        ("It cost 2.2 million euros.", "It cost 22 million euros.", False),
        ("It cost 12 million euros.", "It cost 12 million dollars.", False),
    ],
)
def test_values_are_compared_as_quantities(first, second, same):
    found = judged("How much did it cost?", first, second)
    one, other = (next(i for i in found if i.evidence.candidate.hit.passage.article_id == a) for a in ("a0", "a1"))
    assert same_value(one, other) is same


def test_another_article_with_the_same_value_corroborates():
    found = judged("How much did it cost?", "It cost 12 million euros.", "The bill: 12 million euros.")
    chosen = best_span(found)
    assert [item.evidence.candidate.hit.passage.article_id for item in corroborating(chosen, found, -1.0)] != []


def test_a_candidate_that_contradicts_never_fits():
    item = judged("How much did it cost?", "It cost 12 million euros.")[0]
    for field in ("period", "place", "name"):
        evidence = replace(item.evidence, **{field: Agreement.CONTRADICTS})
        assert not replace(item, evidence=evidence).fits


def test_a_name_in_a_script_that_no_passage_has_is_not_held_against_an_answer():
    text = "Vargon attracted 3 billion USD of FDI in 2023."
    assert best_span(judged("Сколько инвестиций привлёк Варгон в 2023 году?", text)).evidence.candidate.text == (
        "3 billion USD"
    )
    assert best_span(judged("How much FDI did Ardland attract in 2023?", text)) is None


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("Vargon", True), ("Ardland", False)],
)
def test_a_place_that_is_only_named_later_behind_another_is_not_what_a_value_is_of(asked, answered):
    known = {"Vargon": "Quang Ninh", "Ardland": "Bac Ninh"}
    text = "By the end of June the province had attracted 3 billion USD. Quang Ninh came third, behind Bac Ninh."
    found = judged(f"How much FDI did {known[asked]} attract by the end of June?", text)
    assert (best_span(found) is not None) is answered
