"""A stored run that is damaged is told as such: one line, exit code 5, no traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from tests.support.stand_in.desk import SCENARIO, stand_in


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, made by the stand-in for the engine."""
    folder = tmp_path_factory.mktemp("stored")
    (folder / "desk.yaml").write_text(SCENARIO)
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        words = ["run", str(folder / "desk.yaml"), "--out", str(folder / "run"), "--no-report"]
        assert CliRunner().invoke(app, words).exit_code == 0
    return folder / "run"


def changed(key: str, value: Any) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        record = json.loads((run / "run.json").read_text())
        (run / "run.json").write_text(json.dumps(record | {key: value}))

    return change


def parquet(name: str, *, keep: int) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        file = run / f"{name}.parquet"
        file.write_bytes(file.read_bytes()[:keep])

    return change


DAMAGES: dict[str, Callable[[Path], None]] = {
    "measured is a list": changed("measured", [1]),
    "tables is a number": changed("tables", 7),
    "goals is a number": changed("goals", 7),
    "estimates cut short": parquet("estimates", keep=100),
    "estimates empty": parquet("estimates", keep=0),
    "estimates gone": lambda run: (run / "estimates.parquet").unlink(),
    "estimates with other columns": lambda run: shutil.copy(run / "queues.parquet", run / "estimates.parquet") and None,
}
OF_TABLES: dict[str, Callable[[Path], None]] = {
    "a table cut short": parquet("queue_sums", keep=200),
    "a table with other columns": lambda run: shutil.copy(run / "queues.parquet", run / "queue_sums.parquet") and None,
    "a table gone": lambda run: (run / "queue_sums.parquet").unlink(),
}


@pytest.mark.parametrize("words", [["report"], ["report", "--xlsx"]])
@pytest.mark.parametrize("damage", [*DAMAGES, *OF_TABLES])
def test_a_damaged_run_is_told_as_such(stored: Path, tmp_path: Path, damage: str, words: list[str]) -> None:
    run = tmp_path / "run"
    shutil.copytree(stored, run)
    (DAMAGES | OF_TABLES)[damage](run)
    done = CliRunner().invoke(app, [*words, str(run)])
    assert done.exit_code == 5, (done.output, done.exception)
    assert done.stderr.startswith(f"{run}: ")
    assert not list(run.glob("report.*"))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "7", "[]", '{"format": NaN}', "\x00"])
@pytest.mark.parametrize("command", ["report", "check-goals"])
def test_a_file_that_is_no_record_is_not_a_run(stored: Path, tmp_path: Path, command: str, text: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(stored, run)
    (run / "run.json").write_text(text)
    done = CliRunner().invoke(app, [command, str(run)])
    assert done.exit_code == 2, (done.output, done.exception)
    assert done.stderr.startswith(f"{run}: ")


@pytest.mark.parametrize("goals", [7, [7], [{}], [{"kpi": 3}]])
def test_goals_that_are_none_are_told(stored: Path, tmp_path: Path, goals: Any) -> None:
    run = tmp_path / "run"
    shutil.copytree(stored, run)
    changed("goals", goals)(run)
    done = CliRunner().invoke(app, ["check-goals", str(run)])
    assert done.exit_code == 5, (done.output, done.exception)
