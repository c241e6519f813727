"""Demand as planners write it, simulated: who calls, when by the clock of the market, and how many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ccsim.centre.expected import expected_by_stream
from tests.support.stories import Story, script, tell

CENTRE = """\
horizon: {start: 2026-03-25, length: 14d, drain: 1d, interval: 1h}
handle_time: 1s
markets:
  berlin:  {region: emea, time_zone: Europe/Berlin, languages: {de: 80%, en: 20%}}
  kolkata: {region: apac, time_zone: Asia/Kolkata, languages: {en: 100%}}
causes: {bug: {kind: defect, fixed: 2026-04-01 12:00, remaining: 0%}, how_to: {kind: how_to}}
profiles: {shop: {hours: [[00:00, 0], [06:00, 0], [12:00, 10], [18:00, 0]], weekdays: {mon-fri: 1, sat: 2}}}
surges: {outage: {at: 2026-03-31 09:00, time_zone: UTC, for: 2h, times: 6, markets: [berlin]}}
demand:
  shop: {per_week: 4_000, profile: shop, markets: {berlin: 60%, kolkata: 40%}, causes: {bug: 30%, how_to: 70%}}
pools: {desk: {staffing: 60}}
"""


@pytest.fixture(scope="module")
def simulated() -> Story:
    return tell(CENTRE)


def local_times(story: Story, stream: str, zone: str) -> list[datetime]:
    start = datetime(2026, 3, 25, tzinfo=UTC)
    joined = story.lives("joined", stream)
    return [(start + timedelta(seconds=at)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for (at,) in joined]


def test_every_stream_has_the_contacts_that_are_expected_of_it(simulated: Story) -> None:
    expected = expected_by_stream(script(CENTRE))
    assert len(expected) == 6
    for (_, name), contacts in expected.items():
        found = sum(0 <= at < 14 * 86_400 for (at,) in simulated.lives("joined", f"{name}/"))
        assert abs(found - contacts) < 4.5 * contacts**0.5, name


@pytest.mark.parametrize(("market", "zone"), [("berlin", "Europe/Berlin"), ("kolkata", "Asia/Kolkata")])
def test_contacts_come_by_the_clock_of_their_market(simulated: Story, market: str, zone: str) -> None:
    times = local_times(simulated, f"shop.{market}", zone)
    assert len(times) > 1_500
    assert all(6 <= time.hour < 18 for time in times)
    assert not any(time.weekday() == 6 for time in times)
    noon = sum(time.hour in (11, 12) for time in times if time.date() != datetime(2026, 3, 31).date())
    whole = sum(time.date() != datetime(2026, 3, 31).date() for time in times)
    assert abs(noon - whole * 11 / 36) < 4.5 * (whole * 11 / 36 * 25 / 36) ** 0.5


def test_a_surge_is_felt_where_and_when_it_strikes(simulated: Story) -> None:
    times = local_times(simulated, "shop.berlin", "Europe/Berlin")
    strike = [sum(t.date() == datetime(2026, 3, day).date() and 11 <= t.hour < 13 for t in times) for day in (30, 31)]
    assert 3.5 < strike[1] / strike[0] < 9.0
    times = local_times(simulated, "shop.kolkata", "Asia/Kolkata")
    days = np.array([sum(t.date() == datetime(2026, 3, day).date() for t in times) for day in (27, 30, 31)])
    assert days.max() < 1.6 * days.min()


def test_a_fixed_cause_makes_no_more_contacts(simulated: Story) -> None:
    for market, language, zone in (("berlin", "de", "Europe/Berlin"), ("kolkata", "en", "Asia/Kolkata")):
        bug = local_times(simulated, f"shop.{market}.{language}.bug", zone)
        assert len(bug) > 200
        assert max(bug) < datetime(2026, 4, 1, 12)
        assert max(bug) > datetime(2026, 4, 1, 9)
        assert max(local_times(simulated, f"shop.{market}.{language}.how_to", zone)) > datetime(2026, 4, 7, 12)


def test_a_surge_moves_no_arrival_of_another_day_or_market(simulated: Story) -> None:
    calm = tell(CENTRE.replace("times: 6", "times: 1"))
    for queue in ("shop.kolkata", "shop.berlin"):
        then = set(simulated.lives("date number joined", queue))
        now = set(calm.lives("date number joined", queue))
        strike = datetime(2026, 3, 31).toordinal() - datetime(1970, 1, 1).toordinal()
        assert {row[0] for row in then ^ now} <= ({strike} if queue == "shop.berlin" else set())
        assert len(then) > len(now) or queue == "shop.kolkata"


def test_volumes_in_all_markets_share_the_factor_of_a_day() -> None:
    busy = CENTRE.replace("causes: {bug: 30%, how_to: 70%}", "causes: {bug: 30%, how_to: 70%}, day_cv: 60%")
    story = tell(busy.replace("per_week: 4_000", "per_week: 20_000"))
    counts = {}
    for market, zone in (("berlin", "Europe/Berlin"), ("kolkata", "Asia/Kolkata")):
        times = local_times(story, f"shop.{market}", zone)
        counts[market] = [sum(t.date() == datetime(2026, 3, day).date() for t in times) for day in (26, 27, 28, 30)]
    ratio = np.array(counts["berlin"]) / np.array(counts["kolkata"])
    # Only the day's factor differs much from day to day, and it is the same in both.
    assert np.ptp(ratio) < 0.35 * ratio.mean()
    assert np.ptp(counts["berlin"]) > 0.35 * np.mean(counts["berlin"])
