"""What a search over many pools keeps beside every limit for chance: other customers, and few replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ccsim.experiments.staffing_model import Side, Vector, scaled, steepness
from ccsim.experiments.staffing_trials import Trial, Trials, level_of_one
from ccsim.metrics.confidence import student
from ccsim.special_functions import ndtri

FADES: Final = 0.6
"""Part of its weight that what was known of chance keeps from plan to plan."""
APART: Final = 1.3
"""Standard errors that are kept beside a limit for the chance of other customers."""


@dataclass
class Chance:
    """How much replications differ, as the last plans showed it together: few replications of one say little of it."""

    trials: Trials
    sides: Sequence[Side]
    goals: int
    """How many the scenario has."""
    extra: float = 0.0
    """What certificates found missing of a probability, on top of what is asked of every side."""
    _noise: dict[int, tuple[float, float]] = field(default_factory=dict)
    """For every side the variance from replication to replication on its scale, and its degrees of freedom."""

    def take(self, trial: Trial, calmer: Vector) -> None:
        """Take a plan; `calmer`: by how much replications are foreseen to differ there, over what they did at the plan
        before, shape [goals].
        """
        for row, side in enumerate(self.sides):
            value, moves = trial.goals[side.goal]["estimate"], trial.influences[side.goal].moves
            if value is None or moves.size == 0 or trial.replications < 2:
                continue
            here = float(moves[0].var(ddof=1)) * float(steepness(side.scale, np.array(value))) ** 2
            before, weight = self._noise.get(row, (0.0, 0.0))
            before *= float(calmer[side.goal]) ** 2
            weight, free = FADES * weight, trial.replications - 1
            self._noise[row] = (weight * before + free * here) / (weight + free), weight + free

    def reserve(self, trial: Trial) -> Vector:
        """Margin that the mean of a plan must have here, so that the interval of a certificate is likely to meet the
        limit with other customers: shape [sides].
        """
        most, level = self.trials.most, level_of_one(self.trials.level, self.goals)
        reach = float(student(level, most)) / np.sqrt(most)
        if (asked := self.trials.probability) is not None:  # of one replication, not of the mean of all
            reach = float(ndtri(1 - (1 - asked) / self.goals))
        kept = 1.1 * reach + APART * np.sqrt(1 / trial.replications + 1 / most)
        found = np.zeros(len(self.sides))
        for row, (variance, _) in self._noise.items():
            found[row] = math.sqrt(variance) * kept
        return found

    def spare(self, trial: Trial, *, allowed: bool = True) -> Vector:
        """Margin of every side beyond the reserve, or beyond the end of its own interval: shape [sides]."""
        found = np.full(len(self.sides), -5.0)
        for row, side in enumerate(self.sides):
            goal = trial.goals[side.goal]
            value = goal["estimate"] if allowed else goal["low"] if side.sign > 0 else goal["high"]
            if value is not None:
                found[row] = side.sign * float(
                    scaled(side.scale, np.array(value)) - scaled(side.scale, np.array(side.limit))
                )
        if allowed:
            found -= self.reserve(trial) + self.extra
        return found
