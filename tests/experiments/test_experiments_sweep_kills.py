"""A sweep that is killed at 200 random instants: nothing that was acknowledged is lost or simulated again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import environment

KILLS, SEED = 200, 2026


@pytest.mark.verify
def test_killed_at_200_random_instants_it_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.sweep_kills", str(KILLS), str(SEED)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(found)
    assert found["kills"] == KILLS
    assert found["kills_while_it_wrote"] >= 10
    for bad in ("lost", "acknowledged_and_lost", "simulated_again", "other_digests", "files_left"):
        assert found[bad] == 0, found
