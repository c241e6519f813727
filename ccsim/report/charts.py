"""Drawings of the run's page: each takes figure data and returns an inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from ccsim.report.clock import Steps
from ccsim.report.drawing import drawn_last
from ccsim.report.figures import FAINT, FIRST, INK, SECOND, THIRD, figure_style, inline_svg
from ccsim.report.staffing import KINDS
from ccsim.text.scalars import SHORT_WEEKDAYS
from ccsim.units import DAY, HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

WIDTH: Final = 5.4
"""Inches; as wide as a phone shows without shrinking the letters."""
_HALF_A_TIME: Final = 0.25
"""Inches on the right of a panel: half of the `24:00` that stands under its end."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture: a KPI over time."""

    title: str
    data: pd.DataFrame
    """As `kpi_by_step` returns it."""
    goal: tuple[float, str] | None = None
    """Value and words of a line to stay above or below."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of an axis are written."""

    label: str
    factor: float = 1.0
    top: float | None = None
    """Upper end of the axis; None: what the data need."""


SHARE: Final = Scale("%", 100.0)


def _grid(
    rows: int,
    *,
    each: float,
    top: float = 0.32,
    bottom: float = 0.3,
    between: float = 0.34,
    width: float = WIDTH,
    left: float = 0.62,
) -> tuple[Figure, list[Axes]]:
    """A figure of equal panels under each other, in inches; laying out by trial would take most of the time."""
    from matplotlib.figure import Figure

    height = top + rows * each + (rows - 1) * between + bottom
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(rows, squeeze=False, sharex=True)
    figure.subplots_adjust(
        left=left / width, right=1 - _HALF_A_TIME / width, bottom=bottom / height, top=1 - top / height,
        hspace=between / each,
    )  # fmt: skip
    return figure, list(grid.ravel())


@drawn_last
def lines_with_bands(name: str, panels: Sequence[Panel], steps: Steps, scale: Scale, said: str) -> Markup:
    """Panels under each other, one axis of time: the line is all replications together, the band single ones."""
    with figure_style(name):
        figure, rows = _grid(len(panels), each=1.15)
        for axes, panel in zip(rows, panels, strict=True):
            _line_with_band(axes, panel, steps, scale)
        _time_axis(rows[-1], steps)
        return inline_svg(figure, said, tight=False)


def _line_with_band(axes: Axes, panel: Panel, steps: Steps, scale: Scale) -> None:
    low, high, line = (_on_steps(panel.data, column, steps) for column in ("band_low", "band_high", "estimate"))
    x = np.arange(steps.count) + 0.5
    axes.fill_between(x, low * scale.factor, high * scale.factor, color=SECOND, alpha=0.22, linewidth=0)
    axes.plot(x, line * scale.factor, color=SECOND, linewidth=1.6, **_dots(line))
    if panel.goal is not None:
        axes.axhline(panel.goal[0] * scale.factor, color=FIRST, linewidth=1.1, linestyle="--")
        axes.set_title(panel.goal[1], loc="right", color=FIRST, fontsize=9, fontweight="normal")
    axes.set_title(panel.title, fontsize=10)
    axes.set_ylabel(scale.label)
    if scale.top is None:
        axes.set_ylim(bottom=0)
    else:
        axes.set_ylim(_floor(panel, scale), scale.top)
    axes.set_xlim(0, steps.count)


def _floor(panel: Panel, scale: Scale) -> float:
    """Lower end of an axis of shares: a multiple of 20 below everything that is drawn."""
    values = [panel.data["band_low"].dropna().min(), panel.data["estimate"].min(), panel.goal and panel.goal[0]]
    low = min(float(value) for value in values if value is not None and pd.notna(value)) * scale.factor
    return max(0.0, (low - 2) // 20 * 20)


def _dots(line: NDArray[np.float64]) -> dict[str, Any]:
    """Marks where points have no neighbour to be joined to."""
    there = np.isfinite(line)
    alone = there & ~np.r_[False, there[:-1]] & ~np.r_[there[1:], False]
    return {"marker": "o", "markersize": 2.5, "markevery": np.flatnonzero(alone).tolist()} if alone.any() else {}


@drawn_last
def staffing_over_time(name: str, data: pd.DataFrame, steps: Steps, said: str) -> Markup:
    """Agents required (line), scheduled (line) and present (area) over time."""
    with figure_style(name):
        figure, (axes,) = _grid(1, each=2.1)
        _staffing(axes, data, steps)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0.97), ncols=3, fontsize=9, handlelength=1.4)
        _time_axis(axes, steps)
        return inline_svg(figure, said, tight=False)


def staffing_panels(name: str, groups: Sequence[tuple[str, pd.DataFrame]], steps: Steps) -> Markup:
    """The same as a small picture for every group, as many beside each other as the page is wide for."""
    panel = _StaffingPanel(steps)
    drawn = [panel.draw(f"{name}-{i}", title, data) for i, (title, data) in enumerate(groups)]
    return Markup('<div class="panels">') + Markup("\n").join(drawn) + Markup("</div>")


class _StaffingPanel:
    """Small pictures of one axis of time, one after the other on the same axes: to make these takes longer."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._made: tuple[Figure, Axes] | None = None

    @drawn_last
    def draw(self, name: str, title: str, data: pd.DataFrame) -> Markup:
        with figure_style(name):
            figure, axes = self._emptied()
            _staffing(axes, data, self._steps)
            axes.set_title(title, fontsize=10)
            totals = ", ".join(f"{kind} {data[kind].mean():.1f}" for kind in KINDS)
            return inline_svg(figure, f"{title}: mean agents {totals}", tight=False)

    def _emptied(self) -> tuple[Figure, Axes]:
        """Axes without data that find their own height."""
        if self._made is None:
            figure, (axes,) = _grid(1, each=1.0, top=0.25, bottom=0.25, width=2.6, left=0.45)
            axes.tick_params(labelsize=8.5)
            axes.locator_params(axis="y", nbins=3)
            _time_axis(axes, self._steps, sparse=True)
            self._made = figure, axes
        figure, axes = self._made
        for area in list(axes.patches):
            area.remove()
        axes.relim()
        axes.set_autoscaley_on(True)
        return figure, axes


def _staffing(axes: Axes, data: pd.DataFrame, steps: Steps) -> None:
    edges = np.arange(steps.count + 1)
    values = {kind: np.nan_to_num(_on_steps(data, kind, steps)) for kind in ("present", "scheduled", "required")}
    axes.stairs(values["present"], edges, color=THIRD, fill=True, alpha=0.35, label="present")
    axes.stairs(values["scheduled"], edges, color=SECOND, linewidth=1.5, label="scheduled")
    if values["required"].any():
        axes.stairs(values["required"], edges, color=FIRST, linewidth=1.3, linestyle=(0, (4, 1.2)), label="required")
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, steps.count)
    _thousands(axes)


@drawn_last
def service_and_staffing(
    name: str, service: Panel, staffing: pd.DataFrame, steps: Steps, scale: Scale, said: str
) -> Markup:
    """The first picture of a page: service above, agents below, on one axis of time."""
    with figure_style(name):
        figure, (above, below) = _grid(2, each=1.15, between=0.42)
        _line_with_band(above, service, steps, scale)
        _staffing(below, staffing, steps)
        below.set_title("Agents", fontsize=10)
        below.legend(loc="lower right", bbox_to_anchor=(1.0, 0.97), ncols=3, fontsize=8.5, handlelength=1.3)
        _time_axis(below, steps)
        return inline_svg(figure, said, tight=False)


@drawn_last
def backlog_bars(name: str, data: pd.DataFrame, bands: Sequence[str], unit: str, said: str) -> Markup:
    """What waits or is open at midnight, its ages (columns of `data`) stacked, the two oldest in another colour."""
    with figure_style(name):
        figure, (axes,) = _grid(1, each=2.1, top=0.7, left=0.85)
        bottom = np.zeros(len(data))
        young = (0.18, 0.38, 0.6, 0.9) if len(bands) > 4 else (0.25, 0.7)
        looks = [(SECOND, alpha) for alpha in young] + [(FIRST, 0.55), (FIRST, 0.95)]
        for band, (colour, alpha) in zip(bands, looks, strict=True):
            if not data[band].any():
                continue
            top = bottom + data[band].to_numpy()
            _boxes(axes, _around(data["day"], 0.82), (bottom, top), colour, alpha, band)
            bottom = top
        _thousands(axes)
        axes.set_ylabel(unit)
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.6, len(data) - 0.4)
        every = max(1, -(-len(data) // 6))
        axes.set_xticks(range(0, len(data), every), [data["time"][i] for i in range(0, len(data), every)], fontsize=8.5)
        axes.grid(visible=False, axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0.98), ncols=3, fontsize=8.5)
        return inline_svg(figure, said, tight=False)


_LEGEND_COLUMNS: Final = 4
"""As many as have room for the longest names of outcomes."""
_OUTCOME_LOOKS: Final = {
    end: (colour, alpha)
    for colour, ends in (
        (FIRST, (("falsely_contained", 0.85), ("left_bot", 0.4), ("abandoned", 0.95), ("balked", 0.75),
                 ("left_otherwise", 0.5), ("turned_away", 0.28))),
        (SECOND, (("resolved", 0.9), ("unresolved", 0.55), ("escalated", 0.28), ("handed_off", 0.4))),
        (THIRD, (("transferred", 0.35), ("contained", 0.95), ("by_peers", 0.75), ("requeued", 0.55))),
        (INK, (("still_open", 0.8),)),
    )
    for end, alpha in ends
}  # fmt: skip
"""Colours of the ends of a visit; one that is not named here looks as `_OTHER_LOOK`."""
_OTHER_LOOK: Final = (INK, 0.4)


@drawn_last
def outcome_bars(name: str, data: pd.DataFrame, outcomes: Sequence[tuple[str, str]], said: str) -> Markup:
    """What became of the visits of every channel and tier: one bar each, its parts in per cent of the visits."""
    rows = np.arange(len(data), dtype=float)[::-1]
    came = data["came"].to_numpy(dtype=np.float64)
    with figure_style(name):
        shown = sum(bool(data[key].any()) for key, _ in outcomes)
        top = 0.2 * (2 + -(-shown // _LEGEND_COLUMNS))
        figure, (axes,) = _grid(1, each=0.32 * len(data) + 0.1, top=top, bottom=0.45, width=9.0, left=1.5)
        left = np.zeros(len(data))
        for key, words in outcomes:
            colour, alpha = _OUTCOME_LOOKS.get(key, _OTHER_LOOK)
            share = data[key].to_numpy(dtype=np.float64) / came * 100
            if share.any():
                _boxes(axes, (left, left + share), _around(rows, 0.72), colour, alpha, words)
            left = left + share
        axes.set_yticks(rows, [f"{c}, {t}" for c, t in zip(data["channel"], data["tier"], strict=True)], fontsize=9)
        axes.set_ylim(-0.5, len(data) - 0.5)
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of the visits that came")
        axes.grid(visible=False, axis="y")
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=_LEGEND_COLUMNS, fontsize=8.5, handlelength=1.2
        )
        return inline_svg(figure, said, tight=False)


@drawn_last
def bars(
    name: str, labels: Sequence[str], values: Sequence[float], ends: Sequence[tuple[float, float]], unit: str, said: str
) -> Markup:
    """Horizontal bars with their intervals, the name above each bar."""
    rows = np.arange(len(labels), dtype=float)[::-1]
    with figure_style(name):
        figure, (axes,) = _grid(1, each=0.42 * len(labels), top=0.1, bottom=0.5)
        axes.barh(
            rows,
            values,
            xerr=np.array([(v - low, high - v) for v, (low, high) in zip(values, ends, strict=True)]).T,
            color=SECOND,
            alpha=0.75,
            height=0.4,
            ecolor=INK,
            capsize=2,
        )
        for row, label in zip(rows, labels, strict=True):
            axes.text(0, row + 0.26, label, va="bottom", ha="left", fontsize=9)
        axes.set_yticks([])
        axes.set_ylim(-0.4, len(labels) - 0.25)
        axes.set_xlim(left=0)
        axes.set_xlabel(unit)
        _thousands(axes, along=True)
        return inline_svg(figure, said, tight=False)


@drawn_last
def signed_bars(name: str, labels: Sequence[str], values: Sequence[float], unit: str, said: str) -> Markup:
    """Horizontal bars to both sides of 0, the name above each bar."""
    rows = np.arange(len(labels), dtype=float)[::-1]
    with figure_style(name):
        figure, (axes,) = _grid(1, each=0.42 * len(labels), top=0.1, bottom=0.5)
        axes.barh(rows, values, color=SECOND, alpha=0.75, height=0.4)
        for row, label in zip(rows, labels, strict=True):
            axes.text(0.01, row + 0.26, label, va="bottom", ha="left", fontsize=9, transform=axes.get_yaxis_transform())
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks([])
        axes.set_ylim(-0.4, len(labels) - 0.25)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "\N{MINUS SIGN}"))
        return inline_svg(figure, said, tight=False)


def _around(middles: Any, width: float) -> Ends:
    """Ends of intervals of one width."""
    at = np.asarray(middles, dtype=np.float64)
    return at - width / 2, at + width / 2


def _boxes(axes: Axes, x: Ends, y: Ends, colour: str, alpha: float, label: str) -> None:
    """Boxes of one look between the ends of x and of y: one thing to draw, where a bar chart makes each box a thing."""
    from matplotlib.collections import PolyCollection

    corners = np.stack([np.column_stack([x[i], y[j]]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))], axis=1)
    axes.add_collection(PolyCollection(list(corners), facecolor=colour, alpha=alpha, linewidth=0, label=label))
    axes.autoscale_view()


def _on_steps(data: pd.DataFrame, column: str, steps: Steps) -> NDArray[np.float64]:
    """A column on every step; steps that the data leave out are gaps, which matplotlib wants as NaN."""
    out = np.full(steps.count, np.nan)
    out[data["step"].to_numpy(dtype=np.int64)] = data[column].to_numpy(dtype=np.float64, na_value=np.nan)
    return out


def _thousands(axes: Axes, *, along: bool = False) -> None:
    """Numbers of an axis as `1,200`."""
    from matplotlib.ticker import FuncFormatter

    (axes.xaxis if along else axes.yaxis).set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _time_axis(axes: Axes, steps: Steps, *, sparse: bool = False) -> None:
    if steps.kind == "week":
        per_day = steps.count // 7
        axes.set_xticks(range(0, steps.count + 1, per_day), [""] * 8)
        axes.set_xticks([(i + 0.5) * per_day for i in range(7)], SHORT_WEEKDAYS, minor=True)
        axes.tick_params(axis="x", which="minor", length=0)
    elif steps.kind == "day":
        per_hour = HOUR / steps.width
        hours = range(0, 25, 12 if sparse else 3)
        axes.set_xticks([h * per_hour for h in hours], [f"{h:02d}" if sparse else f"{h:02d}:00" for h in hours])
    else:
        every = max(1, -(-steps.count // 6))
        places = range(0, steps.count, every)
        middle = 0.5 if steps.width == DAY else 0.0
        axes.set_xticks([i + middle for i in places], [steps.labels[i] for i in places], fontsize=8.5)
    axes.tick_params(axis="x", colors=FAINT, labelcolor=INK)
