"""Drawings of a comparison: differences with their intervals, and cost against service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.report.drawing import drawn_last
from ccsim.report.figures import FAINT, FIRST, INK, SECOND, THIRD, figure_style, inline_svg

MARKS: Final = "so^vDP*X<>"
"""Shapes of the alternatives, so that they are told apart without colour; the base first."""
COLOURS: Final = {"better": SECOND, "worse": FIRST}
LONGEST: Final = 26
"""Characters of a name in a figure."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Differences of one KPI."""

    unit: str
    data: pd.DataFrame
    """`variant`, `difference`, `low`, `high` (itself without an interval) and `verdict`, a row a variant, as shown."""


@drawn_last
def difference_plot(name: str, spread: Spread, said: str) -> Markup:
    """Every variant's difference from the base with its interval; the dashed line is no change."""
    from matplotlib.figure import Figure

    with figure_style(name):
        data = spread.data
        height = 0.27 * len(data) + 0.72
        figure = Figure(figsize=(5.4, height))
        left = min(0.085 * max(len(one) for one in data["variant"]) + 0.15, 2.3)
        axes = figure.add_axes((left / 5.4, 0.55 / height, (5.2 - left) / 5.4, (height - 0.6) / height))
        rows = range(len(data))[::-1]
        axes.axvline(0, color=FAINT, linestyle="--", linewidth=1.1)
        for row, one in zip(rows, data.to_dict("records"), strict=True):
            decided = one["verdict"] in ("better", "worse")
            axes.errorbar(
                [one["difference"]], [row], xerr=_errors(one, "difference", ""),
                fmt="o" if decided else "D", markersize=4.5,
                capsize=3, linewidth=1.6, color=COLOURS.get(one["verdict"], INK),
            )  # fmt: skip
        axes.set_yticks(list(rows), [_cut(one) for one in data["variant"]], fontsize=8.5)
        axes.set_ylim(-0.6, len(data) - 0.4)
        axes.locator_params(axis="x", nbins=6)
        axes.xaxis.set_major_formatter(_signed)
        axes.tick_params(axis="x", labelsize=8.5)
        axes.set_xlabel(spread.unit, fontsize=8.5)
        return inline_svg(figure, said, tight=False)


def _errors(one: Mapping[Any, Any], name: str, ends: str) -> list[list[float]]:
    """How far the interval reaches below and above a difference."""
    return [[one[name] - one[f"{ends}low"]], [one[f"{ends}high"] - one[name]]]


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _signed(value: float, _: object) -> str:
    """A tick of a difference, with its sign."""
    return "0" if abs(value) < 1e-12 else f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}")


@drawn_last
def trade_plot(name: str, data: pd.DataFrame, base: str, labels: tuple[str, str], better: str, said: str) -> Markup:
    """What every variant costs more against what it does for service; the base, a square, is where the lines cross.

    `data` holds `variant`, `meets` (`yes`: a full mark, it meets all goals), `cost`, `cost_low`, `cost_high` and the
    same of `service`: differences and their intervals;
    `labels` are those of the axes, `better` says which way service is better (`higher`, `lower` or `neither`).
    """
    from matplotlib.figure import Figure

    with figure_style(name):
        lines = -(-(len(data) + 1) // 2)
        height = 2.3 + 0.21 * lines
        figure = Figure(figsize=(5.4, height))
        axes = figure.add_axes((0.15, 0.5 / height, 0.81, 1.75 / height))
        axes.axhline(0, color=FAINT, linestyle="--", linewidth=1.1)
        axes.axvline(0, color=FAINT, linestyle="--", linewidth=1.1)
        axes.plot([0], [0], "s", color=THIRD, markersize=7, label=_cut(base))
        for i, one in enumerate(data.to_dict("records"), start=1):
            look: dict[str, Any] = {
                "marker": MARKS[i % len(MARKS)],
                "color": SECOND if i % 2 else INK,
                "markersize": 6.5,
                "fillstyle": "full" if one["meets"] == "yes" else "none",
            }
            axes.errorbar(
                [one["cost"]], [one["service"]], xerr=_errors(one, "cost", "cost_"),
                yerr=_errors(one, "service", "service_"),
                linestyle="", linewidth=1.4, elinewidth=1.4, capsize=2.5, **look,
            )  # fmt: skip
            axes.plot([], [], linestyle="", label=_cut(one["variant"]), **look)
        axes.margins(0.14)
        if better != "neither":
            high = better == "higher"
            axes.text(
                0.01, 0.98 if high else 0.02, "costs less, serves better", transform=axes.transAxes, fontsize=8.5,
                va="top" if high else "bottom", color=THIRD, style="italic",
            )  # fmt: skip
        axes.legend(loc="lower center", bbox_to_anchor=(0.45, 0.99), ncols=2, borderpad=0.1, fontsize=8.5)
        axes.locator_params(axis="x", nbins=5)
        axes.locator_params(axis="y", nbins=6)
        axes.set_xlabel(labels[0], fontsize=9)
        axes.set_ylabel(labels[1], fontsize=9)
        axes.xaxis.set_major_formatter(_signed)
        axes.yaxis.set_major_formatter(_signed)
        return inline_svg(figure, said, tight=False)
