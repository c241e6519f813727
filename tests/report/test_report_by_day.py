"""Pages and text by day, week and month, and of chosen days and hours, against plain arithmetic on the tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from ccsim.centre.periods import ChosenTime
from ccsim.commands.report import report
from ccsim.errors import CcsimError
from ccsim.language.goals import Goal
from ccsim.metrics.losses import ANY, LOST, ChosenLosses
from ccsim.metrics.paired import simultaneous
from ccsim.metrics.sums import Sums
from ccsim.report.by_day import day_section
from ccsim.report.chosen_days import chosen_section
from ccsim.report.facts import Facts
from ccsim.report.run_page import run_page
from ccsim.report.workbook import sheets
from tests.support.stand_in.desk import FOUR_DAYS, fake_replication, fake_run

GOALS = (
    Goal(kpi="abandonment", at_most=0.1, channel="phone", by="day"),
    Goal(kpi="abandonment", at_most=0.1, channel="phone"),
    Goal(kpi="wait_p95", at_most=60.0),
)
app = typer.Typer()
app.command()(report)


@pytest.fixture(scope="module")
def run():
    return fake_run(5, measured=FOUR_DAYS, goals=GOALS)


def looking(run, *days, hours=()):
    return replace(run, measured=replace(run.measured, chosen=ChosenTime(days, hours)))


def monday(run, *, channel=None):
    table = run.tables["flow_intervals"]
    flows = run.tables["flows"]
    wanted = flows.index if channel is None else flows.index[flows["channel"] == channel]
    return table[table["interval"].isin([1, 2]) & table["flow"].isin(wanted)]


def test_a_goal_that_is_not_known_by_day_has_no_calendar():
    goals = (Goal(kpi="cost_per_contact", at_most=9.0, channel="phone"), Goal(kpi="occupancy", at_most=0.9))
    run = fake_run(5, measured=FOUR_DAYS, goals=goals)
    section = day_section(Facts(run))
    assert [table.title for table in section.tables if table.title.endswith("by day")] == [
        "Occupancy, at most 90 %, by day"
    ]


def test_a_goal_has_one_calendar_with_a_sign_for_every_whole_day(run):
    section = day_section(Facts(run))
    calendars = [table for table in section.tables if table.title.endswith("by day")]
    assert [table.title for table in calendars] == ["Abandonment (phone), at most 10 %, by day"]
    (row,) = calendars[0].rows
    assert [cell.text == "" for cell in row[1:]] == [False, False, False, True, True, True, True, True]
    rows = monday(run, channel="phone")
    assert row[1].value == pytest.approx(100 * rows["abandoned"].sum() / rows["offered"].sum())
    assert all(cell.text[-1] in "✓✗?" for cell in row[1:4])
    assert "Abandonment (phone): worst on " in section.said
    assert day_section(Facts(run)).said == section.said


def test_partial_weeks_are_told(run):
    weeks = next(table for table in day_section(Facts(run)).tables if table.title == "By week")
    assert [row[0].text for row in weeks.rows] == ["23 Feb", "2 Mar"]
    assert [row[1].text for row in weeks.rows] == ["12 partial", "84 partial"]
    heads = [column.title for column in weeks.columns]
    assert {"People or most agents", "FTE", "Agents signed in"} <= set(heads)


def test_a_run_whose_intervals_hold_midnights_has_no_such_section(run):
    torn = replace(run, measured=replace(run.measured, report_zone="Asia/Kolkata"))
    assert not day_section(Facts(torn))


def test_page_and_workbook_have_the_days(run):
    page = run_page(looking(run, "mon"))
    assert '<section id="by-day"' in page
    assert '<section id="chosen"' in page
    assert "On mon" in page
    made = {sheet.name: sheet for sheet in sheets(run)}
    assert made["By day, week, month"].rows
    assert made["Goals"].rows[0][2] == "channel phone, on every day"


def test_chosen_days_count_what_is_lost(run):
    section = chosen_section(Facts(looking(run, "2026-03-02")))
    lost = next(table for table in section.tables if table.title.startswith("Lost, by"))
    by_name = {row[0].text: row for row in lost.rows}
    assert by_name["Abandoned"][1].value == pytest.approx(monday(run)["abandoned"].sum() / 5)
    heads = [column.title for column in lost.columns]
    uk = by_name["Abandoned"][heads.index("uk")]
    assert uk.value == pytest.approx(monday(run, channel="email")["abandoned"].sum() / 5)
    assert by_name["Lost"][1].value >= by_name["Abandoned"][1].value
    assert not chosen_section(Facts(run))


def test_losses_by_hour_and_part_add_up(run):
    losses = ChosenLosses.of(Sums(run.tables, run.measured), ChosenTime())
    assert losses.hours == ("00:00", "12:00")
    for loss in (*LOST, ANY):
        whole = losses.counts(loss)[0]["estimate"]
        for scope, hourly in (("all", True), ("market", False), ("market", True)):
            rows = losses.counts(loss, scope, hourly=hourly)
            assert sum(row["estimate"] for row in rows) == pytest.approx(whole)
    each = [losses.counts(loss)[0]["estimate"] for loss in LOST]
    assert sum(each) == pytest.approx(losses.counts(ANY)[0]["estimate"])


def test_what_a_variant_loses_more_is_the_paired_mean(run):
    other = fake_run(5, simulate=lambda index: fake_replication(index, volume=40), measured=FOUR_DAYS)
    chosen = ChosenTime(("2026-03-02",))
    ours, theirs = (ChosenLosses.of(Sums(one.tables, one.measured), chosen) for one in (run, other))
    (row,) = ours.changes(theirs, LOST[0], simultaneous(1))
    a, b = (monday(one).groupby("replication")["abandoned"].sum().to_numpy(float) for one in (run, other))
    assert row["difference"] == pytest.approx((b - a).mean())
    assert row["low"] < row["difference"] < row["high"]
    error = np.std(b - a, ddof=1) / np.sqrt(5)
    assert row["high"] - row["low"] == pytest.approx(2 * 2.776 * error, rel=0.4)
    hours = ours.changes(theirs, LOST[0], simultaneous(1), "market", hourly=True)
    assert sum(one["difference"] for one in hours) == pytest.approx(row["difference"])


def test_the_report_of_some_days_is_printed(run, tmp_path: Path):
    run.write(tmp_path / "run")
    made = CliRunner().invoke(app, [str(tmp_path / "run"), "--days", "mon,2026-03-03", "--hours", "00:00-12:00"])
    assert made.exit_code == 0, made.output
    assert "On mon and 2026-03-03, 00:00-12:00" in made.output
    assert "24 hours of the counted time, UTC" in made.output
    assert "Lost, by market" in made.output
    assert '<h2 id="chosen-title">On mon and 2026-03-03' in (tmp_path / "run" / "report.html").read_text()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--days", "2026-03-20"], "2026-03-20 is not in the counted time, 2026-03-01 to 2026-03-05 UTC"),
        (["--days", "mo"], "--days: expected days like mon"),
        (["--days", "2026-02-30"], "--days: expected a date that exists"),
        (["--days", ""], "--days: expected days"),
        (["--hours", "9-12"], "--hours: expected"),
        (["--hours", "09:00-12:00"], "lies inside a report interval of 12h"),
        (["--days", "fri"], "fri is never in the counted time"),
        (["--days", "mo", "--hours", "9"], "--hours: expected"),
    ],
)
def test_bad_days_are_told(run, tmp_path, asked, words):
    run.write(tmp_path / "run")
    made = CliRunner().invoke(app, [str(tmp_path / "run"), *asked])
    assert made.exit_code == 2
    assert words in made.output
    assert "Traceback" not in made.output
    assert not (tmp_path / "run" / "report.html").exists()


def test_chosen_losses_of_a_time_that_is_not_counted_are_refused(run):
    with pytest.raises(CcsimError):
        ChosenLosses.of(Sums(run.tables, run.measured), ChosenTime(("2026-03-20",)))
