"""The page in a real browser: no error, nothing asked from elsewhere, sorting, links and files that work.

Needs a Chromium. Without one these tests are skipped in a printed line; with CCSIM_BROWSER=required they fail.
"""

import base64
import time
from pathlib import Path

import pandas as pd
import pytest

from ccsim.records.outcomes import TOLD_ENDS
from ccsim.report.backlog import CASE_BAND_NAMES
from ccsim.report.charts import backlog_bars, outcome_bars
from ccsim.report.drawn_flow import drawn_flow
from ccsim.report.flow_map import AGAIN, FlowMap, Node
from tests.report.browser import PHONE, Browser, asked_for, complaints, width_on_a_phone


@pytest.fixture
def page(browser: Browser, html: str, tmp_path: Path) -> Browser:
    place = tmp_path / "report.html"
    place.write_text(html, encoding="utf-8")
    browser.open(place)
    return browser


COLUMN = """(title, column) => {
  const table = [...document.querySelectorAll("table[data-sortable]")]
    .find((each) => each.caption.textContent.startsWith(title));
  return [...table.tBodies[0].rows].map((row) => row.cells[column].textContent.trim());
}"""


def test_no_error_and_nothing_from_elsewhere(page: Browser) -> None:
    page.run("window.dispatchEvent(new Event('beforeprint')); window.dispatchEvent(new Event('afterprint'))")
    page.run("document.querySelectorAll('button.sort').forEach((each) => each.click())")
    assert page.run("document.querySelectorAll('table[data-sortable] button.sort').length") > 30
    assert complaints(page) == []
    assert asked_for(page) == []


CUT_OFF = """() => [...document.querySelectorAll("svg text")].filter((each) => {
  const own = each.getBoundingClientRect(), all = each.ownerSVGElement.getBoundingClientRect();
  return own.width && (own.left < all.left - 1 || own.right > all.right + 1 ||
    own.top < all.top - 1 || own.bottom > all.bottom + 1);
}).map((each) => each.textContent)"""


def test_no_label_of_a_figure_is_cut_off(page: Browser) -> None:
    assert page.run("document.querySelectorAll('svg text').length") > 100
    assert page.run(f"({CUT_OFF})()") == []


def test_the_longest_labels_have_room(browser: Browser, tmp_path: Path) -> None:
    ends = [(end.name, end.words) for end in TOLD_ENDS]
    called = {f"end:{key}": words for key, words in ends}
    links = {("channel:phone", "tier:t1"): 9_876_543, (f"channel:{AGAIN}", "tier:t1"): 345_678}
    links |= {("tier:t1", key): 1_234_567 for key in called}
    nodes = [Node(0, "channel:phone"), Node(0, f"channel:{AGAIN}"), Node(1, "tier:t1")]
    way = drawn_flow(FlowMap((*nodes, *(Node(2, key) for key in called)), links), called, "way")
    row = {"channel": "community", "tier": "t1", "came": 100 * len(called)} | {key: 100 for key, _ in ends}
    bars = outcome_bars("bars", pd.DataFrame([row]), ends, "bars")
    days = [f"Wed {day} Mar" for day in range(18, 24)]
    waiting = pd.DataFrame({"day": range(6), "time": days} | dict.fromkeys(CASE_BAND_NAMES, 12_345.0))
    backlog = backlog_bars("waiting", waiting, CASE_BAND_NAMES, "visits", "backlog")
    place = tmp_path / "figures.html"
    place.write_text(f"<body style='font-family: sans-serif'>{way}{bars}{backlog}</body>", encoding="utf-8")
    browser.open(place)
    assert browser.run("document.querySelectorAll('svg text').length") > 40
    assert browser.run(f"({CUT_OFF})()") == []


def test_the_page_may_not_load_or_run_anything(page: Browser) -> None:
    page.run(
        "new Promise((done) => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); const i = new Image(); i.onerror = () => done(); i.src = 'https://example.org/x.png';"
        " document.body.append(i); })"
    )
    assert page.run("window.ran === undefined")
    assert any("Content Security Policy" in text for text in complaints(page))
    assert asked_for(page) in ([], ["https://example.org/x.png"])
    blocked = [e.get("blockedReason") for e in page.seen("Network.loadingFailed")]
    assert blocked == ["csp"] * len(asked_for(page))


def test_tables_sort_by_mouse_and_keyboard_and_say_so(page: Browser) -> None:
    title = "Visits by channel, tier and outcome"
    before = page.run(f"({COLUMN})('{title}', 2)")
    head = (
        f"[...document.querySelectorAll('table[data-sortable]')]"
        f".find((t) => t.caption.textContent.startsWith('{title}'))"
        ".tHead.rows[1].cells[2]"
    )
    page.run(f"{head}.querySelector('button').click()")
    down = page.run(f"({COLUMN})('{title}', 2)")
    assert page.run(f"{head}.getAttribute('aria-sort')") == "descending"
    numbers = [int(text.replace(",", "")) for text in down]
    assert numbers == sorted(numbers, reverse=True)
    assert sorted(before) == sorted(down)
    page.run(f"{head}.querySelector('button').focus()")
    page.press("Enter", 13)
    assert page.run(f"{head}.getAttribute('aria-sort')") == "ascending"
    assert [int(t.replace(",", "")) for t in page.run(f"({COLUMN})('{title}', 2)")] == sorted(numbers)
    names = page.run(f"({COLUMN})('By site', 0)")
    assert page.run("document.querySelectorAll('tfoot').length") == 1
    assert names == sorted(names)
    assert page.run("document.querySelectorAll('[aria-sort]').length") == 1


def test_every_link_leads_somewhere_and_numbers_lead_to_definitions(page: Browser) -> None:
    links = "[...document.querySelectorAll('a[href^=\"#\"]')]"
    assert page.run(f"{links}.length") > 40
    lost = page.run(
        f"{links}.map((a) => a.hash).filter((hash) => !document.getElementById(decodeURIComponent(hash.slice(1))))"
    )
    assert lost == []
    page.run("document.querySelector('.tile a').click()")
    hash_ = page.run("location.hash")
    assert hash_.startswith("#kpi-")
    top = page.run(f"document.getElementById('{hash_[1:]}').getBoundingClientRect().top")
    assert -1 <= top < page.run("innerHeight")


def test_a_figures_numbers_can_be_saved(page: Browser, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(files), eventsEnabled=True)
    name = "outcome-of-every-visit.csv"
    page.run(f"document.querySelector('#flow a[download=\"{name}\"]').click()")
    for _ in range(100):
        if (files / name).exists():
            break
        time.sleep(0.1)
    text = (files / name).read_text(encoding="utf-8")
    assert text.startswith("channel,tier,from_outside [visits]")
    assert len(text.splitlines()) == 7


def test_a_phone_shows_it_without_scrolling_sideways(page: Browser) -> None:
    assert width_on_a_phone(page) <= PHONE["width"]


def test_dark_is_dark(page: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.run(colour)
    try:
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        assert page.run(colour) != light == "rgb(255, 255, 255)"
    finally:
        page.call("Emulation.setEmulatedMedia", features=[])


def test_it_prints_without_cutting_a_table(page: Browser) -> None:
    try:
        page.call("Emulation.setEmulatedMedia", media="print")
        page.call("Emulation.setDeviceMetricsOverride", width=703, height=1000, deviceScaleFactor=1, mobile=False)
        assert page.run("Math.max(...[...document.querySelectorAll('table')].map((t) => t.offsetWidth))") <= 703
    finally:
        page.call("Emulation.clearDeviceMetricsOverride")
        page.call("Emulation.setEmulatedMedia", media="")
    made = base64.b64decode(page.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") in range(3, 40)
