"""Simulates the tasks of a sweep on the workers of a Dask cluster: the same function as on a thread, in other
processes."""

from __future__ import annotations

import logging
import os
import pickle
import re
import time
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Self

from ccsim.errors import CcsimError
from ccsim.experiments.replicate import Stop
from ccsim.experiments.sweep_parts import SimulatedPoint, simulate_task
from ccsim.experiments.sweep_processes import KilledProcess
from ccsim.results.provenance import machine, versions

if TYPE_CHECKING:
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.sweep_plan import SweepPlan, Task

log: Final = logging.getLogger("ccsim.sweep")

CONNECT_SECONDS: Final = 10
"""So long the scheduler may take to answer."""
LOOK_SECONDS: Final = 2.0
"""How often is looked which workers there are."""
NOBODY_SECONDS: Final = 30.0
"""How often is said that there are none."""


class OtherWorker(CcsimError):  # noqa: N818
    """A worker whose digits might be others: of another version, or on a processor of another kind."""


def ground() -> dict[str, str]:
    """What the digits of a result depend on beside the scenario: versions and the kind of processor."""
    return {**versions(), "processor": str(machine()["processor"])}


def simulate_remotely(sent: bytes, wanted: dict[str, str]) -> list[SimulatedPoint]:
    """Simulate a task in the process of a worker, on one thread; `OtherWorker` where its digits might be others.

    Parameters
    ----------
    sent
        The task and its plan, pickled.
    wanted
        The `ground` of the process that asks.
    """
    mine = ground()
    if differs := [f"{name} {mine.get(name)}, not {wanted[name]}" for name in wanted if mine.get(name) != wanted[name]]:
        raise OtherWorker(f"a worker differs: it has {'; '.join(differs)}")
    task, plan = pickle.loads(sent)  # noqa: S301 - from our own sweep; who may write to the scheduler may run anything
    made = simulate_task(task, plan, workers=1, stop=Stop())
    assert made is not None
    return made


class ClusterSimulators:
    """The workers of a cluster as what simulates tasks. `CcsimError` where its scheduler does not answer."""

    def __init__(self, address: str, plan: SweepPlan) -> None:
        if re.fullmatch(r"(tcp|tls)://\S+:\d+", address) is None:
            raise CcsimError(f"--scheduler: expected an address like tcp://desk-1:8786, got '{address}'")
        try:
            from distributed import Client
        except ImportError:
            raise CcsimError("--scheduler: needs Dask's `distributed`: pip install 'ccsim[cluster]'") from None
        _quieten()
        self.address = address
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise CcsimError(
                f"--scheduler: no scheduler answers at {address} ({why}); start one with `dask scheduler`, and on each "
                f"machine `dask worker {address} --nthreads 1 --nworkers 2`"
            ) from None
        self._pool = self._client.get_executor(pure=False)
        # a worker needs to know neither the other tasks nor the files
        self._plan = replace(plan, points=(), tasks=(), files={})
        self._ground = ground()
        self._workers: dict[str, int] = {}
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._looked = self._said = 0.0
        self._look()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close(timeout=CONNECT_SECONDS)

    @property
    def at_once(self) -> int:
        """Tasks that the workers simulate at once now; they come and go."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._look()
        return max(1, sum(self._workers.values()))

    def submit(self, task: Task) -> Future[list[SimulatedPoint] | None]:
        """Hand a task to a worker; it goes to another one if that is lost."""
        sent = pickle.dumps((task, self._plan), protocol=pickle.HIGHEST_PROTOCOL)
        found: Future[list[SimulatedPoint] | None] = self._pool.submit(simulate_remotely, sent, self._ground)
        found.add_done_callback(self._done)
        return found

    def _done(self, future: Future[list[SimulatedPoint] | None]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._finished.put(self._plan.replications)

    def tell(self, progress: Progress) -> None:
        """Tell of the tasks that were finished since; workers do not tell of single replications."""
        while True:
            try:
                progress.advance(self._finished.get_nowait(), 0)
            except Empty:
                return

    def end(self, *, wait: bool) -> None:
        """Nothing more is handed over; what workers have in hand is dropped unless it is waited for."""
        if wait:
            self._look()  # a worker that was lost since is said, too
        self._pool.shutdown(wait=wait)

    def lost(self) -> CcsimError:
        """Why a task ended without a result."""
        return CcsimError(
            f"the scheduler at {self.address} was lost; finished scenarios are kept, and --resume goes on"
        )

    def _look(self) -> None:
        now = self._looked = time.monotonic()
        found = dict(self._client.nthreads())
        for gone in sorted(set(self._workers) - set(found)):
            log.warning(
                "the worker at %s is gone (killed, perhaps as its machine had no memory left); others do what it had "
                "in hand",
                gone,
            )
        if not found and now - self._said >= NOBODY_SECONDS:
            self._said = now
            log.warning("no worker is connected to %s: start one with `dask worker %s`", self.address, self.address)
        self._workers = found


def _quieten() -> None:
    """What the package says of lost connections, with a traceback each, is told here in a line."""
    if os.environ.get("CCSIM_DEBUG") == "1":
        return
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def told_of(error: BaseException) -> tuple[str, bool]:
    """An error of a task in a line, and whether it makes no sense to try it again: each try costs workers."""
    if type(error).__name__ == "KilledWorker":
        tries = int(getattr(error, "allowed_failures", 0)) + 1
        return f"the worker that simulated it was killed {tries} times; perhaps its machine has too little memory", True
    if isinstance(error, KilledProcess):
        return str(error), False
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}", False
