"""The rows of a CSV file, kept as the bytes that they are: a big file takes little more memory than its size."""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add
from typing import Final

from ccsim.text.compose import ODD_CHARACTER
from ccsim.text.faults import MOST_NAMED

MOST_ROWS: Final = 2_000_000
MOST_LINES: Final = 2 * MOST_ROWS
"""Lines, those of blanks too."""
MOST_LINE: Final = 100_000
"""Bytes of a line."""
MOST_COLUMNS: Final = 10_000

_CHUNK: Final = 1 << 18
_PLAIN: Final = bytes((9, 10, 13, *range(32, 127)))
_BOM: Final = b"\xef\xbb\xbf"


class Unfit(Exception):  # noqa: N818
    """The file cannot be read: why, and the line and column (from 1) where that shows."""

    def __init__(self, why: str, line: int = 0, column: int = 0) -> None:
        super().__init__(why)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Uneven:
    """Rows that do not have as many cells as there are columns."""

    cells: int
    """Cells of the first of them."""
    lines: list[int]
    """Lines of the first few."""
    count: int
    """How many there are."""


class Rows:
    """The header and the rows of a CSV file; a row is taken apart when it is asked for.

    Raises `Unfit` for what is no UTF-8, for control characters, quotes that do not close on their line (but in the
    header) and more lines, rows, columns or bytes in a line than are read. Lines of blanks are no rows.
    """

    def __init__(self, data: bytes | bytearray) -> None:
        self._data = data
        self._starts = array("I")
        self._ends = array("I")
        self._marks = [0]
        self._mark_lines = [1]
        self._uneven: list[int] = []
        self._uneven_cells = 0
        self._uneven_count = 0
        self._fed: list[str] = []
        self._reader = csv.reader(iter(self._fed.pop, None), strict=True)
        self._check_text()
        lines = data.count(b"\n")
        if lines > MOST_LINES:
            raise Unfit(f"the file has {lines:,} lines; at most {MOST_LINES:,} are read", MOST_LINES + 1, 1)
        start = len(_BOM) if data.startswith(_BOM) else 0
        self.header: list[str]
        """Names of the columns, without space around them."""
        self.head: str
        """The text of the header."""
        self.header, self.head, end = self._header(start)
        if any(self.header):
            self._scan(end)

    @property
    def uneven(self) -> Uneven | None:
        """Rows of another length than the header, if any; they are no rows of this."""
        if not self._uneven_count:
            return None
        return Uneven(self._uneven_cells, [self.line_at(start) for start in self._uneven], self._uneven_count)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, row: int) -> list[str]:
        text = self._data[self._starts[row] : self._ends[row]].decode()
        if '"' not in text:
            return text.split(",")
        width = len(self.header)
        cells = text[1:-1].split('","')
        if len(cells) == width and text[0] == text[-1] == '"' and text.count('"') == 2 * width:
            return cells  # all are in quotes and none has one within: a third of the reader's time
        self._fed.append(text)
        return next(self._reader)

    def __iter__(self) -> Iterator[list[str]]:
        return map(self.__getitem__, range(len(self._starts)))

    def line(self, row: int) -> int:
        """Line of a row, from 1."""
        return self.line_at(self._starts[row])

    def text(self, row: int) -> str:
        """The text of a row as it is written."""
        return self._data[self._starts[row] : self._ends[row]].decode()

    def line_at(self, offset: int) -> int:
        """Line, from 1, in which a byte stands."""
        mark = bisect_right(self._marks, offset) - 1
        return self._mark_lines[mark] + _breaks(self._data, self._marks[mark], offset)

    def _check_text(self) -> None:
        """Whether the bytes are the text that is read; a piece at a time, for as characters they may be fourfold."""
        data, size = self._data, len(self._data)
        start = len(_BOM) if data.startswith(_BOM) else 0
        while start < size:
            end = min(start + _CHUNK, size)
            while start < end < size and data[end] & 0xC0 == 0x80 and end > start + _CHUNK - 4:
                end -= 1
            piece = data[start:end]
            if not piece.isascii() or piece.translate(None, _PLAIN):
                self._check_piece(piece, start)
            start = end

    def _check_piece(self, piece: bytes | bytearray, start: int) -> None:
        try:
            text = piece.decode()
        except UnicodeDecodeError as error:
            at = start + error.start
            line = _breaks(self._data, 0, at) + 1
            raise Unfit(f"expected UTF-8 text, got the byte 0x{self._data[at]:02x}", line, 1) from None
        odd = ODD_CHARACTER.search(text)
        if odd:
            at = start + len(text[: odd.start()].encode())
            line_start = max(self._data.rfind(b"\n", 0, at), self._data.rfind(b"\r", 0, at)) + 1
            column = len(self._data[line_start:at].decode("utf-8-sig")) + 1
            what = f"control or invisible character U+{ord(odd.group()):04X}"
            raise Unfit(what, _breaks(self._data, 0, at) + 1, column)

    def _header(self, start: int) -> tuple[list[str], str, int]:
        """The names of the columns, the text of the header and where it ends; quoted names may have line breaks."""
        head = self._data[start : start + _CHUNK]
        first: bytes | bytearray = b"".join(head.splitlines()[:1])
        columns = first.count(b",") + 1
        if columns > MOST_COLUMNS:
            columns = self._data.count(b",", start, self._end_of_line(start)) + 1
            raise Unfit(f"the header has {columns:,} columns; at most {MOST_COLUMNS:,} are read", 1, 1)
        if len(first) > MOST_LINE:
            raise self._too_long(start, 1)
        lines = [line.decode(errors="ignore") for line in head[:MOST_LINE].splitlines(keepends=True)]
        reader = csv.reader(lines, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
        except csv.Error:
            text = first.decode()
            raise Unfit(*misquoted(text, 1)) from None
        if len(header) > MOST_COLUMNS:
            raise Unfit(f"the header has {len(header):,} columns; at most {MOST_COLUMNS:,} are read", 1, 1)
        if len(head) > MOST_LINE and reader.line_num == len(lines) > 1:
            raise Unfit(f"the header has more than {MOST_LINE:,} bytes; no more are read", 1, 1)
        text = "".join(lines[: reader.line_num])
        return header, text, start + len(text.encode())

    def _scan(self, start: int) -> None:
        """Find the rows: a piece of whole lines at a time, in steps that do not loop over characters."""
        data, size = self._data, len(self._data)
        line = _breaks(data, 0, start) + 1
        while start < size:
            end = self._end_of_lines(start, line)
            piece = data[start:end]
            bare = piece.splitlines()
            if max(map(len, bare)) > MOST_LINE:
                longest = next(at for at, one in enumerate(bare) if len(one) > MOST_LINE)
                raise Unfit(_long(len(bare[longest])), line + longest, 1)
            self._marks.append(start)
            self._mark_lines.append(line)
            whole = list(accumulate(map(len, piece.splitlines(keepends=True)), initial=start))
            cells = _cells_quoted(bare, line) if b'"' in piece else [one.count(b",") + 1 for one in bare]
            width = len(self.header)
            if width > 1 and cells.count(width) == len(cells):
                whole.pop()
                self._starts.extend(whole)
                self._ends.extend(map(add, whole, map(len, bare)))
            else:
                self._pick(bare, whole, cells)
            if len(self) + self._uneven_count > MOST_ROWS:
                at = self.line(MOST_ROWS) if len(self) > MOST_ROWS else line
                raise Unfit(f"the file has more than {MOST_ROWS:,} rows; no more are read", at, 1)
            start = end
            line += len(bare)
            if line > MOST_LINES + 1:
                raise Unfit(f"the file has more than {MOST_LINES:,} lines; no more are read", MOST_LINES + 1, 1)

    def _pick(self, bare: Sequence[bytes | bytearray], starts: list[int], cells: list[int]) -> None:
        """The rows among lines: without those of blanks, and those of another length apart."""
        width = len(self.header)
        for text, start, count in zip(bare, starts, cells, strict=False):  # the last start is the end of the piece
            if count == 0 or (count == 1 and _blank(text)):
                continue
            if count == width:
                self._starts.append(start)
                self._ends.append(start + len(text))
                continue
            if not self._uneven_count:
                self._uneven_cells = count
            if self._uneven_count <= MOST_NAMED:
                self._uneven.append(start)
            self._uneven_count += 1

    def _end_of_lines(self, start: int, line: int) -> int:
        """Where a piece that begins at `start` ends with a line, before it has grown long."""
        data, end = self._data, start + _CHUNK
        if end >= len(data):
            return len(data)
        cut = data.rfind(b"\n", start, end) + 1
        if not cut:
            cut = data.rfind(b"\r", start, end) + 1
            if not cut:
                raise self._too_long(start, line)
            cut += data[cut : cut + 1] == b"\n"
        return cut

    def _too_long(self, start: int, line: int) -> Unfit:
        return Unfit(_long(self._end_of_line(start) - start), line, 1)

    def _end_of_line(self, start: int) -> int:
        ends = (self._data.find(b"\n", start), self._data.find(b"\r", start))
        return min((end for end in ends if end >= 0), default=len(self._data))


def column_at(line: str, position: int) -> int:
    """Column, from 1, at which the cell of a position starts in a line."""
    quoted = False
    seen = 0
    for at, character in enumerate(line):
        if seen == position:
            return at + 1
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            seen += 1
    return len(line) + 1 if seen == position else 1


def _long(size: int) -> str:
    return f"the line has {size:,} bytes; at most {MOST_LINE:,} are read"


def _breaks(data: bytes | bytearray, start: int, end: int) -> int:
    """Line breaks in a part of a text: of Unix, Windows or old Macs."""
    returns = data.count(b"\r", start, end)
    return data.count(b"\n", start, end) + (returns - data.count(b"\r\n", start, end) if returns else 0)


def _blank(text: bytes | bytearray) -> bool:
    return not text.strip() or (not text.isascii() and not text.decode().strip())


def _cells_quoted(bare: Sequence[bytes | bytearray], line: int) -> list[int]:
    """Cells of each of some lines that may have quotes, 0 for a blank; the first of them is `line`."""
    reader = csv.reader((text.decode() for text in bare), strict=True)
    cells: list[int] = []
    try:
        for row in reader:
            if reader.line_num > len(cells) + 1:
                break
            cells.append(0 if len(row) == 1 and not row[0].strip() else len(row))
    except csv.Error:
        pass
    if len(cells) < len(bare):
        raise Unfit(*misquoted(bare[len(cells)].decode(), line + len(cells)))
    return cells


def misquoted(text: str, line: int, delimiter: str = ",") -> tuple[str, int, int]:
    """What is wrong with the quotes of a line, the line and the column."""
    opened = -1
    fresh = True
    at = 0
    while at < len(text):
        character = text[at]
        if opened < 0:
            if character == '"' and fresh:
                opened = at
            fresh = character == delimiter
        elif character == '"':
            if text[at + 1 : at + 2] == '"':
                at += 1
            elif text[at + 1 : at + 2] in ("", delimiter):
                opened = -1
            else:
                why = 'not CSV: text after a closing quote; within quotes write "" for a quote'
                return why, line, at + 2
        at += 1
    why = "a quote opens here and does not close on its line; close it there; a quoted text has no line breaks"
    return why, line, max(opened, 0) + 1
