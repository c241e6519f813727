"""What customers lose in chosen days and hours: contacts that left, were turned away, or missed their deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ccsim.centre.periods import ChosenTime
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.paired import Confidence, difference_between
from ccsim.metrics.paired_influence import influence_of
from ccsim.metrics.parts import labels
from ccsim.metrics.periods import chosen_intervals
from ccsim.metrics.steps import StepSums, intervals_of
from ccsim.metrics.sums import Sums

Row = dict[str, Any]


def _loss(name: str, title: str, numerator: str, meaning: str) -> Kpi:
    return Kpi(name, title, "contacts", numerator, "length", meaning, "lower")


LOST: Final = (
    _loss("lost_abandoned", "Abandoned", "abandoned", "Customers who hung up or left while waiting"),
    _loss("lost_balked", "Balked", "balked", "Customers who left at once at the announced wait"),
    _loss(
        "lost_turned_away",
        "Turned away",
        "blocked + closed",
        "Visits that found no room in the queue, or no entry_points",
    ),
    _loss("lost_timed_out", "Timed out", "moved_on + cleared", "Visits that left at the queue's time-out or closing"),
    _loss("lost_callbacks", "Callbacks not reached", "not_reached + expired", "Callbacks never reached or expired"),
    _loss("lost_deadline", "Deadline missed", "due - in_deadline", "Deferred work that was not answered in time"),
)
"""Ways to lose a contact, each a mean number of visits by when they joined their queue."""
ANY: Final = _loss(
    "lost",
    "Lost",
    "abandoned + balked + blocked + closed + moved_on + cleared + not_reached + expired + due - in_deadline",
    "All of these together",
)


@dataclass(frozen=True, slots=True)
class ChosenLosses:
    """Sums of a run in chosen days and hours, as a whole and by the hour of the day."""

    whole: StepSums
    by_hour: StepSums
    hours: tuple[str, ...]
    """`09:00`: each hour of the day that is chosen, in order."""

    @classmethod
    def of(cls, sums: Sums, chosen: ChosenTime) -> ChosenLosses:
        """Those of a run; `CcsimError` where sums by interval do not tell the chosen time."""
        measured = sums.measured
        counted = measured.counted()
        inside = np.flatnonzero(chosen_intervals(measured, chosen))
        hour = np.array([counted.local(int(i) * measured.interval).hour for i in inside], dtype=np.int64)
        each, place = np.unique(hour, return_inverse=True)
        every = intervals_of(measured)
        one, several = np.full(every, -1, dtype=np.int64), np.full(every, -1, dtype=np.int64)
        one[inside], several[inside] = 0, place
        made = cls(
            StepSums(sums, one, 1), StepSums(sums, several, max(len(each), 1)), tuple(f"{h:02d}:00" for h in each)
        )
        for steps in (made.whole, made.by_hour):
            steps.lengths = np.ones(steps.steps)  # a mean number of visits, whatever the length of the time
        return made

    def names(self, scope: str) -> list[str]:
        """Parts of a scope."""
        return labels(self.whole, scope, by_pool=False)[0]

    def counts(self, loss: Kpi, scope: str = "all", *, hourly: bool = False, level: float = LEVEL) -> list[Row]:
        """Mean number of visits lost, with its interval: a row a part, or, `hourly`, a part and hour."""
        sums, codes, parts, names = self._laid(scope, hourly=hourly)
        rows = of_parts(sums, loss, codes, len(names), None, level)
        return [row | {"name": part, "hour": hour} for row, (part, hour) in zip(rows, parts, strict=True)]

    def changes(
        self, other: ChosenLosses, loss: Kpi, confidence: Confidence, scope: str = "all", *, hourly: bool = False
    ) -> list[Row]:
        """How many more another run of the same replications loses, with paired intervals; rows as in `counts`.

        A part that only one of the two has is left out.
        """
        found = {}
        for run in (self, other):
            sums, codes, parts, names = run._laid(scope, hourly=hourly)
            influence = influence_of(sums, loss, codes, names)
            found[run is other] = {key: (influence, i) for i, key in enumerate(parts)}
        ours, theirs = found[False], found[True]
        rows: list[Row] = []
        for key in dict.fromkeys([*ours, *theirs]):
            if key not in ours or key not in theirs:
                continue
            (a, i), (b, j) = ours[key], theirs[key]
            made = difference_between(a, i, b, j, confidence)
            rows.append(
                {
                    "name": key[0], "hour": key[1], "unit": loss.unit, "note": "",
                    "base": float(a.values[i]), "value": float(b.values[j]),
                    "difference": made.difference, "low": made.low, "high": made.high, "verdict": made.verdict,
                    "good": {"higher": "worse", "lower": "better"}.get(made.verdict, ""),
                }
            )  # fmt: skip
        return rows

    def _laid(
        self, scope: str, *, hourly: bool
    ) -> tuple[StepSums, Any, Sequence[tuple[str, str | None]], Sequence[str]]:
        """Sums, the part of every row of them, parts with their hours, and their names."""
        sums = self.by_hour if hourly else self.whole
        names, codes = labels(sums, scope, by_pool=False)
        steps = sums.steps
        places = np.where(codes[:, None] >= 0, codes[:, None] * steps + np.arange(steps)[None, :], -1).reshape(-1)
        hours: Sequence[str | None] = self.hours if hourly else (None,)
        parts = [(name, hour) for name in names for hour in hours]
        return sums, places, parts, [f"{name} {hour}" for name, hour in parts]
