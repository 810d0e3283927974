"""The chat in a page of another origin, behind a real nginx under a sub-path, with third-party storage blocked."""

import getpass
import shutil
import socket
import subprocess
from pathlib import Path

import browsing
import pytest
from browsing import PHONE, WIDE, all_of, ask, errors, one, requested_urls, visit, wait_for
from live_server import fake_server
from newsroom import QUESTION, QUOTE
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NGINX = """
{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; types {{ text/html html; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{intranet}; root {folder}/intranet; }}
  server {{
    listen 127.0.0.1:{proxy};
    location /qa/ {{
      proxy_pass http://127.0.0.1:{backend};
      proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture(scope="module")
def intranet(tmp_path_factory):
    """The address of the intranet page, and that of the service behind its proxy: two sites."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: .ci/run installs it")
    folder = tmp_path_factory.mktemp("nginx")
    ports = {"intranet": free_port(), "proxy": free_port(), "backend": free_port()}
    page = Path(__file__).with_name("demo.html").read_text(encoding="utf-8")
    (folder / "intranet").mkdir()
    folder.chmod(0o755)
    (folder / "intranet" / "index.html").write_text(
        page.replace("WIDGET", f"http://127.0.0.1:{ports['proxy']}/qa/widget.js")
    )
    # as root, nginx would read the pages as a user who may not
    user = "user root root; " if getpass.getuser() == "root" else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user, **ports))
    origin = f"http://localhost:{ports['intranet']}"
    with fake_server(folder, port=ports["backend"], root_path="/qa", frame_origins=(origin,)):
        process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        )
        try:
            yield origin, f"http://127.0.0.1:{ports['proxy']}/qa"
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def strict_chromium(chromium):
    driver = browsing.start("--test-third-party-cookie-phaseout", "--block-third-party-cookies")
    yield driver
    driver.quit()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_the_panel_answers_on_a_page_of_another_site_without_storage(intranet, strict_chromium, size):
    origin, service = intranet
    driver = strict_chromium
    driver.get_log("performance")
    # what "block third-party storage" does to a frame: every access throws
    driver.execute_cdp_cmd("Page.enable", {})
    forbid = (
        "if (self !== top) for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {configurable: true,"
        " get() { throw new DOMException('', 'SecurityError'); }});"
    )
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": forbid})
    try:
        visit(driver, origin, size=size)
        host = wait_for(
            lambda: driver.execute_script("return [...document.querySelectorAll('body > div')].find(e => e.shadowRoot)")
        )
        host.shadow_root.find_element(By.CSS_SELECTOR, "button").click()
        frame = wait_for(lambda: host.shadow_root.find_element(By.CSS_SELECTOR, "iframe"))
        driver.switch_to.frame(frame)
        assert one(driver, ".qa-hero h1").text == "Ask the newsroom"
        assert one(driver, ".qa-hero p").text == "Guten Tag!"
        assert [e.text for e in all_of(driver, "#qa-chat button.example")] == [
            "What did Vikfjord attract?",
            "Where is Sandau?",
        ]
        turn = ask(driver, QUESTION)
        assert turn.find_element(By.CSS_SELECTOR, ".qa-headline").text.startswith("€412 million")
        assert turn.find_element(By.CSS_SELECTOR, ".qa-evidence-title").text == "Belege"
        assert turn.find_element(By.CSS_SELECTOR, ".qa-card mark").text == QUOTE
        link = turn.find_element(By.CSS_SELECTOR, ".qa-open").get_attribute("href")
        assert link.startswith(f"{service}/articles/port-nb?quote=")
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        accent = driver.execute_script("return getComputedStyle(document.body).getPropertyValue('--qa-accent')")
        assert accent == "#7a1f3d"
        assert driver.get_cookies() == []
        driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        driver.switch_to.default_content()
        assert driver.execute_script("return document.cookie") == ""
        assert [url for url in requested_urls(driver) if not url.startswith((origin, service))] == []
        assert errors(driver) == []
    finally:
        driver.switch_to.default_content()
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_the_chat_works_under_the_sub_path(intranet, chromium):
    _, service = intranet
    browsing.open_chat(chromium, f"{service}/")
    turn = ask(chromium, QUESTION)
    visit(chromium, turn.find_element(By.CSS_SELECTOR, ".qa-open").get_attribute("href"))
    assert one(chromium, "mark").text == QUOTE


def test_a_page_that_is_not_on_the_list_cannot_frame_the_chat(intranet, chromium):
    origin, service = intranet
    stranger = origin.replace("localhost", "127.0.0.1")
    visit(chromium, stranger)
    chromium.execute_script(
        "const f = document.createElement('iframe'); f.src = arguments[0]; document.body.append(f);",
        f"{service}/embed/",
    )
    refused = "frame-ancestors"
    wait_for(lambda: any(refused in entry["message"] for entry in chromium.get_log("browser")))
