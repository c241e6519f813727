"""Slips of the pen in the scenarios of the repository: each is told once, at its place, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario.load import Loaded, read_text
from ccsim.text import slips

SCENARIOS = Path("scenarios")


def read(name: str, old: str, new: str, *variants: str) -> Loaded:
    text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    return read_text(text.replace(old, new, 1), name=f"{name}.yaml", variants=variants)


DESK = "regional_desk"
HOURS = "mon-fri: 07:00-21:00"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (DESK, "start: 2026-03-02", "start: 03/02/2026", "write 2026-02-03 (day first), or 2026-03-02 (month first)"),
        (DESK, "start: 2026-03-02", "start: 03/14/2026", "write 2026-03-14"),
        (DESK, "start: 2026-03-02", "start: 2.3.2026", "write 2026-03-02"),
        (DESK, "start: 2026-03-02", "start: 2026/3/2", "write 2026-03-02"),
        (DESK, "length: 2w", "length: 2 weeks", "write 2w"),
        (DESK, "length: 2w", "end: 2026-03-16", "say how long it is: `length: 4w`"),
        (DESK, "per_week: 12_000", "per_week: 12.000", "'12.000' may be 12_000 or 12"),
        (DESK, "per_week: 12_000", "per_week: 12 000", "write 12_000"),
        (DESK, "per_week: 12_000", "per_week: 12'000", "write 12_000"),
        (DESK, "per_week: 12_000", "per_week: 4.5k", "write 4_500"),
        (DESK, "headcount: 30", "headcount: 30 FTE", "write 30"),
        (DESK, "headcount: 30", "headcount: + 4", "a change has its sign in front and no space: +4"),
        (DESK, HOURS, "mon-fri: 7am-9pm", "write 07:00-21:00"),
        (DESK, HOURS, "mon-fri: 07.00-21.00", "write 07:00-21:00"),
        (DESK, HOURS, "mon-fri: 7-21", "write 07:00-21:00"),
        (DESK, HOURS, "mon-fri: 07:00\N{EN DASH}21:00", "write 07:00-21:00"),
        (DESK, HOURS, "mon - fri: 07:00-21:00", "write mon-fri"),
        (DESK, "paid: 8h", "paid: 08:00", "write 8h (hours and minutes), or 8m"),
        (DESK, "after: 30s", "after: 0:30", "write 30m (hours and minutes), or 30s"),
        (DESK, "deadline: 24h", "deadline: 1 day", "write 1d"),
        (DESK, "kind: in_house", "kind: own", "say `in_house`"),
        (DESK, "shrinkage: {absence: 5%,", "shrinkage: {absence 5%,", "`absence: 5%`"),
        (DESK, "  leipzig: {region", "  leipzig hall: {region", "write leipzig_hall"),
        (DESK, "at_most: 5%", "max: 5%", "say `at_most`"),
        (DESK, "currency: EUR", "currency: €", "write EUR"),
        (DESK, "paid_hour: 29", "paid_hour: 29.00€", "write 29.00 EUR"),
        (DESK, "de: 94%, en: 6%", "DE: 94%, en: 6%", "'DE' is written 'de' at pools.leipzig.languages"),
        (DESK, "languages: [it, en]", "languages: [IT, en]", "'it' is written 'IT' at pools.bari.languages"),
        ("erlang_a", "mean: 2m}", "mean: 2 minutes}", "write 2m"),
        ("erlang_a", "mean: 2m}", "mean: 00:02:30}", "write 2m30s"),
        ("erlang_a", "per_minute: 4.2", "per_minute: 4,2", "the decimal sign is a point, as in 4.2"),
        ("erlang_a", "length: 20h", "length: 20:00", "write 20h (hours and minutes), or 20m"),
        ("erlang_a", "staffing: 12", "staffing: 12 agents", "write 12"),
        ("web_shop", "hours: 07:00-22:00", "hours: 7h-22h", "write 07:00-22:00"),
    ],
)
def test_a_slip_is_told_once_with_what_to_write(name: str, old: str, new: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(name, old, new)
    said = [fault for fault in caught.value.faults if told in fault.message]
    assert len(said) == 1, caught.value
    assert said[0].line > 0


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (DESK, "day_cv: 8%", "day_cv: 8", "8 % is 8%"),
        (DESK, "cv: 0.8}, wrap_up: 30s", "cv: 80}, wrap_up: 30s", "80 % is 80%"),
        (DESK, "at_least: 80%", "at_least: 0.8%", "80 % is 80% or 0.8"),
        ("web_shop", "cv: 9%", "cv: 9", "9 % is 9%"),
    ],
)
def test_a_number_that_is_hardly_meant_is_warned_of(name: str, old: str, new: str, told: str) -> None:
    warnings = [one.message for one in read(name, old, new).remarks if one.kind == "warning"]
    assert [told in one for one in warnings] == [True], warnings


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('12:00..13:00]": x1.3', '12:00-13:00]": x1.3', "write 2026-01-01 12:00..13:00"),
        ("[2026-01-01 12:00..", "[01/01/2026 12:00..", "write 2026-01-01 12:00"),
        ("x1.3", "+30%", "a factor, like x1.1 or x0.9"),
        ("pools.desk.staffing: -1", "desk.staffing: -1", "did you mean pools.desk?"),
    ],
)
def test_a_slip_in_a_variant_is_told_with_what_to_write(old: str, new: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read("erlang_a", old, new, "busy_noon", "one_fewer")
    assert told in str(caught.value)


def test_every_slip_of_a_file_is_told_at_once() -> None:
    text = (SCENARIOS / f"{DESK}.yaml").read_text(encoding="utf-8")
    pairs = {"length: 2w": "length: 2 weeks", "12_000": "12.000", "paid: 8h": "paid: 08:00", "in_house": "own"}
    for old, new in pairs.items():
        text = text.replace(old, new, 1)
    with pytest.raises(ScenarioError) as caught:
        read_text(text)
    keys = {fault.key for fault in caught.value.faults}
    assert {"horizon.length", "demand.orders.per_week", "shift_patterns.early.paid", "vendors.own.kind"} <= keys


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9pm-12am", "21:00-00:00"),
        ("12pm-1pm", "12:00-13:00"),
        ("13pm-2pm", ""),
        ("9-9", ""),
        ("25-26", ""),
    ],
)
def test_hours_are_guessed_only_where_they_are_hours(text: str, meant: str) -> None:
    assert slips.hours_meant(text) == meant


def test_a_number_without_thousands_is_taken_as_it_is() -> None:
    assert [slips.thousands_meant(text) for text in ("1.125", "0.800", "12.5", "120.00")] == [""] * 4
