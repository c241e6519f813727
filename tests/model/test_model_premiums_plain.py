"""Premiums and what they cost, quarter of an hour by quarter, in plain Python."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ccsim.model.compile import compile_model
from ccsim.model.model import Model
from ccsim.model.premiums import extra_time
from ccsim.scenario import loads
from ccsim.units import DAY, HOUR, MINUTE

CARD = """\
scenario: card
time_zone: {zone}
horizon: {{start: {start}, warm_up: 5h, length: 9d, drain: 0s, interval: {interval}}}
handle_time: 5m
demand: {{calls: {{per_week: 600}}}}
sites:
  there: {{region: ap, time_zone: {zone}, hours: 24x7, holidays: DE}}
vendors:
  a_card: {{paid_hour: 20, premiums: {{night: 15%, weekend: 10%, holiday: 100%, overtime: 50%, combine: {combine}}}}}
  b_plain: {{paid_hour: 10}}
  c_overtime: {{paid_hour: 10, premiums: {{overtime: 25%}}}}
pools:
  a: {{site: there, vendor: a_card, staffing: [[00:00, 2], [05:15, 1], [22:30, 3]]}}
  b: {{vendor: b_plain, staffing: 1}}
  c: {{site: there, vendor: a_card, shifts: [{{agents: 1, start: 08:00, length: 8h}}]}}
  d: {{vendor: c_overtime, staffing: 2}}
"""


def _card(zone: str, start: str, combine: str, interval: str = "30m") -> Model:
    return compile_model(loads(CARD.format(zone=zone, start=start, combine=combine, interval=interval)))


def _local(model: Model, instant: int, zone: str) -> datetime:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=model.span.start_utc + instant)
    return moment.astimezone(ZoneInfo(zone))


def _extras(moment: datetime) -> list[int]:
    """What applies, in parts per million."""
    found = [150_000] * (moment.hour >= 22 or moment.hour < 6) + [100_000] * (moment.weekday() >= 5)
    holidays = (date(2026, 4, 3), date(2026, 4, 6))  # Good Friday and Easter Monday
    return found + [1_000_000] * (moment.date() in holidays)


def _at(model: Model, pool: int, instant: int) -> tuple[int, int]:
    """What paid time costs more at an instant, and overtime beside it."""
    rates = model.groups.rates
    rows = [row for row in range(int(rates.first[pool]), int(rates.first[pool + 1])) if rates.at[row] <= instant]
    if not rows:
        return 0, 0
    paid, over = (int(number) for number in rates.of[rows[-1]])
    ppm = model.premium[pool]
    return int(ppm[paid]) if paid >= 0 else 0, int(ppm[over]) if over >= 0 else 0


@pytest.mark.parametrize("combine", ["add", "highest"])
@pytest.mark.parametrize(
    ("zone", "start"),
    [("Europe/Berlin", "2026-03-28"), ("Asia/Kathmandu", "2026-03-30T13:30"), ("America/New_York", "2026-10-30")],
)
def test_a_rate_card_at_every_quarter_of_an_hour(zone: str, start: str, combine: str) -> None:
    model = _card(zone, start, combine)
    together = sum if combine == "add" else lambda extras: max(extras, default=0)
    span = model.span
    for instant in range(span.counted_from, span.counted_until, 15 * MINUTE):
        for before in (0, 1):
            at = max(instant - before, span.counted_from)
            extras = _extras(_local(model, at, zone))
            paid = together(extras)
            wanted = paid, together([*extras, 500_000]) - paid
            assert _at(model, 0, at) == _at(model, 2, at) == wanted, (at, before)
            assert _at(model, 1, at) == (0, 0)
    rates = model.groups.rates
    assert rates.stepped.tolist() == [1, 1, 0, 1]
    assert _at(model, 3, span.counted_from) == _at(model, 3, span.counted_until - 1) == (0, 250_000)
    assert rates.at[rates.first[:-1][[0, 2]]].tolist() == [span.counted_from] * 2
    own = [rates.at[rates.first[p] : rates.first[p + 1]] for p in (0, 2)]
    assert all((np.diff(at) > 0).all() and at.max() < span.counted_until for at in own)


@pytest.mark.parametrize(("interval", "combine"), [("30m", "highest"), ("8h", "add")])
def test_planned_time_by_class_of_overtime(interval: str, combine: str) -> None:
    """Of pools with staffing: what is signed in beyond it is overtime, so the plan is taken off class by class."""
    zone = "Europe/Berlin"
    model = _card(zone, "2026-03-28", combine, interval)
    span = model.span
    expected = np.zeros_like(model.planned_overtime)
    for instant in range(span.counted_from, span.counted_until, 15 * MINUTE):
        over = _at(model, 0, instant)[1]
        if over:
            clock = _local(model, instant, zone)
            minutes = clock.hour * 60 + clock.minute
            agents = 2 if minutes < 315 else 1 if minutes < 1350 else 3
            number = model.premium[0].tolist().index(over)
            expected[(instant - span.counted_from) // span.interval, 0, number] += agents * 15 * MINUTE
    expected[:, 3, 0] = 2 * model.planned_us[:, 1]  # overtime is its only premium
    np.testing.assert_array_equal(model.planned_overtime, expected)
    assert expected.sum() > 0


def test_what_premiums_add_is_exact_up_to_every_interval() -> None:
    rng = np.random.default_rng(2)
    times = rng.integers(-HOUR, 20 * DAY, (12, 3, 2))
    times[:3] = rng.integers(0, 4, (3, 3, 2))
    ppm = np.array([[1, 333_333], [500_000, 250_000], [1_000_000, 0]])
    found = extra_time(times, ppm).cumsum(axis=0)
    for interval in range(12):
        for pool in range(3):
            exact = sum(
                int(times[before, pool, number]) * int(ppm[pool, number])
                for before in range(interval + 1)
                for number in (0, 1)
            )
            assert found[interval, pool] == (exact + 500_000) // 1_000_000
