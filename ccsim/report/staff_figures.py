"""Figures of a search for people: cost against the goal that decides, and cost at each value of a decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from ccsim.report.drawing import drawn_last
from ccsim.report.figures import FIRST, INK, PAPER, SECOND, THIRD, figure_style, inline_svg, labelled, thousands
from ccsim.report.numbers import shown_in
from ccsim.report.parts import Chart
from ccsim.results.parquet import plain_rows
from ccsim.results.staff import KeptStaff

PASSES, OPEN, MISSES = "meets all goals", "not certain", "misses a goal"
_WORDS: Final = {"pass": PASSES, "inconclusive": OPEN, "fail": MISSES}
_LOOKS: Final = {PASSES: (SECOND, "o", True), OPEN: (SECOND, "o", False), MISSES: (THIRD, "x", True)}
"""Colour and marker by verdict, and whether it is filled."""
AWAY: Final = 6
"""Plans further off the found one than so many times the distance of most others would hide these."""


def trade_off(made: KeptStaff) -> Chart | None:
    """Cost of every plan against its most critical goal, or against the probability of all goals where that is asked
    for; None of fewer than two plans.
    """
    told = made.told
    chance = told["probability"]
    plans = plain_rows(made.plans)
    goal = None if chance is not None else next(iter(made.goals_of(0)[told["goal"] : told["goal"] + 1]), None)
    if goal is None and chance is None:
        return None
    unit = "share" if goal is None else goal["unit"]
    factor, named = shown_in(unit).factor, shown_in(unit).unit
    points = []
    for plan in plans:
        if goal is None:
            value, low, high = (plan[f"all_goals{end}"] for end in ("", "_low", "_high"))
        else:
            row = made.goals_of(plan["plan"])[told["goal"]]
            value, low, high = row["estimate"], row["low"], row["high"]
        if value is not None:
            ends = (value if low is None else low, value if high is None else high)
            points.append(
                {
                    "plan": plan["plan"], "role": plan["role"], "verdict": _WORDS[plan["verdict"]],
                    "cost": plan["cost"], "value": value * factor, "low": ends[0] * factor, "high": ends[1] * factor,
                    "customers": plan["customers"],
                }
            )  # fmt: skip
    if len(points) < 2:
        return None
    data = pd.DataFrame(points)
    title = "All goals in one replication" if goal is None else goal["title"]
    asked = [chance] if goal is None else [goal["at_least"], goal["at_most"]]
    limits = [one * factor for one in asked if one is not None]
    money = made.money
    labels = (f"Planned cost of the people, {money}" if money else "People", f"{title}, {named}")
    svg = _plans_drawn(data, limits, labels, "first guess" if told["guessed"] else "today")
    note = "Dots are plans, with intervals; the dashed line is the limit."
    if (data["customers"] == "fresh").any():
        note += " The answer and the plans beside it are from fresh replications."
    if goal is not None and len(made.goals_of(0)) > 1:
        note += " This is the goal that cheaper plans miss most; a plan above it may miss another."
    shown = {"cost": money, "value": named, "low": named, "high": named}
    return Chart(f"{'Cost' if money else 'People'} against {title}", svg, "", note, data, units=shown)


@drawn_last
def _plans_drawn(data: pd.DataFrame, limits: Sequence[float], labels: tuple[str, str], now: str) -> Markup:
    from matplotlib.figure import Figure

    with figure_style("staff"):
        figure = Figure(figsize=(6.4, 3.8))
        axes = figure.add_axes((0.12, 0.13, 0.85, 0.84))
        for limit in limits:
            axes.axhline(limit, color=FIRST, linestyle="--", linewidth=1.1)
        for verdict, (colour, marker, filled) in _LOOKS.items():
            some = data[data["verdict"] == verdict]
            if len(some):
                axes.errorbar(
                    some["cost"], some["value"],
                    yerr=[(some["value"] - some["low"]).clip(lower=0), (some["high"] - some["value"]).clip(lower=0)],
                    fmt=marker, markersize=4.5, capsize=2, linewidth=0.9, color=colour, label=verdict,
                    markerfacecolor=colour if filled else PAPER,
                )  # fmt: skip
        for role, label, colour, size in (("now", now, INK, 13), ("found", "the answer", FIRST, 11)):
            some = data[[role in one.split(", ") for one in data["role"]]]
            if len(some):
                axes.plot(
                    some["cost"], some["value"], "o", markersize=size, fillstyle="none", markeredgewidth=1.6,
                    color=colour, label=label, linestyle="",
                )  # fmt: skip
        low, high = _window(data)
        axes.set_xlim(low, high)
        inside = data[data["cost"].between(low, high)]
        ends = (min([*limits, float(inside["low"].min())]), max([*limits, float(inside["high"].max())]))
        axes.set_ylim(ends[0] - 0.06 * (ends[1] - ends[0]), ends[1] + 0.06 * (ends[1] - ends[0]))
        axes.legend(fontsize=8, frameon=True, facecolor=PAPER, edgecolor="none", framealpha=0.8)
        axes.xaxis.set_major_formatter(thousands)
        labelled(axes, labels)
        return inline_svg(figure, f"{labels[1]} against {labels[0]}", tight=False)


def _window(data: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis of cost: a margin around all plans, but for those far off, which are left to the table."""
    cost = data["cost"]
    marked = data[data["role"] != ""]["cost"]
    middle = float(marked.median()) if len(marked) else float(cost.median())
    spread = float((cost - middle).abs().median()) or 1.0
    near = cost[(cost - middle).abs() <= AWAY * spread]
    low = min(float(near.min()), float(marked.min())) if len(marked) else float(near.min())
    high = max(float(near.max()), float(marked.max())) if len(marked) else float(near.max())
    edge = 0.05 * (high - low) or 1.0
    return low - edge, high + edge


def cost_curve(made: KeptStaff) -> Chart | None:
    """Cost at each value of the only decision that is a number; None where there is none, or one value only."""
    rows = [row for row in plain_rows(made.values) if row["cost"] is not None]
    numbers = [one for row in rows if (one := _as_number(row["set_to"])) is not None]
    kinds = {(row["key"], unit) for row, (_, unit) in zip(rows, numbers, strict=False)}
    if len(rows) < 2 or len(numbers) < len(rows) or len(kinds) != 1:
        return None
    ((key, unit),) = kinds
    data = pd.DataFrame([{name: row[name] for name in ("cost", "state")} for row in rows])
    data.insert(0, "value", [number for number, _ in numbers])
    data = data.sort_values("value", ignore_index=True)
    money = made.money or "people"
    labels = (f"{key}{f', {unit}' if unit else ''}", f"Cost of the centre, {money}")
    svg = _curve_drawn(data, labels)
    note = "Dots are the cheapest people that were found at a value; the ring is the answer."
    return Chart(f"Cost against {key}", svg, "", note, data, units={"value": unit, "cost": money})


def _as_number(text: str) -> tuple[float, str] | None:
    found = re.fullmatch(r"\s*([+-]?[\d_]+(?:\.\d+)?)\s*(%?)\s*", text)
    return None if found is None else (float(found[1].replace("_", "")), found[2])


@drawn_last
def _curve_drawn(data: pd.DataFrame, labels: tuple[str, str]) -> Markup:
    from matplotlib.figure import Figure

    with figure_style("values"):
        figure = Figure(figsize=(6.4, 3.2))
        axes = figure.add_axes((0.14, 0.15, 0.83, 0.81))
        axes.plot(data["value"], data["cost"], "o-", color=SECOND, markersize=4.5, linewidth=1.2)
        best = data[data["state"] == "best"]
        axes.plot(best["value"], best["cost"], "o", color=FIRST, markersize=11, fillstyle="none", markeredgewidth=1.6)
        axes.yaxis.set_major_formatter(thousands)
        labelled(axes, labels)
        return inline_svg(figure, f"{labels[1]} against {labels[0]}", tight=False)
