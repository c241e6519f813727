"""Ctrl-C and SIGTERM, in one place: the first asks or interrupts, the second interrupts, the third ends at once."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, NoReturn

STOPPED: Final = 130
TERMINATED: Final = 143
PATIENCE: Final = 2
"""Signals that are handled in order; who sends more does not want to wait for it."""
FLUSH_SECONDS: Final = 1.0
"""Longest wait for what is still to be printed when a command is stopped."""

passing_folders: Final[set[Path]] = set()
"""Temporary folders that go with the process, also where it ends without Python's own end."""

_heard: Final[list[int]] = []
_raised: Final[list[int]] = []
"""Signals at which an interrupt was raised in the midst of something."""


def new_passing_folder() -> Path:
    """A temporary folder of this process, until `remove_passing` or its end."""
    import tempfile  # not at the top, so that a process can listen as early as possible

    folder = Path(tempfile.mkdtemp(prefix="ccsim-"))
    passing_folders.add(folder)
    return folder


def remove_passing(folder: Path) -> None:
    """Remove a temporary folder of this process."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    passing_folders.discard(folder)


def listen() -> None:
    """Let SIGTERM stop this process as Ctrl-C does, and no moment of either show a traceback.

    A signal that whoever started the process had it ignore, as a script does with Ctrl-C for what it starts with `&`,
    stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)
    sys.excepthook = _uncaught
    sys.unraisablehook = _lost


def listens() -> bool:
    """Whether this process is a command's own: `listen` was called."""
    return sys.excepthook is _uncaught


def exit_code() -> int:
    """Exit code of a command that was stopped."""
    return TERMINATED if signal.SIGTERM in _heard else STOPPED


@contextmanager
def first_asks(ask: Callable[[], None]) -> Iterator[None]:
    """Inside it the first Ctrl-C calls `ask`; a second one is an ordinary interrupt. SIGTERM, too, after `listen`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if not callable(before[signal.SIGINT]):  # ignored; or somebody else, not Python, decides what Ctrl-C does
        del before[signal.SIGINT]
    if before[signal.SIGTERM] is not _interrupt:
        del before[signal.SIGTERM]

    def asked(number: int, frame: FrameType | None) -> None:
        if before[signal.Signals(number)] is _interrupt:
            _hear(number)
        ask()
        put_back()

    def put_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    try:
        for number in before:
            signal.signal(number, asked)
        yield
    finally:
        put_back()


def end_now(code: int) -> NoReturn:
    """End without waiting for the threads that still simulate: nobody wants what they would give."""
    deafen()

    def flush() -> None:
        for stream in (sys.stderr, sys.stdout):
            with suppress(OSError, ValueError):
                stream.flush()

    last = threading.Thread(target=flush, daemon=True)  # a pipe that nobody reads would hold it for ever
    last.start()
    last.join(FLUSH_SECONDS)
    if passing_folders:
        import shutil  # not at the top, so that a process can listen as early as possible
    for folder in passing_folders:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)


def raise_if_lost() -> None:
    """Raise the interrupt that was raised before and got lost; for where nothing that had caught one would come.

    Some code written in C clears whatever error it meets, when it asks for an attribute say.
    """
    if _raised:
        raise KeyboardInterrupt


def deafen() -> None:
    """Hear no more: what is left to do takes a moment, and nothing of it may be cut off."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _hear(number)
    _raised.append(number)
    raise KeyboardInterrupt


def _hear(number: int) -> None:
    _heard.append(number)
    if len(_heard) > PATIENCE:
        _end_at_once()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _end_at_once()
    sys.__excepthook__(kind, error, trace)


def _lost(lost: sys.UnraisableHookArgs) -> None:
    """An error that Python may not raise, in a `__del__` say: a Ctrl-C there would be forgotten."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        _end_at_once()
    sys.__unraisablehook__(lost)


def _end_at_once() -> NoReturn:
    """End in the midst of anything: no thread, no lock, no wait. What this leaves behind, the next command sweeps."""
    with suppress(OSError, ValueError):
        if select.select([], [2], [], 0)[1]:
            os.write(2, b"stopped at once\n")
    os._exit(exit_code())
