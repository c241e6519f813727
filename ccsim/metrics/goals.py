"""Goals: is each met, by how much, and how likely is it on one play of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import pandas as pd

from ccsim.errors import Fault
from ccsim.metrics.confidence import wilson
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.kpis import KPIS, OF_FLOWS, Kpi, kpis_of, scopes_of
from ccsim.metrics.parts import codes_within, flow_codes, kpi_within
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.verdicts import verdict_of
from ccsim.metrics.waits import moments_by_part, waits_by_part
from ccsim.results.measured import Measured

SCOPES: Final = (
    "workflow", "channel", "segment", "market", "language", "cause", "tier", "site", "vendor", "pool",
)  # fmt: skip
"""What a goal may be limited to, in the order in which it is printed."""


class GoalLike(Protocol):
    """A goal as the scenario has it; see `ccsim.scenario.sections.Goal`."""

    @property
    def kpi(self) -> str: ...
    @property
    def at_least(self) -> float | None: ...
    @property
    def at_most(self) -> float | None: ...
    @property
    def within(self) -> int | None: ...
    @property
    def workflow(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def segment(self) -> str | None: ...
    @property
    def tier(self) -> str | None: ...
    @property
    def pool(self) -> str | None: ...
    @property
    def market(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def site(self) -> str | None: ...
    @property
    def vendor(self) -> str | None: ...


def scope_of(goal: GoalLike) -> dict[str, str]:
    """What a goal is limited to: name by scope, nothing for a goal of everything."""
    found = {scope: getattr(goal, scope) for scope in SCOPES}
    return {scope: name for scope, name in found.items() if name is not None}


def check_goals(goals: Sequence[GoalLike]) -> list[Fault]:
    """Faults of goals that can be seen before playing: an unknown KPI, a scope that it is not split by."""
    faults = []
    for i, goal in enumerate(goals):
        kpi = KPIS.get(goal.kpi)
        if kpi is None:
            faults.append(Fault(f"no such KPI {goal.kpi!r}{_near(goal.kpi)}", f"goals[{i}].kpi"))
            continue
        if goal.at_least is None and goal.at_most is None:
            faults.append(Fault("a goal needs at_least or at_most", f"goals[{i}]"))
        if goal.within is not None and not kpi.by_threshold:
            faults.append(Fault(f"{goal.kpi} has no threshold; leave within out", f"goals[{i}].within"))
        allowed = _allowed(kpi)
        for scope in scope_of(goal):
            if scope not in allowed:
                others = " or ".join(allowed) or "everything together only"
                faults.append(Fault(f"{goal.kpi} is not known by {scope}: {others}", f"goals[{i}].{scope}"))
        faults += _mixed(goal, kpi, f"goals[{i}]")
    return faults


def _allowed(kpi: Kpi) -> tuple[str, ...]:
    if kpi.by_pool and not kpi.allocated:
        return ("tier", "site", "vendor", "pool")
    return tuple(scope for scope in SCOPES if scope in scopes_of(kpi))


def _mixed(goal: GoalLike, kpi: Kpi, key: str) -> list[Fault]:
    """A cost is paid by pool and allocated by queue: a goal cannot be limited to both."""
    by_table: dict[str, list[str]] = {}
    for scope in scope_of(goal):
        if scope in scopes_of(kpi):
            by_table.setdefault(kpi.by(scope).table, []).append(scope)
    if len(by_table) < 2:
        return []
    one, other = (" and ".join(scopes) for scopes in by_table.values())
    return [Fault(f"{goal.kpi} is known by {one} or by {other}, not by both together", key)]


def _near(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, KPIS, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def judge(
    goals: Sequence[GoalLike],
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    *,
    level: float = LEVEL,
) -> tuple[dict[str, Any], ...]:
    """Every goal against the run, as plain values for JSON.

    `verdict` says whether the whole interval meets the goal, and `why` what keeps it from passing; see `verdict_of`.
    `probability` is the share of replications that meet it over the counted time, with a Wilson interval; a
    replication in which the KPI cannot be made counts for neither side and is left out of `replications`.
    """
    sums, known = Sums(tables, measured), kpis_of(measured.rule)
    return tuple(_judged(goal, known[goal.kpi], sums, level) for goal in goals)


def _judged(goal: GoalLike, kpi: Kpi, sums: Sums, level: float) -> dict[str, Any]:
    kpi = kpi_within(kpi, scope_of(goal))
    threshold = _threshold(goal, kpi, sums.measured)
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
    }
    verdict, why = verdict_of(asked | found)
    return asked | {"verdict": verdict, "why": why} | found


def meets(goal: GoalLike, value: float) -> bool:
    """Whether a value meets a goal; a value at the limit does."""
    above = goal.at_least is None or value >= goal.at_least
    return above and (goal.at_most is None or value <= goal.at_most)


def _threshold(goal: GoalLike, kpi: Kpi, measured: Measured) -> int | None:
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
