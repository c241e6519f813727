"""CSV files named in a scenario: read whole, under limits, every fault with its line and column."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ccsim.scenario.compose import ODD_CHARACTER
from ccsim.scenario.faults import near
from ccsim.scenario.reading import BAD, Bad, Reading
from ccsim.scenario.tree import Leaf, Node, Place, Source, shown

MOST_BYTES: Final = 200_000_000
MOST_ROWS: Final = 5_000_000


@dataclass(slots=True)
class Csv:
    """A CSV file with a header."""

    source: Source
    columns: dict[str, int]
    """Position of each column by name."""
    rows: list[list[str]]
    lines: list[int]
    """Line of each row, from 1."""
    text: list[str]
    """The lines of the file."""
    groups: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Rows by the text of a column, for columns that were asked for."""

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self.columns

    def cells(self, column: str) -> list[str]:
        """The texts of a column, without space around them."""
        at = self.columns[column]
        return [row[at].strip() for row in self.rows]

    def rows_by(self, column: str) -> dict[str, list[int]]:
        """Rows by the text of a column, in the order in which the texts first stand."""
        if column not in self.groups:
            groups: dict[str, list[int]] = {}
            for row, text in enumerate(self.cells(column)):
                groups.setdefault(text, []).append(row)
            self.groups[column] = groups
        return self.groups[column]

    def place(self, row: int, column: str) -> Place:
        """Where a cell stands."""
        line = self.lines[row]
        return Place(self.source, line, _column_of(self.text[line - 1], self.columns[column]))


def read_csv(
    node: Node,
    key: str,
    rd: Reading,
    *,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    more: bool = False,
) -> Csv | Bad:
    """The CSV file (`.csv` or `.csv.gz`) whose name stands at `node`; relative to the file that names it.

    Columns that are missing, unknown (unless `more`) or named twice, rows of another length, line breaks in
    quotes and a file without rows are faults.
    """
    if not isinstance(node, Leaf) or node.empty:
        return rd.expected("the name of a CSV file", node, key)
    cached = rd.tables.get((node.place.source.folder, node.text))
    if cached is None:
        cached = rd.tables[(node.place.source.folder, node.text)] = _parse(node, node.text, key, rd)
    if isinstance(cached, Bad):
        return BAD
    table: Csv = cached
    missing = [name for name in required if name not in table.columns]
    for name in missing:
        rd.faults.add(f"the column {shown(name)} is missing{near(name, table.columns)}", Place(table.source, 1, 1), key)
    unknown = [] if more else [name for name in table.columns if name not in (*required, *optional)]
    for name in unknown:
        place = Place(table.source, 1, _column_of(table.text[0], table.columns[name]))
        rd.unknown("unknown column", name, (*required, *optional), place, key)
    return BAD if missing or unknown else table


def _parse(node: Node, name: str, key: str, rd: Reading) -> Csv | Bad:
    found = rd.file(name, node, key, MOST_BYTES)
    if isinstance(found, Bad):
        return BAD
    source = Source(found[0], Path(found[0]).parent)
    data = _unpacked(found[1]) if name.lower().endswith(".gz") else found[1]
    if data is None:
        return rd.fault(f"expected a gzip file of at most {MOST_BYTES:,} bytes unpacked", Place(source), key)
    text = _text(data, source, key, rd)
    if text is None:
        return BAD
    lines = re.split(r"\r\n|\n|\r", text)
    try:
        table = _rows(text, lines, source, key, rd)
    except csv.Error as error:
        return rd.fault(f"not CSV: {error}", Place(source), key)
    return table


def _unpacked(data: bytes) -> bytes | None:
    """The content of a gzip file; None if it is none, is cut short, or unpacks to more than is read."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        return None
    return content if unpacker.eof and not unpacker.unused_data and len(content) <= MOST_BYTES else None


def _text(data: bytes, source: Source, key: str, rd: Reading) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        rd.fault(f"expected UTF-8 text, got the byte 0x{data[error.start]:02x}", Place(source, line, 1), key)
        return None
    odd = ODD_CHARACTER.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - (text.rfind("\n", 0, odd.start()) + 1) + 1
        rd.fault(f"control or invisible character U+{ord(odd.group()):04X}", Place(source, line, column), key)
        return None
    return text


def _rows(text: str, lines: list[str], source: Source, key: str, rd: Reading) -> Csv | Bad:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    if not any(header):
        return rd.fault("expected a first line with the names of the columns", Place(source, 1, 1), key)
    columns: dict[str, int] = {}
    bad = False
    for position, name in enumerate(header):
        if name in columns or not name:
            message = f"the column {shown(name)} stands twice" if name else "a column has no name"
            rd.faults.add(message, Place(source, 1, _column_of(lines[0], position)), key)
            bad = True
        columns.setdefault(name, position)
    rows: list[list[str]] = []
    numbers: list[int] = []
    last = reader.line_num
    for row in reader:
        line, last = last + 1, reader.line_num
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if last != line:
            return rd.fault("a line break within quotes", Place(source, line, 1), key)
        if len(row) != len(header):
            bad = True
            rd.faults.add(f"expected {len(header)} cells, got {len(row)}", Place(source, line, 1), key)
        if len(rows) >= MOST_ROWS:
            return rd.fault(f"more than {MOST_ROWS:,} rows", Place(source, line, 1), key)
        rows.append(row)
        numbers.append(line)
    if not rows and not bad:
        return rd.fault("expected at least one row below the names of the columns", Place(source, 1, 1), key)
    return BAD if bad else Csv(source, columns, rows, numbers, lines)


def _column_of(line: str, position: int) -> int:
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
