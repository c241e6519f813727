"""Handle times by interval, as forecasts have them: stories told to the second, worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.language.curves import Grid
from ccsim.language.handling import FromForecast, HandleTime
from ccsim.language.laws import Constant, Exponential, Law, Lognormal
from ccsim.model import compile_model
from ccsim.units import DAY, HOUR, MINUTE, SECOND
from tests.engine.desks import erlang_a
from tests.support.stories import Story, tell

ALWAYS = "handle_time: {from_forecast: yes, cv: 0}\n"
NOON = "[[00:00, 60s], [12:00, 120s]]"


def took(story: Story, queue: str = "") -> list[float]:
    """Seconds of talk of the visits, in order of queue and arrival."""
    return [ended - left for left, ended in story.lives("left ended", queue)]


def desk(aht: str, agents: int = 3, more: str = "") -> str:
    return f"demand: {{calls: {{trace: calls.csv, aht: {aht}}}}}\npools: {{desk: {{staffing: {agents}}}}}\n{more}"


def test_the_interval_of_arrival_decides() -> None:
    story = tell(ALWAYS + desk(NOON), calls="time | 0 | 43199.999999 | 43200 | 80000")
    assert took(story) == [60.0, 60.0, 120.0, 120.0]


def test_the_interval_of_arrival_and_not_of_the_answer() -> None:
    # The second call arrives 30 s before noon and waits until 20 s after it.
    story = tell(ALWAYS + desk(NOON, agents=1), calls="time | 43160 | 43170 | 43210")
    assert story.lives("joined left ended") == [
        (43160, 43160, 43220),
        (43170, 43220, 43280),
        (43210, 43280, 43400),
    ]


def test_wrap_up_is_a_share_and_the_sum_is_the_forecast() -> None:
    story = tell("handle_time: {from_forecast: yes, cv: 0, wrap_up: 15%}\n" + desk("69s"), calls="time | 100")
    assert story.lives("left ended wrapped") == [(100, 160, 169)]


def test_factors_of_the_pool_and_its_skill_come_on_top() -> None:
    pool = "pools: {desk: {staffing: 1, handle_time: 1.5, skills: {calls: {level: 1, handle_time: 2}}}}\n"
    body = "demand: {calls: {trace: calls.csv, aht: 20s}}\nworkflows: {calls: {}}\n" + pool
    assert took(tell(ALWAYS + body, calls="time | 100")) == [60.0]


def test_what_is_recorded_stays() -> None:
    story = tell(ALWAYS + desk(NOON), calls="time talk | 0 17 | 10 . | 50000 . | 50010 21")
    assert took(story) == [17.0, 60.0, 120.0, 21.0]


def test_intervals_of_dates_hold_before_and_after_and_nothing_said_is_filled() -> None:
    # Starts at 06:00: 70 s, nothing, 90 s, nothing in steps of an hour.
    grid = "{every: 1h, start: 2026-01-05 06:00, values: [70s, 0s, 90s, 0s]}"
    calls = "time | 0 | 21600 | 25200 | 28799 | 28800 | 32400 | 80000"
    assert took(tell(ALWAYS + desk(grid), calls=calls)) == [70.0, 70.0, 70.0, 70.0, 90.0, 90.0, 90.0]


def test_before_the_first_said_interval_the_next_one_holds() -> None:
    grid = "{every: 1h, start: 2026-01-05, values: [0s, 80s, 90s]}"
    assert took(tell(ALWAYS + desk(grid), calls="time | 0 | 3600 | 7200")) == [80.0, 80.0, 90.0]


def test_of_a_day_that_repeats_the_evening_before_holds_until_something_is_said() -> None:
    steps = "[[00:00, 0s], [08:00, 80s], [20:00, 50s], [22:00, 0s]]"
    assert took(tell(ALWAYS + desk(steps), calls="time | 0 | 28800 | 72000 | 79200")) == [50.0, 80.0, 50.0, 50.0]


def test_the_warm_up_has_its_own_dates() -> None:
    horizon = "horizon: {start: 2026-01-05, warm_up: 1d, length: 1d, drain: 1h, interval: 15m}\n"
    grid = "{every: 12h, start: 2026-01-05, values: [40s, 50s, 60s, 70s]}"
    story = tell(horizon + ALWAYS + desk(grid), calls="time | 10 | 43210 | 86410 | 129610")
    assert story.lives("left ended counted") == [
        (10, 50, 0),
        (43210, 43260, 0),
        (86410, 86470, 1),
        (129610, 129680, 1),
    ]


@pytest.mark.parametrize(
    ("start", "steps", "calls", "seconds"),
    [
        # 02:00 summer time becomes 01:00: both passages of the hour are alike, and cut where the clock says.
        (
            "2026-10-25",
            "[[00:00, 60s], [01:00, 90s], [01:30, 150s], [02:00, 70s]]",
            "time | 3599 | 3600 | 5400 | 7199 | 7200 | 8999 | 9000 | 10799 | 10800",
            [60, 90, 150, 150, 90, 90, 150, 150, 70],
        ),
        # 01:00 becomes 02:00: what is said of the skipped hour is never used.
        (
            "2026-03-29",
            "[[00:00, 60s], [01:00, 90s], [02:00, 70s], [03:00, 80s]]",
            "time | 3599 | 3600 | 7199 | 7200",
            [60, 70, 70, 80],
        ),
    ],
)
def test_clock_changes(start: str, steps: str, calls: str, seconds: list[float]) -> None:
    head = f"horizon: {{start: {start}, length: 1d, drain: 1h, interval: 15m}}\ntime_zone: Europe/London\n"
    assert took(tell(head + ALWAYS + desk(steps, agents=9), calls=calls)) == seconds


def test_a_volume_of_two_markets_goes_by_the_clock_of_each() -> None:
    markets = """\
markets:
  london:  {region: emea, time_zone: Europe/London}
  kolkata: {region: apac, time_zone: Asia/Kolkata}
demand: {calls: {per_day: 2_000, markets: {london: 50%, kolkata: 50%}, aht: [[00:00, 60s], [12:00, 120s]]}}
pools: {desk: {staffing: 20}}
"""
    story = tell(ALWAYS + markets)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    for market, zone in (("london", "Europe/London"), ("kolkata", "Asia/Kolkata")):
        visits = [visit for visit in story.lives("joined left ended", f"calls.{market}") if visit[0] < 86_400]
        assert len(visits) > 900
        hours = [(start + timedelta(seconds=joined)).astimezone(ZoneInfo(zone)).hour for joined, *_ in visits]
        assert {(hour >= 12, round(ended - left)) for hour, (_, left, ended) in zip(hours, visits, strict=True)} == {
            (False, 60),
            (True, 120),
        }


def test_later_tiers_transfers_and_returns_take_the_time_at_which_they_join() -> None:
    body = """\
demand: {calls: {trace: calls.csv, aht: [[00:00, 60s], [12:00, 120s]]}}
workflows:
  calls:
    tiers:
      t1: {handle_time: {value: 10s}, escalated: 100%}
      t2: {handle_time: {from_forecast: yes, cv: 0}, transfers: {late: 100%}}
  late:
    handle_time: {from_forecast: yes, cv: 0}
    returns: {after_resolved: {share: 100%, after: 1h, attempts: 1}}
pools: {desk: {staffing: 3, tier: [t1, t2]}}
"""
    # Arrives 60 s before noon; the second tier is joined at -50 s, the transfer at +10 s, the return an hour later.
    story = tell(body, calls="time | 43140")
    assert sorted(story.lives("joined ended")) == [
        (43140, 43150),
        (43150, 43210),
        (43210, 43330),
        (46930, 46940),
        (46940, 47060),
        (47060, 47180),
    ]


def test_deferred_contacts_too() -> None:
    body = """\
channels: {email: {kind: deferred}}
demand: {mail: {trace: mail.csv, channel: email, aht: [[00:00, 60s], [12:00, 120s]]}}
pools: {desk: {staffing: [[00:00, 0], [13:00, 2]]}}
"""
    story = tell(ALWAYS + body, mail="time | 30000 | 44000")
    assert story.lives("joined left ended") == [(30000, 46800, 46860), (44000, 46800, 46920)]


@pytest.mark.parametrize(
    ("cv", "law"),
    [
        (None, Exponential(mean=2 * MINUTE)),
        (0.8, Lognormal(mean=2 * MINUTE, cv=0.8)),
        (0.0, Constant(value=2 * MINUTE)),
    ],
)
def test_the_same_time_everywhere_is_the_plain_law_to_the_last_digit(cv: float | None, law: Law) -> None:
    plain = erlang_a().model_copy(update={"handle_time": HandleTime(talk=law)})
    aht = Grid(every=DAY // 2, values=(float(2 * MINUTE),) * 2)
    calls = plain.demand["calls"].model_copy(update={"aht": aht})
    forecast = plain.model_copy(
        update={"handle_time": HandleTime(talk=FromForecast(cv=cv)), "demand": {"calls": calls}}
    )
    first, second = (
        simulate(compile_model(one), seed=3, replication=0, visits=True).tables for one in (plain, forecast)
    )
    assert first.keys() == second.keys()
    assert len(first["visits"]) > 4_000
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_the_mean_of_the_draws_is_the_forecast() -> None:
    cv = 0.8
    grid = Grid(every=12 * HOUR, values=(60.0 * SECOND, 120.0 * SECOND))
    scenario = erlang_a(servers=60, per_minute=20.0, patience=None, warm_up=0, length=5 * DAY)
    calls = scenario.demand["calls"].model_copy(update={"aht": grid})
    handle = HandleTime(talk=FromForecast(cv=cv), wrap_up_share=0.25)
    scenario = scenario.model_copy(update={"handle_time": handle, "demand": {"calls": calls}})
    model = compile_model(scenario)
    story = Story(model, simulate(model, seed=5, replication=0, visits=True).tables)
    visits = np.array(story.lives("joined left wrapped"))
    handled = visits[:, 2] - visits[:, 1]
    morning = visits[:, 0] % 86_400 < 43_200
    for here, mean in ((morning, 60.0), (~morning, 120.0)):
        n = int(here.sum())
        assert n > 60_000
        assert abs(handled[here].mean() - mean) < 4 * cv * mean / n**0.5
        assert abs(handled[here].std() / mean - cv) < 0.03


def test_more_time_makes_every_visit_as_much_longer() -> None:
    first, second = (
        tell("handle_time: {from_forecast: yes, cv: 0.7}\n" + desk(aht, agents=9), calls="time | 0 | 900 | 50000")
        for aht in ("[[00:00, 100s], [12:00, 200s]]", "[[00:00, 110s], [12:00, 220s]]")
    )
    assert took(second) == pytest.approx([1.1 * time for time in took(first)], abs=2e-6)
