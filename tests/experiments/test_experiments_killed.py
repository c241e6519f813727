"""A run that is killed at any instant loses no finished result and leaves nothing that the next run does not sweep."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_play import SCENARIO

from ccsim.results.store import read_run

CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from fake_play import replace_engine
replace_engine(sys.modules)
from ccsim.cli import main
sys.argv = ["ccsim", "run", "desk.yaml", "--out", "out", "--no-report", "--quiet", "--force"]
print("go", flush=True)
main()
"""
HERE = str(Path(__file__).parent.parent / "results")


def started(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, HERE], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.verify)])
def test_no_kill_loses_a_finished_run(tmp_path: Path, kills: int) -> None:
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    began = time.monotonic()
    with started(tmp_path) as first:
        first.communicate()
    assert first.returncode == 0
    takes, digest = time.monotonic() - began, read_run(tmp_path / "out").digest
    chance = random.Random(5)
    for _ in range(kills):
        with started(tmp_path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * takes)
            process.kill()
        if (tmp_path / "out").exists():
            assert read_run(tmp_path / "out").digest == digest
        else:  # killed between two renames: the finished run lies beside it
            (old,) = tmp_path.glob(".out.*.old")
            assert read_run(old).digest == digest
    with started(tmp_path) as last:
        last.communicate()
    assert last.returncode == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["desk.yaml", "out"]
    assert read_run(tmp_path / "out").digest == digest
