"""The page of a run, made by a copy of this process while the first one makes the estimates and writes the tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ccsim.copies import Copy, Handover, worth_it

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.metrics.sums import Sums
    from ccsim.results.run import Run


def page_loads() -> Sequence[Callable[[], object]]:
    """What a page needs, one after the other, for one that will be asked for later.

    What goes wrong here goes wrong again, and is told, once the page is made: no run ends for want of it.
    """

    def modules() -> None:
        import ccsim.report.run_page  # noqa: F401

    def library() -> None:
        from ccsim.report.drawing import load_drawing

        load_drawing()

    def template() -> None:
        from ccsim.report.run_page import prepare_pages

        prepare_pages()

    return [partial(_tried, load) for load in (modules, library, template)]


def _tried(load: Callable[[], object]) -> None:
    with suppress(Exception):
        load()


class PageAside(Copy):
    """Makes the text of a page. A context: left, the copy is gone.

    The copy begins with the goals and the sums alone: while the estimates are made it makes all of the page that needs
    none. The long tables it reads through the folder that they lie in, whatever the name is that this folder gets
    meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self._estimates: Handover | None = None

    def begin_page(self, run: Run, sums: Sums) -> None:
        """Begin with the page of a run whose estimates are still to be made, where a copy is worth it."""
        from ccsim.results.held_tables import Tables

        tables = run.tables
        if not worth_it() or not isinstance(tables, Tables):
            return
        folders = {file.parent for name in tables if (file := tables.file(name)) is not None}
        # Opened here: by the time that the copy opens it, the folder may have its final name.
        handles = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
        estimates = Handover()

        def page() -> str:
            from ccsim.report.run_page import prepare_pages, run_page

            if len(handles) == 1:
                tables.move(Path(f"/proc/self/fd/{handles[0]}"))
            prepare_pages()
            return run_page(run, estimates.take, sums)

        self._estimates = estimates
        try:
            begun = self.begin(page, awaits=(estimates,))
        finally:
            for handle in handles:
                os.close(handle)
        if not begun:
            self._close()

    def estimated(self, estimates: pd.DataFrame) -> None:
        """All the estimates of the run."""
        if self._estimates is not None:
            self._estimates.give(estimates)

    def text(self) -> str:
        """The page, once it is made."""
        text: str = self.answer()
        return text

    def _close(self) -> None:
        if self._estimates is not None:
            self._estimates.close()
        self._estimates = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._close()
