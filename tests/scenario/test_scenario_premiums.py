"""Premiums of a rate card as they are written: what is read, what is refused and why."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.vendors import Vendor
from ccsim.scenario import loads, read_text
from ccsim.units import DAY, HOUR, MINUTE, WEEK

TEXT = """
scenario: card
horizon: {start: 2026-03-02, length: 1w}
handle_time: 4m
demand: {calls: {per_hour: 2}}
vendors: {partner: {kind: bpo, VENDOR}}
pools: {seat: {vendor: partner, staffing: 1}}
"""


def vendor(text: str) -> Vendor:
    return loads(TEXT.replace("VENDOR", text)).vendors["partner"]


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        vendor(text)
    return [(fault.key.removeprefix("vendors.partner."), fault.message) for fault in caught.value.faults]


def test_windows_are_read() -> None:
    made = vendor(
        "premiums: {night: {from: 21:00, to: 07:00, add: 25%}, combine: highest, hours: "
        "[{mon-thu: 17:00-08:00, times: 1.5}, {fri: 17:00-24:00, sat-sun: 00:00-24:00, times: 2}]}"
    ).premiums
    night, evenings, weekend = made.hours
    assert (made.night, made.combine) == (0.0, "highest")
    assert [window.extra for window in made.hours] == [0.25, 0.5, 1.0]
    assert night.hours.spans == tuple((day * DAY + 21 * HOUR, day * DAY + 31 * HOUR) for day in range(7))
    assert evenings.hours.spans == tuple((day * DAY + 17 * HOUR, day * DAY + 32 * HOUR) for day in range(4))
    assert weekend.hours.spans == ((4 * DAY + 17 * HOUR, WEEK),)


def test_times_and_add_say_the_same() -> None:
    assert vendor("premiums: {hours: {mon: 09:00-12:00, times: 1.5}}") == vendor(
        "premiums: {hours: [{mon: 09:00-12:00, add: 50%}]}"
    )


def test_a_night_may_lie_within_one_day() -> None:
    (window,) = vendor("premiums: {night: {from: 24:00, to: 05:00, add: 1%}}").premiums.hours
    assert window.hours.spans[0] == (0, 5 * HOUR)


def test_rounding_and_minimum_are_read() -> None:
    made = vendor("paid_hour: 20, billed_in: 15m, minimum_hours_per_week: 1_500")
    assert (made.billed_in, made.minimum_hours_per_week) == (15 * MINUTE, 1500.0)


DAYS = "expected days with their hours, like mon-thu: 17:00-08:00, got none"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "premiums: {hours: {mon: closed, add: 50%}}",
            [("premiums.hours", "expected hours like 17:00-08:00, got none: all its days say closed")],
        ),
        (
            "premiums: {hours: {mon: 08:00-08:00, add: 50%}}",
            [
                (
                    "premiums.hours.mon",
                    "expected hours like 07:00-24:00 that do not end as they start, got '08:00-08:00'",
                )
            ],
        ),
        (
            "premiums: {hours: {mon: 09:00-12:00, add: 50%, times: 2}}",
            [("premiums.hours", "expected `add: 50%` or `times: 1.5`, got both")],
        ),
        (
            "premiums: {hours: {mon: 09:00-12:00}}",
            [("premiums.hours", "expected `add: 50%` or `times: 1.5`, got neither")],
        ),
        (
            "premiums: {hours: {mon: 09:00-12:00, times: 0.5}}",
            [("premiums.hours.times", "expected a positive number of at least 1 and at most 11, got '0.5'")],
        ),
        (
            "premiums: {hours: {mon: 09:00-12:00, add: 1100%}}",
            [("premiums.hours.add", "expected a ratio like 0.7 or 70% of at most 10, got '1100%'")],
        ),
        ("premiums: {hours: {times: 1.5}}", [("premiums.hours", DAYS)]),
        (
            "premiums: {night: {from: 22:00, add: 5%}}",
            [("premiums.night.to", "is missing: expected a time of day like 09:30")],
        ),
        (
            "premiums: {night: {from: 00:00, to: 24:00, add: 5%}}",
            [("premiums.night", "expected a night that does not end as it begins")],
        ),
        ("premiums: {combine: sum}", [("premiums.combine", "expected one of add, highest, got 'sum'")]),
        (
            "paid_hour: 20, minimum_hours_per_week: 50%",
            [("minimum_hours_per_week", "expected a number, got '50%'")],
        ),
        (
            "minimum_hours_per_week: 50",
            [("minimum_hours_per_week", "needs `paid_hour:` of the vendor, the price of the hours that are missing")],
        ),
        ("billed_in: 2d", [("billed_in", "expected a duration like 90s or 6m30s of at most 1d, got '2d'")]),
    ],
)
def test_what_is_wrong_is_said(text: str, wanted: list[tuple[str, str]]) -> None:
    assert faults(text) == wanted


def test_all_faults_are_told_at_once() -> None:
    found = faults("premiums: {night: {form: 22:00, to: 06:00, add: 5%}, hours: [{mon: 9-12, times: 0.5}, {sat: 24h}]}")
    assert sorted({key for key, _ in found}) == [
        "premiums.hours.0.mon",
        "premiums.hours.0.times",
        "premiums.hours.1",
        "premiums.night.form",
        "premiums.night.from",
    ]
    assert ("premiums.night.form", "unknown key 'form'; did you mean 'from'?") in found


@pytest.mark.parametrize(
    ("hours", "left_out"),
    [
        (
            "[{mon-thu: 17:00-08:00, times: 1.5}, {fri: 17:00-24:00, sat-sun: 00:00-24:00, times: 2}]",
            ["mon 00:00-08:00"],
        ),
        ("[{mon: [00:00-08:00, 17:00-08:00], tue-thu: 17:00-08:00, times: 1.5}]", []),
        ("[{daily: 22:00-06:00, times: 1.5}]", []),
        ("[{sun-thu: 22:00-06:00, times: 1.5}]", ["sun 00:00-06:00"]),
        ("[{fri: 18:00-24:00, add: 20%}]", []),
    ],
)
def test_early_hours_that_a_card_leaves_out_are_told(hours: str, left_out: list[str]) -> None:
    loaded = read_text(
        "scenario: card\nhorizon: {start: 2026-03-02, length: 1w}\ndemand: {calls: {per_hour: 6}}\n"
        "handle_time: {value: 1m}\npools: {desk: {vendor: partner, staffing: 1}}\n"
        f"vendors: {{partner: {{paid_hour: 20, premiums: {{hours: {hours}}}}}}}\n"
    )
    said = [one.message for one in loaded.remarks if one.key == "vendors.partner.premiums.hours"]
    assert [one.partition(" costs")[0] for one in said] == left_out
