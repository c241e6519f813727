"""Numbers with no more digits than they deserve, and the scenario's values in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.report.assumptions import assumptions
from ccsim.report.numbers import Shown, amount, number, percent, said, shown_in
from ccsim.units import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("value", "half", "text", "interval"),
    [
        (0.81234, 0.0031, "81.2", "± 0.3"),
        (0.81234, 0.0131, "81.2", "± 1.3"),
        (0.81234, None, "81.2", ""),
        (0.0, 0.0, "0", ""),
        (0.1, 1e-12, "10.00", "± <0.01"),
        (0.5, 0.0, "50.0", ""),
    ],
)
def test_a_share_in_per_cent(value: float, half: float | None, text: str, interval: str) -> None:
    cell = shown_in("share").cell(value, around(value, half))
    assert (cell.text, cell.interval) == (text, interval)


def around(value: float, half: float | None) -> tuple[float, float] | None:
    return None if half is None else (value - half, value + half)


def test_an_interval_with_unequal_sides_is_shown_by_its_ends() -> None:
    cell = shown_in("share").cell(0.0612, (0.0301, 0.1189))
    assert (cell.text, cell.interval) == ("6", "(3 to 12)")
    row = {"estimate": 0.0612, "low": 0.0301, "high": 0.1189, "unit": "share", "note": ""}
    assert said(row) == "6 (3 to 12) %"
    assert shown_in("share").cell(1.0, (0.9994, 1.0)).interval == "(from 99.9)"
    assert shown_in("share").cell(0.0, (0.0, 0.0006)).interval == "(0.00 to 0.06)"


def test_counts_are_rounded_as_their_interval_says() -> None:
    assert number(75_432.1, 123.0) == "75,430"
    assert number(75_432.1, 0.001) == "75,432"
    assert number(12.3456, None) == "12.3"


@pytest.mark.parametrize(("longest", "unit"), [(20, "s"), (599, "s"), (600, "min"), (10_799, "min"), (86_400, "h")])
def test_long_times_are_shown_in_longer_units(longest: float, unit: str) -> None:
    shown = shown_in("s", [1.0, None, longest])
    assert shown.unit == unit
    assert shown.factor * {"s": 1, "min": 60, "h": 3600}[unit] == pytest.approx(1)


def test_units_in_words_and_missing_numbers() -> None:
    assert shown_in("contacts/day").unit == "contacts a day"
    assert shown_in("EUR/contact").unit == "EUR per contact"
    assert Shown("s").cell(None, None, "nobody").text == "-"
    row = {"estimate": 0.8, "low": 0.79, "high": 0.81, "unit": "share", "note": ""}
    assert said(row) == "80.0 ± 1.0 %"
    assert said(row | {"estimate": None, "low": None, "high": None}) == "not known"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (1e-17, "0 %"), (0.5, "50 %"), (0.999, "99.9 %"), (0.9996, "99.96 %"), (0.004, "0.4 %")],
)
def test_per_cent_in_a_sentence(share: float, text: str) -> None:
    assert percent(share) == text


@settings(derandomize=True, max_examples=200, deadline=None)
@given(value=st.floats(-1e9, 1e9), half=st.none() | st.just(0.0) | st.floats(1e-12, 1e9))
def test_no_number_is_long_or_broken(value: float, half: float | None) -> None:
    cell = Shown("s").cell(value, around(value, half))
    for text in (cell.text, cell.interval, amount(value)):
        assert "nan" not in text
        assert "e" not in text or abs(value) < 1e-3
    digits = cell.text.replace(",", "").replace("-", "").replace(".", "").lstrip("0")
    assert len(digits) <= 4 or abs(value) >= 1000


def test_assumptions_say_what_was_put_in() -> None:
    scenario = {
        "channels": {
            "phone": {
                "concurrency": 1,
                "deadline": None,
                "kind": "live",
                "patience": {"time": {"cv": 0.7, "law": "lognormal", "mean": 150 * SECOND}, "zero": 0.02},
                "speed": [1.0],
            }
        },
        "demand": {
            "ads": {"markets": {"us": 0.455, "uk": 0.545}, "per_week": 84_000.0, "trend": 0.005 / (7 * DAY)},
            "old": {"rate": {"grid": {"every": HOUR, "values": [60 / HOUR] * 3}, "interpolate": "linear"}},
        },
        "sites": {"austin": {"hours": {"spans": [[7 * HOUR, 19 * HOUR], [DAY, 2 * DAY]]}}},
        "shift_patterns": {"day": {"starts": [6 * HOUR, 7 * HOUR + 30 * MINUTE], "days": [0, 4], "paid": 8 * HOUR}},
        "routing": {"vendor_share": {"ads": {"northwind": 0.7}}, "overflow": []},
        "pools": {"desk": {"headcount": 250_000, "staffing": {"every": HOUR, "values": [4.0] * 24}}},
    }
    text = {one.title: one.text for one in assumptions(scenario)}
    assert "time: lognormal, mean 2m30s, CV 70 %" in text["Channels"] or "mean 2m30s, CV 0.7" in text["Channels"]
    assert "concurrency: 1" in text["Channels"]
    assert "deadline" not in text["Channels"]
    assert "markets: us 45.5 %, uk 54.5 %" in text["Demand"]
    assert "values: 60 an hour, 60 an hour, 60 an hour" in text["Demand"]
    assert "trend 0.501252 % a week" in text["Demand"] or "trend: 0.501252 % a week" in text["Demand"]
    assert "hours: mon 07:00-19:00, tue 00:00-24:00" in text["Sites"]
    assert "starts 06:00, 07:30" in text["Shift patterns"] or "starts: 06:00, 07:30" in text["Shift patterns"]
    assert "mon, fri" in text["Shift patterns"]
    assert "northwind 70 %" in text["Routing"]
    assert "people: 250,000" in text["Pools"]
    assert "24 values from 4 to 4" in text["Pools"]
    assert assumptions({}) == []
