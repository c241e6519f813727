"""What `check` says of a plan before it is played: cover, load, and files that end before the horizon does."""

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


def test_a_gap_that_a_change_of_the_clocks_opens_later_is_told() -> None:
    # On 29 March at 01:00 UTC London turns to 02:00 and closes: 18:00 on the 28th in California.
    (remark,) = warnings_of(CLOCKS)
    assert "on mon-sun 18:00-19:00 (America/Los_Angeles), in 2 of 3 weeks, first on 2026-03-28" in remark.message
    early = CLOCKS.replace("length: 3w", "length: 13d")  # to 29 March 00:00
    assert warnings_of(early) == []


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
    assert said.startswith("nobody is on the line for calls on thu 05:30-21:30 (America/New_York)")
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
    assert "on thu 10:00-24:00 (America/New_York)" in said
