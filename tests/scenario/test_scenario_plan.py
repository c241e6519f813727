"""What `check` says of a plan before it is simulated: cover, load, and files that end before the horizon does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import Remark, ScenarioError
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
horizon: {{start: {start}, length: {length}, warm_up: {warm_up}, drain: 2h}}
handle_time: {{law: exponential, mean: {handle}}}
patience: {patience}
demand: {{calls: {demand}}}
pools: {{desk: {{staffing: {staffing}}}}}
"""
PLAIN = {
    **{"start": "2026-03-02", "length": "1d", "warm_up": "0s", "handle": "4m", "patience": "{mean: 3m}"},
    **{"demand": "{per_hour: 10}", "staffing": "5"},
}


def told(folder: Path | None = None, **parts: str) -> list[str]:
    loaded = read_text(DESK.format(**{**PLAIN, **parts}), base_dir=folder)
    return [f"{one.key}: {one.message}" for one in loaded.remarks if one.kind == "warning"]


def test_a_plan_that_works_is_not_told() -> None:
    assert told() == []


def test_more_work_than_agents_is_told_in_erlangs() -> None:
    # 88.68 an hour x 646 s are 15.913 erlangs; 14 agents can do 88 % of that.
    over = {"handle": "646s", "demand": "{per_hour: 88.68}"}
    first = "pools.desk: 15.9 erlangs for 14 agents"
    assert told(**over, staffing="14", patience="never") == [
        f"{first}, and nobody abandons: waits grow as long as it lasts"
    ]
    assert told(**over, staffing="14") == [f"{first}, more work than agents: at least 12 % will abandon"]
    assert told(**over, staffing="16") == []


def test_hours_with_nobody_are_told_without_sites() -> None:
    (said,) = told(staffing="[[00:00, 0], [08:00, 5], [20:00, 0]]", length="7d")
    assert said.startswith(
        "demand.calls: nobody is on the line for calls on mon-sun 00:00-08:00, mon-sun 20:00-24:00 (UTC)"
    )


CLOCKS = """
scenario: two-clocks
time_zone: Europe/London
horizon: {start: 2026-03-16, length: 3w}
handle_time: 5m
patience: {mean: 5m}
markets: {california: {region: us, time_zone: America/Los_Angeles}}
demand:
  calls: {market: california, rates: {per: hour, steps: [[00:00, 0], [10:00, 30], [19:00, 0]]}}
sites: {london: {region: uk, time_zone: Europe/London, hours: {daily: 06:00-02:00}}}
pools: {night: {site: london, staffing: [[00:00, 4], [02:00, 0], [17:00, 4]]}}
"""


def warnings_of(text: str) -> list[Remark]:
    return [remark for remark in read_text(text).remarks if remark.kind == "warning"]


def gaps_of(text: str) -> list[str]:
    return [one.message.partition(": it has demand")[0] for one in warnings_of(text)]


def test_a_gap_that_a_change_of_the_clocks_opens_later_is_told() -> None:
    # On 29 March at 01:00 UTC London turns to 02:00 and closes: 18:00 on the 28th in California. The horizon ends at
    # 23:00 UTC on 5 April, before 18:00 of that day in California.
    assert gaps_of(CLOCKS) == [
        "nobody is on the line for calls on mon-sun 18:00-19:00 (America/Los_Angeles), in 2 of 3 weeks, from "
        "2026-03-28 to 2026-04-04; clocks change on 2026-03-29 in Europe/London"
    ]
    early = CLOCKS.replace("length: 3w", "length: 13d")  # to 29 March 00:00
    assert warnings_of(early) == []


def test_a_gap_that_a_change_of_the_clocks_closes_is_told_and_not_refused() -> None:
    # Until 8 March 18:00 in California is 02:00 in London. The horizon begins at 16:00 on 1 March in California.
    assert gaps_of(CLOCKS.replace("2026-03-16", "2026-03-02")) == [
        "nobody is on the line for calls on mon-sun 18:00-19:00 (America/Los_Angeles), in 1 of 3 weeks, from "
        "2026-03-01 to 2026-03-07; clocks change on 2026-03-08 in America/Los_Angeles"
    ]


def test_gaps_that_come_and_go_with_the_clocks_are_told_in_the_order_of_time() -> None:
    # London works from 18:00 to 02:00: 10:00 to 18:00 in California, and 11:00 to 19:00 in the three weeks between.
    text = CLOCKS.replace("[17:00, 4]", "[18:00, 4]").replace("2026-03-16, length: 3w", "2026-03-02, length: 5w")
    assert gaps_of(text) == [
        "nobody is on the line for calls on mon-sun 18:00-19:00 (America/Los_Angeles), in 3 of 5 weeks, first on "
        "2026-03-01, last on 2026-04-04; on mon-sun 10:00-11:00, in 4 of 5 weeks, from 2026-03-08 to 2026-03-28; "
        "clocks change on 2026-03-08 in America/Los_Angeles, on 2026-03-29 in Europe/London"
    ]
    # Not a fault on Sundays only, because the first of three Sundays is already one of the other clock.
    (said,) = gaps_of(text.replace("length: 5w", "length: 3w"))
    assert "on mon-sun 10:00-11:00, in 3 of 3 weeks, from 2026-03-08 to 2026-03-22" in said


FAR = """
scenario: far-clocks
time_zone: UTC
horizon: {{start: {start}, length: {length}}}
handle_time: 5m
patience: {{mean: 5m}}
markets: {{there: {{region: far, time_zone: {market}}}}}
demand: {{calls: {{market: there, rates: {{per: hour, steps: [[00:00, 0], [{opens}, 30], [{closes}, 0]]}}}}}}
sites: {{desk: {{region: near, time_zone: {site}, hours: 24x7}}}}
pools: {{desk: {{site: desk, staffing: {staffing}}}}}
"""


@pytest.mark.parametrize(
    ("market", "site", "horizon", "door", "staffing", "said"),
    [
        # London 22:00 is 07:00 in Sydney (BST, AEST), 08:00 from 4 October (AEDT), 09:00 from 25 October (GMT).
        (
            *("Australia/Sydney", "Europe/London", ("2026-09-28", "6w"), ("08:00", "12:00")),
            "[[00:00, 4], [03:00, 0], [22:00, 4]]",
            "mon-sun 08:00-09:00 (Australia/Sydney), in 3 of 6 weeks, from 2026-10-26 to 2026-11-09; "
            "clocks change on 2026-10-25 in Europe/London",
        ),
        # One week in autumn in which New York is 5 and not 6 hours behind Berlin.
        (
            *("America/New_York", "Europe/Berlin", ("2026-10-19", "4w"), ("09:00", "18:00")),
            "[[00:00, 0], [15:00, 4]]",
            "mon-sun 09:00-10:00 (America/New_York), in 2 of 4 weeks, from 2026-10-25 to 2026-10-31; "
            "clocks change on 2026-10-25 in Europe/Berlin, on 2026-11-01 in America/New_York",
        ),
        # Lord Howe is 3 h ahead of Manila in summer, 2 h 30 min from 5 April. The first 08:30 in the horizon is
        # Tuesday's.
        (
            *("Australia/Lord_Howe", "Asia/Manila", ("2026-03-23", "4w"), ("08:30", "17:30")),
            "[[00:00, 0], [06:00, 4], [15:00, 0]]",
            "mon-sun 08:30-09:00 (Australia/Lord_Howe), in 2 of 4 weeks, from 2026-03-24 to 2026-04-04; "
            "clocks change on 2026-04-05 in Australia/Lord_Howe",
        ),
        # Auckland is 16 h ahead of Santiago before and after; it turns back 13 hours earlier, at 14:00 UTC on 4 April.
        (
            *("Pacific/Auckland", "America/Santiago", ("2026-03-30", "2w"), ("09:00", "12:00")),
            "[[00:00, 0], [16:00, 4], [20:00, 0]]",
            "sun 11:00-12:00 (Pacific/Auckland), on 2026-04-05 only; "
            "clocks change on 2026-04-04 in America/Santiago, on 2026-04-05 in Pacific/Auckland",
        ),
    ],
)
def test_gaps_between_far_clocks(
    market: str, site: str, horizon: tuple[str, str], door: tuple[str, str], staffing: str, said: str
) -> None:
    text = FAR.format(
        **{"market": market, "site": site, "start": horizon[0], "length": horizon[1]},
        **{"opens": door[0], "closes": door[1], "staffing": staffing},
    )
    assert gaps_of(text) == [f"nobody is on the line for calls on {said}"]


def test_gaps_of_a_horizon_that_begins_within_a_week_are_those_of_every_week() -> None:
    # From a Wednesday: the first and the last week are cut. Agents are there from 10:00 UTC, 12:00 in Berlin.
    text = (
        FAR.format(
            **{"market": "Europe/Berlin", "site": "Europe/Berlin", "start": "2026-06-03", "length": "2w"},
            **{"opens": "09:00", "closes": "18:00", "staffing": "[[00:00, 0], [10:00, 4], [18:00, 0]]"},
        )
        .replace("sites: {desk", "#")
        .replace("site: desk, ", "")
    )
    assert gaps_of(text) == ["nobody is on the line for calls on mon-sun 09:00-12:00 (Europe/Berlin)"]


WEEKS = """
scenario: weeks
horizon: {start: 2026-06-01, length: 4w}
handle_time: 4m
patience: {mean: 4m}
demand: {calls: {rates: {per: hour, steps: [[00:00, 0], [08:00, 20], [20:00, 0]]}}}
pools: {desk: {staffing: [[00:00, 0], [08:00, 6], [20:00, 0]]}}
"""


@pytest.mark.parametrize(
    ("nobody", "said"),
    [
        # 10 June is a Wednesday.
        (["2026-06-10 12:00..2026-06-10 15:00"], "on wed 12:00-15:00 (UTC), on 2026-06-10 only"),
        (
            ["2026-06-10 12:00..2026-06-23 15:00"],
            "on mon-sun 08:00-20:00 (UTC), in 3 of 4 weeks, from 2026-06-10 to 2026-06-23",
        ),
        (
            ["2026-06-02 09:00..2026-06-02 10:00", "2026-06-12 09:00..2026-06-12 11:00"],
            "on tue 09:00-10:00 (UTC), on 2026-06-02 only; on fri 09:00-11:00, on 2026-06-12 only",
        ),
        (
            [
                f"2026-06-{day} 09:00..2026-06-{day} {hour}:00"
                for day, hour in (("02", 10), ("10", 12), (17, 13), (26, 14))
            ],
            "on tue 09:00-10:00 (UTC), on 2026-06-02 only; on wed 09:00-12:00, on 2026-06-10 only; "
            "on wed 09:00-13:00, on 2026-06-17 only; and other hours in 1 more week",
        ),
        (
            [f"2026-06-{day} 09:00..2026-06-{day} 10:00" for day in ("02", 16)],
            "on tue 09:00-10:00 (UTC), in 2 of 4 weeks, first on 2026-06-02, last on 2026-06-16",
        ),
    ],
)
def test_hours_that_are_missing_on_some_dates_are_told_by_date(nobody: list[str], said: str) -> None:
    changes = "".join(f"  pools.desk.staffing[{stretch}]: 0\n" for stretch in nobody)
    loaded = read_text(f"{WEEKS}variants:\n out:\n{changes}", variants=["out"])
    (message,) = [one.message for one in loaded.remarks if "nobody is on" in one.message]
    assert message.partition(": it has")[0] == f"nobody is on the line for calls {said}"


def test_volumes_that_miss_the_same_hours_are_told_in_one_line() -> None:
    (calls,) = [line for line in CLOCKS.split("\n") if line.startswith("  calls:")]
    text = CLOCKS.replace(calls, "\n".join(calls.replace("calls", name) for name in ("calls", "chats", "late")))
    text = text.replace(", 4]", ", 9]")
    (said,) = warnings_of(text)
    assert said.key == "demand.calls"
    assert said.message.endswith("no eligible pool has agents signed in; likewise for volumes chats, late")
    # Who comes earlier misses nothing, and who comes until 20:00 misses other hours.
    for name, closes in (("chats", "18:00"), ("late", "18:30")):
        line = calls.replace("calls", name)
        text = text.replace(line, line.replace("19:00", closes))
    first, late = gaps_of(text)
    assert "calls on mon-sun 18:00-19:00 " in first
    assert "late on mon-sun 18:00-18:30 " in late


def test_gaps_are_those_of_open_entry_points() -> None:
    door = "queue_groups: {door: {clock: market, hours: {daily: 10:00-19:00}}}\n"
    always = "calls: {market: california, per_hour: 20}"
    (calls,) = [line for line in CLOCKS.split("\n") if line.startswith("  calls:")]
    assert gaps_of(CLOCKS.replace(calls, f"  {always}") + door) == gaps_of(CLOCKS)


def test_rosters_miss_hours_when_clocks_change_too() -> None:
    roster = (
        "vendors: {own: {kind: in_house, paid_hour: 30}}\n"
        "shift_patterns: {late: {starts: [17:00, 18:00], paid: 8h, work_days: 5}}\n"
        "pools: {night: {site: london, vendor: own, headcount: 40, shifts: [late]}}\n"
    )
    text = CLOCKS.partition("pools:")[0] + roster
    assert gaps_of(text) == gaps_of(CLOCKS)


def test_files_that_end_early_are_told_by_name_and_amount(tmp_path: Path) -> None:
    rows = "start,contacts\n2026-03-02 09:00,40\n2026-03-02 09:30,50\n2026-03-02 10:00,46\n"
    (tmp_path / "short.csv").write_text(rows)
    horizon = {"start": "2026-02-27", "warm_up": "3d", "length": "2w"}
    with pytest.raises(ScenarioError, match=r"short\.csv.*holds 1h30m.*the horizon of 17 days.*`outside: 0`"):
        told(tmp_path, demand="{forecast: short.csv}", **horizon)
    (tmp_path / "staff.csv").write_text("start,agents\n" + "".join(f"2026-03-0{day},5\n" for day in range(2, 9)))
    with pytest.raises(ScenarioError, match=r"staff\.csv.*holds 7 days.*the horizon of 28 days.*21 days have no row"):
        told(tmp_path, staffing="staff.csv", length="4w")
    assert told(tmp_path, staffing="{file: staff.csv, outside: repeat}", length="4w") == []


def test_counts_of_whole_days_are_refused_unless_flat_is_meant(tmp_path: Path) -> None:
    (tmp_path / "daily.csv").write_text("start,contacts\n2026-03-02,602\n2026-03-03,556\n")
    with pytest.raises(
        ScenarioError,
        match=r"daily\.csv has one row a day: say by which `profile:` it is spread",
    ):
        told(tmp_path, demand="{forecast: daily.csv}")
    assert told(tmp_path, demand="{forecast: daily.csv, profile: flat}", staffing="9") == []
    (tmp_path / "shifts.csv").write_text(
        "start,contacts\n2026-03-02 00:00,280\n2026-03-02 08:00,0\n2026-03-02 16:00,0\n"
    )
    (said,) = told(tmp_path, demand="{forecast: shifts.csv}", staffing="9")
    assert (
        "shifts.csv has one row every 8h: spread evenly, that is 35 contacts an hour all through the "
        "first that is not 0"
    ) in said
    (tmp_path / "monthly.csv").write_text("start,contacts\n2026-02-01,16100\n2026-03-01,15300\n")
    with pytest.raises(ScenarioError, match="has one row a month: say by which `profile:`"):
        told(tmp_path, demand="{forecast: monthly.csv}")


ESCALATING = """
scenario: two-tiers
horizon: {{start: 2026-03-02, length: 7d}}
handle_time: 3m
patience: {{mean: 5m}}
workflows: {{calls: {{tiers: {{t1: {{escalated: 10%}}, t2: {{}}}}}}}}
demand: {{calls: {{per_hour: 6}}}}
pools:
  first: {{tier: t1, staffing: 3}}
  second: {{tier: t2, staffing: [[00:00, 0], [08:00, 2], [20:00, 0]]}}
{more}"""


def test_a_tier_that_has_gone_home_is_told_only_while_contacts_come_in() -> None:
    (said,) = warnings_of(ESCALATING.format(more=""))
    assert said.message == (
        "tier t2 has nobody on the line on mon-sun 00:00-08:00, mon-sun 20:00-24:00 (UTC), while t1 works and "
        "escalates to it"
    )
    entry_points = "queue_groups: {{day: {{workflows: [calls], tiers: [t1], hours: {hours}}}}}\n"
    assert warnings_of(ESCALATING.format(more=entry_points.format(hours="08:00-20:00"))) == []
    (said,) = warnings_of(ESCALATING.format(more=entry_points.format(hours="07:00-20:00")))
    assert "mon-sun 07:00-08:00 (UTC), while t1 works" in said.message


#: Thanksgiving, 26 November 2026, is a Thursday.
ON_HOLIDAYS = """
scenario: holidays
time_zone: America/New_York
horizon: {{start: 2026-11-23, length: 1w}}
handle_time: 3m
patience: {{mean: 5m}}
markets: {{us: {{region: na, time_zone: America/New_York, holidays: US}}}}
demand: {{calls: {{per_week: 1000, profile: business_day, market: us{volume}}}}}
sites:
  austin: {{region: na, time_zone: America/New_York, hours: 00:00-24:00, holidays: US{site}}}
  manila: {{region: na, time_zone: Asia/Manila, hours: 00:00-24:00, holidays: PH}}
vendors: {{own: {{kind: in_house, paid_hour: 30}}}}
shift_patterns: {{day: {{starts: {starts}, paid: 8h, work_days: 5}}}}
pools:
  desk: {{site: austin, vendor: own, headcount: 40, shifts: [day]}}
{pools}"""
DAY = {"volume": "", "site": "", "starts": "[05:00, 09:00, 14:00, 15:30]", "pools": ""}


def on_holidays(**parts: str) -> list[str]:
    text = ON_HOLIDAYS.format(**{**DAY, **parts})
    return [one.message for one in warnings_of(text) if "holidays" in one.message]


def test_a_public_holiday_on_which_nobody_works_is_told() -> None:
    (said,) = on_holidays()
    assert said.startswith("nobody is on the line for calls on 2026-11-26, 05:30-21:30 (America/New_York)")
    assert "on public holidays of the sites no eligible pool works" in said
    assert on_holidays(site=", on_holidays: 25%") == []
    assert on_holidays(volume=", holidays: 0%") == [], "nothing comes then"
    others = "  manila: {site: manila, vendor: own, headcount: 40, shifts: [day]}\n"
    nights = on_holidays(pools=others, starts="[00:00, 05:00, 09:00, 14:00, 15:30, 16:00]")
    assert nights == [], "another country works"


def test_a_night_that_began_before_the_holiday_is_worked_to_its_end() -> None:
    nights = ON_HOLIDAYS.replace("profile: business_day", "profile: always_on")
    text = nights.format(**{**DAY, "starts": "[00:00, 06:00, 14:00, 22:00]"})
    (said,) = [one.message for one in warnings_of(text) if "holidays" in one.message]
    # Up to ten hours may be those of a shift of Wednesday.
    assert "on 2026-11-26, 10:00-24:00 (America/New_York)" in said


def test_public_holidays_without_anybody_are_told_by_date() -> None:
    text = ON_HOLIDAYS.format(**DAY).replace("2026-11-23, length: 1w", "2025-12-29, length: 26w")
    (said,) = [one.message for one in warnings_of(text) if "holidays" in one.message]
    # New Year, King Day, Presidents' Day; then Memorial Day on 25 May and Juneteenth on 19 June.
    assert "for calls on 2026-01-01, 2026-01-19, 2026-02-16 and 2 more days, 05:30-21:30 (America/New_York):" in said
