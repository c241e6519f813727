"""Goals: is each met, by how much, and how likely is it on one replication of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.goals import SCOPES
from ccsim.kpis.kpi import OF_FLOWS, Kpi
from ccsim.kpis.verdicts import verdict_of
from ccsim.metrics.confidence import wilson
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.meets import meets
from ccsim.metrics.parts import codes_within, flow_codes, kpi_within
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.time_goals import TimeGoal, in_time
from ccsim.metrics.waits import moments_by_part, waits_by_part
from ccsim.results.measured import Measured
from ccsim.units import SECOND

if TYPE_CHECKING:
    from ccsim.language.goals import Goal


def scope_of(goal: Goal) -> dict[str, str]:
    """What a goal is limited to: name by scope, nothing for a goal of everything."""
    found = {scope: getattr(goal, scope) for scope in SCOPES}
    return {scope: name for scope, name in found.items() if name is not None}


def judge(
    goals: Sequence[Goal],
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    *,
    level: float = LEVEL,
    sums: Sums | None = None,
) -> tuple[dict[str, Any], ...]:
    """Every goal against the run, as plain values for JSON.

    `verdict` says whether the whole interval meets the goal, and `why` what keeps it from passing; see `verdict_of`.
    `probability` is the share of replications that meet it over the counted time, with a Wilson interval; a
    replication in which the KPI cannot be made counts for neither side and is left out of `replications`. A goal by
    day, week or month or on chosen days has `time`: what it asks, and what was found (see
    `ccsim.metrics.time_goals`). `sums` are those of the tables, for who has them already.
    """
    sums = Sums(tables, measured) if sums is None else sums
    return tuple(_judged(goal, sums, level) for goal in goals)


def kpi_of_goal(goal: Goal, measured: Measured) -> tuple[Kpi, int | None]:
    """The KPI of a goal with the formula that its scope asks for, and its threshold in microseconds, None without one.

    The threshold is the first of the run where the goal says none.
    """
    kpi = kpi_within(kpis_of(measured.rule)[goal.kpi], scope_of(goal))
    if not kpi.by_threshold:
        return kpi, None
    return kpi, measured.thresholds[0] if goal.within is None else goal.within


def goal_of(judged: Mapping[str, Any]) -> Goal:
    """The goal that was judged, again from what `judge` says of it."""
    from ccsim.language.goals import Goal
    from ccsim.language.hours import WeekHours

    within = None if judged["threshold_s"] is None else round(judged["threshold_s"] * SECOND)
    limits = {"at_least": judged["at_least"], "at_most": judged["at_most"]}
    in_time: dict[str, Any] = {}
    if time := judged.get("time"):
        spans = tuple((int(start), int(end)) for start, end in time["hour_spans"])
        hours = WeekHours(spans=spans) if spans else None
        in_time = {"by": time["by"], "worst": time["worst"], "days": tuple(time["days"]), "hours": hours}
    return Goal(kpi=judged["kpi"], within=within, **limits, **judged["scope"], **in_time)


def _judged(goal: Goal, sums: Sums, level: float) -> dict[str, Any]:
    kpi, threshold = kpi_of_goal(goal, sums.measured)
    told: dict[str, Any] = {}
    if in_time(goal):
        timed = TimeGoal.of(goal, kpi, scope_of(goal), threshold, sums)
        row, told["time"] = timed.judged(level)
        each = timed.values()
    else:
        codes = codes_within(sums, kpi, scope_of(goal))
        row = of_parts(sums, kpi, codes, 1, threshold, level)[0]
        each = values_by_replication(sums, kpi, codes, threshold)
    judged = [meets(goal, value) for value in each if value is not None]
    low, high = wilson(sum(judged), len(judged), level) if judged else (None, None)
    if row["estimate"] is None:  # not shown, so not judged by replication either
        judged, low, high = [], None, None
    found = {
        "estimate": row["estimate"],
        "low": row["low"],
        "high": row["high"],
        "unit": row["unit"],
        "method": row["method"],
        "probability": sum(judged) / len(judged) if judged else None,
        "probability_low": low,
        "probability_high": high,
        "replications": len(judged),
        "note": row["note"],
    }
    asked = {
        "kpi": goal.kpi,
        "scope": scope_of(goal),
        "threshold_s": row["threshold_s"],
        "at_least": goal.at_least,
        "at_most": goal.at_most,
    } | told
    verdict, why = verdict_of(asked | found)
    return asked | {"verdict": verdict, "why": why} | found


def values_by_replication(sums: Sums, kpi: Kpi, codes: Codes, threshold: int | None) -> list[float | None]:
    """The KPI of every replication alone; None where it cannot be made."""
    if kpi.table in OF_FLOWS:
        codes, _ = flow_codes(sums, codes, 1)
    if kpi.kind == "quantile":
        return next(waits_by_part(sums, codes, 1)).quantile_by_replication(kpi.share)
    if kpi.kind == "spread":
        return moments_by_part(sums, codes, 1)[0].by_replication()
    x = sums.evaluate(kpi.numerator, kpi, codes, 1, threshold)[0]
    y = sums.evaluate(kpi.denominator, kpi, codes, 1, threshold)[0]
    return [a / b * kpi.scale if b else None for a, b in zip(x.tolist(), y.tolist(), strict=True)]
