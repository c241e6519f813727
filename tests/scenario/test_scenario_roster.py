"""Published rosters from files: what is read, what is refused, and where nobody is on the line."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from ccsim.commands.explain_roster import roster_document, roster_lines
from ccsim.errors import ScenarioError
from ccsim.language.rosters import PublishedRoster
from ccsim.model import compile_model
from ccsim.scenario import Scenario
from ccsim.scenario.canonical import digest, to_canonical
from ccsim.scenario.diff import differences
from ccsim.scenario.load import read_text
from ccsim.units import HOUR

BASE = """\
scenario: desk
time_zone: {zone}
horizon: {{start: {start}, length: {length}, interval: 30m}}
handle_time: 4m
patience: 3m
{more}
demand:
  calls: {{{demand}}}
pools: {{desk: {{{pool}}}}}
"""
COLUMNS = "columns: {agent: Agent, date: Date, start: Start, end: End, activity: Activity}"
KINDS = "on_the_line: [Phone], unpaid: [Lunch]"
ROSTER = f"roster: {{file: roster.csv, {COLUMNS}, {KINDS}}}"
HEAD = "Agent,Date,Start,End,Activity\n"
DAY = [("09:00", "11:00", "Phone"), ("11:00", "11:15", "Break"), ("11:15", "13:00", "Phone"),
       ("13:00", "13:30", "Lunch"), ("13:30", "14:00", "Coaching"), ("14:00", "17:00", "Phone")]  # fmt: skip


class Desk:
    """A small scenario around one roster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start, self.length, self.zone, self.demand = "2026-06-01", "1d", "UTC", "per_hour: 6"

    def file(self, content: str, name: str = "roster.csv") -> None:
        (self.folder / name).write_text(textwrap.dedent(content))

    def load(self, pool: str = ROSTER, more: str = "") -> tuple[Scenario, list[tuple[str, str]]]:
        text = BASE.format(
            zone=self.zone, start=self.start, length=self.length, demand=self.demand, pool=pool, more=more
        )
        loaded = read_text(text, base_dir=self.folder)
        return loaded.scenario, [(one.kind, one.message) for one in loaded.remarks]

    def roster(self, content: str, pool: str = ROSTER, more: str = "") -> PublishedRoster:
        self.file(content)
        roster = self.load(pool, more)[0].pools["desk"].roster
        assert roster is not None
        return roster

    def hours(self, content: str, pool: str = ROSTER, more: str = "") -> dict[str, list[tuple[str, float, float]]]:
        """By person: what they do from when to when, hours from the start of the horizon."""
        roster = self.roster(content, pool, more)
        found: dict[str, list[tuple[str, float, float]]] = {}
        for one in roster.stretches():
            piece = (roster.activities[one.activity], one.start / HOUR, one.end / HOUR)
            found.setdefault(roster.people[one.who], []).append(piece)
        return found

    def faults(self, content: str, pool: str = ROSTER, more: str = "") -> list[str]:
        self.file(content)
        with pytest.raises(ScenarioError) as caught:
            self.load(pool, more)
        return [str(one) for one in caught.value.faults]

    def fault(self, content: str, pool: str = ROSTER, more: str = "") -> str:
        (found,) = self.faults(content, pool, more)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rows(agent: str = "Ann", day: str = "2026-06-01") -> str:
    return "".join(f"{agent},{day},{start},{end},{what}\n" for start, end, what in DAY)


def test_an_export_is_read_as_it_is(desk: Desk) -> None:
    assert desk.hours(HEAD + rows()) == {
        "Ann": [("Phone", 9, 11), ("Break", 11, 11.25), ("Phone", 11.25, 13), ("Lunch", 13, 13.5),
                ("Coaching", 13.5, 14), ("Phone", 14, 17)]
    }  # fmt: skip


def test_a_named_file_with_the_older_key_and_no_columns_to_name(desk: Desk) -> None:
    files = f"files: {{wfm: {{file: roster.csv, {KINDS}}}}}"
    assert desk.hours(HEAD + rows(), "roster: wfm", files) == desk.hours(HEAD + rows())
    assert desk.hours(HEAD + rows(), f"roster: {{csv: roster.csv, {KINDS}}}") == desk.hours(HEAD + rows())


def test_without_activities_every_row_is_on_the_line(desk: Desk) -> None:
    found = desk.hours(
        "Agent,Date,Start,End\nAnn,2026-06-01,22:00,06:00\nBen,2026-06-01,08:00,08:00\n", "roster: roster.csv"
    )
    assert found == {"Ann": [("on the line", 22, 30)], "Ben": [("on the line", 8, 32)]}


@pytest.mark.parametrize(
    "head_and_row",
    [
        "Agent,Date,Start\nAnn,2026-06-01,09:00-17:30\n",
        "Agent,Start,End\nAnn,2026-06-01 09:00,2026-06-01 17:30\n",
        "Agent,Start,End\nAnn,2026-06-01T11:00+02:00,2026-06-01T19:30+02:00\n",
        "Agent,Date,Start,End\nAnn,2026-06-01,2026-06-01 09:00,2026-06-01 17:30\n",
        "Agent,Date,Start,End\nAnn,2026-06-01,9:00 AM,5:30 PM\n",
    ],
)
def test_starts_and_ends_as_platforms_write_them(desk: Desk, head_and_row: str) -> None:
    assert desk.hours(head_and_row, "roster: roster.csv") == {"Ann": [("on the line", 9, 17.5)]}


def test_times_of_the_site_and_of_a_file_with_a_zone_of_its_own(desk: Desk) -> None:
    sites = "sites: {manila: {region: apac, time_zone: Asia/Manila, hours: 24x7}}"
    content = "Agent,Date,Start,End\nAnn,2026-06-01,09:00,17:00\n"
    assert desk.hours(content, "site: manila, roster: {file: roster.csv, outside: 0}", sites) == {
        "Ann": [("on the line", 1, 9)]
    }
    utc = "site: manila, roster: {file: roster.csv, time_zone: UTC, outside: 0}"
    assert desk.hours(content, utc, sites) == {"Ann": [("on the line", 9, 17)]}


def test_an_inner_row_wins_and_rows_that_touch_are_one(desk: Desk) -> None:
    content = HEAD + "Ann,2026-06-01,09:00,13:00,Phone\nAnn,2026-06-01,10:00,10:15,Break\n"
    content += "Ann,2026-06-01,13:00,13:15,Phone\nAnn,2026-06-01,13:15,13:30,Phone\n"
    assert desk.hours(content) == {"Ann": [("Phone", 9, 10), ("Break", 10, 10.25), ("Phone", 10.25, 13.5)]}


def test_a_night_on_which_clocks_go_back_and_a_row_that_ends_in_the_second_passage(desk: Desk) -> None:
    desk.zone, desk.start = "Europe/London", "2026-10-24 12:00"
    content = "Agent,Date,Start,End,Activity\nAnn,2026-10-24,22:00,06:00,Phone\nAnn,2026-10-25,01:45,01:00,Break\n"
    # 01:45 of summer time to 01:00 of winter time is a quarter of an hour; the night has nine hours.
    assert desk.hours(content, f"{ROSTER[:-1]}, outside: 0}}") == {
        "Ann": [("Phone", 10, 13.75), ("Break", 13.75, 14), ("Phone", 14, 19)]
    }


NIGHT = [("22:00", "02:00", "Phone"), ("02:00", "02:30", "Lunch"), ("02:30", "06:00", "Phone")]


@pytest.mark.parametrize("booked_before", [True, False])
def test_nights_booked_to_their_first_date_or_to_the_date_itself(desk: Desk, booked_before: bool) -> None:
    desk.length = "5d"
    content = HEAD
    for day in (1, 2, 4):
        for start, end, what in NIGHT:
            content += f"Ann,2026-06-{day + (start < '12:00' and not booked_before):02},{start},{end},{what}\n"
    found = desk.hours(content, f"{ROSTER[:-1]}, outside: 0}}")["Ann"]
    night = [("Phone", 22, 26), ("Lunch", 26, 26.5), ("Phone", 26.5, 30)]
    assert found == [(what, start + at, end + at) for at in (0, 24, 72) for what, start, end in night]
    _, said = [text for kind, text in desk.load(f"{ROSTER[:-1]}, outside: 0}}")[1] if kind == "read"]
    assert ("6 rows after midnight are booked to the date before" in said) == booked_before


def test_a_break_within_a_night_booked_to_its_first_date(desk: Desk) -> None:
    content = HEAD + "Ann,2026-06-01,22:00,06:00,Phone\nAnn,2026-06-01,02:00,02:15,Break\n"
    assert desk.hours(content, f"{ROSTER[:-1]}, outside: 0}}") == {
        "Ann": [("Phone", 22, 26), ("Break", 26, 26.25), ("Phone", 26.25, 30)]
    }


def test_rows_of_a_team_and_days_off_without_times(desk: Desk) -> None:
    content = (
        "Agent,Team,Date,Start,End\nAnn,A,2026-06-01,09:00,17:00\nBen,B,2026-06-01,10:00,12:00\nCid,B,2026-06-01,,\n"
    )
    pool = "roster: {file: roster.csv, columns: {name: Team}, name: B}"
    assert desk.hours(content, pool) == {"Ben": [("on the line", 10, 12)]}
    _, said = [text for kind, text in desk.load(pool)[1] if kind == "read"]
    assert "roster.csv, B: 1 person, 2 rows" in said
    assert "1 rows without times are days off" in said


def test_what_was_read_is_told(desk: Desk) -> None:
    desk.file(HEAD + rows() + rows("Ben"))
    how, said = [text for kind, text in desk.load()[1] if kind == "read"]
    assert how == "roster.csv: Date: dates like 2026-06-01; Start: times like 09:00; End: times like 11:00"
    assert said.startswith(
        "roster.csv: 2 people, 12 rows of 2026-06-01 to 2026-06-01; in the horizon 13.5 h on the line"
    )
    assert "13.5 h on the line (Phone 13.5 h), 1.5 h paid away (Break 0.5 h, Coaching 1.0 h), 1.0 h unpaid" in said
    assert "a week" not in said
    desk.length = "2w"
    (again, *_) = [text for kind, text in desk.load(f"{ROSTER[:-1]}, outside: 0}}")[1] if " rows of " in text]
    assert "13.5 h on the line (Phone 13.5 h)" in again
    assert "6.8 h on the line a week" in again


def test_where_nobody_is_on_the_line(desk: Desk) -> None:
    """The shape of the planner's second case: all on break at once, all gone while the late ones eat."""
    early = "{0},{1},07:00,11:00,Phone\n{0},{1},11:00,11:30,Lunch\n{0},{1},11:30,15:30,Phone\n"
    late = "{0},{1},09:00,11:00,Phone\n{0},{1},11:00,11:15,Break\n{0},{1},11:15,15:30,Phone\n"
    late += "{0},{1},15:30,16:00,Lunch\n{0},{1},16:00,18:00,Phone\n{0},{1},18:00,18:30,Coaching\n"
    late += "{0},{1},18:30,20:00,Phone\n"
    days = [f"{day:02}/06/2026" for day in range(1, 6)]
    desk.length = "7d"
    desk.demand = "rates: {per: hour, steps: [[00:00, 0], [07:00, 6], [20:00, 0]]}"
    content = HEAD + "".join(early.format("A1", day) + late.format("B1", day) for day in days)
    desk.file(content)
    warnings = [
        text for kind, text in desk.load(ROSTER.replace("{file:", "{date: day first, file:"))[1] if kind == "warning"
    ]
    assert len(warnings) == 1
    gaps = "mon-fri 11:00-11:15, mon-fri 15:30-16:00, mon-fri 18:00-18:30, sat-sun 07:00-20:00"
    assert f"nobody is on the line for calls on {gaps} (UTC)" in warnings[0]


def test_a_roster_with_a_gap_of_a_site_can_be_simulated(desk: Desk) -> None:
    sites = "sites: {here: {region: emea, time_zone: UTC, hours: 24x7}}"
    desk.file("Agent,Date,Start,End\nAnn,2026-06-01,09:00,17:00\n")
    _, remarks = desk.load("site: here, roster: roster.csv", sites)
    assert any("nobody is on the line for calls" in text for kind, text in remarks if kind == "warning")


def test_a_roster_for_less_than_the_horizon(desk: Desk) -> None:
    desk.length = "10d"
    content = HEAD + "".join(rows(day=f"2026-06-{day:02}") for day in range(1, 6))
    said = desk.fault(content)
    # A week from Monday to Friday: the weekends are days off, and three days of the next week are not in the file.
    assert (
        "the roster is for 2026-06-01 to 2026-06-05, but the horizon, warm-up included, is 2026-06-01 to 2026-06-10"
        in said
    )
    assert "3 of its 10 days are not in the file (2026-06-08, 2026-06-09, 2026-06-10)" in said
    nothing = desk.roster(content, f"{ROSTER[:-1]}, outside: 0}}")
    again = desk.roster(content, f"{ROSTER[:-1]}, outside: repeat}}")
    week = 7 * 24 * HOUR
    first = [one for one in nothing.stretches() if one.start < 3 * 24 * HOUR]
    more = [one for one in again.stretches() if week <= one.start < 10 * 24 * HOUR]
    assert [(one.activity, one.start + week, one.end + week) for one in first] == [
        (one.activity, one.start, one.end) for one in more
    ]
    assert max(nothing.end) < 5 * 24 * HOUR


def test_a_few_days_tell_nothing_of_weekends(desk: Desk) -> None:
    desk.length = "5d"
    content = HEAD + "".join(rows(day=f"2026-06-{day:02}") for day in range(1, 4))
    assert "2 of its 5 days are not in the file" in desk.fault(content)


def test_leave_and_swaps_are_what_the_file_says(desk: Desk) -> None:
    desk.length = "2d"
    content = HEAD + rows("Ann", "2026-06-01") + rows("Ben", "2026-06-02") + "Ann,2026-06-02,09:00,17:00,Leave\n"
    found = desk.hours(content)
    assert found["Ann"][-1] == ("Leave", 33, 41)
    assert found["Ben"][0] == ("Phone", 33, 35)


ANN = "Agent,Date,Start,End\nAnn,2026-06-01,09:00,17:00\n"
FILE = "roster: {file: roster.csv"


@pytest.mark.parametrize(
    ("content", "pool", "said"),
    [
        (HEAD + rows(), f"{FILE}}}", "say which activities are on the line, like `on_the_line: [Break]`"),
        (HEAD + rows(), f"{FILE}, on_the_line: Chat}}", "no row is on the line: `on_the_line:` is Chat"),
        (HEAD + rows(), f"{FILE}, on_the_line: Phone, unpaid: phone}}", "both on the line and unpaid"),
        (ANN.replace("Agent", "Who"), f"{FILE}}}", "needs the column agent; the file has Who"),
        ("Agent,Date,End\nAnn,2026-06-01,17:00\n", f"{FILE}}}", "needs the column start"),
        (ANN, f"{FILE}, {KINDS}}}", "no column holds them"),
        (ANN + "Ben,2026-06-01,09:00,\n", f"{FILE}}}", "roster.csv:3:1: pools.desk.roster: the row has no date, no"),
        (HEAD + rows() + "Ann,2026-06-01,10:30,11:10,Break\n", ROSTER, "lines 2 and 8"),
        (
            HEAD + rows() + ",2026-06-01,10:30,11:10,Break\n",
            ROSTER,
            "roster.csv:8:1: pools.desk.roster: the row has no agent",
        ),
        (
            HEAD + rows() + "Ben,2026-06-01,10:30,11:10,\n",
            ROSTER,
            "roster.csv:8:1: pools.desk.roster: the row has no activity",
        ),
        (HEAD + rows(), f"{ROSTER}, staffing: 2", "got staffing and roster"),
        (HEAD + rows(), f"{ROSTER}, shrinkage: {{breaks: 8%}}", "breaks would be taken off twice; leave it out"),
        (HEAD + rows(day="2027-06-01"), ROSTER, "1 of its 1 days are not in the file"),
    ],
)
def test_what_is_refused(desk: Desk, content: str, pool: str, said: str) -> None:
    assert said in desk.fault(content, pool)


def test_rows_that_overlap_are_told_once_with_their_lines(desk: Desk) -> None:
    more = "".join(f"{name},2026-06-01,09:00,12:00,Phone\n{name},2026-06-01,11:00,13:00,Phone\n" for name in "ABCDEF")
    said = desk.fault(HEAD + more)
    assert "two rows of 'A' overlap, and neither lies within the other: lines 2 and 3" in said
    assert "so do lines 4 and 5, 6 and 7, 8 and 9 and 2 more pairs" in said


def test_an_activity_that_is_not_in_the_file_is_told(desk: Desk) -> None:
    desk.file(HEAD + rows())
    _, remarks = desk.load(ROSTER.replace("[Lunch]", "[Lunch, Meals]"))
    assert ("warning", "no row has the activity 'Meals'; known: Break, Coaching, Lunch, Phone") in remarks


def test_shrinkage_of_a_vendor_comes_on_top_as_whole_days_only(desk: Desk) -> None:
    vendors = "vendors: {north: {kind: bpo, shrinkage: {absence: 6%, training: 3%}}}"
    desk.file(HEAD + rows())
    scenario, remarks = desk.load(f"vendor: north, {ROSTER}", vendors)
    (said,) = [text for kind, text in remarks if kind == "assumed" and "pool desk" in text]
    assert said.endswith("of the shrinkage of vendor north only whole days come on top, not training")
    model = compile_model(scenario)
    causes = [row[1] for row in model.names["shrinkage_causes"]]
    assert causes == ["break", "absence", "coaching", "lunch"]
    assert model.rules.pools.absence.tolist() == [[0.0, 0.06, 0.0, 0.0]]


def test_the_order_of_rows_changes_nothing_and_a_swap_is_told(desk: Desk) -> None:
    lines = (rows() + rows("Ben")).splitlines(keepends=True)
    desk.file(HEAD + "".join(lines))
    one, _ = desk.load()
    desk.file(HEAD + "".join(reversed(lines)))
    other, _ = desk.load()
    assert digest(one) == digest(other)
    assert to_canonical(one)["pools"]["desk"]["roster"]["people"] == ["Ann", "Ben"]
    desk.file(HEAD + "".join(lines[:-1]))
    fewer, _ = desk.load()
    (change,) = differences(one, fewer)
    assert change.key == "pools.desk.roster"
    assert "2 people, 2 shifts, 13.5 h on the line" in change.before
    assert "2 people, 2 shifts, 10.5 h on the line" in change.after


def test_explain_shows_the_roster(desk: Desk) -> None:
    desk.file(HEAD + rows() + rows("Ben"))
    scenario, _ = desk.load(f"{ROSTER}, shrinkage: {{absence: 10%}}")
    lines = roster_lines(scenario, "desk")
    assert lines[0] == "desk: 2 people of a published roster (roster.csv); all times are local (UTC)"
    assert "away all day: absence 10.0%" in lines
    assert "paid away in the counted length: Break 0.5 h, Coaching 1.0 h" in lines
    document = roster_document(scenario, "desk")
    # From 09:00 to 10:00 of Monday two agents, a tenth of them absent.
    assert document["scheduled"][0][9] == pytest.approx(1.8)
    assert document["hours_a_week"]["scheduled"] == pytest.approx(13.5 * 0.9)
    assert document["published"]["people"] == 2
