"""A column of values: read by one form over the whole column, each different text once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ccsim.tables.store import CodedTexts
from ccsim.text.faults import MOST_NAMED
from ccsim.text.tree import shown

T = TypeVar("T")

MOST_TEXT: Final = 100
"""A longer text is no value."""
MOST_TOLD: Final = 3
"""Rows of one cause that are told one by one: each may be a slip of its own."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A cell that does not fit the form of its column."""

    row: int
    """Row of the table, from 0; `Table.line` gives the line of the file."""
    why: str
    """What is wrong with the cell."""
    others: tuple[int, ...] = ()
    """The next few rows with the same cause, where it is told only once."""
    more: int = 0
    """How many further rows have it."""


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
    """Cells that could not be read, in the order of rows; a cause of more than a few rows is told once."""


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


@dataclass(frozen=True, slots=True)
class ReadTexts(Generic[T]):
    """The values of different texts, by the one form that fits them."""

    values: Mapping[str, T | None]
    """None for a text that is a sign for none, such as `-`."""
    wrong: Mapping[str, Wrong]
    """Why the other texts are no values."""
    how: str
    """The form in words."""
    none: Sequence[str] = ()
    """Signs for none."""
    none_as: str = "blank"
    """What they are taken as."""


class Unsure(Exception):  # noqa: N818
    """Two forms fit all texts and give different values: both readings of one, and the texts that have them."""

    def __init__(self, told: str, texts: Iterable[str]) -> None:
        super().__init__(told)
        self.texts = frozenset(texts)


def distinct(cells: Iterable[str]) -> list[str]:
    """The different texts of cells that may be values, in the order in which they first stand; no blanks."""
    texts = cells.texts if isinstance(cells, CodedTexts) else dict.fromkeys(cells)
    return [text for text in texts if 0 < len(text) <= MOST_TEXT]


def column_of(cells: Sequence[str], read: Callable[[list[str]], ReadTexts[T]], blank: T | None = None) -> Column[T]:
    """The column of some cells, whose different texts are read by `read`. Raises `Ambiguous` where that is unsure."""
    try:
        found = read(distinct(cells))
    except Unsure as unsure:
        raise Ambiguous(str(unsure), next(row for row, text in enumerate(cells) if text in unsure.texts)) from None
    wrong = dict(found.wrong)
    texts = cells.texts if isinstance(cells, CodedTexts) else set(cells)
    wrong.update({text: too_long(text) for text in texts if len(text) > MOST_TEXT})
    said: dict[str, T | None] = {"": blank, **found.values, **dict.fromkeys(wrong)}
    values: list[T | None]
    if isinstance(cells, CodedTexts):
        values = Values(list(map(said.__getitem__, cells.texts)), cells.codes)
    else:
        values = list(map(said.__getitem__, cells))
    return Column(values, how_told(found, cells), misread(enumerate(cells), wrong.get) if wrong else [])


def too_long(text: str) -> Wrong:
    """What is told of a text that is longer than any value."""
    return Wrong("long", f"{shown(text)} is no value: {len(text):,} characters")


def misread(rows: Iterable[tuple[int, str]], wrong: Callable[[str], Wrong | None]) -> list[Misread]:
    """The rows whose text is wrong, each; the first of them alone where very many have one cause."""
    first: dict[str, list[Misread]] = {}
    counts: dict[str, int] = {}
    for row, text in rows:
        found = wrong(text)
        if found is not None:
            counts[found.cause] = counts.get(found.cause, 0) + 1
            if counts[found.cause] <= MOST_NAMED + 1:
                first.setdefault(found.cause, []).append(Misread(row, found.why))
    told = []
    for cause, some in first.items():
        if counts[cause] <= MOST_TOLD:
            told += some
        else:
            others = tuple(one.row for one in some[1:])
            told.append(Misread(some[0].row, some[0].why, others, counts[cause] - 1))
    return sorted(told, key=lambda one: one.row)


def how_told(found: ReadTexts[T], cells: Iterable[str]) -> str:
    """The form in words, with what signs for none are taken as."""
    if not found.none:
        return found.how
    known = set(found.none)
    count = sum(1 for cell in cells if cell in known)
    verb = "is" if count == 1 else "are"
    signs = " or ".join(shown(text) for text in found.none[:3])
    none = f"{counted(count, 'cell')} with {signs} {verb} taken as {found.none_as}"
    return f"{found.how}; {none}" if found.how else none


def counted(number: int, what: str) -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
