"""Special days as they are written: what is read, what is refused and why, and what is told of a plan with them."""

from __future__ import annotations

import re

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.special_days import SpecialDay, special_days_text
from ccsim.report.assumptions import assumptions
from ccsim.scenario import loads, read_text, to_canonical
from ccsim.scenario.diff import differences
from ccsim.units import DAY, HOUR, WEEK
from tests.support.scenario_texts import faults_of

TEXT = """
scenario: dates
time_zone: Europe/Berlin
horizon: {start: 2026-12-21, length: 1w, drain: 1d}
handle_time: 4m
markets: {germany: {region: eu, time_zone: Europe/Berlin, holidays: DE MARKET}}
demand: {calls: {market: germany, per_week: 3000, profile: business_day}}
sites: {hall: {region: eu, time_zone: Europe/Berlin, hours: {mon-fri: 08:00-18:00 HOURS} SITE}}
shift_patterns: {day: {paid: 8h, starts: [08:00, 10:00], days: mon-fri}}
queue_groups: {door: {hours: {mon-fri: 08:00-18:00} DOOR}}
pools: {desk: {site: hall, headcount: 12, shifts: day}}
"""


def text(**parts: str) -> str:
    made = TEXT
    for name in ("MARKET", "HOURS", "SITE", "DOOR"):
        said = parts.get(name.lower(), "")
        made = made.replace(f" {name}", f", {said}" if said else "")
    return made


def faults(**parts: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text(**parts))
    return [(fault.key, fault.message) for fault in caught.value.faults]


def warnings(**parts: str) -> list[tuple[str, str]]:
    """Warnings, without what is always said of the calendar."""
    found = read_text(text(**parts)).remarks
    return [(one.key, one.message) for one in found if one.kind == "warning" and "its parts" not in one.message]


NOON = SpecialDay(spans=((8 * HOUR, 12 * HOUR),))


def test_dates_are_read() -> None:
    scenario = loads(
        text(
            site="special_days: {2026-12-24: 08:00-12:00, 2026-12-28: closed, 2026-12-22: holiday, "
            "2026-12-25: workday}",
            door="special_days: {2026-12-24: [14:00-16:00, 20:00-02:00, 15:00-17:00], 2026-12-23: 24h}",
            market="special_days: {2026-12-24: holiday, 2026-12-25: workday}",
        )
    )
    assert scenario.sites["hall"].special_days == {
        "2026-12-24": NOON, "2026-12-28": SpecialDay(spans=()),
        "2026-12-22": SpecialDay(holiday=True), "2026-12-25": SpecialDay(holiday=False),
    }  # fmt: skip
    assert scenario.queue_groups["door"].special_days == {
        "2026-12-24": SpecialDay(spans=((14 * HOUR, 17 * HOUR), (20 * HOUR, 26 * HOUR))),
        "2026-12-23": SpecialDay(spans=((0, DAY),)),
    }
    assert scenario.markets["germany"].special_days["2026-12-24"] == SpecialDay(holiday=True)


def test_dates_beside_weekdays_are_special_days() -> None:
    beside = loads(text(hours="2026-12-24: 08:00-12:00", site="special_days: {2026-12-28: closed}"))
    apart = loads(text(site="special_days: {2026-12-24: 08:00-12:00, 2026-12-28: closed}"))
    assert beside.sites["hall"] == apart.sites["hall"]
    assert beside.sites["hall"].hours.spans == tuple((d * DAY + 8 * HOUR, d * DAY + 18 * HOUR) for d in range(5))


def test_without_hours_of_the_week_a_queue_group_is_open_but_on_its_dates() -> None:
    made = text().replace("queue_groups: {door: {hours: {mon-fri: 08:00-18:00}", "GROUPS")
    made = made.replace("GROUPS", "channels: {phone: {kind: deferred}}\nqueue_groups: {door: {special_days: DAYS")
    group = loads(made.replace("DAYS", "{2026-12-24: closed}")).queue_groups["door"]
    assert group.hours == WeekHours(spans=((0, WEEK),))


@pytest.mark.parametrize(
    ("parts", "key", "message"),
    [
        ({"site": "special_days: {2026-02-30: closed}"}, "sites.hall.special_days.2026-02-30",
         "expected a date that exists, got '2026-02-30'"),
        ({"hours": "2026-13-01: closed"}, "sites.hall.hours.2026-13-01",
         "expected a date that exists, got '2026-13-01'"),
        ({"door": "special_days: {24.12.2026: closed}"}, 'queue_groups.door.special_days."24.12.2026"',
         "expected a date like 2026-12-24, got '24.12.2026'; write 2026-12-24"),
        ({"door": "special_days: {mon: closed}"}, "queue_groups.door.special_days.mon",
         "expected a date like 2026-12-24, got 'mon'"),
        ({"hours": "2026-12-24: closed", "site": "special_days: {2026-12-24: 08:00-12:00}"},
         "sites.hall.hours.2026-12-24", "stands here and in special_days; say it once"),
        ({"door": "special_days: {2026-12-24: holiday}"}, "queue_groups.door.special_days.2026-12-24",
         "expected hours like 07:00-24:00, or closed, got 'holiday'"),
        ({"market": "special_days: {2026-12-24: closed}"}, "markets.germany.special_days.2026-12-24",
         "expected holiday, or workday, got 'closed'"),
        ({"site": "special_days: 2026-12-24"}, "sites.hall.special_days",
         "expected dates, each with hours like 08:00-12:00, or closed; or the share of the roster at work like 20%; "
         "or holiday, or workday, got '2026-12-24'"),
        ({"site": "on_holidays: 50%"}, "sites.hall.on_holidays",
         "needs `holidays:`, the calendar of the site, or a date that is a `holiday` in `special_days:`"),
    ],
)  # fmt: skip
def test_what_is_refused(parts: dict[str, str], key: str, message: str) -> None:
    assert faults(**parts) == [(key, message)]


def test_a_date_twice_is_refused() -> None:
    ((key, message),) = faults(site="special_days: {2026-12-24: closed, 2026-12-24: 08:00-12:00}")
    assert message.startswith("key '2026-12-24' is written twice in one map"), (key, message)


def test_a_range_of_dates_is_each_of_them() -> None:
    ranges = loads(
        text(
            site="special_days: {2026-12-24..2026-12-26: closed, 2026-12-28..2026-12-29: workday}",
            hours="2026-12-22..2026-12-23: 08:00-12:00",
            door="special_days: {2026-12-23..2026-12-24: [08:00-10:00, 12:00-14:00]}",
            market="special_days: {2026-12-23..2026-12-24: holiday}",
        )
    )
    dates = loads(
        text(
            site="special_days: {2026-12-24: closed, 2026-12-25: closed, 2026-12-26: closed, 2026-12-28: workday, "
            "2026-12-29: workday}",
            hours="2026-12-22: 08:00-12:00, 2026-12-23: 08:00-12:00",
            door="special_days: {2026-12-23: [08:00-10:00, 12:00-14:00], 2026-12-24: [08:00-10:00, 12:00-14:00]}",
            market="special_days: {2026-12-23: holiday, 2026-12-24: holiday}",
        )
    )
    assert to_canonical(ranges) == to_canonical(dates)
    over_new_year = loads(text(site="special_days: {2026-12-31..2027-01-01: closed}")).sites["hall"].special_days
    assert list(over_new_year) == ["2026-12-31", "2027-01-01"]


@pytest.mark.parametrize(
    ("days", "key", "message"),
    [
        ("2026-12-24..2026-12-20: closed", '"2026-12-24..2026-12-20"',
         "expected a range of dates that ends after it starts, got '2026-12-24..2026-12-20'"),
        ("2026-12-24..2026-12-24: closed", '"2026-12-24..2026-12-24"',
         "expected a range of dates that ends after it starts, got '2026-12-24..2026-12-24'"),
        ("2026-12-24..2026-12-32: closed", '"2026-12-24..2026-12-32"',
         "expected a date that exists, got '2026-12-32'"),
        ("2026-12-24..: closed", '"2026-12-24.."', "expected a date like 2026-12-24, got ''"),
        ("2026-12-24..2030-12-24: closed", '"2026-12-24..2030-12-24"',
         "expected a range of at most 1,000 dates, got 1,462 in '2026-12-24..2030-12-24'"),
        ("2026-12-24..2026-12-26: closed, 2026-12-25: 08:00-12:00", "2026-12-25",
         "2026-12-25 stands in 2026-12-24..2026-12-26; say it once"),
        ("2026-12-24..2026-12-26: closed, 2026-12-26..2026-12-28: closed", '"2026-12-26..2026-12-28"',
         "2026-12-26 stands here and in 2026-12-24..2026-12-26; say it once"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["site", "door", "hours"])
def test_a_range_that_is_refused(days: str, key: str, message: str, where: str) -> None:
    parts = {where: days if where == "hours" else f"special_days: {{{days}}}"}
    part = {"site": "sites.hall.special_days", "door": "queue_groups.door.special_days", "hours": "sites.hall.hours"}
    assert faults(**parts) == [(f"{part[where]}.{key}", message)]


def test_a_range_that_reaches_out_of_the_simulated_time_is_told_only_where_all_of_it_does() -> None:
    assert warnings(site="special_days: {2026-12-28..2027-01-06: workday}") == []
    assert warnings(site="special_days: {2027-01-02..2027-01-06: workday}") == [
        ('sites.hall.special_days."2027-01-02..2027-01-06"',
         "2027-01-02..2027-01-06 lies outside the simulated time, 2026-12-21 to 2026-12-29: it changes nothing")
    ]  # fmt: skip


def test_a_variant_changes_a_range() -> None:
    made = text() + 'variants: {shut: {queue_groups.door.special_days."2026-12-24..2026-12-25": closed}}\n'
    door = read_text(made, variants=["shut"]).scenario.queue_groups["door"]
    assert [day.closed for day in door.special_days.values()] == [True, True]


def test_dates_alone_are_no_hours() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(text().replace("hours: {mon-fri: 08:00-18:00}}}\npools", "hours: {2026-12-24: 08:00-12:00}}}\npools"))
    found = [(fault.key, fault.message) for fault in caught.value.faults]
    assert found == [
        ("queue_groups.door.hours",
         "only dates have hours; say those of the week too, like daily: 08:00-18:00, or daily: closed")
    ]  # fmt: skip


def test_dates_that_are_not_simulated_are_told_together() -> None:
    found = warnings(site="special_days: {2026-12-24: 08:00-12:00, 2027-12-24: closed, 2025-12-24: closed}",
                     door="special_days: {2026-12-24: 08:00-12:00, 2027-01-05: closed}")  # fmt: skip
    assert found == [
        ("sites.hall.special_days.2027-12-24",
         "2027-12-24 and 1 more of these dates lie outside the simulated time, 2026-12-21 to 2026-12-29: they change "
         "nothing"),
        ("queue_groups.door.special_days.2027-01-05",
         "2027-01-05 lies outside the simulated time, 2026-12-21 to 2026-12-29: it changes nothing"),
    ]  # fmt: skip


def test_a_site_that_closes_before_the_door_is_told_and_simulated() -> None:
    assert warnings(site="special_days: {2026-12-24: 08:00-12:00}") == [
        ("demand.calls",
         "nobody is on the line for calls on thu 12:00-18:00 (Europe/Berlin): it "
         "has demand then, but no eligible pool has agents signed in")
    ]  # fmt: skip
    assert (
        warnings(site="special_days: {2026-12-24: 08:00-12:00}", door="special_days: {2026-12-24: 08:00-12:00}") == []
    )


def test_a_door_that_stays_open_longer_than_the_roster_is_told_and_simulated() -> None:
    ((key, message),) = warnings(door="special_days: {2026-12-24: 08:00-20:00}")
    assert (key, message.partition(" (")[0]) == (
        "demand.calls", "nobody is on the line for calls on thu 18:00-20:00"
    )  # fmt: skip


def test_a_holiday_of_its_own_is_told_where_nobody_works() -> None:
    ((_, message),) = [one for one in warnings(site="special_days: {2026-12-23: holiday}") if "public" in one[1]]
    assert "nobody is on the line for calls on 2026-12-23, 08:00-18:00" in message
    assert "on public holidays of the sites no eligible pool works" in message


@pytest.mark.parametrize(("hours", "told"), [("2026-12-26: 08:00-18:00", False), ("", True)])
def test_a_saturday_that_a_roster_works_needs_no_warning(hours: str, told: bool) -> None:
    made = text(hours=hours, door="special_days: {2026-12-26: 08:00-18:00}")
    found = read_text(made.replace("profile: business_day", "profile: flat")).remarks
    said = [one.message for one in found if "nobody is on the line for calls on sat 08:00-18:00" in one.message]
    assert bool(said) is told


def test_a_variant_changes_one_date() -> None:
    made = text(door="special_days: {2026-12-24: closed}")
    base = loads(made)
    closed = SpecialDay(spans=())
    for day, wanted in (
        ("2026-12-24", {"2026-12-24": NOON}),
        ("2026-12-23", {"2026-12-24": closed, "2026-12-23": NOON}),
    ):
        scenario = loads(made, settings=[f"queue_groups.door.special_days.{day}=08:00-12:00"])
        assert scenario.queue_groups["door"].special_days == wanted
    changed = loads(made, settings=["queue_groups.door.special_days.2026-12-24=08:00-12:00"])
    said = [(one.key, one.what) for one in differences(base, changed)]
    assert said == [("queue_groups.door.special_days.2026-12-24", "special day 2026-12-24 closed -> 08:00-12:00")]


def test_special_days_in_words() -> None:
    days = {"2026-12-28": SpecialDay(spans=()), "2026-12-24": NOON, "2026-12-22": SpecialDay(holiday=True)}
    assert special_days_text(days, 2) == "2026-12-22 holiday, 2026-12-24 08:00-12:00 and 1 more special days"
    assert hours_text(WeekHours(spans=())) == "closed"
    scenario = loads(text(site="special_days: {2026-12-24: 08:00-12:00, 2026-12-28: closed, 2026-12-22: holiday}"))
    (sites,) = [part.text for part in assumptions(to_canonical(scenario)) if part.title == "Sites"]
    lines = [line.strip() for line in sites.splitlines()]
    assert lines[lines.index("special day:") + 1 :][:3] == [
        "2026-12-22: holiday", "2026-12-24: 08:00-12:00", "2026-12-28: closed"
    ]  # fmt: skip


def test_a_roster_at_a_site_that_is_closed_all_week_is_refused() -> None:
    site = "sites: {hall: {region: eu, time_zone: Europe/Berlin, hours: "
    made = text().replace(f"{site}{{mon-fri: 08:00-18:00}}", f"{site}{{daily: closed, 2026-12-24: 24h}}")
    with pytest.raises(ScenarioError) as caught:
        loads(made)
    assert [fault.message for fault in caught.value.faults] == [
        "pattern day at site hall: the shifts 08:00-16:00, 10:00-18:00 lie outside its hours, closed, on every day"
    ]


def test_the_share_of_the_roster_at_work() -> None:
    days = loads(text(site="special_days: {2026-12-22..2026-12-23: 20%}")).sites["hall"].special_days
    assert days["2026-12-22"] == days["2026-12-23"] == SpecialDay(at_work=0.2)
    assert special_days_text(days) == "2026-12-22..2026-12-23 20 % of the roster at work"
    for said, why in (("0%", "nobody works: say closed"), ("120%", "expected a share of at most 100%")):
        ((key, message),) = faults(site=f"special_days: {{2026-12-22: {said}}}")
        assert (key, message.startswith(why)) == ("sites.hall.special_days.2026-12-22", True)
    ((key, message),) = faults(door="special_days: {2026-12-22: 20%}")
    assert key == "queue_groups.door.special_days.2026-12-22"


def test_a_share_of_the_roster_needs_a_roster() -> None:
    made = text(site="special_days: {2026-12-22: 20%}")
    assert "headcount: " in made
    staffed = re.sub(r"pools: .*", "pools: {desk: {site: hall, staffing: 3}}", made)
    (fault,) = faults_of(staffed)
    assert fault.key == "sites.hall.special_days.2026-12-22"
    assert '"pools.desk.staffing[2026-12-22]": x0.2' in fault.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("outages.hall: {site: hall}", "sites.NAME.special_days: {2026-06-16: closed}"),
        ("pools.desk.overtime: 2h", "people who stay longer are a pool of their own"),
        ("vendors.own.contract: {}", "bonus, malus and prices by contact are not calculated"),
        ("channels.phone.callback: {at: 2026-12-22, waiting: 3, accepted: 40%}", "it is offered at all times"),
    ],
)
def test_what_is_said_otherwise_is_told(change: str, said: str) -> None:
    made = (
        text() + f"vendors: {{own: {{paid_hour: 20}}}}\nchannels: {{phone: {{}}}}\nvariants: {{other: {{{change}}}}}\n"
    )
    with pytest.raises(ScenarioError, match=re.escape(said)):
        read_text(made, variants=["other"])
