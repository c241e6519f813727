"""`ccsim sweep` on the command line: table, plan, JSON, exit codes, the place of its results."""

import json
import re

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.experiments import sweep as simulating
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.results.sweep_store import read_sweep
from tests.support.sweep_desk import DESK


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def ccsim(*arguments):
    return CliRunner().invoke(app, ["sweep", *(str(argument) for argument in arguments)])


STAFF = ("--vary", "pools.a.staffing=2..4", "--replications", 2)


def test_a_table_of_all_points_and_a_kpi_point_by_point():
    done = ccsim("desk.yaml", *STAFF, "--vary", "vendors.own.paid_hour=20,25", "--kpi", "occupancy", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "desk: 7 points on common random numbers, 2 replications each, seed 4; "
        "4 points differ from another in prices at most"
    )
    head = next(i for i, line in enumerate(lines) if line.startswith("point  "))
    assert re.split("  +", lines[head])[:5] == [
        "point", "pools.a.staffing", "vendors.own.paid_hour", "Cost a day", "difference"
    ]  # fmt: skip
    assert re.split("  +", lines[head + 1])[:2] == ["0", "as written"]
    assert [line.split()[0] for line in lines[head + 1 : head + 8]] == list("0123456")
    assert all(len(re.findall(r" (pass|fail|\?)(?= |$)", line)) == 2 for line in lines[head + 1 : head + 8])
    assert "Occupancy" in lines[head + 9]
    assert lines[-2:] == ["Results: runs/sweep-desk-1", "Report:  runs/sweep-desk-1/report.html"]
    stored = read_sweep("runs/sweep-desk-1")
    assert len(stored.points) == 1 + 2 * 6


def test_a_dry_run_tells_points_runs_and_time_and_writes_nothing(place):
    done = ccsim("desk.yaml", *STAFF, "--vary", "vendors.own.paid_hour=20,25", "--dry-run")
    assert done.exit_code == 0
    assert "3 scenarios of 2 replications are to be simulated, 6 replications; 4 points differ" in done.stdout
    assert re.search(r"^about .* s on \d+ worker", done.stdout, re.MULTILINE)
    document = json.loads(ccsim("desk.yaml", *STAFF, "--dry-run", "--json").stdout)
    assert (len(document["points"]), document["scenarios_simulated"], document["replications_in_all"]) == (4, 3, 6)
    assert document["foreseen_seconds"] > 0
    assert [one.name for one in place.iterdir()] == ["desk.yaml"]


def test_json_is_one_document():
    done = ccsim("desk.yaml", *STAFF, "--json", "--quiet", "--out", "out")
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert document["digest"] == read_sweep("out").digest
    assert {row["point"] for row in document["kpis"]} == {0, 1, 2, 3}
    assert len(document["goals"]) == 8


def test_bad_input_is_exit_2_with_all_faults_and_nothing_written(place):
    done = ccsim("desk.yaml", "--vary", "pools.a.staffing=2..x", "--vary", "pools.q.staffing=1,2", "--kpi", "asaa")
    assert done.exit_code == 2
    assert "--vary: pools.a.staffing: expected a range between two numbers" in done.stderr
    assert "--vary pools.q.staffing=1: pools.q.staffing: " in done.stderr
    assert "--kpi: there is no KPI 'asaa'; did you mean 'asa'?" in done.stderr
    assert done.stdout == ""
    assert [one.name for one in place.iterdir()] == ["desk.yaml"]
    assert "--vary: say what is to be varied" in ccsim("desk.yaml").stderr
    assert ccsim("none.yaml", *STAFF).exit_code == 2


def test_points_that_fail_are_exit_1_and_said(monkeypatch):
    def simulate(task, *given, **more):
        if task.number == 2:
            raise ZeroDivisionError("odd")
        return simulate_task(task, *given, **more)

    monkeypatch.setattr(simulating, "simulate_task", simulate)
    done = ccsim("desk.yaml", *STAFF, "--out", "out")
    assert done.exit_code == 1
    assert "point 2 failed 3 times (ZeroDivisionError: odd); it is parked, the others go on" in done.stderr
    assert "point 2 failed and is left out: ZeroDivisionError: odd" in done.stdout
    assert read_sweep("out").parked == {2: "ZeroDivisionError: odd"}
