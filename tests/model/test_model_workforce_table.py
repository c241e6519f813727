"""People employed: what is required, scheduled and paid, interval by interval."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ccsim.model.compile import compile_model
from ccsim.model.workforce import Workforce
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE
from tests.model.employed import HOLIDAY, local, made, text


def test_the_table_agrees_with_the_roster() -> None:
    found, span = made(text(length="4w", people=60, pool=", shrinkage: {absence: 5%, training: 4%}"))
    roster = found.rosters["desk"]
    table = found.workforce_plan
    assert table[:, 0].tolist() == list(range(span.intervals))
    required = table[:, 2].reshape(4, 336) / (30 * MINUTE)
    assert (required == roster.required).all()
    scheduled = table[:, 4].reshape(4, 336).mean(axis=0) / (30 * MINUTE)
    by_hour = scheduled.reshape(-1, 2).mean(axis=1)
    assert by_hour[8:] * 0.95 == pytest.approx(roster.scheduled.reshape(-1, 2).mean(axis=1)[8:], rel=0.12)
    assert scheduled.sum() * 0.95 == pytest.approx(roster.scheduled.sum(), rel=0.01)
    assert (found.planned_us[:, 0] == table[:, 4]).all()


def test_the_requirement_is_covered_where_there_are_people_enough() -> None:
    found, _ = made(text(volume=8000, people=80, starts="00:00, 04:00, 08:00, 12:00, 16:00, 20:00"))
    roster = found.rosters["desk"]
    assert roster.required.min() >= 8000 * 5 / (7 * 24 * 60)
    assert roster.shortfall == pytest.approx(0.0, abs=1.0)


def test_required_of_the_mean_week_by_hand() -> None:
    # 1680 contacts of 6 min in 168 h: 1 erlang; 2 agents answer 68 % within 20 s, 3 answer 92 %
    given = text(volume=1680, people=7).replace("handle_time: 5m", "handle_time: 6m")
    found, _ = made(given)
    assert set(found.rosters["desk"].required) == {3.0}


def test_required_follows_the_clock_of_the_site_through_a_clock_change() -> None:
    given = text(
        zone="Europe/Berlin", site_zone="Europe/Berlin", start="2026-03-23", people=20, volume=3000, length="2w"
    ).replace("profile: flat", "profile: business_day")
    found, span = made(given)
    required = found.workforce_plan[:, 2]
    by_clock: dict[tuple[int, int, int], set[int]] = {}
    for interval, value in enumerate(required):
        moment = local(span, interval * 30 * MINUTE, "Europe/Berlin")
        by_clock.setdefault((moment.weekday(), moment.hour, moment.minute), set()).add(int(value))
    assert all(len(values) == 1 for values in by_clock.values())
    assert len(by_clock) == 336


def test_staffing_and_named_shifts_have_a_requirement_too() -> None:
    model = compile_model(
        loads("""\
scenario: plain
horizon: {start: 2026-03-02, length: 1d, drain: 0s, interval: 1h}
handle_time: 6m
demand: {calls: {per_hour: 20}}
pools: {a: {staffing: 3}, b: {shifts: [{agents: 2, start: 08:00, length: 8h, breaks: [{after: 4h, length: 30m}]}]}}
""")
    )
    table = model.workforce_plan.reshape(24, 2, 5)
    assert (table[:, 0, 2] > 0).all()
    assert (table[:8, 1, 2] == 0).all()
    assert (table[8:16, 1, 2] > 0).all()
    assert (table[:, 0, 3] == 3 * HOUR).all()
    assert table[:, 1, 3].sum() == 2 * 8 * HOUR
    assert table[:, 1, 4].sum() == 2 * 7.5 * HOUR
    assert (table[:, :, 4] == model.planned_us).all()


def test_intervals_of_any_width_add_up_to_the_same() -> None:
    totals = set()
    for interval in ("15m", "30m", "1h", "1d"):
        found, _ = made(text(interval=interval, people=20, volume=4000, length="1w"))
        totals.add(tuple(found.workforce_plan[:, 2:].sum(axis=0).tolist()))
    assert len(totals) == 1


# Premiums


def premium_at(found: Workforce, moment: int, what: int) -> int:
    """What paid time (0), or overtime beside it (1), costs more at an instant, parts per million."""
    rates = found.premiums.rates
    row = int(np.searchsorted(rates.at, moment, side="right")) - 1
    return int(found.premiums.ppm[0, rates.of[row, what]]) if rates.of[row, what] >= 0 else 0


def test_premiums_by_the_clock_of_the_site() -> None:
    found, span = made(
        text(vendor=", premiums: {night: 15%, weekend: 10%, holiday: 100%, overtime: 50%}", interval="1h",
             site=", holidays: DE, on_holidays: 100%", **HOLIDAY)
    )  # fmt: skip
    for interval in range(span.intervals):
        moment = local(span, interval * HOUR, "Europe/Berlin")
        assert premium_at(found, interval * HOUR, 1) == 500_000
        wanted = 150_000 * (moment.hour >= 22 or moment.hour < 6) + 100_000 * (moment.weekday() >= 5)
        wanted += 1_000_000 * (moment.date() == date(2026, 5, 1))
        assert premium_at(found, interval * HOUR, 0) == wanted


def test_a_premium_begins_and_ends_to_the_microsecond() -> None:
    found, _ = made(text(vendor=", premiums: {night: 20%}", interval="1h", start="2026-03-02T00:15"))
    assert found.premiums.rates.at[:3].tolist() == [0, 5 * HOUR + 45 * MINUTE, 21 * HOUR + 45 * MINUTE]
    assert [premium_at(found, 5 * HOUR + 45 * MINUTE - 1 + one, 0) for one in (0, 1)] == [200_000, 0]


def test_without_premiums_there_are_none() -> None:
    found, _ = made(text())
    assert found.premiums.ppm.shape[1] == 0
    assert found.premiums.rates.first.tolist() == [0, 0]


# Determinism
