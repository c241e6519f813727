"""Numbers as a page shows them: no more digits than their interval justifies, units in the head of the column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccsim.report.parts import Cell
from ccsim.results.text import Ends, decimals_for, ends_of, ends_text, rounded, side_of, three_digits

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The unit that numbers are shown in."""

    unit: str
    factor: float = 1.0
    """What a value is multiplied by."""

    def cell(self, value: float | None, ends: Ends | None, note: str = "") -> Cell:
        """A number with its interval (where that has a width); `-` where there is none."""
        if value is None:
            return Cell("-", note=note)
        value = value * self.factor
        low, high = (value, value) if ends is None else (ends[0] * self.factor, ends[1] * self.factor)
        side = side_of(value, (low, high))
        return Cell(number(value, side), _interval(value, low, high) if side else "", value, note)

    def of(self, row: Row | None) -> Cell:
        """An estimate as a cell."""
        if row is None:
            return Cell("-")
        return self.cell(row["estimate"], ends_of(row), row["note"] or "")


def number(value: float, half: float | None) -> str:
    """A number with the digits that half the width of its interval justifies, but no more than four significant."""
    return three_digits(value) if not half else rounded(value, _decimals(value, half))


def _interval(value: float, low: float, high: float) -> str:
    decimals = _decimals(value, side_of(value, (low, high)))
    least = 10.0**-decimals
    if high - low >= least:
        return ends_text(value, low, high, decimals)
    if high == value:  # all of something: nothing is above
        return f"(from {rounded(math.floor(low / least) * least, decimals)})"
    return f"± <{least:.{max(decimals, 0)}f}"


def _decimals(value: float, half: float) -> int:
    justified = decimals_for(half)
    if value == 0:
        return justified
    return min(justified, max(3 - math.floor(math.log10(abs(value))), 0))


def shown_in(unit: str, values: Sequence[float | None] = ()) -> Shown:
    """The unit for a column of values that are measured in `unit`: shares in %, long times in minutes or hours."""
    if unit == "share":
        return Shown("%", 100.0)
    if unit == "s":
        known = [abs(v) for v in values if v is not None]
        longest = max(known, default=0.0)
        if longest >= 3 * 3600:
            return Shown("h", 1 / 3600)
        return Shown("min", 1 / 60) if longest >= 600 else Shown("s")
    return Shown(unit.replace("/", " per ").replace("per day", "a day"))


def with_unit(cell: Cell, unit: str) -> str:
    """A cell in a sentence: `81.1 ± 0.3 %`, `81.1 (78.0 to 83.4) %`."""
    if cell.value is None:
        return "not known"
    return f"{cell.text} {cell.interval} {unit}".rstrip() if cell.interval else f"{cell.text} {unit}".rstrip()


def said(row: Row) -> str:
    """An estimate in a sentence."""
    shown = shown_in(row["unit"], (row["estimate"],))
    return with_unit(shown.of(row), shown.unit)


def percent(share: float) -> str:
    """A share as per cent, with digits that tell it from 0 and from 100 % (down to a tenth of a per mille)."""
    value = share * 100
    distance = min(value, 100 - value)
    if distance >= 1 or distance < 0.005:
        return f"{value:.0f} %"
    return f"{value:.{1 if distance >= 0.0995 else 2}f} %"


def amount(value: float) -> str:
    """A count or an amount without an interval: whole from 100 on, three digits below."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
