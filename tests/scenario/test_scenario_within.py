"""A scenario reads no file from outside its folder, unless the user allows it, and quotes none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.errors import ScenarioError
from ccsim.scenario import load
from ccsim.scenario.within import files_from_outside

DESK = (
    "scenario: desk\nhorizon: {start: 2026-03-02, length: 1d}\nhandle_time: {value: 1m}\npools: {desk: {staffing: 1}}\n"
)
SECRET = "root:x:secret"


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A folder of a scenario, beside files that are none of its business."""
    (tmp_path / "secret.csv").write_text(f"{SECRET}\nstart,contacts\n")
    (tmp_path / "base.yaml").write_text(DESK + "demand: {calls: {per_hour: 1}}\n")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "day.csv").write_text("start,contacts\n2026-03-02 00:00,1\n2026-03-02 01:00,1\n")
    os.mkfifo(folder / "pipe.csv")
    return folder


@pytest.mark.parametrize("name", ["../secret.csv", "link.csv", "ABSOLUTE", "../mine/../secret.csv"])
@pytest.mark.parametrize("key", ["intervals", "trace"])
def test_data_from_outside_are_refused_and_not_quoted(inner: Path, name: str, key: str) -> None:
    name = str(inner.parent / "secret.csv") if name == "ABSOLUTE" else name
    (inner / "plan.yaml").write_text(DESK + f"demand: {{calls: {{{key}: {name}}}}}\n")
    with pytest.raises(ScenarioError) as error:
        load(inner / "plan.yaml")
    (fault,) = error.value.faults
    assert fault.key == f"demand.calls.{key}"
    assert "lies outside the scenario's folder; move it there, or allow it with --allow-outside" in fault.message
    assert "secret" not in str(error.value).replace("secret.csv", "")


def test_files_within_may_be_named_in_any_way(inner: Path) -> None:
    for name in ("day.csv", "../mine/day.csv", str(inner / "day.csv")):
        (inner / "plan.yaml").write_text(DESK + f"demand: {{calls: {{intervals: {name}}}}}\n")
        assert load(inner / "plan.yaml").demand["calls"].rate is not None


def test_what_is_extended_lies_within_too(inner: Path) -> None:
    (inner / "plan.yaml").write_text("extends: ../base.yaml\nscenario: child\n")
    with pytest.raises(ScenarioError, match=r"plan\.yaml:1:10: extends: cannot read .* lies outside"):
        load(inner / "plan.yaml")
    with files_from_outside():
        assert load(inner / "plan.yaml").scenario == "child"
    with pytest.raises(ScenarioError):
        load(inner / "plan.yaml")


def test_a_pipe_is_no_file(inner: Path) -> None:
    (inner / "plan.yaml").write_text(DESK + "demand: {calls: {intervals: pipe.csv}}\n")
    with pytest.raises(ScenarioError, match="is not a file"):
        load(inner / "plan.yaml")


def test_a_base_below_may_read_what_lies_in_the_scenarios_folder(inner: Path) -> None:
    (inner / "parts").mkdir()
    (inner / "parts" / "base.yaml").write_text(DESK + "demand: {calls: {intervals: ../day.csv}}\n")
    (inner / "plan.yaml").write_text("extends: parts/base.yaml\nscenario: child\n")
    assert load(inner / "plan.yaml").demand["calls"].rate is not None


@pytest.mark.parametrize("command", [["check"], ["explain"], ["diff"]])
def test_the_option_allows_it_for_one_command(inner: Path, command: list[str]) -> None:
    plan = str(inner / "plan.yaml")
    (inner / "plan.yaml").write_text("extends: ../base.yaml\nscenario: child\n")
    words = [*command, plan, *{"explain": ["scenario"], "diff": [plan]}.get(command[0], [])]
    runner = CliRunner()
    assert runner.invoke(app, words).exit_code == 2
    assert runner.invoke(app, [*words, "--allow-outside"]).exit_code == 0
    assert runner.invoke(app, words).exit_code == 2
