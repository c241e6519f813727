"""Measurements that need a fresh process: peak memory, and start-up with a cold and a warm compile cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from experiments.benchmark.machine import peak_memory
from experiments.benchmark.subject import REPOSITORY, contacts_of

CACHE_VARIABLE = "CCSIM_CACHE_DIR"


def measure(
    scenario: Path, settings: Sequence[str], *, replications: int = 1, cache: Path | None = None
) -> dict[str, Any]:
    """Simulate a scenario in a process of its own and return what that process saw.

    Parameters
    ----------
    scenario, settings
        Scenario file and `key=value` settings.
    simulates
        Replications, timed one by one; with none the scenario is compiled twice.
    cache
        Folder for compiled code; none: the usual one.

    Returns
    -------
    dict
        `import_s`, `prepare_s`, `replications_s` (seconds of processor time each), `contacts` and `tables` (contacts
        and bytes of tables of the last replication), `before` and `peak` (bytes resident, before the first replication
        and at most),
        `process_s` (wall seconds of the whole process, from outside), `import_wall_s`, `read_wall_s`,
        `compile_wall_s`; where nothing is simulated `compile_again_wall_s` and `compile_again_s` too.
    """
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPOSITORY), environment.get("PYTHONPATH", "")]))
    if cache is not None:
        environment[CACHE_VARIABLE] = str(cache)
    task = json.dumps({"scenario": str(scenario), "settings": list(settings), "replications": replications})
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "experiments.benchmark.fresh", task],
        env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen | {"process_s": time.perf_counter() - began}


def _child(task: dict[str, Any]) -> dict[str, Any]:
    # Processor time: a compilation of seconds suffers most from a machine that is shared.
    marks, walls = [time.process_time()], [time.perf_counter()]
    from ccsim.engine import simulate
    from ccsim.model import compile_model
    from ccsim.scenario import load

    marks.append(time.process_time())
    walls.append(time.perf_counter())
    scenario = load(task["scenario"], settings=task["settings"])
    walls.append(time.perf_counter())
    model = compile_model(scenario)
    marks.append(time.process_time())
    walls.append(time.perf_counter())
    more: dict[str, float] = {}
    if task["replications"] == 0:
        compile_model(scenario)
        more = {
            "compile_again_s": time.process_time() - marks[-1],
            "compile_again_wall_s": time.perf_counter() - walls[-1],
        }
    before, contacts, tables = peak_memory(), 0, 0
    for replication in range(task["replications"]):
        simulated = simulate(model, seed=1, replication=replication)
        contacts, tables = contacts_of(simulated), sum(table.nbytes for table in simulated.tables.values())
        marks.append(time.process_time())
    spans = [b - a for a, b in pairwise(marks)]
    imported, read, compiled = (b - a for a, b in pairwise(walls))
    return {
        "import_s": spans[0], "prepare_s": spans[1], "replications_s": spans[2:], "contacts": contacts,
        "tables": tables, "before": before, "peak": peak_memory(),
        "import_wall_s": imported, "read_wall_s": read, "compile_wall_s": compiled, **more,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_child(json.loads(sys.argv[1]))))
