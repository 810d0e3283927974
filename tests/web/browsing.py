"""A headless Chromium that phones nobody, and what the tests do with it."""

import json
import shutil
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--lang=en-US",
)
WIDE, PHONE = (1280, 860), (390, 844)


def start(*flags):
    options = webdriver.ChromeOptions()
    for flag in (*QUIET, f"--user-data-dir={tempfile.mkdtemp()}", *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def visit(driver, url, *, size=WIDE, dark=False, language="en-US"):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 500},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})
    driver.get(url)


def wait_for(condition, seconds=25.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except StaleElementReferenceException:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def all_of(driver, selector):
    return driver.find_elements(By.CSS_SELECTOR, selector)


def one(driver, selector, seconds=25.0):
    return wait_for(lambda: next((e for e in all_of(driver, selector) if e.is_displayed()), None), seconds)


def open_chat(driver, url, **how):
    visit(driver, url, **how)
    one(driver, ".qa-hero")
    return one(driver, "#qa-box textarea")


def ask(driver, question):
    answers = len(all_of(driver, ".qa-tools"))
    one(driver, "#qa-box textarea").send_keys(question + Keys.ENTER)
    wait_for(lambda: len(all_of(driver, ".qa-tools")) > answers)
    return all_of(driver, ".qa-turn")[-1]


def serious_findings(driver):
    driver.execute_script(AXE)
    result = driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
    )
    serious = [v for v in result["violations"] if v["impact"] in ("serious", "critical")]
    return [(v["id"], node["target"], node["failureSummary"]) for v in serious for node in v["nodes"]]


def requested_urls(driver):
    urls = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            urls.append(message["params"]["request"]["url"])
    return [url for url in urls if not url.startswith(("data:", "blob:", "chrome", "about:"))]


def errors(driver):
    ignored = ("favicon", "Autofocus")
    return [
        e["message"]
        for e in driver.get_log("browser")
        if e["level"] == "SEVERE" and not any(i in e["message"] for i in ignored)
    ]
