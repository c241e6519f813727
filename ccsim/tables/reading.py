"""From the bytes of a file to a table of texts."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

from ccsim.tables.delimited import SIGNS, batches, delimiter_of, sep_line, stated_delimiter
from ccsim.tables.encodings import encoding_of, pieces
from ccsim.tables.filling import Filled, Lines, fill
from ccsim.tables.store import Texts
from ccsim.text.csv_rows import Unfit
from ccsim.text.tree import shown


@dataclass(frozen=True, slots=True)
class Written:
    """What is stated of how a file is written; none: it is recognised."""

    delimiter: str | None = None
    """The sign between cells, or its name (`semicolon`, `tab`, `comma`, `pipe`)."""
    encoding: str | None = None
    """As Python names it: `utf-8`, `utf-16`, `cp1252`. A mark at the start of the file goes before it."""
    head: bool | None = None
    """Whether the first row that counts names the columns."""
    sheet: str | None = None
    """Name of the sheet of a workbook; none: the first."""
    skip: int = 0
    """Lines at the top that are left out."""


@dataclass(frozen=True)
class Table:
    """The texts of a file's cells, by column and row."""

    file: str
    """The file's name, for messages."""
    columns: tuple[str, ...]
    """Names as the head has them, each run of spaces as one; `1`, `2`, ... where there is no head."""
    rows: int
    """Rows that count: without the head, blank rows and rows of totals."""
    recognised: tuple[str, ...]
    """What was recognised, in short sentences: `cells are separated by semicolons`."""
    delimiter: str | None
    """The sign between cells; none for one column, and for a file that is no text."""
    _texts: Sequence[Texts] = field(repr=False)
    _lines: Lines = field(repr=False)
    _kept: array[int] | None = field(repr=False)

    def cells(self, column: int) -> list[str]:
        """The stripped text of every row that counts; `column` from 0. Texts that repeat share one object as a rule."""
        every = self._texts[column].all()
        return every if self._kept is None else list(map(every.__getitem__, self._kept))

    def line(self, row: int) -> int:
        """Line of the file, or row of the sheet, from 1, in which a row begins; `row` from 0."""
        return self._lines[row if self._kept is None else self._kept[row]]

    @cached_property
    def thousands(self) -> str:
        """`,` where commas group the digits of numbers in the whole file, else empty: for `numbers`.

        So it is where cells are separated by commas, some number in quotes has one, and each such number has three
        digits after each: a decimal comma would show in some column.
        """
        if self.delimiter != ",":
            return ""
        every = chain.from_iterable(texts.different() for texts in self._texts)
        signed = [text for text in every if "," in text and _SIGNED.fullmatch(text)]
        return "," if signed and all(map(_GROUPED.fullmatch, signed)) else ""


_SIGNED: Final = re.compile(r"[-+(]?[0-9.]*,[0-9.,]*%?\)?")
_GROUPED: Final = re.compile(r"[-+(]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?%?\)?")


def read_table(data: bytes | bytearray, name: str, written: Written = Written()) -> Table:
    """The table that a file holds, whose bytes and name are given; what is not stated is recognised and told.

    `.csv`, `.txt` and `.tsv`, packed as `.gz` too, `.xlsx` and `.parquet`; the content decides, not the name.
    Raises `Unfit`, with the line where there is one, for what cannot be read as one table and beyond the limits.
    """
    if not data:
        raise Unfit("the file is empty")
    if written.skip < 0:
        raise Unfit(f"expected lines to skip, 0 or more, got {written.skip}")
    return _of_text(data, name, written)


def _of_text(data: bytes | bytearray, name: str, written: Written) -> Table:
    codec, start, word = encoding_of(data, written.encoding)
    told = [word] if word else []
    source = pieces(data, codec, start)
    first = next(source, [])
    skip = written.skip
    delimiter = sep_line(first[0]) if first else None
    if delimiter is not None:
        skip = max(skip, 1)
        told.append(f"the first line says that cells are separated by {_named(delimiter)}")
    if written.delimiter is not None:
        delimiter = stated_delimiter(written.delimiter)
    elif delimiter is None:
        delimiter = delimiter_of(first[skip:])
        if delimiter is None:
            told.append("each line is one cell")
        elif delimiter != ",":
            told.append(f"cells are separated by {_named(delimiter)}")
    filled = fill(batches(chain([first], source), delimiter, skip), written.head, delimiter=delimiter, titled=not skip)
    return _table(name, filled, told, delimiter)


def _table(name: str, filled: Filled, told: list[str], delimiter: str | None) -> Table:
    rows = len(filled.texts[0]) if filled.kept is None else len(filled.kept)
    recognised = (*told, *filled.told)
    return Table(name, filled.names, rows, recognised, delimiter, filled.texts, filled.lines, filled.kept)


def _named(delimiter: str) -> str:
    return SIGNS.get(delimiter, shown(delimiter))
