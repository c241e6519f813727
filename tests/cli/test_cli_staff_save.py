"""`ccsim staff --save`, and a headcount that is still to be found: `auto`, or bounds."""

import pytest

from ccsim.commands.staff_save import Saved
from ccsim.errors import CcsimError
from tests.cli.small_centre import ccsim
from tests.support.staffing_desks import ONE_POOL, SPECIALISTS, written

ROSTER = """scenario: rostered   # a comment of the user's
time_zone: Europe/London
horizon: {start: 2026-09-07, length: 2d, interval: 30m}
service_level: {rule: abandons count against, within: 20s}
goals:
  - {kpi: service_level, at_least: 70%, within: 20s}
patience: 3m
handle_time: {talk: {mean: 4m}}
demand:
  calls: {per_week: 2_000, profile: business_day}
queue_groups: {door: {hours: {mon-fri: 08:00-18:00}}}
sites: {leeds: {region: uk, time_zone: Europe/London, hours: {mon-fri: 07:00-19:00}}}
vendors: {own: {kind: in_house, paid_hour: 21}}
shift_patterns:
  early: {paid: 8h, starts: [08:00, 09:30], breaks: [30m unpaid], days: mon-fri}
pools:
  leeds: {site: leeds, vendor: own, headcount: auto, shifts: [early]}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_plan_is_saved_to_a_file_that_extends_the_scenario(place):
    written(place, SPECIALISTS)
    asked = ("--pools", "generalists", "--max-replications", 40, "--set", "pools.specialists.staffing=4", "--quiet")
    done = ccsim("staff", "desk.yaml", *asked, "--save", "found.yaml")
    assert done.exit_code == 0, done.output
    assert done.stderr == "saved: ccsim run found.yaml:staff\n"
    told = ccsim("check", "found.yaml:staff").stdout
    assert "up to 4 agents" in told  # what was set holds, too
    assert "extends: desk.yaml" in (place / "found.yaml").read_text()
    again = ccsim("staff", "desk.yaml", *asked, "--save", "found.yaml")
    assert again.exit_code == 2
    assert "exists; take another name, or --force to replace it" in again.stderr


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("", "staff"),
        ("variants:\n  more:  # three more\n    pools.desk.staffing: +3\n", "staff"),
        (
            "variants:   # mine\n    # beside\n    staff:\n        pools.desk.staffing: +3\nplanning: {within: 30s}\n",
            "staff_2",
        ),
    ],
)
def test_a_plan_is_saved_into_the_scenario_and_every_other_line_stays(place, before, name):
    written(place, ONE_POOL)
    text = (place / "desk.yaml").read_text() + before
    (place / "desk.yaml").write_text(text)
    done = ccsim(
        "staff", "desk.yaml", "--between", "desk=15..17", "--max-replications", 20, "--quiet", "--save", "desk.yaml"
    )
    assert done.exit_code == 0, done.output
    assert done.stderr.endswith(f"saved: ccsim run desk.yaml:{name}\n")
    now = (place / "desk.yaml").read_text()
    added = [line for line in now.splitlines() if line not in text.splitlines()]
    assert [line for line in now.splitlines() if line not in added] == text.splitlines()
    assert ccsim("check", f"desk.yaml:{name}").exit_code == 0
    found = now.split(f"{name}:")[1].splitlines()[1].split()
    assert f"up to {found[1]} agents" in ccsim("check", f"desk.yaml:{name}").stdout


def test_where_it_cannot_be_saved_is_told_before_the_search(place):
    written(place, ONE_POOL)
    with (place / "desk.yaml").open("a") as file:
        file.write("variants: {more: {pools.desk.staffing: +3}}\n")
    (place / "plans").mkdir()
    outside = ("plans/x.yaml", "save it beside desk.yaml")
    for name, told in (
        ("desk.yaml", "in one line"),
        outside,
        ("nowhere/x.yaml", "there is no folder"),
        (".", "is a folder"),
    ):
        with pytest.raises(CcsimError, match=told):
            Saved(name, "desk.yaml", force=True)


def test_a_headcount_to_be_found_is_checked_searched_and_not_run(place):
    (place / "desk.yaml").write_text(ROSTER)
    checked = ccsim("check", "desk.yaml")
    assert checked.exit_code == 0, checked.output
    assert "people to be found by `ccsim staff`, from 1 up, on early" in checked.stdout
    assert "people to be found by `ccsim staff`" in ccsim("explain", "desk.yaml", "roster", "leeds").stdout
    for command in (("run",), ("compare", "--set", "run.seed=3")):
        done = ccsim(command[0], "desk.yaml", *command[1:])
        assert done.exit_code == 2
        assert "the headcount of leeds is still to be found: `ccsim staff desk.yaml` finds it" in done.stderr
    found = ccsim("staff", "desk.yaml", "--max-replications", 20, "--quiet", "--save", "desk.yaml")
    assert found.exit_code == 0, found.output
    assert "compared with the first guess" in found.stdout
    assert ccsim("run", "desk.yaml:staff", "--replications", 1).exit_code == 0


def test_bounds_of_a_headcount_hold_and_other_pools_stay(place):
    two = "  leeds: {site: leeds, vendor: own, headcount: {min: 1, max: 2}, shifts: [early]}\n"
    two += "  other: {site: leeds, vendor: own, headcount: 1, shifts: [early]}\n"
    (place / "desk.yaml").write_text(ROSTER.split("  leeds: {site: leeds, vendor")[0] + two)
    done = ccsim("staff", "desk.yaml", "--max-replications", 10, "--quiet")
    assert done.exit_code == 1, done.output
    assert "(its bound: 2)" in done.stdout
    assert "other" not in done.stdout
    assert "pool 'leeds' has no number of people yet" in ccsim("staff", "desk.yaml", "--pools", "other").stderr


@pytest.mark.parametrize(
    ("written_as", "told"),
    [
        ("{min: 5, max: 3}", "expected min <= max, got 5 and 3"),
        ("{min: 0}", "expected a whole number of at least 1 and at most 1_000_000, got '0'"),
        ("many", "or `auto` or bounds like {min: 4, max: 12}, between which `ccsim staff` finds it"),
        ("{least: 4}", "unknown key 'least'"),
    ],
)
def test_what_is_no_headcount_is_refused(place, written_as, told):
    (place / "desk.yaml").write_text(ROSTER.replace("headcount: auto", f"headcount: {written_as}"))
    done = ccsim("check", "desk.yaml")
    assert done.exit_code == 2
    assert told in done.stderr
