"""Which column of a file holds what, by its name in the head and what stands under it."""

from __future__ import annotations

import re
from typing import Final

from ccsim.language.files import FILE_COLUMNS, FORMER
from ccsim.tables.kinds import kind_of
from ccsim.tables.reading import Table

_APART: Final = re.compile(r"[\s_-]+")
_SAMPLE: Final = 20
AMOUNTS: Final = ("contacts", "per_minute", "per_hour", "agents")
"""Columns of which one tells that a table has a row an interval."""


def find_columns(table: Table, columns: dict[str, int]) -> None:
    """Add the columns that are called as what they hold to those that are stated.

    Of a table with a row an interval, a `period` that holds times is the time of the day, and so is a `start` without
    dates beside a `date`.
    """
    stated = set(columns)
    taken = set(columns.values())
    for at, head in enumerate(table.columns):
        what = FORMER.get(plain_name(head), plain_name(head))
        if what in FILE_COLUMNS and what not in columns and at not in taken:
            columns[what] = at
    if "time" in columns or not any(amount in columns for amount in AMOUNTS):
        return  # a roster has dates beside its starts
    for what in ("start", "period"):
        if what in columns and what not in stated and "date" in columns and _holds_times(table, columns[what]):
            columns["time"] = columns.pop(what)
            return


def _holds_times(table: Table, column: int) -> bool:
    """Whether the first cells of a column are times of the day."""
    cells = table.cells(column)[:_SAMPLE]
    return any(cells) and all(kind_of(cell) == "time" for cell in cells if cell)


def plain_name(text: str) -> str:
    """A name as it is compared: `Start Time` and `start_time` are one."""
    return _APART.sub("_", text.strip().casefold())
