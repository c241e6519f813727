"""How goals answer to people, foreseen cell by cell from the plans that were simulated. Pure: no simulation here.

In every cell of every replication a goal's share (its logit) or time (its log) is linear in the people of each pool,
and a goal is the mean of them all. So one person more is worth much where service is poor and little where it is good,
pools that do the same work stand in for each other, and a replication in which work piles up loses more by each person
less than the others do: how much replications differ is foreseen with their mean. Slopes are learnt as in a regression
with a prior: every replication moves them by what it did not foresee, as far as chance cannot explain it (the update of
Kalman, 1960).
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
"""What a pool twice as large is expected to change on the scale of the goal before anything is known, and the standard
deviation of that."""
BACKLOGS: Final = 20.0
"""The same of deadlines of deferred work: near full occupancy a tenth more people takes a whole backlog away."""
ROUGH: Final = 1e-4
"""Variance of a change that no replication explains, beside that of counting."""
CLUSTERED: Final = 4.0
"""Waits of contacts that come together are alike: so much more than single ones they vary."""
CALMER: Final = 0.3
"""Replications are never foreseen to differ by less than this part of what they do."""
WILDER: Final = 6.0
"""Nor by more than so many times as much."""
_STEP: Final = 0.05
"""People by which margins are moved to see what a person is worth."""


@dataclass
class Response:
    """What is known of the goals around the plan that was simulated last."""

    sides: Sequence[Side]
    scales: Sequence[str]
    """Scale of every goal."""
    signs: Vector
    """1 and -1: more people never lower, or raise, the goal's value; 0: they may do either. Shape [goals]."""
    part: Matrix
    """Part of every pool in the work of every cell, shape [cells, pools]."""
    steep: Vector
    """What a pool twice as large is expected to change in every goal, see `STEEP`: shape [goals]."""
    heads: Heads = ()
    """The plan that was simulated last."""
    at: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """Every goal in every cell on its scale, shape [goals, cells, replications]."""
    weight: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """Its denominator, shape [goals, cells, replications]."""
    slopes: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """What a person adds to `at`, shape [goals, cells, pools]."""
    unsure: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """Variances of the slopes."""
    more: Matrix = field(default_factory=lambda: np.zeros((0, 0, 0)))
    """What a person adds to `weight`."""
    reserve: Vector = field(default_factory=lambda: np.zeros(0))
    """Margin that is kept back of every side at the plan that was simulated last, as replications differ: shape
    [sides]. Elsewhere it is as much larger as they are foreseen to differ more."""
    _now: Matrix = field(default_factory=lambda: np.zeros((1, 0)))

    def begin(self, heads: Heads, tops: Matrix, bottoms: Matrix) -> None:
        """From a first plan: tops and bottoms of every goal, shape [goals, cells, replications]."""
        sd = self._expected(heads)
        self.unsure, self.slopes, self.more = sd**2, self.signs[:, None, None] * sd, np.zeros_like(sd)
        self.reserve = np.zeros(len(self.sides))
        self.stand(heads, tops, bottoms)

    def _expected(self, heads: Heads) -> Matrix:
        people = np.maximum(np.array(heads, np.float64), 1.0)
        made: Matrix = self.steep[:, None, None] * (self.part / people)[None]
        return made

    def stand(self, heads: Heads, tops: Matrix, bottoms: Matrix) -> None:
        """Take a plan as what all else is told from."""
        self.heads, self.weight = heads, bottoms
        self.at = self._on_scale(tops, bottoms)
        self._now = self._foreseen(np.array([heads], np.float64))[1]

    def _on_scale(self, tops: Matrix, bottoms: Matrix) -> Matrix:
        """On the scale; a share of few contacts is drawn a little to that of all replications together."""
        made = np.zeros_like(tops)
        for goal, scale in enumerate(self.scales):
            top, bottom = tops[goal], bottoms[goal]
            if scale == "logit":
                whole = (top.sum(axis=1, keepdims=True) + 0.5) / (bottom.sum(axis=1, keepdims=True) + 1)
                made[goal] = scaled(scale, (top + whole) / (bottom + 1))
            else:
                made[goal] = scaled(scale, top / np.maximum(bottom, 1e-9))
        return made

    def learn(self, before: tuple[Matrix, Matrix], after: tuple[Matrix, Matrix], change: Matrix) -> None:
        """Move the slopes by what a change of people did: tops and bottoms before and after, on the same customers.

        A replication counts as far as its change can be told from chance: near the ends of a share it cannot.
        `change`: people more in each pool as far as each cell is held to be touched by it, shape [cells, pools].
        """
        here, there = self._on_scale(*before), self._on_scale(*after)
        wider = (after[1] - before[1]).mean(axis=2)
        for goal, scale in enumerate(self.scales):
            bottoms = np.minimum(before[1][goal], after[1][goal])
            share = from_scale(scale, (here[goal] + there[goal]) / 2)
            told = bottoms * (share * (1 - share) if scale == "logit" else 1.0)
            known = told.sum(axis=1)
            moved = (told * (there[goal] - here[goal])).sum(axis=1) / np.maximum(known, 1e-9)
            noise = ROUGH + CLUSTERED / (known + 1.0)
            spread = self.unsure[goal] * change
            total = (spread * change).sum(axis=1) + noise
            gain = spread / total[:, None]
            missed = np.where(known > 0, moved - (self.slopes[goal] * change).sum(axis=1), 0.0)
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
        sd = self._expected(self.heads)
        self.unsure = np.minimum(self.unsure + (0.3 * self.slopes) ** 2 + (0.05 * sd) ** 2, sd**2)

    def values(self, plans: Matrix) -> Matrix:
        """Values of the goals that plans are foreseen to have, shape [plans, goals]; `plans` has [plans, pools]."""
        return self._foreseen(plans)[0]

    def _foreseen(self, plans: Matrix) -> tuple[Matrix, Matrix]:
        """Values, and standard deviations between replications on the goals' scales: shape [plans, goals]."""
        away = plans - np.array(self.heads, np.float64)
        values, spreads = np.zeros((2, len(plans), len(self.scales)))
        replications = self.at.shape[2]
        for goal, scale in enumerate(self.scales):
            more = (away @ self.more[goal].T)[:, :, None]
            weight = np.maximum(self.weight[goal] + more, 0.05 * self.weight[goal])
            value = from_scale(scale, self.at[goal] + (away @ self.slopes[goal].T)[:, :, None])
            tops, bottoms = (weight * value).sum(axis=1), weight.sum(axis=1)
            whole = np.maximum(bottoms.sum(axis=1), 1e-9)
            values[:, goal] = tops.sum(axis=1) / whole
            apart = tops - values[:, goal, None] * bottoms
            if replications > 1:
                moves = apart * (replications / whole)[:, None]
                spreads[:, goal] = moves.std(axis=1, ddof=1) * steepness(scale, values[:, goal])
        return values, spreads

    def calmer(self, plans: Matrix) -> Matrix:
        """By how much replications are foreseen to differ, over what they do at the plan that was simulated last: shape
        [plans, goals].
        """
        return self._calmer(self._foreseen(plans)[1])

    def _calmer(self, spreads: Matrix) -> Matrix:
        there = np.clip(spreads / np.maximum(self._now, 1e-9), CALMER, WILDER)
        made: Matrix = np.where(self._now > 1e-9, there, 1.0)
        return made

    def margins(self, plans: Matrix) -> Matrix:
        """Margins of the sides that plans are foreseen to have beyond what is kept back, shape [plans, sides]."""
        values, spreads = self._foreseen(plans)
        calmer = self._calmer(spreads)
        found = [
            side.sign * (scaled(side.scale, values[:, side.goal]) - scaled(side.scale, np.array(side.limit)))
            - kept * calmer[:, side.goal]
            for side, kept in zip(self.sides, self.reserve, strict=True)
        ]
        return np.array(found).T.reshape(len(plans), len(self.sides))

    def gains(self, plan: Vector) -> Matrix:
        """What one person more adds to every margin at a plan, shape [sides, pools]."""
        step = _STEP * np.eye(len(plan))
        made: Matrix = (self.margins(plan + step) - self.margins(plan - step)).T / (2 * _STEP)
        return made
