"""Kills a process that sweeps, at random instants, until the sweep is done, over and over; says what was lost.

`python -m tests.support.sweep_kills KILLS SEED` works in the current folder and prints one JSON document. It imports
everything, compiles the kernel and plans the sweep once; the processes that are killed are its forks, so a kill costs
no start.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from ccsim.experiments import sweep as simulating
from ccsim.experiments.asked import Effort, SweepAsked
from ccsim.experiments.prepared import prepare
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.experiments.sweep_plan import SweepPlan, plan_sweep
from ccsim.results.sweep_store import SweepFolder
from tests.support.sweep_desk import DESK

VARY: Final = ("pools.a.staffing=2..9", "pools.b.staffing=1..3")
"""24 scenarios, the one as written among them."""
LOG: Final = "log.txt"
MOST_WAIT: Final = 0.5
"""Seconds of a sweep's own work in which a kill falls, evenly."""


def sweep(plan: SweepPlan, out: str) -> None:
    """Sweep in this process, going on with what is there; every step is in the log at once."""
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    keep = SweepFolder.keep

    def say(*words: object) -> None:
        os.write(log, f"{' '.join(map(str, words))}\n".encode())

    def simulate(task, *given, **more):
        say("replications", task.number)
        return simulate_task(task, *given, **more)

    def kept(self, number, *given):
        say("writes", number)
        keep(self, number, *given)
        say("kept", number)

    simulating.simulate_task, SweepFolder.keep = simulate, kept
    say("digest", simulating.swept(plan, out=out, resume=True).digest)


def forked(plan: SweepPlan, out: str, die_after: float | None) -> list[list[str]]:
    """A process that sweeps; killed so long after it first simulates (below 0: after its start). What it logged."""
    Path(LOG).unlink(missing_ok=True)
    child = os.fork()
    if not child:
        code = 1
        try:
            sweep(plan, out)
            code = 0
        finally:
            os._exit(code)
    if die_after is not None:
        until = time.monotonic() + (-die_after if die_after < 0 else 60.0)
        while (
            die_after >= 0
            and time.monotonic() < until
            and not (Path(LOG).exists() and "replications" in Path(LOG).read_text())
        ):
            time.sleep(0.002)
        if die_after >= 0:
            until = time.monotonic() + die_after
        while time.monotonic() < until:
            time.sleep(min(0.001, max(until - time.monotonic(), 0.0)))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0, "the sweep failed"
    text = Path(LOG).read_text() if Path(LOG).exists() else ""
    return [line.split() for line in text.splitlines()]


def noted(out: str) -> dict[int, str]:
    """Digests of the parts of finished tasks, from a copy of the store: the next process has to repair its own."""
    place = Path(out) / "tasks.sqlite"
    if not place.exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for file in place.parent.glob("tasks.sqlite*"):
            shutil.copy(file, folder)
        base = sqlite3.connect(Path(folder) / place.name)
        try:
            return dict(base.execute("SELECT number, sha256 FROM tasks WHERE state = 'done'"))
        except sqlite3.OperationalError:  # killed before the tables were made
            return {}
        finally:
            base.close()


def proved(kills: int, seed: int) -> dict[str, object]:
    """Kill so often; the figures."""
    Path("desk.yaml").write_text(DESK)
    prepare("desk.yaml").simulator(1)(0)
    plan = plan_sweep(SweepAsked(["desk.yaml"], factors_of(VARY)[0], effort=Effort(2, workers=2)))
    rng = random.Random(seed)
    want = forked(plan, "whole", None)[-1]
    assert want[0] == "digest"
    counts: Counter[str] = Counter()
    while counts["kills"] < kills:
        out = f"out-{counts['sweeps']}"
        before: dict[int, str] = {}
        while True:
            die = -rng.uniform(0.0, 1.0) if rng.random() < 0.1 else rng.uniform(0.0, MOST_WAIT)
            log = forked(plan, out, die if counts["kills"] < kills else None)
            now = noted(out)
            said = {
                what: {int(line[1]) for line in log if line[0] == what} for what in ("replications", "writes", "kept")
            }
            counts["lost"] += sum(now.get(number) != digest for number, digest in before.items())
            counts["acknowledged_and_lost"] += len(said["kept"] - now.keys())
            counts["simulated_again"] += len(said["replications"] & before.keys())
            before = now
            if log and log[-1][0] == "digest":
                break
            counts["kills"] += 1
            counts["kills_while_it_wrote"] += bool(said["writes"] - said["kept"])
            counts["kills_before_it_simulated"] += not said["replications"]
        counts["sweeps"] += 1
        counts["other_digests"] += log[-1] != want
        counts["files_left"] += len(list(Path(out).rglob(".*")))
        shutil.rmtree(out)
    return {name: counts[name] for name in sorted(counts)}


if __name__ == "__main__":
    print(json.dumps(proved(int(sys.argv[1]), int(sys.argv[2]))))
