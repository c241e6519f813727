"""Hostile CSV files: each cause is told once with its line, and little work is done for it."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccsim.errors import Fault
from ccsim.language import csvs
from ccsim.tables import packed
from ccsim.text import csv_rows
from ccsim.text.csv_rows import Rows, Unfit
from tests.support.scenario_texts import faults, only_fault, scenario

HEAD = "time,talk\n"
GOOD = "2026-01-01 00:00,1\n2026-01-01 01:00,1\n"


def told(folder: Path, content: str | bytes, *, demand: str = "{calls: {trace: f.csv}}", **parts: str) -> list[Fault]:
    (folder / "f.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    found = faults(folder, demand=demand, **parts)
    assert all(fault.file == str(folder / "f.csv") for fault in found)
    return found


def one(folder: Path, content: str | bytes, **parts: str) -> tuple[str, str]:
    """Place and message of the only fault."""
    (only,) = told(folder, content, **parts)
    return f"{only.line}:{only.column}", only.message


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The rows that were taken apart."""
    seen: list[int] = []
    plain = Rows.__getitem__

    def counted(self: Rows, row: int) -> list[str]:
        seen.append(row)
        return plain(self, row)

    monkeypatch.setattr(Rows, "__getitem__", counted)
    return seen


def test_a_header_of_very_many_columns_is_told_by_their_number(tmp_path: Path) -> None:
    names = ",".join(f"c{n}" for n in range(50_000))
    said = "the header has 50,000 columns; at most 10,000 are read"
    assert one(tmp_path, f"{names}\n{names}\n") == ("1:1", said)
    names = ",".join(f'"{n}"' for n in range(10_001))  # the limit holds for quoted names too
    assert "10,001 columns" in one(tmp_path, f"{names}\n")[1]


def test_many_unknown_columns_are_told_with_the_first_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    plain = csvs.column_at
    monkeypatch.setattr(csvs, "column_at", lambda *at: looked.append(at) or plain(*at))
    names = ",".join(f"c{n}" for n in range(5_000))
    found = told(tmp_path, f"time,talk,{names}\n2026-01-01,1{',1' * 5_000}\n")
    assert len(found) == len(looked) == csvs.MOST_UNKNOWN + 1
    assert found[0].message.startswith("unknown column 'c0'")
    assert (found[-1].line, found[-1].column) == (1, 41)
    assert found[-1].message == "4,990 more unknown columns, from 'c10' on"


def test_many_columns_of_one_name_or_of_none_are_two_faults(tmp_path: Path) -> None:
    found = told(tmp_path, f"time,talk{',talk' * 900}{',' * 900}\n{GOOD}")
    assert [fault.message for fault in found[:2]] == [
        "the column 'talk' appears twice; likewise 899 more",
        "a column has no name; likewise 899 more",
    ]
    assert [fault.column for fault in found[:2]] == [11, 4511]
    assert len(found) == 3  # the rows are too short as well


def test_a_long_line_is_told_with_its_number_and_length(tmp_path: Path) -> None:
    said = "the line has 300,000 bytes; at most 100,000 are read"
    for before, line in (("", 1), (HEAD, 2), (HEAD + GOOD, 4), (HEAD + GOOD * 20_000, 40_002)):
        assert one(tmp_path, f"{before}{'x' * 300_000}") == (f"{line}:1", said)
        assert one(tmp_path, f"{before}{'x' * 300_000}\n{GOOD * 20_000}") == (f"{line}:1", said)
    assert "has 100,001 bytes" in one(tmp_path, f"{HEAD}{GOOD}{'x' * 100_001}\n{GOOD}")[1]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (f'"{HEAD}{GOOD}', "1:1"),
        (f'time,"talk\n{GOOD}', "1:6"),
        (f'{HEAD}"{GOOD * 30_000}', "2:1"),
        (f'{HEAD}{GOOD * 30_000}2026-01-02,"1\n{GOOD}', "60002:12"),
        (f'{HEAD}{GOOD}2026-01-02,"1\n2"\n', "4:12"),
        (f'{HEAD}{GOOD}"2026-01-02","""1"",\n{GOOD}', "4:14"),
    ],
)
def test_a_quote_that_stays_open_is_told_where_it_opens(tmp_path: Path, content: str, place: str) -> None:
    said = "a quote opens here and does not close on its line; close it there; a quoted text has no line breaks"
    assert one(tmp_path, content) == (place, said)


def test_rows_of_another_length_are_one_fault_that_names_lines(tmp_path: Path) -> None:
    message = "expected 2 cells, got 1"
    assert one(tmp_path, f"{HEAD}{GOOD}1\n") == ("4:1", message)
    assert one(tmp_path, f"{HEAD}{GOOD}1\n{GOOD}\n1,2,3\n") == ("4:1", f"{message}; likewise in line 8")
    content = HEAD + "2026-01-01\n" * 9_000
    said = f"{message}; likewise in lines 3, 4, 5, 6, 7 and 8,994 more"
    assert one(tmp_path, content) == ("2:1", said)


def test_faulty_cells_of_one_cause_are_one_fault_and_end_the_reading(tmp_path: Path, taken: list[int]) -> None:
    content = HEAD + "".join(f"no{'o' * (n % 7)}n,1\n" for n in range(9_000))
    place, message = one(tmp_path, content)
    assert place == "2:1"
    assert message.startswith("expected a time like 2026-03-02T14:00:00, or seconds, got 'non'; ")
    assert message.endswith(
        "likewise in lines 3, 4, 5, 6, 7 and 24 more; too many faults: the file was not read beyond line 32"
    )
    assert len(taken) == csvs.MOST_FAULTS + 1


@pytest.mark.parametrize(
    ("content", "parts", "cause"),
    [
        (HEAD + GOOD.replace(",1", ",many") * 400, {}, "expected seconds of 0 or more, or nothing, got 'many'"),
        ("time,talk\n" + "now,1\n" * 900, {"demand": "{calls: {trace: f.csv}}"}, "expected a time like"),
        ("time,talk\n" + "1,-2\n" * 900, {"demand": "{calls: {trace: f.csv}}"}, "expected seconds of 0 or more"),
        (
            "time\n" + "".join(f"{900 - n}\n" for n in range(900)),
            {"demand": "{calls: {trace: f.csv}}"},
            "expected times in order, got '899' after '900'",
        ),
        (
            "time,stream\n" + "".join(f"1,s{n}\n" for n in range(900)),
            {"demand": "{calls: {trace: f.csv}}"},
            "there is no stream 's0'",
        ),
        (
            "t\n" + "word\n" * 900,
            {"demand": "{calls: {per_minute: 1}}", "handle_time": "{csv: f.csv, unit: s}"},
            "expected a number, got 'word'",
        ),
    ],
)
def test_every_reader_of_files_tells_a_cause_once(
    tmp_path: Path, content: str, parts: dict[str, str], cause: str
) -> None:
    _, message = one(tmp_path, content, **parts)
    assert message.startswith(cause)
    assert " more; too many faults: the file was not read beyond line 3" in message


def test_a_few_faults_are_told_one_by_one(tmp_path: Path) -> None:
    content = f"{HEAD}x,1\n2026-01-01,y\nz,1\n"
    assert [(fault.line, fault.message[-3:]) for fault in told(tmp_path, content)] == [
        (2, "'x'"),
        (3, "'y'"),
        (4, "'z'"),
    ]


def test_a_later_stream_of_a_hopeless_file_is_told_its_own_faults(tmp_path: Path) -> None:
    content = "time,talk,stream\n" + "".join(f"{name},1,{name}\n" for name in "ab" for _ in range(100))
    demand = "{a: {trace: f.csv}, b: {trace: f.csv}}"
    found = told(tmp_path, content, demand=demand)
    assert [(fault.key, fault.line) for fault in found] == [("demand.a.trace", 2), ("demand.b.trace", 102)]


def test_more_names_in_a_column_than_a_scenario_can_have_are_told(
    tmp_path: Path, taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvs, "MOST_GROUPS", 50)
    content = "time,talk,stream\n" + "".join(f"2026-01-01,1,s{n}\n" for n in range(900))
    said = "expected at most 50 different names in the column 'stream', got more"
    assert one(tmp_path, content) == ("52:14", said)
    assert len(taken) == 51


def test_more_rows_or_lines_than_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MOST_ROWS", 100)
    monkeypatch.setattr(csv_rows, "MOST_LINES", 200)
    said = "the file has more than 100 rows; no more are read"
    assert one(tmp_path, HEAD + GOOD * 51) == ("102:1", said)
    assert one(tmp_path, HEAD + "1\n" * 101)[1] == said
    assert one(tmp_path, HEAD + "\n" * 900) == ("201:1", "the file has 901 lines; at most 200 are read")
    assert one(tmp_path, HEAD + "\r" * 900) == ("201:1", "the file has more than 200 lines; no more are read")
    assert len(Rows((HEAD + "1,2\n" * 100 + "\n" * 99).encode())) == 100


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (gzip.compress(b"\0" * 90_000), "more"),
        (gzip.compress(HEAD.encode() + b"noon,many\n" * 9_000), "more"),
        (gzip.compress(b"," * 90_000), "more"),
        (gzip.compress(HEAD.encode() * 200)[:-1], "one that is cut short"),
        (b"", "one that is cut short"),
        (HEAD.encode(), "something else"),
        (gzip.compress(HEAD.encode()) + b"\0", "more after its end"),
        (gzip.compress(HEAD.encode()) * 2, "more after its end"),
    ],
    ids=["zeros", "rows", "commas", "cut", "empty", "plain", "behind", "two"],
)
def test_a_packed_file_is_unpacked_no_further_than_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, got: str
) -> None:
    monkeypatch.setattr(csvs, "MOST_BYTES", 20_000)
    monkeypatch.setattr(packed, "_PIECE", 64)
    monkeypatch.setattr(csvs, "Rows", None)  # nothing is looked for in it
    (tmp_path / "f.csv.gz").write_bytes(data)
    fault = only_fault(tmp_path, demand="{calls: {trace: f.csv.gz}}")
    assert fault.message == f"expected a gzip file of at most 20,000 bytes unpacked, got {got}"


def test_a_packed_file_has_the_faults_and_the_rows_of_a_plain_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = "{calls: {trace: f.csv.gz}}"
    for content in (HEAD + "1\n" * 900, f'{HEAD}"{GOOD * 99}', ",".join("a" * 10_001), HEAD + "x" * 300_000):
        place, message = one(tmp_path, content)
        (tmp_path / "f.csv.gz").write_bytes(gzip.compress(content.encode()))
        fault = only_fault(tmp_path, demand=demand)
        assert (f"{fault.line}:{fault.column}", fault.message) == (place, message)
    (tmp_path / "f.csv").write_text(HEAD + GOOD)
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress((HEAD + GOOD).encode()))
    plain = scenario(tmp_path, demand="{calls: {trace: f.csv}}").demand["calls"].trace
    for piece in (1 << 20, 1, 7):
        monkeypatch.setattr(packed, "_PIECE", piece)
        assert scenario(tmp_path, demand=demand).demand["calls"].trace.talk == plain.talk


def test_a_row_takes_a_few_bytes_beside_those_of_the_file() -> None:
    data = HEAD.encode() + b"".join(b"2026-01-01 00:00:00,%d\n" % n for n in range(50_000))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        rows = Rows(data)
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(rows) == 50_000
    assert kept < 12 * len(rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("chunk", [8, 16, 1 << 18])
def test_rows_and_lines_are_the_same_wherever_pieces_end(monkeypatch: pytest.MonkeyPatch, end: str, chunk: int) -> None:
    monkeypatch.setattr(csv_rows, "_CHUNK", chunk)
    monkeypatch.setattr(csv_rows, "MOST_LINE", min(chunk - 1, 100_000))
    lines = ["a,b", "1,2", "", "é,ß", '"x",y', " ", '"""",', "\u00a0", "😀,z"]
    rows = Rows(("\ufeff" + end.join(lines)).encode())
    assert rows.header == ["a", "b"]
    assert list(rows) == [["1", "2"], ["é", "ß"], ["x", "y"], ['"', ""], ["😀", "z"]]
    assert [rows.line(row) for row in range(len(rows))] == [2, 4, 5, 7, 9]
    assert [rows.text(row) for row in range(len(rows))] == [lines[at] for at in (1, 3, 4, 6, 8)]


@pytest.mark.parametrize(
    ("data", "said", "line", "column"),
    [
        (b"a\n\xff", "expected UTF-8 text, got the byte 0xff", 2, 1),
        (b"a\r\rxx\xc3", "expected UTF-8 text, got the byte 0xc3", 3, 1),
        ("a\r\nb\u00e9\u2028".encode(), "U+2028", 2, 3),
        (b"\xef\xbb\xbf\x07", "U+0007", 1, 1),
        (b"a\n1\n\xef\xbb\xbf2\n", "U+FEFF", 3, 1),
    ],
)
def test_what_is_no_text_is_told_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, data: bytes, said: str, line: int, column: int
) -> None:
    for chunk in (4, 5, 1 << 18):
        monkeypatch.setattr(csv_rows, "_CHUNK", chunk)
        with pytest.raises(Unfit, match=said.replace("+", r"\+")) as unfit:
            Rows(data)
        assert (unfit.value.line, unfit.value.column) == (line, column)


def test_names_in_quotes_may_have_line_breaks_in_the_header_only() -> None:
    rows = Rows(b'"a\nb",c\n1,2\n')
    assert (rows.header, list(rows), rows.line(0)) == (["a\nb", "c"], [["1", "2"]], 3)
    with pytest.raises(Unfit, match="the header has more than 100,000 bytes"):
        Rows(b'"a\nb",' + b"c" * 300_000)
