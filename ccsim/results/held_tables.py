"""Tables of a run by name: in memory, or in files that are read when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.results.parquet import Files

SHORT_VALUES: Final = 1_000_000
"""A table of at most so many values (8 MB) is read whole where a column of it is wanted."""

Where = Mapping[str, Sequence[int]]
"""Values by key column: rows with one of the values in each of the columns are taken."""


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name; those that lie in a folder are read when first asked for.

    `tables["waits"]` reads a table whole and keeps it; `tables.select(...)` reads some columns and rows and keeps
    nothing.
    """

    def __init__(
        self, frames: Mapping[str, pd.DataFrame], files: Mapping[str, Files] | None = None, *, spill: object = None
    ) -> None:
        self._frames = dict(frames)
        self._files = dict(files or {})
        self._spill = spill  # the files of a run that is not stored lie there as long as somebody holds it

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            from ccsim.results.parquet import read_table

            self._frames[name] = read_table(self._files[name])
        return self._frames[name]

    def __contains__(self, name: object) -> bool:
        return name in self._frames or name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames | self._files)

    def __len__(self) -> int:
        return len(self._frames | self._files)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self)})"

    def held(self, name: str) -> bool:
        """Whether a table is in memory."""
        return name in self._frames

    def file(self, name: str) -> Path | None:
        """Parquet file of a table; None where it is only in memory, or not in one file."""
        found = self._files.get(name)
        return None if isinstance(found, tuple) else found

    def move(self, folder: Path) -> None:
        """From now on look for the tables of one file each in another folder."""
        self._files = {
            name: folder / file.name if isinstance(file, Path) else file for name, file in self._files.items()
        }

    def select(self, name: str, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
        """Some columns and rows of a table, read from its file without keeping it; in the table's order.

        Parameters
        ----------
        name
            Table.
        columns
            Columns, in this order; default all.
        where
            Wanted values by column: `{"flow": [3, 4]}`; default every row.
        """
        if name in self._frames:
            return selected(self._frames[name], columns, where)
        from ccsim.results.parquet import read_table

        return read_table(self._files[name], columns=columns, where=where)

    def batches(self, name: str, columns: Sequence[str], where: Where | None = None) -> Iterator[pd.DataFrame]:
        """Some columns and rows of a table of whole numbers as `select` gives them, a bounded number at a time."""
        if name in self._frames:
            yield selected(self._frames[name], columns, where)
            return
        from ccsim.results.parquet import read_batches

        yield from read_batches(self._files[name], columns, where)

    def short(self, name: str) -> bool:
        """Whether a table is in memory, or so short that it may be brought there."""
        if name in self._frames:
            return True
        from ccsim.results.parquet import count_values

        return count_values(self._files[name]) <= SHORT_VALUES


def selected(frame: pd.DataFrame, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
    """Some columns and rows of a table that is in memory; parameters as in `Tables.select`."""
    for column, values in (where or {}).items():
        frame = frame[frame[column].isin(list(values))]
    if where:
        frame = frame.reset_index(drop=True)
    return frame if columns is None else frame[list(columns)]


def select(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str] | None = None, where: Where | None = None
) -> pd.DataFrame:
    """Some columns and rows of one of several tables, wherever they are; parameters as in `Tables.select`."""
    if isinstance(tables, Tables):
        return tables.select(name, columns, where)
    return selected(tables[name], columns, where)


def batches(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str], where: Where | None = None
) -> Iterator[pd.DataFrame]:
    """The rows of `select`, a bounded number at a time where they are read from a file; parameters as there."""
    if isinstance(tables, Tables):
        yield from tables.batches(name, columns, where)
    else:
        yield selected(tables[name], columns, where)


class _First(Tables):
    """The first replications of other tables; nothing is kept of long ones."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], replications: int) -> None:
        super().__init__({})
        self._of = tables if isinstance(tables, Tables) else Tables(tables)
        self._taken = range(replications)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self._of.select(name, None, self._inside(name))
        return self._frames[name]

    def __contains__(self, name: object) -> bool:
        return name in self._of

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def select(self, name: str, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
        return self._of.select(name, columns, self._inside(name, where))

    def batches(self, name: str, columns: Sequence[str], where: Where | None = None) -> Iterator[pd.DataFrame]:
        yield from self._of.batches(name, columns, self._inside(name, where))

    def short(self, name: str) -> bool:
        return self._of.short(name)

    def _inside(self, name: str, where: Where | None = None) -> Where | None:
        """What is asked for, in the first replications; tables without replications stay whole."""
        from ccsim.results.tables import NAMES, PLANNED

        return where if name in NAMES or name == PLANNED else {**(where or {}), "replication": self._taken}


def first_of(tables: Mapping[str, pd.DataFrame], replications: int) -> Tables:
    """The tables of a run as they are after its first replications."""
    return _First(tables, replications)
