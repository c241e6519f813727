"""How goals answer to people, foreseen cell by cell from the plans that were played. Pure: no simulation here.

In every cell a goal's share (its logit) or time (its log) is linear in the people of each pool, and a goal is the mean
of its cells. So one person more is worth much where service is poor and little where it is good, and pools that do the
same work stand in for each other. Slopes are learnt as in a regression with a prior: every play moves them by what it
did not foresee, as far as chance cannot explain it (the update of Kalman, 1960).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.staffing_model import Heads, Side, Vector, from_scale, scaled, steepness

Matrix = NDArray[np.float64]

STEEP: Final = {"logit": 3.0, "log": 1.0, "plain": 1.0}
"""What a pool twice as large is expected to change at most, on the scale of the goal: the width of the prior."""
ROUGH: Final = 1e-4
"""Variance of a change that no play explains, beside that of counting."""
CLUSTERED: Final = 4.0
"""Waits of contacts that come together are alike: so much more than single ones they vary."""


@dataclass
class Response:
    """What is known of the goals around the plan that was played last."""

    sides: Sequence[Side]
    scales: Sequence[str]
    """Scale of every goal."""
    signs: Vector
    """1 and -1: more people never lower, or raise, the goal's value; 0: they may do either. Shape [goals]."""
    part: Matrix
    """Part of every pool in the work of every cell, shape [cells, pools]."""
    heads: Heads = ()
    """The plan that was played last."""
    at: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    """Every goal in every cell on its scale, shape [goals, cells]."""
    weight: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    """Its denominator, shape [goals, cells]."""
    slopes: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """What a person adds to `at`, shape [goals, cells, pools]."""
    unsure: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """Variances of the slopes."""
    more: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """What a person adds to `weight`."""

    def begin(self, heads: Heads, tops: Matrix, bottoms: Matrix) -> None:
        """From a first plan: tops and bottoms of every goal, shape [goals, cells]."""
        self.stand(heads, tops, bottoms)
        people = np.maximum(np.array(heads, np.float64), 1.0)
        wide = np.array([STEEP[scale] for scale in self.scales])
        sd = wide[:, None, None] * (self.part / people)[None]
        self.unsure, self.slopes, self.more = sd**2, np.zeros_like(sd), np.zeros_like(sd)

    def stand(self, heads: Heads, tops: Matrix, bottoms: Matrix) -> None:
        """Take a plan as what all else is told from."""
        self.heads, self.weight = heads, bottoms
        self.at = self._on_scale(tops, bottoms)

    def _on_scale(self, tops: Matrix, bottoms: Matrix) -> Matrix:
        made = np.zeros_like(tops)
        for goal, scale in enumerate(self.scales):
            plus, under = (0.5, 1.0) if scale == "logit" else (0.0, 0.0)
            made[goal] = scaled(scale, (tops[goal] + plus) / np.maximum(bottoms[goal] + under, 1e-9))
        return made

    def learn(
        self, before: tuple[Matrix, Matrix], after: tuple[Matrix, Matrix], change: Matrix, replications: int
    ) -> None:
        """Move the slopes by what a change of people did: tops and bottoms before and after, on the same customers.

        `change`: people more in each pool as far as each cell is held to be touched by it, shape [cells, pools].
        """
        moved = self._on_scale(*after) - self._on_scale(*before)
        wider = after[1] - before[1]
        for goal, scale in enumerate(self.scales):
            bottoms = np.minimum(before[1][goal], after[1][goal])
            share = from_scale(scale, self._on_scale(*before)[goal])
            counted = bottoms * replications * (share * (1 - share) if scale == "logit" else 1.0)
            noise = ROUGH + CLUSTERED / (counted + 1.0)
            spread = self.unsure[goal] * change
            total = (spread * change).sum(axis=1) + noise
            gain = spread / total[:, None]
            missed = np.where(bottoms > 0, moved[goal] - (self.slopes[goal] * change).sum(axis=1), 0.0)
            self.slopes[goal] += gain * missed[:, None]
            self.unsure[goal] *= 1 - gain * change
            if self.signs[goal]:
                self.slopes[goal] = self.signs[goal] * np.maximum(self.signs[goal] * self.slopes[goal], 0.0)
            size = (self.part * change * change).sum(axis=1)
            held = self.part * change / np.where(size > 0, size, 1.0)[:, None]
            lacking = wider[goal] - (self.more[goal] * change).sum(axis=1)
            self.more[goal] += held * lacking[:, None]

    def again(self) -> None:
        """Be less sure of the slopes: the plan has moved on, and they were learnt elsewhere."""
        people = np.maximum(np.array(self.heads, np.float64), 1.0)
        wide = np.array([STEEP[scale] for scale in self.scales])
        sd = wide[:, None, None] * (self.part / people)[None]
        self.unsure = np.minimum(self.unsure + (0.3 * self.slopes) ** 2 + (0.05 * sd) ** 2, sd**2)

    def values(self, plans: Matrix) -> Matrix:
        """Values of the goals that plans are foreseen to have, shape [plans, goals]; `plans` has [plans, pools]."""
        away = plans - np.array(self.heads, np.float64)
        found = np.zeros((len(plans), len(self.scales)))
        for goal, scale in enumerate(self.scales):
            weight = self._weights(goal, away)
            value = from_scale(scale, self.at[goal] + away @ self.slopes[goal].T)
            found[:, goal] = (weight * value).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
        return found

    def _weights(self, goal: int, away: Matrix) -> Matrix:
        made: Matrix = np.maximum(self.weight[goal] + away @ self.more[goal].T, 0.05 * self.weight[goal])
        return made

    def margins(self, plans: Matrix) -> Matrix:
        """Margins of the sides that plans are foreseen to have, shape [plans, sides]."""
        values = self.values(plans)
        found = [
            side.sign * (scaled(side.scale, values[:, side.goal]) - scaled(side.scale, np.array(side.limit)))
            for side in self.sides
        ]
        return np.array(found).T.reshape(len(plans), len(self.sides))

    def gains(self, plan: Vector) -> Matrix:
        """What one person more adds to every margin at a plan, shape [sides, pools]."""
        away = plan[None] - np.array(self.heads, np.float64)
        values = self.values(plan[None])[0]
        found = np.zeros((len(self.sides), len(plan)))
        for row, side in enumerate(self.sides):
            goal = side.goal
            weight = self._weights(goal, away)[0]
            value = from_scale(side.scale, self.at[goal] + self.slopes[goal] @ away[0])
            steep = (weight / steepness(side.scale, value)) @ self.slopes[goal]
            shifted = (value - values[goal]) @ self.more[goal]
            slope = (steep + shifted) / max(float(weight.sum()), 1e-9)
            found[row] = side.sign * slope * steepness(side.scale, values[goal : goal + 1])[0]
        return found
