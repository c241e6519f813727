"""Compiled and not, whatever the hash seed: the same digits."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.support.files import ROOT
from tests.support.random_scenarios import globes, scenarios
from tests.support.small_globe import small_globe

EXAMPLES = 25


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with random scenarios: drawn once, as what is drawn hangs on the modules that are loaded."""
    found: list[Scenario] = [small_globe()]

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios() | globes())
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    collect()
    assert len(found) > EXAMPLES
    path = tmp_path_factory.mktemp("examples") / "scenarios.pickle"
    path.write_bytes(pickle.dumps(found))
    return path


def digests(path: str | Path) -> list[str]:
    """Digest of the tables of each scenario of a file."""
    found = []
    for scenario in pickle.loads(Path(path).read_bytes()):
        simulated = simulate(compile_model(scenario), seed=scenario.run.seed, replication=1, visits=True)
        digest = hashlib.blake2b(digest_size=16)
        for name, table in sorted(simulated.tables.items()):
            digest.update(name.encode())
            digest.update(str(table.shape).encode())
            digest.update(table.tobytes())
        found.append(digest.hexdigest())
    return found


@pytest.mark.parametrize(("uncompiled", "hash_seed"), [("1", "1"), ("0", "2")])
def test_same_digits_in_another_interpreter(examples: Path, uncompiled: str, hash_seed: str) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": uncompiled, "PYTHONHASHSEED": hash_seed}
    script = "import sys; from tests.engine.test_uncompiled import digests; print(*digests(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(examples)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == digests(examples)
