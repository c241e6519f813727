"""`ccsim optimise` on the command line: answer, JSON, page, exit codes, the place of its results."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.results.sweep_store import read_sweep
from tests.support.sweep_desk import DESK

ASKED = ("desk.yaml", "--vary", "pools.a.staffing=2..4", "--minimise", "cost_per_day", "--replications", 10)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def ccsim(*arguments):
    return CliRunner().invoke(app, ["optimise", *(str(argument) for argument in arguments)])


def test_the_answer_names_the_best_what_was_not_looked_at_and_a_variant_to_paste():
    done = ccsim(*ASKED, "--maximise", "service_level", "--no-goals", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "desk: minimise cost_per_day and maximise service_level; 3 of 3 plans tried, 10 replications each, seed 4"
    )
    assert "  no plan of the grid" in lines
    assert "  beyond pools.a.staffing=2: 1 of 3 plans of the answer lies at this end of the range" in lines
    pasted = lines[lines.index("  variants:") + 1].strip()
    assert pasted == "front-1: {pools.a.staffing: 2}"
    assert lines[-2:] == ["Results: runs/optimise-desk-1", "Report:  runs/optimise-desk-1/report.html"]
    page = Path("runs/optimise-desk-1/report.html").read_text()
    assert "<svg" in page
    assert "front-1: {pools.a.staffing: 2}" in page
    with Path("desk.yaml").open("a") as file:
        file.write(f"  {pasted}\n")
    assert api.load("desk.yaml", variants=["front-1"]).pools["a"].staffing is not None
    before = page
    api.report("runs/optimise-desk-1")
    assert Path("runs/optimise-desk-1/report.html").read_text() == before


def test_a_dry_run_says_how_much_there_is_to_simulate_and_simulates_nothing():
    done = ccsim(*ASKED, "--trials", 2, "--dry-run")
    lines = done.stdout.splitlines()
    assert (done.exit_code, lines[0]) == (0, "desk: minimise cost_per_day; seed 4")
    assert lines[1].startswith("2 of 3 plans are to be tried with 10 replications each, and at most 2 simulated again")
    assert not Path("runs").exists()
    document = json.loads(ccsim(*ASKED, "--dry-run", "--json").stdout)
    assert (document["grid"], document["plans"], document["replications_at_most"]) == (3, 3, 10 * (1 + 3 + 2 * (1 + 3)))
    assert document["decisions"] == [{"key": "pools.a.staffing", "values": ["2", "3", "4"]}]


def test_json_is_one_document_with_every_trial():
    done = ccsim(*ASKED, "--no-goals", "--subject-to", "abandonment <= 99%", "--json", "--quiet", "--out", "out")
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert document["digest"] == read_sweep("out").digest
    assert [one["values"] for one in document["trials"]] == [{"pools.a.staffing": str(n)} for n in (2, 3, 4)]
    assert [one["standing"] for one in document["plans"]] == ["best"]
    assert (document["replications"], document["replications_of_the_certificate"]) == (10, 20)
    assert document["seed"] != document["seed_of_the_certificate"]


def test_goals_that_no_plan_meets_are_exit_1_and_bad_input_exit_2(place):
    done = ccsim(*ASKED, "--subject-to", "abandonment <= 0.001%", "--quiet", "--out", "out")
    assert done.exit_code == 1
    assert "No plan that was tried meets all goals by its means; the nearest is shown." in done.stdout
    done = ccsim("desk.yaml", "--vary", "pools.a.stafing=2..4", "--minimise", "cost", "--out", "other")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--minimise: there is no KPI 'cost'" in done.stderr
    assert "there is no key 'stafing'" in done.stderr
    assert not (place / "other").exists()
    done = ccsim(*ASKED, "--resume")
    assert (done.exit_code, done.stderr) == (2, "--resume: name the folder of the search with --out\n")
