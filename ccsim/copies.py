"""Work done in a copy of this process, with all that it holds in memory, while this one goes on."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from ccsim.errors import CcsimError
from ccsim.interrupts import listens
from ccsim.workers import default_workers

_DIE_WITH_PARENT: Final = 1
"""Linux's `PR_SET_PDEATHSIG`."""


def worth_it() -> bool:
    """Whether a copy may be made here, and has a processor to itself.

    Only of a command's own process, never of a program or a test that calls ccsim; not beside threads, of which the
    copy would have the locks but not the owners; not where system libraries do not bear it (macOS).
    """
    return (
        sys.platform == "linux"
        and listens()
        and default_workers() > 1
        and threading.active_count() == 1
        and Path("/proc/self/fd").is_dir()
    )


class CopyEndedError(CcsimError):
    """A copy that ended without an answer: killed, or out of memory."""


class Later:
    """A value that a copy takes once this process has it; to be made before the copy, which waits where it wants it.

    The value lies in memory that both have, so that who gives it need not wait until it is taken.
    """

    def __init__(self) -> None:
        self._memory = os.memfd_create("ccsim")
        self._given, self._gives = os.pipe()

    def give(self, value: object) -> None:
        """Give it, picklable, once; a copy that has gone is no harm."""
        with os.fdopen(os.dup(self._memory), "wb") as stream:
            pickle.dump(value, stream)
        with suppress(BrokenPipeError):
            os.write(self._gives, b".")
        self.close()

    def take(self) -> Any:
        """In the copy, once: what was given; `CopyEndedError` where it will never be."""
        if not os.read(self._given, 1):
            raise CopyEndedError("what it waited for was not made")
        os.lseek(self._memory, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._memory), "rb") as stream:
            return pickle.load(stream)  # noqa: S301 - from our own process

    def taken_here(self) -> None:
        """This is the copy: it only takes."""
        os.close(self._gives)
        self._gives = -1

    def given_here(self) -> None:
        """This is not the copy: it only gives."""
        os.close(self._given)
        self._given = -1

    def close(self) -> None:
        """Let go of it; again is no harm."""
        for handle in (self._memory, self._given, self._gives):
            if handle >= 0:
                os.close(handle)
        self._memory = self._given = self._gives = -1


class Copy:
    """A copy of this process that does one piece of work. A context: left, the copy is gone."""

    def __init__(self) -> None:
        self._process = 0
        self._answer = -1

    def __enter__(self) -> Self:
        return self

    def begin(self, work: Callable[[], Any], awaits: Sequence[Later] = ()) -> bool:
        """Begin, where that is worth it; whether it has begun.

        What the work gives has to be picklable. `awaits` is what it will take while it is done.
        """
        if not worth_it():
            return False
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        answer, write = os.pipe()
        first = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of idle threads of libraries, which expect a fork
            try:
                process = os.fork()
            except OSError:  # no room for a second process: who asks does the work
                os.close(answer)
                os.close(write)
                return False
        if process == 0:
            os.close(answer)
            for one in awaits:
                one.taken_here()
            _do(work, write, first)
        os.close(write)
        for one in awaits:
            one.given_here()
        self._process, self._answer = process, answer
        return True

    @property
    def begun(self) -> bool:
        """Whether there is an answer to wait for."""
        return self._answer >= 0

    def answer(self) -> Any:
        """What the work gave, once it is done.

        What it raised is raised here: a `CcsimError` with its text, anything else as a `RuntimeError` that names it.
        """
        with os.fdopen(self._answer, "rb") as stream:
            self._answer = -1
            whole = stream.read()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status or not whole:
            raise CopyEndedError(f"its process has ended with {os.waitstatus_to_exitcode(status)}")
        found, error = pickle.loads(whole)  # noqa: S301 - from our own process
        if error is not None:
            raise error
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            self._process = 0
        if self._answer >= 0:
            os.close(self._answer)
            self._answer = -1


def _do(work: Callable[[], Any], write: int, first: int) -> NoReturn:
    """Do the work and write what it gave, or what went wrong, into the pipe: all that a copy does."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)  # however the first process ends
        if os.getppid() != first:
            raise BrokenPipeError  # it has ended already
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: the first process decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        found: tuple[Any, Exception | None]
        try:
            found = work(), None
        except CcsimError as error:
            found = None, CcsimError(str(error))
        except Exception as error:  # noqa: BLE001 - raised in the first process
            found = None, RuntimeError(f"{type(error).__name__}: {error}")
        with os.fdopen(write, "wb") as stream:
            pickle.dump(found, stream)
        code = 0
    except BrokenPipeError:  # the first process has gone
        pass
    finally:
        os._exit(code)
