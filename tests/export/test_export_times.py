"""Times of the star: clocks that change, days of every clock, months, weeks, and what is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ccsim.export.times import Frame, day_key, day_parts, micros, moment_of, offsets
from ccsim.results.measured import Measured
from ccsim.units import DAY, HOUR
from tests.export.asked import Asked

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC")


@pytest.mark.parametrize("zone", ZONES)
def test_stretches_of_a_clock_say_what_the_clock_says(zone: str) -> None:
    since, until = (micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (2026, 2027))
    found = offsets(zone, since, until)
    assert found[0].since == since
    assert found[-1].until == until
    assert all(one.until == other.since for one, other in pairwise(found))
    assert len(found) == {"UTC": 1, "Asia/Kathmandu": 1}.get(zone, 3)
    clock = ZoneInfo(zone)
    for one in found:
        for at in (one.since, (one.since + one.until) // 2, one.until - 1):
            local = moment_of(at).astimezone(clock).replace(tzinfo=UTC)
            assert micros(local) == at + one.offset


def frame(start: str, zone: str, length: int, warm_up: int = 0) -> Frame:
    measured = Measured(
        start=start, time_zone=zone, warm_up=warm_up, length=length, interval=HOUR, thresholds=(), rule="",
        short_abandon=0,
    )  # fmt: skip
    return Frame(measured, length // HOUR - 1)


def test_counted_hours_of_a_day_on_which_clocks_change() -> None:
    made = frame("2026-10-24T00:00:00", "Europe/Berlin", 73 * HOUR)
    hours = {day: counted for day, counted in made.days() if counted}
    assert hours == {date(2026, 10, 24): 24.0, date(2026, 10, 25): 25.0, date(2026, 10, 26): 24.0}
    assert {day for day, _ in made.days()} >= {date(2026, 10, 23), date(2026, 10, 27)}


def test_days_reach_as_far_as_any_clock() -> None:
    made = frame("2026-05-04T00:00:00", "Europe/Berlin", DAY, warm_up=DAY)
    days = [day for day, _ in made.days()]
    assert days == [days[0] + timedelta(days=i) for i in range(len(days))]
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        for at in (made.begin, made.until):
            assert moment_of(at).astimezone(ZoneInfo(zone)).date() in days


def test_parts_of_a_date() -> None:
    new_year = day_parts(date(2027, 1, 1))
    assert (new_year["iso_year"], new_year["iso_week"], new_year["year_number"]) == (2026, 53, 2027)
    assert (new_year["weekday_name"], new_year["weekday_number"], new_year["month_name"]) == ("Friday", 5, "January")
    assert new_year["week_start"] == date(2026, 12, 28)
    assert day_key(date(2026, 3, 2)) == 20260302


def test_the_calendar_has_every_interval_once_with_both_times(star: Asked) -> None:
    rows = star.rows(
        "SELECT calendar_key, start_utc, end_utc, start_local, day_key, is_counted FROM dim_calendar ORDER BY 1"
    )
    begin = datetime(2026, 10, 23, 12)
    for i, (key, start, end, local, day, counted) in enumerate(rows):
        assert (key, start, end - start) == (i, begin + timedelta(minutes=30 * i), timedelta(minutes=30))
        assert (local, day, counted) == (start, int(f"{start:%Y%m%d}"), int(i < 4 * 48))
    assert len(rows) > 4 * 48  # later visits of counted contacts


@pytest.mark.parametrize(("fact", "dimension"), [("flow", "dim_flow"), ("pool", "dim_pool")])
def test_local_starts_are_by_the_clock_of_their_place(star: Asked, fact: str, dimension: str) -> None:
    rows = star.rows(
        f"SELECT time_zone, start_utc, f.local_start, f.local_day_key FROM fact_{fact}_interval f "
        f"JOIN {dimension} USING ({fact}_key) JOIN dim_calendar USING (calendar_key)"
    )
    for zone, utc, local, day in rows:
        there = utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (there, int(f"{there:%Y%m%d}")) == (local, day)
    if fact == "pool":
        assert {zone for zone, *_ in rows} == {"America/Chicago", "Europe/Berlin"}


def test_a_month_of_a_vendor_is_that_of_its_sites(star: Asked) -> None:
    month = star.rows("SELECT vendor_name, month_start, productive_h_mean, paid_h_mean FROM vendor_month")
    whole = star.rows(
        "SELECT vendor_name, DATE '2026-10-01', sum(signed_in_h_mean), sum(paid_h_mean) FROM fact_pool_total "
        "JOIN dim_pool USING (pool_key) GROUP BY vendor_name ORDER BY vendor_name"
    )
    assert [row[:2] for row in month] == [row[:2] for row in whole]
    assert [row[2:] for row in month] == [pytest.approx(row[2:], rel=1e-9) for row in whole]


def test_night_hours_are_those_of_the_site_by_hand(star: Asked) -> None:
    night = 0.0
    for zone, start, hours in star.rows(
        "SELECT time_zone, start_utc, signed_in_h_mean FROM fact_pool_interval JOIN dim_pool USING (pool_key) "
        "JOIN dim_calendar USING (calendar_key) WHERE vendor_name = 'helper'"
    ):
        hour = start.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).hour
        night += hours * (hour >= 22 or hour < 6)
    found = star.one("SELECT sum(night_h_mean) FROM vendor_month WHERE vendor_name = 'helper'")
    assert found == pytest.approx(night)
    assert night > 50
