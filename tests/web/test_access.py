import base64
import logging

import httpx
import pytest
from live_server import fake_server, make_service, make_settings

from qa_service.errors import SettingsError
from qa_service.web.access import access_policy, is_loopback, read_passwords
from qa_service.web.app import create_app

ROUTES = [
    ("GET", "/"),
    ("GET", "/embed/"),
    ("GET", "/embed"),
    ("GET", "/articles"),
    ("GET", "/articles/port-nb"),
    ("GET", "/widget.js"),
    ("GET", "/static/base.css"),
    ("GET", "/openapi.json"),
    ("GET", "/version"),
    ("GET", "/metrics"),
    ("GET", "/config"),
    ("GET", "/api/v1/articles"),
    ("GET", "/api/v1/articles/port-nb"),
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/feedback"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/app_id"),
    ("GET", "/theme.css"),
    ("POST", "/embed/gradio_api/queue/join"),
    ("POST", "/gradio_api/reset"),
    ("POST", "/gradio_api/cancel"),
    ("GET", "/assets/x.js"),
    ("GET", "/nothing"),
]


def basic(user, password):
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "users").write_text("# people\nada:löve:lace\n")
    (folder / "users").chmod(0o600)
    with fake_server(folder, password_file=folder / "users") as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxied")
    with (
        fake_server(folder, trusted_user_header="X-Remote-User") as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "headers",
    [{}, basic("ada", "wrong"), basic("eve", "löve:lace"), {"authorization": "Basic %%%"}, {"x-remote-user": "ada"}],
    ids=["none", "wrong password", "unknown user", "broken", "header that nobody trusts"],
)
def test_no_route_opens_without_right_credentials(guarded, method, path, headers):
    response = guarded.request(method, path, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_opens_with_right_credentials(guarded, method, path):
    with guarded.stream(method, path, headers=basic("ada", "löve:lace")) as response:
        assert response.status_code != 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_open(guarded, path):
    assert guarded.get(path).status_code == 200


def test_a_trusted_proxy_names_the_user(behind_proxy):
    assert behind_proxy.get("/version").status_code == 401
    assert behind_proxy.get("/version", headers={"x-remote-user": "ada"}).status_code == 200
    assert behind_proxy.get("/version", headers=[("x-remote-user", "ada"), ("x-remote-user", "eve")]).status_code == 401


def test_the_user_header_of_another_peer_is_not_believed(tmp_path):
    with fake_server(tmp_path, trusted_user_header="X-Remote-User", trusted_proxies=("10.0.0.1",)) as url:
        assert httpx.get(f"{url}/version", headers={"x-remote-user": "ada"}).status_code == 401


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("qa.example", False)],
)
def test_loopback_is_told_from_other_addresses(host, loopback):
    assert is_loopback(host) is loopback


def test_an_open_service_on_another_address_is_refused(tmp_path):
    settings = make_settings(tmp_path, host="0.0.0.0")
    with pytest.raises(SettingsError, match="QA_PASSWORD_FILE or QA_TRUSTED_USER_HEADER"):
        create_app(make_service(tmp_path, settings), settings)
    assert access_policy(make_settings(tmp_path, host="0.0.0.0", trusted_user_header="X-User")).user_header == "X-User"


@pytest.mark.parametrize(
    ("text", "message"), [("", "names no user"), ("ada\n", "Line 1"), ("ada:\n", "Line 1"), (None, "cannot be read")]
)
def test_a_broken_password_file_is_named(tmp_path, text, message):
    path = tmp_path / "users"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SettingsError, match=message):
        read_passwords(path)


def test_a_password_file_that_others_can_read_is_warned_about(tmp_path, caplog):
    path = tmp_path / "users"
    path.write_text("ada:x\n")
    path.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        assert read_passwords(path) == {"ada": "x"}
    assert "chmod 600" in caplog.text
