"""What threads and processes of this machine have in common as they simulate the tasks of a sweep."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccsim.experiments.progress import Progress


def shared_out(workers: int, tasks: int) -> tuple[int, int]:
    """How many of the tasks are simulated at once, and on how many threads each."""
    at_once = max(1, min(workers, tasks))
    return at_once, max(1, workers // at_once)


class SimulatorsHere:
    """Simulates tasks on this machine: a thread for each that is simulated at once, which simulates it or has it
    simulated."""

    def __init__(self, workers: int, tasks: int) -> None:
        self.at_once, self._threads = shared_out(workers, tasks)
        self._told: SimpleQueue[tuple[int, int]] = SimpleQueue()
        self._pool = ThreadPoolExecutor(self.at_once, thread_name_prefix="ccsim-sweep")

    def tell(self, progress: Progress) -> None:
        """Tell of what was simulated since."""
        while True:
            try:
                progress.advance(*self._told.get_nowait())
            except Empty:
                return

    def lost(self) -> Exception:
        """Why a task was cancelled that nobody cancelled."""
        return RuntimeError("a task was cancelled")

    def end(self, *, wait: bool) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=wait, cancel_futures=True)
