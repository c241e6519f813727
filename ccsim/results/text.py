"""Estimates as text, with no more digits than their interval justifies."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from ccsim.language.chosen_time import when_text

Ends = tuple[float, float]
"""Low and high end of an interval."""

FEW: Final = 10
"""Fewer replications than this are called few, wherever their intervals are shown."""


def few(replications: int) -> str:
    """What intervals of few replications are worth, in a sentence; empty with enough of them, or with only one.

    The coverage is that of the KPIs' own intervals on four desks, a missing interval counted as a miss; source: `python
    -m experiments.coverage`, docs/background/verification.md.
    """
    if not 1 < replications < FEW:
        return ""
    cover = "intervals cover 90 to 96 % with 5, 66 to 96 % with 3"
    return f"{replications} replications are few: {cover}; run {FEW} or more."


def decimals_for(half_width: float) -> int:
    """Decimals that a half-width justifies: its first digit, and the second after a 1; may be negative."""
    if half_width < sys.float_info.min or not math.isfinite(half_width):
        return 0
    power = math.floor(math.log10(half_width))
    first = int(half_width / 10**power + 1e-9)
    return (1 if first == 1 else 0) - power


def rounded(value: float, decimals: int) -> str:
    """A number with so many decimals (negative: rounded to tens, hundreds, ...), thousands apart."""
    value = round(value, decimals)
    return f"{value + 0.0:,.{max(decimals, 0)}f}"


def three_digits(value: float) -> str:
    """A number without an interval: three significant digits, all of those before the point."""
    if value == 0:
        return "0"
    decimals = 2 - math.floor(math.log10(abs(value)))
    return rounded(value, max(decimals, 0))


def side_of(value: float, ends: Ends) -> float:
    """The shorter side of an interval that has a length, by which digits are chosen; 0 where neither has."""
    sides = [side for side in (value - ends[0], ends[1] - value) if side > 0]
    return min(sides, default=0.0)


def ends_text(value: float, low: float, high: float, decimals: int) -> str:
    """An interval beside its number: `± 0.3`, or `(78.1 to 83.4)` where its sides differ in the digits shown."""
    below, above = rounded(value - low, decimals), rounded(high - value, decimals)
    return f"± {above}" if below == above else f"({rounded(low, decimals)} to {rounded(high, decimals)})"


def shown(value: float | None, ends: Ends | None, unit: str) -> str:
    """A value with its interval and unit: `81.1 % ± 0.3 %`, `12.4 s (10.9 to 15.0 s)`; `-` where there is none.

    Parameters
    ----------
    value
        In the unit; None where missing.
    ends
        Low and high end of the interval; None without one.
    unit
        `share` is shown in per cent.
    """
    if value is None:
        return "-"
    if unit == "share":
        value, ends, unit = value * 100, None if ends is None else (ends[0] * 100, ends[1] * 100), "%"
    if ends is None or ends[0] == ends[1]:
        text = f"{three_digits(value)} {unit}"
        return text if ends is None else f"{text} in every replication"
    decimals = decimals_for(side_of(value, ends))
    text = ends_text(value, *ends, decimals)
    return (
        f"{rounded(value, decimals)} {unit} {text[:-1]} {unit})"
        if text[0] == "("
        else (f"{rounded(value, decimals)} {unit} {text} {unit}")
    )


def short(value: float | None, ends: Ends | None, unit: str) -> str:
    """A value with the digits that its interval justifies: `81.1 %`, `12.4 s`; `-` where there is none."""
    return re.split(r" ±| \(| in every", shown(value, ends, unit), maxsplit=1)[0]


def difference_text(row: Mapping[str, Any]) -> str:
    """A row's `difference` with its sign and interval and without its unit, shares in points: `+1.2 ± 0.3`."""
    scale, ends = 100.0 if row["unit"] == "share" else 1.0, ends_of(row)
    value = row["difference"] * scale
    if ends is None or ends[0] == ends[1]:
        text = three_digits(value)
    else:
        low, high = ends[0] * scale, ends[1] * scale
        decimals = decimals_for(side_of(value, (low, high)))
        text = f"{rounded(value, decimals)} {ends_text(value, low, high, decimals)}"
    return f"+{text}" if value > 0 else text


def ends_of(row: Mapping[str, Any], name: str = "") -> Ends | None:
    """Low and high end of a row's interval, `low` and `high` after `name`; None where it has none."""
    low, high = row[f"{name}low"], row[f"{name}high"]
    return None if low is None or high is None else (float(low), float(high))


def plain(value: float, unit: str) -> str:
    """An exact value that somebody wrote, with its unit: `80 %`, `30 s`."""
    if unit == "share":
        return f"{value * 100:.10g} %"
    return f"{value:.10g} {unit}"


def limits_of(goal: Mapping[str, Any]) -> str:
    """The limits of a judged goal, and when they hold: `at least 80 % on every day`, `at most 5 % on 2026-06-16`."""
    limits = " and ".join(
        f"{word} {plain(goal[key], goal['unit'])}"
        for key, word in (("at_least", "at least"), ("at_most", "at most"))
        if goal[key] is not None
    )
    return f"{limits} {when_of(goal)}".rstrip()


def when_of(goal: Mapping[str, Any]) -> str:
    """When a judged goal holds: `on every day`; empty for the counted time as a whole."""
    time = goal.get("time")
    return when_text(time["by"], time["worst"], time["days"], time["hours"]) if time else ""


def period_of(goal: Mapping[str, Any]) -> str:
    """What a goal by period found: `worst: 2026-06-16; 12 of 14 days meet it`; empty for other goals."""
    time = goal.get("time") or {}
    if not time.get("period"):
        return ""
    kind, judged = time["by"] or time["worst"], time["judged"]
    of = "week of " if kind == "week" else ""
    many = "s" if judged != 1 else ""
    meet = "meet" if time["met"] != 1 else "meets"
    return f"worst: {of}{time['period']}; {time['met']} of {judged} {kind}{many} {meet} it"
