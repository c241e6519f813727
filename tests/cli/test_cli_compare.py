import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from xml.etree import ElementTree

import pytest

from ccsim.results.comparison import Comparison
from tests.cli.small_centre import ccsim
from tests.support.processes import environment
from tests.support.stand_in.desk import SCENARIO, fake_replication, stand_in


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    models = []

    def simulate(model, *, seed, replication, visits):
        if not any(model is one for one in models):
            models.append(model)
        number = next(i for i, one in enumerate(models) if one is model)
        return fake_replication(replication, seed=number, volume=5 + number)

    stand_in(monkeypatch, simulate)
    return tmp_path


def test_one_screen_with_a_sentence_a_variant(place):
    done = ccsim("compare", "desk.yaml", "desk.yaml:more", "desk.yaml:hard", "--quiet")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "desk-day against 2 variants: 4 paired replications, seed 11"
    assert "hold for all 2 variants at once" in lines[1]
    assert any(line.startswith("more: ") and "desk" in line for line in lines)
    assert "hard: no difference that changes results" in lines
    assert "meets both goals" in done.stdout or "meet both goals" in done.stdout
    assert lines[-2:] == ["Results: runs/compare-desk-1", "Report:  runs/compare-desk-1/report.html"]
    assert len(lines) <= 32
    assert [line for line in lines if len(line) > 100] == []
    head = next(i for i, line in enumerate(lines) if line.startswith("KPI  "))
    assert lines[head].split() == ["KPI", "desk-day", "more", "hard"]
    assert 2 <= lines[head:].index("") - 1 <= 8
    goals = [line for line in lines[head:] if ">= 30 %" in line or "<= 40 s" in line]
    assert len(goals) == 2
    assert all(len(re.findall(r" (pass|fail|\?)(?= |$)", line)) >= 3 for line in goals)
    assert "Pairing: variance of differences divided by " in done.stdout
    assert Comparison.read("runs/compare-desk-1").replications == 4


def test_tables_on_demand_and_sentences_only_for_many(place):
    done = ccsim("compare", "desk.yaml", "desk.yaml:more", "--kpi", "asa", "--out", "a", "--quiet", "--no-report")
    assert not (place / "a" / "report.html").exists()
    assert "ASA (channel email)" in done.stdout
    assert "ASA (volume" not in done.stdout
    assert "Occupancy" not in done.stdout
    assert "more against desk-day" in done.stdout
    assert "pairing saved" in done.stdout
    done = ccsim("compare", "desk.yaml", "desk.yaml:more", "--all", "--out", "b", "--quiet", "--no-report")
    assert "Repeat contacts" in done.stdout
    assert "(channel" not in done.stdout
    assert "P(mean best)" in done.stdout
    done = ccsim("compare", "desk.yaml", *["desk.yaml:more"] * 4, "--out", "c", "--quiet", "--no-report")
    assert "More: --kpi KPI, --all, or the page" in done.stdout
    assert "pairing saved" not in done.stdout
    assert "KPI  " not in done.stdout
    assert len(done.stdout.splitlines()) <= 24


def test_a_page_that_cannot_be_made_costs_nothing(place, monkeypatch):
    import ccsim.report.compare_page as page

    def broken(made, place):
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(page, "write_compare_report", broken)
    done = ccsim("compare", "desk.yaml", "desk.yaml:more", "--out", "out", "--quiet")
    assert done.exit_code == 0
    assert "report: not made (ZeroDivisionError: odd); the comparison is kept" in done.stderr
    assert Comparison.read("out").replications == 4


def test_json_is_one_document(place):
    done = ccsim("compare", "desk.yaml", "--all-variants", "--json", "--replications", 3, "--seed", 5, "--out", "out")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert [one["name"] for one in document["alternatives"]] == ["desk-day", "desk-day+more", "desk-day+hard"]
    assert (document["replications"], document["seed"], document["folder"]) == (3, 5, "out")
    assert {row["variant"] for row in document["differences"]} == {"desk-day+more", "desk-day+hard"}
    assert sum(row["probability_best"] for row in document["best"] if row["goal"] == 0) == pytest.approx(1)
    assert document["method"]["level"] == 0.95


def test_a_cap_before_the_decision_is_exit_4(place):
    done = ccsim(
        "compare", "desk.yaml", "desk.yaml:more", "--until", "precision=0.1%", "--max-replications", 12, "--quiet"
    )
    assert done.exit_code == 4
    assert "until precision=0.1%: the limit of 12 replications was reached" in done.stdout
    done = ccsim("compare", "desk.yaml", "desk.yaml:more", "--until", "precision=95%", "--quiet")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["desk.yaml"],
        ["desk.yaml", "nowhere.yaml"],
        ["desk.yaml", "desk.yaml:no_such"],
        ["desk.yaml", "desk.yaml:more", "--replications", "1"],
        ["desk.yaml", "desk.yaml:more", "--until", "soon"],
        ["desk.yaml", "desk.yaml:more", "--until", "decided", "--max-time", "x"],
        ["desk.yaml", "desk.yaml:more", "--max-time", "1m"],
        ["desk.yaml", "desk.yaml:more", "--kpi", "no_such"],
        ["desk.yaml", "desk.yaml:more", "--set", "no.such=1"],
        ["desk.yaml", "desk.yaml:more", "--out", "desk.yaml"],
        ["desk.yaml", "desk.yaml:more", "--out", "x" * 300],
        ["desk.yaml", "longer.yaml"],
        [],
    ],
)
def test_bad_input_is_exit_2_without_a_traceback_and_nothing_is_written(place, arguments):
    (place / "longer.yaml").write_text(SCENARIO.replace("length: 4h", "length: 5h"))
    before = sorted(place.iterdir())
    done = ccsim("compare", *arguments)
    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.output
    assert sorted(place.iterdir()) == before


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(tmp_path):
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    program = textwrap.dedent(
        """
        import sys, time
        from tests.support.stand_in.desk import fake_replication, replace_engine
        models, slow = [], sys.argv[1] == "slow"
        def simulate(model, *, seed, replication, visits):
            if not any(model is one for one in models):
                models.append(model)
            if len(models) > 1 and slow:
                print("second", file=sys.stderr, flush=True)
                time.sleep(0.2)
            return fake_replication(replication, volume=2)
        replace_engine(sys.modules, simulate)
        from ccsim.cli import app
        sys.argv = ["ccsim", *sys.argv[2:]]
        app()
        """
    )
    command, place = [sys.executable, "-c", program], {"cwd": tmp_path, "env": environment(), "text": True}
    arguments = ["compare", "desk.yaml", "desk.yaml:more", "--out", "out", "--workers", "1", "--replications", "50"]
    with subprocess.Popen([*command, "slow", *arguments], stdout=-1, stderr=-1, **place) as simulating:
        while "second" not in simulating.stderr.readline():
            assert simulating.poll() is None
        os.kill(simulating.pid, signal.SIGINT)
        _, said = simulating.communicate(timeout=60)
    assert simulating.returncode == 130
    assert "1 of 2 alternatives are finished and kept" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out" / "compare.json").exists()
    done = subprocess.run([*command, "fast", *arguments], capture_output=True, check=True, **place)
    assert "desk-day (1 of 2): already simulated, used as it is" in done.stderr
    assert Comparison.read(tmp_path / "out").replications == 50


def test_goals_are_judged_by_their_intervals(place):
    ccsim("run", "desk.yaml", "--out", "run", "--no-report", "--quiet")
    done = ccsim("check-goals", "run", "--junit", "goals.xml")
    assert done.exit_code in (0, 4)
    assert len(done.stdout.splitlines()) == 2
    assert len(ElementTree.parse("goals.xml").findall("testsuite/testcase")) == 2
    for limit, code, word in (("1s", 3, "FAIL"), ("10m", 0, "pass")):
        ccsim(
            "run",
            "desk.yaml",
            "--out",
            limit,
            "--no-report",
            "--set",
            f"goals.1.at_most={limit}",
            "--set",
            "goals.0.at_least=1%",
        )
        done = ccsim("check-goals", limit)
        assert done.exit_code == code, done.output
        assert done.stdout.splitlines()[1].startswith(word)
    ccsim("run", "desk.yaml", "--out", "one", "--no-report", "--replications", 1)
    done = ccsim("check-goals", "one", "--json")
    assert done.exit_code == 4
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert [goal["verdict"] for goal in document["goals"]] == ["inconclusive"] * 2
    assert "one replication" in document["goals"][0]["why"]


def test_what_has_no_goals_to_check_is_exit_2(place):
    ccsim("run", "desk.yaml", "--out", "run", "--no-report", "--set", "goals=~", "--quiet")
    for arguments in (["run"], ["nowhere"], ["desk.yaml"], ["."]):
        done = ccsim("check-goals", *arguments, "--junit", "goals.xml")
        assert done.exit_code == 2, arguments
        assert done.stderr.strip()
        assert "Traceback" not in done.output
    assert not (place / "goals.xml").exists()
    ccsim("run", "desk.yaml", "--out", "two", "--no-report", "--quiet")
    assert ccsim("check-goals", "two", "--junit", "desk.yaml").exit_code == 2
    assert (place / "desk.yaml").read_text() == SCENARIO


def test_a_comparison_of_one_alternative_is_checked_like_a_run(place):
    ccsim("compare", "desk.yaml", "desk.yaml:hard", "--out", "out", "--quiet")
    assert ccsim("check-goals", "out/desk-day-hard").exit_code in (0, 3, 4)
    assert "is not a run" in ccsim("check-goals", "out").stderr
