"""What is killed at any instant loses no finished result and leaves nothing that the next command does not sweep."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.support.processes import environment
from tests.support.stand_in.desk import SCENARIO

CODE = """
import sys
from tests.support.stand_in.desk import replace_engine
replace_engine(sys.modules)
from ccsim.cli import main
sys.argv = ["ccsim", *sys.argv[1:], "--out", "out", "--no-report", "--quiet", "--force"]
print("go", flush=True)
main()
"""


def started(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *(words or ("run", "desk.yaml"))],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=pytest.mark.verify)])
def test_no_kill_loses_a_finished_run(tmp_path: Path, kills: int) -> None:
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    began = time.monotonic()
    with started(tmp_path) as first:
        first.communicate()
    assert first.returncode == 0
    takes, digest = time.monotonic() - began, Run.read(tmp_path / "out").digest
    chance = random.Random(5)
    for _ in range(kills):
        with started(tmp_path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * takes)
            process.kill()
        if (tmp_path / "out").exists():
            assert Run.read(tmp_path / "out").digest == digest
        else:  # killed between two renames: the finished run lies beside it
            (old,) = tmp_path.glob(".out.*.old")
            assert Run.read(old).digest == digest
    with started(tmp_path) as last:
        last.communicate()
    assert last.returncode == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["desk.yaml", "out"]
    assert Run.read(tmp_path / "out").digest == digest


def digests(folder: Path) -> list[str]:
    """Of all alternatives of a comparison; `read` says no where a run is not the one that was compared."""
    return [run.digest for run in Comparison.read(folder).runs.values()]


def pieces(folder: Path) -> set[str]:
    """What is in a folder and in those inside it."""
    return {str(one.relative_to(folder)) for one in folder.rglob("*")}


@pytest.mark.parametrize("kills", [1, pytest.param(40, marks=pytest.mark.verify)])
def test_no_kill_loses_a_finished_comparison(tmp_path: Path, kills: int) -> None:
    """Every attempt asks something else than the finished one, so that what is there is known to be old or new."""
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    compare = ("compare", "desk.yaml", "desk.yaml:more", "--replications")
    made: dict[int, list[str]] = {}
    for replications in ("5", "3"):
        began = time.monotonic()
        with started(tmp_path, *compare, replications) as process:
            process.communicate()
        assert process.returncode == 0
        takes = time.monotonic() - began
        made[int(replications)] = digests(tmp_path / "out")
    whole = pieces(tmp_path)
    chance = random.Random(7)
    for _ in range(kills):
        with started(tmp_path, *compare, "5") as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep((0.3 + 0.7 * chance.random()) * takes)
            process.kill()
        there = tmp_path / ("out" if (tmp_path / "out").exists() else ".out.replaced")
        assert digests(there) == made[Comparison.read(there).replications]
    with started(tmp_path, *compare, "3") as last:
        last.communicate()
    assert last.returncode == 0
    assert digests(tmp_path / "out") == made[3]
    assert pieces(tmp_path) == whole
