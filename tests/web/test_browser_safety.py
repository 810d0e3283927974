import pytest
from browsing import ask, one, open_chat, requested_urls, visit
from newsroom import POISON
from selenium.webdriver.common.by import By

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def assert_harmless(driver, site):
    assert driver.execute_script("return window.ran") is None
    assert [url for url in requested_urls(driver) if not url.startswith(site)] == []
    inside = (
        ".qa-turn :is(script, img, iframe, form, input, svg, style, base), .qa-page :is(img, iframe, svg, style, base)"
    )
    assert driver.find_elements(By.CSS_SELECTOR, inside) == []
    links = driver.find_elements(By.TAG_NAME, "a")
    assert all(link.get_attribute("href").startswith(site) for link in links if link.get_attribute("href"))


def test_a_poisoned_article_is_shown_as_text_and_does_nothing(site, chromium):
    chromium.get_log("performance")
    open_chat(chromium, site)
    turn = ask(chromium, "what does the poison say")
    shown = turn.find_element(By.CSS_SELECTOR, ".qa-card mark").text
    assert "<script>window.ran=1</script>" in shown
    assert "{{7*7}} ${7*7}" in shown
    assert_harmless(chromium, site)
    visit(chromium, f"{site}/articles/poison?quote=0-40")
    assert "<script>window.ran=1</script>" in one(chromium, ".qa-article").text
    assert_harmless(chromium, site)


def test_a_poisoned_question_is_shown_as_text_and_does_nothing(site, chromium):
    chromium.get_log("performance")
    open_chat(chromium, site)
    question = "".join(char for char in POISON if char.isprintable())
    ask(chromium, "what of " + question)
    assert "<script>window.ran=1</script>" in one(chromium, ".qa-question").text
    assert_harmless(chromium, site)
