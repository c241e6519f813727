"""Recorded contacts on nights on which clocks change: which passage of a repeated hour they are of, what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.traces import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


YORK = ["00:30", "01:20", "01:50", "01:10", "01:40", "02:10"]
"""Local times in New York of 2026-11-01, clocks put back at 02:00; the hour from 01:00 is there twice."""


def night(*times: str) -> str:
    return "time\n" + "".join(f"2026-11-01 {time}\n" for time in times)


@pytest.fixture
def york(desk: Desk) -> Desk:
    desk.zone, desk.start, desk.length = "America/New_York", "2026-11-01", "1d"
    return desk


def test_the_second_passage_begins_where_times_go_back(york: Desk) -> None:
    wanted = [30, 80, 110, 130, 160, 190]
    assert york.minutes(night(*YORK)) == wanted
    ((kind, text),) = [one for one in york.remarks() if "clocks" in one[1]]
    assert kind == "assumed"
    assert text == (
        "t.csv: times go back at 2026-11-01 01:10:00, in an hour that clocks show twice; later times are in the second "
        "passage"
    )
    assert york.minutes(night(*YORK[::-1])) == wanted, "the newest first"
    assert york.minutes(night(*YORK[1:5])) == wanted[1:5], "nothing before and after"


def test_where_times_never_go_back_all_are_of_the_first_passage_and_that_is_told(york: Desk) -> None:
    assert york.minutes(night("00:30", "01:20", "01:30", "02:10")) == [30, 80, 90, 190]
    assert ("assumed", "t.csv: 2026-11-01 01:20:00 and 1 more: in an hour that clocks show twice, and times never go "
            "back there: all are taken for the first passage") in york.remarks()  # fmt: skip


@pytest.mark.parametrize(
    "times",
    [
        ("01:50", "01:10", "01:05"),
        ("02:10", "01:20", "00:30", "01:40", "03:00"),
        ("01:20", "03:00", "01:50", "00:30"),
        ("00:30", "01:20", "00:40", "01:50", "02:10"),
    ],
)
def test_rows_in_no_order_are_warned_of_where_the_hour_is_repeated(york: Desk, times: tuple[str, ...]) -> None:
    hours = [int(time[:2]) + (time >= "02:00") for time in times]
    wanted = sorted(60 * hour + int(time[3:]) for hour, time in zip(hours, times, strict=True))
    assert york.minutes(night(*times)) == wanted
    warned = [text for kind, text in york.remarks() if kind == "warning" and "clocks show twice" in text]
    assert len(warned) == 1
    assert "rows are in no order of time there: all are taken for the first passage" in warned[0]


def test_offsets_tell_the_passages_apart_in_any_order(york: Desk) -> None:
    content = night("01:20:00-05:00", "01:10:00-04:00", "01:20:00-04:00")
    assert york.minutes(content) == [70, 80, 140]
    assert not [text for _, text in york.remarks() if "twice" in text]
    utc = "time\n2026-11-01 06:20\n2026-11-01 05:20\n"
    assert york.minutes(utc, "{file: t.csv, time_zone: UTC}") == [80, 140]


@pytest.mark.parametrize("second", ["01:20:00-05:00", "06:20:00Z"])
@pytest.mark.parametrize("at", [0, 6])
def test_rows_with_an_offset_say_nothing_of_the_passages_of_those_without(york: Desk, second: str, at: int) -> None:
    """A row of the second passage that says so leaves the order of the others alone, and is not moved again."""
    rows = list(YORK)
    rows.insert(at, second)
    assert york.minutes(night(*rows)) == sorted([30, 80, 110, 130, 160, 190, 140])
    told = [text for _, text in york.remarks() if "clocks show twice" in text]
    assert [text.partition(", in an hour")[0] for text in told] == ["t.csv: times go back at 2026-11-01 01:10:00"]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_repeated_hour_on_both_sides_of_midnight_is_of_one_night(desk: Desk, reverse: bool) -> None:
    """Clocks of Newfoundland went back at 00:01, to 23:01 of the day before."""
    desk.zone, desk.start, desk.length = "America/St_Johns", "2010-11-06", "2d"
    before = ["06 22:30:00", "06 23:20:00", "06 23:50:00"]
    both = [*before, "07 00:00:30", "06 23:10:00", "06 23:40:00", "07 00:00:40", "07 00:30:00"]
    wanted = [1350, 1400, 1430, 1440.5, 1450, 1480, 1500 + 40 / 60, 1530]
    rows = [f"2010-11-{one}\n" for one in both]
    assert desk.minutes("time\n" + "".join(reversed(rows) if reverse else rows)) == pytest.approx(wanted, rel=1e-12)
    told = [text for _, text in desk.remarks() if "clocks show twice" in text]
    assert len(told) == 1
    assert "times go back at" in told[0]
    assert desk.minutes("time\n" + "".join(rows[n] for n in (0, 2, 4))) == [1350, 1430, 1450], "none after midnight"


def test_times_that_no_clock_shows_are_moved_and_told(desk: Desk) -> None:
    desk.zone, desk.start = "Europe/Berlin", "2026-03-29"
    assert desk.minutes("time\n2026-03-29 01:59\n2026-03-29 02:30\n2026-03-29 03:00\n") == [119, 120, 150]
    assert (
        "assumed",
        "t.csv: 2026-03-29 02:30:00: in an hour that clocks skip, taken for as much later",
    ) in desk.remarks()


ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Atlantic/Azores", "America/Nuuk", "Asia/Kolkata"]
STEPS = st.lists(st.integers(0, 90), min_size=1, max_size=60)


@pytest.mark.parametrize("zone", ZONES)
@given(steps=STEPS, reverse=st.booleans())
@settings(
    derandomize=True,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_local_times_in_order_give_back_every_instant(desk: Desk, zone: str, steps: list[int], reverse: bool) -> None:
    """Contacts around the night on which clocks go back, written by the clock: each comes back as it was.

    Where contacts of a passage are missing, none may be; so there is one every quarter of an hour at least.
    """
    desk.zone, desk.start, desk.length = zone, "2026-10-20", "10d"
    if zone == "Australia/Lord_Howe":
        desk.start = "2026-04-01"
    begin = datetime.fromisoformat(desk.start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    at, instants = timedelta(0), []
    for n in range(10 * 24 * 4):
        at = timedelta(minutes=15 * n)
        instants.append(at)
        instants.append(at + timedelta(minutes=14, seconds=steps[n % len(steps)] % 60))
    rows = [(begin + one).astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ") for one in instants]
    found = desk.read("time\n" + "".join(f"{row}\n" for row in (reversed(rows) if reverse else rows)))
    assert list(found.time) == [one // timedelta(microseconds=1) for one in instants]
