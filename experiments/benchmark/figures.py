"""What was measured, beside what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """One measured quantity: the values of its runs, and the aim if there is one."""

    part: str
    name: str
    unit: str
    values: tuple[float, ...]
    aim: float | None = None
    side: Literal["at least", "at most"] = "at least"
    """On which side of the aim the median must lie."""
    note: str = ""

    @property
    def median(self) -> float:
        """Median of the runs."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """`met` or `missed`; empty without an aim."""
        if self.aim is None:
            return ""
        met = self.median >= self.aim if self.side == "at least" else self.median <= self.aim
        return "met" if met else "missed"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "part": self.part, "name": self.name, "unit": self.unit, "median": self.median,
            "min": min(self.values), "max": max(self.values), "runs": list(self.values),
            "aim": self.aim, "side": self.side if self.aim is not None else None,
            "verdict": self.verdict or None, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Skipped:
    """A part that could not be measured, and why."""

    part: str
    reason: str


def number(value: float) -> str:
    """Three or four digits, as a reader wants them: `4.91 M`, `45,300`, `1.78`."""
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:.2f} M"
    if size >= 1e4:
        return f"{round(value, -2):,.0f}"
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 or value == 0 else f"{value:.3g}"


def table(figures: list[Figure]) -> str:
    """Figures as text: median, smallest and largest run, aim, verdict."""
    head = ("", "median", "min", "max", "unit", "aim", "")
    rows: list[tuple[str, ...]] = []
    part = ""
    for figure in figures:
        if figure.part != part:
            part = figure.part
            rows.append((part,))
        aim = "" if figure.aim is None else f"{'>=' if figure.side == 'at least' else '<='} {number(figure.aim)}"
        low, high = (number(min(figure.values)), number(max(figure.values))) if len(figure.values) > 1 else ("", "")
        name = "  " + figure.name + (f" ({figure.note})" if figure.note else "")
        rows.append((name, number(figure.median), low, high, figure.unit, aim, figure.verdict))
    return _columns([head, *rows])


def _columns(rows: list[tuple[str, ...]]) -> str:
    full = [row for row in rows if len(row) > 1]
    widths = [max(len(row[k]) for row in full) for k in range(len(full[0]))]
    lines = []
    for row in rows:
        if len(row) == 1:
            lines.append(row[0])
            continue
        cells = [
            cell.ljust(w) if k in (0, 4, 6) else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
