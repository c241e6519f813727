"""Results in sentences: what a planner reads before any figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ccsim.kpis.definitions import KPIS, MAIN_SERVICE
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount, percent, said, shown_in
from ccsim.report.staffing import Cover
from ccsim.results.text import when_of

Goal = Mapping[str, Any]
LIMITS = (("at_least", "at least"), ("at_most", "at most"))


def answer(facts: Facts) -> str:
    """The question answered in a sentence or two: do the goals pass, and what does that rest on."""
    goals = facts.run.goals
    if not goals:
        return f"No goals were set.  {_main_result(facts)}".strip()
    of: dict[str, list[str]] = {"pass": [], "fail": [], "inconclusive": []}
    for goal in goals:
        of[goal["verdict"]].append(goal_name(goal))
    alike = next((verdict for verdict, names in of.items() if len(names) == len(goals)), None)
    if alike is not None:
        text = f"{_all_of(goals)} {_said(alike, len(goals))}"
    else:
        passing = len(of["pass"])
        text = f"{passing or 'None'} of {len(goals)} goals {_said('pass', max(passing, 1))}"
        for verdict in ("fail", "inconclusive"):
            if of[verdict]:
                text += f"; {_listed(of[verdict])} {_said(verdict, len(of[verdict]))}"
    return f"{text}. {_rests_on(goals, facts.replications)}".strip()


def _all_of(goals: Sequence[Goal]) -> str:
    return {1: "The goal", 2: "Both goals"}.get(len(goals), f"All {len(goals)} goals")


def _said(verdict: str, count: int) -> str:
    if verdict == "inconclusive":
        return "is inconclusive" if count == 1 else "are inconclusive"
    return {"pass": "passes", "fail": "fails"}[verdict] if count == 1 else verdict


def _rests_on(goals: Sequence[Goal], replications: int) -> str:
    """Why it can be said, or what keeps it from being said."""
    if replications < 2:
        return "One replication has no interval: run more of them."
    reaching = [goal for goal in goals if goal["verdict"] == "inconclusive" and goal["estimate"] is not None]
    if reaching:
        whose = "its interval reaches the limit" if len(reaching) == 1 else "their intervals reach the limits"
        return f"With {replications} replications {whose}: run more replications."
    if all(goal["verdict"] == "inconclusive" for goal in goals):
        return ""
    return f"The 95 % intervals over {replications} replications are clearly on one side of every limit."


def goal_name(goal: Goal) -> str:
    """A goal's KPI and scope: `service level, phone`."""
    kpi = KPIS.get(goal["kpi"])
    title = goal["kpi"] if kpi is None else kpi.title
    where = ", ".join(str(name) for name in goal["scope"].values())
    plain = title if title.isupper() else title[0].lower() + title[1:]
    return f"{plain} ({where})" if where else plain


def goal_target(goal: Goal) -> str:
    """What a goal asks for: `at least 80 % within 20 s`."""
    unit = shown_in(goal["unit"], (goal["at_least"], goal["at_most"]))
    parts = [f"{text} {goal[key] * unit.factor:.10g} {unit.unit}" for key, text in LIMITS if goal[key] is not None]
    within = "" if goal["threshold_s"] is None else f" within {goal['threshold_s']:g} s"
    return " ".join(filter(None, (" and ".join(parts) + within, when_of(goal))))


def goal_chance(goal: Goal) -> str:
    """How often single replications met a goal: `20 of 20 replications`."""
    if goal["probability"] is None:
        return goal["note"] or "not known"
    count = round(goal["probability"] * goal["replications"])
    return f"{count} of {goal['replications']}"


def chance_interval(goal: Goal) -> str:
    """The interval of P(goal): `83 % to 100 %`; empty with one replication or none."""
    if goal["probability"] is None or goal["replications"] < 2:
        return ""
    return f"{percent(goal['probability_low']).removesuffix(' %')} to {percent(goal['probability_high'])}"


def _main_result(facts: Facts) -> str:
    channel = facts.main_channel
    if channel is not None:
        row = facts.one(MAIN_SERVICE, "channel", channel)
        if row is not None:
            return f"{said(row)} of {channel} contacts were answered within {facts.threshold_text}."
    row = facts.one("deadline_met")
    return "" if row is None else f"{said(row)} of the deferred work was answered within its deadline."


def service_by_time(name: str, data: pd.DataFrame, axis: str, goal: tuple[float, str] | None) -> str:
    """Where service is worst along the time, and how often it meets its goal."""
    if data.empty:
        return ""
    busy = data[data["weight"] >= 0.1 * data["weight"].mean()]
    worst = busy.iloc[int(busy["estimate"].to_numpy().argmin())]
    on = _on(axis)
    text = f"{name}: lowest {on} {worst['time']} ({percent(worst['estimate'])})"
    if goal is not None:
        below = busy[busy["estimate"] < goal[0]]
        if below.empty:
            return f"{text}, at or above the goal {on} every {axis}."
        share = below["weight"].sum() / busy["weight"].sum()
        return f"{text}; {percent(share)} of the contacts arrive {on} a {axis} when it is below the goal."
    best = busy.iloc[int(busy["estimate"].to_numpy().argmax())]
    return f"{text}, highest {on} {best['time']} ({percent(best['estimate'])})."


def _on(axis: str) -> str:
    return "on" if axis == "day" else "at"


def highest_by_time(name: str, data: pd.DataFrame, axis: str, unit: str, factor: float) -> str:
    """Where a KPI that should be low is highest."""
    if data.empty:
        return ""
    busy = data[data["weight"] >= 0.1 * data["weight"].mean()]
    worst = busy.iloc[int(busy["estimate"].to_numpy().argmax())]
    value = worst["estimate"] * factor
    text = f"{value:.1f} %" if unit == "%" else f"{amount(value)} {unit}"
    return f"{name}: highest {_on(axis)} {worst['time']} ({text})."


def staffing(cover: Cover, data: pd.DataFrame, axis: str) -> str:
    """How well the plan covers what is required, and where it is furthest off."""
    if not cover.required:
        return f"{amount(cover.present)} agent hours a week are present of {amount(cover.scheduled)} scheduled."
    text = (
        f"The expected demand requires {amount(cover.required)} agent hours a week; "
        f"{amount(cover.scheduled)} are scheduled and {amount(cover.present)} present."
    )
    short = cover.short_share or 0.0
    text += f" {percent(short)} of the required hours are not scheduled where and when they are needed"
    text += f", while {amount(cover.over)} surplus hours are scheduled."
    gap = data["required"] - data["scheduled"]
    if float(gap.max()) >= 0.5:
        worst = data.iloc[int(gap.to_numpy().argmax())]
        text += f" Over all pools the largest shortfall is {amount(float(gap.max()))} agents, at {worst['time']}."
    elif axis:
        text += f" Over all pools together enough are scheduled at every {axis}."
    return text


def backlog(data: pd.DataFrame, bands: Sequence[str], over_a_day: Sequence[str]) -> str:
    """How much waits at midnight, how old it is, and whether it grows."""
    mean = float(data["total"].mean())
    old = float(data[list(over_a_day)].sum(axis=1).sum()) / max(float(data[list(bands)].sum(axis=1).sum()), 1e-9)
    text = (
        f"At midnight {amount(mean)} deferred visits are waiting on average, {percent(old)} of them for a "
        "day or longer."
    )
    third = len(data) // 3
    if third >= 2:
        first, last = float(data["total"][:third].mean()), float(data["total"][-third:].mean())
        if last > 1.5 * first and last - first > 10:
            text += f" The backlog grows: {amount(first)} in the first third of the time, {amount(last)} in the last."
    return text


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
