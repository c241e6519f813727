"""The page of a run: complete, self-contained, linked, the same bytes each time."""

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from ccsim.errors import OutputError
from ccsim.report import run_page as run_page_module
from ccsim.report.page import check_page_place
from ccsim.report.run_page import run_page, write_report
from ccsim.results.run import Run
from tests.report.page_reader import Outline, inner_links, text_of
from tests.support.stand_in.centre import GOALS, SCENARIO, centre_run, goal, lab_run


def test_the_page_needs_nothing_from_elsewhere(html: str) -> None:
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#|data:text/csv;charset=utf-8,)", html)
    assert not re.search(r"@import|url\((?!#)|<script |<iframe|<link", html)
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert len(html.encode()) < 1_500_000


def test_tags_are_closed_and_every_link_has_its_target(html: str) -> None:
    outline = Outline(html)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert inner_links(outline) <= set(outline.ids)
    assert outline.tags["h1"] == outline.tags["main"] == outline.tags["nav"] == 1


def test_figures_are_well_formed_described_and_take_the_pages_colours(html: str) -> None:
    figures = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert 10 <= len(figures) <= 30
    for figure in figures:
        ET.fromstring(figure)
        assert re.search(r'role="img" aria-label="[^"]{10,}"', figure)
        assert not re.search(r"#0[1-6]0[1-6]0[1-6]", figure)


def test_no_number_is_missing_and_no_text_is_run(html: str) -> None:
    seen = text_of(html)
    assert not re.search(r"\b(nan|inf|None|Infinity)\b", seen)
    assert "&lt;NA&gt;" not in html
    assert "A made-up centre &amp; its &lt;b&gt;friends&lt;/b&gt;" in html
    assert "<b>" not in html


def test_the_first_screen_answers(html: str) -> None:
    seen = text_of(html)
    assert "2 of 3 goals pass; abandonment (chat) fails" in seen
    assert "at least 70 % within 20 s" in seen
    assert re.search(r"✓ pass service level \(phone\)", seen)
    assert re.search(r"✗ fail abandonment \(chat\)", seen)
    assert "6 of 6" in seen
    assert html.index("tile") < html.index("<nav")


@pytest.mark.parametrize(
    "title",
    ["By channel", "By tier", "By language", "By segment", "By cause", "By site", "By vendor", "By pool",
     "Vendor shares", "Cost by owner", "Cost by vendor", "Time away by cause", "Waiting at midnight by age",
     "ASA by day", "Service level by time of the week", "Agents by site and hour of the day"],
)  # fmt: skip
def test_every_part_is_there(html: str, title: str) -> None:
    assert title in html


def test_the_method_names_seed_rule_versions_files_and_holidays(html: str) -> None:
    seen = text_of(html[html.index('id="method"') :])
    for words in (
        "inputs, not measured", "Seed 7", "Replications 6", "abandons count against: answered_within_T",
        "numpy", "fake.yaml", "ab" * 32, "Holidays used, DE 2026-04-03", "Europe/Berlin", "1w",
        "Erlang C for 80 % answered within 20 s", "people: ", "weibull",
    ):  # fmt: skip
        assert words in seen, words
    assert "Holidays used, JP" not in seen


def test_only_the_recorded_time_differs_between_two_replications(html: str) -> None:
    def without_time(text: str) -> str:
        return re.sub(r"(<dt>Recorded</dt><dd>)[^<]*", r"\1", text)

    assert without_time(run_page(centre_run())) == without_time(html)


def test_estimates_may_come_once_all_is_made_that_needs_none(
    run: Run, html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    for name in ("drawn_sections", "checks", "assumptions"):
        made = getattr(run_page_module, name)
        monkeypatch.setattr(run_page_module, name, lambda *of, n=name, m=made: (begun.append(n), m(*of))[1])

    def arriving() -> pd.DataFrame:
        begun.append("estimates")
        return run.estimates

    assert run_page(replace(run, estimates=run.estimates[:0]), arriving) == html
    assert begun == ["drawn_sections", "checks", "assumptions", "estimates"]


def test_one_replication_has_no_intervals_and_no_bands_it_cannot_have() -> None:
    page = run_page(centre_run(1))
    seen = text_of(page)
    assert "One replication has no interval" in seen
    assert "±" not in text_of(page[: page.index('id="method"')]).replace("± (95", "")
    assert "Band:" not in seen
    assert Outline(page).open == []


def test_a_page_without_goals_or_scenario() -> None:
    page = run_page(centre_run(2, goals=(), scenario={}))
    assert "No goals were set" in page
    assert "<h1>fake-centre</h1>" in page
    assert "What was assumed" not in page
    assert Outline(page).open == []


def test_a_laboratory_run_gives_a_short_page() -> None:
    page = run_page(lab_run())
    outline = Outline(page)
    assert outline.open == []
    assert inner_links(outline) <= set(outline.ids)
    assert re.findall(r"<h2[^>]*>([^<]*)", page) == [
        "Can I trust this?", "Key figures", "Service through time", "Agents required, scheduled, present",
        "Where the contacts went", "Method and assumptions",
    ]  # fmt: skip
    assert "The goal passes. The 95 % intervals over" in page
    assert "Live work" not in page
    assert len(page) < 150_000


def test_hostile_names_stay_text_and_an_unknown_goal_is_said_so() -> None:
    run = centre_run(2, goals=(*GOALS, goal("deadline_met", channel="phone", at_least=0.5)))
    scenario = SCENARIO | {"title": "</title><script>alert(1)</script>", "channels": {"<i>": {"kind": "<script>"}}}
    record = {**run.provenance, "scenario": scenario, "files": [{"name": "<img src=x>", "sha256": "0"}]}
    page = run_page(replace(run, name="<u>", provenance=record))
    assert not re.search(r"<script>alert|<img|<u>|<i>", page)
    assert "&lt;u&gt;" in page
    assert "? inconclusive" in page


def test_a_stored_run_gives_the_same_bytes_without_the_simulator(run: Run, html: str, tmp_path: Path) -> None:
    import subprocess

    run.write(tmp_path / "run")
    code = (
        "import sys\nfrom pathlib import Path\nfrom ccsim.results.run import Run\n"
        "from ccsim.report.run_page import write_report\n"
        "write_report(Run.read(sys.argv[1]), Path(sys.argv[2]))\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('numba', 'simpy', 'llvmlite')"
        " or m.startswith(('ccsim.engine', 'ccsim.kernel', 'ccsim.draws', 'ccsim.model'))]\n"
        "assert not bad, bad\n"
    )
    arguments = [sys.executable, "-W", "error", "-c", code, str(tmp_path / "run"), str(tmp_path / "page.html")]
    subprocess.run(arguments, check=True)
    assert (tmp_path / "page.html").read_bytes() == html.encode()


def test_only_our_own_pages_are_replaced(run: Run, html: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tmp_path / "index.html"
    foreign.write_text("<html>mine</html>")
    with pytest.raises(OutputError, match="not a page of ccsim"):
        check_page_place(foreign)
    with pytest.raises(OutputError, match="is a folder"):
        check_page_place(tmp_path)
    ours = tmp_path / "report.html"
    ours.write_text(html, encoding="utf-8")
    check_page_place(ours)
    check_page_place(tmp_path / "new.html")
    monkeypatch.setattr("ccsim.report.run_page.run_page", lambda run: "page")
    with pytest.raises(OutputError, match="could not be written"):
        write_report(run, foreign / "below.html")


def test_key_figures_leave_out_what_is_0_unless_nothing_is_worse():
    from ccsim.report.facts import Facts
    from ccsim.report.sections import key_figures

    run = lab_run()
    frame = run.estimates.copy()
    frame.loc[frame["kpi"].isin(["service_level", "abandonment"]), "estimate"] = 0.0
    frame.loc[frame["kpi"] == "asa", "estimate"] = None
    (table,) = key_figures(Facts(replace(run, estimates=frame))).tables
    shown = {row[0].kpi for row in table.rows}
    assert "service_level" in shown
    assert not shown & {"abandonment", "asa"}
