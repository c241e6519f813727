"""What a comparison shows in Python and in a notebook, and KPIs by interval from the verbs."""

import re
from dataclasses import replace

import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.units import HOUR


def test_a_comparison_prints_each_variant_with_the_kpis_of_the_goals_and_the_cost(file):
    made = api.compare(file, f"{file}:more", f"{file}:hard", replications=3)
    lines = str(made).splitlines()
    assert lines[0].startswith("desk-day against 2 variants: 3 paired replications, seed ")
    heads = [i for i, line in enumerate(lines) if line.startswith("desk-day+")]
    assert len(heads) == 2
    assert made.alternatives[1].changes[0] in lines[heads[0]]
    assert "no difference that changes results" in lines[heads[1]]
    assert lines[heads[0] + 1].split() == ["KPI", "base", "variant", "difference"]
    table = lines[heads[0] + 2 : heads[1] - 1]
    assert [line.split()[0].rstrip(",") for line in table] == [*(goal["kpi"] for goal in made.goals), "cost_per_day"]
    assert "\n" not in repr(made)


def test_differences_carry_their_sign_and_shares_are_in_points(file):
    made = api.compare(file, f"{file}:more", replications=3)
    frame = made.differences.copy()
    cost, goal = (frame["kpi"] == "cost_per_day"), (frame["kpi"] == made.goals[0]["kpi"])
    for chosen, low, middle, high in ((cost, 11.0, 12.5, 14.0), (goal, -0.03, -0.02, -0.01)):
        for column, value in (("low", low), ("difference", middle), ("high", high)):
            frame.loc[chosen, column] = value
        frame.loc[chosen, "good"] = "worse"
    text = str(replace(made, differences=frame))
    assert re.search(r"cost_per_day .*\+12\.5 ± 1\.5 USD/day +worse$", text, re.MULTILINE)
    assert made.goals[0]["unit"] == "share"
    assert re.search(rf"{made.goals[0]['kpi']}.* -2\.0 ± 1\.0 points +worse$", text, re.MULTILINE)


def test_a_notebook_shows_it_escaped(file):
    made = api.compare(file, f"{file}:more", replications=3)
    odd = replace(made.alternatives[1], changes=("<script>alert(1)</script>",))
    html = replace(made, alternatives=(made.alternatives[0], odd))._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count("<table>") == html.count("</table>") == 1


def test_the_page_of_a_comparison_is_made_like_that_of_a_run(file, tmp_path):
    made = api.compare(file, f"{file}:more", replications=3, out=tmp_path / "out")
    assert api.report(made) == tmp_path / "out" / "report.html"
    page = (tmp_path / "out" / "report.html").read_bytes()
    assert page.startswith(b"<!doctype html>")
    assert b"desk-day" in page
    assert b">more<" in page
    assert api.report(tmp_path / "out", tmp_path / "again.html").read_bytes() == page
    assert api.report(made.base).parent == tmp_path / "out" / "desk-day"
    unstored = api.compare(file, f"{file}:more", replications=3)
    assert api.report(unstored, tmp_path / "unstored.html").exists()


def test_what_no_report_is_made_of_is_said(file, tmp_path):
    made = api.compare(file, f"{file}:more", replications=3)
    (tmp_path / "mine.html").write_text("mine")
    for given, reason in (
        ((made,), "the comparison is not stored"),
        ((made.base,), "the run is not stored"),
        ((made, tmp_path / "page.pdf"), "ends with .html or .xlsx"),
        ((made, tmp_path / "mine.html"), "not a page of ccsim"),
        ((tmp_path,), "is not a run of ccsim"),
    ):
        with pytest.raises(CcsimError, match=reason):
            api.report(*given)
    assert (tmp_path / "mine.html").read_text() == "mine"


def test_a_kpi_by_interval_for_figures(file):
    run = api.run(file, replications=3)
    frame = api.by_interval(run, "asa", every=HOUR)
    assert list(frame["time_us"]) == [i * HOUR for i in range(len(frame))]
    assert {"estimate", "low", "high", "note"} <= set(frame.columns)
    with pytest.raises(CcsimError, match="no such KPI 'speed'"):
        api.by_interval(run, "speed")
    with pytest.raises(CcsimError, match="multiple of the report interval"):
        api.by_interval(run, "asa", every=7)


def test_a_scenario_is_shown_in_a_line(file):
    text = repr(api.load(file))
    assert text.startswith("<Scenario desk-day")
    assert "1 pool" in text
    assert len(text) < 200
