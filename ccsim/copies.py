"""Work done in a copy of this process, with all that it holds in memory, while this one goes on."""

from __future__ import annotations

import ctypes
import mmap
import os
import pickle
import select
import signal
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, NoReturn, Self, TypeVar

from ccsim.errors import CcsimError
from ccsim.interrupts import listens
from ccsim.workers import default_workers

_DIE_WITH_PARENT: Final = 1
"""Linux's `PR_SET_PDEATHSIG`."""
_ALIGNED: Final = 64


T = TypeVar("T")


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


class Handover:
    """A value that one process gives another, picklable, once; to be made before the copy is.

    It lies in memory that both have, so that who gives it need not wait until it is taken.
    """

    def __init__(self) -> None:
        self._memory = os.memfd_create("ccsim")
        self._given, self._gives = os.pipe()

    def give(self, value: object) -> None:
        """Give it; a process that has gone is no harm."""
        arrays: list[pickle.PickleBuffer] = []
        text = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
        parts: list[bytes | memoryview] = [text, *(array.raw() for array in arrays)]
        lengths = [len(part) for part in parts]
        with os.fdopen(os.dup(self._memory), "wb") as stream:
            stream.write(struct.pack(f"<{1 + len(lengths)}q", len(lengths), *lengths))
            for place, part in zip(_places(lengths), parts, strict=True):
                stream.seek(place)
                stream.write(part)
            stream.truncate()
        with suppress(BrokenPipeError):
            os.write(self._gives, b".")
        self.close()

    @property
    def ended(self) -> bool:
        """Whether there is nothing to wait for any more: it is given, or never will be."""
        return bool(select.select([self._given], [], [], 0)[0])

    def take(self) -> Any:
        """What was given, once it is; `CopyEndedError` where it never will be."""
        given = os.read(self._given, 1)
        try:
            if not given:
                raise CopyEndedError("what it waited for was not made")
            # Arrays are not copied: they stay where they were given, and are this process's own once it writes to them.
            memory = memoryview(mmap.mmap(self._memory, 0, flags=mmap.MAP_PRIVATE))
            (count,) = struct.unpack_from("<q", memory)
            lengths = struct.unpack_from(f"<{count}q", memory, 8)
            text, *arrays = (memory[at : at + size] for at, size in zip(_places(lengths), lengths, strict=True))
            return pickle.loads(text, buffers=arrays)  # noqa: S301 - from our own process
        finally:
            self.close()

    def taken_here(self) -> None:
        """This process takes it: when the other has ended, nobody gives it any more."""
        os.close(self._gives)
        self._gives = -1

    def given_here(self) -> None:
        """This process gives it."""
        os.close(self._given)
        self._given = -1

    def close(self) -> None:
        """Let go of it; again is no harm."""
        for handle in (self._memory, self._given, self._gives):
            if handle >= 0:
                os.close(handle)
        self._memory = self._given = self._gives = -1


def _places(lengths: Sequence[int]) -> list[int]:
    """Where parts of these lengths lie, one after the other: each where a processor likes an array to begin."""
    found = []
    at = 8 * (1 + len(lengths))
    for length in lengths:
        at = -(-at // _ALIGNED) * _ALIGNED
        found.append(at)
        at += length
    return found


class Copy:
    """A copy of this process that does one piece of work. A context: left, the copy is gone."""

    def __init__(self) -> None:
        self._process = 0
        self._answer: Handover | None = None

    def __enter__(self) -> Self:
        return self

    def begin(self, work: Callable[[], Any], awaits: Sequence[Handover] = ()) -> bool:
        """Begin, where that is worth it; whether it has begun.

        What the work gives has to be picklable. `awaits` is what it will take while it is done.
        """
        if not worth_it():
            return False
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        answer = Handover()
        first = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of idle threads of libraries, which expect a fork
            try:
                process = os.fork()
            except OSError:  # no room for a second process: who asks does the work
                answer.close()
                return False
        if process == 0:
            answer.given_here()
            for one in awaits:
                one.taken_here()
            _do(work, answer, first)
        answer.taken_here()
        for one in awaits:
            one.given_here()
        self._process, self._answer = process, answer
        return True

    @property
    def begun(self) -> bool:
        """Whether there is an answer to wait for."""
        return self._answer is not None

    @property
    def ended(self) -> bool:
        """Whether the answer is there, or never will be."""
        return self._answer is None or self._answer.ended

    def answer(self) -> Any:
        """What the work gave, once it is done.

        What it raised is raised here: a `CcsimError` with its text, anything else as a `RuntimeError` that names it.
        """
        assert self._answer is not None
        answer, self._answer = self._answer, None
        found: Any = None
        error: Exception | None = None
        try:
            found, error = answer.take()
        except CopyEndedError as ended:
            error = ended
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status:
            raise CopyEndedError(f"its process has ended with {os.waitstatus_to_exitcode(status)}")
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
        if self._answer is not None:
            self._answer.close()
            self._answer = None


class Beside(Copy, Generic[T]):
    """Work that a copy does while this process goes on; where none is worth it, done here once it is asked for.

    A context: left, the copy is gone. The work must change nothing that this process needs.
    """

    def __init__(self, work: Callable[[], T], *, worth: bool = True) -> None:
        """`worth`: whether the work is long enough for a copy."""
        super().__init__()
        self._work, self._worth = work, worth

    def __enter__(self) -> Self:
        if self._worth:
            self.begin(self._work)
        return self

    def made(self) -> T:
        """What the work gives. What went wrong in a copy happens here again, and is raised as what it is."""
        if self.begun:
            with suppress(CcsimError, RuntimeError):
                found: T = self.answer()
                return found
        return self._work()


def _do(work: Callable[[], Any], answer: Handover, first: int) -> NoReturn:
    """Do the work and give what it gave, or what went wrong: all that a copy does."""
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
        answer.give(found)
        code = 0
    except BrokenPipeError:  # the first process has gone
        pass
    finally:
        os._exit(code)
