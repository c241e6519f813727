"""What killed processes left beside a place is swept; what a living one writes is not, and no result is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccsim.results.comparison_store import ComparisonFolder
from ccsim.results.lock import sweep, sweep_inside


@pytest.fixture
def dead() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_drafts_of_the_dead_are_swept_and_those_of_the_living_stay(tmp_path: Path, dead: int) -> None:
    (tmp_path / "out").mkdir()
    for name in (f".out.{dead}.partial", f".out.{dead}.old", f".out.{os.getpid()}.partial", f".out.{10**30}.partial"):
        (tmp_path / name).mkdir()
    kept = [f".out.{os.getppid()}.partial", f".other.{dead}.partial", ".out.notes.partial", "out"]
    for name in kept[:-1]:
        (tmp_path / name).mkdir()
    sweep(tmp_path / "out")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(kept)


@pytest.mark.parametrize("living", [True, False])
def test_a_result_that_was_moved_away_comes_back(tmp_path: Path, dead: int, *, living: bool) -> None:
    old = tmp_path / f".out.{os.getppid() if living else dead}.old"
    old.mkdir()
    (old / "run.json").write_text("{}")
    sweep(tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "run.json").exists()


def test_inside_a_folder_the_drafts_of_all_places_are_swept(tmp_path: Path, dead: int) -> None:
    kept = f".desk.{os.getppid()}.partial"
    for name in (f".desk.{dead}.partial", f".desk-more.{dead}.partial", f".hard.{dead}.old", kept):
        (tmp_path / name).mkdir()
    (tmp_path / f".compare.json.{dead}.partial").write_text("{")
    sweep_inside(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [kept, "hard"]


def test_a_comparison_sweeps_what_is_beside_it(tmp_path: Path, dead: int) -> None:
    """As half of a replaced comparison is, whose remover was killed: under its old name it stood in the way."""
    rest = tmp_path / f".out.{dead}.partial"
    (rest / "desk").mkdir(parents=True)
    with ComparisonFolder(tmp_path / "out") as folder:
        folder.begin({"seed": "1"})
        assert not rest.exists()
