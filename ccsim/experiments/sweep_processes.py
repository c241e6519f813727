"""Simulates the tasks of a sweep in processes of this machine: the same function as on a thread, without a common
lock."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

from ccsim.centre.foresee import foresee, memory_of_machine
from ccsim.draws.jit import compiled_before
from ccsim.errors import CcsimError
from ccsim.experiments.sweep_here import SimulatorsHere, shared_out
from ccsim.experiments.sweep_parts import SimulatedPoint
from ccsim.experiments.sweep_worker import FAILED, MADE, TOLD
from ccsim.results.spill import IN_MEMORY_VALUES

if TYPE_CHECKING:
    from ccsim.experiments.sweep_plan import SweepPlan, Task

log: Final = logging.getLogger("ccsim.sweep")

SHORT_SECONDS: Final = 1.0
"""Replications that are foreseen to take no longer spend much of their time in what is not the kernel."""
WORTH_SECONDS: Final = 30.0
"""Work of a worker, as foreseen, from which on it is worth the second or so that a process takes to start."""
MOST_MEMORY: Final = 0.5
"""Share of the machine's memory that processes may take unasked."""
ENDING_SECONDS: Final = 5.0
"""So long a process may take to end."""

_MAIN: Final = "import sys; sys.path[:] = sys.argv[1:]; from ccsim.experiments.sweep_worker import main; main()"
"""What a process does: it finds everything where this one finds it, and imports nothing of the user's program."""


class KilledProcess(CcsimError):  # noqa: N818
    """The process that simulated a task ended in its midst."""


def worth_it(plan: SweepPlan, todo: Sequence[Task]) -> bool:
    """Whether processes are the better workers: there is enough to simulate, its replications are short, the kernel is
    compiled already, and memory suffices."""
    workers = min(plan.workers, len(todo))
    if workers < 2 or not sys.executable or not compiled_before("advance"):
        return False
    seconds = sum(task.seconds for task in todo)
    if seconds > SHORT_SECONDS * plan.replications * len(todo) or seconds < WORTH_SECONDS * workers:
        return False
    machine = memory_of_machine()
    return machine is None or workers * memory_of_one(plan, todo) <= MOST_MEMORY * machine


def memory_of_one(plan: SweepPlan, todo: Sequence[Task]) -> float:
    """Bytes that a process is foreseen to take at its peak: what a run takes, and the tables of all replications of a
    point; they are kept until it is told, in memory while they are short."""
    _, threads = shared_out(plan.workers, len(todo))
    run = foresee(todo[0].prepared.scenario, replications=plan.replications, workers=threads)
    return run.memory + 8 * IN_MEMORY_VALUES


class NoProcess(CcsimError):  # noqa: N818
    """A process cannot be started here: no task is to blame."""


class _Process:
    """A process that simulates one task at a time."""

    def __init__(self) -> None:
        self._ready = False
        path = [os.path.abspath(one) for one in sys.path]  # noqa: PTH100 - as text
        apart: dict[str, Any] = {"start_new_session": True}  # a Ctrl-C at the terminal is for whoever asked
        if os.name == "nt":
            apart = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        self._process = subprocess.Popen(  # noqa: S603 - this Python, with our own words
            [sys.executable, "-P", "-c", _MAIN, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **apart,
        )

    def simulate(self, sent: bytes, told: SimpleQueue[tuple[int, int]]) -> list[SimulatedPoint] | None:
        """Simulate a task; `KilledProcess` where it ends meanwhile, `NoProcess` where it never began."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(pickle.dumps(sent, protocol=pickle.HIGHEST_PROTOCOL))
            self._process.stdin.flush()
            while True:
                what, value = pickle.load(self._process.stdout)  # noqa: S301 - from a process that this one started
                self._ready = True
                if what == TOLD:
                    told.put(value)
                elif what == FAILED:
                    raise value
                elif what == MADE:
                    made: list[SimulatedPoint] | None = value
                    return made
        except (OSError, EOFError, pickle.UnpicklingError):
            code = self._process.wait()
            how = f"ended with {f'signal {-code}' if code < 0 else f'exit code {code}'}"
            if not self._ready:
                raise NoProcess(f"a process {how} before it was ready to simulate; --threads needs none") from None
            raise KilledProcess(f"the process that simulated it {how}; perhaps there is too little memory") from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self, *, wait: bool) -> None:
        """Let it end: it does once it finds its input closed."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        if wait:
            try:
                self._process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()


class ProcessSimulators(SimulatorsHere):
    """Processes of this machine as what simulates tasks, one after the other in each."""

    def __init__(self, plan: SweepPlan, todo: Sequence[Task]) -> None:
        super().__init__(plan.workers, len(todo))
        # a process needs to know neither the other tasks nor the files
        self._plan = replace(plan, points=(), tasks=(), files={})
        self._lock = Lock()
        self._ended = False
        self._started: list[_Process] = [_Process() for _ in range(self.at_once)]
        self._idle: list[_Process] = [*self._started]
        log.info(
            "%d processes simulate, some %.0f MB of memory each (--threads: one process simulates)",
            self.at_once,
            memory_of_one(plan, todo) / 1e6,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.end(wait=False)

    def submit(self, task: Task) -> Future[list[SimulatedPoint] | None]:
        """Begin a task; None comes of one that was stopped."""
        return self._pool.submit(self._simulate, task)

    def _simulate(self, task: Task) -> list[SimulatedPoint] | None:
        with self._lock:
            if self._ended:
                return None
            one = self._idle.pop() if self._idle else _Process()
            if one not in self._started:
                self._started.append(one)
        try:
            return one.simulate(pickle.dumps((task, self._plan, self._threads), pickle.HIGHEST_PROTOCOL), self._told)
        except (KilledProcess, NoProcess):
            if self._ended:
                return None
            raise
        finally:
            with self._lock:
                if one.alive:
                    self._idle.append(one)
                else:
                    one.end(wait=True)
                    self._started.remove(one)

    def end(self, *, wait: bool) -> None:
        """Begin nothing more; what processes have in hand is dropped."""
        with self._lock:
            self._ended = True
            ending = [*self._started]
        for one in ending:
            one.end(wait=False)
        for one in ending:
            one.end(wait=True)
        super().end(wait=wait)
