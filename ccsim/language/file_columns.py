"""Which column of a file holds what, by its name in the head and what stands under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ccsim.language.files import FILE_COLUMNS, FORMER
from ccsim.language.refusals import Refused
from ccsim.tables.kinds import kind_of
from ccsim.tables.reading import Table
from ccsim.text.faults import MOST_NAMED
from ccsim.text.tree import shown

_APART: Final = re.compile(r"[\s_-]+")
_SAMPLE: Final = 20
AMOUNTS: Final = ("contacts", "per_minute", "per_hour", "agents")
"""Columns of which one tells that a table has a row an interval."""
_OF_DAYS: Final = ("weekday", "week_day", "day_of_week", "dow", "day")
"""Heads of columns that are taken for dates where none is called so, the surest first."""
_UNASKED: Final = ("aht", "talk", "wrap_up", "handle_total", "handled", "handle_time", "patience")
"""Columns that nobody may want: where several have such a name, which is told, it is the first."""


def find_columns(table: Table, columns: dict[str, int]) -> None:
    """Add the columns that are called as what they hold to those that are stated. Raises `Refused`.

    Of a table with a row an interval, a `period` that holds times is the time of the day, and so is a `start` without
    dates beside a `date`.
    """
    stated = set(columns)
    taken = set(columns.values())
    for at, head in enumerate(table.columns):
        what = FORMER.get(plain_name(head), plain_name(head))
        if what not in FILE_COLUMNS or what in columns or at in taken:
            continue
        columns[what] = at if what in _UNASKED else only_one(head, table.columns)
    _called_otherwise(table, columns)
    _with_dates(table, columns)
    if "time" in columns or not any(amount in columns for amount in AMOUNTS):
        return  # a roster has dates beside its starts
    for what in ("start", "period"):
        if what in columns and what not in stated and "date" in columns and _holds_times(table, columns[what]):
            columns["time"] = columns.pop(what)
            return


def _with_dates(table: Table, columns: dict[str, int]) -> None:
    """A column of times that bear their dates, beside none of dates, says when intervals start."""
    if "time" not in columns or {"start", "date"} & columns.keys() or not any(one in columns for one in AMOUNTS):
        return
    cells = [cell for cell in table.cells(columns["time"])[:_SAMPLE] if cell]
    if cells and all(kind_of(cell) == "instant" for cell in cells):
        columns["start"] = columns.pop("time")


def _called_otherwise(table: Table, columns: dict[str, int]) -> None:
    """Add a column of weekdays as the date, and one of hours as the time, in a table with a row an interval."""
    if not any(amount in columns for amount in AMOUNTS) or any(what in columns for what in ("start", "end")):
        return
    heads = {plain_name(head): at for at, head in enumerate(table.columns) if at not in columns.values()}
    days = [heads[head] for head in _OF_DAYS if head in heads]
    if "date" not in columns and days and ("time" in columns or "hour" in heads):
        columns["date"] = days[0]
    if "date" in columns and "time" not in columns and "period" not in columns:
        columns.update({"time": heads["hour"]} if "hour" in heads else {})


def only_one(name: str, heads: Sequence[str]) -> int:
    """The column that has a name. Raises `Refused` where several have it."""
    places = [at for at, head in enumerate(heads) if head == name]
    if len(places) > 1:
        numbers = " and ".join(str(at + 1) for at in places[:MOST_NAMED])
        why = f"{len(places)} columns are called {shown(name)} ({numbers}): say which by its number under `columns:`"
        raise Refused(f"{why}, like columns: {{contacts: {places[0] + 1}}}", 1)
    return places[0]


def _holds_times(table: Table, column: int) -> bool:
    """Whether the first cells of a column are times of the day."""
    cells = table.cells(column)[:_SAMPLE]
    return any(cells) and all(kind_of(cell) == "time" for cell in cells if cell)


def plain_name(text: str) -> str:
    """A name as it is compared: `Start Time` and `start_time` are one."""
    return _APART.sub("_", text.strip().casefold())
