"""How KPIs differ between replications with uncertain inputs: quantiles, goals as probabilities, what makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.shown import names_in
from ccsim.metrics.by_interval import inside_of
from ccsim.metrics.confidence import wilson
from ccsim.metrics.estimates import LEVEL, absent
from ccsim.metrics.goals import kpi_of_goal, scope_of, values_by_replication
from ccsim.metrics.meets import meets
from ccsim.metrics.parts import codes_within, kpi_within, labels
from ccsim.metrics.periods import step_of_intervals, why_no_periods
from ccsim.metrics.steps import StepSums, kept_by_interval
from ccsim.metrics.sums import Sums
from ccsim.metrics.time_goals import TimeGoal, in_time
from ccsim.metrics.variance_split import ShareOfInputs, split
from ccsim.results.spread_columns import SPREAD
from ccsim.results.summary import told_of

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

Row = dict[str, Any]
Values = NDArray[np.float64]
QUANTILES: Final = (0.1, 0.5, 0.9)


def spread_of(goals: Sequence[Goal], sums: Sums, again: Sums | None) -> pd.DataFrame:
    """A row for each KPI of a goal and each main KPI, of all of the counted time; of goals also of every week.

    Columns as in `ccsim.results.spread_columns`. Quantiles of replications are those of Hyndman and Fan's type 7.

    Parameters
    ----------
    sums
        Of the run.
    again
        Of the second replications of its first replications; None where there are none, and the inputs' share is not
        told.
    """
    rows = [row for number, goal in enumerate(goals) for row in _of_goal(number, goal, sums, again)]
    rows += _of_main_kpis(sums, again)
    made: dict[str, Any] = {}
    for column in SPREAD:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        made[column.name] = pd.Series([row[column.name] for row in rows], dtype=kind)
    return pd.DataFrame(made)


def _of_goal(number: int, goal: Goal, sums: Sums, again: Sums | None) -> Iterator[Row]:
    kpi, threshold = kpi_of_goal(goal, sums.measured)
    scope = scope_of(goal)

    def whole(of: Sums) -> list[float | None]:
        if in_time(goal):
            return TimeGoal.of(goal, kpi, scope, threshold, of).values()
        return values_by_replication(of, kpi, codes_within(of, kpi, scope), threshold)

    about = _about(kpi, sums, "+".join(scope) or "all", "+".join(scope.values()) or "all", threshold)
    about["goal"] = str(number)
    yield (
        about
        | {"period": "all", "start": "", "whole": 1}
        | _told(_numbers(whole(sums)), None if again is None else _numbers(whole(again)), goal)
    )
    if in_time(goal) or kpi.kind != "ratio" or not kept_by_interval(kpi) or why_no_periods(sums.measured):
        return
    try:
        inside = inside_of(sums, kpi, scope)
    except ValueError:  # kept by flow, and a flow is only partly in the scope
        return
    weeks = sums.measured.counted().periods("week")
    each = _by_week(kpi, sums, inside, threshold)
    second = None if again is None else _by_week(kpi, again, inside, threshold)
    for i, week in enumerate(weeks):
        when = {"period": "week", "start": week.name, "whole": int(week.whole)}
        yield about | when | _told(each[i], None if second is None else second[i], goal)


def _by_week(kpi: Kpi, sums: Sums, inside: NDArray[np.int64], threshold: int | None) -> Values:
    """A KPI by week and replication, shape [weeks, replications]; not a number where it cannot be made."""
    weeks = sums.measured.counted().periods("week")
    of = {"pools" if kpi.by_pool else "flows": inside}
    stepped = StepSums(sums, step_of_intervals(sums.measured, weeks), len(weeks), **of)
    codes = np.arange(len(weeks), dtype=np.int64)
    x, y = (stepped.evaluate(one, kpi, codes, len(weeks), threshold) for one in (kpi.numerator, kpi.denominator))
    made: Values = np.where(y != 0, x / np.where(y != 0, y, 1.0) * kpi.scale, np.nan)
    return made


def _of_main_kpis(sums: Sums, again: Sums | None) -> Iterator[Row]:
    known = kpis_of(sums.measured.rule)
    mixed = set(labels(sums, "kind", by_pool=False)[0]) == {"live", "deferred"}
    for name in names_in("main KPIs"):
        kpi = known[name]
        scope, part = told_of(name, mixed=mixed)
        if kpi.kind != "ratio" or absent(sums, kpi):
            continue
        within = {} if scope == "all" else {scope: part}
        kpi = kpi_within(kpi, within)
        for threshold in sums.measured.thresholds[:1] if kpi.by_threshold else (None,):
            both = [
                None
                if of is None
                else _numbers(values_by_replication(of, kpi, codes_within(of, kpi, within), threshold))
                for of in (sums, again)
            ]
            if both[0] is None or not np.nan_to_num(both[0]).any():
                continue
            about = _about(kpi, sums, scope, part, threshold) | {"goal": "", "period": "all", "start": "", "whole": 1}
            yield about | _told(both[0], both[1], None)


def _about(kpi: Kpi, sums: Sums, scope: str, name: str, threshold: int | None) -> Row:
    return {
        "kpi": kpi.name,
        "scope": scope,
        "name": name,
        "threshold_s": None if threshold is None else threshold / 1e6,
        "unit": kpi.unit.replace("money", sums.measured.currency),
    }


def _numbers(values: Sequence[float | None]) -> Values:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _told(each: Values, again: Values | None, goal: Goal | None) -> Row:
    """What is said of a KPI's replications, and of their second replications."""
    known = each[np.isfinite(each)]
    n = len(known)
    p10, p50, p90 = np.quantile(known, QUANTILES).tolist() if n else (None, None, None)
    none = ShareOfInputs(None, None, None, 0, "no replication was simulated again")
    parts = none if again is None else split(each[: len(again)], again)
    made = {
        "replications": n,
        "mean": float(known.mean()) if n else None,
        "sd": float(known.std(ddof=1)) if n > 1 else None,
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "met": None,
        "met_low": None,
        "met_high": None,
        "from_inputs": parts.share,
        "from_inputs_low": parts.low,
        "from_inputs_high": parts.high,
        "pairs": parts.pairs,
        "note": parts.note if n else "no value in any replication",
    }
    if goal is not None and n:
        met = sum(meets(goal, value) for value in known.tolist())
        low, high = wilson(met, n, LEVEL)
        made |= {"met": met / n, "met_low": low, "met_high": high}
    return made
