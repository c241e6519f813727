"""Shifts of single dates as they are written: what is read, what is refused and why, and what is told of them."""

from __future__ import annotations

import pytest

from ccsim.centre.coverage import Cover
from ccsim.errors import ScenarioError
from ccsim.language.shifts import Shift
from ccsim.scenario import Scenario, loads, read_text
from ccsim.scenario.diff import differences
from ccsim.units import HOUR

TEXT = """
scenario: shifts
horizon: {start: 2026-12-21, length: 1w, drain: 1d}
handle_time: 4m
demand: {calls: {per_hour: 30}}
sites: {hall: {region: eu, time_zone: UTC, hours: 24x7 SITE}}
queue_groups: {door: {hours: {mon-fri: 08:00-17:00, sun: 08:00-09:00}}}
pools: {desk: {site: hall, POOL}, sundays: {shifts: [{agents: 4, start: 08:00, end: 09:00, days: sun}]}}
"""
WEEK = "{agents: 6, start: 08:00, end: 17:00, days: mon-fri}"


def text(pool: str, site: str = "") -> str:
    return TEXT.replace("POOL", pool).replace(" SITE", f", {site}" if site else "")


def scenario(pool: str, site: str = "") -> Scenario:
    return loads(text(pool, site))


def warnings(pool: str, site: str = "") -> list[tuple[str, str]]:
    return [(one.key, one.message) for one in read_text(text(pool, site)).remarks if one.kind == "warning"]


def test_dates_and_ends_are_read() -> None:
    eve = "{agents: 6, start: 08:00, end: 12:00, on: 2026-12-24}"
    pool = scenario(f"shifts: [{WEEK}, {eve}, {{agents: 1, start: 22:00, end: 06:00, on: [2026-12-22, 2026-12-23]}}], "
                    "leave_on: [2026-12-25]").pools["desk"]  # fmt: skip
    assert pool.shifts == (
        Shift(agents=6, start=8 * HOUR, end=17 * HOUR, length=9 * HOUR, days=(0, 1, 2, 3, 4)),
        Shift(agents=6, start=8 * HOUR, end=12 * HOUR, length=4 * HOUR, days=(), on=("2026-12-24",)),
        Shift(agents=1, start=22 * HOUR, end=6 * HOUR, length=8 * HOUR, days=(), on=("2026-12-22", "2026-12-23")),
    )
    assert pool.leave_on == ("2026-12-25",)


@pytest.mark.parametrize(
    ("pool", "key", "message"),
    [
        ("shifts: [{agents: 1, start: 08:00}]", "shifts.0.length",
         "is missing: expected a duration like 8h, or `end: 17:00` in its place"),
        ("shifts: [{agents: 1, start: 08:00, length: 8h, end: 16:00}]", "shifts.0.length",
         "say `length` or `end`, not both"),
        ("shifts: [{agents: 1, start: 08:00, length: 8h, on: 2026-12-24, days: mon}]", "shifts.0.on",
         "say `on` or `days`, not both"),
        ("shifts: [{agents: 1, start: 08:00, length: 8h, on: 2026-02-29}]", "shifts.0.on",
         "expected a date that exists, got '2026-02-29'"),
        ("shifts: [{agents: 1, start: 08:00, length: 8h, on: [2026-12-24, 2026-12-24]}]", "shifts.0.on.1",
         "2026-12-24 appears twice in the list"),
        ("shifts: [{agents: 1, start: 08:00, end: 09:00, breaks: [{after: 30m, length: 1h}]}]", "shifts.0.breaks",
         "a break ends 1h30m after the start of a shift of 1h"),
        ("staffing: 2, leave_on: 2026-12-24", "leave_on",
         "staffing says who is there: set it to 0 on that date"),
        ("shifts: [{agents: 1, start: 08:00, length: 8h, on: 2026-12-24}], leave_on: 2026-12-24", "leave_on",
         "a shift is worked on 2026-12-24; say one of the two"),
    ],
)  # fmt: skip
def test_what_is_refused(pool: str, key: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(pool)
    assert [(one.key, one.message) for one in caught.value.faults] == [(f"pools.desk.{key}", message)]


def test_hours_without_anybody_on_single_dates_are_told_and_simulated() -> None:
    eve = "{agents: 6, start: 08:00, end: 12:00, on: 2026-12-24}"
    ((key, message),) = warnings(f"shifts: [{WEEK}, {eve}], leave_on: 2026-12-25")
    assert key == "demand.calls"
    assert "nobody is on the line for calls on thu 12:00-17:00, fri 08:00-17:00 (UTC)" in message
    assert warnings(f"shifts: [{WEEK}]") == []


def test_dates_may_be_a_range() -> None:
    eve = "{agents: 6, start: 08:00, end: 12:00, on: ON}"
    ranges, dates = (
        scenario(f"shifts: [{WEEK}, {eve.replace('ON', on)}], leave_on: {leave}")
        for on, leave in (
            ("2026-12-22..2026-12-24", "[2026-12-25..2026-12-26, 2026-12-21]"),
            ("[2026-12-22, 2026-12-23, 2026-12-24]", "[2026-12-25, 2026-12-26, 2026-12-21]"),
        )
    )
    assert ranges.pools["desk"] == dates.pools["desk"]
    assert ranges.pools["desk"].leave_on == ("2026-12-25", "2026-12-26", "2026-12-21")
    with pytest.raises(ScenarioError) as caught:
        scenario(f"shifts: [{WEEK}], leave_on: [2026-12-24..2026-12-26, 2026-12-25]")
    assert [(one.key, one.message) for one in caught.value.faults] == [
        ("pools.desk.leave_on.1", "2026-12-25 appears twice in the list")
    ]


def test_dates_that_are_not_simulated_are_told() -> None:
    found = warnings(f"shifts: [{WEEK}, {{agents: 6, start: 08:00, end: 17:00, on: [2026-12-24, 2027-12-24]}}], "
                     "leave_on: [2026-01-01, 2026-01-06]")  # fmt: skip
    outside = "outside the simulated time, 2026-12-21 to 2026-12-29"
    assert found == [
        ("pools.desk.shifts.1.on", f"2027-12-24 lies {outside}: it changes nothing"),
        ("pools.desk.leave_on", f"2026-01-01 and 1 more of these dates lie {outside}: they change nothing"),
    ]


def test_a_shift_beyond_the_hours_of_its_site_on_that_date_is_told() -> None:
    shifts = f"shifts: [{WEEK}, {{agents: 6, start: 08:00, end: 17:00, on: [2026-12-23, 2026-12-24]}}]"
    found = warnings(shifts, "special_days: {2026-12-24: 08:00-12:00, 2026-12-23: 24h}")
    why = "site hall is open 08:00-12:00 on 2026-12-24: the shift is cut"
    assert [one for one in found if one[0] != "demand.calls"] == [("pools.desk.shifts.1.on", why)]


def test_agents_time_of_weeks_with_dates() -> None:
    """Monday to Wednesday 6 x 9 hours, 6 x 4 on Christmas Eve, nobody on the 25th; the next week is not simulated."""
    eve = "{agents: 6, start: 08:00, end: 12:00, on: 2026-12-24}"
    made = scenario(f"shifts: [{WEEK}, {eve}], leave_on: 2026-12-25")
    hours, time = Cover(made).agents(made.pools["desk"])
    assert hours[0].bit_count() == 4 * (3 * 9 + 4)
    assert time[0] == 6 * (3 * 9 + 4) * HOUR
    rostered = loads(
        text("headcount: 3, shifts: day, leave_on: 2026-12-24").replace(
            "queue_groups", "shift_patterns: {day: {paid: 8h, starts: 09:00, days: mon-fri}}\nqueue_groups"
        ).replace("mon-fri: 08:00-17:00", "mon-fri: 09:00-17:00")
    )  # fmt: skip
    hours, time = Cover(rostered).agents(rostered.pools["desk"])
    assert (hours[0].bit_count(), time[0]) == (4 * 4 * 8, 3 * 4 * 8 * HOUR)


def test_a_change_of_a_dated_shift_in_words() -> None:
    eve = "{agents: 6, start: 08:00, end: END, on: 2026-12-24}"
    one, other = (scenario(f"shifts: [{WEEK}, {eve.replace('END', end)}]") for end in ("12:00", "13:00"))
    assert [(found.key, found.what) for found in differences(one, other)] == [
        ("pools.desk.shifts.1.length", "shift at 08:00 on 2026-12-24 length 4h -> 5h"),
        ("pools.desk.shifts.1.end", "shift at 08:00 on 2026-12-24 end by the clock 12:00 -> 13:00"),
    ]
