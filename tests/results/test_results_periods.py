"""The calendar of the counted time: days, weeks, months, clock changes, chosen days and hours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccsim.centre.periods import KINDS, ChosenTime, CountedTime
from ccsim.units import DAY, HOUR, MINUTE, WEEK


def counted(start, length, zone="Europe/London", warm_up=0, of=""):
    return CountedTime.of(start, zone, warm_up=warm_up, length=length, zone=of)


def named(periods):
    return {one.name: (one.covered // HOUR, one.whole) for one in periods}


def test_weeks_begin_on_monday_and_only_whole_ones_are_whole():
    june = counted("2026-06-03", 14 * DAY)  # a Wednesday
    assert named(june.periods("week")) == {
        "2026-06-01": (5 * 24, False), "2026-06-08": (7 * 24, True), "2026-06-15": (2 * 24, False),
    }  # fmt: skip
    assert [one.name for one in june.periods("day")][:2] == ["2026-06-03", "2026-06-04"]
    assert all(one.whole for one in june.periods("day"))
    assert named(june.periods("month")) == {"2026-06": (14 * 24, False)}


def test_the_day_of_a_clock_change_has_23_or_25_hours_and_is_whole():
    spring = counted("2026-03-28", 3 * DAY - HOUR)
    assert named(spring.periods("day")) == {
        "2026-03-28": (24, True),
        "2026-03-29": (23, True),
        "2026-03-30": (24, True),
    }
    autumn = counted("2026-10-24", 3 * DAY + HOUR)
    assert named(autumn.periods("day")) == {
        "2026-10-24": (24, True),
        "2026-10-25": (25, True),
        "2026-10-26": (24, True),
    }
    october = counted("2026-10-01", 31 * DAY + HOUR)
    assert named(october.periods("month")) == {"2026-10": (31 * 24 + 1, True)}


def test_days_are_those_of_the_stated_zone():
    week = counted("2026-06-01", WEEK, of="Asia/Kolkata")
    days = week.periods("day")
    assert (days[0].name, days[0].covered, days[0].whole) == ("2026-06-01", 24 * HOUR - 4 * HOUR - 30 * MINUTE, False)
    assert [one.whole for one in days] == [False] + 6 * [True] + [False]
    assert days[-1].name == "2026-06-08"
    assert week.torn(30 * MINUTE) is None
    assert week.torn(HOUR) == date(2026, 6, 2)


def test_a_midnight_that_clocks_skip_begins_the_day_when_they_are_put_forward():
    cairo = counted("2026-04-23", 2 * DAY - HOUR, "Africa/Cairo")  # on 24 April 00:00 becomes 01:00
    first, second = cairo.periods("day")
    assert (first.covered, first.whole) == (24 * HOUR, True)
    assert (second.name, second.covered, second.whole) == ("2026-04-24", 23 * HOUR, True)


def test_a_date_that_clocks_skip_is_no_day():
    apia = counted("2011-12-29", 2 * DAY, "Pacific/Apia")  # 30 December 2011 did not happen there
    assert [one.name for one in apia.periods("day")] == ["2011-12-29", "2011-12-31"]
    assert list(apia.dates()) == [date(2011, 12, 29), date(2011, 12, 31)]


@given(
    zone=st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    of=st.sampled_from(["", "Asia/Manila", "America/St_Johns", "America/Havana"]),
    day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    hours=st.integers(1, 24 * 70),
    warm_up=st.integers(0, 200),
)
def test_periods_of_every_kind_add_up_to_the_counted_time(zone, of, day, hours, warm_up):
    time = counted(day.isoformat(), hours * HOUR, zone, warm_up * HOUR, of)
    for kind in KINDS:
        periods = time.periods(kind)
        assert [one.since for one in periods] == [0, *(one.until for one in periods[:-1])]
        assert periods[-1].until == time.length
        assert all(one.start <= one.since < one.until <= one.end for one in periods)
        assert all(one.whole for one in periods[1:-1])
    days = time.periods("day")
    for week in time.periods("week"):
        inside = [one for one in days if 0 <= (one.first - week.first).days < 7]
        assert sum(one.covered for one in inside) == week.covered


def test_chosen_days_and_hours():
    june = counted("2026-06-01", 2 * WEEK)
    monday_nine = ((9 * HOUR, 12 * HOUR),)
    assert ChosenTime(("2026-06-03",)).spans(june) == ((2 * DAY, 3 * DAY),)
    assert ChosenTime(("mon",), tuple((d * DAY + 9 * HOUR, d * DAY + 12 * HOUR) for d in range(7))).spans(june) == (
        (9 * HOUR, 12 * HOUR), (WEEK + 9 * HOUR, WEEK + 12 * HOUR),
    )  # fmt: skip
    assert ChosenTime((), monday_nine).spans(june) == ((9 * HOUR, 12 * HOUR), (WEEK + 9 * HOUR, WEEK + 12 * HOUR))
    assert ChosenTime(("tue",), monday_nine).spans(june) == ()
    assert ChosenTime().spans(june) == ((0, 2 * WEEK),)
    assert ChosenTime(("2027-01-01",)).spans(june) == ()


def test_a_chosen_night_goes_on_after_midnight():
    june = counted("2026-06-01", WEEK)
    night = ((22 * HOUR, 30 * HOUR),)  # from Monday 22:00 to Tuesday 06:00
    assert ChosenTime((), night).spans(june) == ((22 * HOUR, 30 * HOUR),)
    tuesday = counted("2026-06-02", WEEK)  # Monday's night reaches into it
    assert ChosenTime((), night).spans(tuesday) == ((0, 6 * HOUR), (6 * DAY + 22 * HOUR, WEEK))


def test_chosen_hours_of_a_day_on_which_clocks_change():
    spring = counted("2026-03-29", 23 * HOUR)
    nine = tuple((d * DAY + 9 * HOUR, d * DAY + 12 * HOUR) for d in range(7))
    assert ChosenTime((), nine).spans(spring) == ((8 * HOUR, 11 * HOUR),)
    assert ChosenTime(("2026-03-29",)).spans(spring) == ((0, 23 * HOUR),)


@pytest.mark.parametrize("zone", ["Europe/London", "Africa/Cairo", "America/Havana"])
def test_midnights_bound_the_days(zone):
    time = counted("2026-03-01", 60 * DAY, zone)
    days = time.periods("day")
    assert {one.since for one in days} | {time.length} >= set(time.midnights())
