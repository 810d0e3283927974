from dataclasses import replace
from types import SimpleNamespace

import pytest
from llm_claims import CASES
from llm_parts import abstained, article, found
from llm_server import ScriptedServer, Step

from qa_service.answering.llm import answer_with_llm
from qa_service.answering.llm_endpoint import LLMOptions, load_adapter
from qa_service.answering.llm_usage import Usage, estimated_tokens, reported_usage

FDI = CASES[0]


@pytest.fixture(scope="module")
def server():
    scripted = ScriptedServer().start()
    load_adapter()
    yield scripted
    scripted.stop()


def usage_of(server, *steps, **changes):
    result, articles = found(FDI.question, article("first", FDI.language, FDI.text))
    server.script(*steps)
    options = replace(LLMOptions(server.base_url, "scripted", timeout_s=10.0, retries=0), **changes)
    draft = answer_with_llm(result, articles, options=options, extractive=abstained())
    return draft.usage, draft.engine


def test_the_endpoints_own_count_is_taken(server):
    assert usage_of(server, Step(FDI.claim, usage=(321, 45))) == (Usage(321, 45), "llm:scripted")


def test_an_endpoint_is_asked_to_count(server):
    usage_of(server, Step(FDI.claim))
    assert server.requests[0][2]["stream_options"] == {"include_usage": True}


def test_without_a_count_the_tokens_are_estimated_and_it_is_said(server):
    usage, _ = usage_of(server, Step(FDI.claim))
    assert usage.estimated
    assert usage.written == estimated_tokens(FDI.claim)
    assert usage.read > 100


def test_an_endpoint_that_refuses_to_count_is_asked_again_without(server):
    usage, engine = usage_of(server, Step(FDI.claim, "strict"))
    assert engine == "llm:scripted"
    assert usage.estimated
    assert ["stream_options" in body for _, _, body in server.requests] == [True, False]


def test_a_reply_that_is_not_used_still_counts(server):
    assert usage_of(server, Step("It has 5 moons [1].", usage=(300, 9))) == (Usage(300, 9), "extractive")


def test_a_reply_that_stops_counts_as_far_as_it_came(server):
    usage, engine = usage_of(server, Step(FDI.claim, "cut"))
    assert engine == "extractive"
    assert usage.estimated
    assert 0 < usage.written < estimated_tokens(FDI.claim)


def test_a_call_without_a_reply_counts_nothing(server):
    assert usage_of(server, Step(kind="broken")) == (Usage(), "extractive")


def test_a_second_try_counts_what_was_answered(server):
    usage, _ = usage_of(server, Step(kind="broken"), Step(FDI.claim, usage=(321, 45)), retries=1)
    assert usage == Usage(321, 45)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("Đà Nẵng", 3), ("東京", 2)]
)
def test_a_token_is_about_four_bytes(text, tokens):
    assert estimated_tokens(text) == tokens


@pytest.mark.parametrize(
    ("usage", "reported"),
    [
        (None, None),
        (SimpleNamespace(prompt_tokens=3, completion_tokens=4), (3, 4)),
        (SimpleNamespace(prompt_tokens=None, completion_tokens=4), None),
        (SimpleNamespace(prompt_tokens=-3, completion_tokens=4), None),
        (SimpleNamespace(prompt_tokens="3", completion_tokens=4), None),
    ],
)
def test_only_whole_counts_are_believed(usage, reported):
    assert reported_usage(SimpleNamespace(usage=usage)) == reported
