import asyncio
import json
import logging
import threading

import httpx
import pytest
from live_server import fake_server, make_service, make_settings

from qa_service.web.desk import Asked, RefusedError
from qa_service.web.limits import RateLimiter
from qa_service.web.logs import JsonFormatter
from qa_service.web.state import WebState


@pytest.mark.parametrize(
    ("per_minute", "times", "waits"),
    [
        (0, [0, 0, 0], [0, 0, 0]),
        (2, [0, 0, 0], [0, 0, 30]),
        (2, [0, 0, 30], [0, 0, 0]),
        (2, [0, 0, 15], [0, 0, 15]),
        (60, [0] * 61, [0] * 60 + [1]),
    ],
)
def test_a_client_that_asks_too_often_waits_until_a_token_is_back(per_minute, times, waits):
    now = iter(times)
    limiter = RateLimiter(per_minute, clock=lambda: next(now))
    assert [limiter.wait_s("a") for _ in times] == pytest.approx(waits)


def test_clients_do_not_share_their_limit():
    limiter = RateLimiter(1, clock=lambda: 0.0)
    assert [limiter.wait_s(client) for client in "aba"] == [0, 0, 60]


def _state(tmp_path, **changes):
    settings = make_settings(tmp_path, **changes)
    return WebState.create(make_service(tmp_path, settings), settings)


def test_questions_beyond_the_queue_are_refused_at_once(tmp_path):
    async def ask_many():
        state = _state(tmp_path, concurrency=1, queue_size=1)
        results = await asyncio.gather(*(state.ask(Asked("slowly", "a")) for _ in range(4)), return_exceptions=True)
        return [getattr(result, "cause", "answered") for result in results]

    assert sorted(asyncio.run(ask_many())) == ["answered", "answered", "busy", "busy"]


def test_an_answer_that_takes_too_long_is_given_up_and_its_place_is_free_when_its_thread_ends(tmp_path):
    async def ask():
        state = _state(tmp_path, concurrency=1, answer_timeout_s=0.2)
        with pytest.raises(RefusedError) as refused:
            await state.ask(Asked("slowly", "a"))
        assert refused.value.cause == "timeout"
        assert state.desk.is_full
        await asyncio.sleep(3.2)
        return await state.ask(Asked("anything", "a"))

    assert asyncio.run(ask()).status == "abstained"


def test_one_who_leaves_the_queue_makes_room(tmp_path):
    async def ask():
        state = _state(tmp_path, concurrency=1, queue_size=1)
        first = asyncio.create_task(state.ask(Asked("slowly", "a")))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(state.ask(Asked("slowly", "b")))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.sleep(0.05)
        third = await state.ask(Asked("anything", "c"))
        await first
        return third

    assert asyncio.run(ask()).status == "abstained"


def test_a_busy_server_says_when_to_come_again(tmp_path):
    with fake_server(tmp_path, concurrency=1, queue_size=0) as url, httpx.Client(base_url=url, timeout=30) as client:
        slow = threading.Thread(target=client.post, args=("/api/v1/ask",), kwargs={"json": {"question": "slowly"}})
        slow.start()
        while "qa_answers_running 1.0" not in client.get("/metrics").text:
            pass
        refusals = [
            client.post("/api/v1/ask", json={"question": "a"}, headers=headers)
            for headers in ({}, {"accept": "text/event-stream"})
        ]
        slow.join()
    assert [refused.status_code for refused in refusals] == [429, 429]
    assert all(int(refused.headers["retry-after"]) >= 1 for refused in refusals)


def test_logs_have_no_question_unless_allowed(tmp_path, caplog):
    for allowed in (False, True):
        caplog.clear()
        with caplog.at_level(logging.INFO, "qa_service.web"):
            asyncio.run(_state(tmp_path, log_questions=allowed).ask(Asked("a private matter", "a")))
        lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
        assert ("a private matter" in json.dumps(lines)) is allowed
        assert lines[-1]["status"] == "abstained"
