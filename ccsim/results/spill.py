"""Tables of a run that is not stored: in memory while they are short, in a temporary folder beyond that."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import OutputError
from ccsim.interrupts import new_passing_folder, remove_passing
from ccsim.records.columns import Column
from ccsim.results.parquet import TableWriter

IN_MEMORY_VALUES: Final = 8_000_000
"""Values (64 MB) that a run that is not stored keeps in memory; more go to a temporary folder."""


class Spill:
    """A temporary folder of tables, made when the first rows come; it is gone with the last who holds this object."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._writers: dict[str, TableWriter] = {}
        self._ended: dict[str, list[Path]] = {}

    @property
    def used(self) -> bool:
        """Whether there is a folder."""
        return self._folder is not None

    def sink(self, name: str, columns: tuple[Column, ...]) -> Callable[[NDArray[np.int64]], None]:
        """What appends rows to the file of a table; `OutputError` where the temporary folder has no room."""
        try:
            if self._folder is None:
                self._folder = new_passing_folder()
                weakref.finalize(self, remove_passing, self._folder)
            writer = self._writers[name] = TableWriter(self._folder / f"{name}.{self._count(name)}.parquet", columns)
        except OSError as error:
            raise self._told(error) from None

        def append(rows: NDArray[np.int64]) -> None:
            try:
                writer.append(rows)
            except OSError as error:
                raise self._told(error) from None

        return append

    def _count(self, name: str) -> int:
        return len(self._ended.get(name, ()))

    def so_far(self) -> dict[str, tuple[Path, ...]]:
        """Files of every table until now, ended so that they can be read; rows that follow need new sinks."""
        for name, path in self.close().items():
            self._ended.setdefault(name, []).append(path)
        self._writers = {}
        return {name: tuple(paths) for name, paths in self._ended.items()}

    def close(self) -> dict[str, Path]:
        """End the files; the file of each table."""
        try:
            for writer in self._writers.values():
                writer.close()
        except OSError as error:
            raise self._told(error) from None
        return {name: writer.path for name, writer in self._writers.items()}

    def _told(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self._folder or tempfile.gettempdir()}: tables of a run that is not stored could not be written there: "
            f"{error.strerror or error}; store the run, or set TMPDIR to a folder with room"
        )
