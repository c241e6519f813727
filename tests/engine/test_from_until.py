"""Pools and volumes that begin and end on a date: who works, what is paid and what comes, against plans with dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from tempfile import NamedTemporaryFile

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.tables import POOL_INTERVALS, WORKFORCE_PLAN
from ccsim.scenario import loads
from ccsim.units import HOUR
from tests.support.plans import desk, each, plan, worked
from tests.support.stories import VISIT

PLAN = {column.name: i for i, column in enumerate(WORKFORCE_PLAN)}
POOL = {column.name: i for i, column in enumerate(POOL_INTERVALS[1:])}
TEXT = """
scenario: launch
time_zone: Europe/London
horizon: {start: 2026-06-01, warm_up: 1d, length: 12d, interval: 1h, drain: 1d}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 3m}
demand: {calls: {per_hour: 20}}
sites: {hall: {region: eu, time_zone: Europe/Warsaw, hours: 24x7}}
shift_patterns: {day: {paid: 8h, starts: [08:00, 22:00], breaks: [30m unpaid], days: mon-fri}}
vendors: {own: {kind: in_house, paid_hour: 20, premiums: {night: 25%}, minimum_hours_per_week: 700}}
pools:
  base: {site: hall, staffing: 2}
  desk: {site: hall, vendor: own, POOL}
"""
PLANS = {
    "staffing": "staffing: [[00:00, 1], [07:00, 4], [19:30, 2]]",
    "shifts": "shifts: [{agents: 3, start: 08:00, end: 16:00}, {agents: 2, start: 22:00, length: 8h}], "
    "leave_on: [2026-06-05, 2026-06-10]",
    "roster": "headcount: 12, shifts: day, shrinkage: {absence: 20%, training: 5%}, leave_on: 2026-06-10",
}
FROM, UNTIL = "2026-06-04", "2026-06-11"
"""Midnights in Warsaw: in London 23:00 of the day before, 71 and 239 hours into the run."""
COUNTED = (71 - 24, 239 - 24)


@cache
def tables(pool: str) -> dict[str, np.ndarray]:
    return simulate(compile_model(loads(TEXT.replace("POOL", pool))), seed=1, replication=0).tables


def by_hour(pool: str, column: str) -> np.ndarray:
    """[counted hours] Agent time of the desk."""
    found = np.zeros(12 * 24, np.int64)
    for row in tables(pool)["pool_intervals"]:
        if row[POOL["pool"]] == 1:
            found[row[POOL["interval"]]] += row[POOL[column]]
    return found


@pytest.mark.parametrize("kind", PLANS)
def test_nobody_works_or_is_paid_outside_the_dates_and_inside_all_is_as_before(kind: str) -> None:
    """Paid time, absences and the plan hour by hour."""
    with_dates = f"{PLANS[kind]}, from: {FROM}, until: {UNTIL}"
    since, until = COUNTED
    for column in ("paid_us", "absent_us", "signed_in_us", "rated_us"):
        found, usual = by_hour(with_dates, column), by_hour(PLANS[kind], column)
        assert not found[:since].any(), column
        assert not found[until + 1 :].any(), column  # in the hour after the end a contact in hand is finished
        if column == "signed_in_us":
            assert found[since:until].sum() > 50 * HOUR
            assert usual[:since].any(), "the plan without dates would work there"
    planned = [compile_model(loads(TEXT.replace("POOL", one))).planned_us[:, 1] for one in (with_dates, PLANS[kind])]
    inside = np.zeros(12 * 24, np.bool_)
    inside[since:until] = True
    if kind != "roster":  # for other days another roster is the best
        assert np.array_equal(planned[0], np.where(inside, planned[1], 0))
    assert not planned[0][~inside].any()


def test_staffing_from_a_date_is_paid_as_staffing_with_changes_to_the_last_digit() -> None:
    """The same rows in all tables: paid hours, premiums, contacts."""
    written = f"{PLANS['staffing']}, changes: [{{end: {FROM}, set_to: 0}}, {{start: {UNTIL}, set_to: 0}}]"
    found, expected = tables(f"{PLANS['staffing']}, from: {FROM}, until: {UNTIL}"), tables(written)
    for name, table in found.items():
        if name != "workforce_plan":  # what is required is of the time when it is there
            assert np.array_equal(table, expected[name]), name


def test_shifts_from_a_date_are_paid_as_shifts_of_dates_to_the_last_digit() -> None:
    """A shift for each date, and the rest of the night that is cut at the first midnight."""
    days = [(datetime(2026, 6, 4) + timedelta(days=number)).date().isoformat() for number in range(7)]
    dates = ", ".join(days)
    shifts = f"{{agents: 3, start: 08:00, end: 16:00, on: [{dates}]}}, "
    shifts += f"{{agents: 2, start: 22:00, length: 8h, on: [{', '.join(days[:-1])}]}}, "
    shifts += f"{{agents: 2, start: 22:00, length: 2h, on: {days[-1]}}}, "
    shifts += f"{{agents: 2, start: 00:00, length: 6h, on: {FROM}}}"
    plain = "shifts: [{agents: 3, start: 08:00, end: 16:00}, {agents: 2, start: 22:00, length: 8h}]"
    found, expected = tables(f"{plain}, from: {FROM}, until: {UNTIL}"), tables(f"shifts: [{shifts}]")
    column = [POOL[name] for name in ("paid_us", "rated_us", "signed_in_us", "overtime_us", "answered")]
    mine = [table["pool_intervals"][:, [POOL["interval"], POOL["pool"], *column]] for table in (found, expected)]
    assert np.array_equal(*mine)


def test_the_invoice_begins_with_the_pool() -> None:
    """A vendor's minimum is that of the time in which it has a pool: a week of twelve days, 2,000 h at 20."""
    text = TEXT.replace("POOL", f"staffing: 4, from: {FROM}, until: {UNTIL}").replace("per_week: 700", "per_week: 2000")
    with NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        run = api.run(file.name, replications=2, out=None)
    rows = run.estimates
    cost = rows[(rows["kpi"] == "cost_per_day") & (rows["scope"] == "pool") & (rows["name"] == "desk")]
    assert cost["estimate"].tolist() == pytest.approx([40_000.0 / 12], rel=1e-12)


def test_a_night_is_cut_at_midnight_and_its_break_with_it() -> None:
    """By the clock of the site: Warsaw is an hour ahead of the scenario's London."""
    shifts = "shifts: [{agents: 2, start: 22:00, length: 8h, breaks: [{after: 90m, length: 1h}]}]"
    found = desk("hours: 24x7", f"{shifts}, from: 2026-03-04, until: 2026-03-06", "2026-03-02", "6d", "Europe/Warsaw")
    inside = {"2026-03-04 0-6": 2.0, "2026-03-04 22-23": 2.0, "2026-03-04 23-24": 1.0}
    inside |= {"2026-03-05 0-1": 1.0, "2026-03-05 1-6": 2.0, "2026-03-05 22-23": 2.0, "2026-03-05 23-24": 1.0}
    inside["2026-03-04 0-1"] = 1.0  # the break of the night that began the day before
    expected = {hour: agents for said, agents in inside.items() for hour in each(said, agents)}
    assert worked(found, "Europe/Warsaw") == expected


@pytest.mark.parametrize("pool", ["staffing: 3", "headcount: 6, shifts: day"])
@pytest.mark.parametrize("dates", ["from: 2026-02-01", "until: 2026-07-01", "from: 2026-03-02, until: 2026-03-09"])
def test_dates_outside_the_run_change_nothing(pool: str, dates: str) -> None:
    plain, found = (desk("hours: 24x7", one, "2026-03-02", "7d") for one in (pool, f"{pool}, {dates}"))
    assert plan(found) == plan(plain)
    assert np.array_equal(found.workforce_plan, plain.workforce_plan)


@pytest.mark.parametrize(
    "pool", ["staffing: 3", "headcount: 6, shifts: day", "shifts: [{agents: 3, start: 06:00, length: 9h}]"]
)
@pytest.mark.parametrize("dates", ["from: 2026-04-01", "until: 2026-02-01"])
def test_a_pool_that_is_never_there_has_no_plan(pool: str, dates: str) -> None:
    found = desk("hours: 24x7", f"{pool}, {dates}", "2026-03-02", "7d")
    assert len(found.plan) == 0
    assert not found.workforce_plan[:, 2:].any()


def test_agents_are_required_from_the_date_on_for_the_load_of_that_time() -> None:
    """Calls for which a pool alone is there: in its two weeks as many agents as if calls and pool had no dates."""
    demand = "demand: {calls: {per_hour: 60, from: 2026-03-16}}"
    plain = "demand: {calls: {per_hour: 60}}"
    texts = [
        f"""
scenario: launch
horizon: {{start: 2026-03-02, length: 4w, drain: 0s, interval: 1h}}
handle_time: 6m
{said}
pools: {{desk: {{staffing: 9, {dates}}}}}
"""
        for said, dates in ((demand, "from: 2026-03-16"), (plain, ""))
    ]
    rows = [compile_model(loads(text)).workforce_plan for text in texts]
    found, usual = ({name: one[:, i] for name, i in PLAN.items()} for one in rows)
    half = 2 * 7 * 24
    assert not found["required_us"][:half].any()
    assert (found["required_us"][half:] == usual["required_us"][half:]).all()
    assert usual["required_us"].min() > 6 * HOUR


def test_a_volume_begins_at_midnight_of_its_market() -> None:
    """Two markets a day's turn apart, as a forecast with zeros says it: the same contacts row by row."""
    text = """
scenario: launch
horizon: {start: 2026-03-02, length: 6d, drain: 1d}
handle_time: 4m
markets: {japan: {region: ap, time_zone: Asia/Tokyo}, peru: {region: sa, time_zone: America/Lima}}
demand: {calls: {per_hour: 20, day_cv: 20%, markets: {japan: 50%, peru: 50%}, DATES}}
pools: {desk: {staffing: 3}}
"""
    written = "changes: [{start: 2026-02-01, end: 2026-03-04, set_to: 0 per hour}, "
    written += "{start: 2026-03-06 12:00, set_to: 0 per hour}]"
    found, expected, usual = (
        simulate(compile_model(loads(text.replace(", DATES", said))), seed=1, replication=0, visits=True).tables
        for said in (", from: 2026-03-04, until: 2026-03-06 12:00", f", {written}", "")
    )
    assert all(np.array_equal(table, expected[name]) for name, table in found.items())
    joined = found["visits"][:, VISIT["joined_us"]] / HOUR
    queue = found["visits"][:, VISIT["queue"]]
    assert [joined[queue == one].min() // 1 for one in (0, 1)] == [2 * 24 - 9, 2 * 24 + 5]
    assert joined.max() < 4 * 24 + 12 + 5
    assert {tuple(row) for row in found["visits"][:, :6]} <= {tuple(row) for row in usual["visits"][:, :6]}
