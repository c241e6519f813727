"""Goals: is each met, by how much, and how likely is it on one play of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ccsim.kpis.definitions import OF_FLOWS, Kpi, kpis_of
from ccsim.kpis.goals import SCOPES
from ccsim.metrics.confidence import wilson
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.parts import codes_within, flow_codes, kpi_within
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.time_goals import TimeGoal, in_time
from ccsim.metrics.verdicts import verdict_of
from ccsim.metrics.waits import moments_by_part, waits_by_part
from ccsim.results.measured import Measured

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
    sums, known = Sums(tables, measured) if sums is None else sums, kpis_of(measured.rule)
    return tuple(_judged(goal, known[goal.kpi], sums, level) for goal in goals)


def _judged(goal: Goal, kpi: Kpi, sums: Sums, level: float) -> dict[str, Any]:
    kpi = kpi_within(kpi, scope_of(goal))
    threshold = _threshold(goal, kpi, sums.measured)
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


def meets(goal: Goal, value: float) -> bool:
    """Whether a value meets a goal; a value at the limit does."""
    above = goal.at_least is None or value >= goal.at_least
    return above and (goal.at_most is None or value <= goal.at_most)


def _threshold(goal: Goal, kpi: Kpi, measured: Measured) -> int | None:
    if not kpi.by_threshold:
        return None
    return measured.thresholds[0] if goal.within is None else goal.within


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
