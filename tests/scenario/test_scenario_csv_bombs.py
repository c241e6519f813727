"""Hostile files of contacts and times: each cause is told once with its line, and little work is done for it."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from ccsim.errors import Fault
from ccsim.language import file_tables
from ccsim.tables import encodings, filling, packed, reading
from ccsim.tables.reading import read_table
from tests.support.scenario_texts import faults, only_fault, scenario

HEAD = "time,talk\n"
GOOD = "2026-01-01 00:00,1\n2026-01-01 01:00,1\n"
TRACE = {"demand": "{calls: {trace: f.csv}}"}
LAW = {"handle_time": "{file: f.csv, column: 1, unit: s}"}


def told(folder: Path, content: str | bytes, **parts: str) -> list[Fault]:
    (folder / "f.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    found = faults(folder, **(parts or TRACE))
    assert all(fault.file == str(folder / "f.csv") for fault in found)
    return found


def one(folder: Path, content: str | bytes, **parts: str) -> tuple[int, str]:
    """Line and message of the only fault."""
    (only,) = told(folder, content, **parts)
    return only.line, only.message


LONG = "the line has more than 100,000 characters; no more are read"
OPEN = "a quote opens here and does not close as it should; close it, or take it out"


@pytest.mark.parametrize("parts", [TRACE, LAW], ids=["trace", "law"])
@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (",".join("a" * 10_001) + "\n1\n", 1, "the line has 10,001 cells; at most 10,000 columns are read"),
        (",".join(f"c{n}" for n in range(50_000)), 1, LONG),
        ("x" * 300_000, 1, LONG),
        (HEAD + "x" * 300_000, 2, LONG),
        (f"{HEAD}{GOOD * 20_000}{'x' * 300_000}\n{GOOD * 20_000}", 40_002, LONG),
        (f'"{HEAD}{GOOD}', 1, OPEN),
        (f'time,"talk\n{GOOD}', 1, OPEN),
        (f'{HEAD}"{GOOD * 30_000}', 2, OPEN),
        (f'{HEAD}{GOOD * 30_000}2026-01-02,"1\n{GOOD}', 60_002, OPEN),
        (f'{HEAD}{GOOD}"2026-01-02","""1"",\n{GOOD}', 4, OPEN),
        (HEAD.encode() + GOOD.encode() * 9_000 + b"\0", 18_002, "control or invisible character U+0000; take it out"),
        (f"{HEAD}{GOOD}1,2,3\n" + "4,5,6\n" * 900, 4, "after the cell of the last column, 'talk', the line goes"),
        (HEAD, 1, "there is no row below the names of the columns"),
        ("\n" * 9_000, 1, "the file holds no row"),
        (b"", 1, "the file is empty"),
        (b"%PDF-1.7 and so on", 1, "a PDF; export the table as CSV or .xlsx"),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_has_no_end_and_what_is_no_table_is_told_once(
    tmp_path: Path, parts: dict[str, str], content: str | bytes, line: int, said: str
) -> None:
    found, message = one(tmp_path, content, **parts)
    assert (found, message[: len(said)]) == (line, said)


def test_a_line_of_fifty_megabytes_and_very_many_faulty_rows(tmp_path: Path) -> None:
    rows = b"".join(b"no%sn,1\n" % (b"o" * (n % 7)) for n in range(60_000))
    noon = "the column 'time': 'non' is no date and time; likewise in lines 3, 4, 5, 6, 7 and 59,994 more"
    for content, said in ((b"x" * 50_000_000, LONG), (rows, noon)):
        (tmp_path / "f.csv").write_bytes(HEAD.encode() + content)
        size = len(content)
        del content
        tracemalloc.start()
        try:
            (only,) = faults(tmp_path, **TRACE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (only.line, only.message) == (2, said)
        assert peak < size + 20_000_000


@pytest.mark.parametrize(
    ("content", "parts", "cause"),
    [
        (HEAD + GOOD.replace(",1", ",many") * 400, TRACE, "the column 'talk': 'many' is no duration like 4:00"),
        (HEAD + "now,1\n" * 900, TRACE, "the column 'time': 'now' is no date and time"),
        (HEAD + "1,-2\n" * 900, TRACE, "the column 'talk': '-2' is below 0, where a time of 0 or more is wanted"),
        (HEAD + "1,1\n,1\n" * 900, TRACE, "the row has no time"),
        (HEAD + "1,9999999999\n" * 900, TRACE, "the column 'talk': '9999999999' is more than 100 years"),
        ("time,stream\n" + "".join(f"1,s{n}\n" for n in range(900)), TRACE, "there is no stream 's0'; known: calls"),
        ("t\n" + "word\n" * 900, LAW, "the column 't': 'word' is no duration like 4:00"),
        ("t\n" + "12 parsecs\n" * 900, LAW, "the column 't': '12 parsecs' has a unit that is none of time, 'parsecs'"),
    ],
    ids=range(8),
)  # fmt: skip
def test_every_reader_of_files_tells_a_cause_once(
    tmp_path: Path, content: str, parts: dict[str, str], cause: str
) -> None:
    _, message = one(tmp_path, content, **parts)
    assert message.startswith(cause)
    assert "; likewise in lines " in message
    assert message.endswith(" more")


def test_a_few_faults_are_told_one_by_one(tmp_path: Path) -> None:
    found = told(tmp_path, f"{HEAD}x,1\n2026-01-01 00:00,y\nz,1\n2026-01-01 00:01,1\n2026-01-01 00:02,1\n")
    assert [(fault.line, fault.message.partition(" is ")[0]) for fault in found] == [
        (2, "the column 'time': 'x'"),
        (3, "the column 'talk': 'y'"),
        (4, "the column 'time': 'z'"),
    ]


def test_very_many_columns_that_nobody_wants_are_left_alone(tmp_path: Path) -> None:
    names = ",".join(f"c{n}" for n in range(5_000))
    (tmp_path / "f.csv").write_text(f"time,{names}{',talk' * 900}{',' * 900}\n" + f"60{',1' * 6_800}\n" * 3)
    trace = scenario(tmp_path, **TRACE).demand["calls"].trace
    assert trace is not None
    assert (len(trace.time), trace.talk) == (3, (1_000_000,) * 3)


def test_more_names_in_a_column_than_a_scenario_can_have_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_tables, "MOST_NAMES", 50)
    content = "time,talk,stream\n" + "".join(f"2026-01-01 00:00,1,s{n}\n" for n in range(900))
    assert one(tmp_path, content) == (52, "the column 'stream' holds more than 50 different names")


def test_more_rows_than_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_ROWS", 100)
    said = "the file has more than 100 rows; no more are read"
    assert one(tmp_path, HEAD + GOOD * 51) == (102, said)
    assert one(tmp_path, HEAD + GOOD + "1\n" * 101) == (102, said)


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (gzip.compress(b"\0" * 90_000), "more"),
        (gzip.compress(HEAD.encode() + b"noon,many\n" * 9_000), "more"),
        (gzip.compress(b"," * 90_000), "more"),
        (gzip.compress(HEAD.encode() * 200)[:-1], "one that is cut short"),
        (gzip.compress(HEAD.encode()) + b"\0", "more after its end"),
        (gzip.compress(HEAD.encode()) * 2, "more after its end"),
        (b"\x1f\x8b" + HEAD.encode(), "something else"),
    ],
    ids=["zeros", "rows", "commas", "cut", "behind", "two", "other"],
)
@pytest.mark.parametrize("named", ["trace", "law"])
def test_a_packed_file_is_unpacked_no_further_than_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, data: bytes, got: str
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 20_000)
    monkeypatch.setattr(packed, "_PIECE", 64)
    monkeypatch.setattr(reading, "_of_text", None)  # nothing is looked for in it
    (tmp_path / "f.csv.gz").write_bytes(data)
    parts = TRACE if named == "trace" else LAW
    fault = only_fault(tmp_path, **{key: text.replace("f.csv", "f.csv.gz") for key, text in parts.items()})
    assert fault.message == f"expected a gzip file of at most 20,000 bytes unpacked, got {got}"


def test_a_packed_file_has_the_faults_and_the_rows_of_a_plain_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = "{calls: {trace: f.csv.gz}}"
    for content in (HEAD + "x,1\n" * 900, f'{HEAD}"{GOOD * 99}', ",".join("a" * 10_001), HEAD + "x" * 300_000):
        line, message = one(tmp_path, content)
        (tmp_path / "f.csv.gz").write_bytes(gzip.compress(content.encode()))
        fault = only_fault(tmp_path, demand=demand)
        assert (fault.line, fault.message) == (line, message)
    (tmp_path / "f.csv").write_text(HEAD + GOOD)
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress((HEAD + GOOD).encode()))
    plain = scenario(tmp_path, **TRACE).demand["calls"].trace
    assert plain is not None
    for piece in (1 << 20, 1, 7):
        monkeypatch.setattr(packed, "_PIECE", piece)
        trace = scenario(tmp_path, demand=demand).demand["calls"].trace
        assert trace is not None
        assert (trace.time, trace.talk) == (plain.time, plain.talk)


def test_a_row_takes_little_more_memory_than_its_text() -> None:
    data = HEAD.encode() + b"".join(b"2026-01-01 00:00:%02d.%06d,%d\n" % (n % 60, n, n) for n in range(120_000))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        table = read_table(data, "f.csv")
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert table.rows == 120_000
    assert kept < 1.2 * len(data)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("piece", [7, 16, 1 << 18])
def test_contacts_are_the_same_wherever_pieces_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, piece: int
) -> None:
    monkeypatch.setattr(encodings, "_PIECE", piece)
    lines = ["time,talk,note", "1,2,é", "", '"3","4","x, ""y"" ß"', " ,,", "5,,😀"]
    (tmp_path / "f.csv").write_bytes(("\ufeff" + end.join(lines)).encode())
    trace = scenario(tmp_path, **TRACE).demand["calls"].trace
    assert trace is not None
    assert (trace.time, trace.talk) == ((1_000_000, 3_000_000, 5_000_000), (2_000_000, 4_000_000, -1))
