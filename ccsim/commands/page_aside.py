"""The page of a run, made by a copy of this process while the first one writes the tables."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ccsim.copies import Copy

if TYPE_CHECKING:
    from ccsim.results.run import Run


class PageAside(Copy):
    """Makes the text of a page. A context: left, the copy is gone.

    The copy has everything in memory that the page is made of, and reads the long tables through the folder that they
    lie in, whatever the name is that this folder gets meanwhile.
    """

    def begin_page(self, run: Run) -> None:
        """Begin with the page of a run, where a copy is worth it."""
        from ccsim.results.run import Tables

        tables = run.tables
        assert isinstance(tables, Tables)
        folders = {file.parent for name in tables if (file := tables.file(name)) is not None}
        # Opened here: by the time that the copy opens it, the folder may have its final name.
        handles = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
        if len(handles) == 1:
            run = replace(run, tables=tables.moved(Path(f"/proc/self/fd/{handles[0]}")))

        def page() -> str:
            from ccsim.report.run_page import run_page

            return run_page(run)

        try:
            self.begin(page)
        finally:
            for handle in handles:
                os.close(handle)

    def text(self) -> str:
        """The page, once it is made."""
        return str(self.answer())
