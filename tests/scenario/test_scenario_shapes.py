"""What multiplies a volume on a local date: weekdays, seasons, trends, holidays, surges, causes that are fixed."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.centre.streams import streams_of
from ccsim.centre.expected import expected_by_stream, expected_contacts
from ccsim.centre.pieces import Step, local_pieces, stepped, volume, volume_between
from ccsim.language.markets import Cause
from ccsim.language.profiles import Profile
from ccsim.language.surges import Surge
from ccsim.language.demand import Volume
from ccsim.language.changes import Change
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.horizon import Horizon
from ccsim.language.markets import Market
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.centre.shapes import Shapes
from ccsim.centre.surge_steps import FADED, cause_steps, surge_steps, together
from ccsim.units import DAY, HOUR, MINUTE, WEEK

MONDAY = date(2026, 3, 2)
HOURS = Grid(every=HOUR, values=tuple(1.0 + (i * 5) % 7 for i in range(24)))
WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 1.2, 0.4, 0.0)
PROFILE = Profile(hours=HOURS, weekdays=WEEKDAYS)
MARKETS = {
    "de": Market(region="emea", time_zone="Europe/Berlin", holidays="DE", languages={"de": 0.9, "en": 0.1}),
    "us": Market(region="na", time_zone="America/New_York", holidays="US", languages={"en": 1.0}),
    "jp": Market(region="apac", time_zone="Asia/Tokyo", holidays="JP"),
}


def centre(
    *volumes: Volume, start: str = "2026-03-02T00:00:00", length: int = WEEK, warm_up: int = 0, **more: object
) -> Scenario:
    parts: dict[str, object] = {"markets": MARKETS, **more}
    return Scenario(
        scenario="s",
        horizon=Horizon(start=start, length=length, warm_up=warm_up, drain=DAY, interval=HOUR),
        demand={f"v{i}": one for i, one in enumerate(volumes)},
        pools={"p": Pool(staffing=Grid(every=DAY, values=(1.0,)))},
        **parts,  # type: ignore[arg-type]
    )


def weekly(**more: object) -> Volume:
    parts: dict[str, object] = {"workflow": "w", "per_week": 700.0, "profile": PROFILE, **more}
    return Volume(**parts)  # type: ignore[arg-type]


def on(scenario: Scenario, day: date, stream: int = 0) -> float:
    """Contacts of the whole volume on a date, by the shape of one of its streams."""
    shapes = Shapes(scenario)
    factor, curve = shapes.on(shapes.of(streams_of(scenario)[stream]), day)
    return factor * curve.area


def between(scenario: Scenario, day: date, since: int, until: int, stream: int = 0) -> float:
    shapes = Shapes(scenario)
    factor, curve = shapes.on(shapes.of(streams_of(scenario)[stream]), day)
    return factor * volume_between(curve.pieces, since, until)


def test_a_normal_week_has_its_volume() -> None:
    days = [on(centre(weekly()), MONDAY + timedelta(days=n)) for n in range(7)]
    assert days == pytest.approx([700 * weight / sum(WEEKDAYS) for weight in WEEKDAYS])
    assert sum(days) == pytest.approx(700.0)
    assert expected_contacts(centre(weekly())) == {"v0": pytest.approx(700.0)}


def test_a_day_has_the_hours_of_its_profile() -> None:
    day = on(centre(weekly()), MONDAY)
    weights = [*HOURS.values, HOURS.values[0]]
    areas = [(a + b) / 2 for a, b in pairwise(weights)]
    for hour in range(24):
        found = between(centre(weekly()), MONDAY, hour * HOUR, (hour + 1) * HOUR)
        assert found == pytest.approx(day * areas[hour] / sum(areas))


def test_season_trend_and_holidays_multiply() -> None:
    plain = centre(weekly())
    season = tuple(1.0 if month != 4 else 1.5 for month in range(1, 13))
    assert on(centre(weekly(season=season)), date(2026, 4, 1)) == pytest.approx(1.5 * on(plain, date(2026, 4, 1)))
    assert on(centre(weekly(season=season)), date(2026, 3, 31)) == on(plain, date(2026, 3, 31))
    growing = centre(weekly(trend=math.log(1.02) / WEEK))
    assert on(growing, MONDAY) == on(plain, MONDAY)
    assert on(growing, MONDAY + timedelta(days=7)) == pytest.approx(1.02 * on(plain, MONDAY))
    assert on(growing, MONDAY - timedelta(days=7)) == pytest.approx(on(plain, MONDAY) / 1.02)
    easter = date(2026, 4, 3)
    for market, factor in (("de", 0.3), ("us", 1.0), ("nowhere", 1.0)):
        found = centre(weekly(holidays=0.3, market=market), length=6 * WEEK)
        assert on(found, easter) == pytest.approx(factor * on(plain, easter)), market


def test_a_trend_that_runs_away_is_a_fault() -> None:
    text = """\
scenario: s
horizon: {start: 2026-03-02, length: %s, drain: 0s}
handle_time: 1m
demand: {calls: {per_week: 70, profile: flat, trend: %s}}
pools: {desk: {staffing: 1}}
"""
    for length, trend in (("5w", "1000% per day"), ("500w", "-10% per week"), ("3660d", "1000% per day")):
        with pytest.raises(ScenarioError) as caught:
            loads(text % (length, trend))
        (fault,) = caught.value.faults
        assert (fault.key, fault.line) == ("demand.calls.trend", 4)
        assert "by more than 1,000" in fault.message
    assert expected_contacts(loads(text % ("2w", "100% per week")))["calls"] == pytest.approx(
        70 * sum(2 ** (day / 7) for day in range(14)) / 7
    )


def test_a_surge_multiplies_what_it_is_about_and_nothing_else() -> None:
    surge = Surge(at="2026-03-03T10:00:00", length=2 * HOUR, times=3.0, markets=("de",), channels=("chat",))
    split = weekly(markets={"de": 0.5, "us": 0.5}, channels={"chat": 0.4, "phone": 0.6})
    tuesday = MONDAY + timedelta(days=1)
    for surges in ({}, {"x": surge}):
        found = centre(split, surges=surges)
        for rank, stream in enumerate(streams_of(found)):
            hit = bool(surges) and stream.market == "de" and stream.channel == "chat"
            plain = centre(split)
            for since, until, factor in ((0, 10, 1), (10, 12, 3 if hit else 1), (12, 24, 1)):
                wanted = factor * between(plain, tuesday, since * HOUR, until * HOUR, rank)
                assert between(found, tuesday, since * HOUR, until * HOUR, rank) == pytest.approx(wanted)
            assert on(found, MONDAY, rank) == on(plain, MONDAY, rank)


def test_surges_multiply_one_another() -> None:
    one = Surge(at="2026-03-03T10:00:00", length=4 * HOUR, times=2.0)
    two = Surge(at="2026-03-03T12:00:00", length=4 * HOUR, times=3.0)
    found, plain = centre(weekly(), surges={"a": one, "b": two}), centre(weekly())
    tuesday = MONDAY + timedelta(days=1)
    for hour in range(24):
        factor = (2 if 10 <= hour < 14 else 1) * (3 if 12 <= hour < 16 else 1)
        wanted = factor * between(plain, tuesday, hour * HOUR, (hour + 1) * HOUR)
        assert between(found, tuesday, hour * HOUR, (hour + 1) * HOUR) == pytest.approx(wanted)


def test_a_surge_with_a_zone_strikes_everywhere_at_once_one_without_follows_the_sun() -> None:
    for zone, hour in ((None, 9), ("UTC", 18)):
        surge = Surge(at="2026-03-03T09:00:00", time_zone=zone, length=HOUR, times=2.0)
        steps = surge_steps(surge, ZoneInfo("Asia/Tokyo"), MONDAY, MONDAY + timedelta(days=6))
        (day,) = steps
        assert day == date(2026, 3, 3)
        assert steps[day] == (
            Step(0, hour * HOUR, 1.0),
            Step(hour * HOUR, (hour + 1) * HOUR, 2.0),
            Step((hour + 1) * HOUR, DAY, 1.0),
        )


@pytest.mark.parametrize("times_", [2.5, 0.2])
def test_a_surge_fades_by_half_hours_with_the_area_of_the_exponential(times_: float) -> None:
    surge = Surge(at="2026-03-03T09:10:00", length=HOUR, times=times_, fades=5 * HOUR)
    steps = surge_steps(surge, ZoneInfo("UTC"), MONDAY, MONDAY + timedelta(days=9))
    end = DAY + 10 * HOUR + 10 * MINUTE
    cells = [
        ((day - MONDAY).days * DAY + step.start, (day - MONDAY).days * DAY + step.end, step.times)
        for day in sorted(steps)
        for step in steps[day]
    ]
    excess = 0.0
    for start, stop, factor in cells:
        if start >= end and factor != 1.0:
            assert start == end or start % (30 * MINUTE) == 0
            mean = math.exp((end - start) / (5 * HOUR)) * -math.expm1((start - stop) / (5 * HOUR)) * 5 * HOUR
            assert factor - 1.0 == pytest.approx((times_ - 1.0) * mean / (stop - start))
            excess += (factor - 1.0) * (stop - start)
    assert excess == pytest.approx((times_ - 1.0) * 5 * HOUR, rel=2e-3)
    last = max(stop for _, stop, factor in cells if factor != 1.0)
    assert FADED * 5 * HOUR <= last - end < FADED * 5 * HOUR + 30 * MINUTE
    assert next(factor for start, stop, factor in cells if start < end <= stop) == times_


def test_a_surge_that_began_before_the_horizon_still_fades() -> None:
    surge = Surge(at="2026-02-01T00:00:00", length=DAY, times=5.0, fades=30 * DAY)
    steps = surge_steps(surge, ZoneInfo("UTC"), MONDAY, MONDAY)
    (first, *_rest) = steps[MONDAY]
    age = (MONDAY - date(2026, 2, 2)).days * DAY
    assert first.times == pytest.approx(1 + 4 * math.exp(-(age + 15 * MINUTE) / (30 * DAY)), rel=1e-6)
    assert len(steps[MONDAY]) == 48


def test_steps_cover_the_day() -> None:
    surge = Surge(at="2026-03-03T09:10:00", length=30 * HOUR, times=2.0, fades=HOUR)
    other = Surge(at="2026-03-03T00:00:00", length=3 * DAY, times=0.5)
    first, last = MONDAY, MONDAY + timedelta(days=20)
    parts = [surge_steps(one, ZoneInfo("UTC"), first, last) for one in (surge, other)]
    parts.append(cause_steps(Cause(fixed="2026-03-04T12:00:00", remaining=0.1), first, last))
    for steps in together(parts).values():
        assert [step.start for step in steps] == [0, *(step.end for step in steps[:-1])]
        assert steps[-1].end == DAY


def test_a_fixed_cause_makes_no_more_contacts() -> None:
    causes = {"bug": Cause(kind="defect", fixed="2026-03-04T12:00:00", remaining=0.05), "how_to": Cause()}
    found = centre(weekly(causes={"bug": 0.4, "how_to": 0.6}, markets={"de": 0.5, "jp": 0.5}), causes=causes)
    plain = centre(weekly(causes={"bug": 0.4, "how_to": 0.6}, markets={"de": 0.5, "jp": 0.5}))
    for rank, stream in enumerate(streams_of(found)):
        left = 0.05 if stream.cause == "bug" else 1.0
        for offset in range(7):
            day = MONDAY + timedelta(days=offset)
            noon = [between(one, day, 0, 12 * HOUR, rank) for one in (found, plain)]
            after = [between(one, day, 12 * HOUR, DAY, rank) for one in (found, plain)]
            assert noon[0] == pytest.approx(noon[1] * (left if offset > 2 else 1.0))
            assert after[0] == pytest.approx(after[1] * (left if offset >= 2 else 1.0))


def test_changes_come_before_surges_and_after_the_season() -> None:
    changes = (
        Change(start="2026-03-03T06:00:00", end="2026-03-03T12:00:00", set_to=10.0 / HOUR),
        Change(start="2026-03-03T18:00:00", end="2026-03-05T00:00:00", times=1.5),
    )
    surge = Surge(at="2026-03-03T09:00:00", length=HOUR, times=4.0)
    season = (2.0,) * 12
    found = centre(weekly(changes=changes, season=season), surges={"x": surge})
    plain = centre(weekly())
    tuesday = MONDAY + timedelta(days=1)
    wanted = {0: 2 * between(plain, tuesday, 0, HOUR), 6: 10.0, 9: 40.0, 11: 10.0}
    wanted |= {
        12: 2 * between(plain, tuesday, 12 * HOUR, 13 * HOUR),
        20: 3 * between(plain, tuesday, 20 * HOUR, 21 * HOUR),
    }
    for hour, contacts in wanted.items():
        assert between(found, tuesday, hour * HOUR, (hour + 1) * HOUR) == pytest.approx(contacts), hour
    assert on(found, MONDAY) == pytest.approx(2 * on(plain, MONDAY))
    assert on(found, MONDAY + timedelta(days=2)) == pytest.approx(3 * on(plain, MONDAY + timedelta(days=2)))


def test_a_rate_is_split_in_the_time_of_each_market() -> None:
    rate = RateCurve(grid=Grid(every=12 * HOUR, values=(0.0, 10.0 / HOUR)))
    found = centre(Volume(workflow="w", rate=rate, markets={"de": 0.25, "jp": 0.75}), length=12 * HOUR)
    by_stream = {name: contacts for (_, name), contacts in expected_by_stream(found).items()}
    # Of 00:00 to 12:00 UTC clocks in Tokyo show 09:00 to 21:00, in Berlin 01:00 to 13:00.
    assert by_stream["v0.jp"] == pytest.approx(0.75 * 90)
    assert by_stream["v0.de.de"] == pytest.approx(0.25 * 0.9 * 10)


def test_volumes_of_equal_profile_share_their_curves() -> None:
    found = centre(weekly(), weekly(per_week=5.0), weekly(markets={"jp": 1.0}))
    shapes = Shapes(found)
    curves = {id(shapes.over(shapes.of(stream), MONDAY, 5)[n][1]) for stream in streams_of(found) for n in range(5)}
    assert len(curves) == 1


def test_the_counted_length_is_cut_by_the_clock_of_the_market() -> None:
    flat = Profile(hours=Grid(every=DAY, values=(1.0,)))
    for market in ("de", "us", "jp", "nowhere"):
        for length in (HOUR, 30 * HOUR, 3 * DAY + MINUTE):
            found = centre(weekly(profile=flat, market=market), warm_up=5 * HOUR, length=length)
            assert expected_contacts(found)["v0"] == pytest.approx(700 * length / WEEK), (market, length)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.data())
def test_shares_multiply_out_to_the_volume_of_the_week(data: st.DataObject) -> None:
    def shares(names: str) -> st.SearchStrategy[dict[str, float] | None]:
        parts = st.lists(st.floats(0.0, 1.0), min_size=len(names.split()), max_size=len(names.split()))
        return st.none() | parts.filter(lambda one: sum(one) > 0.1).map(
            lambda one: {name: part / sum(one) for name, part in zip(names.split(), one, strict=True)}
        )

    written = weekly(
        per_week=data.draw(st.floats(0.1, 1e6)),
        markets=data.draw(shares("de us jp nowhere")),
        channels=data.draw(shares("phone chat")),
        segments=data.draw(shares("a b c")),
        causes=data.draw(shares("bug how_to")),
    )
    # Weeks in which no clock changes: each market's week is whole, whatever its zone.
    found = centre(written, start="2026-01-12T00:00:00", length=2 * WEEK)
    assert expected_contacts(found)["v0"] == pytest.approx(2 * (written.per_week or 0.0), rel=1e-9)
    assert sum(stream.share for stream in streams_of(found)) == pytest.approx(1.0)


SURGES = st.builds(
    Surge,
    at=st.sampled_from(["2026-03-01T20:00:00", "2026-03-03T10:00:00", "2026-03-08T23:45:00"]),
    time_zone=st.none() | st.just("UTC"),
    length=st.integers(1, 5 * DAY),
    times=st.floats(0.0, 5.0),
    fades=st.just(0) | st.integers(1, 2 * DAY),
    markets=st.none() | st.just(("de",)),
    channels=st.none() | st.just(("chat",)),
    causes=st.none() | st.just(("bug",)),
)
FULL = {
    "markets": {"de": 0.5, "us": 0.3, "jp": 0.2},
    "channels": {"phone": 0.6, "chat": 0.4},
    "causes": {"bug": 0.3, "how_to": 0.7},
    "holidays": 0.4,
    "trend": 1e-14,
}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(SURGES, max_size=3), st.floats(1.0, 1e5))
def test_expected_contacts_are_linear_in_the_volume(surges: list[Surge], per_week: float) -> None:
    causes = {"bug": Cause(fixed="2026-03-05T08:00:00")}
    named = {f"s{i}": surge for i, surge in enumerate(surges)}
    one, more = (
        expected_by_stream(centre(weekly(per_week=amount, **FULL), surges=named, causes=causes))
        for amount in (per_week, 1.01 * per_week)
    )
    assert more == pytest.approx({stream: 1.01 * contacts for stream, contacts in one.items()}, rel=1e-12)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(SURGES, min_size=1, max_size=3))
def test_a_surge_changes_nothing_outside_its_filter(surges: list[Surge]) -> None:
    causes = {"bug": Cause(fixed="2026-03-05T08:00:00")}
    plain = centre(weekly(**FULL), causes=causes)
    found = centre(weekly(**FULL), causes=causes, surges={f"s{i}": surge for i, surge in enumerate(surges)})
    before, after = expected_by_stream(plain), expected_by_stream(found)
    for stream in streams_of(plain):
        about = [
            (surge.markets is None or stream.market in surge.markets)
            and (surge.channels is None or stream.channel in surge.channels)
            and (surge.causes is None or stream.cause in surge.causes)
            for surge in surges
        ]
        if not any(about):
            assert after[stream.volume, stream.name] == before[stream.volume, stream.name]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.lists(st.floats(0.0, 9.0), min_size=1, max_size=30),
    st.lists(st.integers(1, DAY - 1), max_size=8, unique=True),
    st.booleans(),
)
def test_steps_multiply_the_curve_where_they_are(values: list[float], cuts: list[int], linear: bool) -> None:
    every = -(-DAY // len(values))
    pieces = local_pieces(Grid(every=every, values=tuple(values)), linear, (), MONDAY)
    edges = [0, *sorted(cuts), DAY]
    steps = [Step(low, high, float(i % 4)) for i, (low, high) in enumerate(pairwise(edges))]
    found = stepped(pieces, steps)
    wanted = sum(step.times * volume_between(pieces, step.start, step.end) for step in steps)
    assert volume(found) == pytest.approx(wanted, rel=1e-9, abs=1e-3)
    assert all(a.end <= b.start for a, b in pairwise(found))
