import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "answering"))
from llm_server import ScriptedServer, Step

from qa_service.answering.llm_endpoint import LLMOptions, load_adapter
from qa_service.conversation.rewrite import rewritten_question
from qa_service.conversation.turn import Turn

LAST = Turn("", "Where is the Swedish company Autoliv building its factory?", "en", "Song Khoai")
OPEN = "Which subsidies were promised by the authorities?"


@pytest.fixture(scope="module")
def server():
    scripted = ScriptedServer().start()
    load_adapter()
    yield scripted
    scripted.stop()


def asked(server, question, reply, *history):
    server.script(reply)
    options = LLMOptions(server.base_url, "scripted", timeout_s=10.0, retries=0)
    return rewritten_question(question, history, options=options, today=date(2025, 6, 15), default_language="en")


def test_a_question_that_the_rules_leave_open_is_rewritten(server):
    reply = "Which subsidies were promised by the authorities to Autoliv?"
    assert asked(server, OPEN, reply, LAST) == reply


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
