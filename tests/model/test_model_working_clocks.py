"""Working clocks against a plain count, minute by minute, with the zones of the standard library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ccsim.errors import ScenarioError
from ccsim.kernel.due import due_at
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks
from ccsim.model.working_clocks import WorkingClock, working_clocks
from ccsim.units import DAY, HOUR, MINUTE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
OFFICE = tuple((day * DAY + 8 * HOUR, day * DAY + 17 * HOUR) for day in range(5))
NIGHTS = tuple((day * DAY + 22 * HOUR, day * DAY + 30 * HOUR) for day in range(7))
"""Every night from 22:00 to 06:00; Sunday's reaches into the next week."""
LATE_AND_EARLY = tuple(
    (day * DAY + opens, day * DAY + opens + 2 * HOUR) for day in range(7) for opens in (HOUR, 20 * HOUR)
)
OFF = {
    None: frozenset[date](),
    "DE": frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 10, 3)}),
    "US": frozenset({date(2026, 11, 11), date(2026, 11, 26)}),
}
"""Public holidays within the stretches that are looked at."""


def instant(text: str, zone: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) - EPOCH) // MICRO


def plain_due(clock: WorkingClock, joined: int, working: int) -> int:
    """Count minutes of UTC whose clock on the wall lies in the hours, until enough have passed; whole minutes only."""
    zone, at = ZoneInfo(clock.zone), joined
    while working > 0:
        local = (EPOCH + at * MICRO).astimezone(zone)
        since = local.weekday() * DAY + (local.hour * 60 + local.minute) * MINUTE
        inside = any(opens <= since + turn < closes for opens, closes in clock.spans for turn in (0, 7 * DAY))
        working -= MINUTE * (inside and local.date() not in OFF[clock.holidays])
        at += MINUTE
    return at


@pytest.mark.parametrize(
    ("spans", "zone", "holidays", "start"),
    [
        (OFFICE, "Europe/Berlin", None, "2026-03-26T00:00"),  # the clock goes forward in the night to the 29th
        (NIGHTS, "Europe/Berlin", None, "2026-03-27T12:00"),
        (NIGHTS, "America/New_York", None, "2026-10-30T12:00"),  # and back in the night to 1 November
        (LATE_AND_EARLY, "Europe/Berlin", None, "2026-10-24T00:00"),
        (OFFICE, "Europe/Berlin", "DE", "2026-04-01T00:00"),  # Good Friday, Easter Monday
        (OFFICE, "America/New_York", "US", "2026-11-24T09:30"),
        (NIGHTS, "Europe/Berlin", "DE", "2026-04-30T00:00"),
        (LATE_AND_EARLY, "Asia/Kathmandu", None, "2026-03-02T10:07"),
        (((0, 7 * DAY),), "Europe/London", None, "2026-10-24T00:00"),
    ],
)
def test_due_instants_are_those_of_a_plain_count(
    spans: tuple[tuple[int, int], ...], zone: str, holidays: str | None, start: str
) -> None:
    clock = WorkingClock(spans, zone, holidays)
    start_utc = instant(start, zone)
    span = Span(0, 3 * DAY, 4 * DAY, HOUR, start_utc)
    made = working_clocks({clock: 20 * HOUR}, Clocks(start_utc), span, since=-2 * DAY)
    for joined in range(-2 * DAY, 4 * DAY, 317 * MINUTE):
        for working in (MINUTE, 3 * HOUR, 9 * HOUR, 20 * HOUR):
            expected = plain_due(clock, start_utc + joined, working) - start_utc
            assert due_at(made, 0, joined, working) == expected, (joined / HOUR, working / HOUR)


def test_the_first_instant_counts_where_the_time_is_up_as_the_hours_end() -> None:
    clock = WorkingClock(OFFICE, "UTC", None)
    start_utc = instant("2026-03-02T00:00", "UTC")  # a Monday
    made = working_clocks({clock: 9 * HOUR}, Clocks(start_utc), Span(0, DAY, 2 * DAY, HOUR, start_utc))
    assert due_at(made, 0, 8 * HOUR, 9 * HOUR) == 17 * HOUR
    assert due_at(made, 0, 8 * HOUR, 9 * HOUR + 1) == DAY + 8 * HOUR + 1
    assert due_at(made, 0, 17 * HOUR, 1) == DAY + 8 * HOUR + 1
    assert due_at(made, -1, 17 * HOUR, 5) == 17 * HOUR + 5


def test_clocks_stand_one_after_the_other() -> None:
    start_utc = instant("2026-03-02T00:00", "UTC")
    clocks = [WorkingClock(OFFICE, zone, None) for zone in ("UTC", "Asia/Tokyo")]
    span = Span(0, DAY, 2 * DAY, HOUR, start_utc)
    made = working_clocks(dict.fromkeys(clocks, HOUR), Clocks(start_utc), span)
    assert due_at(made, 0, 0, HOUR) == 9 * HOUR
    assert due_at(made, 1, 0, HOUR) == HOUR  # 09:00 in Tokyo, where the hours have begun
    assert due_at(made, 1, 9 * HOUR, HOUR) == DAY  # 18:00 there


def test_holidays_that_leave_no_working_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def sundays_are_off(name: str, first: date, last: date) -> frozenset[date]:
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return frozenset(day for day in days if day.weekday() == 6)

    monkeypatch.setattr("ccsim.model.working_clocks.holidays_between", sundays_are_off)
    start_utc = instant("2026-03-02T00:00", "UTC")
    sundays = WorkingClock(((6 * DAY, 7 * DAY),), "UTC", "SE")
    with pytest.raises(ScenarioError, match="holidays of SE leave too little"):
        working_clocks({sundays: HOUR}, Clocks(start_utc), Span(0, DAY, 2 * DAY, HOUR, start_utc))
