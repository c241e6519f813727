import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ccsim.results.run import Run
from tests.cli.small_centre import ccsim
from tests.support.processes import environment
from tests.support.stand_in.desk import SCENARIO, fake_replication, stand_in


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a scenario, and the stand-in for the engine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    return tmp_path


@pytest.fixture
def calls(monkeypatch):
    return stand_in(monkeypatch)


def test_a_run_prints_goals_then_kpis_then_where_the_results_are(place, calls):
    done = ccsim("run", "desk.yaml")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Goals"
    assert lines[1].split()[0] == "pass"
    assert "Service level, 20 s  at least 30 %" in lines[1]
    assert "met in 4 of 4 replications  abandons count against" in lines[1]
    assert lines[2].split()[0] == "pass"
    assert lines[4] == "desk-day: 4 replications, 95 % intervals, seed 11"
    assert any(line.startswith("  Mean wait ") and ("±" in line or " to " in line) for line in lines)
    run = Run.read(place / "runs" / "desk-day-1")
    assert lines[-3:] == [
        "Results: runs/desk-day-1",
        f"Digest:  {run.digest}",
        "Report:  runs/desk-day-1/report.html",
    ]
    assert run.replications == 4
    assert "\x1b" not in done.output
    assert sorted({(c["seed"], c["replication"]) for c in calls}) == [(11, r) for r in range(4)]


def test_every_run_gets_a_folder_of_its_own(place, calls):
    for number in (1, 2, 3):
        assert f"runs/desk-day-{number}" in ccsim("run", "desk.yaml", "--no-report").stdout
    assert "runs/desk-day-more-1" in ccsim("run", "desk.yaml", "--variant", "more", "--no-report").stdout
    assert "runs/desk-day-hard-more-1" in ccsim("run", "desk.yaml:hard", "--variant", "more", "--no-report").stdout


def test_json_is_one_document_with_goals_and_estimates(place, calls):
    done = ccsim("run", "desk.yaml", "--json", "--out", "out", "--seed", 5, "--replications", 3, "--workers", 2)
    assert done.exit_code == 0
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert document["folder"] == "out"
    assert document["seed"] == 5
    assert document["replications"] == 3
    assert [goal["verdict"] for goal in document["goals"]] == ["pass", "pass"]
    asa = [e for e in document["estimates"] if (e["kpi"], e["scope"]) == ("asa", "all")]
    assert len(asa) == 1
    assert asa[0]["low"] < asa[0]["estimate"] < asa[0]["high"]
    assert document["digest"] == Run.read("out").digest


def test_the_folder_holds_provenance_with_every_setting(place, calls):
    ccsim("run", "desk.yaml", "--out", "out", "--variant", "more", "--set", "pools.desk.staffing=x2", "--visits")
    run = Run.read("out")
    made = run.provenance
    assert made["variants"] == ["more"]
    assert made["settings"] == ["pools.desk.staffing=x2"]
    assert any("pools.desk.staffing" in line for line in made["overrides"])
    assert made["scenario"]["pools"]["desk"]["paid_hour"] == 20.0
    assert [(f["name"], len(f["sha256"])) for f in made["files"]] == [("desk.yaml", 64)]
    assert (made["seed"], made["replications"]) == (11, 4)
    assert run.name == "desk-day+more"
    assert len(run.tables["visits"]) > 100
    assert run.measured.paid_hour == {"desk": 20.0}
    assert made["holidays"] == {"DE": ["2026-04-03"]}
    assert "visits" in run.digests


def test_without_visits_there_is_no_log(place, calls):
    ccsim("run", "desk.yaml", "--out", "out")
    assert not (place / "out" / "visits.parquet").exists()
    assert "visits" not in Run.read("out").digests


def test_a_missed_goal_is_exit_3_only_where_goals_are_required(place, calls):
    done = ccsim("run", "desk.yaml", "--variant", "hard")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2].split()[0] == "FAIL"
    done = ccsim("run", "desk.yaml", "--variant", "hard", "--require-goals", "--out", "kept", "--no-report")
    assert done.exit_code == 3
    assert Run.read("kept").goals[1]["verdict"] == "fail"
    assert ccsim("run", "desk.yaml", "--require-goals").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.yaml"],
        ["desk.yaml", "--variant", "no_such"],
        ["desk.yaml", "--set", "pools.desk.staffing"],
        ["desk.yaml", "--set", "pools.dusk.staffing=3"],
        ["desk.yaml", "--set", "goals.0.kpi=no_such"],
        ["desk.yaml", "--set", "run.replications=0"],
        ["desk.yaml", "--replications", "0"],
        ["desk.yaml", "--replications", "two"],
        ["desk.yaml", "--seed", "-1"],
        ["desk.yaml", "--seed", "99999999999999999999"],
        ["desk.yaml", "--workers", "0"],
        ["desk.yaml", "--no-such-option"],
        ["desk.yaml", "--out", "taken"],
        ["desk.yaml", "--out", "taken", "--force"],
        ["desk.yaml", "--out", "desk.yaml/run"],
        ["desk.yaml", "--out", "x" * 300],
        [],
        ["."],
        [""],
    ],
)
def test_bad_input_is_exit_2_without_a_traceback_and_nothing_is_simulated_or_written(place, calls, arguments):
    (place / "taken").mkdir()
    (place / "taken" / "mine").write_text("mine")
    before = sorted(str(p) for p in place.rglob("*"))
    done = ccsim("run", *arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not calls
    assert sorted(str(p) for p in place.rglob("*")) == before


def test_faults_of_the_scenario_and_of_the_place_are_said_together(place, calls):
    done = ccsim("run", "desk.yaml", "--set", "pools.dusk.staffing=3", "--out", "desk.yaml")
    assert done.exit_code == 2
    assert "dusk" in done.stderr
    assert "desk.yaml: exists already" in done.stderr


def test_force_replaces_a_run(place, calls):
    ccsim("run", "desk.yaml", "--out", "out")
    assert ccsim("run", "desk.yaml", "--out", "out").exit_code == 2
    assert Run.read("out").provenance["seed"] == 11
    assert ccsim("run", "desk.yaml", "--out", "out", "--seed", 12, "--force", "--no-report").exit_code == 0
    assert Run.read("out").provenance["seed"] == 12


def test_an_error_of_the_program_leaves_nothing_behind(place, monkeypatch):
    def broken(model, **given):
        raise RuntimeError("a bug")

    stand_in(monkeypatch, broken)
    done = ccsim("run", "desk.yaml", "--out", "deep/out")
    assert isinstance(done.exception, RuntimeError)
    assert [p.name for p in place.iterdir()] == ["desk.yaml"]


def stopped_at(replication: int, place: Path, *arguments: str) -> subprocess.CompletedProcess:
    """`ccsim run` in a process of its own that gets Ctrl-C while it simulates a replication."""
    code = f"""
        import os, signal, sys, threading, time
        from tests.support.stand_in.desk import fake_replication, replace_engine
        def simulate(model, *, seed, replication, visits):
            if replication == {replication}:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.5)  # the first thread may be loading a library, and hears of it after that
            time.sleep(0.02)
            return fake_replication(replication, seed=seed, visits=visits)
        replace_engine(sys.modules, simulate)
        from ccsim.cli import main
        sys.argv = ["ccsim", "run", "desk.yaml", "--no-report", *{list(arguments)!r}]
        main()
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )


def test_ctrl_c_keeps_what_is_finished_says_so_and_is_exit_130(place, calls):
    done = stopped_at(5, place, "--replications", "500", "--out", "out", "--visits", "--workers", "2")
    assert done.returncode == 130, done.stderr
    run = Run.read(place / "out")
    kept = run.replications
    assert 1 <= kept < 100
    assert run.stopped
    assert f"stopped: {kept} of 500 replications were finished and are kept" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Results: out" in done.stdout
    ccsim("run", "desk.yaml", "--replications", kept, "--out", "short", "--visits", "--no-report")
    assert dict(Run.read("short").digests) == dict(run.digests)


def test_ctrl_c_before_anything_is_finished_leaves_nothing(place):
    done = stopped_at(0, place, "--out", "deep/out", "--workers", "1")
    assert done.returncode == 130, done.stderr
    assert done.stdout == ""
    assert done.stderr == "stopped: nothing was finished, nothing is kept\n"
    assert [p.name for p in place.iterdir()] == ["desk.yaml"]


def test_quiet_says_nothing_on_stderr(place, calls, monkeypatch):
    monkeypatch.setattr("ccsim.experiments.progress.LINE_EVERY", 0.0)
    assert ccsim("run", "desk.yaml", "--quiet").stderr == ""


def test_one_replication_has_no_intervals(place, calls):
    done = ccsim("run", "desk.yaml", "--replications", 1)
    assert "1 replication, no intervals" in done.stdout
    assert "±" not in done.stdout


def test_a_terminal_without_the_sign_gets_a_plainer_one(monkeypatch):
    import io

    from ccsim.commands.output import say

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    say("81 % ± 1 % é")
    stream.flush()
    assert stream.buffer.getvalue() == b"81 % +/- 1 % \\xe9\n"


def test_colour_only_where_asked_for(monkeypatch):
    from ccsim.commands.run_text import lines
    from ccsim.language.goals import Goal
    from tests.support.stand_in.desk import fake_run

    run = fake_run(2, goals=(Goal(kpi="asa", at_most=1000.0),))
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32mpass\x1b[0m" in "\n".join(lines(run, colour=True))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "\n".join(lines(run, colour=True))


def test_the_stand_in_is_the_same_every_time():
    assert (fake_replication(3).tables["waits"] == fake_replication(3).tables["waits"]).all()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
