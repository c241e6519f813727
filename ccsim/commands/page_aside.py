"""The page of a run, made by a copy of this process while the first one makes the estimates and writes the tables."""

from __future__ import annotations

import os
import pickle
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ccsim.copies import Copy, CopyEndedError

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.results.run import Run


class PageAside(Copy):
    """Makes the text of a page. A context: left, the copy is gone.

    The copy loads what draws a page while the estimates are still made, and gets these through a pipe. All else that
    the page is made of it has in memory; the long tables it reads through the folder that they lie in, whatever the
    name is that this folder gets meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self._estimates = -1

    def begin_page(self, run: Run) -> None:
        """Begin with the page of a run that has not all of its estimates, where a copy is worth it."""
        from ccsim.results.run import Tables

        tables = run.tables
        assert isinstance(tables, Tables)
        folders = {file.parent for name in tables if (file := tables.file(name)) is not None}
        # Opened here: by the time that the copy opens it, the folder may have its final name.
        handles = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
        if len(handles) == 1:
            run = replace(run, tables=tables.moved(Path(f"/proc/self/fd/{handles[0]}")))
        read, self._estimates = os.pipe()

        def page() -> str:
            os.close(self._estimates)  # or it would never end
            arriving = _Arriving(read)
            from ccsim.report.run_page import prepare_pages, run_page

            prepare_pages()
            return run_page(replace(run, estimates=arriving.estimates()))

        try:
            begun = self.begin(page)
        finally:
            for handle in (read, *handles):
                os.close(handle)
        if not begun:
            self._close()

    def give(self, estimates: pd.DataFrame) -> None:
        """All the estimates of the run, once they are made."""
        if self.begun:
            with suppress(BrokenPipeError), os.fdopen(self._estimates, "wb", closefd=False) as stream:
                pickle.dump(estimates, stream)
        self._close()

    def text(self) -> str:
        """The page, once it is made."""
        return str(self.answer())

    def _close(self) -> None:
        if self._estimates >= 0:
            os.close(self._estimates)
            self._estimates = -1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._close()


class _Arriving:
    """Estimates on their way: taken from the pipe by a thread, so that who sends them need not wait."""

    def __init__(self, read: int) -> None:
        self._read, self._bytes = read, b""
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        with os.fdopen(self._read, "rb") as stream:
            self._bytes = stream.read()

    def estimates(self) -> pd.DataFrame:
        self._thread.join()
        if not self._bytes:
            raise CopyEndedError("the estimates were not made")
        estimates: pd.DataFrame = pickle.loads(self._bytes)  # noqa: S301 - from our own process
        return estimates
