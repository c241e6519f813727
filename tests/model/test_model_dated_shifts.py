"""Shifts of single dates, ends by the clock, and whole pools on leave."""

from __future__ import annotations

import pytest

from ccsim.kernel import layout
from ccsim.kernel.layout import NONE
from ccsim.model import Model, compile_model
from ccsim.model.staffed_pools import Clocks, make_staffed_pools
from ccsim.scenario import loads
from ccsim.units import DAY, HOUR
from tests.support.plans import desk, each, model, plan, worked

MONDAY_TO_FRIDAY = "{agents: 10, start: 08:00, end: 17:00, days: mon-fri}"


def test_a_date_beats_weekdays() -> None:
    """Christmas Eve until noon with six, the Saturday before it instead of the Monday after it."""
    found = model(
        f"desk: {{shifts: [{MONDAY_TO_FRIDAY}, {{on: 2026-12-24, start: 08:00, end: 12:00, agents: 6}}, "
        "{on: 2026-12-19, start: 09:00, length: 6h, agents: 4}], leave_on: 2026-12-28}",
        start="2026-12-18", length="12d", zone="Europe/Berlin",
    )  # fmt: skip
    weekdays = ", ".join(f"2026-12-{day} 8-17" for day in (18, 21, 22, 23, 25, 29))
    assert worked(found) == {**each(weekdays, 10), **each("2026-12-24 8-12", 6), **each("2026-12-19 9-15", 4)}
    leave = [row for row in found.plan if row[1] == layout.SIGN_IN and row[3] == NONE]
    assert [(int(row[0]), row[4] / HOUR) for row in leave] == [(10 * DAY + 8 * HOUR, 9.0)] * 10  # at home, and paid
    assert {int(row[2]) for row in leave} == set(range(10))


@pytest.mark.parametrize("other", ["on: 2026-12-24", "days: [sat]"])
def test_a_shift_that_no_simulated_day_has_changes_nothing(other: str) -> None:
    """On a date far away, and on a weekday that the horizon does not come near."""
    plain = model("desk: {shifts: [{agents: 2, start: 08:00, length: 8h, days: mon-fri}]}", length="1d")
    found = model(
        "desk: {shifts: [{agents: 2, start: 08:00, length: 8h, days: mon-fri}, "
        f"{{agents: 3, start: 09:00, length: 1h, {other}}}]}}",
        length="1d",
    )
    assert plan(found) == plan(plain)
    assert worked(found, "UTC") == each("2026-03-02 8-16", 2)


def test_a_night_of_the_day_before_is_worked_and_that_of_the_date_is_not() -> None:
    found = model("desk: {shifts: [{agents: 2, start: 22:00, end: 06:00}], leave_on: 2026-03-03}", length="3d")
    assert worked(found, "UTC") == each("2026-03-02 0-6, 2026-03-02 22-24, 2026-03-03 0-6, 2026-03-04 22-24", 2)


def test_a_horizon_that_begins_in_a_shift_of_leave_pays_the_rest_of_it() -> None:
    """From 02:00 on, of a shift from 22:00 to 06:00 with an unpaid break from 02:30 to 03:00."""
    found = model(
        "desk: {shifts: [{agents: 1, start: 22:00, end: 06:00, breaks: [{after: 4h30m, length: 30m, paid: no}]}], "
        "leave_on: [2026-03-01, 2026-03-02]}",
        start="2026-03-02T02:00", length="12h",
    )  # fmt: skip
    assert plan(found) == [(0, "in", 0)]
    assert (found.plan[0, 3], found.plan[0, 4] / HOUR) == (NONE, 3.5)


@pytest.mark.parametrize(
    ("start", "shift", "hours"),
    [
        ("2026-03-28T12:00", "start: 22:00, end: 06:00", (10, 17)),  # clocks go forward: seven hours
        ("2026-10-24T12:00", "start: 22:00, end: 06:00", (10, 19)),  # and back: nine
        ("2026-10-24T12:00", "start: 22:00, length: 8h", (10, 18)),
        ("2026-03-28T12:00", "start: 18:00, end: 18:00", (6, 29)),  # round the clock, 23 hours
        ("2026-03-28T12:00", "start: 14:00, end: 24:00", (2, 12)),
    ],
)
def test_an_end_is_by_the_clock(start: str, shift: str, hours: tuple[int, int]) -> None:
    on = start.partition("T")[0]
    found = model(
        f"desk: {{shifts: [{{agents: 1, {shift}, on: {on}}}]}}", start=start, length="2d", zone="Europe/Berlin"
    )
    assert plan(found) == [(hours[0], "in", 0), (hours[1], "out", 0)]


def test_a_shift_that_clocks_skip_is_not_worked() -> None:
    found = model("desk: {shifts: [{agents: 1, start: 02:00, end: 03:00}]}", start="2026-03-29", length="47h",
                  zone="Europe/Berlin")  # fmt: skip
    assert plan(found) == [(25, "in", 0), (26, "out", 0)]


def test_a_dated_shift_ends_when_its_site_closes() -> None:
    found = desk("hours: 24x7, special_days: {2026-12-24: 08:00-12:00}",
                 "shifts: [{agents: 6, start: 07:00, end: 14:00, on: 2026-12-24}]", "2026-12-24", "1d")  # fmt: skip
    assert worked(found) == each("2026-12-24 8-12", 6)


def test_a_roster_on_leave() -> None:
    """Away and paid, be the site closed on that date or not."""
    for site in ("hours: {mon-fri: 08:00-18:00}", "hours: {mon-fri: 08:00-18:00, 2026-12-24: closed}"):
        found = desk(site, "headcount: 3, shifts: day, leave_on: 2026-12-24", "2026-12-23", "3d")
        assert worked(found) == each("2026-12-23 10-18, 2026-12-25 10-18", 3)
        assert [row[4] / HOUR for row in found.plan if row[1] == layout.SIGN_IN and row[3] == NONE] == [8.0] * 3


def typical(pool: str, length: str) -> set[tuple[int, float, float]]:
    """Weekdays and hours of the average week at which a pool has somebody, with its mean agents on the line."""
    scenario = loads(f"""
scenario: week
horizon: {{start: 2026-03-02, length: {length}, drain: 0s}}
handle_time: 1m
demand: {{calls: {{per_hour: 1}}}}
pools: {{desk: {pool}}}
""")
    found: Model = compile_model(scenario)
    (staffed,) = make_staffed_pools(scenario, ["desk"], Clocks(found.span.start_utc), found.span)
    return {(slot // 48, slot % 48 / 2, float(agents)) for slot, agents in enumerate(staffed.present) if agents}


def test_the_average_week_of_dated_shifts_is_that_of_the_counted_days() -> None:
    """Two weeks: on one of two Tuesdays four agents in place of two, on one of two Wednesdays nobody."""
    found = typical("{shifts: [{agents: 2, start: 08:00, end: 09:00, days: tue-wed}, "
                    "{agents: 4, start: 08:00, end: 08:30, on: 2026-03-03}], leave_on: 2026-03-11}", "2w")  # fmt: skip
    assert found == {(1, 8.0, 3.0), (1, 8.5, 1.0), (2, 8.0, 1.0), (2, 8.5, 1.0)}
