"""Small changes and stored runs: compared by one command each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.commands.compare_text import lines
from ccsim.errors import CcsimError
from ccsim.experiments.compare_alternatives import NotComparable, told_apart
from ccsim.experiments.prepared import LONGEST_LABEL
from ccsim.report.compare_page import compare_page
from ccsim.results.text import ends_of, short

DESK = """\
scenario: desk
horizon: {start: 2026-03-02, length: 4h}
handle_time: 3m
patience: {mean: 2m}
demand: {calls: {per_minute: 1}}
pools: {day: {staffing: 4, paid_hour: 20}}
run: {replications: 4, seed: 5}
goals: [{kpi: abandonment, at_most: 30%}]
variants:
  more: {pools.day.staffing: 6}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = tmp_path / "desk.yaml"
    file.write_text(DESK)
    return file


def test_settings_alone_compare_with_and_without(desk: Path) -> None:
    made = api.compare(desk, settings=["pools.day.staffing=+2"])
    assert [one.name for one in made.alternatives] == ["desk", "desk+pools.day.staffing=+2"]
    named = api.compare(desk, f"{desk}:more")
    assert [one.digest for one in made.alternatives] == [one.digest for one in named.alternatives]
    assert made.variants[0].changes == named.variants[0].changes
    assert made.variants[0].folder == "desk-pools.day.staffing-2"


def test_settings_with_variants_hold_for_all(desk: Path) -> None:
    made = api.compare(desk, f"{desk}:more", settings=["handle_time=4m"])
    plain = api.compare(desk, f"{desk}:more")
    assert made.base.digest != plain.base.digest
    assert made.variants[0].changes == plain.variants[0].changes


def test_many_settings_make_a_short_name(desk: Path) -> None:
    settings = [f"demand.calls.day_cv={n}%" for n in range(1, 9)]
    made = api.compare(desk, settings=settings, replications=2)
    assert len(made.variants[0].name) == len("desk+") + LONGEST_LABEL


def test_settings_of_a_scenario_that_was_read_are_refused(desk: Path) -> None:
    with pytest.raises(CcsimError, match="settings need the scenario's file"):
        api.compare(api.load(desk), settings=["handle_time=4m"])


def test_stored_runs_are_compared_as_if_they_had_just_been_simulated(desk: Path, tmp_path: Path) -> None:
    api.run(desk, out=tmp_path / "a")
    api.run(desk, variants=["more"], out=tmp_path / "b")
    made = api.compare_runs(tmp_path / "a", tmp_path / "b", out=tmp_path / "ab")
    simulated = api.compare(desk, f"{desk}:more")
    pd.testing.assert_frame_equal(made.differences, simulated.differences)
    pd.testing.assert_frame_equal(made.best, simulated.best)
    pd.testing.assert_frame_equal(made.standings, simulated.standings)
    assert made.variants[0].changes == simulated.variants[0].changes
    assert made.seed == 5
    back = api.compare_runs(tmp_path / "a", tmp_path / "b")
    assert back.folder is None
    done = CliRunner().invoke(app, ["report", str(tmp_path / "ab")])
    assert done.exit_code == 0, done.output


def test_runs_that_mean_nothing_together_are_refused_with_what_would_do(desk: Path, tmp_path: Path) -> None:
    api.run(desk, out=tmp_path / "a")
    api.run(desk, seed=6, replications=5, out=tmp_path / "b")
    with pytest.raises(NotComparable) as told:
        api.compare_runs(tmp_path / "a", tmp_path / "b")
    text = str(told.value)
    assert "seed 6, not 5" in text
    assert "run it with --seed 5" in text
    assert "5 replications, not 4; run both with --replications 5" in text
    with pytest.raises(CcsimError, match="nothing to compare with"):
        api.compare_runs(tmp_path / "a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CcsimError, match="holds no run"):
        api.compare_runs(tmp_path / "a", tmp_path / "empty")


def test_the_command_tells_what_says_nothing_of_stored_runs(desk: Path, tmp_path: Path) -> None:
    api.run(desk, out=tmp_path / "a")
    asked = ["compare", str(tmp_path / "a"), str(desk), "--seed", "3", "--set", "handle_time=4m"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert f"{desk}: is no folder of a run; runs are compared with runs, scenarios with scenarios" in done.output
    assert "--seed: says nothing of runs that have been simulated" in done.output
    assert "--set: says nothing of runs that have been simulated" in done.output


def test_the_command_compares_stored_runs(desk: Path, tmp_path: Path) -> None:
    api.run(desk, out=tmp_path / "a")
    api.run(desk, variants=["more"], out=tmp_path / "b")
    asked = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "ab"), "--no-report"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "more" in done.output
    assert (tmp_path / "ab" / "alternatives.csv").exists()


@pytest.mark.parametrize(
    ("named", "names"),
    [
        ([("acme", "acme.yaml"), ("acme", "plan.yaml")], ["acme", "plan"]),
        ([("acme", "acme.yaml"), ("acme", "acme.yaml")], ["acme", "acme-acme"]),
        ([("acme", ""), ("acme", ""), ("acme", "")], ["acme", "acme-2", "acme-3"]),
        ([("a+b", "x.yaml"), ("a-b", "y.yaml")], ["a+b", "y"]),
        ([("best.csv", "best.csv")], ["best"]),
        ([("A", "a.yaml"), ("a", "a.yaml")], ["A", "a-a"]),
    ],
)
def test_no_two_alternatives_are_named_alike(named: list[tuple[str, str]], names: list[str]) -> None:
    assert told_apart(named) == names


def test_until_says_its_caps_and_what_it_waits_for(desk: Path) -> None:
    close = ["goals.0.at_most=10.4%"]
    asked = ["compare", str(desk), f"{desk}:more", "--set", *close, "--until", "decided", "--max-replications", "30"]
    done = CliRunner().invoke(app, [*asked, "--no-report", "--out", str(desk.parent / "out")])
    said = done.stderr.splitlines()
    caps = "until decided: at most 30 replications of each of 2 alternatives (--max-replications), no limit of time"
    assert said[0].startswith(caps)
    waits = [line for line in said if "not decided yet" in line]
    assert waits, done.stderr
    assert waits[0].startswith("20 of at most 30 replications, not decided yet: desk: abandonment ")
    assert "goal at most 10.4 %" in waits[0]
    assert done.exit_code == 4


def test_what_differs_between_stored_runs_is_told_as_between_their_scenarios(desk: Path, tmp_path: Path) -> None:
    changed = ["demand.calls.per_minute=1.2", "patience=90s", "handle_time=4m", "pools.night={staffing: 1}"]
    api.run(desk, out=tmp_path / "a")
    api.run(desk, settings=changed, out=tmp_path / "b")
    told = api.compare_runs(tmp_path / "a", tmp_path / "b").variants[0].changes
    assert told == api.compare(desk, settings=changed).variants[0].changes
    assert len(told) == len(changed)


def test_a_run_whose_scenario_cannot_be_made_again_is_told_key_by_key(desk: Path, tmp_path: Path) -> None:
    for name, settings in (("a", []), ("b", ["handle_time=4m"])):
        api.run(desk, settings=settings, out=tmp_path / name)
        file = tmp_path / name / "run.json"
        file.write_text(file.read_text().replace('"handle_time_cv"', '"a_key_of_an_older_version"'))
    (told,) = api.compare_runs(tmp_path / "a", tmp_path / "b").variants[0].changes
    assert told == "Handle_time / talk.value: 180000000 -> 240000000"


def test_a_goal_that_only_a_variant_has_is_told(desk: Path) -> None:
    own = "goals.1={kpi: asa, at_most: 30s}"
    asked = ["compare", str(desk), "--set", own, "--no-report", "--out", str(desk.parent / "out")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "has goals.1 (asa), and desk has not: a comparison judges all by the goals of its base" in done.stderr
    done = CliRunner().invoke(app, [*asked[:2], f"{desk}:more", *asked[4:-1], str(desk.parent / "plain")])
    assert "judges all by" not in done.stderr


def test_other_thresholds_are_refused_with_what_would_do(desk: Path) -> None:
    own = "goals.1={kpi: service_level, at_least: 80%, within: 7s}"
    done = CliRunner().invoke(app, ["compare", str(desk), "--set", own, "--no-report"])
    assert done.exit_code == 2
    assert "give all a `service_level: {within: ...}` that names every one of them" in done.stderr


MIXED = """\
scenario: mixed
horizon: {start: 2026-03-02, length: 6h}
handle_time: 3m
patience: {mean: 2m}
channels: {phone: {}, email: {kind: deferred, deadline: 8h}}
demand: {work: {per_day: 900, channels: {phone: 50%, email: 50%}}}
pools: {day: {staffing: 4, paid_hour: 20}}
run: {replications: 3, seed: 5}
goals: [{kpi: abandonment, at_most: 30%}, {kpi: deadline_met, channel: email, at_least: 90%}]
variants:
  more: {pools.day.staffing: 6}
"""


def test_waits_of_live_and_of_deferred_work_are_not_mixed(tmp_path: Path) -> None:
    file = tmp_path / "mixed.yaml"
    file.write_text(MIXED)
    made = api.compare(file, f"{file}:more")
    rows = {line.split("  ")[0]: line for line in lines(made)}
    assert "Mean wait (live)" in rows
    assert "Mean wait" not in rows
    live, everything = (made.base.estimate("mean_wait", *part) for part in (("kind", "live"), ("all", "all")))
    assert everything["estimate"] > 1.5 * live["estimate"]
    assert rows["Mean wait (live)"].split("  ", 1)[1].strip().split("  ")[0] == short(
        live["estimate"], ends_of(live), "s"
    )
    assert "Abandonment <= 30 %" in rows  # the goal asks for all work
    assert "Abandonment (live)" in rows
    page = compare_page(made)
    assert "Mean wait (live)" in page
    assert ">Mean wait</a>" not in page
