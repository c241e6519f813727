"""Stories of published rosters: who signs in, is away and signs out as a file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ccsim.model import compile_model
from ccsim.scenario import loads
from tests.support.engines import compare
from tests.support.stories import POOL, Story, tell

NINE = 9 * 3600
HEAD = "agent date start end activity"
ROSTER = "roster: {file: roster.csv, on_the_line: [Phone], unpaid: [Lunch]}"


def rostered(story: Story) -> float:
    """Agent minutes of shifts."""
    return float(story.model.workforce_plan[:, 3].sum() / 60_000_000)


def desk(*rows: str, calls: str = "0 10", roster: str = ROSTER, more: str = "") -> Story:
    """A desk with a roster of 2026-01-05, a Monday; rows like `Ann 09:00 10:00 Phone`, or with a date after the
    name."""
    dated = [row if row.count(" ") > 3 else row.replace(" ", " 2026-01-05 ", 1) for row in rows]
    body = f"demand: {{calls: {{trace: calls.csv}}}}\npools: {{desk: {{{roster}}}}}\n{more}"
    return tell(body, calls=f"time talk | {calls}", roster=" | ".join([HEAD, *dated]))


def test_two_agents_come_and_go_by_their_rows() -> None:
    story = desk("Ann 09:00 10:00 Phone", "Ben 09:30 11:00 Phone", calls="0 10 | 34200 60 | 34201 60 | 36001 60")
    # From 09:30 both are there; at 10:00:01 only Ben (row 1) is.
    assert story.lives("left agent") == [(NINE, 0), (34200, 0), (34201, 1), (36001, 1)]
    assert story.total("planned", "desk") == rostered(story) == 150


def test_a_break_row_within_a_shift_row_is_a_break() -> None:
    story = desk(
        "Ann 09:00 12:00 Phone", "Ann 10:00 10:15 Break", "Ann 11:00 11:30 Lunch", calls="36001 5 | 39601 5 | 39602 5"
    )
    assert story.lives("left") == [(36900,), (41400,), (41405,)]
    found = [story.total(what, "desk") for what in ("planned", "break", "paid")]
    assert found == pytest.approx([135, 45, 150])
    assert rostered(story) == 180


def test_a_break_waits_for_the_contact_in_hand_and_is_taken_in_full() -> None:
    story = desk("Ann 09:00 10:00 Phone", "Ann 10:00 10:15 Break", "Ann 10:15 12:00 Phone", calls="35940 120 | 36001 5")
    # In hand until 10:01, so the break ends at 10:16.
    assert story.lives("left ended") == [(35940, 36060), (36960, 36965)]


def test_times_away_that_touch_count_each_for_its_cause_and_nobody_is_back_between() -> None:
    rows = ("Ann 09:00 10:00 Phone", "Ann 10:00 10:15 Break", "Ann 10:15 11:00 Team_Meeting", "Ann 11:00 12:00 Phone")
    story = desk(*rows, calls="36001 5 | 36900 5")
    assert story.lives("left") == [(39600,), (39605,)]
    causes = {row[1]: row[0] for row in story.model.names["shrinkage_causes"]}
    assert sorted(causes) == ["break", "team_meeting"]
    away = {int(row[1]): row[2] / 60_000_000 for row in story.tables["shrinkage"]}
    assert away == {causes["break"]: 15, causes["team_meeting"]: 45}


def test_a_shift_that_begins_with_a_meeting_takes_nothing_before_it() -> None:
    story = desk("Ann 09:00 09:30 Meeting", "Ann 09:30 10:00 Phone", calls="32000 10")
    assert story.lives("left") == [(34200,)]
    assert story.total("paid", "desk") == 60


def test_a_gap_is_time_off_and_they_are_back_on_time() -> None:
    story = desk("Ann 09:00 10:00 Phone", "Ann 12:00 13:00 Phone", calls="35990 60 | 36001 5")
    assert story.lives("left ended") == [(35990, 36050), (12 * 3600, 12 * 3600 + 5)]
    found = [story.total(what, "desk") for what in ("planned", "overtime", "paid")]
    assert rostered(story) == 120
    assert found == pytest.approx([120, 50 / 60, 120 + 50 / 60])


def test_a_day_of_leave_is_paid_time_away_and_nobody_signs_in() -> None:
    story = desk("Ann 09:00 17:00 Leave", "Ben 09:00 10:00 Phone", calls=f"{NINE} 5 | {NINE + 1} 5")
    assert story.lives("left agent") == [(NINE, 1), (NINE + 5, 1)]
    found = [story.total(what, "desk") for what in ("planned", "absent", "paid", "signed_in")]
    assert rostered(story) == 540
    assert found == [60, 480, 540, 60]


def test_unpaid_time_at_the_ends_and_of_four_hours_is_time_off() -> None:
    rows = ("Ann 08:00 09:00 Lunch", "Ann 09:00 10:00 Phone", "Ann 10:00 14:00 Lunch", "Ann 14:00 15:00 Phone")
    story = desk(*rows)
    found = [story.total(what, "desk") for what in ("break", "paid")]
    assert rostered(story) == 120
    assert found == [0, 120]


def test_a_shift_over_midnight_and_one_that_the_horizon_cuts() -> None:
    rows = ("Ann 2026-01-04 22:00 02:00 Phone", "Ann 2026-01-05 22:00 02:00 Phone", "Ben 2026-01-05 01:00 03:00 Phone")
    story = desk(*rows, calls="0 10", more="run: {replications: 1}")
    # 00:00 to 02:00 of Sunday's shift, 22:00 to 24:00 of Monday's, and Ben's two hours.
    assert story.lives("left agent") == [(0, 0)]
    assert story.total("planned", "desk") == 360


def test_a_night_split_at_midnight_is_one_shift() -> None:
    rows = ("Ann 2026-01-05 22:00 24:00 Phone", "Ann 2026-01-06 00:00 06:00 Phone")
    story = desk(*rows, calls="79200 60", roster=f"{ROSTER[:-1]}, outside: 0}}", more="")
    assert [row[1] for row in story.model.plan.tolist()].count(2) == 1


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9)])
def test_a_night_over_a_clock_change_ends_by_the_clock(night: str, hours: int, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(f"agent,date,start,end\nAnn,{night},22:00,06:00\n")
    text = (
        f"scenario: s\ntime_zone: Europe/London\nhorizon: {{start: {night} 12:00, length: 1d}}\nhandle_time: 1m\n"
        "demand: {calls: {per_hour: 1}}\npools: {desk: {roster: {file: roster.csv, outside: 0}}}\n"
    )
    model = compile_model(loads(text, base_dir=tmp_path))
    assert model.planned_us.sum() == hours * 3_600_000_000


def test_rows_in_an_hour_that_clocks_skip_are_nothing(tmp_path: Path) -> None:
    rows = "Ann,2026-03-29,00:30,01:00\nAnn,2026-03-29,01:00,01:30\nAnn,2026-03-29,01:30,02:30\n"
    (tmp_path / "roster.csv").write_text(f"agent,date,start,end\n{rows}")
    text = (
        "scenario: s\ntime_zone: Europe/London\nhorizon: {start: 2026-03-29, length: 12h}\nhandle_time: 1m\n"
        "demand: {calls: {per_hour: 1}}\npools: {desk: {roster: roster.csv}}\n"
    )
    model = compile_model(loads(text, base_dir=tmp_path))
    # 00:30 to 01:00, then at once 02:00 to 02:30 of the clock.
    assert model.planned_us.sum() == 3_600_000_000
    assert [row[:2] for row in model.plan.tolist()] == [[1_800_000_000, 2], [5_400_000_000, 3]]


def test_who_is_absent_is_away_for_both_parts_of_a_shift(tmp_path: Path) -> None:
    # Two parts on both sides of midnight UTC: an agent in New York, 18:00 to 18:30 and 19:30 to 20:00 local.
    rows = [f"A{n:03},2026-01-05,{times}" for n in range(200) for times in ("18:00,18:30", "19:30,20:00")]
    (tmp_path / "roster.csv").write_text("\n".join(["agent,date,start,end", *rows]) + "\n")
    text = (
        "scenario: s\ntime_zone: America/New_York\nhorizon: {start: 2026-01-05, length: 1d, interval: 30m}\n"
        "handle_time: 1m\ndemand: {calls: {per_hour: 1}}\n"
        "pools: {desk: {roster: roster.csv, shrinkage: {absence: 30%}}}\n"
    )
    kept = compare(compile_model(loads(text, base_dir=tmp_path)), 4)
    intervals = kept.tables["pool_intervals"]
    absent = {int(row[0]): row for row in intervals}
    first, second = (absent[at][POOL["absent_us"]] for at in (36, 39))
    # The same people: equal time away in both parts; some 30 % of 200 within four standard errors.
    assert first == second
    assert abs(first / (1_800_000_000) - 60) < 4 * np.sqrt(200 * 0.3 * 0.7)
