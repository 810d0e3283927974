"""`make llm-smoke`: a small real model answers questions on the seeds; only what is proved is shown."""

import logging
from datetime import date

import pytest
from small_model import NAME, missing, start_server

from qa_service.answering.verify import problems
from qa_service.service import QAService, turn_of
from qa_service.settings import load_settings

logger = logging.getLogger(__name__)

TODAY = date(2025, 6, 15)
QUESTIONS = [
    "How much FDI did Quang Ninh attract by June 2024?",
    "How many FDI projects did Quang Nam license in 2022?",
    "Which Swedish company builds a factory in Quang Ninh?",
    "Wie viel FDI hatte Quang Ninh bis Juni 2024 angezogen?",
    "Hvor mye FDI fikk Quang Ninh i første halvår 2024?",
    "Quảng Nam cấp phép bao nhiêu dự án FDI năm 2022?",
    "What is the capital of Germany?",
]


pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


@pytest.fixture(scope="module")
def server():
    running = start_server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def with_llm(server, seed_service):
    limits = {"llm_timeout_s": 240.0, "llm_max_tokens": 120, "llm_retries": 0}
    settings = load_settings(
        index_dir=seed_service.settings.index_dir, llm_base_url=server.base_url, llm_model=NAME, **limits
    )
    return QAService.open(settings)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_proved_or_the_extractive_one(server, with_llm, seed_service, question):
    plain = seed_service.ask(question, today=TODAY)
    answer = with_llm.ask(question, today=TODAY)
    tell(server, answer)
    assert answer.tokens_read > 100
    assert not answer.tokens_estimated
    if answer.engine == "extractive":
        assert (answer.status, answer.text, answer.citations) == (plain.status, plain.text, plain.citations)
    else:
        assert_proved(with_llm, answer)


def test_a_follow_up_keeps_its_place_whatever_the_model_makes_of_it(server, with_llm):
    first = with_llm.ask(QUESTIONS[0], today=TODAY)
    answer = with_llm.ask("who said that?", today=TODAY, history=(turn_of(first),))
    tell(server, answer)
    assert "Quang Ninh" in answer.standalone_question


def assert_proved(service, answer):
    articles = {citation.article_id: service.article(citation.article_id) for citation in answer.citations}
    assert answer.claims
    for citation in answer.citations:
        assert articles[citation.article_id].text[citation.start : citation.end] == citation.quote
    for claim in answer.claims:
        cited = [citation for citation in answer.citations if citation.marker in claim.citations]
        assert cited
        said = claim.text.split(" [")[0]
        assert any(not problems(said, answer.language, [citation], articles) for citation in cited)


def tell(server, answer):
    logger.info(
        "%s | %s | asked %r | engine %s, %s | %s | note %s | %d + %d tokens, %.1f s",
        server.kind,
        answer.question,
        answer.standalone_question,
        answer.engine,
        answer.status,
        answer.text,
        answer.note,
        answer.tokens_read,
        answer.tokens_written,
        answer.timings_ms["total"] / 1000,
    )
