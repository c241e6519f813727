"""From the bytes of a file to a table of texts."""

from __future__ import annotations

import re
from array import array
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import PurePath
from typing import Final

from ccsim.tables.delimited import SIGNS, batches, delimiter_of, sep_line, stated_delimiter
from ccsim.tables.encodings import encoding_of, pieces
from ccsim.tables.filling import Filled, Lines, fill
from ccsim.tables.packed import unpacked
from ccsim.tables.parquets import parquet_rows
from ccsim.tables.store import Cells, Texts
from ccsim.tables.unfit import Unfit
from ccsim.tables.workbooks import sheet_rows
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
        return self.column(column).all()

    def column(self, column: int) -> Cells:
        """The same some thousands at a time, for columns of millions of different texts."""
        return Cells(self._texts[column], self._kept, self._counts)

    def line(self, row: int) -> int:
        """Line of the file, or row of the sheet, from 1, in which a row begins; `row` from 0."""
        return self._lines[row if self._kept is None else self._kept[row]]

    @cached_property
    def _counts(self) -> bytearray:
        """1 for each row that counts, where not all do."""
        counts = bytearray() if self._kept is None else bytearray(len(self._texts[0]))
        for row in self._kept or ():
            counts[row] = 1
        return counts

    @cached_property
    def thousands(self) -> str:
        """`,` where commas group the digits of numbers in the whole file, else empty: for `numbers`.

        So it is where cells are separated by commas, some number in quotes has one, and each such number has three
        digits after each: a decimal comma would show in some column.
        """
        if self.delimiter != ",":
            return ""
        every = chain.from_iterable(texts.holding(",") for texts in self._texts)
        signed = {text for text in every if _SIGNED.fullmatch(text)}
        return "," if signed and all(map(_GROUPED.fullmatch, signed)) else ""


_FORMULA: Final = re.compile(r"""(^|[,;\t|^~])="([^"]*)"(?=[,;\t|^~]|$)""")
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
    start = bytes(data[:8])
    if start.startswith(b"\x1f\x8b"):
        data = unpacked(data, MOST_BYTES)
        name, start = name.removesuffix(".gz"), bytes(data[:8])
    ending = PurePath(name).suffix.lower()
    if start.startswith(b"PK\x03\x04"):
        rows, told = sheet_rows(data, written.sheet, written.skip)
        if ending != ".xlsx":
            told.insert(0, "the file is an Excel workbook, whatever its name says")
        return _table(name, fill(rows, written.head, delimiter=None, titled=not written.skip), told, None)
    if start.startswith(b"PAR1"):
        return _table(name, fill(parquet_rows(data), True, delimiter=None, titled=False), [], None)
    start = bytes(data[:200]).removeprefix(BOM_UTF8).lstrip().lower()
    for sign, what in _OTHERS.items():
        if start.startswith(sign):
            raise Unfit(what)
    if ending in (".xlsx", ".parquet"):
        raise Unfit(
            f"the file is no {'Excel workbook' if ending == '.xlsx' else 'Parquet file'}, though its name says so"
        )
    if len(data) > MOST_BYTES:
        raise Unfit(f"the file has {len(data):,} bytes; at most {MOST_BYTES:,} are read")
    if written.sheet is not None:
        raise Unfit("a sheet is stated, but the file is no workbook")
    return _of_text(data, name, written)


MOST_BYTES: Final = 400_000_000
"""Bytes of a text file, unpacked."""
_OTHERS: Final = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls), or one with a password; save it as .xlsx without, or as CSV",
    b"%pdf": "a PDF; export the table as CSV or .xlsx",
    b"<html": "a web page (HTML), whatever its name says; save it as CSV or .xlsx",
    b"<table": "a web page (HTML), whatever its name says; save it as CSV or .xlsx",
    b"<!doctyp": "a web page (HTML), whatever its name says; save it as CSV or .xlsx",
    b"<?xml": "XML, whatever its name says; save it as CSV or .xlsx",
    b"{": "JSON; save the table as CSV or .xlsx",
    b"[{": "JSON; save the table as CSV or .xlsx",
    b"[[": "JSON; save the table as CSV or .xlsx",
    b"7z\xbc\xaf": "an archive (7z); unpack it first",
    b"bzh": "an archive (bzip2); unpack it first",
}
"""What a file is by its first bytes, in small letters, that is not read."""


def _of_text(data: bytes | bytearray, name: str, written: Written) -> Table:
    codec, start, word = encoding_of(data, written.encoding)
    told = ["the file is not packed, whatever its name says"] if name.lower().endswith(".gz") else []
    told += [word] if word else []
    source = pieces(data, codec, start)
    first = next(source, [])
    if any('="' in line for line in first):
        told.append('cells like ="08:00" are taken for what stands in the quotes')
        first, source = _unwrapped(first), map(_unwrapped, source)
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


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines with cells `="text"`, by which exports keep spreadsheets from reading numbers, as plain quoted cells."""
    return [_FORMULA.sub(r'\1"\2"', line) for line in lines]


def _table(name: str, filled: Filled, told: list[str], delimiter: str | None) -> Table:
    rows = len(filled.texts[0]) if filled.kept is None else len(filled.kept)
    recognised = (*told, *filled.told)
    return Table(name, filled.names, rows, recognised, delimiter, filled.texts, filled.lines, filled.kept)


def _named(delimiter: str) -> str:
    return SIGNS.get(delimiter, shown(delimiter))
