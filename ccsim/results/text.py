"""Estimates as text, with no more digits than their interval justifies."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any


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


def shown(value: float | None, half_width: float | None, unit: str) -> str:
    """A value with its half-width and unit: `81.1 % ± 0.3 %`, `12.4 s ± 1.1 s`; `-` where there is none.

    Parameters
    ----------
    value, half_width
        In the unit; None where missing.
    unit
        `share` is shown in per cent.
    """
    if value is None:
        return "-"
    if unit == "share":
        value, half_width, unit = value * 100, None if half_width is None else half_width * 100, "%"
    if half_width is None or half_width == 0:
        text = f"{three_digits(value)} {unit}"
        return text if half_width is None else f"{text} ± 0 {unit}"
    decimals = decimals_for(half_width)
    return f"{rounded(value, decimals)} {unit} ± {rounded(half_width, decimals)} {unit}"


def short(value: float | None, half_width: float | None, unit: str) -> str:
    """A value with the digits that its half-width justifies: `81.1 %`, `12.4 s`; `-` where there is none."""
    return shown(value, half_width, unit).partition(" ±")[0]


def half_width(row: Mapping[str, Any]) -> float | None:
    """Half the width of an estimate's interval; None where it has none."""
    if row["low"] is None or row["high"] is None:
        return None
    return float(row["high"] - row["low"]) / 2


def plain(value: float, unit: str) -> str:
    """An exact value that somebody wrote, with its unit: `80 %`, `30 s`."""
    if unit == "share":
        return f"{value * 100:.10g} %"
    return f"{value:.10g} {unit}"


def limits_of(goal: Mapping[str, Any]) -> str:
    """The limits of a judged goal: `at least 80 % and at most 95 %`."""
    return " and ".join(
        f"{word} {plain(goal[key], goal['unit'])}"
        for key, word in (("at_least", "at least"), ("at_most", "at most"))
        if goal[key] is not None
    )
