"""Goals by day, week or month, and on chosen days and hours: what is judged, and what each replication did.

* On chosen days and hours the KPI of that time alone is judged, as any other.
* `by: day`: every whole day must meet the goal on average of the replications. Judged is the day with the worst mean;
  its interval is made of the intervals of all days, each at a level (Bonferroni) at which they hold at once. It runs
  from the worst of their lower ends to the worst of their upper ends. So the goal passes if every day's interval meets
  it, and fails if one day's misses it.
* `worst: day`: the worst whole day of each replication must meet it, on average. The mean of the worst is never better
  than the worst of the means, which knows no chance of single days.

With either, a replication meets the goal if all its periods do: `probability` is that of a contract that asks for every
week. A period in which there is nothing to divide, as on a day that is closed, is not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.centre.periods import Kind, Period, chosen_in
from ccsim.errors import CcsimError
from ccsim.kpis.kpi import Kpi
from ccsim.language.hours import hours_text
from ccsim.metrics.by_interval import inside_of
from ccsim.metrics.estimates import of_parts
from ccsim.metrics.meets import meets
from ccsim.metrics.paired_influence import Influence, influence_of
from ccsim.metrics.parts import missing
from ccsim.metrics.periods import Laid, chosen_intervals, step_of_intervals, why_no_periods
from ccsim.metrics.ratios import ratios
from ccsim.metrics.steps import StepSums
from ccsim.metrics.sums import Codes, Sums

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

Row = dict[str, Any]
Matrix = NDArray[np.float64]


def in_time(goal: Goal) -> bool:
    """Whether a goal is about less, or other, than the whole counted time at once."""
    return bool(goal.by or goal.worst or goal.days or goal.hours)


def asked_time(goal: Goal) -> dict[str, Any]:
    """When a goal is to hold, as plain values: `by`, `worst`, `days`, `hours` (in words)."""
    hours = "" if goal.hours is None else hours_text(goal.hours)
    return {"by": goal.by, "worst": goal.worst, "days": list(goal.days), "hours": hours}


@dataclass(frozen=True, slots=True)
class TimeGoal:
    """A goal in time against a run: its sums by period."""

    goal: Goal
    kpi: Kpi
    threshold: int | None
    sums: StepSums
    periods: Sequence[Period]
    """Whole periods, in order; none for a goal on chosen days and hours."""
    partial: int
    """Periods that are counted in part and are not judged."""

    @classmethod
    def of(cls, goal: Goal, kpi: Kpi, scope: dict[str, str], threshold: int | None, whole: Sums) -> TimeGoal:
        """The goal's sums of a run.

        `CcsimError` where the sums by interval do not tell what it asks.
        """
        measured, kind, chosen = whole.measured, goal.by or goal.worst, chosen_in(goal)
        codes = _inside(whole, kpi, scope)
        periods: Sequence[Period] = ()
        partial = 0
        if kind is None:
            step_of = np.where(chosen_intervals(measured, chosen), 0, -1)
        else:
            if why := why_no_periods(measured):
                raise CcsimError(why)
            every = measured.counted().periods(kind)
            periods = [one for one in every if one.whole]
            partial = len(every) - len(periods)
            step_of = step_of_intervals(measured, periods, chosen)
        inside = {"pools" if kpi.by_pool else "flows": codes}
        return cls(goal, kpi, threshold, StepSums(whole, step_of, max(len(periods), 1), **inside), periods, partial)

    @property
    def kind(self) -> Kind | None:
        """Of the periods that are judged; None for a goal on chosen days and hours."""
        return self.goal.by or self.goal.worst

    def judged(self, level: float) -> tuple[Row, Row]:
        """The estimate that is judged, as one of `of_parts`, and what is said of the time."""
        spans = [] if self.goal.hours is None else [list(span) for span in self.goal.hours.spans]
        told: Row = asked_time(self.goal) | {"hour_spans": spans, "zone": str(self.sums.measured.counted().zone)}
        if self.kind is None:
            return self.rows(level)[0], told
        told |= {"judged": 0, "partial": self.partial, "met": 0, "period": None}
        by_period = self.rows(1 - (1 - level) / max(self._divided(), 1))
        known = [i for i, row in enumerate(by_period) if row["estimate"] is not None]
        common = {name: by_period[0][name] for name in ("threshold_s", "replications", "unit")}
        if not known:
            said = f"no whole {self.kind} was counted" if not self.periods else by_period[0]["note"]
            return common | missing(said), told
        worst = self._worst(known, [by_period[i]["estimate"] for i in known])
        met = sum(meets(self.goal, by_period[i]["estimate"]) for i in known)
        told |= {"judged": len(known), "met": met, "period": self.periods[worst].name}
        row = common | self._of_worst(level) if self.goal.worst else self._of_means(by_period, known, worst)
        return row, told

    def values(self) -> list[float | None]:
        """What each replication is judged by alone: its value, or that of its worst period; None where it has none."""
        x, y = self._divide()
        each: list[float | None] = []
        for column in range(x.shape[1]):
            there = np.flatnonzero(y[:, column])
            found = (x[there, column] / y[there, column] * self.kpi.scale).tolist()
            each.append((min(found) if self._low_is_worse else max(found)) if found else None)
        return each

    def influence(self) -> Influence:
        """What each replication did to what is judged: one part."""
        if self.goal.worst:
            tops, bottoms = self._of_replications()
            return _of_mean(tops, bottoms)
        names = [one.name for one in self.periods] or ["all"]
        found = influence_of(self.sums, self.kpi, np.arange(len(names)), names, self.threshold)
        known = np.flatnonzero(found.known).tolist()
        at = self._worst(known, found.values[known].tolist()) if known else 0
        return _one_part(found, at)

    @property
    def _low_is_worse(self) -> bool:
        return self.goal.at_least is not None

    def _worst(self, places: Sequence[int], values: Sequence[float]) -> int:
        """The place of the worst value, the first of equal ones."""
        at = min(range(len(values)), key=lambda i: values[i] if self._low_is_worse else -values[i])
        return places[at]

    def _divide(self) -> tuple[Matrix, Matrix]:
        """Numerators and denominators, shape [periods, replications]."""
        kpi, steps = self.kpi, self.sums.steps
        codes = np.arange(steps, dtype=np.int64)
        x = self.sums.evaluate(kpi.numerator, kpi, codes, steps, self.threshold)
        return x, self.sums.evaluate(kpi.denominator, kpi, codes, steps, self.threshold)

    def _divided(self) -> int:
        """Periods with anything to divide by."""
        return int((self._divide()[1].sum(axis=1) != 0).sum())

    def rows(self, level: float) -> list[Row]:
        """The KPI of each period alone, as rows of `of_parts`."""
        steps = self.sums.steps
        return of_parts(self.sums, self.kpi, np.arange(steps, dtype=np.int64), steps, self.threshold, level)

    def _of_means(self, rows: Sequence[Row], known: Sequence[int], worst: int) -> Row:
        """The worst of the periods' means, with the interval that holds for all of them at once."""
        pick = min if self._low_is_worse else max
        found = dict(rows[worst])
        ends = [(rows[i]["low"], rows[i]["high"]) for i in known]
        some = [i for i in known if rows[i]["low"] is None]
        if some:
            return found | {"low": None, "high": None, "standard_error": None, "note": rows[some[0]]["note"]}
        found |= {"low": pick(low for low, _ in ends), "high": pick(high for _, high in ends)}
        return found | {"method": f"{found['method']}; holds for all {len(known)} {self.kind}s at once"}

    def _of_replications(self) -> tuple[Matrix, Matrix]:
        """The worst period of each replication over 1, both 0 where it has none; shape [1, replications]."""
        each = self.values()
        known = np.array([value is not None for value in each], dtype=np.float64)
        return np.array([[value or 0.0 for value in each]]), known[None, :]

    def _of_worst(self, level: float) -> Row:
        tops, bottoms = self._of_replications()
        made = ratios(tops, bottoms, level, self.kpi.interval_scale)
        row: Row = {
            "estimate": float(made.estimate[0]),
            "low": None,
            "high": None,
            "standard_error": None,
            "method": "; ".join(filter(None, (self.kpi.rule, f"mean of the worst {self.kind}s", made.how[0]))),
            "numerator": float(tops.sum()),
            "denominator": float(bottoms.sum()),
            "note": str(made.note[0]),
        }
        if made.has_interval[0]:
            row |= {"low": float(made.low[0]), "high": float(made.high[0]), "standard_error": float(made.error[0])}
        return row


def rows_by_period(
    by_day: StepSums, kind: Kind, kpi: Kpi, scope: dict[str, str], threshold: int | None, level: float
) -> tuple[list[Period], list[Row]]:
    """The whole periods of a kind, and a KPI of each alone as rows of `of_parts`, made of sums by day.

    `CcsimError` where the sums by interval do not tell what is asked.
    """
    laid = Laid(by_day.measured.counted(), kind, whole=True)
    places = laid.places(_inside(by_day.whole, kpi, scope))
    with laid.lengths(by_day):
        return laid.periods, of_parts(by_day, kpi, places, laid.count, threshold, level) if laid.count else []


def _inside(whole: Sums, kpi: Kpi, scope: dict[str, str]) -> Codes:
    try:
        return inside_of(whole, kpi, scope)
    except ValueError as error:
        raise CcsimError(str(error)) from None


def _of_mean(tops: Matrix, bottoms: Matrix) -> Influence:
    """The influence on a mean of replications."""
    n = bottoms.sum()
    value = float(tops.sum() / n) if n else 0.0
    moves = np.where(bottoms != 0, tops - value, 0.0)
    taken = (bottoms != 0) & (n > 1)
    return Influence(
        ("all",), np.array([value]), np.array([n > 0]), moves, taken, ((None, None),), ("",), tops, bottoms
    )


def _one_part(found: Influence, at: int) -> Influence:
    """One part of several, under the name of all."""
    only = slice(at, at + 1)
    tops = None if found.tops is None else found.tops[only]
    bottoms = None if found.bottoms is None else found.bottoms[only]
    return Influence(
        ("all",), found.values[only], found.known[only], found.moves[only], found.taken[only],
        found.ends[only], found.notes[only], tops, bottoms,
    )  # fmt: skip
