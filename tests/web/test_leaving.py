"""Clients that leave, answers that take too long, and a busy service, over real connections."""

import threading
import time

import httpx
import pytest
from browsing import wait_for
from live_server import fake_server

SLOW = {"json": {"question": "slowly"}}
STREAM = {"accept": "text/event-stream"}


def gauge(client, name):
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


@pytest.fixture
def client(tmp_path):
    with (
        fake_server(tmp_path, concurrency=1, queue_size=1) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


@pytest.fixture
def running(client):
    """An answer under way, which takes three seconds."""
    asking = threading.Thread(target=client.post, args=("/api/v1/ask",), kwargs=SLOW)
    asking.start()
    wait_for(lambda: gauge(client, "qa_answers_running") == 1)
    yield
    asking.join()


def leave_early(client, path, headers):
    with pytest.raises(httpx.TimeoutException), httpx.Client(base_url=client.base_url, timeout=0.4) as impatient:
        impatient.post(path, json={"question": "anything"}, headers=headers)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/api/v1/ask", {}), ("/api/v1/ask", STREAM), ("/api/v1/search", {})],
    ids=["json", "stream", "search"],
)
@pytest.mark.usefixtures("running")
def test_one_who_leaves_the_queue_is_not_answered_and_makes_room(client, path, headers):
    leave_early(client, path, headers)
    wait_for(lambda: gauge(client, "qa_queue_waiting") == 0, seconds=2)
    assert gauge(client, "qa_answers_running") == 1  # so nobody was answered meanwhile
    assert gauge(client, 'qa_refused_total{cause="left"}') == 1
    assert client.post("/api/v1/ask", json={"question": "anything"}).json()["status"] == "abstained"
    assert gauge(client, "qa_answers_total") == 2


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["json", "stream"])
def test_a_client_that_leaves_while_it_is_answered_is_counted_and_frees_its_place_when_the_work_ends(client, headers):
    with pytest.raises(httpx.TimeoutException), httpx.Client(base_url=client.base_url, timeout=0.4) as impatient:
        impatient.post("/api/v1/ask", headers=headers, **SLOW)
    wait_for(lambda: gauge(client, 'qa_refused_total{cause="left"}') == 1, seconds=2)
    assert client.post("/api/v1/ask", json={"question": "anything"}).status_code == 200
    assert gauge(client, "qa_answers_running") == 0


def test_an_answer_over_its_time_limit_is_given_up_with_a_time_to_come_again(tmp_path):
    with fake_server(tmp_path, answer_timeout_s=0.3) as url, httpx.Client(base_url=url, timeout=30) as client:
        started = time.monotonic()
        plain = client.post("/api/v1/ask", **SLOW)
        assert time.monotonic() - started < 2.5
        streamed = client.post("/api/v1/ask", headers=STREAM, **SLOW)
    assert plain.status_code == 503
    assert int(plain.headers["retry-after"]) >= 1
    assert "took too long" in plain.json()["detail"]
    assert "event: error" in streamed.text
    assert '"retry_after_s": 2' in streamed.text


def test_a_client_that_asks_too_often_is_told_when_to_come_again(tmp_path):
    with fake_server(tmp_path, rate_per_minute=2) as url, httpx.Client(base_url=url, timeout=30) as client:
        answers = [client.post("/api/v1/ask", json={"question": "anything"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
