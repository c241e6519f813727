"""Plays replications on threads, in order, with a bounded number in flight, and stops cleanly."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.progress import Progress, Quiet
from ccsim.interrupts import first_asks
from ccsim.records.tables import REPLICATIONS
from ccsim.workers import default_workers

TASK_SECONDS: Final = 0.05
"""A task plays so many replications that it takes about this long: small plays do not pay for threads."""
LARGEST_TASK: Final = 256
WAKE_SECONDS: Final = 0.1
"""How often the main thread looks whether it was stopped."""

_VISITS: Final = [c.name for c in REPLICATIONS].index("visits") - 1


class Played(Protocol):
    """What the engine gives for one replication."""

    @property
    def tables(self) -> Mapping[str, NDArray[np.int64]]:
        """Rows by table, without the column `replication`."""


Play = Callable[[int], Played]
"""Plays the replication of a given index; called on several threads at once."""


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
    play: Play,
    replications: int,
    take: Callable[[Played], None],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> int:
    """Play replications 0, 1, ... and hand each to `take`, in order; the number that was taken.

    What `take` gets depends on neither the number of workers nor their speed. Ctrl-C (or `stop`) ends early:
    the replications that are finished, without a gap from the first, have been taken, as if no more had been
    asked for; those in progress are dropped. An error of a play stops the others and is raised.

    Parameters
    ----------
    play
        Plays the replication of an index.
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
    workers = default_workers() if workers is None else workers
    if workers < 1 or replications < 1:
        raise ValueError(f"expected at least one worker and one replication, got {workers} and {replications}")
    progress = Quiet() if progress is None else progress
    stop = Stop() if stop is None else stop
    progress.start(replications)
    with first_asks(stop.ask):
        try:
            return _on_threads(play, replications, take, workers, progress, stop)
        finally:
            progress.stop()


def _on_threads(
    play: Play,
    replications: int,
    take: Callable[[Played], None],
    workers: int,
    progress: Progress,
    stop: Stop,
) -> int:
    sizes = _TaskSize()
    waiting: deque[_Task] = deque()
    begun = taken = 0
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ccsim-play")
    try:
        while taken < replications:
            while begun < replications and len(waiting) <= workers and not stop.asked:
                size = min(sizes.next, replications - begun)
                waiting.append(_Task(size, pool.submit(_play_some, play, begun, size, stop)))
                begun += size
            if not waiting or not _finished(waiting[0].future, stop):
                break
            asked = waiting[0].size
            played, seconds = waiting.popleft().future.result()
            count = len(played)
            sizes.saw(count, seconds)
            visits = sum(int(one.tables["replications"][0, _VISITS]) for one in played)
            while played:
                take(played.pop(0))  # and let go of it: its tables may be large
            taken += count
            progress.advance(count, visits)
            if count < asked:  # stopped inside the task: what follows would leave a gap
                break
    except BaseException:
        stop.ask()
        raise
    finally:
        pool.shutdown(wait=taken == replications, cancel_futures=True)  # then they are idle, and gone at once
    return taken


@dataclass(frozen=True, slots=True)
class _Task:
    size: int
    future: Future[tuple[list[Played], float]]


def _finished(head: Future[Any], stop: Stop) -> bool:
    """Wait for the next task; False if the stop was asked for before it was done."""
    while not head.done():
        if stop.asked:
            return False
        wait((head,), timeout=WAKE_SECONDS)
    return True


def _play_some(play: Play, first: int, size: int, stop: Stop) -> tuple[list[Played], float]:
    """Play some replications one after the other; fewer if the stop was asked for."""
    began = time.perf_counter()
    played: list[Played] = []
    for replication in range(first, first + size):
        if stop.asked:
            break
        played.append(play(replication))
    return played, time.perf_counter() - began


class _TaskSize:
    """Replications a task: one at first, then as many as fill `TASK_SECONDS`."""

    def __init__(self) -> None:
        self.next = 1

    def saw(self, replications: int, seconds: float) -> None:
        if replications:
            fitting = int(TASK_SECONDS * replications / max(seconds, 1e-9))
            self.next = max(1, min(fitting, 4 * self.next, LARGEST_TASK))
