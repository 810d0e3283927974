import http.client
import json
from urllib.parse import quote

import httpx
import pytest
from newsroom import PORT_NB, QUESTION, QUOTE


@pytest.fixture
def client(site):
    with httpx.Client(base_url=site, timeout=30) as client:
        yield client


def test_an_answer_has_its_quote_at_its_offsets(client):
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    citation = answer["citations"][0]
    article = client.get(f"/api/v1/articles/{citation['article_id']}").json()
    assert article["text"] == PORT_NB
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == QUOTE
    assert answer["headline"] == "€412 million"


def test_an_answer_streams_its_headline_before_its_whole(client):
    with client.stream(
        "POST", "/api/v1/ask", json={"question": QUESTION}, headers={"accept": "text/event-stream"}
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = list(response.iter_lines())
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    assert names == ["status", "headline", "text", "citation", "answer"]
    last = [line for line in lines if line.startswith("data: ")][-1]
    assert json.loads(last.removeprefix("data: "))["status"] == "answered"


def test_search_ranks_passages(client):
    passages = client.post("/api/v1/search", json={"question": "Vikfjord euro", "top_k": 2}).json()["passages"]
    assert [p["rank"] for p in passages] == [1, 2]


def test_articles_are_found_without_accents(client):
    found = client.get("/api/v1/articles", params={"search": "truong hoc"}).json()
    assert [a["id"] for a in found["articles"]] == ["school-vi"]
    assert found["total"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/ask", {}, 422),
        ("POST", "/api/v1/ask", {"question": 3}, 422),
        ("POST", "/api/v1/ask", {"question": "a", "today": 1700000000}, 422),
        ("POST", "/api/v1/ask", {"question": "a", "today": "yesterday"}, 422),
        ("POST", "/api/v1/search", {"question": "a", "top_k": True}, 422),
        ("POST", "/api/v1/ask", {"question": "a", "mood": "good"}, 422),
        ("POST", "/api/v1/ask", {"question": "a\x00b"}, 422),
        ("POST", "/api/v1/search", {"question": " "}, 400),
        ("POST", "/api/v1/search", {"question": "a", "top_k": 0}, 422),
        ("POST", "/api/v1/ask", {"question": "broken"}, 500),
        ("GET", "/api/v1/articles/nowhere", None, 404),
        ("GET", "/api/v1/articles/" + quote("../../etc/passwd", safe=""), None, 404),
        ("POST", "/api/v1/feedback", {"answer_id": "unknown", "rating": "up"}, 404),
        ("POST", "/api/v1/feedback", {"answer_id": "unknown", "rating": "sideways"}, 422),
        ("DELETE", "/api/v1/ask", None, 405),
        ("GET", "/api/v2", None, 404),
    ],
)
def test_errors_are_problems_that_say_what_is_wrong(client, method, path, body, status):
    response = client.request(method, path, json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert "secret" not in response.text


def test_a_failure_does_not_cost_the_client_its_connection(site):
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=30)
    connection.connect()
    mine = connection.sock
    for question, status in (("broken", 500), ("broken", 500), ("anything", 200)):
        connection.request(
            "POST", "/api/v1/ask", json.dumps({"question": question}), {"content-type": "application/json"}
        )
        response = connection.getresponse()
        response.read()
        assert (response.status, connection.sock) == (status, mine)
    connection.close()


def test_a_body_over_the_limit_is_refused_with_and_without_a_stated_length(client):
    large = json.dumps({"question": "a" * 300_000}).encode()
    headers = {"content-type": "application/json"}
    assert client.post("/api/v1/ask", content=large, headers=headers).status_code == 413
    chunks = (large[i : i + 10_000] for i in range(0, len(large), 10_000))
    assert client.post("/api/v1/ask", content=chunks, headers=headers).status_code == 413


def test_the_description_has_examples_for_every_body(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("AskRequest", "SearchRequest", "FeedbackRequest"):
        assert schemas[name]["examples"]


def test_every_response_has_the_security_headers_and_a_request_id(client):
    for path in ("/", "/embed/", "/articles", "/api/v1/articles", "/healthz", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert len(headers["x-request-id"]) >= 8


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/api/v1/articles", "/api/v1/ask"])
def test_no_foreign_origin_is_allowed_by_cors(client, path):
    preflight = client.options(
        path, headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in preflight.headers
    assert "access-control-allow-origin" not in client.get(path, headers={"origin": "https://evil.example"}).headers


def test_a_foreign_page_cannot_write(client):
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert client.post("/gradio_api/queue/join", json={}, headers=foreign).status_code == 403
    assert client.post("/api/v1/ask", json={"question": "a"}, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://x.example",
        "/monitoring",
        "/login",
        "/embed/gradio_api/call/submit",
    ],
)
def test_gradio_routes_that_the_chat_does_not_use_are_closed(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_operations_are_told_what_runs(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/version").json()["articles"] == 5
    client.post("/api/v1/ask", json={"question": "nothing of this"})
    metrics = client.get("/metrics").text
    for name in (
        "qa_requests_total",
        "qa_abstentions_total{",
        "qa_step_seconds_bucket",
        "qa_generation_age_seconds",
        "qa_queue_waiting",
    ):
        assert name in metrics


def test_feedback_replaces_the_clients_earlier_rating(client):
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    for rating in ("down", "up"):
        kept = client.post("/api/v1/feedback", json={"answer_id": answer["id"], "rating": rating})
        assert kept.status_code == 201


def test_pages_escape_what_the_reader_typed(client):
    page = client.get("/articles", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


@pytest.mark.parametrize("quotes", ["x", "5-3", "0-99999999", "-1-5", "1-2&quote=3-4", ""])
def test_an_article_page_opens_whatever_the_quote_says(client, quotes):
    assert client.get(f"/articles/port-nb?quote={quotes}").status_code == 200
