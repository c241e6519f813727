"""How KPIs differ between replications with uncertain inputs: quantiles, goals as probabilities, what makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
_WHOLE: Final = {"period": "all", "start": "", "whole": 1}
"""All of the counted time."""


def spread_of(goals: Sequence[Goal], sums: Sums, again: Sums | None) -> pd.DataFrame:
    """A row for each KPI of a goal, and for each main KPI and each that is shown by period: of all of the counted time,
    and of every week where it is kept by week.

    Columns as in `ccsim.results.spread_columns`. Quantiles of replications are those of Hyndman and Fan's type 7.

    Parameters
    ----------
    sums
        Of the run.
    again
        Of the second replications of its first replications; None where there are none, and the inputs' share is not
        told.
    """
    weeks = None if why_no_periods(sums.measured) else _Weeks(sums, again)
    rows = [row for number, goal in enumerate(goals) for row in _of_goal(number, goal, sums, again, weeks)]
    rows += _of_kpis(sums, again, weeks)
    made: dict[str, Any] = {}
    for column in SPREAD:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        made[column.name] = pd.Series([row[column.name] for row in rows], dtype=kind)
    return pd.DataFrame(made)


class _Weeks:
    """Sums by week of a run, and of its second replications."""

    def __init__(self, sums: Sums, again: Sums | None) -> None:
        self.weeks = sums.measured.counted().periods("week")
        step_of = step_of_intervals(sums.measured, self.weeks)
        self._each = [None if of is None else StepSums(of, step_of, len(self.weeks)) for of in (sums, again)]
        shown = [kpi for kpi in _shown(sums) if kept_by_interval(kpi)]
        self._together = [of is not None and of.prepare(shown) for of in self._each]

    def rows(self, kpi: Kpi, scope: Mapping[str, str], threshold: int | None, goal: Goal | None) -> Iterator[Row]:
        """What is said of every week; nothing of a KPI that is not kept by week, or of a part that is not."""
        if kpi.kind != "ratio" or not kept_by_interval(kpi):
            return
        first, second = (None if of is None else self._values(of, kpi, scope, threshold) for of in self._each)
        for of, together in zip(self._each, self._together, strict=True):
            if of is not None:
                of.let_go(sums=not together)
        if first is None:
            return
        for i, week in enumerate(self.weeks):
            when = {"period": "week", "start": week.name, "whole": int(week.whole)}
            yield when | _told(first[i], None if second is None else second[i], goal)

    def _values(self, of: StepSums, kpi: Kpi, scope: Mapping[str, str], threshold: int | None) -> Values | None:
        """A KPI, shape [weeks, replications], not a number where it cannot be made; None where it is kept by flow, and
        a flow is only partly in the scope.
        """
        try:
            inside = inside_of(of.whole, kpi, scope)
        except ValueError:
            return None
        weeks = len(self.weeks)
        codes = np.where(inside[:, None] >= 0, np.arange(weeks), -1).reshape(-1)
        x, y = (of.evaluate(one, kpi, codes, weeks, threshold) for one in (kpi.numerator, kpi.denominator))
        made: Values = np.where(y != 0, x / np.where(y != 0, y, 1.0) * kpi.scale, np.nan)
        return made


def _of_goal(number: int, goal: Goal, sums: Sums, again: Sums | None, weeks: _Weeks | None) -> Iterator[Row]:
    kpi, threshold = kpi_of_goal(goal, sums.measured)
    scope = scope_of(goal)

    def whole(of: Sums) -> list[float | None]:
        if in_time(goal):
            return TimeGoal.of(goal, kpi, scope, threshold, of).values()
        return values_by_replication(of, kpi, codes_within(of, kpi, scope), threshold)

    about = _about(kpi, sums, "+".join(scope) or "all", "+".join(scope.values()) or "all", threshold)
    about["goal"] = str(number)
    yield about | _WHOLE | _told(_numbers(whole(sums)), None if again is None else _numbers(whole(again)), goal)
    if weeks is not None and not in_time(goal):
        yield from (about | row for row in weeks.rows(kpi, scope, threshold, goal))


def _shown(sums: Sums) -> list[Kpi]:
    """The main KPIs, and then those that are shown by period."""
    known = kpis_of(sums.measured.rule)
    names = dict.fromkeys((*names_in("main KPIs"), *names_in("by period")))
    return [known[name] for name in names if known[name].kind == "ratio"]


def _of_kpis(sums: Sums, again: Sums | None, weeks: _Weeks | None) -> Iterator[Row]:
    mixed = set(labels(sums, "kind", by_pool=False)[0]) == {"live", "deferred"}
    for shown in _shown(sums):
        scope, part = told_of(shown.name, mixed=mixed)
        if absent(sums, shown):
            continue
        within = {} if scope == "all" else {scope: part}
        kpi = kpi_within(shown, within)
        for threshold in sums.measured.thresholds[:1] if kpi.by_threshold else (None,):
            first, second = (
                None
                if of is None
                else _numbers(values_by_replication(of, kpi, codes_within(of, kpi, within), threshold))
                for of in (sums, again)
            )
            if first is None or not np.nan_to_num(first).any():
                continue
            about = _about(kpi, sums, scope, part, threshold) | {"goal": ""}
            yield about | _WHOLE | _told(first, second, None)
            if weeks is not None:
                yield from (about | row for row in weeks.rows(kpi, within, threshold, None))


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
