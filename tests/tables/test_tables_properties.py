"""What is written in a form is read back, or both readings are told: never another value."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.tables.columns import Ambiguous, Column
from ccsim.tables.dates import dates
from ccsim.tables.durations import durations
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Written, read_table
from ccsim.tables.store import Texts, picked, rows_by_text
from ccsim.tables.times import times
from ccsim.tables.unfit import Unfit
from ccsim.units import MINUTE

DAYS = st.lists(st.dates(date(2015, 1, 1), date(2035, 12, 31)), min_size=1, max_size=20)
DATE_FORMS: list[Callable[[date], str]] = [
    date.isoformat,
    "{:%Y%m%d}".format,
    "{:%d/%m/%Y}".format,
    "{:%m/%d/%Y}".format,
    "{0.day}/{0.month}/{0.year}".format,
    "{0.month}-{0.day}-{0.year}".format,
    "{:%d.%m.%Y}".format,
    "{:%d%m%Y}".format,
    "{:%m%d%Y}".format,
    "{:%d-%b-%Y}".format,
    "{:%a, %B %d, %Y}".format,
    "{:%a %d/%m/%Y}".format,
    lambda day: str((day - date(1899, 12, 30)).days),
]
TIME_FORMS = ["%H:%M", "%H:%M:%S", "%H%M", "%I:%M %p"]
SETTINGS = settings(derandomize=True, max_examples=120, deadline=None)


def read_or_told(read: Callable[[list[str]], Column[Any]], cells: list[str]) -> list[Any] | None:
    """The values of cells, all of them without a fault; none if both readings of one were told."""
    try:
        found = read(cells)
    except Ambiguous as error:
        told = error
    else:
        assert not found.faults
        return found.values
    first, *_ = cells[told.row].lstrip("-").split()
    assert str(told).startswith(first)
    return None


def telling(values: Sequence[date]) -> bool:
    """Whether some day cannot be a month."""
    return any(value.day > 12 for value in values)


@pytest.mark.parametrize("form", DATE_FORMS, ids=range(len(DATE_FORMS)))
@given(days=DAYS)
@SETTINGS
def test_dates(form: Callable[[date], str], days: list[date]) -> None:
    found = read_or_told(dates, [form(day) for day in days])
    assert found in (days, None)
    assert found is not None or not telling(days)


@pytest.mark.parametrize("form", ["%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%y-%m-%d", "%y/%m/%d"])
@given(start=st.dates(date(2024, 1, 1), date(2029, 1, 1)), number=st.integers(20, 400))
@SETTINGS
def test_years_of_two_digits_over_some_weeks(form: str, start: date, number: int) -> None:
    days = [start + timedelta(at) for at in range(number)]
    assert read_or_told(dates, [day.strftime(form) for day in days]) in (days, None)


@pytest.mark.parametrize("day_form", DATE_FORMS, ids=range(len(DATE_FORMS)))
@pytest.mark.parametrize("time_form", TIME_FORMS)
@given(days=DAYS, minutes=st.lists(st.integers(0, 1439), min_size=20, max_size=20))
@settings(SETTINGS, max_examples=30)
def test_instants(day_form: Callable[[date], str], time_form: str, days: list[date], minutes: list[int]) -> None:
    wanted = [
        datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        for day, minute in zip(days, minutes, strict=False)
    ]
    cells = [f"{day_form(at.date())} {at.strftime(time_form)}" for at in wanted]
    found = read_or_told(instants, cells)
    assert found is None or [one.local for one in found] == wanted
    assert found is not None or not telling(days)


@given(
    at=st.lists(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)), min_size=1, max_size=10),
    offset=st.integers(-14 * 4, 14 * 4),
)
@SETTINGS
def test_instants_with_offsets_and_numbers_of_days(at: list[datetime], offset: int) -> None:
    wanted = [one.replace(microsecond=0) for one in at]
    sign = "+" if offset >= 0 else "-"
    ahead = f"{sign}{abs(offset) // 4:02}:{abs(offset) % 4 * 15:02}"
    found = [one for one in instants([one.isoformat() + ahead for one in wanted]).values if one]
    assert [one.local for one in found] == wanted
    assert {one.offset for one in found} == {timedelta(minutes=15 * offset)}
    serials = [f"{(one - datetime(1899, 12, 30)) / timedelta(days=1):.6f}" for one in wanted]
    assert [one.local for one in instants(serials).values if one] == wanted


@pytest.mark.parametrize("form", TIME_FORMS)
@given(minutes=st.lists(st.integers(0, 1439), min_size=1, max_size=20))
@SETTINGS
def test_times(form: str, minutes: list[int]) -> None:
    found = times([(datetime(2026, 1, 1) + timedelta(minutes=minute)).strftime(form) for minute in minutes])
    assert [one.start_us for one in found.values if one] == [minute * MINUTE for minute in minutes]


@given(minutes=st.lists(st.integers(0, 1439), min_size=1, max_size=20))
@SETTINGS
def test_times_as_parts_of_a_day(minutes: list[int]) -> None:
    found = read_or_told(times, [f"{minute / 1440:.6f}" for minute in minutes])
    assert found is not None
    assert [one.start_us for one in found] == [minute * MINUTE for minute in minutes]


AMOUNTS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 3)), min_size=1, max_size=12)


SIGNS = [(".", ","), (",", "."), (".", ""), (",", ""), (",", "\u00a0"), (".", "'")]


@pytest.mark.parametrize(("decimal", "group"), SIGNS)
@given(amounts=AMOUNTS, negative=st.booleans())
@SETTINGS
def test_numbers(decimal: str, group: str, amounts: list[tuple[int, int]], negative: bool) -> None:
    cells, wanted = [], []
    for digits, places in amounts:
        value = digits / 10**places
        text = f"{value:,.{places}f}"
        text = text.replace(",", "_").replace(".", decimal).replace("_", group)
        cells.append(f"-{text}" if negative else text)
        wanted.append(-value if negative else value)
    found = read_or_told(numbers, cells)
    assert found in (wanted, None)
    assert numbers(cells, decimal=decimal).values == wanted
    if any(places in (1, 2) for _, places in amounts):
        assert found is not None


@given(seconds=st.lists(st.integers(0, 40_000), min_size=1, max_size=12))
@SETTINGS
def test_durations(seconds: list[int]) -> None:
    full = [f"{one // 3600:02}:{one // 60 % 60:02}:{one % 60:02}" for one in seconds]
    assert durations(full).values == seconds
    short = [f"{one // 60}:{one % 60:02}" for one in seconds]
    found = read_or_told(durations, short)
    assert found in (seconds, None)
    assert found is not None or all(one < 3600 for one in seconds)
    mixed = [f"{one // 60}:{one % 60:02}" if one < 3600 else text for one, text in zip(seconds, full, strict=True)]
    assert read_or_told(durations, mixed) in (seconds, None)


CELL = st.text(st.sampled_from("ab1 ,;|\t\"'\né.-"), max_size=6).map(str.strip)
TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@given(rows=TABLE, end=st.sampled_from(["\n", "\r\n"]))
@settings(SETTINGS, max_examples=60)
def test_tables(delimiter: str, encoding: str, rows: list[list[str]], end: str) -> None:
    rows = [["x", *row] for row in rows]
    names = [f"n{at}" for at in range(len(rows[0]))]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows([names, *rows])
    table = read_table(text.getvalue().encode(encoding), "f.csv", Written(delimiter=delimiter, head=True))
    width = len(table.columns)
    assert table.columns == tuple(names)
    assert list(map(list, zip(*(table.cells(at) for at in range(width)), strict=True))) == rows
    try:
        found = read_table(text.getvalue().encode(encoding), "f.csv")
    except Unfit:
        return
    if found.delimiter == delimiter and found.columns == tuple(names):
        assert found.cells(width - 1) == table.cells(width - 1)


NAMES = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=30)
TURNS = st.builds(lambda names, often: names * often, st.permutations(["a", "b", "c"]), st.integers(1, 9))


@SETTINGS
@given(st.one_of(NAMES, NAMES.map(sorted), TURNS))
def test_rows_of_each_text_are_found_however_they_lie(names: list[str]) -> None:
    texts = Texts()
    texts.extend(names)
    cells = texts.all()
    assert cells == names
    for found in (rows_by_text(cells), rows_by_text(names)):
        assert list(found) == list(dict.fromkeys(names))
        for name, rows in found.items():
            assert list(rows) == [row for row, text in enumerate(names) if text == name]
            assert set(picked(names, rows)) == {name}
            assert len(picked(names, rows)) == len(rows)


@SETTINGS
@given(st.lists(st.sampled_from(["", "1", "2,5", "13/01/2026", "14/01/2026", "09:30", "-", "x" * 200]), max_size=20))
def test_texts_with_numbers_are_read_as_plain_ones_are(plain: list[str]) -> None:
    texts = Texts()
    texts.extend(plain)
    for read in (numbers, dates, times, instants, durations):
        told = []
        for cells in (texts.all(), plain):
            try:
                told.append(read(cells))  # type: ignore[operator]
            except Ambiguous as two:
                told.append((str(two), two.row))
        assert told[0] == told[1]
