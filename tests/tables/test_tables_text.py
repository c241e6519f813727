"""Where a table begins and ends in a text, what separates its cells, and what is told of it."""

from __future__ import annotations

import gzip

import pytest

from ccsim.tables.reading import Table, Written, read_table
from ccsim.tables.unfit import Unfit


def read(text: str, written: Written | None = None) -> Table:
    return read_table(text.encode(), "f.csv", written or Written())


def rows(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*(table.cells(at) for at in range(len(table.columns))), strict=True))


def refused(text: str | bytes, written: Written | None = None) -> tuple[int, str]:
    with pytest.raises(Unfit) as told:
        read_table(text.encode() if isinstance(text, str) else text, "f.csv", written or Written())
    return told.value.line, str(told.value)


def test_lines_rows_and_names() -> None:
    table = read('a,"b\nc", d \n1,2,3\n\n4,"5\n6",7\n8,,9\n')
    assert table.columns == ("a", "b c", "d")
    assert rows(table) == [("1", "2", "3"), ("4", "5\n6", "7"), ("8", "", "9")]
    assert [table.line(row) for row in range(table.rows)] == [3, 5, 7]
    assert table.recognised == ("1 blank row is left out",)


def test_cells_without_a_head_are_asked_for_by_number() -> None:
    table = read("2026-03-02 08:00,12\n2026-03-02 08:30,18\n")
    assert (table.columns, table.rows, table.line(0)) == (("1", "2"), 2, 1)
    assert table.recognised == ("the first line is no head",)
    assert read("date,calls\n602,556\n", Written(head=False)).rows == 2
    assert read("1,2,3\n602,556,1\n", Written(head=True)).columns == ("1", "2", "3")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("start,contacts\n2026-03-02 08:00,12\n", True),
        ("queue,group\nBilling,A\nOrders,B\n", True),
        ("Billing,A,3\nOrders,B,5\n", False),
        ("skill,8:00,8:30\nLOANS,6,9\n", True),
        ("2026-03-02,8:00,8:30\nLOANS,6,9\n", True),
        ("skill,0900,0930,1000,1030\nLOANS,6,9,8,7\n", True),
        ("week,1,2,3,4\nLOANS,6,9,8,7\n", True),
        ("LOANS,6,9,8,7\nCARDS,1,2,3,4\n", False),
        ("Queue,2026-03-02,2026-03-03\nLOANS,60,90\n", True),
        ("2026-03-02,n/a\n2026-03-03,5\n", False),
        ("2026-03-02,closed\n2026-03-03,5\n2026-03-04,5\n", False),
        ("calls\n5\n6\n", True),
        ("5\n6\n", False),
    ],
)
def test_whether_the_first_line_names_the_columns(text: str, head: bool) -> None:
    table = read(text)
    assert (table.line(0) == 2) == head
    assert ("the first line is no head" in table.recognised) == (not head)


def test_a_head_of_rising_numbers_is_told() -> None:
    assert read("skill,0900,0930,1000,1030\nLOANS,6,9,8,7\n").recognised == (
        "the first line is taken for the head: its numbers rise evenly",
    )


def test_lines_of_titles_are_left_out_where_that_is_safe() -> None:
    table = read(
        "Interval report\nFrom,03/02/2026\n\nDate,Time,Calls,AHT\n03/02/2026,9:00,5,240\n03/02/2026,9:30,6,250\n"
    )
    assert table.columns == ("Date", "Time", "Calls", "AHT")
    assert table.recognised == ("2 lines of titles above the head are left out",)
    assert table.line(0) == 5
    stated = read("Report,of,calls\n\nDate,Time\n03/02/2026,9:00\n", Written(skip=2))
    assert (stated.columns, stated.line(0)) == (("Date", "Time"), 4)


def test_a_row_with_more_cells_than_names_is_told_in_words_of_the_file() -> None:
    line, why = refused("start,contacts\n2026-03-02,1,125\n2026-03-03,1,180\n2026-03-04,975\n")
    assert line == 2
    assert why == (
        "after the cell of the last column, 'contacts', the line goes on with '125'; a number with a comma in it must "
        "stand in quotes, or cells be separated by semicolons; lines above the head are left out by skip; likewise in "
        "line 3"
    )


def test_rows_that_end_early_are_filled_with_blanks_and_told() -> None:
    table = read("a,b,c\n1,2,3\n4\n5,6\n")
    assert rows(table) == [("1", "2", "3"), ("4", "", ""), ("5", "6", "")]
    assert table.recognised == ("2 rows (the first in line 3) end before the last column: what is missing is blank",)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("12,5;13,5\n18,0;19,5\n", ";"),
        ("a;b;c\n1,5;x, y;2\n", ";"),
        ("a\tb\n1,125\t5\n", "\t"),
        ("a,b\nx;y,1\nz;w,2\n", ","),
        ("a,b,c\n1,x|y|||,2\n", ","),
        ('a,b\n"x;y",1\n"z;w",2\n', ","),
        ("a|b,c|d\n1|2,5|3\n", "|"),
        ("sep=|\na;b|c\n1|2\n", "|"),
        ("calls\n12,5\n13\n14\n", None),
        ("calls\n12\n", None),
    ],
)
def test_the_delimiter_is_what_all_lines_have(text: str, delimiter: str | None) -> None:
    assert read(text).delimiter == delimiter


@pytest.mark.parametrize("stated", [";", "semicolon", "semicolons"])
def test_a_delimiter_may_be_stated(stated: str) -> None:
    assert rows(read("12,5;13,5\n", Written(delimiter=stated))) == [("12,5", "13,5")]
    assert refused("a,b\n", Written(delimiter="ab"))[1].startswith("expected one sign as a delimiter")


def test_one_column_of_decimal_commas_or_two_columns_is_asked_about() -> None:
    assert refused("12,5\n18,0\n")[1].startswith("12,5 is two cells with a comma between, or one with a decimal comma")
    assert rows(read("12,5\n18,0\n", Written(delimiter=";"))) == [("12,5",), ("18,0",)]
    assert refused("aht\n12,5\n18,0\n")[1].startswith("after the cell of the last column, 'aht', the line goes on")


@pytest.mark.parametrize("word", ["Total", "TOTALS:", "Grand total", "Summe", "Sub-total", "Gesamt", "Average"])
def test_rows_of_totals_are_left_out(word: str) -> None:
    table = read(f"date,calls\n2026-03-02,5\n{word},5\n2026-03-03,6\n,{word}\n")
    assert table.cells(1) == ["5", "6"]
    assert [table.line(row) for row in range(2)] == [2, 4]
    assert table.recognised == ("2 rows of totals (lines 3, 5) are left out",)


def test_a_last_row_without_a_date_is_left_out_if_it_sums_up() -> None:
    text = "date,calls,aht\n2026-03-02,1000,240\n2026-03-03,600,250\n,{},\n"
    assert read(text.format("1600")).recognised == ("a row of totals (line 4) is left out",)
    assert read(text.format('"1,600"')).rows == 2
    kept = read(text.format("700"))
    assert (kept.rows, kept.recognised) == (3, ())


def test_a_queue_named_total_is_no_row_of_totals() -> None:
    assert read("queue,calls\nTotal,5\nTotal,6\n").rows == 2


def test_columns_without_a_name_or_with_that_of_another() -> None:
    table = read("a,,a,\n1,2,3,\n")
    assert table.columns == ("a", "2", "a")
    assert table.recognised == ("column 2 has no name", "the name 'a' stands over 2 columns (1, 3)")


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 0, "the file is empty"),
        (b"\n\n", 1, "the file holds no row"),
        (b"a,b\n", 1, "there is no row below the names of the columns"),
        ("a,b\ncafé,1\n".encode() + b"caf\xe9,2\n", 3, "UTF-8 text, but for the byte 0xe9 in line 3, which is none"),
        (b"a,b\ncaf\x81,1\n", 2, r"the text is neither UTF-8 nor that of Windows (cp1252): the byte 0x81 in line 2"),
        (b"a,b\n12,13\n14,1\0\n", 1, "expected text with cells and lines, got a file of another kind"),
        (b"a,b\n1,2\n3,\x07\n", 3, "control or invisible character U+0007"),
        (b'a,b\n1,"2"x\n', 2, "not CSV: text after a closing quote"),
        (b'a,b\n1,2\n3,"4\n5,6\n', 3, "a quote opens here and does not close as it should"),
        (b"%PDF-1.7\n", 0, "a PDF; export the table as CSV or .xlsx"),
        (b"\n <html><table>", 0, "a web page (HTML), whatever its name says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "an old Excel workbook (.xls), or one with a password"),
        (b'[{"a": 1}]', 0, "JSON; save the table"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(data: bytes, line: int, why: str) -> None:
    found, told = refused(data)
    assert (found, told[: len(why)]) == (line, why)


@pytest.mark.parametrize("encoding", ["utf-16-le", "shift_jis", "cp1250", "latin-1", "UTF8"])
def test_an_encoding_may_be_stated(encoding: str) -> None:
    name = {"shift_jis": "東京", "cp1250": "Łódź"}.get(encoding, "café")
    table = read_table(f"queue,calls\n{name},1\n".encode(encoding), "f.csv", Written(encoding=encoding))
    assert table.cells(0) == [name]


@pytest.mark.parametrize("encoding", ["rot13", "unicode_escape", "base64", "x", "idna"])
def test_an_encoding_must_be_one_of_text(encoding: str) -> None:
    assert refused("a,b\n1,2\n", Written(encoding=encoding))[1].startswith("expected an encoding like utf-8")


def test_marks_of_direction_are_left_out() -> None:
    assert read("date,calls\n\u200e3/\u200e2/\u200e2026,1\n").cells(0) == ["3/2/2026"]


def test_a_packed_text_is_read_as_a_plain_one() -> None:
    table = read_table(gzip.compress(b"a;b\n1;2,5\n"), "f.csv.gz")
    assert (table.columns, table.cells(1)) == (("a", "b"), ["2,5"])
    plain = read_table(b"a;b\n1;2,5\n", "f.csv.gz")
    assert plain.recognised[0] == "the file is not packed, whatever its name says"
    assert plain.cells(1) == table.cells(1)


@pytest.mark.parametrize("distinct", [1, 7, 300, 70_000])
def test_cells_are_the_same_however_many_differ(distinct: int) -> None:
    number = 140_000
    text = "n,other\n" + "".join(f" {at % distinct} ,{at}\n" for at in range(number))
    table = read(text)
    assert table.cells(0) == [str(at % distinct) for at in range(number)]
    assert table.cells(1) == [str(at) for at in range(number)]
    assert table.line(number - 1) == number + 1
    repeated = table.cells(0)
    if distinct < 70_000:
        assert repeated[3] is repeated[3 + distinct]
