"""Deadlines as they are written: by the clock or in working time, by workflow, segment and channel."""

from __future__ import annotations

import pytest

from ccsim.centre.precedence import deadline_and_holder
from ccsim.commands.explain_route import route_document, route_lines
from ccsim.errors import ScenarioError
from ccsim.language.channels import Channel, Segment
from ccsim.language.deadlines import WorkingTime
from ccsim.language.workflows import Workflow
from ccsim.model.calendars import dates_used
from ccsim.scenario import loads
from ccsim.scenario.diff import differences
from ccsim.scenario.load import read_text
from ccsim.units import DAY, HOUR, MINUTE

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
channels: {email: {kind: deferred DEADLINE}}
segments: {premium: {}}
workflows: {mails: {}}
demand: {mails: {per_hour: 6, channel: email, segments: {premium: 20%, all: 80%}}}
handle_time: 4m
pools: {a: {staffing: 10}}
"""


def desk(deadline: str, more: str = "", **parts: str) -> str:
    text = DESK.replace(" DEADLINE", deadline and f", deadline: {deadline}") + more
    for name, said in parts.items():
        text = text.replace(f"{name}: {{}}", f"{name}: {{deadline: {said}}}")
    return text


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return [f"{fault.key}: {fault.message}" for fault in caught.value.faults]


def test_working_time_is_read_with_its_hours_and_holidays() -> None:
    made = loads(desk("{working: 8h, hours: {mon-fri: 08:00-17:00}, holidays: DE}")).channels["email"].deadline
    assert isinstance(made, WorkingTime)
    assert (made.working, made.holidays) == (8 * HOUR, "DE")
    assert made.hours is not None
    assert made.hours.spans[4] == (4 * DAY + 8 * HOUR, 4 * DAY + 17 * HOUR)
    assert loads(desk("24h")).channels["email"].deadline == DAY


@pytest.mark.parametrize(
    ("deadline", "fault"),
    [
        ("{working: 8h}", "channels.email.deadline: working time needs hours, like hours: {mon-fri: 08:00-17:00}: "
         "workflow mails at tier t1 on channel email has no queue group with opening hours to take them from"),
        ("{hours: 08:00-17:00}", "channels.email.deadline.working: is missing: expected a duration"),
        ("{working: 8, hours: 08:00-17:00}", "channels.email.deadline.working: expected a duration like 90s or 6m30s"),
        ("{working: 0h, hours: 08:00-17:00}", "channels.email.deadline.working: expected a duration"),
        ("{working: 8h, hours: 08:00-17:00, holidays: Germany}", "channels.email.deadline.holidays: there is no"),
        ("{working: 8h, hours: closed}", "channels.email.deadline.hours: it never opens"),
        ("{working: 600h, hours: {mon: 08:00-09:00}}", "channels.email.deadline.working: 3w4d of working time "
         "takes 600 weeks of mon 08:00-09:00; expected at most 520 weeks"),
        (
            "{working: 8h, special_days: {2026-03-04: closed}}",
            "channels.email.deadline.special_days: say the `hours:` of the week, too",
        ),
        ("{working: 8h, hours: {mon: 08:00-09:00, 2026-02-30: closed}}", "channels.email.deadline.hours.2026-02-30: "
         "expected a date that exists"),
        ("[8h]", "channels.email.deadline: expected a duration like 24h, or working time like"),
        ("soon", "channels.email.deadline: expected a duration"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_key_and_what_would_do(deadline: str, fault: str) -> None:
    found = faults(desk(deadline))
    assert len(found) == 1
    assert found[0].startswith(fault), found


def test_hours_that_are_all_holidays_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccsim.scenario.checks.deferred.holidays_between", lambda name, first, last: _Every())
    found = faults(desk("{working: 1h, hours: {sun: 08:00-17:00}, holidays: DE}"))
    assert found == ["channels.email.deadline: the public holidays of DE leave no working time in these hours"]


class _Every:
    def __contains__(self, day: object) -> bool:
        return True


def test_the_opening_hours_of_the_queue_group_will_do() -> None:
    loads(desk("{working: 8h}", "queue_groups: {door: {hours: 08:00-17:00}}\n"))


def test_a_rule_by_deadline_needs_one_for_every_deferred_contact() -> None:
    rule = "routing: {choose_contact: earliest_deadline}\n"
    wanted = ["channels.email: choose_contact: earliest_deadline needs a deadline on every deferred channel"]
    assert faults(desk("", rule)) == faults(desk("", rule, premium="4h")) == wanted
    loads(desk("", rule, mails="4h"))
    loads(desk("1d", rule, premium="4h"))


def test_a_deadline_that_nothing_goes_by_is_told() -> None:
    def told(text: str) -> list[str]:
        return [f"{one.key}: {one.message}" for one in read_text(text).remarks if "deadline" in one.key]

    phone = desk("").replace("kind: deferred", "kind: live")
    assert told(desk("1d", premium="4h")) == []
    assert told(phone.replace("premium: {}", "premium: {deadline: 4h}")) == [
        "segments.premium.deadline: the deadline has no effect: premium has no deferred work that goes by it"
    ]
    both = desk("1d", premium="4h", mails="2d")
    assert told(both) == [
        "segments.premium.deadline: the deadline has no effect: premium has no deferred work that goes by it"
    ]


def test_workflow_goes_before_segment_before_channel() -> None:
    email = Channel(kind="deferred", deadline=3 * DAY)
    premium, claims = Segment(deadline=4 * HOUR), Workflow(deadline=2 * DAY)
    assert deadline_and_holder(claims, premium, email) == (2 * DAY, "workflow")
    assert deadline_and_holder(Workflow(), premium, email) == (4 * HOUR, "segment")
    assert deadline_and_holder(Workflow(), Segment(), email) == (3 * DAY, "channel")
    assert deadline_and_holder(Workflow(), Segment(), Channel(kind="deferred")) == (None, "")
    assert deadline_and_holder(claims, premium, Channel()) == (None, "")


def test_explain_route_tells_the_deadline_and_whose_it_is() -> None:
    scenario = loads(desk("{working: 8h, hours: {mon-fri: 08:00-17:00}, holidays: DE}", premium="4h"))

    def told(name: str) -> str:
        return next(line for line in route_lines(scenario, name) if line.startswith("  deadline"))

    assert told("mails.premium") == "  deadline  to be answered within 4h: that of segment premium"
    assert told("mails.all") == (
        "  deadline  to be answered within 8h of working time (mon-fri 08:00-17:00, holidays DE): that of channel email"
    )
    (leg,) = route_document(scenario, "mails.premium")["legs"]
    assert (leg["deadline"], leg["deadline_of"]) == ("4h", "segment")


def test_explain_route_tells_the_dates_of_a_deadline() -> None:
    scenario = loads(desk("{working: 8h, hours: {mon-fri: 08:00-17:00, 2026-03-04: closed}}"))
    told = next(line for line in route_lines(scenario, "mails.all") if line.startswith("  deadline"))
    assert "8h of working time (mon-fri 08:00-17:00, 2026-03-04 closed)" in told


def test_the_holidays_that_a_deadline_names_are_kept_with_the_run() -> None:
    scenario = loads(desk("{working: 8h, hours: 08:00-17:00, holidays: DE-BY}").replace("2026-03-02", "2026-06-01"))
    assert dates_used(scenario) == {"DE-BY": ["2026-06-04"]}


def test_a_change_of_a_deadline_is_told_in_words() -> None:
    plain, working = (loads(desk(said)) for said in ("24h", "{working: 8h, hours: 08:00-17:00}"))
    longer = loads(desk("{working: 10h, hours: 08:00-17:00}"))
    (kind,) = differences(plain, working)
    assert (kind.before, kind.after) == ("1d", "working time 8h, hours 08:00-17:00")
    (time,) = differences(working, longer)
    assert (time.before, time.after) == ("8h", "10h")
    assert loads(desk("90m")).channels["email"].deadline == 90 * MINUTE


CALENDARS = """
scenario: mails
time_zone: Europe/Berlin
horizon: {start: 2026-04-27, length: 1w}
channels: {email: {kind: deferred, deadline: {working: 4h, hours: {mon-fri: 09:00-17:00} HOLIDAYS}}}
markets:
  germany: {region: eu, time_zone: Europe/Berlin GERMANY, languages: {de: 100%}}
  spain: {region: eu, time_zone: Europe/Madrid SPAIN, languages: {es: 100%}}
sites: {hall: {region: eu, time_zone: Europe/Berlin, hours: 24x7 HALL}}
demand: {mails: {per_week: 300, markets: {germany: 50%, spain: 50%}, channel: email}}
handle_time: 4m
pools: {a: {site: hall, staffing: 10}}
"""


def warned(**parts: str) -> list[tuple[str, str]]:
    made = CALENDARS
    for name in ("HOLIDAYS", "GERMANY", "SPAIN", "HALL"):
        said = parts.get(name.lower(), "")
        made = made.replace(f" {name}", f", {said}" if said else "")
    return [(one.key, one.message) for one in read_text(made).remarks if "the deadline runs" in one.message]


def test_a_deadline_that_runs_on_the_holidays_of_its_markets_is_told() -> None:
    """1 May 2026, a Friday, is Labour Day in both countries."""
    at = "channels.email.deadline.working"
    assert warned() == []
    assert warned(germany="holidays: DE-BE", spain="holidays: DE-BE") == [
        (at, "the deadline runs on public holidays of market germany, market spain (DE-BE): 2026-05-01; say "
             "`holidays: DE-BE`"),
    ]  # fmt: skip
    assert warned(spain="holidays: ES-CT") == [
        (at, "the deadline runs on public holidays of market spain (ES-CT): 2026-05-01; say `holidays: ES-CT`")
    ]
    assert warned(germany="holidays: DE-BE", spain="holidays: ES-MD, special_days: {2026-04-29: holiday}") == [
        (at, "the deadline runs on public holidays of market germany (DE-BE); market spain (ES-MD): 2026-04-29, "
             "2026-05-01; `holidays:` says on which it does not"),
    ]  # fmt: skip
    assert warned(hall="holidays: DE-BE") == [
        (at, "the deadline runs on public holidays of site hall (DE-BE): 2026-05-01; say `holidays: DE-BE`")
    ]
    assert warned(germany="special_days: {2026-04-30: holiday}") == [
        (at, "the deadline runs on public holidays of market germany: 2026-04-30; `holidays:` says on which it does "
             "not"),
    ]  # fmt: skip


def test_a_deadline_with_holidays_or_without_any_in_its_hours_is_not_told() -> None:
    assert warned(holidays="holidays: DE-BE", germany="holidays: DE-BE", spain="holidays: ES-MD") == []
    assert warned(germany="holidays: DE-BE, special_days: {2026-05-01: workday}") == []
    assert warned(germany="special_days: {2026-05-02: holiday}") == [], "a Saturday"
    assert warned(germany="special_days: {2026-05-04: holiday}") == [], "after the end"


def test_a_calendar_without_a_holiday_in_the_simulated_time_is_told() -> None:
    """The United States have none in that week."""
    assert warned(holidays="holidays: US", germany="holidays: DE-BE") == [
        ("channels.email.deadline.holidays",
         "the deadline runs on public holidays of market germany (DE-BE): 2026-05-01; `holidays: US` has none then")
    ]  # fmt: skip
