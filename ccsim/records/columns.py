"""A column of a table, and where it stands among others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    dtype: str
    """pandas dtype: int32, int64, float64 or str."""
    unit: str
    """`count`, `us` (microseconds), `us^2`, `id`, `name`, ..."""
    meaning: str
    key: bool = False
    """Whether it names the row rather than being a sum."""


def key(name: str, dtype: str, unit: str, meaning: str) -> Column:
    """A column that names the row."""
    return Column(name, dtype, unit, meaning, key=True)


def total(name: str, unit: str, meaning: str) -> Column:
    """A column of whole numbers that add up."""
    return Column(name, "int64", unit, meaning)


def place_of(columns: Sequence[Column], name: str) -> int:
    """Position of a column among others; ValueError where there is none of that name."""
    return [column.name for column in columns].index(name)


def woven(columns: Sequence[Column], further: Iterable[tuple[str, Column]]) -> tuple[Column, ...]:
    """The columns with further ones among them, each behind the column that is named beside it.

    A further column may stand behind another further one. Of two behind the same column the later is nearer to it.
    Raises ValueError where no column has the name.
    """
    found, left = list(columns), list(further)
    while left:
        names = {column.name for column in found}
        ready = [pair for pair in left if pair[0] in names]
        if not ready:
            raise ValueError(f"no column {left[0][0]!r} for {left[0][1].name!r} to stand behind")
        for after, column in ready:
            found.insert(place_of(found, after) + 1, column)
        left = [pair for pair in left if pair not in ready]
    return tuple(found)
