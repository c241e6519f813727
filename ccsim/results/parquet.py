"""Tables to Parquet and CSV files and back."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ccsim.records.columns import Column
from ccsim.records.tables import TABLES
from ccsim.results.estimate_columns import ESTIMATES

_ARROW = {
    "int8": pa.int8(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "str": pa.string(),
}

_HOW: Final[dict[str, Any]] = {"compression": "zstd", "compression_level": 1}
_ROW_GROUP: Final = 262_144
_WRITTEN_AT_ONCE: Final = 65_536
"""Rows of a group that is written while a run is simulated."""
_READ_AT_ONCE: Final = 65_536
"""Most rows of a batch that is read."""

pa.set_memory_pool(
    pa.system_memory_pool()
)  # Arrow's own keeps what it was ever given: 100 MB for a page of 16 replications

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by spreadsheets."""


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Arrow types of a table, with unit and meaning of every column as its metadata."""
    return pa.schema(
        [pa.field(c.name, _ARROW[c.dtype], metadata={"unit": c.unit, "meaning": c.meaning}) for c in columns]
    )


def to_arrow(frame: pd.DataFrame, columns: Sequence[Column]) -> pa.Table:
    """A DataFrame with the schema's columns as an Arrow table; missing values are nulls, never NaN."""
    schema = arrow_schema(columns)
    arrays = [pa.array(frame[f.name], type=f.type, from_pandas=True) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


class TableWriter:
    """Writes a table of whole numbers to a Parquet file, some rows at a time, so that it is never all in memory."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.path, self.columns = path, columns
        self.rows = 0
        whole = [c.name for c in columns if c.dtype.startswith("int")]
        how = {"use_dictionary": False, "column_encoding": dict.fromkeys(whole, "DELTA_BINARY_PACKED")}
        self._writer = pq.ParquetWriter(path, arrow_schema(columns), **_HOW, **how)

    def append(self, rows: NDArray[np.int64]) -> None:
        """Write rows, shape [rows, columns], after the earlier ones."""
        schema = arrow_schema(self.columns)
        for first in range(0, len(rows), _WRITTEN_AT_ONCE):
            part = rows[first : first + _WRITTEN_AT_ONCE]
            arrays = [
                pa.array(part[:, i].astype(c.dtype), type=f.type)
                for i, (c, f) in enumerate(zip(self.columns, schema, strict=True))
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        self.rows += len(rows)

    def close(self) -> None:
        """End the file; again is no harm."""
        self._writer.close()


class CsvWriter:
    """Writes a table of whole numbers as CSV, some rows at a time, as `write_csv` does; one that gets too long is not
    kept."""

    def __init__(self, path: Path, columns: Sequence[Column], most_rows: int) -> None:
        self.path = path
        self._heads, self._left = [one.name for one in columns], most_rows
        self._file: IO[bytes] | None = None

    def append(self, rows: NDArray[np.int64]) -> None:
        """Write rows, shape [rows, columns], after the earlier ones."""
        self._left -= len(rows)
        if self._left < 0:
            self._drop()
            return
        if self._file is None:
            self._file = self.path.open("wb")
            self._file.write(_heads_line(self._heads))
        _write_whole([rows[:, i] for i in range(len(self._heads))], self._heads, self._file)

    def close(self) -> bool:
        """End the file; whether there is one with all rows."""
        if self._left >= 0 and self._file is None:
            self.append(np.empty((0, len(self._heads)), np.int64))
        if self._file is not None:
            self._file.close()
        return self._left >= 0

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()
            self.path.unlink()
            self._file = None


def _heads_line(heads: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(heads)
    return text.getvalue().encode()


def _write_whole(columns: Sequence[NDArray[Any]], heads: Sequence[str], to: Any) -> None:
    """Columns of whole numbers as CSV, by Arrow's writer."""
    table = pa.table([pa.array(column) for column in columns], list(heads))
    pa_csv.write_csv(table, to, pa_csv.WriteOptions(include_header=False))


def write_table(path: Path, frame: pd.DataFrame, columns: Sequence[Column], see: See | None = None) -> None:
    """Write a table as Parquet and see it on the disk; `see` takes the file to do so later."""
    pq.write_table(to_arrow(frame, columns), path, row_group_size=_ROW_GROUP, **_HOW)
    (see or sync)(path)


See = Callable[[Path], None]
"""What sees a file on the disk."""

Files = Path | tuple[Path, ...]
"""The file of a table, or the files that make it up, in order."""


def files_of(file: Files) -> tuple[Path, ...]:
    """The files of a table, in order."""
    return file if isinstance(file, tuple) else (file,)


def read_table(
    path: Files, *, columns: Sequence[str] | None = None, where: Mapping[str, Sequence[int]] | None = None
) -> pd.DataFrame:
    """Read a Parquet table, or some of it, with the types that it was written with; missing numbers are `pd.NA`.

    Parameters
    ----------
    columns
        Columns to read, in this order; default all.
    where
        Wanted values by column; parts of the file without them are skipped. Default every row.
    """
    filters = [(column, "in", list(values)) for column, values in (where or {}).items()]
    if any(not values for _, _, values in filters):
        table = pq.read_schema(files_of(path)[0]).empty_table()
        table = table if columns is None else table.select(list(columns))
    else:
        wanted = None if columns is None else list(columns)
        parts = [pq.read_table(one, columns=wanted, filters=filters or None) for one in files_of(path)]
        table = parts[0] if len(parts) == 1 else pa.concat_tables(parts)
    return _frame(table)


def read_batches(
    path: Files, columns: Sequence[str], where: Mapping[str, Sequence[int]] | None = None
) -> Iterator[pd.DataFrame]:
    """Some columns of a Parquet table of whole numbers, some rows at a time, in the table's order.

    Parameters
    ----------
    columns
        Columns to read, in this order.
    where
        Wanted values by column. Default every row.
    """
    needed = list(dict.fromkeys([*columns, *(where or {})]))
    for one in files_of(path):
        with pq.ParquetFile(one, pre_buffer=False) as file:  # else the whole file is held
            for batch in file.iter_batches(_READ_AT_ONCE, columns=needed, use_threads=False):
                table = pa.Table.from_batches([batch])
                for column, values in (where or {}).items():
                    wanted = pa.array(list(values), type=table.schema.field(column).type)
                    table = table.filter(pc.is_in(table.column(column), wanted))
                yield _frame(table.select(list(columns)))


def count_rows(path: Path) -> int:
    """Rows of a Parquet table, without reading it."""
    return int(pq.read_metadata(path).num_rows)


def count_values(path: Files) -> int:
    """Rows times columns of a Parquet table, without reading it."""
    return sum(int(about.num_rows * about.num_columns) for about in map(pq.read_metadata, files_of(path)))


def _frame(table: pa.Table) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for schema_field in table.schema:
        column = table.column(schema_field.name)
        if pa.types.is_string(schema_field.type):
            columns[schema_field.name] = pd.Series(column.to_pylist(), dtype="str")
        elif pa.types.is_floating(schema_field.type):
            columns[schema_field.name] = pd.Series(column.to_pylist(), dtype="Float64")
        else:
            columns[schema_field.name] = column.to_numpy()
    return pd.DataFrame(columns)


def write_csv(path: Path, frame: pd.DataFrame, see: See | None = None) -> None:
    """Write a table as CSV; texts that a spreadsheet would run as a formula get a leading apostrophe.

    A missing value is an empty cell. Whole numbers are written by Arrow's writer, all else by Python's own: pandas,
    which calls that too, first spends three times its time on columns one by one. `see` takes the file to see it on
    the disk later; default: at once.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        heads = [str(label) for label in frame.columns]
        writer.writerow(heads)
        if all(kind.kind in "iu" for kind in frame.dtypes) and heads:
            file.flush()
            _write_whole([frame.iloc[:, i].to_numpy() for i in range(len(heads))], heads, file.buffer)
        elif all(kind == np.dtype(object) for kind in frame.dtypes):  # a wide one: a thousand columns of a few rows
            writer.writerows([_cell(value) for value in row] for row in frame.to_numpy().tolist())
        else:
            writer.writerows(zip(*(_cells_of(frame[label]) for label in frame.columns), strict=True))
    (see or sync)(path)


def _cells_of(column: pd.Series[Any]) -> list[Any]:
    """Values of a column as they are written."""
    if column.dtype.kind in "iu":
        return column.tolist()
    if column.dtype.kind == "f":
        known = column.notna().tolist()
        numbers = column.to_numpy(np.float64, na_value=np.nan).tolist()
        return [value if one else None for value, one in zip(numbers, known, strict=True)]
    values = column.tolist()
    if isinstance(column.dtype, pd.StringDtype):  # most are said again and again
        cells = {value: _cell(value) for value in set(values)}
        return [cells[value] for value in values]
    return [_cell(value) for value in values]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    return None if value is None or value is pd.NA or value != value else value


def read_csv(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A CSV that ccsim wrote: no name is taken for a missing value or a number, and apostrophes before formulas go.

    Names may be anything that a scenario may call a part: `NA` is a region, `007` a pool, `true` a market. Only a cell
    that is empty is missing.
    """
    text = pd.read_csv(path, dtype="str", keep_default_na=False)
    names = _names_in(Path(path).stem)
    return pd.DataFrame({label: _read_column(text[label], name=label in names) for label in text.columns})


def _names_in(table: str) -> set[str]:
    """Columns of a table that hold names."""
    if table.startswith("by_"):
        return {table.removeprefix("by_")}
    columns = ESTIMATES if table == "estimates" else TABLES.get(table, ())
    return {column.name for column in columns if column.dtype == "str"}


def _read_column(cells: pd.Series[str], *, name: bool) -> pd.Series[Any]:
    """Cells as names, else as numbers where all that are not empty are."""
    known = cells[cells != ""]
    numbers = pd.to_numeric(known, errors="coerce")
    if name or not len(known) or numbers.isna().any():
        return cells.map(lambda cell: cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell)
    return numbers if len(known) == len(cells) else numbers.reindex(cells.index).astype("Float64")


def harmless(text: Any) -> Any:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dictionaries for JSON, missing values as None."""
    labels = [str(label) for label in frame.columns]
    columns = [_plain_values(frame.iloc[:, i]) for i in range(len(labels))]
    return [dict(zip(labels, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain_values(column: pd.Series[Any]) -> list[Any]:
    values = column.tolist()
    if column.dtype.kind in "iu":
        return values
    if isinstance(column.dtype, pd.StringDtype):
        return [value if type(value) is str else None for value in values]
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if type(value) is float:
        return value if math.isfinite(value) else None
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


class Syncs:
    """Sees files on the disk by a thread of its own, while the next ones are written. A context: left, all are there.

    `OSError` of a file that could not be seen there is raised at the end.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._begun: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __call__(self, path: Path) -> None:
        """See a file, or a folder's list of files, on the disk in a while."""
        self._begun.append(self._thread.submit(sync, path))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown(cancel_futures=kind is not None)
        if kind is None:
            for one in self._begun:
                one.result()


def sync(path: Path) -> None:
    """See a file, or a folder's list of files, on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
