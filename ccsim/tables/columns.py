"""A column of values: read by one form over the whole column, each different text once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ccsim.tables.store import Cells
from ccsim.text.tree import shown

T = TypeVar("T")

MOST_TEXT: Final = 100
"""A longer text is no value."""
MOST_TOLD: Final = 3
"""Rows of one cause that are told one by one."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A cell that does not fit the form of its column."""

    row: int
    """Row of the table, from 0; `Table.line` gives the line of the file."""
    why: str
    """What is wrong with the cell, and how many more rows have the same."""


class Values(list[T | None]):
    """The value of every row, where rows of one text share one."""

    def __init__(self, each: list[T | None], codes: array[int]) -> None:
        super().__init__(map(each.__getitem__, codes))
        self.each = each
        """What the different texts say."""
        self.codes = codes
        """Which of them each row has."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """The values of a column and how they were read."""

    values: list[T | None]
    """One a row; none for a blank cell and for one that could not be read (then it is among `faults`)."""
    how: str
    """The form in words, `dates with the day first, like 13/02/2026`; empty for a column of blanks."""
    faults: list[Misread]
    """Cells that could not be read, in the order of rows; of each cause the first few."""


class Ambiguous(Exception):  # noqa: N818
    """Two forms fit all cells of a column and give different values; the text shows both readings of a cell."""

    def __init__(self, text: str, row: int) -> None:
        super().__init__(text)
        self.row = row
        """The row, from 0, of the cell that is shown."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a text is no value of a column."""

    cause: str
    """Texts of one cause are told together."""
    why: str


def distinct(cells: Iterable[str]) -> list[str]:
    """The different texts of cells that may be values, in the order in which they first stand; no blanks."""
    texts = cells.texts if isinstance(cells, Cells) else dict.fromkeys(cells)
    return [text for text in texts if 0 < len(text) <= MOST_TEXT]


def column(cells: Sequence[str], values: Mapping[str, T | None], wrong: Mapping[str, Wrong], how: str) -> Column[T]:
    """The column of the values of its texts; a text is in `values`, or in `wrong`, or blank, or too long."""
    long = {text for text in (cells.texts if isinstance(cells, Cells) else set(cells)) if len(text) > MOST_TEXT}
    wrong = {**wrong, **{text: Wrong("long", f"{shown(text)} is no value: {len(text):,} characters") for text in long}}
    read: dict[str, T | None] = {"": None, **values, **dict.fromkeys(wrong)}
    if isinstance(cells, Cells):
        found: list[T | None] = Values(list(map(read.__getitem__, cells.texts)), cells.codes)
    else:
        found = list(map(read.__getitem__, cells))
    return Column(found, how, _told(cells, wrong) if wrong else [])


def _told(cells: Sequence[str], wrong: Mapping[str, Wrong]) -> list[Misread]:
    """The first rows of each cause; the last of them says how many more there are."""
    rows: dict[str, list[int]] = {}
    counts: dict[str, int] = {}
    for row, text in enumerate(cells):
        if text in wrong:
            cause = wrong[text].cause
            counts[cause] = counts.get(cause, 0) + 1
            if counts[cause] <= MOST_TOLD:
                rows.setdefault(cause, []).append(row)
    told = []
    for cause, first in rows.items():
        more = counts[cause] - len(first)
        for row in first:
            why = wrong[cells[row]].why
            if more and row == first[-1]:
                why += f"; and {more:,} more row{'s' if more > 1 else ''}"
            told.append(Misread(row, why))
    return sorted(told, key=lambda one: one.row)


def counted(number: int, what: str) -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
