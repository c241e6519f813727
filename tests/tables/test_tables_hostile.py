"""Hostile text: refused with its line after little work, at little memory."""

from __future__ import annotations

import gzip
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from ccsim.tables import encodings, filling, reading
from ccsim.tables.columns import Ambiguous
from ccsim.tables.dates import dates
from ccsim.tables.durations import durations
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Written, read_table
from ccsim.tables.times import times
from ccsim.tables.unfit import Unfit


@pytest.fixture
def pieces_seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lines of the pieces that were taken apart."""
    seen: list[int] = []
    inner = encodings.pieces

    def pieces(data: bytes, codec: str, start: int) -> Iterator[list[str]]:
        for piece in inner(data, codec, start):
            seen.append(len(piece))
            yield piece

    monkeypatch.setattr(reading, "pieces", pieces)
    return seen


def refused(data: bytes, name: str = "f.csv") -> tuple[int, str]:
    """Line and text of what is told; no more memory is taken than some megabytes."""
    tracemalloc.start()
    try:
        with pytest.raises(Unfit) as told:
            read_table(data, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000
    return told.value.line, str(told.value)


LONG = b"a,b\n1," + b"x" * 50_000_000
OPEN = b'a,b\n1,"x' + b"y,2\n" * 10_000_000
GOOD = b"a,b\n" + b"1,2\n" * 100_000


@pytest.mark.parametrize(
    ("data", "line", "why", "pieces"),
    [
        (LONG, 2, "the line has more than 100,000 characters; no more are read", 0),
        (b"x" * 50_000_000, 1, "the line has more than 100,000 characters; no more are read", 0),
        (OPEN, 2, "a quote opens here and does not close as it should; close it, or take it out", 1),
        (b"a,b\n" + b"1,2\n" * 10 + OPEN[4:], 12, "a quote opens here and does not close as it should", 1),
        (b"," * 200_000, 1, "the line has more than 100,000 characters; no more are read", 1),
        (b"a," * 20_000 + b"\n" + b"1," * 20_000 + b"\n", 1, "the line has 20,001 cells; at most 10,000 columns", 1),
        (b"a,b\n" + b"1,2\n" * 300_000 + b"3,\0", 300_002, "control or invisible character U+0000", 5),
        (b"a,b\n" + b"1,2,3\n" * 300_000, 2, "after the cell of the last column, 'b', the line goes on with '3'", 6),
        (b"\n" * 2_000_000, 1, "the file holds no row", 1),
    ],
    ids=range(9),
)
def test_lines_quotes_and_columns_without_end(
    pieces_seen: list[int], data: bytes, line: int, why: str, pieces: int
) -> None:
    found, told = refused(data)
    assert (found, told[: len(why)]) == (line, why)
    assert len(pieces_seen) <= pieces


def test_rows_and_cells_beyond_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_ROWS", 99_000)
    assert refused(GOOD) == (99_002, "the file has more than 99,000 rows; no more are read")
    monkeypatch.undo()
    monkeypatch.setattr(filling, "MOST_CELLS", 199_000)
    assert refused(GOOD)[1].startswith("the file has more than 199,000 cells; no more are read")
    monkeypatch.setattr(reading, "MOST_BYTES", 100_000)
    assert refused(GOOD)[1] == "the file has 400,004 bytes; at most 100,000 are read"
    assert refused(gzip.compress(GOOD), "f.csv.gz")[1].endswith("at most 100,000 bytes unpacked, got more")
    assert refused(gzip.compress(GOOD[:1000])[:-9], "f.csv.gz")[1].endswith("got one that is cut short")


@pytest.mark.parametrize("size", [7, 8, 16, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_and_lines_are_the_same_wherever_pieces_end(monkeypatch: pytest.MonkeyPatch, end: str, size: int) -> None:
    text = 'a;é\n1;2\n\n3;"4\n5"\nΩ;"6;7"\n8;9\n'.replace("\n", end)
    monkeypatch.setattr(encodings, "_PIECE", size)
    written = Written(delimiter=";", head=True)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        table = read_table(text.encode(encoding), "f.csv", written)
        assert table.columns == ("a", "é")
        assert table.cells(0) == ["1", "3", "Ω", "8"]
        assert table.cells(1) == ["2", "4\n5", "6;7", "9"]
        assert [table.line(row) for row in range(table.rows)] == [2, 4, 6, 7]


SIGNS = [*'",;\t|\n\r .:-/%é\ufeff1a', "02", "2026", "Total"]


def test_nothing_that_is_written_makes_a_reader_fail() -> None:
    """Whatever stands in a file, it is a table, or it is told why not."""
    draws = random.Random(7)
    outcomes = set()
    shown: list[str] = []
    for _ in range(1500):
        text = "".join(draws.choice(SIGNS) for _ in range(draws.randrange(1, 60)))
        data = text.encode(draws.choice(["utf-8", "utf-16", "cp1252"]), errors="ignore")
        try:
            table = read_table(data, draws.choice(["f.csv", "f.tsv", "f.txt"]))
        except Unfit:
            outcomes.add("refused")
            continue
        outcomes.add("read")
        for at in range(len(table.columns)):
            cells = table.cells(at)
            assert len(cells) == table.rows
            for read in (dates, times, instants, numbers, durations):
                try:
                    found = read(cells)
                except Ambiguous as told:
                    shown.append(cells[told.row])
                else:
                    assert len(found.values) == table.rows
                    faulty = {one.row for one in found.faults}
                    assert all(cells[row] and found.values[row] is None for row in faulty)
    assert outcomes == {"refused", "read"}
    assert shown
    assert all(shown)


@pytest.mark.parametrize("part", ["9", "1,", "-1", "1:", "a ", "(", "1-1", "é"])
def test_long_cells_are_no_values(part: str) -> None:
    text = part * 50_000
    for read in (dates, times, instants, numbers, durations):
        found = read([text, ""])
        assert found.values == [None, None]
        assert found.faults[0].why == f"'{text[:57]}...' is no value: {len(text):,} characters"
