"""The page with the real model over the real articles: what a newcomer sees after `make serve`."""

import pytest
from browsing import PHONE, WIDE, all_of, ask, errors, one, open_chat, requested_urls, visit, wait_for
from live_server import serving
from selenium.webdriver.common.by import By

from qa_service.settings import load_settings
from qa_service.web.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "how much FDI did Quang Ninh attract by June 2024"
PROOF = "1 543 millioner amerikanske dollar"


@pytest.fixture(scope="module")
def real_site(seed_service, seed_index):
    settings = load_settings(index_dir=seed_index, rate_per_minute=0, answer_timeout_s=60)
    with serving(create_app(seed_service, settings)) as url:
        yield url


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_the_owners_question_is_answered_and_its_norwegian_proof_is_marked_in_the_article(real_site, chromium, size):
    chromium.get_log("performance")
    open_chat(chromium, real_site, size=size)
    turn = ask(chromium, QUESTION)
    assert turn.find_element(By.CSS_SELECTOR, ".qa-headline").text.startswith("US$1,543 million")
    assert "June 2024" in turn.find_element(By.CSS_SELECTOR, ".qa-as-of").text
    card = turn.find_element(By.CSS_SELECTOR, ".qa-card")
    assert PROOF in card.find_element(By.TAG_NAME, "mark").text.replace("\u00a0", " ")
    assert "Norwegian" in card.text
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= size[0]
    visit(chromium, card.find_element(By.CSS_SELECTOR, ".qa-open").get_attribute("href"), size=size)
    mark = one(chromium, "mark")
    assert PROOF in mark.text.replace("\u00a0", " ")
    wait_for(lambda: 0 <= chromium.execute_script("return arguments[0].getBoundingClientRect().top", mark) < size[1])
    assert errors(chromium) == []
    assert [url for url in requested_urls(chromium) if not url.startswith(real_site)] == []


def test_a_question_that_no_article_answers_is_told_as_such(real_site, chromium):
    open_chat(chromium, real_site)
    turn = ask(chromium, "How much FDI did Quang Ninh attract in 2019?")
    assert "qa-abstained" in turn.get_attribute("class")
    assert all_of(turn, ".qa-headline") == []


def test_a_follow_up_leans_on_the_answer_before_it(real_site, chromium):
    open_chat(chromium, real_site)
    ask(chromium, QUESTION)
    turn = ask(chromium, "and in the first seven months of 2024?")
    assert "1.56 billion" in turn.text.replace("\u00a0", " ")


def test_the_list_of_articles_holds_the_collection(real_site, chromium):
    visit(chromium, f"{real_site}/articles")
    assert len(all_of(chromium, "main a[href*='/articles/']")) >= 5
