"""The page of a run, made by a copy of this process while the first one makes the estimates and writes the tables."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ccsim.copies import Copy, Handover, worth_it

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.results.run import Run, Tables


class PageAside(Copy):
    """Makes the text of a page. A context: left, the copy is gone.

    The copy begins with the tables alone: while goals are judged it loads what draws a page, and while the estimates
    are made it makes all of the page that needs none. The long tables it reads through the folder that they lie in,
    whatever the name is that this folder gets meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self._judged: Handover | None = None
        self._estimates: Handover | None = None

    def begin_page(self, tables: Tables) -> None:
        """Begin with the page of a run of these tables, where a copy is worth it."""
        if not worth_it():
            return
        folders = {file.parent for name in tables if (file := tables.file(name)) is not None}
        # Opened here: by the time that the copy opens it, the folder may have its final name.
        handles = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
        if len(handles) == 1:
            tables = tables.moved(Path(f"/proc/self/fd/{handles[0]}"))
        judged, estimates = Handover(), Handover()

        def page() -> str:
            from ccsim.report.run_page import prepare_pages, run_page

            prepare_pages()
            return run_page(replace(judged.take(), tables=tables), estimates.take)

        self._judged, self._estimates = judged, estimates
        try:
            begun = self.begin(page, awaits=(judged, estimates))
        finally:
            for handle in handles:
                os.close(handle)
        if not begun:
            self._close()

    def judged(self, run: Run) -> None:
        """The run with its goals, whose estimates are still to be made."""
        if self._judged is not None:
            self._judged.give(replace(run, tables={}))

    def estimated(self, estimates: pd.DataFrame) -> None:
        """All the estimates of the run."""
        if self._estimates is not None:
            self._estimates.give(estimates)

    def text(self) -> str:
        """The page, once it is made."""
        text: str = self.answer()
        return text

    def _close(self) -> None:
        for one in (self._judged, self._estimates):
            if one is not None:
                one.close()
        self._judged = self._estimates = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._close()
