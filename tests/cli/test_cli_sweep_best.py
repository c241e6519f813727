"""`ccsim sweep FOLDER --best KPI --where LIMIT`: the best point of a finished sweep, and its interval."""

import json
import math
import re
import shutil
import sqlite3

import numpy as np
import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError
from ccsim.experiments.sweep_best import best_point, where_of
from ccsim.metrics.paired import simultaneous
from tests.support.sweep_desk import DESK


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("swept")
    (place / "desk.yaml").write_text(DESK)
    vary = {"pools.a.staffing": "1..4", "vendors.own.paid_hour": ["20", "20.001"]}
    api.sweep(place / "desk.yaml", vary, replications=10, out=place / "out")
    return place / "out"


def ccsim(*arguments):
    return CliRunner().invoke(app, ["sweep", *(str(argument) for argument in arguments)])


def test_the_cheapest_point_that_is_shown_to_meet_a_limit(folder):
    found = best_point(folder, "cost_per_day", ["service_level >= 70%"])
    made = found.sweep
    for point in range(9):
        row = made.kpi(point, "service_level")
        assert (point in found.met) == (row["value_low"] >= 0.7)
        assert (point in found.perhaps) == (row["value_low"] < 0.7 <= row["value_high"])
    costs = [made.kpi(point, "cost_per_day")["value"] for point in found.met]
    assert costs == sorted(costs)
    assert len(costs) > 2
    for row, cost in zip(found.beside, costs[1:], strict=True):
        assert row["difference"] == pytest.approx(cost - costs[0])
        assert row["low"] <= row["difference"] <= row["high"]


def test_intervals_of_the_others_hold_for_all_of_them_at_once(folder):
    """Half widths are Student's t at the level of each (Bonferroni) times the standard error of paired differences."""
    found = best_point(folder, "abandonment", ["cost_per_day <= 1,000,000"])
    others = len(found.met) - 1
    assert others == 8
    checked = 0
    for row in found.beside:
        if row["standard_error"]:
            half = (row["high"] - row["low"]) / 2 / row["standard_error"]
            assert half >= 0.95 * simultaneous(others).quantile(10) > simultaneous(1).quantile(10)
            checked += 1
    assert checked >= 3
    assert all(math.isfinite(row["difference"]) for row in found.beside)
    assert np.all(np.diff([row["difference"] for row in found.beside]) >= 0)


def test_without_limits_the_goals_of_the_scenario_decide(folder):
    done = ccsim(folder, "--best", "cost_per_day")
    found = best_point(folder, "cost_per_day")
    goals = found.sweep.goals
    assert found.met
    for point in range(9):
        assert (point in found.met) == (set(goals[goals["point"] == point]["verdict"]) == {"pass"})
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"\d of 9 points (is|are) shown to meet all goals\.", lines[0])
    assert lines[1].startswith(f"The lowest cost a day of them: point {found.met[0]} (")


def test_the_next_is_told_with_whether_it_is_significantly_worse(folder):
    done = ccsim(folder, "--best", "cost_per_day", "--where", "service_level >= 10%")
    assert "The lowest cost a day of them: point 1 (pools.a.staffing=1, vendors.own.paid_hour=20), " in done.stdout
    assert "The next: point 2 (pools.a.staffing=1, vendors.own.paid_hour=20.001), +" in done.stdout
    assert "USD: significantly worse" in done.stdout  # by some cents, in every replication
    document = json.loads(ccsim(folder, "--best", "cost_per_day", "--where", "service_level >= 10%", "--json").stdout)
    assert (document["best"], document["settings"]["pools.a.staffing"]) == (1, "1")


def test_what_no_point_meets_is_exit_1_and_bad_questions_are_exit_2(folder, tmp_path):
    done = ccsim(folder, "--best", "cost_per_day", "--where", "service_level >= 99.99%")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1,
        "0 of 9 points are shown to meet service_level >= 99.99 %.",
    )
    for words, why in [
        (["--best", "costs"], "--best: there is no KPI 'costs'"),
        (["--best", "agents"], "--best: of agents neither the lower nor the higher is better"),
        (["--best", "wait_p90"], "--best: the sweep did not keep wait_p90; run it with --kpi wait_p90"),
        (["--best", "asa", "--where", "service_level > 80%"], "--where: expected a limit like 'service_level >= 80%'"),
        (["--best", "asa", "--where", "service_level >= much"], "--where: service_level: "),
        (["--where", "asa <= 20s"], "--where: say by which KPI the best is wanted"),
    ]:
        done = ccsim(folder, *words)
        assert done.exit_code == 2, words
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert "is no folder; --best asks a finished sweep" in ccsim(tmp_path / "none", "--best", "asa").stderr
    assert (
        "holds no " in ccsim(tmp_path, "--best", "asa").stderr
        or "is no sweep" in ccsim(tmp_path, "--best", "asa").stderr
    )


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("service_level >= 80%", 0.8, "service_level >= 80 %"),
        ("asa<=1m30s", 90.0, "asa <= 90 s"),
        ("utilisation <= 110%", 1.1, "utilisation <= 110 %"),
        ("cost_per_day <= 12,500", 12_500.0, "cost_per_day <= 12500"),
    ],
)
def test_limits_are_read_in_the_unit_of_their_kpi(text, limit, said):
    made = where_of(text)
    assert (made.limit, str(made)) == (limit, said)
    with pytest.raises(CcsimError, match="expected a limit like"):
        where_of(text.replace("=", ""))


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(60.0, 90.0, "pass"), (60.0, 90.1, "inconclusive"), (90.1, 95.0, "fail"), (None, None, "inconclusive")],
)
def test_a_limit_is_judged_as_a_goal_is(low, high, verdict):
    row = {"value": 80.0, "value_low": low, "value_high": high}
    assert where_of("asa <= 90s").verdict(row) == verdict
    assert where_of("asa >= 90s").verdict(row) == {"pass": "inconclusive", "fail": "pass"}.get(verdict, verdict)
    assert where_of("asa <= 90s").verdict(None) == "inconclusive"


def test_a_damaged_part_is_told(folder, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    with sqlite3.connect(copy / "tasks.sqlite") as base:
        base.execute("UPDATE tasks SET sha256 = 'x' WHERE number = 5")
    base.close()
    done = ccsim(copy, "--best", "abandonment", "--where", "cost_per_day <= 1,000,000")
    assert done.exit_code == 5
    assert "parts/000005.parquet is not what was kept" in done.stderr
