"""The forms of dates, times, numbers and durations, each worked by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ccsim.tables.columns import Ambiguous
from ccsim.tables.dates import dates
from ccsim.tables.durations import DurationsWritten, durations
from ccsim.tables.instants import Instant, instants
from ccsim.tables.numbers import numbers
from ccsim.tables.times import TimeOfDay, times
from ccsim.units import DAY, HOUR, MINUTE, SECOND

SECOND_OF_MARCH = date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-02", "2026/03/02", "2026-3-2", "2026.03.02", "20260302", "02.03.2026", "2.3.2026", "02.03.26"),
        *("2 Mar 2026", "02-Mar-2026", "02-Mar-26", "Mar 2, 2026", "March 2 2026", "2nd March 2026", "2. März 2026"),
        *("2 mars 2026", "2 de marzo de 2026", "Monday, March 2, 2026", "Mon 02/03/2026", "Mo 02.03.2026"),
        *("Mon 3/2/2026", "46083", "46083.0", "2026-03-02 00:00:00", "2026-Mar-02", "2-Mar-2026 12:00 AM"),
    ],
)
def test_forms_of_dates(text: str) -> None:
    found = dates(["", text, text])
    assert (found.values, found.faults) == ([None, SECOND_OF_MARCH, SECOND_OF_MARCH], [])


def test_one_cell_of_a_column_tells_which_part_is_the_day() -> None:
    assert dates(["03/04/2026", "13/02/2026"]).values == [date(2026, 4, 3), date(2026, 2, 13)]
    assert dates(["03/04/2026", "13/02/2026"]).how == "dates with the day first, like 13/02/2026"
    assert dates(["03/04/2026", "02/13/2026"]).values == [date(2026, 3, 4), date(2026, 2, 13)]
    assert dates(["03-04-2026", "02-13-2026"]).how == "dates with the month first, like 02-13-2026"
    assert dates(["05042026", "11132026"]).values == [date(2026, 5, 4), date(2026, 11, 13)]
    assert dates(["02.13.2026", "03.04.2026"]).values == [date(2026, 2, 13), date(2026, 3, 4)]
    assert dates(["Tue 03/02/2026"]).values == [date(2026, 2, 3)]  # the second of March is a Monday
    assert dates(["03/03/2026", "04/04/2026"]).values == [date(2026, 3, 3), date(2026, 4, 4)]


def test_both_readings_of_a_date_are_shown() -> None:
    with pytest.raises(Ambiguous) as told:
        dates(["", "03/03/2026", "03/04/2026"])
    assert str(told.value) == (
        "03/04/2026 is 3 April 2026 with the day first or March 4, 2026 with the month first; "
        "say date: day first or month first"
    )
    assert told.value.row == 2
    assert dates(["03/04/2026"], "day first").values == [date(2026, 4, 3)]
    assert dates(["03/04/2026"], "%m/%d/%Y").values == [date(2026, 3, 4)]


def test_years_of_two_digits_are_told_and_may_stand_first() -> None:
    assert dates(["13/02/26"]).how.endswith("with years of two digits of 1969 to 2068")
    assert dates(["13/02/69"]).values == [date(1969, 2, 13)]
    with pytest.raises(Ambiguous, match=r"26-03-02 is 26 March 2002 .* or 2 March 2026 with the year first"):
        dates(["26-03-02"])
    with pytest.raises(Ambiguous, match="26/03/02 is 26 March 2002"):
        dates(["26/03/02", "26/03/31"])
    assert dates(["26/03/02"], "%y/%m/%d").values == [SECOND_OF_MARCH]


def test_dates_that_do_not_fit_the_others_are_faults() -> None:
    found = dates(["13/02/2026", "31/02/2026", "02/13/2026", "Report", "2026-03-02 08:00", "2026-03-04", "14/02/2026"])
    assert found.values == [date(2026, 2, 13), None, None, None, None, None, date(2026, 2, 14)]
    assert [(one.row, one.why) for one in found.faults] == [
        (1, "'31/02/2026' is no date that exists in the form of the others, like 13/02/2026"),
        (2, "'02/13/2026' is no date that exists in the form of the others, like 13/02/2026"),
        (3, "'Report' is no date like 13/02/2026"),
        (4, "'2026-03-02 08:00' holds a time too, where a date is wanted"),
        (5, "'2026-03-04' is no date that exists in the form of the others, like 13/02/2026"),
    ]


def test_a_cause_of_many_cells_is_told_once_and_one_of_a_few_cell_by_cell() -> None:
    (only,) = dates(["2026-03-02", *[f"x{at}" for at in range(40)]]).faults
    assert (only.row, only.why) == (1, "'x0' is no date like 2026-03-02")
    assert (only.others, only.more) == ((2, 3, 4, 5, 6), 39)
    few = dates(["2026-03-02", "x0", "x1", "x2"]).faults
    assert [(one.row, one.others, one.more) for one in few] == [(1, (), 0), (2, (), 0), (3, (), 0)]


@pytest.mark.parametrize("stated", ["d/m/y", "%d/%m", "%Q", ""])
def test_what_is_stated_of_dates_must_be_known(stated: str) -> None:
    with pytest.raises(ValueError, match="expected day first, month first, iso, excel, or a pattern"):
        dates(["02/03/2026"], stated)


@pytest.mark.parametrize(
    ("texts", "minutes"),
    [
        (["9:00", "09:30"], [540, 570]),
        (["09:00:00", "24:00:00"], [540, 1440]),
        (["9:00 AM", "12:00 AM", "12:30 PM", "1 PM", "11:59 p.m."], [540, 0, 750, 780, 1439]),
        (["0900", "1330", "2400"], [540, 810, 1440]),
        (["0", "30", "100", "2330"], [0, 30, 60, 1410]),
        (["9", "10", "23"], [540, 600, 1380]),
        (["9h30", "9h"], [570, 540]),
        (["9.00", "9.30"], [540, 570]),
        (["0", "0.375", "0.395833"], [0, 540, 570]),
        (["0,375", "0,395833"], [540, 570]),
        (["093000"], [570]),
        (["1899-12-30 09:30:00"], [570]),
    ],
)
def test_forms_of_times(texts: list[str], minutes: list[int]) -> None:
    found = times(texts)
    assert found.values == [TimeOfDay(one * MINUTE) for one in minutes]
    assert not found.faults


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09:00-09:30", 540, 570),
        ("09:00 - 09:30", 540, 570),
        ("09:00–09:30", 540, 570),
        ("09:00 to 09:30", 540, 570),
        ("0900-0930", 540, 570),
        ("9:00 AM - 9:30 AM", 540, 570),
        ("9:00-9:30 AM", 540, 570),
        ("11:30-12:00 PM", 690, 720),
        ("11:30 PM-12:00 AM", 1410, 1440),
        ("23:30-00:00", 1410, 1440),
        ("23:30-24:00", 1410, 1440),
        ("22:00-06:00", 1320, 1800),
        ("9-17", 540, 1020),
        ("09:00-09:29", 540, 570),
        ("09:00:00-09:29:59", 540, 570),
    ],
)
def test_forms_of_intervals(text: str, start: int, end: int) -> None:
    assert times([text]).values == [TimeOfDay(start * MINUTE, end * MINUTE)]


def test_times_that_cannot_be_are_faults_and_those_that_may_be_two_are_asked_about() -> None:
    found = times(["9:00", "25:00", "9:60", "24:01"])
    assert found.values == [TimeOfDay(540 * MINUTE), None, None, None]
    half = times(["9:00 AM", "10:00", "14:00"])
    assert half.values == [TimeOfDay(540 * MINUTE), None, TimeOfDay(14 * HOUR)]
    assert half.faults[0].why == "'10:00' has no AM or PM, which other cells of the column have"
    with pytest.raises(Ambiguous, match=r"0\.25 is 06:00 as fractions of a day of Excel or 00:25 as hours and minutes"):
        times(["0.25", "0.50"])
    coarse = times(["0.333", "0.375"])  # 7:59:31 is nobody's interval: 8:00 cut short
    assert coarse.values == [None, TimeOfDay(540 * MINUTE)]
    assert coarse.faults[0].why == "'0.333' has too few digits to tell a time"


@pytest.mark.parametrize(
    ("text", "local", "offset"),
    [
        ("2026-03-02T08:00:00", datetime(2026, 3, 2, 8), None),
        ("2026-03-02 8:00", datetime(2026, 3, 2, 8), None),
        ("2026-03-02T08:00:00.250Z", datetime(2026, 3, 2, 8, 0, 0, 250_000), 0),
        ("2026-03-02T08:00+02:00", datetime(2026, 3, 2, 8), 120),
        ("2026-03-02 08:00:00-0500", datetime(2026, 3, 2, 8), -300),
        ("2026-03-02 08:00 UTC", datetime(2026, 3, 2, 8), 0),
        ("2026-03-02 24:00", datetime(2026, 3, 3), None),
        ("2026-03-02", datetime(2026, 3, 2), None),
        ("20260302 0800", datetime(2026, 3, 2, 8), None),
        ("202603020800", datetime(2026, 3, 2, 8), None),
        ("20260302080015", datetime(2026, 3, 2, 8, 0, 15), None),
        ("20260302T080000Z", datetime(2026, 3, 2, 8), 0),
        ("02.03.2026 08:00", datetime(2026, 3, 2, 8), None),
        ("3/22/2026 8:00 PM", datetime(2026, 3, 22, 20), None),
        ("22/03/2026, 08:00:00", datetime(2026, 3, 22, 8), None),
        ("Mar 2, 2026 8:00 AM", datetime(2026, 3, 2, 8), None),
        ("Mon 2 Mar 2026 08:00", datetime(2026, 3, 2, 8), None),
        ("46083.333333", datetime(2026, 3, 2, 8), None),
        ("46083,333333", datetime(2026, 3, 2, 8), None),
        ("46083.375", datetime(2026, 3, 2, 9), None),
        ("1772409600", datetime(2026, 3, 2), 0),
        ("1772409600.5", datetime(2026, 3, 2, 0, 0, 0, 500_000), 0),
        ("1772409600250", datetime(2026, 3, 2, 0, 0, 0, 250_000), 0),
    ],
)
def test_forms_of_instants(text: str, local: datetime, offset: int | None) -> None:
    found = instants([text, "", text])
    wanted = Instant(local, None if offset is None else timedelta(minutes=offset))
    assert (found.values, found.faults) == ([wanted, None, wanted], [])


@pytest.mark.parametrize("day", ["0001-01-01", "0069-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
@pytest.mark.parametrize("stated", [None, "pattern"])
def test_dates_out_of_reach_are_faults_whatever_their_form(day: str, stated: str | None) -> None:
    """Systems write 0001-01-01 and 9999-12-31 for none; no clock can tell the time next to them."""
    found = instants([f"{day} 12:00:00", "2200-12-31 12:00:00"], stated and "%Y-%m-%d %H:%M:%S")
    assert found.values == [None, Instant(datetime(2200, 12, 31, 12), None)]
    assert [one.row for one in found.faults] == [0]
    only = dates([day, "1900-01-01"], stated and "%Y-%m-%d")
    assert only.values == [None, date(1900, 1, 1)]


def test_a_pattern_may_hold_an_offset_and_no_name_of_a_zone() -> None:
    found = instants(["02.03.2026 08:00 +0530"], "%d.%m.%Y %H:%M %z")
    assert found.values == [Instant(datetime(2026, 3, 2, 8), timedelta(hours=5, minutes=30))]
    with pytest.raises(ValueError, match="a pattern of a whole date"):
        instants(["02.03.2026 08:00 UTC"], "%d.%m.%Y %H:%M %Z")


def test_instants_that_cannot_be_read_say_why() -> None:
    zone = instants(["2026-03-02 09:00:00", "2026-03-02 09:00:00 EST"])
    assert zone.faults[0].why.startswith("'2026-03-02 09:00:00 EST' names a time zone;")
    (every,) = instants(["2026-03-02 09:00 Europe/Berlin"]).faults
    assert every.why.startswith("'2026-03-02 09:00 Europe/Berlin' names a time zone;")
    assert instants(["12 EUR"]).faults[0].why == "'12 EUR' is no date and time"
    spans = instants(["2026-03-02 09:00-10:00"])
    assert spans.values == [None]
    assert spans.faults[0].why.startswith("'2026-03-02 09:00-10:00' may hold two times;")
    mixed = instants(["2026-03-02 09:00Z", "2026-03-02 10:00Z", "2026-03-02 11:00"])
    assert (mixed.faults[0].row, mixed.values[2]) == (2, None)
    assert mixed.faults[0].why.endswith("has no offset from UTC, as others have")
    assert instants(["46083.33", "46083.5"]).faults[0].why == "'46083.33' has too few digits to tell a time"
    with pytest.raises(Ambiguous, match=r"2026030208 is 2034-03-15 10:10:08 .* or 2026-03-02 08:00:00"):
        instants(["2026030208"])
    with pytest.raises(Ambiguous, match="2 March 2026 with the day first or February 3") as told:
        instants(["", "02/03/2026 08:00"])
    assert told.value.row == 1


def test_instants_by_what_is_stated() -> None:
    wanted = [Instant(datetime(2026, 3, 2, 8, 15), None)]
    assert instants(["02/03/2026 08:15"], "day first").values == wanted
    assert instants(["02/03/2026 08:15"], "%d/%m/%Y").values == wanted
    assert instants(["02/03/2026 08.15"], "%d/%m/%Y %H.%M").values == wanted
    assert instants(["2026-03-02 08:15", "2026-03-02 8:15"], "iso").values == wanted * 2


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["12.5", "1,125"], [12.5, 1125]),
        (["12,5", "1.125"], [12.5, 1125]),
        (["1.125,5", "7"], [1125.5, 7]),
        (["1,125.5", "2.125"], [1125.5, 2.125]),
        (["1,234,567", "1,125"], [1234567, 1125]),
        (["1.234.567", "1.125"], [1234567, 1125]),
        (["12,34,567"], [1234567]),
        (["1 125", "1\u00a0125", "1\u2009125", "1'125", "1’125"], [1125] * 5),
        (["1 125,5"], [1125.5]),
        (["0.125", "1.125"], [0.125, 1.125]),
        (["0,125", "1,125"], [0.125, 1.125]),
        (["(5)", "5-", "-5", "−5", "+5"], [-5, -5, -5, -5, 5]),
        (["1.2E+03", "5.", ".5"], [1200, 5, 0.5]),
        (["007", "1_000", "$5", "5 min", "1,12,5", "12 34", "#DIV/0!"], [7, *[None] * 6]),
    ],
)
def test_forms_of_numbers(texts: list[str], values: list[float | None]) -> None:
    assert numbers(texts).values == values


@pytest.mark.parametrize("cells", [["1,125"], ["910", "1,000"], ["1250", "1,125"], ["1.125", "1,125"], ["-1.125"]])
def test_numbers_whose_only_sign_has_three_digits_behind_are_asked_about(cells: list[str]) -> None:
    with pytest.raises(Ambiguous) as told:
        numbers(cells)
    assert told.value.row == next(row for row, cell in enumerate(cells) if not cell.isdigit())


def test_what_the_file_shows_of_commas_settles_them() -> None:
    assert numbers(["1,000", "910"], thousands=",").values == [1000, 910]
    assert numbers(["1,000", "910"], decimal=",").values == [1, 910]
    odd = numbers(["12.5", "3.5", "12,5"])
    assert odd.faults[0].why == "'12,5' does not fit the others, whose decimal sign is a point"
    assert numbers(["12.5"], decimal=",").values == [None]


def test_percentages_where_shares_are_wanted() -> None:
    assert numbers(["81.2%", "5 %", "0", ""], percent=True).values == [0.812, 0.05, 0, None]
    assert numbers(["81.2%", "0.5"], percent=True).values == [0.812, None]
    assert numbers(["0.8", "0.5"], percent=True).values == [0.8, 0.5]


@pytest.mark.parametrize(
    ("texts", "seconds"),
    [
        (["240", "255.5"], [240, 255.5]),
        (["00:04:15", "1:02:03", "0"], [255, 3723, 0]),
        (["4:00", "1:02:03"], [240, 3723]),
        (["4:00", "75:30"], [240, 4530]),
        (["4:15.5"], [255.5]),
        (["1 02:03:04", "1.02:03:04"], [93_784, 93_784]),
        (["4m15s", "4 min", "90 sec", "1h 2m", "1.5 h"], [255, 240, 90, 3720, 5400]),
        (["0:00", "-"], [0, None]),
        (["00:75:00", "00:04:75", "00:04:15"], [None, None, 255]),
    ],
)
def test_forms_of_durations(texts: list[str], seconds: list[float | None]) -> None:
    assert durations(texts).values == seconds


def test_durations_that_may_be_minutes_or_hours_are_asked_about() -> None:
    with pytest.raises(Ambiguous, match="4:15 is 4 min 15 s or 4 h 15 min; say durations: mm:ss or h:mm"):
        durations(["0:00", "4:15"])
    assert durations(["4:15"], DurationsWritten(stated="mm:ss")).values == [255]
    assert durations(["4:15"], DurationsWritten(stated="h:mm")).values == [15_300]
    assert durations(["4:15"], DurationsWritten(head="AHT (mm:ss)")).values == [255]
    assert durations(["4:15"], DurationsWritten(head="Paid [h]:mm")).values == [15_300]
    with pytest.raises(Ambiguous):
        durations(["4:15"], DurationsWritten(head="AHT h:mm:ss"))
    assert durations(["4.5"], DurationsWritten("min")).values == [270]
    with pytest.raises(Ambiguous, match=r"0\.002951 is 0\.002951 s, or 255 s as a part of a day"):
        durations(["0.002951"])
    assert durations(["0.000001", "0.000002"]).values == [0.000001, 0.000002], "less than a second of a day"
    assert durations(["0.002951"], DurationsWritten(unit_stated=True)).values == [0.002951]
    assert durations(["0.5"], DurationsWritten("d")).values == [DAY / 2 / SECOND]


@pytest.mark.parametrize(("unit", "stated"), [("fortnights", None), ("s", "hh")])
def test_units_of_durations_must_be_known(unit: str, stated: str | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        DurationsWritten(unit, stated=stated)
