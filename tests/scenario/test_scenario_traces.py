"""Recorded contacts as telephone systems export them: what is read, what is told, and what is refused."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from ccsim.errors import ScenarioError
from ccsim.language.traces import Trace
from ccsim.scenario.explain import explain
from ccsim.scenario.load import read_text
from ccsim.tables import micros, store
from ccsim.units import HOUR, SECOND
from tests.support.traces import BASE, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


#: Four contacts: when, talk, wrap-up and patience in seconds; none where nothing is recorded.
CONTACTS: list[tuple[datetime, float | None, float | None, float | str | None]] = [
    (datetime(2026, 3, 2, 8, 0, 5), 183.5, 20, None),
    (datetime(2026, 3, 2, 8, 41, 10), 95, None, 40),
    (datetime(2026, 3, 2, 13, 7), None, None, "never"),
    (datetime(2026, 3, 15, 19, 58, 59), 1260, 0, 12.5),
]
WANTED = Trace(
    time=tuple((at - datetime(2026, 3, 2)) // timedelta(microseconds=1) for at, *_ in CONTACTS),
    talk=(183_500_000, 95 * SECOND, -1, 1260 * SECOND),
    wrap_up=(20 * SECOND, -1, -1, 0),
    patience=(-1, 40 * SECOND, -2, 12_500_000),
    source="t.csv",
)
HEAD = ["time", "talk", "wrap_up", "patience"]


def plain(value: float | str | None) -> str:
    return "" if value is None else str(value)


def clock(value: float | str | None) -> str:
    if not isinstance(value, (int, float)):
        return plain(value)
    part = f"{value % 1:.1f}"[1:] if value % 1 else ""
    return f"{int(value) // 3600}:{int(value) // 60 % 60:02}:{int(value) % 60:02}{part}"


def table(
    when: Callable[[datetime], str] = str,
    value: Callable[[float | str | None], str] = plain,
    *,
    sign: str = ",",
    head: list[str] | None = None,
    order: list[int] | None = None,
) -> str:
    rows = [[when(at), *map(value, rest)] for at, *rest in CONTACTS]
    lines = [HEAD if head is None else head, *(rows[at] for at in order or range(4))]
    return "".join(sign.join(line) + "\n" for line in lines)


def words(value: float | str | None) -> str:
    return f"{value} sec" if isinstance(value, (int, float)) else plain(value)


FILES: dict[str, tuple[str | bytes, str]] = {
    "as it was": (table(), ""),
    "letters T and Z": (table(lambda at: f"{at.isoformat()}Z"), ""),
    "an offset": (table(lambda at: f"{at + timedelta(hours=5, minutes=30)}+05:30"), ""),
    "day first": (table("{:%d/%m/%Y %H:%M:%S}".format), ""),
    "month first, AM and PM": (table("{:%m/%d/%Y %I:%M:%S %p}".format), ""),
    "days with points": (table("{:%d.%m.%Y %H:%M:%S}".format, sign=";"), ""),
    "months by name": (table("{:%d-%b-%Y %H:%M:%S}".format), ""),
    "no signs between": (table("{:%Y%m%d%H%M%S}".format), ""),
    "a stated pattern": (table("{:%d|%m|%y %H.%M.%S}".format), ', date: "%d|%m|%y %H.%M.%S"'),
    "since 1970": (table(lambda at: str(int(at.replace(tzinfo=UTC).timestamp()))), ""),
    "milliseconds since 1970": (table(lambda at: str(int(at.replace(tzinfo=UTC).timestamp()) * 1000)), ""),
    "seconds from the start": (table(lambda at: str((at - datetime(2026, 3, 2)).total_seconds())), ""),
    "day numbers of Excel": (
        table(lambda at: f"{(at - datetime(1899, 12, 30)) / timedelta(days=1):.8f}"),
        ", date: excel",
    ),
    "durations with colons": (table(value=clock), ""),
    "durations with units": (table(value=words), ""),
    "decimal commas": (table(value=lambda v: plain(v).replace(".", ","), sign=";"), ""),
    "thousands": (
        table(value=lambda v: f'"{v:,}"' if isinstance(v, (int, float)) else plain(v)),
        "",
    ),
    "tabs": (table(sign="\t"), ""),
    "bars": (table(sign="|"), ""),
    "a mark of UTF-8 and lines of Windows": (table().replace("\n", "\r\n").encode("utf-8-sig"), ""),
    "UTF-16": (table(sign="\t").encode("utf-16"), ""),
    "cp1252": (table(head=["Zeit", "Gespräch", "Nacharbeit", "Geduld"]).encode("cp1252"), "NAMED"),
    "columns by number": (table(head=["a", "b", "c", "d"]), ", columns: {time: 1, talk: 2, wrap_up: 3, patience: 4}"),
    "no head": (
        table().partition("\n")[2],
        ", head: no, columns: {start: 1, talk: 2, wrap_up: 3, patience: 4}",
    ),
    "another order": (table(order=[2, 0, 3, 1]), ""),
    "the newest first": (table(order=[3, 2, 1, 0]), ""),
    "blank rows and totals": (table().replace("\n2026-03-02 13", "\n\n,,,\n2026-03-02 13") + "Total: 1,234\n", ""),
    "titles and a footer": (
        f"Contact report\n\n{table()}\nReport generated on 2026-06-02 08:00,,,\nPage 1 of 3\n* preliminary\n",
        "",
    ),
    "more columns": (
        "agent,time,talk,queue,wrap_up,patience,outcome\n"
        + "".join(
            f"Ann,{a},{b},Billing,{c},{d},answered\n"
            for a, b, c, d in (line.split(",") for line in table().splitlines()[1:])
        ),
        "",
    ),
    "two columns": (
        "date,time,talk,wrap_up,patience\n"
        + "".join(f"{at:%d/%m/%Y},{at:%I:%M:%S %p},{','.join(map(plain, rest))}\n" for at, *rest in CONTACTS),
        "",
    ),
    "time zone of the file": (table(lambda at: str(at.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).replace(
        tzinfo=None))), ", time_zone: Asia/Tokyo"),
}  # fmt: skip
NAMED = ", columns: {start: Zeit, talk: Gespräch, wrap_up: Nacharbeit, patience: Geduld}"


@pytest.mark.parametrize("how", FILES)
def test_a_trace_of_any_form_is_the_same_trace(desk: Desk, how: str) -> None:
    desk.length = "14d"
    content, more = FILES[how]
    assert desk.read(content, f"{{file: t.csv{NAMED if more == 'NAMED' else more}}}") == WANTED


def test_a_trace_may_be_packed_or_a_workbook_or_parquet(desk: Desk) -> None:
    desk.length = "14d"
    folder = desk.folder
    (folder / "t.csv.gz").write_bytes(gzip.compress(table().encode()))
    workbook = xlsxwriter.Workbook(folder / "t.xlsx")
    sheet = workbook.add_worksheet("calls")
    sheet.write_row(0, 0, HEAD)
    for row, (at, *rest) in enumerate(CONTACTS, 1):
        sheet.write_datetime(row, 0, at, workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}))
        for column, value in enumerate(rest, 1):
            if value is not None:
                sheet.write(row, column, value)
    workbook.close()
    columns: dict[str, Any] = dict(zip(HEAD, zip(*CONTACTS, strict=True), strict=True))
    columns["patience"] = [None if one is None else str(one) for one in columns["patience"]]
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), folder / "t.parquet")
    for name in ("t.csv.gz", "t.xlsx", "t.parquet"):
        assert desk.read(None, name) == WANTED.model_copy(update={"source": name})


def test_a_queue_takes_its_rows_by_name_and_others_are_left_alone(desk: Desk) -> None:
    content = "Start,Queue,Media,Handle\n" + "".join(
        f"2026-03-02 08:00:0{n},{queue},{media},{10 * n}\n"
        for n, (queue, media) in enumerate(
            [("Billing", "Voice"), ("Orders", "Voice"), ("Billing", "Chat"), ("", "")], 1
        )
    )
    desk.more = "files: {export: {file: t.csv, columns: {name: Queue, handle_time: Handle}, where: {Media: Voice}}}"
    found = desk.read(content, "{file: export, name: Billing}")
    assert (found.time, found.talk) == ((8 * HOUR + SECOND,), (10 * SECOND,))
    assert desk.fault(content, "{file: export, name: Biling}").startswith(
        "1: no row of the column 'Queue' is called 'Biling'; did you mean 'Billing'?"
    )


def test_what_was_read_is_told_and_explained(desk: Desk) -> None:
    desk.zone, desk.length = "Europe/Madrid", "14d"
    content = table(head=["Call start", *HEAD[1:]], order=[1, 0, 2, 3])
    trace = "{file: t.csv, columns: {time: Call start}}"
    assert desk.said(content, trace) == [
        "t.csv: 4 contacts, 2026-03-02 08:00:05 to 2026-03-15 19:58:59 Europe/Madrid (3 in the week of 2026-03-02, 1 "
        "in the week of 2026-03-09); rows were put in order of time; talk: 3 recorded, 512.8 s on average, 1 drawn; "
        "wrap-up: 2 recorded, 10.0 s on average, 2 drawn; patience: 2 recorded, 26.2 s on average, 1 never, 1 drawn",
        "t.csv: Call start: dates and times like 2026-03-02 08:41:10; talk: numbers with a decimal point, like 183.5, "
        "each of 1 s; wrap_up: numbers, each of 1 s; patience: numbers with a decimal point, like 12.5, each of 1 s",
    ]
    for key in ("demand.calls.trace", "demand.calls", "demand.calls.trace.file"):
        told = explain(desk.load(None, trace), key).read
        assert [one for one in told if "4 contacts" in one] == (
            [] if key.endswith("file") else [desk.said(None, trace)[0]]
        )
    assert explain(desk.load(None, trace), "demand.calls.trace").read == tuple(desk.said(None, trace))
    desk.more = "files: {export: {file: t.csv, columns: {time: Call start}}}"
    assert explain(desk.load(None, "export"), "files.export").read == (desk.said(None, "export")[0],)


def test_lines_around_the_table_are_told(desk: Desk) -> None:
    content = "Contact report\n\ntime,talk\n5,1\n9,2\nTotal: 1,234\n\nReport generated on 2026-06-02 08:00\n"
    assert desk.said(content)[1].startswith(
        "t.csv: 1 line of titles above the head is left out; 1 blank row and a row of totals (line 6) are left out; "
        "1 line below the table (line 8: 'Report generated on 2026-06-02 08:00') is left out; time: numbers"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("time,talk\n1,1.125\n2,2.250\n", "2: the column 'talk': 1.125 is 1125 if the point stands between thousands"),
        ("time\n1.125\n2.250\n", "2: the column 'time': 1.125 is 1125 if the point stands between thousands"),
        ("time\n03/04/2026 08:00\n", "2: the column 'time': 03/04/2026 is 3 April 2026 with the day first or March 4"),
        ("date,time\n03/04/2026,08:00\n", "2: the column 'date': 03/04/2026 is 3 April 2026 with the day first"),
        ("time,talk\n1,4:15\n", "2: the column 'talk': 4:15 is 4 min 15 s or 4 h 15 min; say durations: mm:ss or h:mm"),
        (
            "time\n46083.375\n46083.5\n",
            "2: the column 'time': 46083.375 is 12h48m3s after the start of the horizon, or 2026-03-02 09:00:00 as a "
            "day number of Excel; say date: seconds or excel",
        ),
        ("time,talk\n1,0.002951\n", "2: the column 'talk': 0.002951 is 0.002951 s, or 255 s as a part of a day of"),
        ("time,talk\n1,€ 12.50\n2,7\n", "2: the column 'talk': '€ 12.50' is an amount of money; here a plain number"),
        ("time,talk\n1,12 pcs\n2,7\n", "2: the column 'talk': '12 pcs' has a unit; here a plain number like 12 is"),
        ("time,talk\n1,12 pcs\n2,7 sec\n", "2: the column 'talk': '12 pcs' has a unit that is none of time, 'pcs'"),
    ],
)  # fmt: skip
def test_what_may_be_two_things_is_a_fault_that_shows_both(desk: Desk, content: str, said: str) -> None:
    assert desk.fault(content).startswith(said)


@pytest.mark.parametrize(
    ("stated", "content", "micros"),
    [
        ("date: seconds", "time\n46083.375\n", 46_083_375_000),
        ("date: excel", "time\n46083.375\n", 9 * HOUR),
        ("date: day first", "time\n03/03/2026 08:00\n", 32 * HOUR),
        ("date: month first", "time\n03/04/2026 08:00\n", 56 * HOUR),
        ('decimal: "."', "time\n1.125\n", 1_125_000),
        ('decimal: ","', "time\n1.125\n", 1125 * SECOND),
    ],
)
def test_what_is_stated_settles_it(desk: Desk, stated: str, content: str, micros: int) -> None:
    assert desk.read(content, f"{{file: t.csv, {stated}}}").time == (micros,)


def test_durations_are_read_as_is_stated(desk: Desk) -> None:
    for stated, cell, seconds in (
        ("minutes", "1.5", 90),
        ("minutes", "35 sec", 35),
        ("days", "0.002951388", 255),
        ("seconds", "0.002951", 0.002951),
        ("mm:ss", "4:15", 255),
        ("h:mm", "4:15", 15_300),
    ):
        content = f"time,talk\n1,{cell}\n"
        talk = desk.read(content, f"{{file: t.csv, durations: {stated}}}").talk
        assert talk == (pytest.approx(seconds * SECOND, abs=SECOND / 2 if stated == "days" else 0.6),)


def test_seconds_of_a_year_are_no_dates_and_dates_of_a_spreadsheet_are_no_seconds(desk: Desk) -> None:
    desk.length = "365d"
    content = "time\n" + "".join(f"{n}\n" for n in range(10_000_000, 31_000_000, 1_000_000))
    assert len(desk.read(content).time) == 21
    mixed = "time\n13/03/2026 08:00\n14/03/2026 08:00\n46083.375\n"  # what Excel leaves of days first
    assert desk.fault(mixed).startswith("4: the column 'time': '46083.375' is no date and time like 13/03/2026 08:00")


def test_old_files_may_mix_local_times_offsets_and_seconds(desk: Desk) -> None:
    desk.zone = "Asia/Tokyo"
    content = "time\n2026-03-02 09:00\n2026-03-02 10:30\n2026-03-02T03:00:00Z\n14400\n"
    assert desk.minutes(content) == [240, 540, 630, 720]
    assert "1 cell with a number is taken for seconds" in desk.said()[1]


def test_of_columns_that_say_one_thing_twice_those_count_that_are_named(desk: Desk) -> None:
    content = "time,Talk,Wrap Up,Handle Time\n1,60,5,65\n2,90,,90\n"
    assert "name those that count in `columns:`" in desk.fault(content)
    whole = desk.read(content, "{file: t.csv, columns: {handle_time: Handle Time}}")
    assert (whole.talk, whole.wrap_up) == ((65 * SECOND, 90 * SECOND), ())
    parts = desk.read(content, "{file: t.csv, columns: {talk: Talk}}")
    assert (parts.talk, parts.wrap_up) == ((60 * SECOND, 90 * SECOND), (5 * SECOND, -1))
    both = "{file: t.csv, columns: {talk: Talk, handle_time: Handle Time}}"
    assert "not both" in desk.fault(content, both)


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("date,time\n2026-03-02,08:00:05\n", ""),
        ("date,start\n2026-03-02,08:00:05\n", ""),
        ("date,start\n2026-03-01,2026-03-02 08:00:05\n", ""),
        ("date,start\n2026-03-01,28805\n", ""),
        ("date,time\n2026-03-01,2026-03-02 08:00:05\n", ""),
        ("date,Call start\n2026-03-01,02.03.2026 08:00:05\n", ", date: day first, columns: {time: Call start}"),
        ("date,time\n2026-03-02,080005\n", ""),
        ("date\n2026-03-02 08:00:05\n", ""),
        ("time,start\n2026-03-01 07:00,2026-03-02 08:00:05\n", ""),
    ],
    ids=range(9),
)
def test_the_time_stands_in_one_column_or_beside_its_date(desk: Desk, content: str, columns: str) -> None:
    assert desk.read(content, f"{{file: t.csv{columns}}}").time == (8 * HOUR + 5 * SECOND,)


@pytest.mark.parametrize("column", ["contacts", "per_minute"])
def test_counts_by_interval_in_place_of_contacts_are_warned_of(desk: Desk, column: str) -> None:
    warned = [text for kind, text in desk.remarks(f"start,{column}\n2026-03-02 08:00,5\n") if kind == "warning"]
    assert (
        f"the file has a column `{column}`, as a forecast has; here each row is one contact; for counts by interval "
        "say `forecast:`"
    ) in warned


def test_several_faults_of_a_file_are_told_at_once_and_each_cause_once(desk: Desk) -> None:
    rows = "".join(f"2026-03-02 08:00:{n % 60:02},many,{'x' if n == 7 else 1}\n" for n in range(900))
    found = [(one.line, one.message) for one in desk.faults(f"time,talk,patience\n{rows}")]
    assert found == [
        (2, "the column 'talk': 'many' is no duration like 4:00; likewise in lines 3, 4, 5, 6, 7 and 894 more"),
        (9, "the column 'patience': 'x' is no number"),
    ]


def test_a_faulty_column_is_told_once_for_all_that_read_it(desk: Desk) -> None:
    (desk.folder / "t.csv").write_text("time,name,talk\n1,a,x\n2,b,x\n")
    text = BASE.format(zone="UTC", start="2026-03-02", length="1d", more="", trace="t.csv")
    with pytest.raises(ScenarioError) as caught:
        read_text(
            text.replace("{calls: {trace: t.csv}}", "{a: {trace: t.csv}, b: {trace: t.csv}}"), base_dir=desk.folder
        )
    assert [(one.key, one.line) for one in caught.value.faults] == [("demand.a.trace", 2), ("demand.a.trace", 3)]


def test_many_contacts_are_read_as_few_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns whose texts mostly differ are packed and read in pieces: the result is that of a small file."""
    desk.length = "28d"
    times = [n * 17.25 for n in range(3_000)]
    rows = [
        f"{datetime(2026, 3, 2) + timedelta(seconds=at)},{100 + at / 3:.4f},{n % 7 or ''}" for n, at in enumerate(times)
    ]
    forms = [
        "time,talk,patience\n" + "".join(f"{row}\n" for row in rows),
        "time,talk,patience\n"
        + "".join(f"{at},{row.partition(',')[2]}\n" for at, row in zip(times, rows, strict=True)),
        "time;talk;patience\n" + "".join(f"{row.replace(',', ';').replace('.', ',')}\n" for row in rows),
        "time,talk,patience\n" + "".join(f"{row}\n" for row in rows[::-1]) + "Page 1 of 1,,\n",
    ]
    wanted = [desk.read(form) for form in forms]
    assert wanted[0].time == tuple(round(at * SECOND) for at in times)
    assert all(one == wanted[0] for one in wanted)
    monkeypatch.setattr(store, "_FEW", 100)
    monkeypatch.setattr(micros, "MOST_DIFFERENT", 150)
    for form in forms:
        assert desk.read(form) == wanted[0]
