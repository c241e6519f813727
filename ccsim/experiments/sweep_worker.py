"""The process of a worker of a sweep: reads tasks from its input, simulates them, and writes what is kept of each."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import sys
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO, Final

from ccsim.interrupts import passing_folders

READY: Final = "ready"
"""Everything is loaded."""
TOLD: Final = "told"
"""Progress: replications and visits since."""
MADE: Final = "made"
"""What is kept of the points of a task."""
FAILED: Final = "failed"
"""The error of a task."""


class Say:
    """Messages to the process that asked."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def __call__(self, what: str, value: Any) -> None:
        self._out.write(pickle.dumps((what, value), protocol=pickle.HIGHEST_PROTOCOL))
        self._out.flush()


class _Told:
    """Progress of a task, handed to the process that tells it."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def start(self, replications: int) -> None: ...
    def advance(self, replications: int, visits: int) -> None:
        self._say(TOLD, (replications, visits))

    def stop(self) -> None: ...


def main() -> None:
    """Simulate the tasks that come in, one after the other, until there will be no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked hears it, and closes this input
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no message
    say = Say(out)
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()

    import ccsim.engine  # noqa: F401 - whose compiled functions are then loaded
    from ccsim.draws.jit import load_compiled
    from ccsim.experiments import sweep_parts  # noqa: F401 - loaded before the first task comes

    load_compiled()
    say(READY, None)
    gc.freeze()  # what is loaded is never garbage, so it is not looked at again and again
    while True:
        _simulate(asked.get(), say)


def _simulate(sent: bytes, say: Say) -> None:
    from ccsim.experiments.replicate import Stop
    from ccsim.experiments.sweep_parts import simulate_task

    try:
        task, plan, workers = pickle.loads(sent)  # noqa: S301 - from the process that started this one
        made = simulate_task(task, plan, workers=workers, stop=Stop(), told=_Told(say))
    except Exception as error:  # noqa: BLE001 - whatever it is, the task has failed
        say(FAILED, _sendable(error))
        return
    say(MADE, made)


def _sendable(error: Exception) -> Exception:
    """An error that can be read where it is sent to."""
    with suppress(Exception):
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - made here
            return error
    return RuntimeError(f"{type(error).__name__}: {error}")


def _listen(source: BinaryIO, asked: SimpleQueue[bytes]) -> None:
    """Take tasks as they come; once there are no more, or whoever asked is gone, end at once: what is in hand is
    dropped, as nobody would get it."""
    with suppress(Exception):
        while True:
            asked.put(pickle.load(source))  # noqa: S301 - from the process that started this one
    for folder in tuple(passing_folders):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)
