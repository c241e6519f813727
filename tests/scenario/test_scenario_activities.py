"""Rosters whose activities say what agents serve: pools that are made, what is refused, and what is told."""

# The tables of faults are read line by line.
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ccsim.commands.check_text import facts_of, summary
from ccsim.commands.explain_roster import roster_document, roster_lines
from ccsim.commands.explain_route import route_lines
from ccsim.language.rosters import PublishedRoster
from ccsim.language.skills import Skill
from ccsim.scenario import Loaded, Scenario, read_text, to_canonical
from ccsim.scenario.diff import differences
from ccsim.scenario.load import Opened
from ccsim.scenario.schema import json_schema
from ccsim.units import HOUR
from tests.scenario.editor_yaml import seen
from tests.support.scenario_texts import faults_of, put

ROWS = """\
Agent,Date,Start,End,Activity
Ana,2026-05-04,08:00,10:00,Phone EN
Ana,2026-05-04,10:00,10:15,Break
Ana,2026-05-04,10:15,12:00,Back office
Ana,2026-05-04,12:00,12:30,Lunch
Ana,2026-05-04,12:30,16:00,Any work
Ben,2026-05-04,08:00,12:00,Phone EN
Ben,2026-05-04,12:00,16:00,Any work
Cleo,2026-05-04,08:00,16:00,Training
"""
TEXT = """\
scenario: desk
time_zone: Europe/Dublin
horizon: {start: 2026-05-04, length: 1d, drain: 1d}
channels: {phone: {}, chat: {}, post: {kind: deferred}}
workflows: {calls: {}, claims: {}}
markets: {ireland: {region: eu, time_zone: Europe/Dublin, languages: {en: 80%, fr: 20%}}}
vendors: {partner: {paid_hour: 20}}
demand:
  calls: {per_day: 60, profile: business_day, market: ireland, channels: {phone: 90%, chat: 10%}}
  claims: {per_day: 10, profile: business_day, market: ireland, channel: post}
handle_time: {mean: 4m, cv: 0.8}
pools:
  desk:
    vendor: partner
    languages: {en: 100%, fr: 90%}
    skills: {calls: {level: 2, handle_time: 1.1}, claims: 1}
    roster:
      file: roster.csv
      on_the_line: [Any work]
      unpaid: [Lunch]
      activities:
        Phone EN: {channels: phone, languages: en}
        Back office: {workflows: claims}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "roster.csv").write_text(ROWS)
    return tmp_path


def read(folder: Path, *changes: tuple[str, str]) -> Loaded:
    return read_text(put(TEXT, *changes), base_dir=folder)


def faults(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    return [(one.key, one.message) for one in faults_of(put(TEXT, *changes), base_dir=folder)]


def told(loaded: Loaded, kind: str) -> list[str]:
    return [one.message for one in loaded.remarks if one.kind == kind]


def roster(scenario: Scenario, pool: str) -> PublishedRoster:
    found = scenario.pools[pool].roster
    assert found is not None
    return found


def test_a_pool_is_one_for_each_activity_and_one_for_the_rest(folder: Path) -> None:
    pools = read(folder).scenario.pools
    assert sorted(pools) == ["desk.back_office", "desk.on_the_line", "desk.phone_en"]
    phone, cases, rest = (pools[f"desk.{name}"] for name in ("phone_en", "back_office", "on_the_line"))
    calls = Skill(level=2, handle_time=1.1)
    assert (phone.channels, phone.languages, phone.skills) == (
        ("phone",),
        {"en": 1.0},
        {"calls": calls, "claims": Skill()},
    )
    assert (cases.channels, cases.languages, cases.skills) == (None, {"en": 1.0, "fr": 0.9}, {"claims": Skill()})
    assert (rest.channels, rest.languages, rest.skills) == (None, {"en": 1.0, "fr": 0.9}, phone.skills)
    assert {pool.draws_as for pool in pools.values()} == {"desk"}
    assert {pool.vendor for pool in pools.values()} == {"partner"}


def test_time_on_the_line_is_that_of_the_activity_and_time_away_of_what_comes_before(folder: Path) -> None:
    scenario = read(folder).scenario
    found = {
        name.removeprefix("desk."): {activity: time / HOUR for activity, time in roster(scenario, name).time(0, 24 * HOUR).items() if time}
        for name in scenario.pools
    }  # fmt: skip
    assert found == {
        "phone_en": {"Phone EN": 6, "Break": 0.25},
        "back_office": {"Back office": 1.75, "Lunch": 0.5},
        "on_the_line": {"Any work": 7.5, "Training": 8},
    }
    assert [roster(scenario, f"desk.{name}").staff() for name in ("phone_en", "back_office", "on_the_line")] == [
        2,
        1,
        3,
    ]


def test_what_check_and_explain_say(folder: Path) -> None:
    loaded = read(folder)
    lines = summary(facts_of(loaded), loaded.remarks)
    assert "  pool      desk.back_office: 1 person of a published roster" in lines
    assert "  pool      desk.phone_en: 2 people of a published roster" in lines
    assert (
        "desk is a pool for each of its activities, of the same people: desk.phone_en (phone; en), "
        "desk.back_office (claims), desk.on_the_line (all work of the pool)"
    ) in told(loaded, "read")
    said = roster_lines(loaded.scenario, "desk.phone_en")
    assert said[0].startswith("desk.phone_en, partner: 2 people of a published roster (roster.csv)")
    assert "on the line in the counted length: Phone EN 6.0 h" in said
    assert "paid away in the counted length: Break 0.2 h" in said
    document = roster_document(loaded.scenario, "desk.back_office")
    assert document["published"]["people"] == 1
    lines = "\n".join(route_lines(loaded.scenario, "claims.en"))
    assert all(f"desk.{name}" in lines for name in ("back_office", "on_the_line"))
    assert "desk.phone_en" not in lines


def test_warnings_of_a_plan_say_which_of_the_pools(folder: Path) -> None:
    warned = [one for one in read(folder, ("per_day: 60", "per_day: 900")).remarks if "erlangs" in one.message]
    assert {one.key for one in warned} == {"pools.desk"}
    assert all(one.message.startswith("desk.") for one in warned)
    assert warned


def test_activities_may_stand_with_the_file(folder: Path) -> None:
    text = put(TEXT, ("      file: roster.csv\n", "      file: wfm\n"),
               ("      on_the_line: [Any work]\n      unpaid: [Lunch]\n      activities:\n"
                "        Phone EN: {channels: phone, languages: en}\n        Back office: {workflows: claims}\n", ""),
               ("handle_time: {mean", "files:\n  wfm: {file: roster.csv, on_the_line: Any work, unpaid: Lunch, activities: "
                "{Phone EN: {channels: phone, languages: en}, Back office: {workflows: claims}}}\nhandle_time: {mean"))  # fmt: skip
    made = read_text(text, base_dir=folder).scenario
    assert made.pools == read(folder).scenario.pools
    goal = text.replace("demand:\n", "goals: [{kpi: occupancy, pool: desk.phone_en, at_most: 90%}]\ndemand:\n")
    assert read_text(goal, base_dir=folder).scenario.goals[0].pool == "desk.phone_en"


def test_a_workflow_that_names_the_pool_means_all_of_them(folder: Path) -> None:
    more = ("  desk:\n    vendor", "  spare: {staffing: 1}\n  desk:\n    vendor")
    made = read(folder, more, ("workflows: {calls: {}, claims: {}}",
                               "workflows: {calls: {pools: [desk.phone_en, [desk.on_the_line, spare]]}, "
                               "claims: {pools: [spare], overflow: [{after: 1h, pools: desk}]}}"))  # fmt: skip
    assert made.scenario.workflows["calls"].pools == (("desk.phone_en",), ("desk.on_the_line", "spare"))
    assert made.scenario.workflows["claims"].overflow[0].pools == (
        "desk.phone_en",
        "desk.back_office",
        "desk.on_the_line",
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("channels: phone, languages", "channels: fax, languages", "pools.desk.roster.activities.Phone EN.channels", "there is no channel 'fax'"),
        ("{workflows: claims}\n", "{workflow: claims}\n", "pools.desk.roster.activities.Back office.workflow", "unknown key 'workflow'; did you mean 'workflows'"),
        ("    vendor: partner\n", "    vendor: partner\n    channels: post\n", "pools.desk.roster",
         "in the activity phone_en people serve channels phone, of which pool desk does not have all; it has post"),
        ("skills: {calls: {level: 2, handle_time: 1.1}, claims: 1}", "workflows: calls", "pools.desk.roster",
         "in the activity back_office people serve workflows claims, of which pool desk does not have all; it has calls"),
        ("  desk:\n", "  desk.phone_en: {staffing: 2}\n  desk:\n", "pools.desk.roster", "makes a pool desk.phone_en, and there is one of this name"),
        ("Phone EN: {channels: phone, languages: en}", "Phone EN: {channels: phone}\n        phone-en: {channels: phone}",
         "pools.desk.roster.activities.phone-en", "is phone_en in names, as 'Phone EN' is: give one of them another name"),
        ("      unpaid: [Lunch]\n", "      unpaid: [Lunch, Phone EN]\n", "pools.desk.roster", "the activity 'Phone EN' is both on the line and unpaid"),
        ("activities:\n        Phone EN: {channels: phone, languages: en}\n        Back office: {workflows: claims}\n", "activities: [Phone EN]\n",
         "pools.desk.roster.activities", "expected activities with what agents serve then"),
        ("demand:\n", "goals: [{kpi: occupancy, pool: desk, at_most: 90%}]\ndemand:\n", "goals.0.pool",
         "desk has a group for each activity: say desk.phone_en or desk.back_office or desk.on_the_line"),
        ("demand:\n", "goals: [{kpi: occupancy, pool: desk.phone, at_most: 90%}]\ndemand:\n", "goals.0.pool", "there is no pool 'desk.phone'"),
        ("  desk:\n    vendor", "  other: {staffing: 1, draws_as: desk}\n  desk:\n    vendor", "pools.other.draws_as", "desk already uses the random-number stream desk"),
    ],
)  # fmt: skip
def test_what_is_refused(folder: Path, old: str, new: str, key: str, said: str) -> None:
    [message] = [message for at, message in faults(folder, (old, new)) if at == key]
    assert said in message


def test_an_activity_that_the_file_does_not_have_is_told_and_has_nobody(folder: Path) -> None:
    loaded = read(
        folder,
        ("Back office: {workflows", "Claims desk: {workflows"),
        ("on_the_line: [Any work]", "on_the_line: [Any work, Back office]"),
    )
    assert any("no row has the activity 'Claims desk'" in one for one in told(loaded, "warning"))
    assert roster(loaded.scenario, "desk.claims_desk").staff() == 0


def test_activities_in_other_letters_make_names_that_can_be_written(folder: Path) -> None:
    (folder / "roster.csv").write_text(
        ROWS.replace("Phone EN", "Téléphone").replace("Back office", "電話"), encoding="utf-8"
    )
    made = read(folder, ("Phone EN", "Téléphone"), ("Back office", "電話"),
                ("demand:\n", "goals: [{kpi: occupancy, pool: desk.activity_2, at_most: 90%}]\ndemand:\n"))  # fmt: skip
    assert sorted(made.scenario.pools) == ["desk.activity_2", "desk.on_the_line", "desk.telephone"]
    assert roster(made.scenario, "desk.activity_2").staff() == 1


def test_a_stay_that_is_billed_in_steps_is_told(folder: Path) -> None:
    warned = told(read(folder, ("paid_hour: 20", "paid_hour: 20, billed_in: 15m")), "warning")
    assert [one for one in warned if "rounded up" in one] == [
        "vendor partner bills stays in steps of 15m, and each activity is a stay of its own: every change of activity "
        "is rounded up"
    ]


def test_variants_share_the_pools_and_differ_in_words(folder: Path) -> None:
    text = (
        TEXT
        + "variants: {more: {demand.claims.per_day: 20}, other: {pools.desk.roster.activities.Back office.workflows: calls}}\n"
    )
    opened = Opened("<text>", text=text, folder=folder)
    base, more, other = (opened.loaded(variants) for variants in ([], ["more"], ["other"]))
    assert more.scenario.pools["desk.phone_en"] is base.scenario.pools["desk.phone_en"]
    assert told(more, "read") == told(base, "read")
    assert other.scenario.pools["desk.back_office"].skills == {"calls": Skill(level=2, handle_time=1.1)}
    [change] = [
        one
        for one in differences(base.scenario, other.scenario)
        if "Back office" in one.key or "desk.back_office" in one.key
    ][:1]
    assert change.before != change.after


def test_rosters_without_activities_are_as_they_were(folder: Path) -> None:
    plain = read(folder, ("      activities:\n        Phone EN: {channels: phone, languages: en}\n        Back office: {workflows: claims}\n", ""),
                 ("on_the_line: [Any work]", "on_the_line: [Any work, Phone EN, Back office]"))  # fmt: skip
    assert list(plain.scenario.pools) == ["desk"]
    assert not {"groups", "group", "group_of"} & to_canonical(plain.scenario)["pools"]["desk"]["roster"].keys()
    assert to_canonical(read(folder).scenario)["pools"]["desk.phone_en"]["roster"]["group_of"] == "desk"


def test_an_editor_knows_activities() -> None:
    editor = Draft202012Validator(json_schema())
    assert editor.is_valid(seen(TEXT))
    assert not editor.is_valid(seen(put(TEXT, ("{workflows: claims}\n", "{workflow: claims}\n"))))
