"""What the metrics say of an LLM that fails: a real service over the seeds, and a scripted endpoint."""

import sys
from pathlib import Path

import httpx
import pytest
from live_server import serving

sys.path.insert(0, str(Path(__file__).parents[1] / "answering"))
from llm_server import ScriptedServer, Step

from qa_service.answering.llm_endpoint import load_adapter
from qa_service.service import QAService
from qa_service.settings import load_settings
from qa_service.web.app import create_app

QUESTION = "how much FDI did Quang Ninh attract by June 2024"
NO_PLAYER = "Who won the football World Cup in 2022?"


@pytest.fixture(scope="module")
def llm():
    scripted = ScriptedServer().start()
    load_adapter()
    yield scripted
    scripted.stop()


@pytest.fixture
def client(seed_index, llm):
    limits = {"llm_timeout_s": 3.0, "llm_retries": 0, "rate_per_minute": 0}
    settings = load_settings(index_dir=seed_index, llm_base_url=llm.base_url, llm_model="scripted", **limits)
    with (
        serving(create_app(QAService.open(settings), settings)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def fallbacks(client):
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith("qa_llm_fallbacks_total{")]
    counted = {line.partition('reason="')[2].partition('"')[0]: float(line.split()[-1]) for line in lines}
    return {reason: count for reason, count in counted.items() if count}


@pytest.mark.slow
def test_every_reason_for_an_answer_without_the_llm_is_counted(client, llm):
    expected = {}
    for step, question, reason in [
        (Step(kind="silent"), QUESTION, "timeout"),
        (Step(kind="too_many"), QUESTION, "unavailable"),
        (Step(kind="not_json"), QUESTION, "unavailable"),
        (Step("Pigs fly over Sandau at noon [1]."), QUESTION, "unproved"),
        (Step("NOT_FOUND"), QUESTION, "not_found"),
        (Step("NOT_FOUND"), NO_PLAYER, None),
        (Step("", kind="empty"), "", None),
    ]:
        llm.script(step)
        answer = client.post("/api/v1/ask", json={"question": question}).json()
        assert answer["engine"] == "extractive"
        if reason:
            expected[reason] = expected.get(reason, 0) + 1
        assert fallbacks(client) == expected, (step, answer["note"])
    llm.stop()
    client.post("/api/v1/ask", json={"question": QUESTION})
    assert fallbacks(client) == expected | {"unavailable": 3}


def test_without_an_llm_nothing_falls_back(site):
    with httpx.Client(base_url=site, timeout=30) as client:
        client.post("/api/v1/ask", json={"question": NO_PLAYER})
        assert fallbacks(client) == {}
