"""Quantities are read exactly, or refused in clear words."""

# One row a case.
# ruff: noqa: E501

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.text import scalars
from ccsim.text.deltas import decimal_text
from ccsim.text.scalars import Misread


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("90s", 90_000_000),
        ("6m30s", 390_000_000),
        ("6m 30s", 390_000_000),
        ("1h", 3_600_000_000),
        ("2d", 172_800_000_000),
        ("1w", 604_800_000_000),
        ("250ms", 250_000),
        ("10us", 10),
        ("1.5m", 90_000_000),
        ("0.1s", 100_000),
        ("0.000001s", 1),
        ("1_000s", 1_000_000_000),
        ("0s", 0),
        ("5min", 300_000_000),
        ("90 s", 90_000_000),
    ],
)
def test_durations_are_exact(text: str, micros: int) -> None:
    assert scalars.duration(text) == micros


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("90", "a duration needs a unit"),
        ("0", "a duration needs a unit"),
        ("6:30", r"write 6h30m \(hours and minutes\), or 6m30s"),
        ("-5s", "must not be negative"),
        ("5S", "small letters"),
        ("5 sec", "write 5s"),
        ("30s6m", "from large to small"),
        ("1m1m", "from large to small"),
        ("0.1us", "whole microseconds"),
        ("1000000w", "at most 100 years"),
        ("nan", "expected a duration"),
        ("1e3s", "expected a duration"),
        ("s", "expected a duration"),
        ("9" * 100_000 + "s", "expected a duration"),
        ("١٢s", "expected a duration"),
    ],
)
def test_odd_durations_are_refused(text: str, said: str) -> None:
    with pytest.raises(Misread, match=said):
        scalars.duration(text)


@given(st.integers(0, scalars.LONGEST))
@settings(derandomize=True)
def test_every_duration_has_a_text_that_reads_back(micros: int) -> None:
    assert scalars.duration(scalars.duration_text(micros)) == micros


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nan", "finite"),
        ("inf", "finite"),
        ("-inf", "finite"),
        ("1e400", "out of range"),
        ("1e20", "too large"),
        ("0x10", "decimal digits"),
        ("0o17", "decimal digits"),
        ("010", "without leading zeros"),
        ("1_0_0", "groups of three"),
        ("1__000", "groups of three"),
        ("1,000", "underscores"),
        ("0,8", "decimal sign is a point"),
        ("١٢", "digits 0 to 9"),
        ("-0", "must not be negative"),
        ("-3", "must not be negative"),
        ("+3", "leave out the plus"),
        ("true", "a word is not a number"),
        ("no", "a word is not a number"),
        ("many", "got 'many'"),
        ("5.", "got '5.'"),
        ("", "got ''"),
        ("1 2", "got '1 2'"),
        ("9" * 5000, "got '999"),
    ],
)
def test_odd_numbers_are_refused(text: str, said: str) -> None:
    for read in (scalars.number, scalars.count, scalars.share, scalars.factor):
        with pytest.raises(Misread):
            read(text)
    with pytest.raises(Misread, match=said):
        scalars.number(text)


def test_counts_are_whole() -> None:
    assert scalars.count("84_000") == 84_000
    assert scalars.count("0") == 0
    for text in ("1.5", "1e3", "1.0", "9" * 30):
        with pytest.raises(Misread, match="whole number"):
            scalars.count(text)


def test_shares_and_ratios() -> None:
    assert scalars.share("80%") == scalars.share("0.8") == 0.8
    assert scalars.share("100%") == 1.0
    assert scalars.share("0") == 0.0
    assert scalars.ratio("150%") == 1.5
    with pytest.raises(Misread, match="for a percentage write 80%"):
        scalars.share("80")
    with pytest.raises(Misread, match="at most 100%"):
        scalars.share("100.1%")
    with pytest.raises(Misread, match="got '-5%'; it must not be negative"):
        scalars.share("-5%")
    with pytest.raises(Misread, match="positive"):
        scalars.factor("0")


@given(st.floats(0, 1e14, allow_nan=False))
@settings(derandomize=True)
def test_a_number_is_the_nearest_float(value: float) -> None:
    text = decimal_text(Fraction(f"{value:.10f}"))
    assert scalars.number(text) == float(text)


@pytest.mark.parametrize(
    ("text", "micros"),
    [("00:00", 0), ("9:30", 34_200_000_000), ("09:30:15", 34_215_000_000), ("24:00", 86_400_000_000)],
)
def test_times_of_day(text: str, micros: int) -> None:
    assert scalars.time_of_day(text) == micros


@pytest.mark.parametrize("text", ["24:01", "25:00", "12:60", "12:00:60", "570", "9h", "09.30", "-1:00", "0930"])
def test_odd_times_of_day_are_refused(text: str) -> None:
    with pytest.raises(Misread, match="time of day"):
        scalars.time_of_day(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-02", "2026-03-02T00:00:00"),
        ("2026-03-02 14:00", "2026-03-02T14:00:00"),
        ("2026-03-02T14:00:30", "2026-03-02T14:00:30"),
        ("2026-03-02 24:00", "2026-03-03T00:00:00"),
        ("2028-02-29 00:00:00.5", "2028-02-29T00:00:00.500000"),
    ],
)
def test_local_times(text: str, iso: str) -> None:
    assert scalars.local_time(text) == iso


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "26-03-02", "2026-3-2", "2026-W10-1", "20260302", "2026-03-02 25:00", "1800-01-01",
             "9999-12-31 24:00", "today", "2026-03-02T14:00Z"]
)  # fmt: skip
def test_odd_local_times_are_refused(text: str) -> None:
    with pytest.raises(Misread, match="expected"):
        scalars.local_time(text)


def test_weekdays() -> None:
    assert scalars.weekdays("mon-fri") == (0, 1, 2, 3, 4)
    assert scalars.weekdays("sat") == (5,)
    assert scalars.weekdays("fri-mon") == (4, 5, 6, 0)
    assert scalars.weekdays("daily") == tuple(range(7))
    for text in ("mon-", "mon-fry", "1", "monday", ""):
        with pytest.raises(Misread, match="days like mon"):
            scalars.weekdays(text)


@given(st.text(max_size=80))
@settings(derandomize=True, max_examples=300)
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (scalars.number, scalars.count, scalars.share, scalars.duration, scalars.time_of_day,
                 scalars.local_time, scalars.weekdays, scalars.truth, scalars.ratio, scalars.factor):  # fmt: skip
        with contextlib.suppress(Misread):
            read(text)
