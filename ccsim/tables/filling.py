"""From rows of cells to columns of texts: the head found, rows that hold no data of their own left out and told."""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ccsim.tables.columns import Ambiguous, counted
from ccsim.tables.delimited import Batch, check_width, too_wide
from ccsim.tables.footers import footers, is_page, of_values, told_footers
from ccsim.tables.heads import filled, has_head, is_total, titles_above
from ccsim.tables.numbers import numbers
from ccsim.tables.store import Texts
from ccsim.tables.unfit import Unfit
from ccsim.text.faults import MOST_NAMED, likewise
from ccsim.text.tree import shown

MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 100_000_000
_SAMPLE: Final = 200
_MOST_LONG: Final = 1000
"""After so many rows with too many cells the file is not read on."""


@dataclass(slots=True)
class Filled:
    """The columns of a table, and what was recognised on the way."""

    names: tuple[str, ...]
    texts: list[Texts]
    lines: Lines
    kept: array[int] | None
    """The rows that count; none: all."""
    told: list[str]


class Lines:
    """The line of each row: where the next row is not in the next line, that is marked."""

    def __init__(self) -> None:
        self._rows = array("I")
        self._lines = array("I")
        self._next = (-1, -1)

    def mark(self, row: int, lines: Sequence[int]) -> None:
        """Rows from `row` on stand in these lines."""
        if isinstance(lines, range):
            self._mark(row, lines[0])
        else:
            for at, line in enumerate(lines):
                self._mark(row + at, line)
        self._next = (row + len(lines), lines[-1] + 1)

    def _mark(self, row: int, line: int) -> None:
        if self._next != (row, line):
            self._rows.append(row)
            self._lines.append(line)
        self._next = (row + 1, line + 1)

    def __getitem__(self, row: int) -> int:
        at = bisect_right(self._rows, row) - 1
        return self._lines[at] + row - self._rows[at]


def fill(source: Iterator[Batch], head: bool | None, *, delimiter: str | None, titled: bool = True) -> Filled:
    """The table of rows that come in batches. `titled`: there may be lines of titles above it.

    Raises `Unfit` where there is no row, for rows with more cells than columns, and beyond the limits.
    """
    first, told = _first_rows(source)
    rows = [[cell.strip() for cell in row] for row in first.rows[:_SAMPLE]]
    if not any(map(any, rows)):
        raise Unfit("the file holds no row", 1)
    start = titles_above(rows) if titled and head is not False else 0
    several = sum(map(any, rows[:start]))
    if several:
        told.append(f"{counted(several, 'line')} of titles above the head {'is' if several == 1 else 'are'} left out")
    start = next(at for at in range(start, len(rows)) if any(rows[at]))
    if head is None:
        head, word = has_head(rows[start:])
        if word:
            told.append(word)
    names: list[str] = [" ".join(cell.split()) for cell in rows[start]] if head else []
    width = len(names) if head else max(map(filled, rows))
    check_width(width, first.lines[start])
    pour = _Pour(width, names or [str(at + 1) for at in range(width)], delimiter, headed=bool(names))
    start += bool(head)
    if start < len(first.rows):
        pour.add(Batch(first.rows[start:], first.lines[start:]))
    for batch in source:
        pour.add(batch)
    pour.close()
    kept, left_out = pour.counting()
    if not (pour.rows if kept is None else len(kept)):
        raise Unfit("there is no row below the names of the columns" if head else "the file holds no row", 1)
    told += left_out
    texts, found = _named(pour.texts, names, told)
    return Filled(found, texts, pour.lines, kept, told)


def _first_rows(source: Iterator[Batch]) -> tuple[Batch, list[str]]:
    """The first rows, at least those that tell where the table begins, if the file has as many."""
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    for batch in source:
        rows += batch.rows
        lines += batch.lines
        if len(rows) >= _SAMPLE:
            break
    if not rows:
        raise Unfit("the file is empty", 1)
    regular = lines[-1] - lines[0] + 1 == len(lines)
    return Batch(rows, range(lines[0], lines[-1] + 1) if regular else lines), []


def _named(texts: list[Texts], names: list[str], told: list[str]) -> tuple[list[Texts], tuple[str, ...]]:
    """Columns with their names, without those at the end that have neither a name nor a cell."""
    texts = list(texts)
    while len(texts) > 1 and _is_blank(texts[-1]) and not (names and names[len(texts) - 1]):
        texts.pop()
    if not names:
        return texts, tuple(str(at + 1) for at in range(len(texts)))
    names = names[: len(texts)]
    for at, name in enumerate(names):
        if not name:
            names[at] = str(at + 1)
            if not _is_blank(texts[at]):
                told.append(f"column {at + 1} has no name")
    places: dict[str, list[str]] = {}
    for at, name in enumerate(names):
        places.setdefault(name, []).append(str(at + 1))
    for name, where in places.items():
        if len(where) > 1:
            told.append(f"the name {shown(name)} stands over {len(where)} columns ({', '.join(where[:MOST_NAMED])})")
    return texts, tuple(names)


def _rows_said(number: int) -> str:
    return "a row" if number == 1 else f"{number:,} rows"


def _is_blank(texts: Texts) -> bool:
    """Whether all texts of a column are blank."""
    known = texts.different()
    return known is not None and not any(known)


class _Pour:
    """Columns that rows are poured into."""

    def __init__(self, width: int, names: Sequence[str], delimiter: str | None, *, headed: bool) -> None:
        self.width = width
        self.texts = [Texts() for _ in range(width)]
        self.lines = Lines()
        self.rows = 0
        self.short = array("I")
        """Rows that end before the last column."""
        self._names = names
        self._headed = headed
        self._delimiter = delimiter
        self._blank = 0
        self._long: list[int] = []
        self._long_count = 0
        self._long_row: Sequence[str] = ()

    def add(self, batch: Batch) -> None:
        """Add rows; those of another length are cut, filled up or noted."""
        columns, lines = batch.columns(self.width), batch.lines
        if columns is None:
            rows, lines = self._even(batch.rows, lines)
            if not rows:
                return
            columns = list(zip(*rows, strict=True))
        if self._long_count > _MOST_LONG:
            self.close()
        self.lines.mark(self.rows, lines)
        self.rows += len(lines)
        if self.rows > MOST_ROWS:
            why = f"the file has more than {MOST_ROWS:,} rows; no more are read"
            raise Unfit(why, self.lines[MOST_ROWS])
        if self.rows * self.width > MOST_CELLS:
            why = f"the file has more than {MOST_CELLS:,} cells; no more are read: leave out columns that are not used"
            raise Unfit(why, lines[-1])
        for texts, raw in zip(self.texts, columns, strict=True):
            texts.extend(raw)

    def _even(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> tuple[list[Sequence[str]], list[int]]:
        even: list[Sequence[str]] = []
        places: list[int] = []
        width = self.width
        for row, line in zip(rows, lines, strict=True):
            if len(row) != width:
                if not any(map(str.strip, row)):
                    self._blank += 1
                    continue
                if any(map(str.strip, row[width:])):
                    self._long_count += 1
                    if len(self._long) <= MOST_NAMED:
                        self._long.append(line)
                    self._long_row = self._long_row or row
                elif len(row) < width:
                    self.short.append(self.rows + len(even))
                row = [*row[:width], *[""] * (width - len(row))]
            even.append(row)
            places.append(line)
        return even, places

    def close(self) -> None:
        """No more rows come. Raises `Unfit` for rows that have more cells than there are columns."""
        for texts in self.texts:
            texts.close()
        if self._long:
            row = [cell.strip() for cell in self._long_row]
            others = likewise(self._long[1 : MOST_NAMED + 1], self._long_count - 1)
            raise too_wide(row[: filled(row)], self._names, self._long[0], others, self._delimiter)

    def counting(self) -> tuple[array[int] | None, list[str]]:
        """The rows that count if not all do, and what is told of the others: blank rows, totals, lines below."""
        blanks = empty = self.texts[0].rows_where(operator.not_)
        totals = self.texts[0].rows_where(is_total)
        for texts in self.texts[1:]:
            if not empty:
                break
            every = texts.all()
            totals += [row for row in empty if is_total(every[row])]
            empty = [row for row in empty if not every[row]]
        totals += self._totals_beside_dates(set(totals))
        if len(totals) == self.rows - len(empty):
            totals = []  # a queue of that name
        again = self._head_again() if self._headed else []
        out = {*empty, *totals, *again}
        below = footers(self.texts, self.rows, out)
        out.update(below)
        sums = [row for row in blanks if row not in out]
        if len(sums) == 1 and all(row in out for row in range(sums[0] + 1, self.rows)) and self._sums_up(sums[0], out):
            totals += sums
            out.update(sums)
        told = []
        blank = self._blank + len(empty)
        if blank or totals:
            parts = [counted(blank, "blank row")] if blank else []
            parts += [f"{_rows_said(len(totals))} of totals ({self._lines_said(sorted(totals))})"] if totals else []
            told.append(f"{' and '.join(parts)} {'is' if blank + len(totals) == 1 else 'are'} left out")
        if again:
            said = self._lines_said(again)
            told.append(f"the head of the table, or the number of a page, stands again ({said}): left out")
        if below:
            texts = self.texts[0]
            told.append(told_footers([texts[row] for row in below], [self.lines[row] for row in below]))
        short = [row for row in self.short if row not in out]
        if short:
            first_line = (
                f"the first in line {self.lines[short[0]]}" if len(short) > 1 else f"line {self.lines[short[0]]}"
            )
            verb = "ends" if len(short) == 1 else "end"
            text = f"{verb} before the last column: what is missing is blank"
            told.append(f"{counted(len(short), 'row')} ({first_line}) {text}")
        return array("I", (row for row in range(self.rows) if row not in out)) if out else None, told

    def _head_again(self) -> list[int]:
        """Rows with the names of the columns, as each page of a report repeats them, and rows with a page's number."""
        first = self._names[0]
        heads = self.texts[0].rows_where(lambda text: " ".join(text.split()) == first) if first else []
        heads = [row for row in heads if self._row(row) == [*self._names]]
        pages = self.texts[0].rows_where(is_page)
        pages = [row for row in pages if not any(texts[row] for texts in self.texts[1:])] if heads else []
        return sorted({*heads, *pages})

    def _row(self, row: int) -> list[str]:
        return [" ".join(texts[row].split()) for texts in self.texts]

    def _totals_beside_dates(self, known: set[int]) -> list[int]:
        """Rows of totals that repeat the date or the name, and say `Total` in the column of times."""
        found: set[int] = set()
        for texts in self.texts[1:4]:
            rows = texts.rows_where(is_total)
            if rows and of_values(texts, self.rows):
                found.update(rows)
        return sorted(found - known)

    def _lines_said(self, rows: Sequence[int]) -> str:
        """`line 5`, `lines 3, 5`."""
        places = ", ".join(str(self.lines[row]) for row in rows[:MOST_NAMED])
        return f"line{'s' * (len(rows) > 1)} {places}" + (", ..." if len(rows) > MOST_NAMED else "")

    def _sums_up(self, last: int, out: set[int]) -> bool:
        """Whether a row without a date holds the sum of the rows above it in one column at least."""
        for texts in self.texts[1:]:
            every = texts.all()
            cells = [every[row] for row in range(last) if row not in out]
            if len(cells) < 2 or not every[last]:
                continue
            try:
                found = numbers([*cells, every[last]], thousands=",").values
            except Ambiguous:
                continue
            *above, below = found
            if below is None or None in above or below <= max(one for one in above if one is not None):
                continue
            total = sum(one for one in above if one is not None)
            if abs(total - below) <= max(0.5, 0.001 * total):
                return True
        return False
