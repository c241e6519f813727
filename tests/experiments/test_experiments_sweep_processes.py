"""A sweep in processes of this machine: the same tables as on threads, also if one is killed, and none outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.experiments import sweep, sweep_processes
from ccsim.experiments.asked import Effort, SweepAsked
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_plan import SweepPlan, plan_sweep
from ccsim.results.sweep_store import read_sweep
from tests.support.processes import environment
from tests.support.sweep_desk import DESK

VARY = {"pools.a.staffing": "2..5"}
KILLED, FAILS = 3, 2
ODD = f"""
import os, sys
sys.path[:] = sys.argv[1:]
from ccsim.experiments import sweep_parts, sweep_worker
one = sweep_parts.simulate_task
class Odd(Exception):
    def __init__(self, a, b): super().__init__(f"{{a}}{{b}}")
def simulate(task, plan, **given):
    print("this is no message")
    if task.number == {KILLED}:
        os.kill(os.getpid(), 9)
    if task.number == {FAILS}:
        raise Odd("no", "where")
    return one(task, plan, **given)
sweep_parts.simulate_task = simulate
sweep_worker.main()
"""
"""A process that is killed at one task, and fails at another one with an error that nobody else knows."""
SLOW = """
import sys, time
from ccsim.experiments import sweep_processes
sweep_processes._MAIN = (
    "import sys, time; sys.path[:] = sys.argv[1:]; from ccsim.experiments import sweep_parts, sweep_worker\\n"
    "one = sweep_parts.simulate_task\\n"
    "def simulate(task, plan, **given):\\n"
    "    time.sleep(60 * (task.number > 2))\\n"
    "    return one(task, plan, **given)\\n"
    "sweep_parts.simulate_task = simulate; sweep_worker.main()"
)
from ccsim.start import main
main()
"""
"""The command line, whose processes take a minute for each of the later tasks."""
SECONDS = 60


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def plan(**given: int) -> SweepPlan:
    factors, _ = factors_of([f"{key}={values}" for key, values in VARY.items()])
    return plan_sweep(SweepAsked(["desk.yaml"], factors, effort=Effort(2, **given)))


def test_a_killed_process_costs_its_task_alone_and_the_tables_are_those_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = api.sweep("desk.yaml", VARY, replications=2, processes=False)
    with monkeypatch.context() as patch:
        patch.setattr(sweep_processes, "_MAIN", ODD)
        patch.setattr(sweep, "TRIES", 1)  # each costs the start of a process
        made = api.sweep("desk.yaml", VARY, replications=2, workers=1, out="out", processes=True)
    assert made.parked == {
        FAILS: "RuntimeError: Odd: nowhere",
        KILLED: "the process that simulated it ended with signal 9; perhaps there is too little memory",
    }
    again = api.sweep("desk.yaml", VARY, replications=2, out="out", resume=True)
    assert again.parked == {}
    assert again.digest == whole.digest == read_sweep("out").digest


def test_where_no_process_can_be_started_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_processes, "_MAIN", "import sys; sys.exit(3)")
    with pytest.raises(CcsimError, match="a process ended with exit code 3 before it was ready to simulate; --threads"):
        api.sweep("desk.yaml", VARY, replications=2, workers=1, out="out", processes=True)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes as Linux shows them")
@pytest.mark.parametrize("sent", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.verify)])
def test_no_process_outlives_the_command_and_what_is_finished_is_kept(sent: signal.Signals) -> None:
    words = ["sweep", "desk.yaml", "--replications", "2", "--workers", "1", "--out", "out", "--processes"]
    words += [word for key, values in VARY.items() for word in ("--vary", f"{key}={values}")]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *words], env=environment(), stderr=subprocess.PIPE, text=True
    ) as command:
        end = time.monotonic() + SECONDS
        while len(list(Path("out").glob("parts/0*.parquet"))) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        children = [int(one) for one in Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()]
        assert len(children) == 1
        command.send_signal(sent)
        _, told = command.communicate(timeout=SECONDS)
    assert command.returncode == (130 if sent == signal.SIGINT else -signal.SIGKILL), told
    while any(running(one) for one in children) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(running(one) for one in children)
    if sent == signal.SIGINT:
        assert "stopped: 2 of 4 scenarios are simulated and kept; the same command with --resume goes on" in told
        assert "Traceback" not in told


def running(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        with suppress(FileNotFoundError):
            return Path(f"/proc/{process}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    return False


def test_processes_are_for_much_work_of_short_replications_where_memory_suffices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweep_processes, "compiled_before", lambda name: True)
    small = plan(workers=2)
    worth = sweep_processes.worth_it

    def with_seconds(seconds: float, workers: int = 2) -> bool:
        tasks = [replace(task, seconds=seconds) for task in small.tasks]
        return worth(replace(small, workers=workers), tasks)

    assert not worth(small, small.tasks)
    enough = 2 * sweep_processes.WORTH_SECONDS / len(small.tasks)
    assert enough / small.replications > sweep_processes.SHORT_SECONDS  # of two replications, these are long ones
    assert not with_seconds(enough)
    monkeypatch.setattr(sweep_processes, "SHORT_SECONDS", enough)
    assert with_seconds(enough)
    assert not with_seconds(enough, workers=1)
    assert not worth(small, [replace(small.tasks[0], seconds=60 * enough)])
    monkeypatch.setattr(sweep_processes, "memory_of_machine", lambda: 1_000_000_000)
    assert not with_seconds(enough)
    monkeypatch.setattr(sweep_processes, "memory_of_machine", lambda: None)
    assert with_seconds(enough)
    monkeypatch.setattr(sweep_processes, "compiled_before", lambda name: False)
    assert not with_seconds(enough)
