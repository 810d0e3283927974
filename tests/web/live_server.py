"""A real server in a thread."""

import contextlib
import threading
import time

import uvicorn
from fake_service import FakeService
from newsroom import ARTICLES, DEFAULT, POISON, SCRIPTS, write_articles

from qa_service.settings import Settings
from qa_service.web.app import create_app


def make_settings(folder, **changes):
    return Settings(index_dir=folder, **{"answer_timeout_s": 20.0, "rate_per_minute": 0, **changes})


def make_service(folder, settings, *, poisoned=False):
    articles = dict(ARTICLES)
    if poisoned:
        articles["poison.txt"] = f"{POISON[:80]}\n\nBefore. {POISON} After.\n"
    return FakeService.over(write_articles(folder / "articles", articles), [*SCRIPTS, DEFAULT], settings)


@contextlib.contextmanager
def serving(app, port=0):
    config = uvicorn.Config(app, port=port, log_level="error", proxy_headers=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def fake_server(folder, *, poisoned=False, port=0, **changes):
    settings = make_settings(folder, **changes)
    with serving(create_app(make_service(folder, settings, poisoned=poisoned), settings), port) as url:
        yield url
