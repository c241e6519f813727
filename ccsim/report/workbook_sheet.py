"""What a workbook is made of: sheets of one tidy table each, whose numbers know their unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ccsim.results.text import decimals_for, ends_of, side_of

SHARE: Final = "share"
"""Unit of numbers from 0 to 1, which a spreadsheet shows in per cent."""
ENDS: Final = ("low", "high")
"""Heads of the columns that hold the ends of a 95 % interval, after the number's own."""
MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number with all its digits, and how many of them are shown."""

    value: float
    share: bool = False
    """Whether it is shown in per cent."""
    decimals: int = 0

    @property
    def format(self) -> str:
        """Number format of a spreadsheet: `0.0%`, `#,##0.00`."""
        digits = "." + "0" * self.decimals if self.decimals else ""
        return f"0{digits}%" if self.share else f"#,##0{digits}"


Cell = str | Number | date | None
"""None is an empty cell: a number that does not exist."""


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column."""

    title: str
    unit: str = ""
    """Unit of every number below; empty for words, counts of nothing and columns that name the unit in each row."""

    @property
    def head(self) -> str:
        """Title and unit: `ASA (s)`."""
        unit = "%" if self.unit == SHARE else self.unit.replace("/", " per ")
        return f"{self.title} ({unit})" if unit else self.title


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a head, then a row for each thing."""

    name: str
    """At most 31 characters, and none of `[]:*?/\\`."""
    about: str
    """What a row is."""
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    keys: int = 1
    """Columns on the left that name a row; they stay in sight."""


def number(value: float | None, unit: str = "", half: float | None = None) -> Number | None:
    """A number that shows the digits that half the width of its interval justifies, or three without one."""
    if value is None:
        return None
    factor = 100.0 if unit == SHARE else 1.0
    if half:
        decimals = decimals_for(half * factor)
    elif value:
        decimals = 2 - math.floor(math.log10(abs(value) * factor))
    else:
        decimals = 0
    return Number(float(value), unit == SHARE, min(max(decimals, 0), MOST_DECIMALS))


def count(value: float) -> Number:
    """A whole number."""
    return Number(float(value))


def with_ends(row: Mapping[str, Any] | None, value: str = "estimate", ends: str = "") -> tuple[Cell, Cell, Cell]:
    """A number and both ends of its interval with as many digits; empty where there is none.

    Parameters
    ----------
    value, ends
        Key of the number; what stands before `low` and `high` in the keys of the ends.
    """
    if row is None or row[value] is None:
        return None, None, None
    found, unit = ends_of(row, ends), row["unit"]
    side = None if found is None else side_of(row[value], found)
    low, high = found or (None, None)
    return number(row[value], unit, side), number(low, unit, side), number(high, unit, side)


def with_heads(title: str) -> tuple[str, str, str]:
    """Heads of a number and of both ends of its interval."""
    low, high = ENDS
    return title, f"{title} {low}", f"{title} {high}"


def triple(title: str, unit: str) -> list[Column]:
    """Columns of a number and of both ends of its interval."""
    return [Column(head, unit) for head in with_heads(title)]
