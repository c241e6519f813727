"""One number that says whether two runs hold the same values: a digest of tables, not of files."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.records.columns import Column
from ccsim.records.tables import TABLES

SIZE: Final = 32
"""Hexadecimal digits of a digest: the first half of a SHA-256, which processors have an instruction for."""


class TableDigest:
    """Digest of one table, fed with rows in canonical order: by replication, then by the key columns.

    However the rows are cut into batches, the digest is the same. It covers the table's name, the name and
    type of every column and every value, as little-endian 64-bit integers, a row at a time.
    """

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        self._hash = hashlib.sha256()
        self._hash.update(json.dumps([name, [[c.name, c.dtype] for c in columns]]).encode())
        self._width = len(columns)

    def add(self, rows: NDArray[np.int64]) -> None:
        """Add rows, shape [rows, columns], that follow the earlier ones in canonical order."""
        if rows.ndim != 2 or rows.shape[1] != self._width:
            raise ValueError(f"expected {self._width} columns, got an array of shape {rows.shape}")
        self._hash.update(np.ascontiguousarray(rows, dtype="<i8").data)

    def hex(self) -> str:
        """The digest so far, in hexadecimal."""
        return self._hash.hexdigest()[:SIZE]


def digest_of_names(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> str:
    """Digest of a table of names (queues, pools), rows in the order of their ids."""
    text = json.dumps([name, [[c.name, c.dtype] for c in columns], [list(row) for row in rows]])
    return hashlib.sha256(text.encode()).hexdigest()[:SIZE]


def digest_of_run(tables: Mapping[str, str]) -> str:
    """Digest of a run: of its tables' digests in the schema's order, visits only where asked for."""
    lines = [f"{name} {tables[name]}" for name in TABLES if name in tables]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:SIZE]


def canonical_order(rows: NDArray[np.int64], keys: Sequence[int]) -> NDArray[np.int64]:
    """The rows sorted by the columns `keys`, the first the slowest; the same rows where they are already."""
    if len(rows) < 2 or not keys:
        return rows
    columns = [rows[:, k] for k in keys]
    packed = _packed(columns)
    if packed is None:
        return rows[np.lexsort(columns[::-1])]
    if (packed[1:] >= packed[:-1]).all():
        return rows
    return rows[np.argsort(packed, kind="stable")]


def _packed(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64] | None:
    """The keys as one number each, in the same order; None where they do not fit into 62 bits."""
    lows = [int(column.min()) for column in columns]
    sizes = [int(column.max()) - low + 1 for column, low in zip(columns, lows, strict=True)]
    if math.prod(sizes) >= 1 << 62:
        return None
    packed = columns[0] - lows[0]
    for column, low, size in zip(columns[1:], lows[1:], sizes[1:], strict=True):
        packed *= size
        packed += column
        packed -= low
    return packed
