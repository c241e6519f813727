"""Peak memory of whole runs, page included, against replications and against what `ccsim check` foresees."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from experiments.benchmark.figures import Figure
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import REPOSITORY

PART = "memory (whole runs)"
MORE_AT_MOST = 1.1
FORESEEN_WITHIN = 2.0
WORKERS = 2


def whole_runs(plan: Plan) -> list[Figure]:
    """Peak of runs of the flagship at 2, 8 and 32 replications (quick: 2 and 4), and what is foreseen of two runs."""
    flagship, desk = "global_support.yaml", "regional_desk.yaml"
    counts = (2, 4) if plan.rounds < 3 else (2, 8, 32)
    peak_of_run(flagship, 1)  # so that nobody compiles in what is measured
    peaks = {count: peak_of_run(flagship, count) for count in counts}
    few, many = counts[0], counts[-1]
    figures = [Figure(PART, f"flagship, {count} replications", "MB", (peak / 1e6,)) for count, peak in peaks.items()]
    figures.append(
        Figure(
            PART,
            f"flagship, {many} / {few} replications",
            "times",
            (peaks[many] / peaks[few],),
            MORE_AT_MOST,
            "at most",
        )
    )
    figures.append(Figure(PART, "a further replication", "MB", ((peaks[many] - peaks[few]) / (many - few) / 1e6,)))
    for name, measured in ((flagship, peaks[counts[1]]), (desk, peak_of_run(desk, 20))):
        times = foreseen_of(name) / measured
        figures.append(
            Figure(PART, f"{name}: foreseen / measured", "times", (max(times, 1 / times),), FORESEEN_WITHIN, "at most",
                   note=f"{times:.2f}")
        )  # fmt: skip
    return figures


def peak_of_run(scenario: str, replications: int) -> int:
    """Bytes resident at most in a process that runs a scenario, stores it and makes its page."""
    with tempfile.TemporaryDirectory() as place:
        command = ["run", str(REPOSITORY / "scenarios" / scenario), "--replications", str(replications)]
        command += ["--workers", str(WORKERS), "--out", str(Path(place) / "run"), "--quiet"]
        done = subprocess.run(
            [sys.executable, "-m", "experiments.benchmark.whole_runs", json.dumps(command)],
            cwd=REPOSITORY, env=dict(os.environ), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    return int(done.stdout)


def foreseen_of(scenario: str) -> float:
    """Bytes that are foreseen for a run of a scenario."""
    from ccsim.centre.foresee import foresee
    from ccsim.scenario import load

    return foresee(load(REPOSITORY / "scenarios" / scenario), workers=WORKERS).memory


def _child(command: list[str]) -> int:
    """Run a command in a process of its own; its peak."""
    start = [sys.executable, "-c", "from ccsim.start import main; main()"]
    subprocess.run([*start, *command], stdout=subprocess.DEVNULL, check=True)
    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


if __name__ == "__main__":
    print(_child(json.loads(sys.argv[1])))
