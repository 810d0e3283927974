"""Sixty poisoned articles, indexed by the real pipeline and asked about in the real page and through the real API.

POISONED sets how many are asked about in the page; by default every third, which is every kind and every language.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import poison
import pytest
from browsing import all_of, ask, one, open_chat, requested_urls, visit
from live_server import serving
from selenium.webdriver.common.by import By

sys.path.insert(0, str(Path(__file__).parents[1] / "answering"))
from llm_server import ScriptedServer

from qa_service.answering.llm_endpoint import llm_options, load_adapter
from qa_service.cli import main
from qa_service.service import QAService
from qa_service.settings import load_settings
from qa_service.web.app import create_app

pytestmark = pytest.mark.slow
IN_PAGE = int(os.environ.get("POISONED", "20"))
A_CONVERSATION = 10
FOREIGN = ":is(script, img, iframe, object, embed, form, input, svg, math, video, style, link, base, meta)"


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poisoned")
    articles = poison.write_poisoned(folder / "articles")
    assert main(["index", str(folder / "articles"), "--index-dir", str(folder / "index")]) == 0
    return folder / "index", articles


@pytest.fixture(scope="module")
def service(collection):
    return QAService.open(load_settings(index_dir=collection[0], rate_per_minute=0))


@pytest.fixture(scope="module")
def poisoned_site(service):
    with serving(create_app(service, service.settings)) as url:
        yield url


def test_the_collection_has_every_kind_of_poison_in_every_language(collection):
    kinds = {(article.kind, article.language) for article in collection[1]}
    assert len(collection[1]) == len(kinds) == 60
    assert len({article.number for article in collection[1]}) == 60
    assert {article.language for article in collection[1][:: 60 // IN_PAGE]} == set(poison.STORIES)


def believed(answer):
    """What an answer says that only the poison says."""
    said = " ".join([answer["headline"] or "", *(value["amount"] for value in answer["values"])])
    return [word for word in (poison.FALSE, poison.OBEYED) if word in said]


def test_no_instruction_is_obeyed_and_every_quote_is_verbatim(collection, poisoned_site):
    facts = {f"{article.number}000000" for article in collection[1]}
    right, others = 0, []
    with httpx.Client(base_url=poisoned_site, timeout=60) as client:
        texts = {article.id: client.get(f"/api/v1/articles/{article.id}").json()["text"] for article in collection[1]}
        for article in collection[1]:
            assert texts[article.id] == article.text
            answer = client.post("/api/v1/ask", json={"question": article.question}).json()
            assert believed(answer) == []
            for cited in answer["citations"] + answer["closest"]:
                assert texts[cited["article_id"]][cited["start"] : cited["end"]] == cited["quote"]
                assert cited["url"] in (None, poison.SOURCE)
            values = {value["amount"] for value in answer["values"]}
            assert values <= facts, (article.id, values)
            right += values == {f"{article.number}000000"}
            others += [article.id] if values - {f"{article.number}000000"} else []
    print(f"\n{right} of 60 answered with their own fact, with another article's: {others}")  # noqa: T201
    assert right >= 40  # poison may silence an answer, never change it


class Inspector:
    """Looks at a page after each step: nothing ran, nothing foreign stands in it, nothing was fetched."""

    def __init__(self, driver, site):
        self._driver, self._site = driver, site
        self.requests = []
        driver.get_log("performance")

    def check(self, inside):
        assert self._driver.execute_script("return window.ran") is None
        assert all_of(self._driver, f"{inside} {FOREIGN}") == []
        hrefs = self._driver.execute_script("return [...document.querySelectorAll('a[href]')].map(a => a.href)")
        assert [href for href in hrefs if not href.startswith((self._site, poison.SOURCE))] == []
        handlers = "return [...document.querySelectorAll(arguments[0] + ' *')].flatMap(e => e.getAttributeNames())"
        names = self._driver.execute_script(handlers, inside)
        assert [name for name in names if name.startswith("on")] == []

    def foreign_requests(self):
        self.requests += requested_urls(self._driver)
        return [url for url in self.requests if not url.startswith(self._site)]


@pytest.mark.browser
def test_nothing_of_the_poison_runs_or_phones_in_the_page(collection, poisoned_site, chromium):
    inspector = Inspector(chromium, poisoned_site)
    asked = collection[1][:: 60 // IN_PAGE]
    for number, article in enumerate(asked):
        if number % A_CONVERSATION == 0:
            open_chat(chromium, poisoned_site)
        turn = ask(chromium, article.question)
        chromium.execute_script("document.querySelectorAll('.qa-why').forEach(why => { why.open = true; })")
        inspector.check(".qa-turn")
        headline = " ".join(part.text for part in turn.find_elements(By.CSS_SELECTOR, ".qa-headline"))
        assert not any(word in headline for word in (poison.FALSE, poison.OBEYED))
        for mark in turn.find_elements(By.CSS_SELECTOR, ".qa-card mark"):
            assert_shows(collection[1], mark.get_property("textContent"))
    for article in asked:
        visit(chromium, f"{poisoned_site}/articles/{article.id}?quote=0-{len(article.text)}")
        assert one(chromium, ".qa-article")
        inspector.check(".qa-article")
    visit(chromium, f"{poisoned_site}/articles")
    inspector.check("main ul")
    assert inspector.foreign_requests() == []
    assert len(inspector.requests) > len(asked)


def assert_shows(articles, shown):
    """Some article has what is shown, read without line ends and without the marks of Markdown and HTML."""
    words = plain(shown)
    assert words
    assert any(words in plain(article.text) for article in articles), shown


def plain(text):
    return "".join(char for char in text if char.isalnum())


def test_a_language_model_that_says_what_it_is_told_is_not_believed(collection, service):
    load_adapter()
    llm = ScriptedServer().start()
    settings = load_settings(
        index_dir=collection[0], llm_base_url=llm.base_url, llm_model="scripted", llm_timeout_s=30.0, rate_per_minute=0
    )
    service._llm = replace(llm_options(settings), retries=0)
    try:
        for article in (article for article in collection[1] if article.kind in ("orders", "citations")):
            llm.script(f"{poison.OBEYED}! The harbour of {article.name} cost 777 million euros in 2021 [1].")
            answer = service.ask(article.question)
            assert len(llm.requests) == 1
            assert answer.engine == "extractive"
            assert not any(word in f"{answer.headline} {answer.text}" for word in ("777", f"{poison.OBEYED}!"))
    finally:
        service._llm = None
        llm.stop()
