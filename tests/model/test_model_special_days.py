"""Special days as they are simulated: queue groups, rosters, shifts and staffing on dates with hours of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.kernel import layout
from ccsim.kernel.layout import NONE
from ccsim.model import Model, compile_model
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE
from tests.support.plans import desk, each, said, worked

QUARTER = 15 * MINUTE


def door(hours: str, start: str, length: str, zone: str, more: str = "") -> Model:
    return compile_model(
        loads(f"""
scenario: door
time_zone: {zone}
horizon: {{start: {start}, length: {length}, drain: 0s{more}}}
handle_time: 1m
demand: {{calls: {{per_hour: 1}}}}
queue_groups: {{door: {{{hours}}}}}
pools: {{desk: {{staffing: 1}}}}
""")
    )


def opened(model: Model, zone: str) -> list[datetime]:
    """Local quarters of an hour at which the queue group is open, by its rows of the plan."""
    is_open = bool(model.open_at_start[0])
    changes = {int(row[0]): row[1] == layout.OPENS for row in model.plan if row[1] in (layout.OPENS, layout.CLOSES)}
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=model.span.start_utc)
    found = []
    for at in range(0, model.span.end, QUARTER):
        is_open = changes.get(at, is_open)
        if is_open:
            found.append((start + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)))
    return found


def by_hour(moments: list[datetime]) -> set[tuple[str, int]]:
    """Dates and hours of which a quarter of an hour at least is among the moments."""
    return {(moment.date().isoformat(), moment.hour) for moment in moments}


GROUPS = [
    # Christmas Eve until noon, a Saturday for a Monday
    (
        "hours: {mon-fri: 08:00-18:00, 2026-12-24: 08:00-12:00, 2026-12-28: closed, 2026-12-19: 08:00-18:00}",
        "2026-12-18", "11d", "Europe/Berlin",
        "2026-12-18 8-18, 2026-12-19 8-18, 2026-12-21 8-18, 2026-12-22 8-18, 2026-12-23 8-18, 2026-12-24 8-12, "
        "2026-12-25 8-18",
    ),
    # round the clock: a closed date is closed from midnight to midnight
    ("special_days: {2026-03-03: closed}", "2026-03-02", "3d", "Asia/Tokyo", "2026-03-02 0-24, 2026-03-04 0-24"),
    ("hours: 24x7, special_days: {2026-03-04: 10:00-12:00}", "2026-03-02", "4d", "UTC",
     "2026-03-02 0-24, 2026-03-03 0-24, 2026-03-04 10-12, 2026-03-05 0-24"),
    # a night that began the day before stays; one that begins on the date goes on into the next
    ("hours: {daily: 20:00-02:00, 2026-03-03: closed}", "2026-03-02T12:00", "60h", "America/New_York",
     "2026-03-02 20-24, 2026-03-03 0-2, 2026-03-04 20-24"),
    ("hours: {daily: 20:00-02:00, 2026-03-03: 22:00-04:00}", "2026-03-02T12:00", "60h", "America/New_York",
     "2026-03-02 20-24, 2026-03-03 0-2, 2026-03-03 22-24, 2026-03-04 0-4, 2026-03-04 20-24"),
    # the evening and the day after touch, as they are written: only Saturday's own hours go
    ("hours: {fri: 20:00-24:00, sat: 00:00-10:00, 2026-03-07: closed}", "2026-03-06", "2d", "UTC",
     "2026-03-06 20-24"),
    # closed all week but on one date
    ("hours: {daily: closed, 2026-03-07: [08:00-10:00, 12:00-14:00]}", "2026-03-06", "4d", "UTC",
     "2026-03-07 8-10, 2026-03-07 12-14"),
    # Sundays on which clocks change: hours are by the clock
    ("hours: {sun: 08:00-18:00, 2026-03-29: 01:00-05:00}", "2026-03-28", "47h", "Europe/Berlin",
     "2026-03-29 1-2, 2026-03-29 3-5"),
    ("hours: {sun: 08:00-18:00, 2026-10-25: 01:00-04:00}", "2026-10-24", "49h", "Europe/Berlin", "2026-10-25 1-4"),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "start", "length", "zone", "wanted"), GROUPS)
def test_queue_groups_open_on_special_days(hours: str, start: str, length: str, zone: str, wanted: str) -> None:
    found = opened(door(hours, start, length, zone), zone)
    assert by_hour(found) == said(wanted)
    hours_open = len(said(wanted)) + ("2026-10-25" in wanted)  # two o'clock comes twice
    assert len(found) == 4 * hours_open


def test_a_special_day_in_the_warm_up_is_simulated() -> None:
    model = door("hours: {daily: 08:00-18:00, 2026-03-02: closed}", "2026-03-02", "1d", "UTC", ", warm_up: 1d")
    assert by_hour(opened(model, "UTC")) == said("2026-03-03 8-18")


WEEKDAYS = "hours: {mon-fri: 08:00-18:00}"
ROSTER = "headcount: 3, shifts: day"


def test_a_roster_goes_home_when_its_site_closes() -> None:
    site = f"{WEEKDAYS}, special_days: {{2026-12-24: 08:00-12:00}}"
    found = worked(desk(site, ROSTER, "2026-12-23", "3d"))
    assert found == each("2026-12-23 10-18, 2026-12-24 10-12, 2026-12-25 10-18", 3)


def test_a_roster_comes_when_its_site_opens_and_takes_the_breaks_that_are_left() -> None:
    """Shifts of 10:00 to 18:30 with half an hour unpaid in the middle, about 14:00; the site opens at 15:00."""
    site = "hours: {mon-fri: 08:00-19:00, 2026-12-24: 15:00-19:00}"
    model = desk(site, "headcount: 1, shifts: day", "2026-12-24", "1d", pattern="paid: 8h, starts: 10:00, "
                 "days: mon-fri, breaks: [30m unpaid]")  # fmt: skip
    assert worked(model) == {**each("2026-12-24 15-18", 1), ("2026-12-24", 18): 0.5}
    assert [(row[0] / HOUR, row[1]) for row in model.plan] == [(15, layout.SIGN_IN), (18.5, layout.SIGN_OUT)]
    assert model.plan[0, layout.PLAN_PAID] == 3.5 * HOUR  # to whoever is ill on that day


def test_the_longest_part_of_a_shift_that_is_open_is_worked() -> None:
    site = "hours: {mon-fri: 08:00-18:00, 2026-12-24: [10:00-11:00, 13:00-16:00]}"
    assert worked(desk(site, ROSTER, "2026-12-24", "1d")) == each("2026-12-24 13-16", 3)


@pytest.mark.parametrize("pool", [ROSTER, "shifts: [{agents: 3, start: 10:00, length: 8h}]", "staffing: 3"])
def test_nobody_works_at_a_closed_site(pool: str) -> None:
    site = f"{WEEKDAYS}, special_days: {{2026-12-23: closed, 2026-12-24: 08:00-12:00}}"
    found = worked(desk(site, pool, "2026-12-22", "2d", more=", warm_up: 1d"))
    wanted = "2026-12-24 8-12" if pool.startswith("staffing") else "2026-12-24 10-12"
    assert found == each(wanted, 3)


def test_a_saturday_is_worked_for_a_monday() -> None:
    site = "hours: {mon-fri: 08:00-18:00, 2026-12-28: closed, 2026-12-19: 08:00-15:00}"
    found = worked(desk(site, ROSTER, "2026-12-18", "12d"))
    weekdays = ", ".join(f"2026-12-{day} 10-18" for day in (18, 21, 22, 23, 24, 25, 29))
    assert found == each(f"{weekdays}, 2026-12-19 10-15", 3)


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ("2026-12-28: closed, 2026-12-19: 08:00-18:00", 1),  # Mondays have one of four
        ("2026-12-22: closed, 2026-12-28: closed, 2026-12-19: 08:00-18:00", 4),  # the Tuesday is nearer
        ("2026-12-19: 08:00-18:00", 3),  # as the Friday before it
    ],
)
def test_which_day_a_saturday_is_worked_as(dates: str, wanted: int) -> None:
    """Four people of whom one works on Mondays, four on Tuesdays, three on Fridays."""
    model = desk(
        f"hours: {{mon-fri: 08:00-18:00, {dates}}}", "headcount: 4, shifts: [mondays, rest]", "2026-12-19", "1d",
        pattern="paid: 8h, starts: 10:00, days: mon-tue, work_days: 2, share: 25%}, mondays: {paid: 8h, starts: 10:00, "
        "days: mon-tue, work_days: 2, share: 25%}, rest: {paid: 8h, starts: 10:00, days: tue-fri, work_days: 4",
    )  # fmt: skip
    assert worked(model) == each("2026-12-19 10-18", wanted)


def test_a_night_ends_when_a_site_round_the_clock_closes() -> None:
    model = desk("hours: 24x7, special_days: {2026-12-24: closed}", "headcount: 1, shifts: day", "2026-12-22", "4d",
                 pattern="paid: 8h, starts: 22:00, work_days: 7")  # fmt: skip
    nights = (
        "2026-12-22 0-6, 2026-12-22 22-24, 2026-12-23 0-6, 2026-12-23 22-24, "
        "2026-12-25 0-6, 2026-12-25 22-24"  # whose shift begins on the closed evening comes at midnight
    )
    assert worked(model) == each(nights, 1)


def test_a_night_that_belongs_to_the_day_before_is_worked_to_its_end() -> None:
    model = desk("hours: {daily: 22:00-06:00, 2026-12-24: closed}", "headcount: 1, shifts: day", "2026-12-22", "4d",
                 pattern="paid: 8h, starts: 22:00, work_days: 7")  # fmt: skip
    nights = "2026-12-22 0-6, 2026-12-22 22-24, 2026-12-23 0-6, 2026-12-23 22-24, 2026-12-24 0-6, 2026-12-25 22-24"
    assert worked(model) == each(nights, 1)


def test_a_shift_of_a_clock_change_sunday_is_cut_by_the_clock() -> None:
    """Clocks go from 02:00 to 03:00: a shift of eight hours from 22:00 on ends at 07:00, the site closes at 05:00."""
    model = desk("hours: {daily: 24h, 2026-03-29: 00:00-05:00}", "headcount: 1, shifts: day", "2026-03-28T12:00", "1d",
                 pattern="paid: 8h, starts: 22:00, work_days: 7")  # fmt: skip
    wanted = each("2026-03-28 22-24, 2026-03-29 0-2, 2026-03-29 3-5", 1)
    assert worked(model) == wanted


def away(model: Model) -> list[tuple[float, float]]:
    """Shifts whose people are at home and paid: the hour of the horizon, and the hours that are paid."""
    return [
        (row[layout.PLAN_TIME] / HOUR, row[layout.PLAN_PAID] / HOUR)
        for row in model.plan
        if row[layout.PLAN_WHAT] == layout.SIGN_IN and row[layout.PLAN_VALUE] == NONE
    ]


@pytest.mark.parametrize(
    ("special", "hours", "at_home"),
    [
        ("", 0, 3),  # the first day of Christmas
        ("special_days: {2026-12-25: 08:00-18:00}", 8, 0),  # dates beat holidays
        ("special_days: {2026-12-25: workday}", 8, 0),
        ("special_days: {2026-12-25: closed}", 0, 3),  # a holiday all the same: paid
    ],
)
def test_a_date_beats_a_public_holiday(special: str, hours: int, at_home: int) -> None:
    model = desk(f"{WEEKDAYS}, holidays: DE, {special or 'on_holidays: 0%'}", ROSTER, "2026-12-25", "1d")
    assert worked(model) == (each("2026-12-25 10-18", 3) if hours else {})
    assert away(model) == [(10, 8)] * at_home


def test_a_holiday_that_no_calendar_has() -> None:
    model = desk(f"{WEEKDAYS}, special_days: {{2026-12-24: holiday}}, on_holidays: 34%", ROSTER, "2026-12-24", "1d")
    assert worked(model) == each("2026-12-24 10-18", 1)
    assert away(model) == [(10, 8)] * 2


def test_the_premium_of_holidays_goes_by_the_dates_too() -> None:
    model = compile_model(
        loads("""
scenario: card
horizon: {start: 2026-12-24, length: 3d, drain: 0s}
handle_time: 4m
demand: {calls: {per_hour: 6}}
sites: {there: {region: eu, time_zone: UTC, hours: 24x7, holidays: DE, on_holidays: 100%,
                special_days: {2026-12-24: holiday, 2026-12-25: workday}}}
vendors: {partner: {paid_hour: 20, premiums: {holiday: 100%}}}
pools: {seat: {site: there, vendor: partner, staffing: 1}}
""")
    )
    rates = model.groups.rates
    assert [(at / HOUR, int(of)) for at, of in zip(rates.at, rates.of[:, 0], strict=True)] == [
        (0, 0), (24, NONE), (48, 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "special", "wanted"),
    [("2026-12-24", "", 100), ("2026-12-24", "holiday", 25), ("2026-12-25", "", 25), ("2026-12-25", "workday", 100)],
)
def test_a_markets_date_is_a_holiday_or_none(day: str, special: str, wanted: int) -> None:
    """24 December is no public holiday in Germany, 25 December is one."""
    own = f", special_days: {{{day}: {special}}}" if special else ""
    scenario = loads(f"""
scenario: demand
time_zone: Europe/Berlin
horizon: {{start: {day}, length: 1d, drain: 0s}}
handle_time: 1m
markets: {{germany: {{region: eu, time_zone: Europe/Berlin, holidays: DE{own}}}}}
demand: {{calls: {{market: germany, per_week: 700, profile: flat, holidays: 25%}}}}
pools: {{desk: {{staffing: 5}}}}
""")
    assert expected_contacts(scenario)["calls"] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("said", "working"),
    [("2026-12-21: 34%", 1), ("2026-12-21: 100%", 3), ("2026-12-21..2026-12-22: 67%", 2), ("2026-12-22: 34%", 3)],
)
def test_a_part_of_the_roster_works_on_a_special_day(said: str, working: int) -> None:
    model = desk(f"{WEEKDAYS}, special_days: {{{said}}}", ROSTER, "2026-12-21", "1d")
    assert worked(model) == each("2026-12-21 10-18", working)
    assert away(model) == [(10, 8)] * (3 - working)


def test_a_part_of_the_roster_beats_the_part_of_public_holidays() -> None:
    model = desk(
        f"{WEEKDAYS}, holidays: DE, on_holidays: 0%, special_days: {{2026-12-25: 67%}}", ROSTER, "2026-12-25", "1d"
    )
    assert worked(model) == each("2026-12-25 10-18", 2)
