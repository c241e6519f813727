"""Drawing of a heatmap as inline SVG: orange below, blue above, a mark on what is short, so colour is not needed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

from markupsafe import Markup, escape

from ccsim.report.cover_map import SHORT, CoverMap
from ccsim.text.scalars import SHORT_WEEKDAYS
from ccsim.units import HOUR

FULL: Final = 0.30
"""Balance at which a colour is full."""
STEPS: Final = (-0.30, -0.20, -0.10, -0.05, 0.05, 0.10, 0.20, 0.30)
"""Balances between the shades; colours say which shade, not the exact number."""
_WIDTH, _LEFT, _ROW, _TOP = 720.0, 60.0, 24.0, 22.0


def shade(balance: float) -> tuple[str, float]:
    """Colour of the page and its opacity for a balance; those within 5 % of required are left nearly blank."""
    level = sum(abs(balance) >= step for step in STEPS if step > 0)
    colour = "first" if balance < 0 else "second"
    return (colour, (0.25, 0.45, 0.7, 1.0)[level - 1]) if level else ("faint", 0.18)


def drawn_map(found: CoverMap, kind: str, said: str) -> Markup:
    """Scheduled or present against required, one row a day of the week, one column a time of day."""
    days = sorted(set(found.cells["weekday"]))
    cell = (_WIDTH - _LEFT) / found.columns
    height = _TOP + _ROW * len(days) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" '
        f'aria-label="{escape(said)}" font-size="12">'
    ]
    per_hour = HOUR / found.width
    for hour in range(0, 24, 3):
        x = _LEFT + hour * per_hour * cell
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 7:g}" fill="var(--ink)">{hour:02d}:00</text>')
    for i, day in enumerate(days):
        y = _TOP + _ROW * (i + 0.68)
        parts.append(f'<text x="0" y="{y:.1f}" fill="var(--ink)">{SHORT_WEEKDAYS[day]}</text>')
    parts += [
        _cell(row, kind, _LEFT + row["column"] * cell, _TOP + _ROW * days.index(row["weekday"]), cell)
        for row in found.cells.to_dict("records")
    ]
    parts += _legend(_TOP + _ROW * len(days) + 12)
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - our own drawing; texts are escaped


def _cell(row: Mapping[Hashable, Any], kind: str, x: float, y: float, width: float) -> str:
    required, agents, balance = float(row["required"]), float(row[kind]), row[f"{kind}_balance"]
    known = required > 0
    colour, opacity = shade(float(balance)) if known else ("second", 0.25) if agents > 0.5 else ("faint", 0.08)
    title = f"{row['day']} {row['time']}: {agents:.1f} of {required:.1f} agents"
    box = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width - 0.7:.1f}" height="{_ROW - 1:.1f}" fill="var(--{colour})" '
        f'fill-opacity="{opacity:g}"><title>{title}</title></rect>'
    )
    if known and float(balance) <= SHORT:
        box += _mark(x + (width - 0.7) / 2, y + _ROW / 2 - 0.5)
    return box


def _mark(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="var(--ink)" pointer-events="none"/>'


def _legend(y: float) -> list[str]:
    """The shades from far below to far above, with their limits."""
    names = (
        "under −30", "−30 to −20", "−20 to −10", "−10 to −5", "−5 to +5", "+5 to +10", "+10 to +20", "+20 to +30",
        "over +30",
    )  # fmt: skip
    middles = (-0.4, -0.25, -0.15, -0.07, 0.0, 0.07, 0.15, 0.25, 0.4)
    each = (_WIDTH - _LEFT) / len(names)
    parts = []
    for i, (name, middle) in enumerate(zip(names, middles, strict=True)):
        colour, opacity = shade(middle)
        x = _LEFT + i * each
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{each - 2:g}" height="11" fill="var(--{colour})" '
            f'fill-opacity="{opacity:g}"/>'
        )
        if middle <= SHORT:
            parts.append(_mark(x + each / 2 - 1, y + 5.5))
        parts.append(f'<text x="{x:g}" y="{y + 24:g}" fill="var(--soft)" font-size="10">{name}</text>')
    parts.append(
        f'<text x="0" y="{y + 10:g}" fill="var(--soft)" font-size="10">% of<tspan x="0" dy="14">required</tspan></text>'
    )
    return parts
