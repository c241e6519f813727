"""The figures of the bank page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bank_compare import HOURS, Estimate, Step
from markupsafe import Markup

from ccsim.report.figures import FAINT, FIRST, INK, SECOND, THIRD, figure_style, inline_svg


def by_hour(name: str, title: str, scale: float, actual: Estimate, model: Estimate, final: Estimate) -> Markup:
    """One measure by hour: real with its day-to-day interval, the model with its month-to-month range."""
    from matplotlib.figure import Figure

    hours = np.array(HOURS) + 0.5
    with figure_style(f"bank-{name}"):
        figure = Figure(figsize=(4.6, 3.2))
        axes = figure.subplots()
        axes.fill_between(
            hours, model.month_low * scale, model.month_high * scale, color=SECOND, alpha=0.22, linewidth=0,
        )  # fmt: skip
        axes.plot(hours, model.mean * scale, color=SECOND, linewidth=2)
        axes.plot(hours, final.mean * scale, color=THIRD, linewidth=1.2, linestyle="--")
        errors = np.stack([actual.mean - actual.low, actual.high - actual.mean]) * scale
        axes.errorbar(
            hours, actual.mean * scale, errors,
            color=FIRST, marker="o", markersize=4, linewidth=0, elinewidth=1.3,
        )  # fmt: skip
        axes.set_title(title)
        axes.set_xlabel("hour of arrival")
        axes.set_xticks(range(7, 25, 3), [f"{h}:00" for h in range(7, 25, 3)])
        axes.set_xlim(7, 24)
        axes.set_ylim(bottom=0)
        said = f"{title} by hour: real and simulated values, as in the table below the figures"
        return inline_svg(figure, said)


def waterfall(name: str, title: str, scale: float, steps: Sequence[Step], actual: Estimate) -> Markup:
    """Bars from swap to swap, and the real value they should reach."""
    from matplotlib.figure import Figure

    labels = [*(step.label for step in steps), "real days"]
    values = [*(step.value * scale for step in steps), float(actual.mean[0]) * scale]
    rows = np.arange(len(labels), dtype=float)[::-1]
    with figure_style(f"bank-steps-{name}"):
        figure = Figure(figsize=(4.6, 3.4))
        axes = figure.subplots()
        colours = [SECOND] * len(steps) + [FIRST]
        axes.barh(rows, values, color=colours, alpha=0.8, height=0.36)
        axes.errorbar(
            [values[-1]], [rows[-1]], xerr=[[float(actual.mean[0] - actual.low[0]) * scale],
            [float(actual.high[0] - actual.mean[0]) * scale]], color=INK, linewidth=1.3, capsize=3,
        )  # fmt: skip
        axes.axvline(values[-1], color=FIRST, linewidth=1, linestyle=":")
        for row, label, value in zip(rows, labels, values, strict=True):
            axes.text(0, row + 0.25, f"{label}: {value:.1f}", va="bottom", ha="left", color=INK, fontsize=9.5)
        axes.set_yticks([])
        axes.set_ylim(-0.4, len(labels) - 0.2)
        axes.set_xlim(0, max([*values, float(actual.high[0]) * scale]) * 1.05)
        axes.set_title(title)
        return inline_svg(figure, f"{title}: " + ", ".join(f"{n} {v:.1f}" for n, v in zip(labels, values, strict=True)))


def agents_by_hour(at_work: Sequence[float], talking: Sequence[float], held: Sequence[float]) -> Markup:
    """Agents between their first and last call, of these talking, and talking or away between calls."""
    from matplotlib.figure import Figure

    hours = np.array(HOURS)
    with figure_style("bank-agents"):
        figure = Figure(figsize=(4.6, 2.9))
        axes = figure.subplots()
        edges = [*hours, 24]
        axes.stairs(at_work, edges, color=INK, linewidth=1.6, label="between first and last call")
        axes.stairs(held, edges, color=SECOND, linewidth=1.6, label="talking, or away after a talk")
        axes.stairs(talking, edges, color=FAINT, fill=True, alpha=0.6, label="talking")
        axes.set_title("Agents at work, mean of the days")
        axes.set_xticks(range(7, 25, 3), [f"{h}:00" for h in range(7, 25, 3)])
        axes.set_xlim(7, 24)
        axes.set_ylim(0, max(at_work) * 1.4)
        axes.legend(fontsize=8.5, loc="upper right")
        return inline_svg(figure, "Agents at work by hour, and how many of them talk or are away between calls")
