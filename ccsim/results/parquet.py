"""Tables to Parquet and CSV files and back."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ccsim.results.schema import Column

_ARROW = {
    "int8": pa.int8(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "str": pa.string(),
}

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


def write_table(path: Path, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Write a table as Parquet and see it on the disk."""
    pq.write_table(to_arrow(frame, columns), path, compression="zstd")
    sync(path)


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet table with the types that it was written with; missing numbers are `pd.NA`."""
    table = pq.read_table(path)
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


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV; texts that a spreadsheet would run as a formula get a leading apostrophe."""
    safe = frame.copy()
    for label, kind in frame.dtypes.items():
        if isinstance(kind, pd.StringDtype) or kind.kind == "O":
            safe[label] = frame[label].map(harmless, na_action="ignore")
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    sync(path)


def harmless(text: Any) -> Any:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dictionaries for JSON, missing values as None."""
    labels = [str(label) for label in frame.columns]
    return [
        {label: _plain(value) for label, value in zip(labels, row, strict=True)}
        for row in frame.to_numpy(dtype=object).tolist()
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def sync(path: Path) -> None:
    """See a file, or a folder's list of files, on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
