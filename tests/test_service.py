"""End to end over the real store and model: what the service promises of every answer."""

import json
from decimal import Decimal

import pytest
from fixed_points import SEEDS, TODAY

from qa_service.schemas import answer_model

NORWEGIAN, ENGLISH, SEVEN_MONTHS, QUANG_NAM = (
    "000_0b46af3614b9e39e",
    "003_50fe8ca5834c48ef",
    "001_572c14c57e259e84",
    "004_35a52690529afab9",
)


@pytest.mark.parametrize(
    ("question", "article", "amount", "unit"),
    [
        ("how much FDI did Quang Ninh attract by June 2024", NORWEGIAN, "1543000000", "USD"),
        ("Wie viel FDI hatte Quang Ninh bis Juni 2024 angezogen?", NORWEGIAN, "1543000000", "USD"),
        ("Quảng Ninh đã thu hút bao nhiêu vốn FDI đến cuối tháng 6 năm 2024?", NORWEGIAN, "1543000000", "USD"),
        ("How much FDI had Quang Ninh attracted as of June 2023?", ENGLISH, "832000000", "USD"),
    ],
)
def test_the_period_chooses_the_article_and_the_language_does_not(seed_service, question, article, amount, unit):
    answer = seed_service.ask(question, today=TODAY)
    assert answer.status == "answered", answer.text
    assert answer.citations[0].article_id == article
    assert [(Decimal(value.amount), value.unit) for value in answer.values] == [(Decimal(amount), unit)]


def test_seven_months_are_not_six(seed_service):
    question = "Quảng Ninh thu hút được bao nhiêu vốn FDI trong 7 tháng năm 2024?"
    answer = seed_service.ask(question, today=TODAY)
    assert answer.status == "answered", answer.text
    assert answer.citations[0].article_id == SEVEN_MONTHS
    assert "1,56 tỷ USD" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How much FDI did Quang Ninh attract by June 2021?", "en"),
        ("Quảng Nam thu hút bao nhiêu FDI đến hết tháng 6/2023?", "vi"),
        ("Wie viel FDI zog Da Nang im Jahr 2024 an?", "de"),
        ("Hvor mange innbyggere har Quang Ninh?", "nb"),
        ("Who won the football World Cup in 2022?", "en"),
        ("How much did Samsung invest in Song Khoai?", "en"),
    ],
)
def test_what_the_articles_do_not_tell_is_not_answered(seed_service, question, language):
    answer = seed_service.ask(question, today=TODAY)
    assert (answer.status, answer.citations, answer.headline, answer.values) == ("abstained", (), None, ())
    assert answer.language == language
    assert answer.reason
    assert answer.closest


def test_every_quote_is_its_slice_of_the_article_as_it_lies_in_its_file(seed_service):
    for question in (
        "how much FDI did Quang Ninh attract by June 2024",
        "Wie viel investierte Hyosung zusätzlich in Quang Nam?",
        "Hvem vant VM i 2022?",
    ):
        answer = seed_service.ask(question, today=TODAY)
        for citation in (*answer.citations, *answer.closest):
            text = (SEEDS / f"{citation.article_id}.txt").read_bytes().decode("utf-8")
            assert text[citation.start : citation.end] == citation.quote


def test_an_answer_has_the_promised_shape(seed_service):
    answer = seed_service.ask("how much FDI did Quang Ninh attract by June 2024", today=TODAY, answer_id="q1")
    shown = json.loads(answer_model(answer).model_dump_json())
    assert shown["id"] == "q1"
    assert shown["headline"] == "US$1,543 million"
    assert shown["values"][0]["period"].endswith("2024-06-30")
    assert shown["claims"][0]["citations"] == [1]
    assert "[1]" in shown["text"]
    assert shown["parsed"]["asked_for"] == ["amount"]
    assert set(shown["timings_ms"]) >= {"parse", "embed", "search", "answer", "total"}


@pytest.mark.parametrize("question", ["", "   ", "?!", "a" * 100_000])
def test_a_question_that_cannot_be_asked_abstains_politely(seed_service, question):
    answer = seed_service.ask(question, today=TODAY)
    assert (answer.status, answer.reason) == ("abstained", "invalid_question")
    assert len(answer.question) <= seed_service.settings.max_question_chars
