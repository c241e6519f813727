"""Sweeps whose points are simulated until a rule holds: how many replications each has, and that nothing else
changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.asked import Effort, SweepAsked, SweepOptions
from ccsim.experiments.replicate import Stop
from ccsim.experiments.sweep import Stored, UnfinishedSweep, simulate_sweep
from ccsim.experiments.sweep_best import best_point
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.experiments.sweep_plan import plan_sweep
from ccsim.experiments.sweep_study import asked_by
from ccsim.experiments.until_rule import until_of_points
from ccsim.metrics.decide import looks
from ccsim.results.parquet import plain_rows
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import SweepFolder, read_sweep
from tests.support.sweep_desk import DESK as FOUR_HOURS

DESK = FOUR_HOURS.replace("length: 4h", "length: 1h")
"""So short that some goals are not decided at the first look."""
VARY = {"pools.a.staffing": "1..5", "vendors.own.paid_hour": "20,25"}
RULE = {"until": "decided", "max_replications": 60}
LOOKS = list(looks(60))


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """A sweep until everything is decided, at most 60 replications, stored."""
    folder = tmp_path_factory.mktemp("until")
    (folder / "desk.yaml").write_text(DESK)
    return api.sweep(folder / "desk.yaml", VARY, **RULE, workers=2, out=folder / "out")


def replications(made: Sweep) -> dict[int, int]:
    return {int(point): int(rows["replications"].max()) for point, rows in made.kpis.groupby("point")}


def test_points_have_as_many_replications_as_they_take(made: Sweep) -> None:
    found = replications(made)
    assert set(found.values()) <= set(LOOKS)
    assert len(set(found.values())) > 1
    assert found[0] == max(found.values())
    for point, many in found.items():
        verdicts = set(made.goals[made.goals["point"] == point]["verdict"])
        assert many == 60 or point == 0 or "fail" in verdicts or verdicts == {"pass"}
    assert (
        made.replications_told == f"{min(found.values())} to {found[0]} replications each, until decided and at most 60"
    )


def test_each_point_is_a_sweep_of_so_many_replications(made: Sweep) -> None:
    """Values, intervals and paired differences are to the last digit those of a sweep with that number."""
    found = replications(made)
    for many in {min(found.values()), sorted(found.values())[-2]}:
        fixed = api.sweep("desk.yaml", VARY, replications=many, workers=1)
        points = [point for point in found if found[point] == many]
        for name in ("kpis", "goals"):
            mine, its = getattr(made, name), getattr(fixed, name)
            assert plain_rows(mine[mine["point"].isin(points)]) == plain_rows(its[its["point"].isin(points)])


def test_workers_and_resuming_change_nothing(made: Sweep) -> None:
    assert api.sweep("desk.yaml", VARY, **RULE, workers=1).digest == made.digest
    factors, _ = factors_of([f"{key}={values}" for key, values in VARY.items()])
    plan = plan_sweep(
        SweepAsked(
            ["desk.yaml"], factors, effort=Effort(workers=1), until=until_of_points("decided", most_replications=60)
        )
    )
    stop, numbers = Stop(), []

    def simulate(task, *given, **more):
        found = simulate_task(task, *given, **more)
        numbers.append(task.number)
        if len(numbers) == 3:
            stop.ask()
        return found

    with SweepFolder("out") as folder:
        folder.begin(plan.asked())
        with pytest.raises(UnfinishedSweep, match=r"stopped: \d of \d scenarios are simulated and kept"):
            simulate_sweep(plan, keeps=Stored(folder), stop=stop, simulate=simulate)
    assert 0 not in numbers
    assert api.sweep("desk.yaml", VARY, **RULE, out="out", resume=True).digest == made.digest
    assert read_sweep("out").until == "decided"


def test_a_finished_one_tells_the_best_by_what_both_have(made: Sweep) -> None:
    assert made.folder is not None
    found = best_point(made.folder, "cost_per_day", ["service_level >= 10%"])
    assert len(found.beside) == len(found.met) - 1 > 1
    assert all(row["difference"] is not None for row in found.beside)


def test_precision_is_that_of_each_point_itself() -> None:
    many = {
        width: replications(
            api.sweep("desk.yaml", {"pools.a.staffing": "2"}, until=f"precision={width}", max_replications=45)
        )
        for width in ("40%", "4%")
    }
    assert set(many["40%"].values()) == {20}
    assert all(one > 20 for one in many["4%"].values())


STUDY = """\
study: mix
scenarios: desk.yaml
over: {pools.a.staffing: 2..3}
until: decided
replications: 25
max_replications: 40
"""


def test_a_study_says_it_and_the_plan_tells_the_range() -> None:
    Path("study.yaml").write_text(STUDY)
    done = CliRunner().invoke(app, ["sweep", "study.yaml", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert (
        "2 scenarios of 25 to 40 replications are to be simulated, 50 to 80 replications, until decided" in done.stdout
    )
    plan = plan_sweep(asked_by("study.yaml", SweepOptions(effort=Effort(30), until="precision=10%")))
    assert (str(plan.until), plan.least_replications, plan.replications) == ("precision=10%", 30, 40)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("decided", "best=asa,within=5s"), "study.yaml:4:8: until: --until best: a sweep has decided or precision=5%"),
        (("decided", "soon"), "study.yaml:4:8: until: --until: expected decided"),
        (
            ("25", "5"),
            "study.yaml:4:8: until: --replications: with --until those of the first look, at least 20, got 5",
        ),
        (("40", "22"), "until: --replications: 25 is more than --max-replications (22)"),
        (("until: decided\n", ""), "study.yaml:5:19: max_replications: says how many `until` may take"),
        (
            ("until", "design: {kind: saltelli, points: 8}\nuntil"),
            "study.yaml:5:8: until: a saltelli design has the same",
        ),
    ],
)
def test_rules_that_cannot_be_say_what_would_do(change: tuple[str, str], told: str) -> None:
    Path("study.yaml").write_text(STUDY.replace(*change))
    with pytest.raises(ScenarioError) as caught:
        plan_sweep(asked_by("study.yaml"))
    assert told in str(caught.value)


def test_without_goals_there_is_nothing_to_wait_for() -> None:
    Path("desk.yaml").write_text(DESK.partition("goals:")[0])
    with pytest.raises(CcsimError, match="--until waits for the KPIs of the base's goals, and the base has none"):
        api.sweep("desk.yaml", {"pools.a.staffing": "2,4"}, until="decided")
    with pytest.raises(CcsimError, match="--max-replications: says how many --until may take"):
        api.sweep("desk.yaml", {"pools.a.staffing": "2,4"}, max_replications=30)
