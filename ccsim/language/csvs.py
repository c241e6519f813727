"""CSV files named in a scenario: read whole, under limits, every cause of faults told once with its line and column."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from ccsim.language.reading import BAD, Bad, Reading
from ccsim.text.csv_rows import Rows, Unfit, column_at
from ccsim.text.faults import likewise, near
from ccsim.text.tree import Leaf, Node, Place, Source, shown

MOST_BYTES: Final = 200_000_000
"""Bytes of a file, unpacked too."""
MOST_GROUPS: Final = 100_000
MOST_FAULTS: Final = 30
"""After so many faults in the cells of a file it is not read on."""

MOST_UNKNOWN: Final = 10
"""Unknown columns that are told one by one."""

T = TypeVar("T")


class GaveUp(Exception):  # noqa: N818
    """A file is not read on at a place: for the many faults that have been noted, or for what is said here."""

    def __init__(self, place: Place, why: str = "") -> None:
        super().__init__(why)
        self.place = place


@dataclass(slots=True)
class Csv:
    """A CSV file with a header."""

    source: Source
    columns: dict[str, int]
    """Position of each column by name."""
    rows: Rows
    groups: dict[str, dict[str, array[int]]] = field(default_factory=dict)
    """Rows by the text of a column, for columns that were asked for."""
    places: int = 0
    """Cells whose place was asked for, as it is for faults, since a reader began."""

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self.columns

    def cells(self, column: str) -> Iterator[str]:
        """The texts of a column, without space around them."""
        at = self.columns[column]
        return (row[at].strip() for row in self.rows)

    def rows_by(self, column: str) -> dict[str, array[int]]:
        """Rows by the text of a column, in the order in which the texts first stand.

        Raises `GaveUp` where there are more texts than a scenario can have names.
        """
        if column not in self.groups:
            groups: dict[str, array[int]] = {}
            for row, text in enumerate(self.cells(column)):
                group = groups.get(text)
                if group is None:
                    if len(groups) >= MOST_GROUPS:
                        why = (
                            f"expected at most {MOST_GROUPS:,} different names in the column {shown(column)}, got more"
                        )
                        raise GaveUp(self._place(row, column), why)
                    group = groups[text] = array("I")
                group.append(row)
            self.groups[column] = groups
        return self.groups[column]

    def place(self, row: int, column: str) -> Place:
        """Where a cell stands. Raises `GaveUp` where so many were asked for that the file is hopeless."""
        place = self._place(row, column)
        if self.places >= MOST_FAULTS:
            raise GaveUp(place)
        self.places += 1
        return place

    def _place(self, row: int, column: str) -> Place:
        return Place(self.source, self.rows.line(row), column_at(self.rows.text(row), self.columns[column]))


def told_once(rd: Reading, key: str, read: Callable[[], T | Bad]) -> T | Bad:
    """What reading a CSV file gives: each cause of faults told once; a file that is given up ends the reading."""
    before = len(rd.faults.found)
    more = ""
    found: T | Bad = BAD
    try:
        found = read()
    except GaveUp as gave_up:
        if str(gave_up):
            rd.fault(str(gave_up), gave_up.place, key)
        else:
            more = f"too many faults: the file was not read beyond line {gave_up.place.line}"
    rd.faults.fold(before, more)
    return found


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
    quotes, a file without rows and one beyond the limits are faults.
    """
    if not isinstance(node, Leaf) or node.empty:
        return rd.expected("the name of a CSV file", node, key)
    cached = rd.tables.get((node.place.source.folder, node.text))
    if cached is None:
        cached = rd.tables[(node.place.source.folder, node.text)] = _parse(node, node.text, key, rd)
    if isinstance(cached, Bad):
        return BAD
    table: Csv = cached
    table.places = 0
    missing = [name for name in required if name not in table.columns]
    for name in missing:
        rd.faults.add(f"the column {shown(name)} is missing{near(name, table.columns)}", Place(table.source, 1, 1), key)
    known = {*required, *optional}
    unknown = [] if more else [name for name in table.columns if name not in known]
    for told, name in enumerate(unknown[: MOST_UNKNOWN + 1]):
        place = Place(table.source, 1, column_at(table.rows.head, table.columns[name]))
        if told < MOST_UNKNOWN:
            rd.unknown("unknown column", name, (*required, *optional), place, key)
        else:
            rd.fault(f"{len(unknown) - told:,} more unknown columns, from {shown(name)} on", place, key)
    return BAD if missing or unknown else table


def _parse(node: Node, name: str, key: str, rd: Reading) -> Csv | Bad:
    found = rd.file(name, node, key, MOST_BYTES)
    if isinstance(found, Bad):
        return BAD
    source = Source(found[0], Path(found[0]).parent)
    data: bytes | bytearray = found[1]
    del found  # what is packed is not needed once it is unpacked
    try:
        if name.lower().endswith(".gz"):
            from ccsim.tables.packed import unpacked

            data = unpacked(data, MOST_BYTES)
        return _table(Rows(data), source, key, rd)
    except Unfit as unfit:
        return rd.fault(str(unfit), Place(source, unfit.line, unfit.column), key)


def _table(rows: Rows, source: Source, key: str, rd: Reading) -> Csv | Bad:
    header = rows.header
    if not any(header):
        return rd.fault("expected a first line with the column names", Place(source, 1, 1), key)
    columns: dict[str, int] = {}
    nameless = []
    twice = []
    for position, name in enumerate(header):
        if not name:
            nameless.append(position)
        elif name in columns:
            twice.append(position)
        columns.setdefault(name, position)
    for positions, what in ((nameless, "a column has no name"), (twice, "the column {} appears twice")):
        if positions:
            first = positions[0]
            more = f"; likewise {len(positions) - 1:,} more" if len(positions) > 1 else ""
            place = Place(source, 1, column_at(rows.head, first))
            rd.faults.add(what.format(shown(header[first])) + more, place, key)
    uneven = rows.uneven
    if uneven:
        message = f"expected {len(header)} cells, got {uneven.cells}{likewise(uneven.lines[1:], uneven.count - 1)}"
        rd.fault(message, Place(source, uneven.lines[0], 1), key)
    bad = bool(nameless or twice or uneven)
    if not rows and not bad:
        return rd.fault("expected at least one row below the names of the columns", Place(source, 1, 1), key)
    return BAD if bad else Csv(source, columns, rows)
