import time

import httpx
import pytest
from browsing import PHONE, WIDE, all_of, ask, errors, one, open_chat, requested_urls, serious_findings, visit, wait_for
from newsroom import QUESTION, QUOTE, UNANSWERED
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_answer_comes_first_with_its_date_its_evidence_and_a_link_to_the_marked_quote(site, chromium, size):
    open_chat(chromium, site, size=size)
    turn = ask(chromium, QUESTION)
    assert turn.find_element(By.CSS_SELECTOR, ".qa-headline").text.startswith("€412 million")
    assert "June 2024" in turn.find_element(By.CSS_SELECTOR, ".qa-as-of").text
    card = turn.find_element(By.CSS_SELECTOR, ".qa-card")
    assert card.find_element(By.TAG_NAME, "mark").text == QUOTE
    assert "Vikfjord har passert halvveis" in card.text
    assert "Norwegian" in card.text
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= size[0]
    visit(chromium, card.find_element(By.CSS_SELECTOR, ".qa-open").get_attribute("href"), size=size)
    mark = one(chromium, "mark")
    assert mark.text == QUOTE
    wait_for(lambda: 0 <= chromium.execute_script("return arguments[0].getBoundingClientRect().top", mark) < size[1])
    assert errors(chromium) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_no_page_has_a_serious_accessibility_problem(site, chromium, size, dark):
    open_chat(chromium, site, size=size, dark=dark)
    findings = serious_findings(chromium)
    ask(chromium, QUESTION)
    ask(chromium, UNANSWERED)
    chromium.execute_script("document.querySelectorAll('.qa-why').forEach(why => { why.open = true; })")
    findings += serious_findings(chromium)
    for path in ("/articles", "/articles/port-nb?quote=0-10"):
        visit(chromium, site + path, size=size, dark=dark)
        findings += serious_findings(chromium)
    assert findings == []


def test_nothing_is_requested_from_another_host(site, chromium):
    chromium.get_log("performance")
    open_chat(chromium, site)
    ask(chromium, QUESTION)
    visit(chromium, f"{site}/articles/port-nb?quote=0-10")
    urls = requested_urls(chromium)
    assert len(urls) > 10
    assert [url for url in urls if not url.startswith(site)] == []


def test_an_abstention_looks_different_and_calls_its_passages_nearest(site, chromium):
    open_chat(chromium, site)
    turn = ask(chromium, UNANSWERED)
    assert "qa-abstained" in turn.get_attribute("class")
    assert all_of(turn, ".qa-headline") == []
    assert "not an answer" in turn.find_element(By.CSS_SELECTOR, ".qa-evidence-title").text


def test_a_citation_shows_its_quote_on_focus_and_hides_it_on_escape(site, chromium):
    open_chat(chromium, site)
    marker = ask(chromium, QUESTION).find_element(By.CSS_SELECTOR, ".qa-text .qa-marker")
    chromium.execute_script("arguments[0].focus()", marker)
    pop = one(chromium, ".qa-text .qa-pop")
    assert pop.text.startswith(QUOTE)
    box = pop.rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= WIDE[0]
    chromium.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait_for(lambda: not pop.is_displayed())


def test_a_running_answer_can_be_stopped_and_asked_again(site, chromium):
    box = open_chat(chromium, site)
    box.send_keys("answer slowly" + Keys.ENTER)
    one(chromium, "#qa-box .stop-button").click()
    assert "Stopped" in one(chromium, ".qa-notice-stopped").text
    one(chromium, "#qa-box .submit-button")
    time.sleep(3.2)
    assert all_of(chromium, ".qa-turn") == []
    one(chromium, '#qa-chat button[aria-label="Retry"]').click()
    assert one(chromium, ".qa-headline").text.startswith("late")


def test_a_rating_with_a_comment_is_kept(site, chromium):
    def ratings():
        lines = httpx.get(f"{site}/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith('qa_feedback_total{rating="up"}'))

    before = ratings()
    open_chat(chromium, site)
    ask(chromium, QUESTION)
    one(chromium, '#qa-chat button[aria-label="Like"]').click()
    one(chromium, "#qa-comment-box textarea").send_keys("just right")
    one(chromium, "#qa-comment-send").click()
    wait_for(lambda: not any(box.is_displayed() for box in all_of(chromium, "#qa-comment-box textarea")))
    assert ratings() == before + 2


def test_copying_takes_the_sources_along(site, chromium):
    open_chat(chromium, site)
    turn = ask(chromium, QUESTION)
    chromium.execute_script(
        "window.copied = null; navigator.clipboard.writeText = async (text) => { window.copied = text; }"
    )
    turn.find_element(By.CSS_SELECTOR, ".qa-copy").click()
    text = wait_for(lambda: chromium.execute_script("return window.copied"))
    assert text.splitlines()[0] == QUESTION
    assert f"[1] “{QUOTE}”" in text


def test_a_new_conversation_is_empty_and_an_example_can_be_asked(site, chromium):
    open_chat(chromium, site)
    ask(chromium, QUESTION)
    one(chromium, "#qa-new").click()
    one(chromium, ".qa-hero")
    assert all_of(chromium, ".qa-turn") == []
    one(chromium, "#qa-chat button.example").click()
    one(chromium, ".qa-tools")


def test_the_chat_works_by_keyboard_alone(site, chromium):
    box = open_chat(chromium, site)
    assert chromium.switch_to.active_element == box
    ask(chromium, QUESTION)
    reached = set()
    for _ in range(30):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        reached |= set((chromium.switch_to.active_element.get_attribute("class") or "").split())
    assert {"qa-marker", "qa-copy", "qa-card-title", "qa-open"} <= reached


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de-DE", "Fragen Sie die Artikel"),
        ("nb-NO", "Spør artiklene"),
        ("vi", "Hỏi các bài báo"),
        ("fr", "Ask the articles"),
    ],
)
def test_the_interface_speaks_the_browsers_language(site, chromium, language, title):
    open_chat(chromium, site, language=language)
    assert one(chromium, ".qa-hero h1").text == title


def test_a_failure_is_told_without_its_details(site, chromium):
    box = open_chat(chromium, site)
    box.send_keys("broken" + Keys.ENTER)
    notice = one(chromium, ".qa-notice-failed").text
    assert "Something went wrong" in notice
    assert "secret" not in notice
