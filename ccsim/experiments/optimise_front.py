"""Which tried plans are looked at again, and which of these are beaten beyond noise: by paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any, Final

from ccsim.experiments.optimise_asked import Cell, Objective
from ccsim.experiments.sweep_parts import SimulatedPoint, influence_in
from ccsim.kpis.verdicts import Verdict, excess, verdict_of_goals, verdict_of_interval
from ccsim.metrics.paired import Confidence, Difference, difference_between

MOST_CERTIFIED: Final = 12
"""Plans that are simulated again with fresh replications."""
NOWHERE: Final = 1e3
"""By how much a plan misses a constraint whose KPI has no value or no interval."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TriedPlan:
    """A plan that was tried."""

    number: int
    """From 1; 0 is the scenario as written."""
    cell: Cell
    values: tuple[tuple[str, str], ...]
    part: SimulatedPoint | None
    """None where it has no results."""
    why: str = ""
    """Why it has none."""

    def losses(self, objectives: Sequence[Objective]) -> list[float] | None:
        """Its objectives, less is better; None where one of them has no value."""
        found = [] if self.part is None else [line_of(self.part, one.kpi)["value"] for one in objectives]
        if not found or None in found:
            return None
        return [one.sign * value for one, value in zip(objectives, found, strict=True)]

    def excess(self) -> list[float]:
        """By how much the worse end of each goal's interval misses its limit, in parts of the limit; 0 or less where
        the goal passes.
        """
        return [] if self.part is None else [_excess(goal) for goal in self.part.goals]

    @property
    def meets(self) -> bool:
        """Whether the estimate of every goal meets its limit."""
        return self.part is not None and all(map(_estimate_meets, self.part.goals))

    @property
    def verdict(self) -> Verdict:
        """Whether all goals pass, or one fails, by the interval."""
        return verdict_of_goals([] if self.part is None else self.part.goals)


def _excess(goal: Row) -> float:
    low, high = goal["low"], goal["high"]
    return NOWHERE if low is None or high is None else excess(low, high, goal["at_least"], goal["at_most"])


def _estimate_meets(goal: Row) -> bool:
    value = goal["estimate"]
    return value is not None and verdict_of_interval(value, value, goal["at_least"], goal["at_most"])[0] == "pass"


def line_of(part: SimulatedPoint, kpi: str) -> Row:
    """What is kept of a KPI of everything; of a service level the first threshold; without value where it has none."""
    found = (line for line in part.lines if line["kpi"] == kpi and line["scope"] == "all")
    return next(found, {"value": None, "value_low": None, "value_high": None, "unit": "", "threshold_s": None})


def difference(first: SimulatedPoint, one: SimulatedPoint, kpi: str, confidence: Confidence) -> Difference | None:
    """A plan's KPI less that of another on the same replications; None where either has none."""
    a, b = line_of(first, kpi), line_of(one, kpi)
    if a["value"] is None or b["value"] is None:
        return None
    return difference_between(influence_in(a), 0, influence_in(b), 0, confidence)


def beats(one: SimulatedPoint, other: SimulatedPoint, objectives: Sequence[Objective], confidence: Confidence) -> bool:
    """Whether a plan dominates another beyond noise: significantly better in an objective, and in each other one
    significantly better or equal in every replication.
    """
    better = False
    for objective in objectives:
        found = difference(other, one, objective.kpi, confidence)
        if found is None or found.verdict == "not decided":
            return False
        if found.verdict != "equal":
            if (found.verdict == "higher") != (objective.sense == "maximise"):
                return False
            better = True
    return better


def pairs_of(plans: int, objectives: int) -> Confidence:
    """Confidence of the differences of all pairs of plans in all objectives at once: 95 %."""
    return Confidence(0.05, max(comb(plans, 2) * objectives, 1))


def dominates(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether losses are at most those of another, and below in one."""
    return all(x <= y for x, y in zip(a, b, strict=True)) and any(x < y for x, y in zip(a, b, strict=True))


def front_of(trials: Sequence[TriedPlan], objectives: Sequence[Objective]) -> list[TriedPlan]:
    """Those that no other dominates by the means, in order of the objectives; of equals the first."""
    known = sorted(
        ((losses, one.number, one) for one in trials if (losses := one.losses(objectives)) is not None),
        key=lambda row: row[:2],
    )
    front: list[tuple[list[float], TriedPlan]] = []
    for losses, _, one in known:  # what dominates a plan stands before it
        if not any(dominates(other, losses) or other == losses for other, _ in front):
            front.append((losses, one))
    return [one for _, one in front]


def candidates(
    trials: Sequence[TriedPlan], objectives: Sequence[Objective], most: int = MOST_CERTIFIED
) -> tuple[list[TriedPlan], int]:
    """Plans for fresh replications, by their objectives, and how many more the search could not tell from them.

    These are the front by the means of plans whose goals pass, that of plans whose estimates meet them (a certificate
    may decide what the search could not), and plans that no other beats beyond noise. Of too many on a front every
    so-many-th is taken. Where no estimate meets the goals it is the plan that is nearest to them.
    """
    met = [one for one in trials if one.meets]
    if not met:
        with_value = [one for one in trials if one.losses(objectives) is not None]
        nearest = sorted(with_value, key=lambda one: (sum(max(over, 0.0) for over in one.excess()), one.number))
        return nearest[:1], 0
    passing = [one for one in met if one.verdict == "pass"]
    first, second = front_of(passing, objectives), front_of(met, objectives)
    confidence = pairs_of(len(passing), len(objectives))
    parts = [one.part for one in first if one.part is not None]
    ties = [
        one
        for one in passing
        if one.losses(objectives) is not None
        and one.part is not None
        and not any(beats(other, one.part, objectives, confidence) for other in parts if other is not one.part)
    ]
    losses = {one.number: one.losses(objectives) or [] for one in ties}
    ties.sort(key=lambda one: (losses[one.number], one.number))
    chosen: dict[int, TriedPlan] = {}
    wanted = {one.number: one for one in (*first, *second, *ties)}
    for group, share in ((first, max(most * 2 // 3, 1)), (second, most), (ties, most)):
        left = [one for one in group if one.number not in chosen]
        room = share - len(chosen)
        chosen |= {one.number: one for one in _thinned(left, room)}
    ordered = sorted(chosen.values(), key=lambda one: (one.losses(objectives) or [], one.number))
    return ordered, len(wanted) - len(chosen)


def _thinned(plans: Sequence[TriedPlan], room: int) -> list[TriedPlan]:
    """At most so many of them, both ends among them where there is room."""
    if room <= 0 or len(plans) <= room:
        return list(plans[: max(room, 0)])
    if room == 1:
        return [plans[0]]
    return [plans[round(i * (len(plans) - 1) / (room - 1))] for i in range(room)]
