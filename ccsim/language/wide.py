"""Tables whose columns are times of the day, weekdays or dates: turned, so that each row is of one interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise, repeat
from typing import Any, Final, Literal, TypeVar

from ccsim.language.files import WEEKDAY_NUMBERS
from ccsim.language.row_times import ends_its_day
from ccsim.language.wide_heads import ask_for_weekdays, clock_heads, unsure_hours, weekday_of
from ccsim.tables.columns import Ambiguous
from ccsim.tables.dates import dates
from ccsim.tables.heads import is_total
from ccsim.tables.month_names import DAY_NUMBERS, plain
from ccsim.tables.reading import Table
from ccsim.tables.times import TimeOfDay, times
from ccsim.text.tree import shown

Kind = Literal["times", "weekdays", "dates"]
T = TypeVar("T")

_MOST_LABELS: Final = 4
"""Columns before the first that is a time, a weekday or a date."""
_FEWEST: Final = 2
_FROM_0: Final = tuple("0123456")
_FROM_1: Final = tuple("1234567")


class NotWide(Exception):  # noqa: N818
    """The table is not one whose columns are times: why."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """The heads of the columns, or the labels of the rows, as what they are."""

    kind: Kind
    values: list[Any]


@dataclass(slots=True)
class Turned:
    """A wide table as one with a row an interval; its columns are the labels and the values."""

    columns: tuple[str, ...]
    days: list[date]
    """Date of each row."""
    clocks: list[Any] | None
    """Time of the day of each row; None where they are of whole days."""
    recognised: tuple[str, ...]
    pattern: Literal["day", "week"] | None
    """What holds again and again, where the table has no dates."""
    thousands: str
    """Sign between thousands in the whole file, if one is certain."""
    _cells: list[list[str]]
    _lines: list[int]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self._lines)

    def cells(self, column: int) -> list[str]:
        """Texts of a column."""
        return self._cells[column]

    def line(self, row: int) -> int:
        """Line of the file that a row stands on."""
        return self._lines[row]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a table that may lie on its side."""

    date: str | None = None
    """How dates are written, or weekdays that are numbers."""
    every: int | None = None
    """Microseconds of an interval."""


def looks_wide(columns: Sequence[str], said: Said = Said()) -> bool:
    """Whether all columns but the first few are called as times of the day, weekdays or dates are."""
    return _heads(columns, said) is not None or bool(_asked(columns, said))


def turned(table: Table, said: Said, first: date, last: date) -> Turned:
    """A table turned; times of the day and weekdays without dates hold on every date from `first` to `last`.

    Raises `NotWide`, and `Ambiguous` for dates.
    """
    found = _heads(table.columns, said)
    if found is None:
        asked = _asked(table.columns, said)
        raise NotWide(asked or "no columns are called as times of the day, weekdays or dates are")
    labels, heads = found
    of_rows = _labels(table, labels, said)
    by_ends = _named_by_ends(heads) or any(map(_named_by_ends, of_rows.values()))
    heads = _of_starts(heads)
    of_rows = {at: _of_starts(axis) for at, axis in of_rows.items()}
    until = labels + len(heads.values)
    kinds = {heads.kind, *(axis.kind for axis in of_rows.values())}
    if "times" not in kinds and "dates" not in kinds:
        raise NotWide("neither the columns nor the rows are times of the day or dates")
    if sum(axis.kind != "times" for axis in (heads, *of_rows.values())) > 1:
        raise NotWide("the date of an interval is said by the columns and by the rows")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    wide = len(heads.values)
    when = {axis.kind: _each(axis.values, wide) for axis in of_rows.values()}
    when[heads.kind] = heads.values * table.rows
    columns = [table.cells(at) for at in range(len(table.columns))]
    cells = [_each(texts, wide) for texts in columns[:labels]]
    cells.append(list(chain.from_iterable(zip(*columns[labels:until], strict=True))))
    lines = _each([table.line(row) for row in range(table.rows)], wide)
    if "dates" not in when:
        of_weekday = [[day for day in days if day.weekday() == weekday] for weekday in range(7)]
        weekdays = when.get("weekdays")
        dates_of = [days] * len(lines) if weekdays is None else [of_weekday[weekday] for weekday in weekdays]
        often = list(map(len, dates_of))
        when = {kind: _each(column, often) for kind, column in when.items()}
        when["dates"] = list(chain.from_iterable(dates_of))
        cells, lines = [_each(column, often) for column in cells], _each(lines, often)
    what = {"times": "times of the day", "weekdays": "weekdays", "dates": "dates"}
    told = f"the columns from {shown(table.columns[labels])} on are {what[heads.kind]}: the table lies on its side"
    if by_ends:
        told += "; they name the ends of intervals, as 24:00 can begin none"
    if until < len(table.columns):
        told += f"; totals ({', '.join(map(shown, table.columns[until:]))}) are left out"
    pattern: Literal["day", "week"] | None = None
    if "dates" not in kinds:
        pattern = "week" if "weekdays" in kinds else "day"
    columns_of = (*table.columns[:labels], "value")
    return Turned(
        columns_of, when["dates"], when.get("times"), (*table.recognised, told), pattern, table.thousands, cells, lines
    )


def typical_week(table: Table, said: Said, weekdays: int, clock: int | None, first: date, last: date) -> Turned | None:
    """A table whose rows are of weekdays: each row holds on every date of its weekday from `first` to `last`.

    `weekdays` and `clock`: columns of the weekday and of the time of the day. None where a row is of no weekday, or
    its time cannot be read, which is told of the table as it is. Raises `NotWide` for numbers that are no weekdays as
    is said, or of which nothing is said.
    """
    texts = table.cells(weekdays)
    of_numbers = said.date in WEEKDAY_NUMBERS
    if not texts or (not of_numbers and len(texts[0]) != 1 and _weekday(texts[0], said) is None):
        return None
    head = shown(table.columns[weekdays])
    if said.date is None and (asked := ask_for_weekdays(set(texts))):
        raise NotWide(f"the column {head}: {asked}")
    number_of = {text: _weekday(text, said) for text in set(texts)}
    strange = next((text for text in texts if number_of[text] is None), None)
    if strange is not None and of_numbers:
        raise NotWide(f"the column {head}: {shown(strange)} is no weekday where {said.date}")
    if strange is not None:
        return None
    clocks = None if clock is None else times(table.cells(clock))
    if clocks is not None and clocks.faults:
        return None
    if clocks is not None and clock is not None and any(map(ends_its_day, clocks.values)):
        raise NotWide(f"the column {shown(table.columns[clock])}: no interval of a weekday begins at 24:00")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    of_weekday = [[day for day in days if day.weekday() == weekday] for weekday in range(7)]
    dates_of = [of_weekday[number_of[text] or 0] for text in texts]
    often = list(map(len, dates_of))
    told = f"{table.columns[weekdays]}: weekdays, the same every week"
    return Turned(
        table.columns,
        list(chain.from_iterable(dates_of)),
        None if clocks is None else _each(clocks.values, often),
        (*table.recognised, told),
        "week",
        table.thousands,
        [_each(table.cells(at), often) for at in range(len(table.columns))],
        _each([table.line(row) for row in range(table.rows)], often),
    )


def names_at(table: Table, said: Said) -> int | None:
    """The label column of a wide table that holds names; None where there is none, or more than one."""
    found = _heads(table.columns, said)
    if found is None:
        return None
    labels = found[0]
    free = [at for at in range(labels) if at not in _labels(table, labels, said)]
    return free[0] if len(free) == 1 else None


def _each(column: Iterable[T], often: int | Iterable[int]) -> list[T]:
    """A column with each of its values so often, one after the other."""
    counts = repeat(often) if isinstance(often, int) else often
    return list(chain.from_iterable(map(repeat, column, counts)))


def _heads(columns: Sequence[str], said: Said) -> tuple[int, _Axis] | None:
    """How many columns are labels, and what the others are, but for totals at the end."""
    while len(columns) > _FEWEST and is_total(columns[-1]):
        columns = columns[:-1]
    for labels in range(min(_MOST_LABELS, len(columns) - _FEWEST) + 1):
        axis = _axis(columns[labels:], said)
        if axis is None and (labels or not columns[0].isdigit()):  # without a head they are called 1, 2, ...
            clocks = clock_heads(columns[labels:], said.every)
            axis = None if clocks is None else _Axis("times", clocks)
        if axis is not None:
            return labels, axis
    return None


def _named_by_ends(axis: _Axis) -> bool:
    return axis.kind == "times" and any(map(ends_its_day, axis.values))


def _of_starts(axis: _Axis) -> _Axis:
    return _Axis("times", _begun(axis.values)) if _named_by_ends(axis) else axis


def _begun(ends: Sequence[TimeOfDay]) -> list[TimeOfDay]:
    """When intervals begin whose ends are evenly apart. Raises `NotWide` where the first would begin the day before."""
    width = ends[1].start_us - ends[0].start_us
    starts = [end.start_us - width for end in ends]
    if width <= 0 or starts[0] < 0 or any(b - a != width for a, b in pairwise(starts)):
        raise NotWide("a column is called 24:00, when no interval of its date begins; call it as what it is")
    return [TimeOfDay(start) for start in starts]


def _asked(columns: Sequence[str], said: Said) -> str:
    """What is asked of heads that may be hours or weekdays; empty where they are no such."""
    for labels in range(1, _MOST_LABELS):
        heads = columns[labels:]
        if asked := unsure_hours(heads):
            return asked
        if said.date is None and heads in (_FROM_0, _FROM_1) and (asked := ask_for_weekdays(heads)):
            return f"the columns from {shown(heads[0])} on: {asked}"
    return ""


def _labels(table: Table, labels: int, said: Said) -> dict[int, _Axis]:
    """Columns of labels that are times, weekdays or dates."""
    found: dict[int, _Axis] = {}
    for at in range(labels):
        axis = _axis(table.cells(at), said)
        if axis is not None:
            found[at] = axis
    return found


def _axis(texts: Sequence[str], said: Said) -> _Axis | None:
    """What texts are, if all are of one kind."""
    if not texts or not all(texts):
        return None
    weekdays = [_weekday(text, said) for text in texts]
    if None not in weekdays:
        return _Axis("weekdays", weekdays)
    if not any(character.isdigit() for character in texts[0]):
        return None
    clocks = times(list(texts))
    if not clocks.faults and None not in clocks.values and any(":" in text for text in texts):
        return _Axis("times", clocks.values)
    try:
        found = dates(list(texts), None if said.date in WEEKDAY_NUMBERS else said.date)
    except Ambiguous:
        raise
    if not found.faults and None not in found.values:
        return _Axis("dates", [day for day in found.values if day is not None])
    return None


def _weekday(text: str, said: Said) -> int | None:
    """The weekday of a name or its first letters, or of a number as is said, Monday 0."""
    if said.date in WEEKDAY_NUMBERS:
        return weekday_of(text.strip(), said.date)
    word = plain(text.strip())
    if word in DAY_NUMBERS:
        return DAY_NUMBERS[word]
    return next((day for name, day in DAY_NUMBERS.items() if len(word) >= 3 and name.startswith(word)), None)
