import sys
import time
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "answering"))
from llm_server import ScriptedServer, Step

from qa_service.answering.llm_endpoint import LLMOptions, load_adapter
from qa_service.conversation.rewrite import rewritten_question
from qa_service.conversation.turn import Turn
from qa_service.service import QAService
from qa_service.settings import Settings

LAST = Turn("", "Where is the Swedish company Autoliv building its factory?", "en", "Song Khoai")
OPEN = "Which subsidies were promised by the authorities?"


@pytest.fixture(scope="module")
def server():
    scripted = ScriptedServer().start()
    load_adapter()
    yield scripted
    scripted.stop()


def asked(server, question, reply, *history, timeout_s=10.0):
    server.script(reply)
    options = LLMOptions(server.base_url, "scripted", timeout_s=timeout_s, retries=0)
    today = date(2025, 6, 15)
    return rewritten_question(question, history, options=options, today=today, default_language="en").question


def test_a_question_that_the_rules_leave_open_is_rewritten(server):
    reply = "Which subsidies were promised by the authorities to Autoliv?"
    assert asked(server, OPEN, reply, LAST) == reply


def test_what_the_rules_put_side_by_side_is_made_a_sentence(server):
    reply = "Who said that Autoliv is building its factory?"
    assert asked(server, "who said that?", reply, LAST) == reply


def test_a_rewriting_in_the_askers_language_is_believed_after_turns_in_another(server):
    reply = "Ai đã nói về nhà máy của Autoliv?"
    assert asked(server, "ai nói vậy?", reply, LAST) == reply


@pytest.mark.parametrize("reply", ["Who owns Autoliv?", "Who?", Step(kind="broken"), Step(kind="stall")])
def test_the_rules_question_holds_where_the_rewriting_asks_something_else_or_fails(server, reply):
    started = time.monotonic()
    assert asked(server, "who said that?", reply, LAST, timeout_s=2.0).startswith("Who said that (Swedish company")
    assert time.monotonic() - started < 4.0


def test_the_service_asks_its_llm_where_the_rules_are_unsure(server):
    server.script("Who said that Autoliv is building its factory?")
    settings = Settings(llm_base_url=server.base_url, llm_model="scripted")
    service = QAService(settings, None, None, None)
    filled = service.standalone("who said that?", (LAST,), today=date(2025, 6, 15)).question
    assert filled == "Who said that Autoliv is building its factory?"
    assert len(server.requests) == 1


def test_without_an_llm_setting_the_service_makes_no_call(server):
    server.script("Who said that Autoliv is building its factory?")
    service = QAService(Settings(), None, None, None)
    assert service.standalone("who said that?", (LAST,), today=date(2025, 6, 15)).question.startswith("Who said that (")
    assert server.requests == []


@pytest.mark.parametrize(
    "reply",
    [
        "Which subsidies were promised to Foxconn by the authorities?",
        "Which subsidies were promised to Autoliv in 2019?",
        "Welche Subventionen wurden Autoliv von den Behörden versprochen?",
        "The authorities promised Autoliv much.",
        "",
        Step(kind="broken"),
        Step(kind="malformed"),
    ],
)
def test_a_rewriting_with_anything_new_in_it_is_not_believed(server, reply):
    assert asked(server, OPEN, reply, LAST) == OPEN


@pytest.mark.parametrize(
    ("question", "history"),
    [(OPEN, ()), ("and in 2023?", (LAST,)), ("What is the capacity of the Foxconn project at Deep C?", (LAST,))],
)
def test_no_call_is_made_where_the_rules_know(server, question, history):
    asked(server, question, "What else?", *history)
    assert server.requests == []
