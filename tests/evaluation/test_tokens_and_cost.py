from types import SimpleNamespace

import pytest
from evaluation_parts import case, gold, outcome

from qa_service.evaluation.ask_all import cost_of
from qa_service.evaluation.evaluation_file import evaluate_cases
from qa_service.evaluation.report_html import report_html
from qa_service.evaluation.report_text import markdown
from qa_service.settings import Settings


def answer(read, written):
    return SimpleNamespace(tokens_read=read, tokens_written=written, tokens=read + written)


@pytest.mark.parametrize(
    ("read", "written", "prices", "cost"),
    [
        (
            2000,
            100,
            {"llm_price_read": 0.5, "llm_price_written": 2.0},
            0.0012,
        ),  # 2000 · 0.5 + 100 · 2 = 1200 millionths
        (2000, 100, {"llm_price_written": 2.0}, 0.0002),
        (2000, 100, {"llm_price_read": 0.0, "llm_price_written": 0.0}, 0.0),
        (2000, 100, {}, None),
        (0, 0, {"llm_price_read": 0.5, "llm_price_written": 2.0}, None),
    ],
)
def test_the_cost_of_an_answer_by_hand(read, written, prices, cost):
    assert cost_of(answer(read, written), Settings(**prices)) == (cost if cost is None else pytest.approx(cost))


def spent(tokens, cost=None, *, estimated=False):
    update = {"tokens": tokens, "cost": cost, "tokens_estimated": estimated}
    return case(gold("5"), outcome("5").model_copy(update=update))


def test_mean_tokens_and_the_cost_of_a_thousand_answers_by_hand():
    evaluation = evaluate_cases([spent(2100, 0.0012), spent(900, 0.0004, estimated=True), spent(0)], {})
    assert evaluation.figures["llm_tokens"].value == 1500
    assert evaluation.figures["llm_tokens"].count == 2
    assert evaluation.figures["llm_cost"].value == pytest.approx(0.8)
    assert evaluation.about == {"LLM tokens": "3,000, estimated for 1 of 2 answers", "LLM cost": "0.0016"}


def test_the_report_shows_tokens_and_cost_and_what_is_estimated():
    evaluation = evaluate_cases([spent(2100, 0.0012), spent(900, 0.0004, estimated=True)], {})
    summary = markdown(evaluation)
    assert "LLM tokens 3,000, estimated for 1 of 2 answers" in summary
    assert "| llm_tokens | 1,500 tokens |" in summary
    assert "| llm_cost | 0.800 per 1,000 answers |" in summary
    page = report_html(evaluation)
    assert "3,000, estimated for 1 of 2 answers" in page
    assert "0.800 per 1,000 answers" in page
    assert "2,100 tokens" in page
    assert "900 tokens (estimated)" in page


def test_without_an_llm_the_report_says_nothing_of_tokens():
    evaluation = evaluate_cases([spent(0)], {})
    assert "llm_tokens" not in evaluation.figures
    assert "LLM" not in markdown(evaluation)
