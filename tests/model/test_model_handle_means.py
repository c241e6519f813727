"""Handle times of a forecast in the model: at instants, and as expected load."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.centre.expected import forecast_means
from ccsim.centre.foresee import foresee
from ccsim.centre.streams import streams_of
from ccsim.errors import ScenarioError
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.curves import Grid
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.model.handle_means import means_by_instant
from ccsim.model.load import Load, expected_load
from ccsim.model.local_time import LocalClock, utc_micros
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, make_staffed_pools
from ccsim.units import DAY, HOUR, MINUTE, SECOND
from tests.support.stories import script

ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
STARTS = st.sampled_from(["2026-03-28T12:00:00", "2026-10-24T18:00:00", "2026-10-31T00:00:00", "2026-04-04T06:00:00"])


def _span(start: str, length: int) -> Span:
    return Span(0, length, length, HOUR, utc_micros(datetime.fromisoformat(start), ZoneInfo("UTC")))


def _held(values: list[float], cell: int, *, repeats: bool) -> float:
    """What holds in a cell: the nearest said before it, else the nearest after it."""
    before = [value for value in values[: cell + 1] if value]
    after = [value for value in values[cell:] if value]
    if repeats and not before:
        return [value for value in values if value][-1]
    return before[-1] if before else after[0]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(ZONES, STARTS, st.none() | STARTS, st.sampled_from([30 * MINUTE, 90 * MINUTE, 5 * HOUR]), st.data())
def test_every_instant_has_what_its_clock_says(
    zone: str, start: str, first: str | None, every: int, data: st.DataObject
) -> None:
    cells = data.draw(st.integers(1, 40)) if first else DAY // (every := 90 * MINUTE)
    values = data.draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=cells, max_size=cells))
    values[data.draw(st.integers(0, cells - 1))] = 5.0
    span = _span(start, 3 * DAY)
    since, means = means_by_instant(
        Grid(every=every, start=first, values=tuple(values)), LocalClock(zone, span.start_utc), span
    )
    assert (np.diff(since) > 0).all()
    assert since[0] <= 0
    for instant in range(0, span.end, 10 * MINUTE):
        clock = (datetime.fromisoformat(start).replace(tzinfo=UTC) + timedelta(microseconds=instant)).astimezone(
            ZoneInfo(zone)
        )
        local = clock.replace(tzinfo=None)
        origin = datetime.fromisoformat(first) if first else local.replace(hour=0, minute=0, second=0)
        cell = (local - origin) // timedelta(microseconds=every)
        expected = _held(values, min(max(cell, 0), cells - 1), repeats=first is None)
        row = np.searchsorted(since, instant, side="right") - 1
        assert means[row] == expected, (clock, cell)


def _load(scenario: Scenario) -> Load:
    horizon = scenario.horizon
    start = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    span = Span(
        horizon.warm_up, horizon.warm_up + horizon.length, horizon.warm_up + horizon.length, horizon.interval, start
    )
    clocks = Clocks(start)
    pools = make_staffed_pools(scenario, sorted(scenario.pools), clocks, span)
    return expected_load(scenario, streams_of(scenario), pools, clocks, span)


WEEKLY = """\
horizon: {start: 2026-06-01, length: 1w, interval: 30m}
demand:
  calls: {rates: {per: hour, steps: [[00:00, 6], [06:00, 12], [18:00, 3]]}, aht: [[00:00, 100s], [12:15, 200s]]}
handle_time: {from_forecast: yes, cv: 0.8, wrap_up: 20%}
"""


def _days(rate: list[float], handle: list[float]) -> tuple[Floats, Floats]:
    return np.tile(np.repeat(rate, 12), 7), np.tile(np.array(handle), 7)


def test_load_is_contacts_times_the_handle_time_of_the_same_half_hour() -> None:
    load = _load(script(WEEKLY + "pools: {desk: {staffing: 5}}\n"))
    # Half hours: 24 of 100 s, that of 12:00 half and half, then 200 s.
    rate, handle = _days([6.0, 12.0, 12.0, 3.0], [100.0] * 24 + [150.0] + [200.0] * 23)
    assert load.live[0] == pytest.approx(rate / HOUR * handle * SECOND)
    assert load.handle[0] == pytest.approx(handle * SECOND)


def test_deferred_work_and_recorded_contacts_too() -> None:
    deferred = WEEKLY.replace("calls: {", "calls: {channel: email, ") + "channels: {email: {kind: deferred}}\n"
    load = _load(script(deferred + "pools: {desk: {staffing: 5}}\n"))
    # A day: 36 contacts before 06:00, 75 from there to 12:15, 69 until 18:00, 18 after it.
    assert load.deferred[0] == pytest.approx(7 * ((36 + 75) * 100 + (69 + 18) * 200) / 3600)
    traced = WEEKLY.replace("rates: {per: hour, steps: [[00:00, 6], [06:00, 12], [18:00, 3]]}", "trace: calls.csv")
    load = _load(script(traced + "pools: {desk: {staffing: 5}}\n", calls="time | 10 | 44000 | 44200"))
    expected: Floats = np.zeros(336)
    expected[0], expected[24] = 100 / 1800, 300 / 1800
    assert load.live[0] == pytest.approx(expected)


def test_load_by_the_clock_of_each_market() -> None:
    markets = """\
horizon: {start: 2026-06-01, length: 1w, interval: 30m}
markets:
  london: {region: r, time_zone: Europe/London}
  kolkata: {region: r, time_zone: Asia/Kolkata}
demand: {calls: {per_minute: 2, markets: {london: 25%, kolkata: 75%}, aht: [[00:00, 60s], [12:00, 120s]]}}
handle_time: {from_forecast: yes}
pools: {desk: {staffing: 9}}
"""
    load = _load(script(markets))
    # By UTC noon in London is 11:00, in Kolkata 06:30, midnight 23:00 and 18:30; half hours, 0.5 and 1.5 a minute.
    london = np.roll(np.repeat([1.0, 2.0], 24), -2)
    kolkata = np.roll(np.repeat([1.0, 2.0], 24), -11)
    assert load.live[0] == pytest.approx(np.tile(0.5 * london + 1.5 * kolkata, 7))


def test_means_of_a_forecast_weigh_by_contacts() -> None:
    scenario = script(WEEKLY + "pools: {desk: {staffing: 5}}\n")
    mean = ((36 + 75) * 100 + (69 + 18) * 200) / (36 + 75 + 69 + 18)
    assert forecast_means(scenario) == {("calls", "calls"): pytest.approx(mean * SECOND)}
    traced = WEEKLY.replace("rates: {per: hour, steps: [[00:00, 6], [06:00, 12], [18:00, 3]]}", "trace: calls.csv")
    scenario = script(traced + "pools: {desk: {staffing: 5}}\n", calls="time | 10 | 44000 | 44200")
    assert forecast_means(scenario) == {("calls", "calls"): pytest.approx(400 / 3 * SECOND)}


def test_who_waits_is_foreseen_with_the_forecast() -> None:
    # 240 contacts an hour of 100 s are 6.7 erlangs, of 200 s 13.3: for 8 agents too many only then.
    body = "demand: {{calls: {{per_minute: 4, aht: {}}}}}\nhandle_time: {{from_forecast: yes}}\n"
    waiting = [
        foresee(script(body.format(aht) + "pools: {desk: {staffing: 8}}\n")).memory for aht in ("100s", "90s", "200s")
    ]
    assert waiting[0] == waiting[1] < waiting[2]


def test_requirements_follow_the_forecast() -> None:
    body = """\
horizon: {start: 2026-06-01, length: 1w, interval: 30m}
demand: {calls: {per_minute: 3, aht: [[00:00, 60s], [12:00, 300s]]}}
handle_time: {from_forecast: yes, cv: 0.8}
sites: {here: {region: r, time_zone: UTC, hours: 24x7}}
shift_patterns: {day: {paid: 8h, starts: [00:00, 08:00, 16:00]}}
pools: {desk: {headcount: 60, shifts: [day], site: here}}
"""
    plan: Ints = compile_model(script(body)).workforce_plan
    required = plan[:, 2].reshape(7, 48)
    assert (np.ptp(required[:, :24], axis=1) == 0).all()
    assert (required[:, 24:] > 3 * required[:, :24]).all()


def test_a_scenario_made_without_a_reader_says_what_is_missing() -> None:
    scenario = script(WEEKLY + "pools: {desk: {staffing: 5}}\n")
    bare = scenario.model_copy(update={"demand": {"calls": scenario.demand["calls"].model_copy(update={"aht": None})}})
    with pytest.raises(ScenarioError, match=r"calls.* takes its handle time from a forecast that says none"):
        compile_model(bare)
