"""Arrivals as arrays: curves that are shared, how often each is taken, openings, day factors, traces."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.centre.expected import expected_by_stream
from ccsim.centre.streams import streams_of
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import DayFactor, Volume
from ccsim.language.horizon import Horizon
from ccsim.language.hours import WeekHours
from ccsim.language.markets import Cause, Market
from ccsim.language.pools import Pool
from ccsim.language.profiles import Profile
from ccsim.language.scenario import Scenario
from ccsim.language.sites import Site
from ccsim.language.surges import Surge
from ccsim.language.traces import Trace
from ccsim.model.calendars import dates_used
from ccsim.model.demand import Demand, compile_demand
from ccsim.model.local_time import LocalClock, utc_micros
from ccsim.model.model import Span
from ccsim.units import DAY, HOUR, WEEK

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago")
MARKETS = {zone.split("/")[1]: Market(region="r", time_zone=zone, languages={"en": 0.3, "xx": 0.7}) for zone in ZONES}
SHARES = dict.fromkeys(MARKETS, 0.2)
PROFILE = Profile(hours=Grid(every=HOUR, values=tuple(float(i % 9) for i in range(24))), weekdays=(3, 2, 2, 2, 2, 1, 0))
SURGES = {
    "launch": Surge(at="2026-03-30T09:00:00", length=DAY, times=1.5, fades=6 * HOUR, markets=("Berlin",)),
    "outage": Surge(at="2026-04-04T12:00:00", time_zone="UTC", length=5 * HOUR, times=4.0, channels=("chat",)),
}
CAUSES = {"bug": Cause(fixed="2026-04-02T10:00:00", remaining=0.1)}
FULL: dict[str, Any] = {
    "workflow": "w",
    "per_week": 1_000.0,
    "profile": PROFILE,
    "markets": SHARES,
    "channels": {"phone": 0.5, "chat": 0.5},
    "causes": {"bug": 0.2, "other": 0.8},
    "trend": 0.01 / WEEK,
}


def centre(
    demand: dict[str, Volume], start: str = "2026-03-27T00:00:00", length: int = 2 * WEEK, **more: Any
) -> Scenario:
    parts = {"markets": MARKETS, "surges": SURGES, "causes": CAUSES, **more}
    return Scenario(
        scenario="s",
        horizon=Horizon(start=start, length=length, drain=0, interval=HOUR),
        demand=demand,
        pools={"p": Pool(staffing=Grid(every=DAY, values=(1.0,)))},
        **parts,
    )


def compiled(scenario: Scenario) -> Demand:
    horizon = scenario.horizon
    start = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    end = horizon.warm_up + horizon.length
    span = Span(horizon.warm_up, end, end + horizon.drain, horizon.interval, start)
    return compile_demand(scenario, streams_of(scenario), span)


def day_volumes(demand: Demand) -> dict[int, list[float]]:
    """Expected contacts of each day of each stream."""
    days = demand.days
    area = days.piece_until[days.curve_pieces.sum(axis=1) - 1]
    found: dict[int, list[float]] = {}
    for opening in demand.openings:
        volumes = opening.scale * area[days.curve[opening.rows]]
        for stream, contacts in zip(opening.streams.tolist(), volumes.tolist(), strict=True):
            found.setdefault(stream, []).append(contacts)
    return found


def test_the_days_of_a_stream_add_up_to_what_is_expected() -> None:
    for zone in ZONES:
        (market,) = (name for name, market in MARKETS.items() if market.time_zone == zone)
        scenario = centre({"v": Volume(**{**FULL, "markets": {market: 1.0}})}, time_zone=zone)
        wanted = expected_by_stream(scenario)
        demand = compiled(scenario)
        volumes_of = day_volumes(demand)
        for rank, stream in enumerate(streams_of(scenario)):
            volume = sum(volumes_of[rank][:14])
            # Two weeks of elapsed time end an hour early or late by the clock: whole days before that are exact.
            assert wanted[stream.volume, stream.name] == pytest.approx(volume, rel=0.02), zone
            assert volume == pytest.approx(stream.share * self_made(stream.channel, stream.cause, zone), rel=1e-9)


def self_made(channel: str, cause: str, zone: str) -> float:
    """Contacts of the fortnight from 27 March, added up in steps of a minute by the clock."""
    minutes = np.arange(14 * 24 * 60)
    weights = np.array([*PROFILE.hours.values, PROFILE.hours.values[0]])
    day, hour = minutes // 1440, (minutes % 1440 + 0.5) / 60
    rate = np.interp(hour, np.arange(25), weights) / (60 * np.sum((weights[1:] + weights[:-1]) / 2))
    weekday = (day + 4) % 7  # a Friday
    rate *= 1000 * np.array(PROFILE.weekdays)[weekday] / sum(PROFILE.weekdays) * np.exp(0.01 * day / 7)
    if cause == "bug":
        rate[minutes >= (6 * 24 + 10) * 60] *= 0.1
    if zone == "Europe/Berlin":
        full = (3 * 24 + 9) * 60
        rate[(minutes >= full) & (minutes < full + 1440)] *= 1.5
        for since in range(full + 1440, full + 1440 + int(np.log(1000) * 360), 30):
            age = (since - full - 1440) / 360
            rate[since : since + 30] *= 1 + 0.5 * np.exp(-age) * -np.expm1(-30 / 360) / (30 / 360)
    if channel == "chat":
        at = datetime(2026, 4, 4, 12, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
        since = ((at.date() - date(2026, 3, 27)).days * 24 + at.hour) * 60 + at.minute
        rate[since : since + 300] *= 4.0
    return float(rate.sum())


def test_streams_of_one_shape_share_their_days() -> None:
    scenario = centre({"v": Volume(**FULL)})
    demand = compiled(scenario)
    # Five markets, of which one has a launch; two channels, of which one an outage; two causes, of which one is fixed.
    assert len({tuple(bounds) for bounds in demand.days.of_stream.tolist()}) == 5 * 2 * 2
    assert len(demand.days.of_stream) == 5 * 2 * 2 * 2


def test_rows_of_a_shape_are_its_local_days() -> None:
    scenario = centre({"v": Volume(**FULL)})
    demand = compiled(scenario)
    start = utc_micros(datetime(2026, 3, 27), ZoneInfo("UTC"))
    for stream, (first, count) in zip(streams_of(scenario), demand.days.of_stream.tolist(), strict=True):
        days = LocalClock(MARKETS[stream.market].time_zone, start).days(0, 2 * WEEK)
        assert demand.days.start[first : first + count].tolist() == [day.start for day in days]
        assert demand.days.date[first : first + count].tolist() == [day.number for day in days]


def test_openings_are_the_midnights_in_order() -> None:
    demand = compiled(centre({"v": Volume(**FULL), "w": Volume(workflow="w", per_week=7.0, profile=PROFILE)}))
    times = [opening.time for opening in demand.openings]
    assert times == sorted(set(times))
    rows = 0
    for opening in demand.openings:
        assert opening.streams.tolist() == sorted(opening.streams.tolist())
        assert set(demand.days.start[opening.rows].tolist()) == {opening.time}
        assert np.all(opening.scale >= 0.0)
        assert not opening.factor.any()
        rows += len(opening.rows)
    assert rows == demand.days.of_stream[:, 1].sum()


def test_a_day_factor_is_one_of_a_volume_and_date() -> None:
    shared = DayFactor(cv=0.2, shared="economy", correlation=0.5)
    demand = compiled(
        centre(
            {
                "b": Volume(**FULL, day_factor=shared),
                "a": Volume(**FULL, day_factor=DayFactor(cv=0.1), draws_as="old"),
                "c": Volume(**FULL),
                "d": Volume(**FULL, day_factor=DayFactor(cv=0.0)),
            }
        )
    )
    factors = demand.factors
    assert factors.names == ("old", "b")
    assert factors.shared == ("", "economy")
    assert factors.cv.tolist() == [0.1, 0.2]
    assert factors.correlation.tolist() == [1.0, 0.5]
    assert factors.of[0].tolist() == [-1, 0]
    streams = streams_of(centre({name: Volume(**FULL) for name in "abcd"}))
    for opening in demand.openings:
        for stream, row, factor in zip(opening.streams, opening.rows, opening.factor, strict=True):
            volume = streams[stream].volume
            name, day = factors.of[factor]
            assert name == {"a": 0, "b": 1, "c": -1, "d": -1}[volume]
            assert name == -1 or day == demand.days.date[row]
    assert len(np.unique(factors.of, axis=0)) == len(factors.of)


def test_a_laboratory_stream_is_taken_as_it_is() -> None:
    rate = RateCurve(grid=Grid(every=6 * HOUR, values=(1e-6, 0.0, 3e-6, 2e-6)))
    demand = compiled(centre({"calls": Volume(workflow="w", rate=rate)}, surges={}))
    assert demand.days.piece_rate.tolist() == [1e-6, 3e-6, 2e-6]
    assert demand.days.curve.tolist() == [0] * 14
    assert all(opening.scale.tolist() == [1.0] for opening in demand.openings)


def test_a_trace_has_the_dates_of_its_market() -> None:
    trace = Trace(time=(0, 5 * HOUR, 15 * HOUR, 16 * HOUR, 39 * HOUR), talk=(1, -1, 3, 4, -1))
    demand = compiled(
        centre({"t": Volume(workflow="w", trace=trace, market="Kolkata"), "u": Volume(workflow="w", trace=trace)})
    )
    rows = demand.traces
    assert rows.of_stream.tolist() == [[0, 5], [5, 5]]
    # Midnight in Kolkata is 18:30 UTC.
    number = date(2026, 3, 27).toordinal() - date(1970, 1, 1).toordinal()
    assert (rows.date - number).tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert rows.number.tolist() == [0, 1, 2, 3, 0] * 2
    assert rows.wrap_up.tolist() == [0, -1, 0, 0, -1] * 2
    assert demand.days.of_stream.tolist() == [[0, 0], [0, 0]]
    assert demand.openings == ()


def test_a_day_without_contacts_is_opened_with_none() -> None:
    demand = compiled(centre({"v": Volume(workflow="w", per_week=7.0, profile=PROFILE)}))
    scales = {opening.time // DAY: opening.scale[0] for opening in demand.openings}
    assert scales[2] == 0.0  # a Sunday
    assert scales[1] > 0.0


@settings(derandomize=True, deadline=None, max_examples=25)
@given(
    st.permutations(list(SHARES)), st.permutations(["phone", "chat"]), st.permutations(["a", "b", "c"]), st.booleans()
)
def test_the_order_of_declaration_changes_nothing(
    markets: list[str], channels: list[str], names: list[str], turned: bool
) -> None:
    def written(name: str, markets: list[str], channels: list[str]) -> Volume:
        factor = DayFactor(cv=0.1 if name == "a" else 0.2)
        parts = {**FULL, "markets": {m: SHARES[m] for m in markets}, "channels": dict.fromkeys(channels, 0.5)}
        return Volume(**parts, day_factor=factor)

    surges = dict(reversed(SURGES.items())) if turned else SURGES
    one = compiled(centre({name: written(name, list(SHARES), ["chat", "phone"]) for name in "abc"}))
    other = compiled(centre({name: written(name, markets, channels) for name in names}, surges=surges))
    for x, y in zip(one.days, other.days, strict=True):
        np.testing.assert_array_equal(x, y)
    assert one.factors.names == other.factors.names
    for a, b in zip(one.openings, other.openings, strict=True):
        assert a.time == b.time
        for column in ("streams", "rows", "scale", "factor"):
            np.testing.assert_array_equal(getattr(a, column), getattr(b, column))


def test_the_holidays_of_simulate_are_told() -> None:
    markets = {
        "a": Market(region="r", time_zone="Europe/Berlin", holidays="DE-BY"),
        "b": Market(region="r", time_zone="Europe/Berlin", holidays="GB"),
        "c": Market(region="r", time_zone="Europe/Berlin"),
    }
    site = Site(region="r", time_zone="Asia/Manila", hours=WeekHours(spans=((0, WEEK),)), holidays="PH")
    found = dates_used(
        centre({"v": Volume(workflow="w", per_week=1.0, profile=PROFILE)}, markets=markets, sites={"m": site})
    )
    assert list(found) == ["DE-BY", "GB", "PH"]
    assert found["DE-BY"] == ["2026-04-03", "2026-04-06"]
    assert found["GB"] == ["2026-04-03"]  # Easter Monday is one of England, not of the whole country
    assert "2026-04-09" in found["PH"]
