"""KPIs by day, week and month of the report's zone, and of chosen days and hours: made from sums by interval.

Sums of days add up to those of weeks, months and the counted time exactly; visits of counted contacts that joined their
queue after the counted time (`after`) are in no period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.centre.periods import PERIOD_KINDS, ChosenTime, CountedTime, Kind, Period, faults_of_chosen
from ccsim.errors import CcsimError
from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.kpi import POOL_SCOPES_OF_COST, Kpi
from ccsim.kpis.shown import names_in
from ccsim.metrics.estimates import LEVEL, absent, shown_scale
from ccsim.metrics.parts import labels, scopes_within
from ccsim.metrics.ratios import ratios
from ccsim.metrics.steps import StepSums, intervals_of, kept_by_interval
from ccsim.metrics.sums import Codes, Sums
from ccsim.results.measured import Measured
from ccsim.results.period_columns import PERIOD_ESTIMATES
from ccsim.units import HOUR

PERIOD_SCOPES: Final = ("all", "kind", "channel", "workflow", "market", "site", "vendor")
"""What KPIs by period are split by where nothing else is asked for, as far as it splits the run."""

SUMS_BY_DAY: Final = "sums by day"
"""Where sums of a run remember those of its days, for who has added them up before the tables are whole."""

Frame = pd.DataFrame


def step_of_intervals(measured: Measured, periods: Sequence[Period], inside: ChosenTime | None = None) -> Codes:
    """The period that every report interval lies in, -1 outside of all and of what is chosen; shape [intervals].

    Parameters
    ----------
    periods
        In order, without overlap; midnights do not tear report intervals.
    inside
        Days and hours that count; default all.
    """
    starts = np.arange(intervals_of(measured), dtype=np.int64) * measured.interval
    if not periods:
        return np.full(len(starts), -1, dtype=np.int64)
    since = np.array([one.since for one in periods], dtype=np.int64)
    until = np.array([one.until for one in periods], dtype=np.int64)
    at = np.searchsorted(since, starts, side="right") - 1
    step = np.where((at >= 0) & (starts < until[np.maximum(at, 0)]), at, -1)
    return step if inside is None or inside.everything else np.where(chosen_intervals(measured, inside), step, -1)


def chosen_intervals(measured: Measured, chosen: ChosenTime) -> Any:
    """Whether each report interval lies in chosen days and hours, shape [intervals].

    `CcsimError` where the sums by interval do not tell that.
    """
    counted = measured.counted()
    faults = list(faults_of_chosen(chosen, counted, measured.interval))
    if faults:
        raise CcsimError("\n".join(faults))
    starts = np.arange(intervals_of(measured), dtype=np.int64) * measured.interval
    inside = np.zeros(len(starts), dtype=bool)
    for since, until in chosen.spans(counted):
        inside |= (starts >= since) & (starts < until)
    return inside


def why_no_periods(measured: Measured) -> str:
    """Why a run has nothing by day, week and month; empty where it has."""
    counted = measured.counted()
    torn = counted.torn(measured.interval)
    if torn is None:
        return ""
    return f"the midnight of {torn} {counted.zone} lies inside a report interval: take a shorter `horizon.interval`"


def sums_of_chosen(whole: Sums, chosen: ChosenTime) -> StepSums:
    """The sums of chosen days and hours, by flow and by pool: a run's `Sums` of this time alone."""
    inside = chosen_intervals(whole.measured, chosen)
    return StepSums(whole, np.where(inside, 0, -1), 1)


def sums_by_day(whole: Sums, chosen: ChosenTime | None = None) -> StepSums:
    """The sums of every day, by flow and by pool; `chosen`: of these days and hours only."""
    if (chosen is None or chosen.everything) and SUMS_BY_DAY in whole.memo:
        known: StepSums = whole.memo[SUMS_BY_DAY]
        return known
    days = whole.measured.counted().periods("day")
    return StepSums(whole, step_of_intervals(whole.measured, days, chosen), len(days))


def by_period(
    tables: Mapping[str, Frame],
    measured: Measured,
    *,
    kinds: Sequence[Kind] = PERIOD_KINDS,
    kpis: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
    chosen: ChosenTime | None = None,
    level: float = LEVEL,
    sums: Sums | None = None,
    by_day: StepSums | None = None,
) -> Frame:
    """KPIs by day, week and month with their intervals, columns as in `ccsim.results.period_columns`.

    Parameters
    ----------
    tables, measured
        Of the run.
    kinds
        Of periods: `day`, `week`, `month`.
    kpis
        Names of KPIs; default those shown by period. One that is no ratio of sums by interval is an error.
    scopes
        What they are split by; default `PERIOD_SCOPES`. Sums by interval are kept by flow: a market is told of volumes
        that have it alone, and `several` of the others.
    chosen
        Only these days and hours of every period; default all.
    level
        Confidence level, between 0 and 1.
    sums
        Sums of these tables, for who has them already.
    by_day
        The same of `sums_by_day` for what is chosen.

    `CcsimError` where a report interval holds a midnight, or for a KPI that is not known by time.
    """
    if why := why_no_periods(measured):
        raise CcsimError(why)
    known = kpis_of(measured.rule)
    strange = [name for name in kpis or () if name not in known or not kept_by_interval(known[name])]
    if strange:
        raise CcsimError(f"{', '.join(strange)}: not known by time; only ratios of sums by interval are")
    chosen_kpis = [known[name] for name in (names_in("by period") if kpis is None else kpis)]
    counted = measured.counted()
    whole = Sums(tables, measured) if sums is None else sums
    stepped = sums_by_day(whole, chosen) if by_day is None else by_day
    laid = [Laid(counted, kind) for kind in kinds]
    made: list[_Rows] = []
    together = stepped.prepare(chosen_kpis)
    for kpi in chosen_kpis:
        for one in _formulas(kpi, stepped, PERIOD_SCOPES if scopes is None else scopes):
            made.extend(_of_scope(stepped, *one, on, level) for on in laid)
        stepped.let_go(sums=not together)
    made.sort(key=lambda rows: kinds.index(rows["period"][0]))  # stable: KPIs stay in their order
    return _frame(made)


class Laid:
    """Days laid onto periods of a kind; `whole`: onto those alone that are counted from end to end."""

    def __init__(self, counted: CountedTime, kind: Kind, *, whole: bool = False) -> None:
        every = counted.periods(kind)
        self.periods = [one for one in every if one.whole or not whole]
        self.count = len(self.periods)
        since = [one.since for one in every]
        place = np.cumsum([one in self.periods for one in every]) - 1
        place[[one not in self.periods for one in every]] = -1
        at = np.searchsorted(since, [day.since for day in counted.periods("day")], side="right") - 1
        self.of_day: Codes = place[at]
        """Period of every day, -1 for one in none of them."""

    def places(self, codes: Codes) -> Codes:
        """Part and period of every row of sums by day whose flows (or pools) have these parts."""
        inside = (codes[:, None] >= 0) & (self.of_day >= 0)
        return np.where(inside, codes[:, None] * self.count + self.of_day, -1).reshape(-1)

    @contextmanager
    def lengths(self, by_day: StepSums) -> Iterator[None]:
        """Inside it the steps of sums by day are as long as the periods."""
        lengths = by_day.lengths
        inside = self.of_day >= 0
        by_day.lengths = np.bincount(self.of_day[inside], weights=lengths[inside], minlength=self.count).astype(
            np.float64
        )
        try:
            yield
        finally:
            by_day.lengths = lengths


def _formulas(kpi: Kpi, sums: Sums, scopes: Sequence[str]) -> Iterator[tuple[Kpi, str, int | None]]:
    """A KPI with each scope that it is known by by time, and each of its thresholds."""
    if kpi.allocated:
        scopes = [scope for scope in scopes if scope in ("all", *POOL_SCOPES_OF_COST)]
    elif kpi.by_answerer and not sums.knows_answerers:
        scopes = [scope for scope in scopes if scope not in POOL_SCOPES_OF_COST]
    for scope in scopes_within(sums, kpi, scopes):
        if scope != "all" and len(labels(sums, scope, by_pool=kpi.by(scope).by_pool)[0]) < 2:
            continue
        for threshold in sums.measured.thresholds if kpi.by_threshold else (None,):
            yield kpi.by(scope), scope, threshold


def _of_scope(sums: StepSums, kpi: Kpi, scope: str, threshold: int | None, on: Laid, level: float) -> _Rows:
    """A KPI of every part of a scope on every period of a kind."""
    names, codes = labels(sums, scope, by_pool=kpi.by_pool)
    parts = len(names) * on.count
    places = on.places(codes)
    with on.lengths(sums):
        x = sums.evaluate(kpi.numerator, kpi, places, parts, threshold)
        y = sums.evaluate(kpi.denominator, kpi, places, parts, threshold)
    made = ratios(x, y, level, kpi.interval_scale, counted=kpi.counted)
    why = absent(sums, kpi)
    known = made.known & (not why)
    exact = kpi.table == "workforce_plan"
    has = known & (made.has_interval | (exact and sums.replications > 1))
    note = made.note.copy()
    note[~known] = why or f"no value: {kpi.denominator} is 0"
    if exact:
        note[known] = ""
    ends = (made.estimate, made.estimate) if exact else (made.low, made.high)
    each = len(names)
    return {
        "period": np.full(parts, on.periods[0].kind, dtype=object),
        "start": np.tile(np.array([one.name for one in on.periods], dtype=object), each),
        "whole": np.tile([one.whole for one in on.periods], each),
        "counted_hours": np.tile([one.covered / HOUR for one in on.periods], each),
        "kpi": np.full(parts, kpi.name, dtype=object),
        "scope": np.full(parts, scope, dtype=object),
        "name": np.repeat(np.array(names, dtype=object), on.count),
        "threshold_s": np.full(parts, np.nan if threshold is None else threshold / 1e6),
        "estimate": np.where(known, made.estimate * kpi.scale, np.nan),
        "low": np.where(has, ends[0] * kpi.scale, np.nan),
        "high": np.where(has, ends[1] * kpi.scale, np.nan),
        "standard_error": np.where(has, 0.0 if exact else made.error * kpi.scale, np.nan),
        "replications": np.full(parts, sums.replications),
        "unit": np.full(parts, kpi.unit.replace("money", sums.measured.currency), dtype=object),
        "numerator": x.sum(axis=1) * shown_scale(kpi.numerator),
        "denominator": y.sum(axis=1) * shown_scale(kpi.denominator),
        "note": note,
    }


_Rows = dict[str, NDArray[Any]]
"""Some rows of the table by column; what is missing is not a number until it becomes one."""


def _frame(made: Sequence[_Rows]) -> Frame:
    """One table of all rows."""
    columns: dict[str, Any] = {}
    for column in PERIOD_ESTIMATES:
        values = np.concatenate([rows[column.name] for rows in made]) if made else np.empty(0)
        if column.dtype == "float64":
            columns[column.name] = pd.arrays.FloatingArray(values.astype(np.float64), np.isnan(values))
        else:
            columns[column.name] = pd.Series(values, dtype=column.dtype)
    return pd.DataFrame(columns)
