"""What the search knows of plans that it has not simulated: linear margins from plans that it has, and the programmes
(HiGHS) that pick the next plan to simulate. Pure: no simulation here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

Vector = NDArray[np.float64]
Heads = tuple[int, ...]
"""People by pool, in the order of the pools that may change."""

GROWTH: Final = 1.15
"""All pools grow by so many times where nothing else helps."""
CLOSE: Final = 4
"""Changes of a pool that a slope is believed for, however small the pool is."""
_LEAST_SHARE: Final = 1e-4
"""Shares nearer than this to 0 or 1 are taken as this near, so that their logit stays finite."""
_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Side:
    """One limit of a goal."""

    goal: int
    """Place of the goal among the scenario's."""
    sign: int
    """1: at least; -1: at most."""
    limit: float
    scale: str
    """`logit` of shares, `log` of times, costs and ratios, `plain` of what may be 0 or below: on these service is
    nearly linear in the number of people over a wide range."""
    people_help: bool = True
    """Whether more people never make it worse: so for service, not for cost and occupancy."""

    def margin(self, value: float) -> float:
        """How far a value is on the good side of the limit, on the scale; below 0 where it misses it."""
        return self.sign * (self._scaled(value) - self._scaled(self.limit))

    def _scaled(self, value: float) -> float:
        return float(scaled(self.scale, np.array(value)))


def scaled(scale: str, values: Vector) -> Vector:
    """Values on a scale of `Side.scale`, any shape; shares and times are kept off the ends, where it is infinite."""
    if scale == "logit":
        share = np.clip(values, _LEAST_SHARE, 1 - _LEAST_SHARE)
        return np.asarray(np.log(share / (1 - share)))
    return np.asarray(np.log(np.maximum(values, _LEAST)) if scale == "log" else values)


def from_scale(scale: str, values: Vector) -> Vector:
    """What `scaled` was made of."""
    if scale == "logit":
        return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))))
    return np.asarray(np.exp(np.clip(values, -50, 50)) if scale == "log" else values)


def steepness(scale: str, values: Vector) -> Vector:
    """What `scaled` gains where the value gains 1, > 0."""
    if scale == "logit":
        share = np.clip(values, _LEAST_SHARE, 1 - _LEAST_SHARE)
        return np.asarray(1 / (share * (1 - share)))
    return np.asarray(1 / np.maximum(values, _LEAST) if scale == "log" else np.ones_like(values))


def sides_of(goals: Sequence[Goal]) -> list[Side]:
    """Every limit of every goal."""
    from ccsim.kpis.definitions import KPIS

    found = []
    for number, goal in enumerate(goals):
        kpi = KPIS[goal.kpi]
        limits = [one for one in (goal.at_least, goal.at_most) if one is not None]
        scale = "logit" if kpi.unit == "share" else "log" if min(limits) > 0 and kpi.unit != "points" else "plain"
        for sign, limit in ((1, goal.at_least), (-1, goal.at_most)):
            if limit is not None:
                helps = (kpi.better == "higher") == (sign > 0) and kpi.better != "neither"
                helps = helps and not kpi.unit.startswith("money") and "occupancy" not in kpi.name
                found.append(Side(number, sign, limit, scale, helps))
    return found


def side_of_all(sides: Sequence[Side]) -> Side:
    """All goals at once, as one side: the least of their margins, which may not be below 0."""
    return Side(0, 1, 0.0, "plain", all(side.people_help for side in sides))


@dataclass(frozen=True, slots=True)
class CuttingPlane:
    """What a simulated plan says of the plans around it."""

    heads: Heads
    margins: Vector
    """Margin of every side less what chance asks for, shape [sides]."""
    slopes: Vector
    """What one person more in a pool adds to it, shape [sides, pools]."""

    def at(self, heads: Sequence[int]) -> Vector:
        """Margins that it foresees, shape [sides]."""
        made: Vector = self.margins + self.slopes @ (np.array(heads, np.float64) - np.array(self.heads, np.float64))
        return made

    def beside(self, heads: Heads, margins: Vector) -> CuttingPlane:
        """The same slopes through another plan."""
        return CuttingPlane(heads, margins, self.slopes)

    @property
    def persons(self) -> Vector:
        """What the best person adds to each side, shape [sides]: the unit in which a lack is told."""
        best: Vector = np.abs(self.slopes).max(axis=1, initial=0.0)
        return np.where(best > _LEAST, best, 1.0)


@dataclass
class Space:
    """Plans that may still be chosen."""

    costs: Vector
    """Cost of one person, shape [pools], >= 0."""
    least: Heads
    most: Heads
    dominated: list[Heads] = field(default_factory=list)
    """Plans that lack people: nor will any with as few or fewer in every pool do."""
    barred: list[Heads] = field(default_factory=list)
    """Single plans that are not to be chosen again."""

    def cost(self, heads: Sequence[int]) -> float:
        """Cost of a plan."""
        return float(self.costs @ np.array(heads, np.float64))

    def grown(self, heads: Heads) -> Heads:
        """A plan with more people in every pool, up to their most."""
        return tuple(min(max(n + 1, round(GROWTH * n)), most) for n, most in zip(heads, self.most, strict=True))

    def bar(self, heads: Heads, *, lacks_people: bool) -> None:
        """Let a plan not be chosen again; where it lacks people, nor any with as few or fewer in every pool."""
        (self.dominated if lacks_people else self.barred).append(heads)

    def cheapest(self, cuts: Sequence[CuttingPlane], around: Heads) -> Heads | None:
        """The cheapest plan that every cut foresees to meet every side, within `reach` of one; None where there is
        none.
        """
        return self._solved(cuts, None, around)

    def likeliest(self, cuts: Sequence[CuttingPlane], below: float, around: Heads) -> tuple[Heads, float] | None:
        """The plan of less cost than `below` whose least margin is foreseen to be highest, and that margin in persons.

        Within `reach` of a plan; None where no plan is left.
        """
        found = self._solved(cuts, below, around)
        if found is None:
            return None
        least = min(float((cut.at(found) / cut.persons).min()) for cut in cuts)
        return found, least

    def _solved(self, cuts: Sequence[CuttingPlane], below: float | None, around: Heads) -> Heads | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        pools = len(self.costs)
        width = [pools for _ in self.dominated] + [2 * pools for _ in self.barred]
        size = pools + 1 + sum(width)  # people, the least margin in persons, switches of the plans that are barred
        rows: list[Vector] = []
        at_least: list[float] = []
        for cut in cuts:
            for slope, margin, person in zip(cut.slopes, cut.margins, cut.persons, strict=True):
                row = np.zeros(size)
                row[:pools] = slope / person
                row[pools] = 0.0 if below is None else -1.0
                rows.append(row)
                at_least.append(float((slope @ np.array(cut.heads, np.float64) - margin) / person))
        if below is not None and math.isfinite(below):
            row = np.zeros(size)
            row[:pools] = -self.costs
            rows.append(row)
            at_least.append(-(below - self._step(below)))
        self._switches(rows, at_least, size)
        weights = np.zeros(size)
        if below is None:
            weights[:pools] = np.where(self.costs > 0, self.costs, _LEAST)
        else:
            weights[pools] = -1.0
            weights[:pools] = 1e-6 * self.costs / max(float(self.costs.max(initial=0.0)), _LEAST)
        low, high = np.zeros(size), np.ones(size)
        low[:pools] = [max(least, n - reach(n)) for n, least in zip(around, self.least, strict=True)]
        high[:pools] = [min(most, n + reach(n)) for n, most in zip(around, self.most, strict=True)]
        low[pools], high[pools] = -1e4, 1e4
        whole = np.ones(size, np.int64)
        whole[pools] = 0
        solved = milp(
            weights,
            integrality=whole,
            bounds=Bounds(low, high),
            constraints=[LinearConstraint(np.array(rows), np.array(at_least), np.inf)] if rows else (),
            options={"time_limit": 20.0, "mip_rel_gap": 1e-6},
        )
        if solved.x is None:
            return None
        return tuple(round(float(value)) for value in solved.x[:pools])

    def _switches(self, rows: list[Vector], at_least: list[float], size: int) -> None:
        """Rows that keep a plan out: at least one pool must differ, or have more people."""
        pools, at = len(self.costs), len(self.costs) + 1
        for heads in self.dominated:
            self._more(rows, at_least, size, at, heads)
            chosen = np.zeros(size)
            chosen[at : at + pools] = 1.0
            rows.append(chosen)
            at_least.append(1.0)
            at += pools
        for heads in self.barred:
            self._more(rows, at_least, size, at, heads)
            for pool in range(pools):  # fewer people, where its switch is on
                row = np.zeros(size)
                row[pool], row[at + pools + pool] = -1.0, -(self.most[pool] - heads[pool] + 1.0)
                rows.append(row)
                at_least.append(-float(self.most[pool]))
            chosen = np.zeros(size)
            chosen[at : at + 2 * pools] = 1.0
            rows.append(chosen)
            at_least.append(1.0)
            at += 2 * pools

    def _more(self, rows: list[Vector], at_least: list[float], size: int, at: int, heads: Heads) -> None:
        """Rows that ask for more people than a plan has, where their switches are on."""
        for pool in range(len(self.costs)):
            row = np.zeros(size)
            row[pool], row[at + pool] = 1.0, -(heads[pool] + 1.0 - self.least[pool])
            rows.append(row)
            at_least.append(float(self.least[pool]))

    def _step(self, cost: float) -> float:
        """Differences of cost smaller than this are none."""
        return 1e-6 * max(cost, 1.0)


def reach(people: int) -> int:
    """How far from a plan its slopes are believed, in people of one pool: beyond that a step is simulated first."""
    return max(CLOSE, round(0.2 * people))


def moves_from(heads: Heads, space: Space) -> list[Heads]:
    """Cheaper neighbours of a plan, within its bounds: one person less in a pool; one person less and one more in a
    pool where a person costs less; two less and one more where that saves money.
    """
    found: dict[Heads, None] = {}

    def add(*changes: tuple[int, int]) -> None:
        made = list(heads)
        for pool, people in changes:
            made[pool] += people
        inside = all(low <= n <= high for low, n, high in zip(space.least, made, space.most, strict=True))
        if inside and space.cost(made) < space.cost(heads) - space._step(space.cost(heads)):
            found[tuple(made)] = None

    pools = range(len(heads))
    for i in pools:
        add((i, -1))
    for i in pools:
        for j in pools:
            if i != j:
                add((i, -1), (j, 1))
                add((i, -2), (j, 1))
    return list(found)
