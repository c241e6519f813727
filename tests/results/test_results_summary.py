"""What a run shows in Python and in a notebook, and its tables by part."""

import re

import pandas as pd
import pytest

from ccsim.errors import CcsimError
from ccsim.kpis.shown import names_in
from ccsim.language.goals import Goal
from ccsim.results.summary import main_rows
from ccsim.results.text import ends_of, few, shown
from ccsim.results.wide import wide_tables
from tests.support.stand_in.desk import fake_run


@pytest.fixture(scope="module")
def run():
    return fake_run(4, goals=(Goal(kpi="service_level", at_least=0.8, within=20_000_000), Goal(kpi="asa", at_most=1)))


def test_a_run_prints_its_goals_and_its_main_kpis(run):
    text = str(run)
    lines = text.splitlines()
    assert lines[0].startswith(f"{run.name}: 4 replications, 95 % intervals, seed ")
    assert run.digest[:12] in lines[0]
    assert lines[1] == few(4)
    assert len([line for line in lines if line.startswith(("  pass", "  FAIL"))]) == len(run.goals)
    for row in main_rows(run):
        value = shown(row["estimate"], ends_of(row), row["unit"])
        assert any(line.startswith(f"  {row['kpi']}") and value in line for line in lines)
    assert max(map(len, lines)) < 150
    assert "\n" not in repr(run)


def test_the_names_it_prints_are_those_that_estimate_takes(run):
    for row in main_rows(run):
        assert run.estimate(row["kpi"], row["scope"], row["name"], row["threshold_s"]) == row
    assert {row["kpi"] for row in main_rows(run)} <= set(names_in("main KPIs"))


def test_a_deadline_that_is_never_met_is_told_and_one_that_nobody_has_is_not(run):
    from dataclasses import replace

    frame = run.estimates.copy()
    mine = frame["kpi"] == "deadline_met"
    frame.loc[mine, "estimate"] = 0.0
    assert "deadline_met" in {row["kpi"] for row in main_rows(replace(run, estimates=frame))}
    frame.loc[mine, "estimate"] = pd.NA
    assert "deadline_met" not in {row["kpi"] for row in main_rows(replace(run, estimates=frame))}


@pytest.mark.parametrize("kpi", ["moved_on", "requeued"])
def test_queue_time_outs_are_told_where_there_are_any(run, kpi):
    from dataclasses import replace

    frame = run.estimates.copy()
    mine = frame["kpi"] == kpi
    for estimate, told in ((0.03, True), (0.0, False)):
        frame.loc[mine, "estimate"] = estimate
        assert (kpi in {row["kpi"] for row in main_rows(replace(run, estimates=frame))}) is told


def test_one_replication_says_that_there_are_no_intervals():
    text = str(fake_run(1))
    assert "1 replication, no intervals" in text
    assert "±" not in text


def test_a_notebook_shows_it_escaped(run):
    from dataclasses import replace

    html = replace(run, name="<script>alert(1)</script>")._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count("<table>") == html.count("</table>") == 2
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert "arrived_per_day" in cells


def test_by_a_split_every_part_has_its_estimates(run):
    frame = run.by("channel", ["asa", "service_level"])
    assert list(frame.index) == ["email", "phone"]
    assert frame.index.name == "channel"
    assert [c for c in frame.columns if not c.endswith(("_low", "_high"))] == [
        "asa_s", "service_level_20s_share", "service_level_60s_share",
    ]  # fmt: skip
    assert set(map(str, frame.dtypes)) == {"Float64"}
    row = run.estimate("asa", "channel", "phone")
    assert frame.loc["phone", "asa_s"] == row["estimate"]
    assert tuple(frame.loc["phone", ["asa_s_low", "asa_s_high"]]) == ends_of(row)
    whole = run.by("channel")
    wide = wide_tables(run.estimates)["channel"]
    assert list(whole.columns) == list(wide.columns)[1:]
    assert not whole.map(lambda value: isinstance(value, float) and value != value).any().any()


def test_a_missing_interval_is_missing():
    frame = fake_run(1).by("vendor", ["occupancy"])
    assert frame["occupancy_share_low"].isna().all()
    assert frame.loc["house", "occupancy_share_low"] is pd.NA


def test_a_split_or_kpi_that_is_not_there_is_said(run):
    with pytest.raises(CcsimError, match=r"no estimates by 'colour'; this run is split by .*channel"):
        run.by("colour")
    with pytest.raises(CcsimError, match=r"no estimates of 'occupancy' by channel; there are .*asa"):
        run.by("channel", ["occupancy"])
