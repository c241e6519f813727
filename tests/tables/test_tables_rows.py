"""Columns read row by row in numbers, for millions of rows: the same values and faults as cell by cell."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.tables import micros, store
from ccsim.tables.columns import Ambiguous
from ccsim.tables.cuts import MOST_PARTS, Parts, cut_of
from ccsim.tables.durations import DurationsWritten, durations
from ccsim.tables.heads import is_total
from ccsim.tables.instants import instants, instants_by_row
from ccsim.tables.micros import durations_by_row
from ccsim.tables.number_instants import NONE
from ccsim.tables.reading import read_table
from ccsim.tables.store import Cells, Texts
from ccsim.tables.ways import Between, Way, pick
from ccsim.text.clock import wall_time
from ccsim.units import SECOND

T = TypeVar("T")
SETTINGS = settings(derandomize=True, max_examples=150, deadline=None)
FORMS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y, %H:%M:%S,%f",
    "%a, %d %b %Y %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%dT%H%M%S",
]
JUNK = [
    "",
    "x",
    "noon",
    "2026-13-45 08:00",
    "46083.375",
    "1772409600",
    "2026-03-02 08:00-09:00",
    "a" * 200,
    "8:00",
    "7",
]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))


def or_told(read: Callable[[], T]) -> T | Ambiguous:
    """What is read, or both readings of a cell."""
    try:
        return read()
    except Ambiguous as two:
        return two


def cells_of(texts: Sequence[str], kept: Iterable[int] | None = None, size: int = 7) -> Cells:
    """A column of texts that came some at a time."""
    held = Texts()
    for at in range(0, len(texts), size):
        held.extend(texts[at : at + size])
    held.close()
    if kept is None:
        return Cells(held, None, bytearray())
    rows = array("I", kept)
    counts = bytearray(len(texts))
    for row in rows:
        counts[row] = 1
    return Cells(held, rows, counts)


@given(
    form=st.sampled_from(FORMS),
    offset=st.sampled_from(["", "", "Z", "+02:00", " -0500"]),
    moments=st.lists(MOMENTS, min_size=1, max_size=25),
    junk=st.lists(st.tuples(st.integers(0, 24), st.sampled_from(JUNK)), max_size=4),
    stated=st.sampled_from([None, None, None, "day first", "month first", "iso"]),
)
@SETTINGS
def test_instants_by_row_are_those_cell_by_cell(
    form: str, offset: str, moments: list[datetime], junk: list[tuple[int, str]], stated: str | None
) -> None:
    texts = [at.strftime(form) + offset for at in moments]
    for at, text in junk:
        texts[at % len(texts)] = text
    texts = list(dict.fromkeys(texts))  # most cells decide here, most different texts there
    cells = cells_of(texts)
    wanted = or_told(lambda: instants(texts, stated))
    if isinstance(wanted, Ambiguous):
        told = or_told(lambda: instants_by_row(cells.pieces, stated))
        assert isinstance(told, Ambiguous)
        assert (str(told), texts[told.row]) == (str(wanted), texts[wanted.row])
        return
    found = instants_by_row(cells.pieces, stated)
    none = [NONE] * len(texts)
    for value, local, ahead in zip(wanted.values, found.local_us, found.offset_us or none, strict=True):
        assert (value is None) == (local == NONE)
        if value is not None:
            assert value.local == wall_time(local)
            assert value.offset == (None if ahead == NONE else timedelta(microseconds=ahead))
    assert found.faults == wanted.faults
    assert found.how == wanted.how


DURATIONS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.integers(0, 10**6).map(lambda n: f"{n / 1000:.3f}"),
    st.integers(0, 10**6).map(lambda n: f"{n / 10:.1f}"),
    st.integers(0, 10**5).map(lambda n: f"{n // 3600}:{n // 60 % 60:02}:{n % 60:02}"),
    st.sampled_from(["", "-", "35 sec", "2 min", "x", "1,125", "12,5"]),
)


@pytest.mark.parametrize("most", [0, 3, 10**6])
@given(texts=st.lists(DURATIONS, min_size=1, max_size=25), decimal=st.sampled_from([None, ".", ","]))
@SETTINGS
def test_durations_by_row_are_those_cell_by_cell(most: int, texts: list[str], decimal: str | None) -> None:
    written = DurationsWritten(unit_stated=True, decimal=decimal)
    before = micros.MOST_DIFFERENT
    micros.MOST_DIFFERENT = most  # type: ignore[misc]
    try:
        wanted = or_told(lambda: durations(texts, written))
        found = or_told(lambda: durations_by_row(cells_of(texts), written))
    finally:
        micros.MOST_DIFFERENT = before  # type: ignore[misc]
    if isinstance(wanted, Ambiguous) or isinstance(found, Ambiguous):
        assert (str(found), found.row) == (str(wanted), wanted.row)  # type: ignore[union-attr]
        return
    assert list(found.values) == [NONE if one is None else round(one * SECOND) for one in wanted.values]
    assert found.faults == wanted.faults


def test_numbers_whose_sign_is_never_sure_are_asked_about_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(micros, "MOST_DIFFERENT", 10)
    texts = [f"{n}.{n + 100}" for n in range(2, 99)]
    with pytest.raises(Ambiguous, match=r"^2\.102 is 2102 if the point"):
        durations_by_row(cells_of(texts), DurationsWritten(unit_stated=True))
    read = durations_by_row(cells_of([*texts, "1000.125"]), DurationsWritten(unit_stated=True))
    assert read.values[0] == 2_102_000
    assert read.how == "numbers with a decimal point, like 2.102, each of 1 s"
    assert durations_by_row(cells_of(texts), DurationsWritten(unit_stated=True, decimal=",")).values[0] == 2102 * SECOND


@pytest.mark.parametrize("few", [5, 50_000])
@given(
    texts=st.lists(st.sampled_from(["", "a", "b ", " 7", "1,5", "Total", "é"]) | st.integers().map(str), max_size=60)
)
@SETTINGS
def test_texts_are_kept_as_they_are_packed_or_not(few: int, texts: list[str]) -> None:
    before = store._FEW
    store._FEW = few  # type: ignore[misc]
    try:
        held = Texts()
        for at in range(0, len(texts), 7):
            held.extend(texts[at : at + 7])
        held.close()
        plain = [text.strip() for text in texts]
        assert held.all() == plain
        assert [held[row] for row in range(len(texts))] == plain
        assert all(held.count(text) == plain.count(text) for text in {*plain, "none of them"})
        assert set(held.holding(",")) == {text for text in plain if "," in text}
        assert held.rows_where(is_total) == [row for row, text in enumerate(plain) if is_total(text)]
        assert held.rows_where(lambda text: not text) == [row for row, text in enumerate(plain) if not text]
        kept = range(0, len(texts), 3)
        cells = cells_of(texts, kept)
        assert cells.all() == [text for piece in cells.pieces() for text in piece] == [plain[row] for row in kept]
        assert cells.different(100) == list(dict.fromkeys(cells.all()))
        assert [cells[at] for at in range(len(cells))] == cells.all()
        assert set(cells.holding(",")) == {text for text in cells.all() if "," in text}
    finally:
        store._FEW = before  # type: ignore[misc]


def plainly(texts: Sequence[str], ways: Sequence[Way[int]]) -> dict[str, int] | str | None:
    """What `pick` finds, as its docstring says it; the text that it is between."""
    read = [(way, {text: value for text in texts if (value := way.read(text)) is not None}) for way in ways]
    most = max(len(values) for _, values in read)
    if not most:
        return None
    best = [(way, values) for way, values in read if len(values) == most]
    rank = min(way.rank for way, _ in best)
    best = [one for one in best if one[0].rank == rank]
    for text in best[0][1]:
        if len({values[text] for _, values in best if text in values}) > 1:
            return text
    return best[0][1]


def test_the_way_that_fits_most_is_picked_without_trying_the_others_to_the_end() -> None:
    draws = random.Random(11)
    asked = 0

    def reads(table: dict[str, int], text: str) -> int | None:
        nonlocal asked
        asked += 1
        return table.get(text)

    for _ in range(2_000):
        texts = [f"t{n}" for n in range(draws.randrange(1, 7))]
        tables = [
            {text: draws.randrange(3) for text in texts if draws.random() < draws.choice([0.3, 0.8, 1.0])}
            for _ in range(draws.randrange(1, 5))
        ]
        ways = [Way(str(n), partial(reads, table), draws.randrange(2)) for n, table in enumerate(tables)]
        try:
            picked = pick(texts, ways)
            found: dict[str, int] | str | None = None if picked is None else picked.values
        except Between as between:
            found = between.text
        assert plainly(texts, ways) == found
    asked = 0
    many = [f"t{n}" for n in range(1_000)]
    pick(many, [Way("all", partial(reads, dict.fromkeys(many, 1))), Way("none", partial(reads, {}))])
    assert asked == 1_001


def test_more_different_dates_than_there_are_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccsim.tables.cuts.MOST_PARTS", 20)
    texts = [f"word{n} 08:00" for n in range(500)]
    parts = Parts(cells_of(texts).pieces, no_numbers=False)
    assert len(parts.days) == 20 < MOST_PARTS
    found = instants_by_row(cells_of(["2026-03-02 08:00", *texts]).pieces, None)
    assert found.local_us.count(NONE) == 500
    assert found.faults[-1].more == 499


def test_where_the_parts_of_an_instant_stand() -> None:
    cut = cut_of("3/2/2026 8:00:05.250 PM +02:00")
    text = "3/2/2026 8:00:05.250 PM +02:00"
    assert [text[part] for part in (cut.day, cut.time, cut.part, cut.after, cut.offset)] == [
        "3/2/2026",
        "8:00:05",
        "250",
        " PM",
        "+02:00",
    ]
    assert [cut_of(one).kind for one in ("", "7", "20260302", "2026-03-02", "2026-03-02 08:00-09:00", "x" * 101)] == [
        *("blank", "number", "date", "date", "range", "long")
    ]


@pytest.mark.parametrize(
    ("below", "left_out"),
    [
        ("Report generated on 2026-06-02 08:00\n", 1),
        ("Page 1 of 3,\n* preliminary\n\n", 2),
        ("All times are local,\n" * 20, 20),
        ("All times are local,\n" * 21, 0),
        ("09:00,\n", 0),
        ("n/a,\n", 0),
        ("12 5,\n", 0),
        ("soon,5\n", 0),
    ],
)
def test_lines_below_a_table_of_dates(below: str, left_out: int) -> None:
    table = read_table(f"date,calls\n2026-03-02,5\n2026-03-03,6\n{below}".encode(), "f.csv")
    assert table.rows == 2 + (0 if left_out else below.count("\n"))
    told = [one for one in table.recognised if "below the table" in one]
    assert [one.partition(" ")[0] for one in told] == ([str(left_out)] if left_out else [])


@pytest.mark.parametrize("name", ["Orders", "Support 2026", "Sales.", "Night shift", "Queue: B"])
def test_a_name_without_values_at_the_end_of_a_column_of_names_is_kept(name: str) -> None:
    table = read_table(f"queue,calls\nBilling,5\n{name},\n".encode(), "f.csv")
    assert table.cells(0) == ["Billing", name]


@pytest.mark.parametrize("text", ["Total: 1,234", "Totals: 5", "Summe: 1.234,5", "Grand total = 12", "Average: 3.5 %"])
def test_totals_in_one_cell(text: str) -> None:
    assert is_total(text)
    assert not is_total(text.replace(":", "").replace("=", ""))


@pytest.mark.parametrize(
    ("titles", "lines"),
    [("Queue report\n\n", 1), ("Queue,Billing\n\n", 1), ("Queue report\nFrom,02/03/2026\n\n", 2), ("", 0)],
)
def test_titles_above_a_blank_line(titles: str, lines: int) -> None:
    table = read_table(f"{titles}start,contacts\n2026-03-02 08:00,5\n2026-03-02 08:30,6\n".encode(), "f.csv")
    assert table.columns == ("start", "contacts")
    assert (f"{lines} line{'s' * (lines > 1)} of titles" in " ".join(table.recognised)) == bool(lines)


def test_a_blank_line_within_a_table_is_no_end_of_its_titles() -> None:
    table = read_table(b"queue,calls\nBilling,5\n\nOrders,6\nSupport,7\n", "f.csv")
    assert (table.columns, table.rows) == (("queue", "calls"), 3)
