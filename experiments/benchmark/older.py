"""The flagship of an older checkout, by that and by this version in turn: what today's costs without what is new."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from experiments.benchmark.figures import Figure, Skipped
from experiments.benchmark.first_answer import FLAGSHIP, check_taken, environment
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import REPOSITORY

TITLE = "older flagship"
FEWEST_LAPS = 10
SETTINGS = ("horizon.warm_up=1d", "horizon.length=1w")
DRAIN = "1h"
"""Both simulate the same contacts: none that only one of them waits for."""
CHILD = """
import gc, sys, time
from pathlib import Path
import ccsim.engine
from ccsim.model import compile_model
from ccsim.scenario import load
from experiments.benchmark.subject import contacts_of

run = getattr(ccsim.engine, "simulate", None) or ccsim.engine.play  # as it was called before
model = compile_model(load(Path(sys.argv[1]), settings=sys.argv[2:]))
visits = contacts_of(run(model, seed=1, replication=0))
gc.disable()
print(visits, flush=True)
for _ in sys.stdin:
    gc.collect()
    began = time.process_time()
    run(model, seed=1, replication=0)
    print(time.process_time() - began, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A process in which a checkout simulates a replication whenever it is asked."""

    process: subprocess.Popen[str]
    visits: int
    """Of the replication."""

    def seconds(self) -> float:
        """Processor time of one replication more."""
        assert self.process.stdin is not None
        print("again", file=self.process.stdin, flush=True)
        return float(_line(self.process))

    def end(self) -> None:
        """End the process, which reads until there is nothing more."""
        self.process.communicate()


def older(plan: Plan) -> list[Figure] | Skipped:
    """Nanoseconds a visit by both versions, in turn, of one replication of a week."""
    if plan.beside is None:
        return Skipped(TITLE, "say the older checkout with --beside FOLDER")
    for root in (plan.beside, REPOSITORY):
        check_taken(root)
    file = plan.beside / "scenarios" / f"{FLAGSHIP}.yaml"
    word = "drain" if "drain:" in file.read_text(encoding="utf-8") else "run_out"
    settings = [*SETTINGS, f"horizon.{word}={DRAIN}"]
    both = [started(root, file, settings) for root in (plan.beside, REPOSITORY)]
    laps = [[one.seconds() / one.visits * 1e9 for one in both] for _ in range(max(plan.rounds, FEWEST_LAPS))]
    for one in both:
        one.end()
    then, now = zip(*laps, strict=True)
    note = f"{both[0].visits:,} and {both[1].visits:,} visits"
    return [
        Figure(TITLE, f"by {plan.beside.name}", "ns a visit", then, note=note),
        Figure(TITLE, "by this version", "ns a visit", now),
        Figure(TITLE, f"this version / {plan.beside.name}", "times", tuple(b / a for a, b in laps)),
    ]


def started(root: Path, scenario: Path, settings: list[str]) -> Checkout:
    """A checkout in a process of its own, ready: compiled, and run once."""
    command = [sys.executable, "-c", CHILD, str(scenario), *settings]
    process = subprocess.Popen(
        command, env=environment(root), cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return Checkout(process, int(_line(process)))


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.communicate()
        raise subprocess.CalledProcessError(process.returncode, "a replication of a checkout")
    return line
