"""Where intervals lie by the local clock, clock changes included."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.report.clock import MOST_STEPS, Clock, midnight_labels
from ccsim.units import DAY, HOUR, MINUTE, WEEK
from tests.support.stand_in.centre import MEASURED


def test_weeks_are_folded_by_local_time_over_a_clock_change() -> None:
    clock = Clock(MEASURED)  # Berlin, 23 March to 6 April: clocks go forward on 29 March at 02:00
    steps = clock.folded()
    assert steps.kind == "week"
    assert steps.count == 168
    assert steps.labels[0] == "Mon 00:00"
    assert steps.of_interval[0] == 0
    counts = np.bincount(steps.of_interval, minlength=168)
    assert counts[6 * 24 + 2] == 1  # Sunday 02:00 came once only
    assert counts[0] == 3  # the lost hour is made up on the third Monday
    assert steps.periods == 3
    for interval, moment in enumerate(clock.local):
        assert steps.labels[steps.of_interval[interval]].endswith(f"{moment:%H:%M}")


def test_another_zone_has_its_own_hours() -> None:
    utc, tokyo = Clock(replace(MEASURED, time_zone="UTC")), Clock(MEASURED, "Asia/Tokyo")
    assert tokyo.begin.astimezone(ZoneInfo("UTC")).hour == 23  # midnight in Berlin
    assert tokyo.begin.hour == 8
    assert utc.begin.hour == 0
    assert tokyo.of_day().labels[tokyo.of_day().of_interval[0]] == "08:00"


def test_short_horizons_are_shown_as_they_ran() -> None:
    measured = replace(MEASURED, warm_up=HOUR, length=20 * HOUR, interval=30 * MINUTE)
    steps = Clock(measured).folded()
    assert (steps.kind, steps.count, steps.labels[0], steps.labels[-1]) == ("time", 40, "01:00", "20:30")
    two_days = Clock(replace(measured, length=2 * DAY)).folded()
    assert (two_days.kind, two_days.count, two_days.periods) == ("day", 48, 3)


def test_a_date_that_is_hardly_counted_is_left_out() -> None:
    steps = Clock(MEASURED).by_date()
    assert steps.labels[0] == "Mon 23 Mar"
    assert steps.labels[-1] == "Sun 5 Apr"  # of 6 April one hour is counted
    assert (steps.of_interval[-1], steps.of_interval[-2]) == (-1, 13)


def test_midnights_are_named_by_the_day_that_begins() -> None:
    labels = midnight_labels(MEASURED)
    assert (labels[0], labels[1], labels[-1]) == ("Mon 23 Mar", "Tue 24 Mar", "Mon 6 Apr")
    assert len(labels) == 15


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    start=st.sampled_from(["2026-03-02T00:00:00", "2026-10-20T05:30:00", "2026-04-04T12:00:00"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    interval=st.sampled_from([15 * MINUTE, 30 * MINUTE, HOUR]),
    length=st.integers(1, 30 * 24).map(lambda hours: hours * HOUR),
)
def test_every_interval_has_a_step_and_no_figure_too_many(start: str, zone: str, interval: int, length: int) -> None:
    clock = Clock(replace(MEASURED, start=start, time_zone=zone, warm_up=0, interval=interval, length=length))
    for steps in (clock.folded(), clock.of_day()):
        assert len(steps.of_interval) == len(steps.period) == clock.intervals
        assert 0 <= steps.of_interval.min() <= steps.of_interval.max() < steps.count <= MOST_STEPS
        assert steps.period.min() == 0
    assert clock.folded().kind == ("week" if length >= WEEK else "day" if length >= 2 * DAY else "time")


@pytest.mark.parametrize("kind", ["week", "day", "time", "date"])
def test_an_axis_has_words(kind: str) -> None:
    assert replace(Clock(MEASURED).by_date(), kind=kind).said
