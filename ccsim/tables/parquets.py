"""The rows of a Parquet file, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ccsim.tables.cell_texts import clean_text_of
from ccsim.tables.delimited import Batch, check_width
from ccsim.tables.filling import MOST_ROWS
from ccsim.tables.unfit import Unfit
from ccsim.text.tree import shown

MOST_UNPACKED: Final = 1_000_000_000
"""Bytes of a file's columns, unpacked."""
_ROWS: Final = 50_000


def parquet_rows(data: bytes | bytearray) -> Iterator[Batch]:
    """The rows of a Parquet file, the names of its columns first.

    Raises `Unfit` for a damaged file, for columns that hold lists or bytes, and for more rows or bytes than are read:
    before they are unpacked.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(bytes(data)))
        found = file.metadata
        size = sum(found.row_group(at).total_byte_size for at in range(found.num_row_groups))
        if found.num_rows > MOST_ROWS:
            raise Unfit(f"the file has {found.num_rows:,} rows; at most {MOST_ROWS:,} are read")
        if size > MOST_UNPACKED:
            raise Unfit(f"the file has {size:,} bytes unpacked; at most {MOST_UNPACKED:,} are read")
        check_width(found.num_columns, 0)
        for field in file.schema_arrow:
            if not _is_plain(field.type, pa):
                raise Unfit(f"the column {shown(field.name)} holds {field.type}: no texts, numbers, dates or times")
        yield Batch([[str(name) for name in file.schema_arrow.names]], range(1, 2))
        line = 2
        for batch in file.iter_batches(batch_size=_ROWS):
            columns = [_texts(column, pa) for column in batch.columns]
            yield _Columns(columns, range(line, line + batch.num_rows))
            line += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unfit("the Parquet file is damaged: it cannot be read") from error


class _Columns(Batch):
    """Rows that come as columns."""

    def __init__(self, columns: list[list[str]], lines: range) -> None:
        super().__init__((), lines)
        self._columns = columns

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return list(zip(*self._columns, strict=True))

    def columns(self, width: int) -> list[list[str]] | None:
        return self._columns if len(self._columns) == width else None


def _is_plain(kind: Any, pa: Any) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type, pa)
    return any(
        is_kind(kind)
        for is_kind in (
            *(types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_null),
            *(types.is_string, types.is_large_string, types.is_temporal),
        )
    )


def _texts(column: Any, pa: Any) -> list[str]:
    """The texts of a column, each different value made a text once."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    elif pa.types.is_time64(kind) and kind.unit == "ns":
        column = column.cast(pa.time64("us"), safe=False)
    elif pa.types.is_duration(kind) and kind.unit == "ns":
        column = column.cast(pa.duration("us"), safe=False)
    elif pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return [clean_text_of(None if value is None else float(f"{value:.7g}")) for value in column.to_pylist()]
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    texts = [clean_text_of(value) for value in column.dictionary.to_pylist()]
    return ["" if at is None else texts[at] for at in column.indices.to_pylist()]
