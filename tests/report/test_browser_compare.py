"""The page of a comparison in a real browser; needs a Chromium, like `test_browser`."""

from pathlib import Path

import pytest

from ccsim.report.compare_page import compare_page
from ccsim.results.comparison import Comparison
from tests.report.browser import PHONE, Browser, asked_for, complaints, width_on_a_phone


@pytest.fixture
def page(browser: Browser, made: Comparison, tmp_path: Path) -> Browser:
    place = tmp_path / "report.html"
    place.write_text(compare_page(made), encoding="utf-8")
    browser.open(place)
    return browser


def test_no_error_nothing_from_elsewhere_and_links_that_lead_somewhere(page: Browser) -> None:
    page.run("document.querySelectorAll('summary').forEach((each) => each.click())")
    links = "[...document.querySelectorAll('a[href^=\"#\"]')]"
    assert page.run(f"{links}.length") > 20
    assert page.run(f"{links}.filter((a) => !document.getElementById(a.hash.slice(1))).length") == 0
    assert complaints(page) == []
    assert asked_for(page) == []


def test_a_phone_shows_it_without_scrolling_sideways(page: Browser) -> None:
    assert width_on_a_phone(page) <= PHONE["width"]


def test_printing_opens_what_differs_and_closes_it_again(page: Browser) -> None:
    closed = "document.querySelectorAll('details.check:not([open]), details.changes:not([open])').length"
    before = page.run(closed)
    assert before >= 9
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run(closed) == 0
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.run(closed) == before


def test_the_answer_numbers_picture_and_trust_are_on_the_first_screen(page: Browser) -> None:
    try:
        page.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
        for what in (".lead", ".tiles", ".variants", ".first figure", ".matrix thead", "#trust-title"):
            assert page.run(f"document.querySelector('{what}').getBoundingClientRect().bottom") <= 900, what
    finally:
        page.call("Emulation.clearDeviceMetricsOverride")
