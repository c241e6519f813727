"""People who follow the work: in proportion to it, or as a search finds them, at each point of a sweep."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments import sweep_people
from ccsim.experiments.asked import SweepAsked
from ccsim.experiments.staffing_call import staff
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_people import search_seed
from ccsim.experiments.sweep_plan import SweepPlan, plan_sweep
from ccsim.experiments.sweep_study import asked_by
from ccsim.model.offered import weekly_work
from ccsim.results.parquet import plain_rows
from ccsim.scenario import load
from ccsim.scenario.followed_work import whole_people
from tests.support.sweep_desk import DESK

BIG = """\
scenario: big
horizon: {start: 2026-01-05, length: 8h}
demand: {calls: {per_minute: 8, profile: flat}, mail: {per_minute: 2, profile: flat, workflow: mail}}
workflows: {mail: {handle_time: 5m}, calls: {handle_time: 3m}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
bots: {helper: {channels: phone, share: 100%, contained: 20%, session: 1m, workflows: [calls]}}
pools:
  phones: {site: here, workflows: [calls], staffing: 30}
  desk: {site: here, workflows: [mail], staffing: [[00:00, 13], [04:00, 15]]}
run: {replications: 2, seed: 4}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "big.yaml").write_text(BIG.replace("bots: {helper", "#bots: {helper"))
    return tmp_path


def planned(file: str, *vary: str, staff: str = "keep occupancy") -> SweepPlan:
    factors, faults = factors_of(vary)
    assert not faults
    return plan_sweep(SweepAsked([file], factors, staff=staff))


def moved(plan: SweepPlan, point: int) -> dict[str, tuple[float, float]]:
    return {row["pool"]: (row["before"], row["after"]) for row in plan.points[point].people}


def test_people_follow_the_work_in_proportion_and_as_whole_people() -> None:
    plan = planned("big.yaml", "demand.calls.per_minute=x1,x2,x1.05,x0.5,x0.001")
    assert [moved(plan, n) for n in range(6)] == [
        {},
        {},
        {"phones": (30, 60)},
        {"phones": (30, 32)},  # 31.5: halves up
        {"phones": (30, 15)},
        {"phones": (30, 1)},  # somebody has to be there
    ]
    assert plan.points[2].people[0]["work"] == pytest.approx(2.0)
    people = [task.prepared.scenario.pools["phones"].staffing.values[0] for task in plan.tasks]  # type: ignore[union-attr]
    assert people == [30, 60, 32, 15, 1]


def test_longer_calls_and_a_bot_move_people_as_their_work_does() -> None:
    assert moved(planned("big.yaml", "workflows.calls.handle_time=3m,4m"), 2) == {"phones": (30, 40)}
    Path("big.yaml").write_text(BIG)
    plan = planned("big.yaml", "bots.helper.contained=20%,60%")
    assert moved(plan, 2) == {"phones": (30, 15)}  # 80 % of the calls reached people, now 40 %


def test_a_staffing_by_time_follows_step_by_step_and_named_shifts_one_by_one() -> None:
    plan = planned("big.yaml", "demand.mail.per_minute=2,3")
    assert moved(plan, 2) == {"desk": (15, 23)}
    grid = plan.tasks[1].prepared.scenario.pools["desk"].staffing
    assert grid is not None
    assert sorted(set(grid.values)) == [20, 23]
    shifts = "shifts: [{agents: 10, start: 00:00, length: 8h}, {agents: 3, start: 01:00, length: 4h}]"
    Path("big.yaml").write_text(Path("big.yaml").read_text().replace("staffing: 30", shifts))
    plan = planned("big.yaml", "demand.calls.per_minute=8,12")
    assert [(row["key"], row["before"], row["after"]) for row in plan.points[2].people] == [
        ("pools.phones.shifts.0.agents", 10, 15),
        ("pools.phones.shifts.1.agents", 3, 5),
    ]


def test_people_that_a_factor_says_stay_as_it_says_and_prices_move_nobody() -> None:
    plan = planned("desk.yaml", "demand.calls.per_minute=x2", "pools.a.staffing=2..3")
    assert [moved(plan, n) for n in (1, 2)] == [{"b": (1, 2)}] * 2
    assert [task.prepared.scenario.pools["a"].staffing.values[0] for task in plan.tasks] == [2, 2, 3]  # type: ignore[union-attr]
    prices = planned("desk.yaml", "vendors.own.paid_hour=20,25")
    assert len(prices.tasks) == 1
    assert not any(one.people for one in prices.points)


def test_the_occupancy_that_was_foreseen_stays() -> None:
    """Work and people change alike, so their ratio stays; simulated, it does within its noise and whole people."""
    given = {"replications": 8, "scopes": ["pool"]}
    made = api.sweep("big.yaml", {"demand.calls.per_minute": ["x2", "x0.5"]}, staff="keep occupancy", **given)
    base = made.kpi(0, "occupancy", "pool", "phones")["value"]
    assert 0.7 < base < 0.9
    for point in (1, 2):
        row = made.kpi(point, "occupancy", "pool", "phones")
        assert abs(row["difference"]) < 4 * row["standard_error"] + 0.005, point
    alone = api.sweep("big.yaml", {"demand.calls.per_minute": ["x0.5"]}, **given)
    assert alone.kpi(1, "occupancy", "pool", "phones")["difference"] < -0.2
    assert [(row["point"], row["pool"], row["after"]) for row in plain_rows(made.people)] == [
        (1, "phones", 60),
        (2, "phones", 15),
    ]


def test_work_of_a_week_is_that_of_theory() -> None:
    """8 calls a minute of 3 minutes are 24 erlangs, 168 hours a week; the horizon of 8 hours is a third of a day."""
    work = weekly_work(load("big.yaml"))
    assert work["phones"] / work["desk"] == pytest.approx(24 / 10)


def test_words_that_say_nothing_are_told_and_a_study_says_it_itself() -> None:
    with pytest.raises(CcsimError, match="--staff: expected 'keep occupancy' or 'keep goals', got 'keep'"):
        planned("desk.yaml", "demand.calls.per_minute=x2", staff="keep")
    with pytest.raises(ScenarioError, match="'keep goals': the scenario has no goals to keep"):
        planned("big.yaml", "demand.calls.per_minute=x2", staff="keep goals")
    with pytest.raises(ScenarioError, match="no pool is left whose people may change"):
        planned("desk.yaml", "pools.a.staffing=2", "pools.b.staffing=1", staff="keep goals")
    study = "study: s\nscenarios: desk.yaml\nover: {demand.calls.per_minute: [x1, x2]}\nstaff: keep occupancy\n"
    Path("study.yaml").write_text(study)
    assert moved(plan_sweep(asked_by("study.yaml")), 2) == {"a": (2, 4), "b": (1, 2)}
    Path("study.yaml").write_text(study.replace("keep occupancy", "keep people"))
    with pytest.raises(ScenarioError, match=r"study.yaml:4.*staff: expected one of keep occupancy, keep goals, got"):
        asked_by("study.yaml")


def test_the_table_says_who_moved_and_the_plan_does_before() -> None:
    words = ["sweep", "desk.yaml", "--vary", "demand.calls.per_minute=x1,x2", "--staff", "keep occupancy"]
    done = CliRunner().invoke(app, [*words, "--dry-run"])
    assert "2      x2                       a 2 to 4, b 1 to 2\n" in done.stdout, done.output
    done = CliRunner().invoke(app, [*words, "--out", "out", "--quiet"])
    assert "2      x2                       a 2 to 4, b 1 to 2  " in done.stdout, done.output
    assert "a 2 to 4, b 1 to 2" in Path("out/report.html").read_text()


def test_goals_are_kept_by_a_search_at_each_point_that_is_told_before_and_never_made_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = DESK.replace(", vendor: own}", "}").replace("at_most: 70%", "at_most: 90%")
    Path("desk.yaml").write_text(desk)
    words = ["sweep", "desk.yaml", "--vary", "demand.calls.per_minute=x2", "--staff", "keep goals"]
    done = CliRunner().invoke(app, [*words, "--dry-run"])
    assert "before it is simulated, the people of 1 point are searched: some 82 looks at plans\n" in done.stdout
    made = api.sweep("desk.yaml", {"demand.calls.per_minute": ["x2"]}, staff="keep goals", out="out")
    found = staff("desk.yaml", settings=["demand.calls.per_minute=x2"], seed=search_seed(4))
    assert found.found is not None
    assert found.certified
    assert [(row["pool"], row["after"], row["note"]) for row in plain_rows(made.people)] == [
        ("a", found.found.heads[0], ""),
        ("b", found.found.heads[1], ""),
    ]
    alone = [f"{one.key}={n}" for one, n in zip(found.levers, found.found.heads, strict=True)]
    same = api.sweep("desk.yaml", {"demand.calls.per_minute": ["x2"]}, settings=alone)
    assert made.kpi(1, "occupancy")["value"] == same.kpi(1, "occupancy")["value"]

    def never(self, **given):
        raise AssertionError("searched again")

    monkeypatch.setattr(sweep_people.StaffSearch, "found", never)
    again = api.sweep("desk.yaml", {"demand.calls.per_minute": ["x2"]}, staff="keep goals", out="out", resume=True)
    assert again.digest == made.digest


@pytest.mark.parametrize(("people", "whole"), [(0.2, 1), (2.5, 3), (2.4999, 2), (3 * (1 / 3) * 1.5, 2), (0.0, 1)])
def test_whole_people_are_halves_up_and_one_at_least(people: float, whole: int) -> None:
    assert whole_people(people) == whole
