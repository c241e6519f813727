"""Agents on duty by pool through the week, beside those that the demand requires: pictures of a search's plan."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from ccsim.report.drawing import drawn_last
from ccsim.report.figures import FIRST, SECOND, figure_style, inline_svg, thousands
from ccsim.report.parts import Chart
from ccsim.results.staff import KeptStaff
from ccsim.text.scalars import SHORT_WEEKDAYS

_FEW: Final = 6
"""Up to so many pools have a picture as wide as the page."""
_MOST: Final = 40
"""Pools that are drawn; agents.csv and the workbook have all."""
_SHORT: Final = 0.5
"""Agents missing from which an interval is short."""


def agents_chart(made: KeptStaff) -> Chart | None:
    """A picture for each pool of the week that most weeks are like; None where nothing is scheduled."""
    agents = made.agents
    if agents.empty:
        return None
    kinds = agents[["week", "weeks"]].drop_duplicates()
    week = str(kinds.sort_values(["weeks", "week"], ascending=[False, True])["week"].iloc[0])
    data = agents[agents["week"] == week].reset_index(drop=True)
    sizes = data.groupby("pool")[["scheduled", "required"]].sum()
    pools = sorted(sizes.index, key=lambda name: (-sizes.loc[name, "scheduled"], name))
    width = _minutes_between(data["time"])
    wide = len(pools) <= _FEW
    drawn = [
        _panel(f"duty-{place}", pool, data[data["pool"] == pool], width, 7.4 if wide else 2.6)
        for place, pool in enumerate(pools[:_MOST])
    ]
    svg = Markup("\n").join(drawn)
    if not wide:
        svg = Markup('<div class="panels">') + svg + Markup("</div>")
    note = (
        "Area: on duty by the roster, breaks and time away in blocks taken off; days of absence and leave, which "
        "chance decides, still come off. Dashed line: required."
    )
    if len(pools) > _MOST:
        note += f" The {_MOST} largest pools; agents.csv has all {len(pools)}."
    if len(kinds) > 1:
        others = ", ".join(sorted(set(kinds["week"]) - {week}))
        note += f" A week like that of {week}; agents.csv also has those that differ, from {others} on."
    return Chart("Agents on duty by pool and interval", svg, _shortest(data), note, data, wide=True)


def _minutes_between(times: pd.Series[str]) -> int:
    """Minutes of an interval."""
    each = sorted({_minutes(time) for time in times})
    return min((b - a for a, b in pairwise(each)), default=24 * 60)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _shortest(data: pd.DataFrame) -> str:
    """In how many intervals agents are missing, and where most."""
    gap = (data["required"] - data["scheduled"]).to_numpy(dtype=np.float64)
    short = int((gap > _SHORT).sum())
    if not data["required"].any():
        return "Nothing is required by plan."
    if not short:
        return "No pool is more than half an agent below what is required in any interval."
    worst = data.iloc[int(gap.argmax())]
    return (
        f"In {short} of {len(data)} intervals a pool is more than half an agent below what is required; the most in "
        f"{worst['pool']}, {worst['day']} {worst['time']}: {worst['scheduled']:.1f} of {worst['required']:.1f} agents."
    )


@drawn_last
def _panel(name: str, pool: str, data: pd.DataFrame, width: int, inches: float) -> Markup:
    from matplotlib.figure import Figure

    per_day = -(-24 * 60 // width)
    values = {kind: np.zeros(7 * per_day) for kind in ("scheduled", "required")}
    at = [
        SHORT_WEEKDAYS.index(day) * per_day + _minutes(time) // width
        for day, time in zip(data["day"], data["time"], strict=True)
    ]
    for kind, steps in values.items():
        steps[at] = data[kind]
    edges = np.arange(7 * per_day + 1)
    with figure_style(name):
        figure = Figure(figsize=(inches, 1.5))
        left = 0.45 / inches
        axes = figure.add_axes((left, 0.16, 0.98 - left, 0.68))
        axes.stairs(values["scheduled"], edges, color=SECOND, fill=True, alpha=0.35)
        axes.stairs(values["scheduled"], edges, color=SECOND, linewidth=0.9)
        if values["required"].any():
            axes.stairs(values["required"], edges, color=FIRST, linewidth=1.2, linestyle=(0, (4, 1.2)))
        axes.set_xlim(0, 7 * per_day)
        axes.set_ylim(bottom=0)
        axes.set_xticks([day * per_day for day in range(7)], list(SHORT_WEEKDAYS), ha="left")
        axes.tick_params(labelsize=8.5)
        axes.locator_params(axis="y", nbins=4)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_title(pool, fontsize=9.5)
        most = values["scheduled"].max()
        return inline_svg(figure, f"{pool}: at most {most:.4g} agents on duty through the week", tight=False)
