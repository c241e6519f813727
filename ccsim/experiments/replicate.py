"""Simulates replications on threads, in order, with a bounded number in flight, and stops cleanly."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.progress import Progress, Quiet
from ccsim.interrupts import first_asks
from ccsim.records.tables import REPLICATIONS
from ccsim.workers import default_workers

TASK_SECONDS: Final = 0.05
"""A task simulates so many replications that it takes about this long: small replications do not pay for threads."""
LARGEST_TASK: Final = 256
WAKE_SECONDS: Final = 0.1
"""How often the main thread looks whether it was stopped."""
LONG_SECONDS: Final = 0.5
"""Whoever waits longer than this for a replication has time for something else."""

_VISITS: Final = [c.name for c in REPLICATIONS].index("visits") - 1


class Simulated(Protocol):
    """What the engine gives for one replication."""

    @property
    def tables(self) -> Mapping[str, NDArray[np.int64]]:
        """Rows by table, without the column `replication`."""


Simulator = Callable[[int], Simulated]
"""Simulates the replication of a given index; called on several threads at once."""


@dataclass
class Stop:
    """Asks for an early end; set by Ctrl-C, or by anybody who holds it."""

    event: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask: nothing new is begun, what is finished is kept."""
        self.event.set()

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return self.event.is_set()


def replicate(
    simulate: Simulator,
    replications: int,
    take: Callable[[Simulated], None],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> int:
    """Simulate replications 0, 1, ... and hand each to `take`, in order; the number that was taken.

    What `take` gets depends on neither the number of workers nor their speed. Ctrl-C (or `stop`) ends early:
    the replications that are finished, without a gap from the first, have been taken, as if no more had been
    asked for; those in progress are dropped. An error of a replication stops the others and is raised.

    Parameters
    ----------
    simulate
        Simulates the replication of an index.
    replications
        How many, >= 1.
    take
        Takes one replication; called on the calling thread.
    workers
        Threads; default one for each processor that the process may use.
    progress
        Told of the progress; default nobody.
    stop
        Asks for an early end from elsewhere.
    """
    with Begun(simulate, replications, workers=workers, stop=stop) as begun:
        return begun.hand_to(take, progress)


class Begun:
    """Replications of which the first are simulated already, while what takes them is still to be made.

    A context: entered, the first are begun; left early, nothing new is begun and those in progress are dropped. Ctrl-C
    asks for an early end from its entry until all are handed over. Parameters as of `replicate`.
    """

    def __init__(
        self, simulate: Simulator, replications: int, *, workers: int | None = None, stop: Stop | None = None
    ) -> None:
        self.workers = default_workers() if workers is None else workers
        if self.workers < 1 or replications < 1:
            raise ValueError(f"expected at least one worker and one replication, got {self.workers} and {replications}")
        self._simulate, self._replications = simulate, replications
        self._stop = Stop() if stop is None else stop
        self._sizes = _TaskSize()
        self._meanwhile: Iterator[Callable[[], object]] = iter(())
        self._waiting: deque[_Task] = deque()
        self._begun = self._taken = 0
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="ccsim-simulate")
        self._asks = ExitStack()
        self.since = time.monotonic()
        """When the first was begun, seconds of the monotonic clock."""

    def __enter__(self) -> Self:
        self._asks.enter_context(first_asks(self._stop.ask))
        self.since = time.monotonic()
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def hand_to(
        self,
        take: Callable[[Simulated], None],
        progress: Progress | None = None,
        meanwhile: Iterable[Callable[[], object]] = (),
    ) -> int:
        """Hand every replication to `take`, in order; the number that was taken.

        `meanwhile`: what else there is to do, one after the other, while a replication takes longer than
        `LONG_SECONDS`; what is not begun by the end is left.
        """
        progress = Quiet() if progress is None else progress
        self._meanwhile = iter(meanwhile)
        progress.start(self._replications)
        try:
            while self._taken < self._replications and self._next(take, progress):
                self._begin()
        finally:
            progress.stop()
            self._end()
        return self._taken

    def _end(self) -> None:
        self._asks.close()
        whole = self._taken == self._replications
        if not whole:
            self._stop.ask()
        self._pool.shutdown(wait=whole, cancel_futures=True)  # where all are taken they are idle, and gone at once

    def _begin(self) -> None:
        """Begin as many tasks as may be in flight."""
        while self._begun < self._replications and len(self._waiting) <= self.workers and not self._stop.asked:
            size = min(self._sizes.next, self._replications - self._begun)
            future = self._pool.submit(_simulate_some, self._simulate, self._begun, size, self._stop)
            self._waiting.append(_Task(size, future))
            self._begun += size

    def _finished(self, head: Future[Any]) -> bool:
        """Wait for the next task; False if the stop was asked for before it was done."""
        since = time.monotonic()
        while not head.done():
            if self._stop.asked:
                return False
            wait((head,), timeout=WAKE_SECONDS)
            if time.monotonic() - since >= LONG_SECONDS and not head.done():
                next(self._meanwhile, _nothing)()
        return True

    def _next(self, take: Callable[[Simulated], None], progress: Progress) -> bool:
        """Hand the replications of the next task over; whether more may follow."""
        if not self._waiting or not self._finished(self._waiting[0].future):
            return False
        asked = self._waiting[0].size
        simulated, seconds = self._waiting.popleft().future.result()
        count = len(simulated)
        self._sizes.saw(count, seconds)
        visits = sum(int(one.tables["replications"][0, _VISITS]) for one in simulated)
        while simulated:
            take(simulated.pop(0))  # and let go of it: its tables may be large
        self._taken += count
        progress.advance(count, visits)
        return count == asked  # stopped inside the task: what follows would leave a gap


@dataclass(frozen=True, slots=True)
class _Task:
    size: int
    future: Future[tuple[list[Simulated], float]]


def _nothing() -> None:
    """There is nothing else to do."""


def _simulate_some(simulate: Simulator, first: int, size: int, stop: Stop) -> tuple[list[Simulated], float]:
    """Simulate some replications one after the other; fewer if the stop was asked for."""
    began = time.perf_counter()
    simulated: list[Simulated] = []
    for replication in range(first, first + size):
        if stop.asked:
            break
        simulated.append(simulate(replication))
    return simulated, time.perf_counter() - began


class _TaskSize:
    """Replications a task: one at first, then as many as fill `TASK_SECONDS`."""

    def __init__(self) -> None:
        self.next = 1

    def saw(self, replications: int, seconds: float) -> None:
        if replications:
            fitting = int(TASK_SECONDS * replications / max(seconds, 1e-9))
            self.next = max(1, min(fitting, 4 * self.next, LARGEST_TASK))
