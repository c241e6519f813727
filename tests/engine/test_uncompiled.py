"""Compiled and not, whatever the hash seed: the same digits."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ccsim.engine import play
from ccsim.model import compile_model
from ccsim.scenario.sections import Scenario
from tests.engine.random_scenarios import scenarios

EXAMPLES = 25


def digests() -> list[str]:
    """Digest of the tables of each of a fixed list of random scenarios."""
    found = []

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios())
    def collect(scenario: Scenario) -> None:
        played = play(compile_model(scenario), seed=scenario.run.seed, replication=1, visits=True)
        digest = hashlib.blake2b(digest_size=16)
        for name, table in sorted(played.tables.items()):
            digest.update(name.encode())
            digest.update(str(table.shape).encode())
            digest.update(table.tobytes())
        found.append(digest.hexdigest())

    collect()
    return found


@pytest.mark.parametrize(("jit", "hash_seed"), [("1", "1"), ("0", "2")])
def test_same_digits_in_another_interpreter(jit: str, hash_seed: str) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": jit, "PYTHONHASHSEED": hash_seed}
    script = "from tests.engine.test_uncompiled import digests; print(*digests())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == digests()
