"""The plan: sign-ins, breaks, sign-outs, steps of staffing, queue groups, and the time that is planned."""

from __future__ import annotations

import pytest

from ccsim.kernel import layout
from ccsim.model import Model
from ccsim.units import HOUR, MINUTE
from tests.support.plans import model, plan


def planned(found: Model, pool: int = 0) -> list[float]:
    return [float(minutes) for minutes in found.planned_us[:, pool] / MINUTE]


def test_staffing_steps_over_midnight() -> None:
    found = model("desk: {staffing: [[00:00, 1], [08:00, 3], [20:00, 1]]}", length="2d")
    assert plan(found) == [
        (0, "rise", 0),
        (8, "rise", 0),
        (8, "rise", 0),
        (20, "fall", 0),
        (20, "fall", 0),
        (32, "rise", 0),
        (32, "rise", 0),
        (44, "fall", 0),
        (44, "fall", 0),
    ]
    assert planned(found) == ([60] * 8 + [180] * 12 + [60] * 4) * 2
    assert found.rules.pools.agents.tolist() == [[0, 3]]


def test_staffing_at_the_start_of_a_horizon_inside_the_day() -> None:
    found = model("desk: {staffing: [[00:00, 1], [08:00, 3], [20:00, 1]]}", start="2026-03-02T12:30", length="8h")
    assert plan(found) == [(0, "rise", 0)] * 3 + [(7.5, "fall", 0)] * 2
    assert planned(found) == [180] * 7 + [120]


def test_staffing_follows_the_clock_on_the_wall() -> None:
    steps = "desk: {staffing: [[00:00, 1], [02:00, 2], [03:00, 0], [08:00, 1]]}"
    spring = model(steps, start="2026-03-29", zone="Europe/Berlin")
    assert plan(spring) == [(0, "rise", 0), (2, "fall", 0), (7, "rise", 0)]
    autumn = model(steps, start="2026-10-25", length="25h", zone="Europe/Berlin")
    assert plan(autumn) == [(0, "rise", 0), (2, "rise", 0), (4, "fall", 0), (4, "fall", 0), (9, "rise", 0)]
    assert planned(autumn) == [60, 60, 120, 120] + [0] * 5 + [60] * 16


def test_shifts_around_midnight_and_the_start_inside_one() -> None:
    found = model("desk: {shifts: [{agents: 1, start: 20:00, length: 8h}]}")
    assert plan(found) == [(0, "in", 0), (4, "out", 0), (20, "in", 0)]
    assert planned(found) == [60] * 4 + [0] * 16 + [60] * 4
    assert [int(row[3]) // HOUR for row in found.plan] == [4, 0, 28]


def test_breaks_are_not_planned_on_the_line() -> None:
    found = model(
        "desk: {shifts: [{agents: 2, start: 08:00, length: 4h, breaks: [{after: 90m, length: 15m, paid: no},"
        " {after: 3h, length: 30m}]}]}"
    )
    assert plan(found) == [
        *[(8, "in", 0), (8, "in", 1), (9.5, "break", 0), (9.5, "break", 1)],
        *[(11, "break", 0), (11, "break", 1), (12, "out", 0), (12, "out", 1)],
    ]
    assert planned(found)[8:12] == [120, 90, 120, 60]
    assert [(int(row[3]) // MINUTE, int(row[4])) for row in found.plan if row[1] == layout.BREAK] == [
        (15, 0),
        (15, 0),
        (30, 1),
        (30, 1),
    ]


@pytest.mark.parametrize(
    ("start", "comes", "breaks"),
    [
        ("2026-03-02T09:29", 0, [1 / 60]),
        ("2026-03-02T09:30", 0, [0]),
        ("2026-03-02T09:40", 0, [0]),
        ("2026-03-02T09:45", 0, []),
    ],
)
def test_a_horizon_that_starts_around_a_break(start: str, comes: float, breaks: list[float]) -> None:
    found = model(
        "desk: {shifts: [{agents: 1, start: 08:00, length: 4h, breaks: [{after: 90m, length: 15m}]}]}",
        start=start,
        length="3h",
    )
    assert [time for time, what, _ in plan(found) if what == "in"] == [comes]
    assert [time for time, what, _ in plan(found) if what == "break"] == pytest.approx(breaks)
    worked = (12 - 9.75) * 60 + 60 * sum(breaks)
    assert sum(planned(found)) == pytest.approx(worked)


def test_a_shift_that_ends_as_the_horizon_starts_is_over() -> None:
    found = model("desk: {shifts: [{agents: 1, start: 08:00, length: 4h}]}", start="2026-03-02T12:00", length="4h")
    assert plan(found) == []


def test_shifts_keep_their_length_on_days_with_a_clock_change() -> None:
    night = "desk: {shifts: [{agents: 1, start: 22:00, length: 8h}]}"
    found = model(night, start="2026-10-24T12:00", zone="Europe/Berlin")
    assert plan(found) == [(10, "in", 0), (18, "out", 0)]
    found = model(night, start="2026-03-28T12:00", length="30h", zone="Europe/Berlin")
    assert plan(found)[:2] == [(10, "in", 0), (18, "out", 0)]


def test_a_shift_that_starts_in_a_gap_starts_after_it() -> None:
    found = model("desk: {shifts: [{agents: 1, start: 02:30, length: 2h}]}", start="2026-03-29", zone="Europe/Berlin")
    assert plan(found) == [(2.5, "in", 0), (4.5, "out", 0)]


def test_shifts_on_weekdays_over_the_week_end() -> None:
    found = model("desk: {shifts: [{agents: 1, start: 23:00, length: 2h, days: [sun]}]}", start="2026-03-02")
    assert plan(found) == [(0, "in", 0), (1, "out", 0)]


def test_planned_time_leaves_out_the_warm_up() -> None:
    found = model("desk: {staffing: 2}", length="3h", more=", warm_up: 90m")
    assert planned(found) == [120, 120, 120]


def entry_points(found: Model) -> list[tuple[float, str]]:
    return [(time, what) for time, what, _ in plan(found) if what in ("opens", "closes")]


HOURS = "queue_groups: {door: {hours: %s}}"


@pytest.mark.parametrize(
    ("hours", "start", "open_now", "wanted"),
    [
        ("{mon-sun: 00:00-24:00}", "2026-03-02T06:00", 1, []),
        ("{mon: 08:00-18:00}", "2026-03-02", 0, [(8, "opens"), (18, "closes")]),
        ("{mon: 08:00-18:00}", "2026-03-02T08:00", 1, [(10, "closes")]),
        ("{mon: 08:00-18:00}", "2026-03-02T18:00", 0, []),
        ("{mon: 08:00-18:00}", "2026-03-03", 0, []),
        ("22:00-06:00", "2026-03-02", 1, [(6, "closes"), (22, "opens")]),
        ("{sun: 22:00-06:00}", "2026-03-02", 1, [(6, "closes")]),
        ("{mon: [08:00-12:00, 13:00-18:00]}", "2026-03-02T12:30", 0, [(0.5, "opens"), (5.5, "closes")]),
    ],
)
def test_hours_of_groups(hours: str, start: str, open_now: int, wanted: list[tuple[float, str]]) -> None:
    found = model("desk: {staffing: 1}", start=start, rest=HOURS % hours)
    assert found.open_at_start.tolist() == [open_now]
    assert entry_points(found) == wanted


def test_hours_follow_the_clock_on_the_wall() -> None:
    found = model("desk: {staffing: 1}", start="2026-03-29", zone="Europe/Berlin", rest=HOURS % "08:00-18:00")
    assert entry_points(found) == [(7, "opens"), (17, "closes")]


def test_at_one_instant_agents_go_before_queue_groups_and_pools_by_name() -> None:
    found = model(
        "b: {staffing: [[00:00, 0], [08:00, 1]]}, a: {shifts: [{agents: 2, start: 08:00, length: 8h}]}",
        length="10h",
        rest=HOURS % "08:00-18:00",
    )
    assert plan(found) == [(8, "in", 0), (8, "in", 1), (8, "rise", 1), (8, "opens", 0)]
    assert found.agent_pool.tolist() == [0, 0, 1]
    assert found.agent_number.tolist() == [0, 1, 0]
