"""The page of a run, made by a second process while the first one writes the tables."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

from ccsim.errors import CcsimError, OutputError
from ccsim.interrupts import listens
from ccsim.workers import default_workers

if TYPE_CHECKING:
    from ccsim.results.run import Run


def worth_it() -> bool:
    """Whether a second process may be split off here, and has a processor to itself.

    Only of a command's own process, never of a program or a test that calls it; not beside threads, of which a copy of
    the process would have the locks but not the owners; not where system libraries do not bear it (macOS).
    """
    return (
        sys.platform == "linux"
        and listens()
        and default_workers() > 1
        and threading.active_count() == 1
        and Path("/proc/self/fd").is_dir()
    )


class PageAside:
    """Makes the text of a page in a copy of this process. A context: left, the copy is gone.

    The copy has everything in memory that the page is made of, and reads the long tables through the folder that they
    lie in, whatever the name is that this folder gets meanwhile.
    """

    def __init__(self) -> None:
        self._process = 0
        self._answer = -1

    def __enter__(self) -> Self:
        return self

    def begin(self, run: Run) -> None:
        """Begin with the page of a run, where that is worth it; no exception but a fault of this process."""
        if not worth_it():
            return
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        answer, write = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # idle threads of libraries; these expect a fork
            try:
                process = os.fork()
            except OSError:  # no room for a second process: the first makes the page when it has written the tables
                os.close(answer)
                os.close(write)
                return
        if process == 0:
            _make(run, write)
        os.close(write)
        self._process, self._answer = process, answer

    @property
    def begun(self) -> bool:
        """Whether a page is being made."""
        return self._answer >= 0

    def text(self) -> str:
        """The page, once it is made; `CcsimError`, or `RuntimeError` for what nobody expected, where there is none."""
        with os.fdopen(self._answer, "rb") as stream:
            self._answer = -1
            whole = stream.read()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status or not whole:
            raise OutputError(f"the process that made it has ended with {os.waitstatus_to_exitcode(status)}")
        page, error = pickle.loads(whole)  # noqa: S301 - from our own process
        if error is not None:
            raise error
        return str(page)

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


def _make(run: Run, write: int) -> NoReturn:
    """Make the page and write it, or what went wrong, into the pipe; all that the second process does."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: the first process decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        found: tuple[str, Exception | None]
        try:
            from ccsim.report.run_page import run_page

            found = run_page(_through_its_folder(run)), None
        except CcsimError as error:
            found = "", OutputError(str(error))
        except Exception as error:  # noqa: BLE001 - told by the first process
            found = "", RuntimeError(f"{type(error).__name__}: {error}")
        with os.fdopen(write, "wb") as stream:
            pickle.dump(found, stream)
        code = 0
    except BrokenPipeError:  # the first process has gone
        pass
    finally:
        os._exit(code)


def _through_its_folder(run: Run) -> Run:
    """The run with its files named through an open folder, so that they are found when it has another name."""
    from ccsim.results.run import Tables

    tables: Any = run.tables
    assert isinstance(tables, Tables)
    folders = {file.parent for name in tables if (file := tables.file(name)) is not None}
    if not folders:
        return run
    (folder,) = folders
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    return replace(run, tables=tables.moved(Path(f"/proc/self/fd/{handle}")))
