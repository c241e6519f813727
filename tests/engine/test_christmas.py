"""A week with Christmas Eve until noon, simulated: who is turned away, who works, and what is paid."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.results.tables import columns_of
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE

TEXT = """
scenario: christmas
time_zone: Europe/Berlin
horizon: {start: 2026-12-21, length: 1w, interval: 1h, drain: 1d}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 3m}
markets: {germany: {region: eu, time_zone: Europe/Berlin, holidays: DE}}
demand: {calls: {market: germany, per_week: 3000, profile: business_day, holidays: 0}}
queue_groups: {door: {clock: market, hours: {mon-fri: 08:00-18:00, 2026-12-24: 08:00-12:00}}}
sites: {hall: {region: eu, time_zone: Europe/Berlin, hours: {mon-fri: 08:00-18:00}, holidays: DE,
               special_days: {2026-12-24: 08:00-12:00}}}
shift_patterns: {day: {paid: 8h, starts: [08:00, 10:00], days: mon-fri}}
vendors: {own: {kind: in_house, paid_hour: 20}}
pools: {desk: {site: hall, vendor: own, POOL}}
"""
POOLS = {
    "roster": "headcount: 12, shifts: day",
    "shifts": "shifts: [{agents: 6, start: 08:00, end: 16:00, days: mon-fri}, "
    "{agents: 6, start: 10:00, end: 18:00, days: mon-fri}], leave_on: 2026-12-25",
    "dated": "shifts: [{agents: 6, start: 08:00, end: 16:00, days: mon-fri}, {agents: 6, start: 10:00, end: 18:00, "
    "days: mon-fri}, {agents: 6, start: 08:00, end: 12:00, on: 2026-12-24}, {agents: 6, start: 10:00, end: 12:00, "
    "on: 2026-12-24}], leave_on: 2026-12-25",
}


@cache
def simulated(pool: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Contacts by hour of the week, and sums of the pool."""
    model = compile_model(loads(TEXT.replace("POOL", POOLS[pool])))
    tables = simulate(model, seed=1, replication=0).tables
    found = []
    for name in ("flow_intervals", "pool_sums"):
        names = [column.name for column in columns_of(name, model.thresholds)][1:]
        found.append({one: tables[name][:, i] for i, one in enumerate(names)})
    return found[0], found[1]


@pytest.mark.parametrize("pool", POOLS)
def test_after_noon_calls_are_turned_away(pool: str) -> None:
    contacts, _ = simulated(pool)
    hour = contacts["interval"]
    joined, closed = contacts["offered"] + contacts["blocked"], contacts["closed"]
    eve = 3 * 24
    open_hours = np.isin(hour, [24 * day + at for day in range(3) for at in range(8, 18)])
    open_hours |= (hour >= eve + 8) & (hour < eve + 12)
    assert closed[open_hours].sum() == 0
    assert joined[~open_hours].sum() == 0
    assert closed[(hour >= eve + 12) & (hour < eve + 18)].sum() > 100  # of some 600 a day
    assert joined[(hour >= eve + 8) & (hour < eve + 12)].sum() > 100


@pytest.mark.parametrize("pool", POOLS)
def test_nobody_is_paid_for_the_afternoon_and_all_for_the_holiday(pool: str) -> None:
    """Three days of 12 x 8 hours, 6 x 4 + 6 x 2 on Christmas Eve, 12 x 8 of leave on the first day of Christmas."""
    _, sums = simulated(pool)
    assert int(sums["absent_us"].sum()) == 96 * HOUR
    worked = int(sums["paid_us"].sum() - sums["absent_us"].sum() - sums["overtime_us"].sum())
    assert worked == (3 * 96 + 36) * HOUR
    assert int(sums["overtime_us"].sum()) < 48 * 4 * MINUTE  # were everybody talking at the end of all 48 shifts
