"""`ccsim run` makes the page of a run, and no fault of the page costs the run; `ccsim explain ... roster`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccsim.cli import app
from ccsim.errors import OutputError
from ccsim.report import run_page
from ccsim.results.run import Run
from tests.support.stand_in.desk import SCENARIO, stand_in


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario, and the stand-in for the engine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    stand_in(monkeypatch)
    return tmp_path


def ccsim(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_page_lies_in_the_folder_and_can_be_made_again(place: Path) -> None:
    done = ccsim("run", "desk.yaml", "--out", "out")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Report:  out/report.html"
    page = place / "out" / "report.html"
    first = page.read_bytes()
    assert b"desk-day" in first
    page.unlink()
    done = ccsim("report", "out")
    assert (done.exit_code, done.stdout) == (0, "Report: out/report.html\n")
    assert page.read_bytes() == first
    assert ccsim("report", "out", "--out", "page.html").exit_code == 0
    assert (place / "page.html").read_bytes() == first


def test_without_a_report_there_is_no_page_and_a_forced_run_takes_the_old_one_away(place: Path) -> None:
    assert ccsim("run", "desk.yaml", "--out", "out").exit_code == 0
    done = ccsim("run", "desk.yaml", "--out", "out", "--force", "--no-report")
    assert done.exit_code == 0, done.stderr
    assert "Report:" not in done.output
    assert not (place / "out" / "report.html").exists()


def test_json_stays_one_document_and_the_page_is_made(place: Path) -> None:
    done = ccsim("run", "desk.yaml", "--out", "out", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["folder"] == "out"
    assert (place / "out" / "report.html").exists()


@pytest.mark.parametrize("words", [[], ["--json"], ["--quiet"], ["--require-goals"]])
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OutputError("out/report.html: could not be written: disk full"), "disk full"),
        (ZeroDivisionError("float division"), "ZeroDivisionError: float division"),
        (RecursionError(), "RecursionError"),
    ],
)
def test_a_run_is_worth_more_than_its_page(
    place: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str, words: list[str]
) -> None:
    def fails(run: Run, path: Path) -> None:
        raise error

    monkeypatch.setattr(run_page, "write_report", fails)
    done = ccsim("run", "desk.yaml", "--out", "out", *words)
    assert done.exit_code == 0
    assert done.stderr.startswith("report: not made")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output
    assert "Report:" not in done.stdout
    assert Run.read(place / "out").replications == 4


def test_ctrl_c_while_the_page_is_made_keeps_the_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(run: Run, path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_page, "write_report", stopped)
    done = ccsim("run", "desk.yaml", "--out", "out")
    assert done.exit_code == 130
    assert done.stderr == "report: stopped; `ccsim report out` makes it\n"
    assert Run.read(place / "out").replications == 4


def test_a_missed_goal_is_still_exit_3_with_a_page(place: Path) -> None:
    done = ccsim("run", "desk.yaml", "--variant", "hard", "--require-goals", "--out", "out")
    assert done.exit_code == 3
    assert (place / "out" / "report.html").exists()


@pytest.mark.parametrize(
    "words", [["report"], ["report", "nowhere"], ["report", "desk.yaml"], ["report", "out\0"], ["report", ""]]
)
def test_bad_input_of_report_is_exit_2(place: Path, words: list[str]) -> None:
    done = ccsim(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert isinstance(done.exception, SystemExit)
