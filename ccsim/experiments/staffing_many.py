"""The search for staff where many pools may change: few plans, each of which tells of all pools at once.

Slopes of all pools come from a few plays in which pools that touch no queue in common are changed together; after
that every plan that is played corrects them (`ccsim.experiments.staffing_response`).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from ccsim.experiments.staffing_cells import Matrix, WorkCells, cells_of, in_cells
from ccsim.experiments.staffing_choice import MET, cheapest
from ccsim.experiments.staffing_model import CuttingPlane, Heads, Side, Space, Vector, scaled, steepness
from ccsim.experiments.staffing_response import Response
from ccsim.experiments.staffing_trials import Trial, Trials, level_of_one
from ccsim.metrics.confidence import student
from ccsim.special_functions import ndtri

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

log: Final = logging.getLogger("ccsim.staff")

MANY: Final = 12
"""From so many pools on this search is taken."""
LOOK: Final = 2
"""Replications of the first look at a plan."""
FEW: Final = 8
"""Replications of a plan of the search."""
MOST_OF_MANY: Final = 32
"""Replications of a plan at most, and of each certificate, where nobody says so."""
STEP: Final = 0.1
"""Part of its people by which a pool is changed for its slope."""
LONGER: Final = 16
"""Replications, at most, of a plan before a certificate is asked for: four hide how deferred work piles up."""
SECOND_LOOKS: Final = 3
"""So many plans are looked at so long at most, each after new rounds with the reserve that the last one lacked."""
ROUNDS: Final = 14
"""Plans after the slopes at most."""
IDLE: Final = 4
"""The rounds end after so many plans, once one was found, that save nothing worth while."""
BOX: Final = 0.15
"""Part of its people by which a pool may change from plan to plan, at first."""
UPWARD: Final = 3
"""It may grow by so many times that part: there a slope says too little rather than too much."""
WRONG: Final = 0.1
"""A plan that misses a goal, and does worse on its scale than foreseen by more than this, was too far away."""
NARROWER: Final = 0.6
WIDER: Final = 1.3
SMALLEST: Final = 0.03
BUSIEST: Final = 0.93
"""No pool is cut to where it would be busier than this: what waits then grows, which no slope foresees."""
ENOUGH: Final = 0.002
"""The search ends where the next plan is foreseen to save less than this part of the cost."""
_IN_HAND: Final = ("in_hand_us", "signed_in_us")
FADES: Final = 0.6
"""Part of its weight that what was known of chance keeps from plan to plan."""
OWED: Final = 0.7
"""Part of what a plan lacks that the next one is asked for on top, and of this that stays where nothing is lacking."""
LUCK: Final = 1.3
"""Standard errors that are kept beside a limit for the chance of other customers."""


@dataclass
class ManySearch:
    """Where a search over many pools stands; asked as `ccsim.experiments.staffing_search.Search` is."""

    trials: Trials
    space: Space
    sides: Sequence[Side]
    goals: Sequence[Goal]
    say: Callable[[str], None]
    best: Trial | None = None
    """The cheapest plan that is held to pass."""
    undecided: dict[Heads, Trial] = field(default_factory=dict)
    last_cut: CuttingPlane | None = None
    nearest: Trial | None = None
    """The plan that came nearest to the goals, where none met them."""
    cells: WorkCells | None = None
    response: Response | None = None
    kept: dict[tuple[Heads, int], tuple[Matrix, Matrix]] = field(default_factory=dict)
    """What goals are made of by plan and number of replications."""
    busy: dict[Heads, Vector] = field(default_factory=dict)
    """Occupancy by plan, shape [pools that may change]."""
    extra: Vector | None = None
    """What a certificate found missing, on top of what is asked of every side."""
    refused: set[Heads] = field(default_factory=set)
    owed: Vector | None = None
    """What is asked of every side on top, in the next plan only, as the last ones fell short of what was foreseen."""
    noise: dict[int, tuple[float, float]] = field(default_factory=dict)
    """For every side the variance from replication to replication on its scale, and its degrees of freedom: of the last
    plans together, as a few replications of one say little of it."""

    def from_start(self, start: Heads) -> Trial | None:
        """Find the cheapest plan that is held to pass, from a first one; None where none is."""
        self.best = None
        trial = self._play(start, FEW)
        if self.response is None:
            self._slopes(trial)
        assert self.response is not None
        self._stand(trial)
        self.say("plans")
        self._rounds(trial)
        for _ in range(SECOND_LOOKS):
            if self.best is None or self._holds(self.best):
                break
        self._cut()
        return self.best

    def descend(self) -> None:
        """Nothing: the rounds end at the cheapest plan."""

    def bar(self, trial: Trial) -> None:
        """Ask for more where fresh replications found a plan wanting, and do not choose it again."""
        self.refused.add(trial.heads)
        lacks = np.maximum(-self._spare(trial, allowed=False), 0.0)
        if trial.together is not None:
            lacks = np.full(len(self.sides), max(-trial.together.margin(self.trials.most, self.trials.level), 0.0))
        self.extra = lacks if self.extra is None else self.extra + lacks

    def foreseen_less(self, heads: Heads) -> dict[int, tuple[int, float]]:
        """For every pool with one person less than a plan: the goal that comes nearest to its limit, or misses it by
        most, and by how much its value is foreseen to change.
        """
        found: dict[int, tuple[int, float]] = {}
        if self.response is None:
            return found
        plan = np.array(heads, np.float64)
        now = self.response.values(plan[None])[0]
        for pool, n in enumerate(heads):
            if n > self.space.least[pool]:
                less = plan.copy()
                less[pool] -= 1
                moved = self.response.margins(less[None])[0] - self.response.margins(plan[None])[0]
                side = self.sides[int(np.argmin(moved))]
                found[pool] = (side.goal, float(self.response.values(less[None])[0][side.goal] - now[side.goal]))
        return found

    # ---- Plays ------------------------------------------------------------------------------------------------------

    def _play(self, heads: Heads, replications: int) -> Trial:
        """A plan with so many replications; what its goals are made of is kept at each look."""
        assert replications in set(self.trials.looks())
        trial = None
        for at in self.trials.looks():
            if at <= replications:
                trial = self.trials.of(heads, at)
                if (heads, at) not in self.kept:
                    _, played = self.trials.played_of(heads)
                    places = {name: row for row, name in enumerate(played.sums.pools["name"])}
                    rows = [places[one.pool] for one in self.trials.levers]
                    if self.cells is None:
                        self.cells = cells_of(played.sums, rows)
                    hours = [played.sums.matrix("pool_sums", one)[rows].sum(axis=1) for one in _IN_HAND]
                    self.busy[heads] = hours[0] / np.maximum(hours[1], 1.0)
                    self.kept[heads, at] = in_cells(self.goals, played, self.cells)
        assert trial is not None
        return trial

    def _stand(self, trial: Trial) -> None:
        assert self.response is not None
        self.response.stand(trial.heads, *self.kept[trial.heads, trial.replications])
        for row, side in enumerate(self.sides):
            value, moves = trial.goals[side.goal]["estimate"], trial.influences[side.goal].moves
            if value is None or moves.size == 0 or trial.replications < 2:
                continue
            here = float(moves[0].var(ddof=1)) * float(steepness(side.scale, np.array(value))) ** 2
            before, weight = self.noise.get(row, (0.0, 0.0))
            weight, free = FADES * weight, trial.replications - 1
            self.noise[row] = (weight * before + free * here) / (weight + free), weight + free

    def _slopes(self, trial: Trial) -> None:
        """Slopes of all pools: a play for each group of pools that touch no cell in common."""
        assert self.cells is not None
        goals = len(self.goals)
        signs, scales = np.zeros(goals), [""] * goals
        for side in self.sides:
            scales[side.goal] = side.scale
            signs[side.goal] = side.sign if side.people_help else 0.0
        self.response = Response(self.sides, scales, signs, self.cells.part)
        self.response.begin(trial.heads, *self.kept[trial.heads, LOOK])
        groups = self.cells.groups()
        self.say(f"slopes: {len(trial.heads)} pools in {len(groups)} plays")
        fewer = bool((self._spare(trial) > 0).all())
        for group in groups:
            heads = self._stepped(trial.heads, group, fewer=fewer)
            self._play(heads, LOOK)
            self._learn(trial.heads, heads, group, LOOK)
            self.trials.forget(heads)

    def _stepped(self, heads: Heads, group: Sequence[int], *, fewer: bool) -> Heads:
        made = list(heads)
        for pool in group:
            step = max(1, round(STEP * heads[pool]))
            low, high = self.space.least[pool], self.space.most[pool]
            down = (fewer and heads[pool] - step >= low) or heads[pool] + step > high
            made[pool] = max(heads[pool] - step, low) if down else heads[pool] + step
        return tuple(made)

    def _learn(self, before: Heads, after: Heads, group: Sequence[int], replications: int) -> None:
        """What a play says of the pools of a group, in the cells that each is answerable for."""
        assert self.cells is not None
        assert self.response is not None
        change = np.array(after, np.float64) - np.array(before, np.float64)
        answerable = self.cells.answerable(group)
        mine = np.zeros_like(self.cells.part)
        rows = np.flatnonzero(answerable >= 0)
        mine[rows, answerable[rows]] = change[answerable[rows]]
        self.response.learn(self.kept[before, replications], self.kept[after, replications], mine, replications)

    # ---- Rounds -----------------------------------------------------------------------------------------------------

    def _rounds(self, trial: Trial) -> None:
        """From plan to plan: the cheapest that is foreseen to pass, near the last one."""
        assert self.response is not None
        box, seen, idle = BOX, {trial.heads: trial}, 0
        for _ in range(ROUNDS):
            spare = self._spare(trial)
            idle += self.best is not None
            if (spare >= MET).all() and self._found(trial):
                idle = 0
            if idle >= IDLE:
                break
            lacks = np.maximum(-spare, 0.0)
            owed = np.zeros(len(self.sides)) if self.owed is None else self.owed
            self.owed = np.where(lacks > 0, owed + OWED * lacks, OWED * owed)
            heads = self._next(trial.heads, box, self._allowance(trial) + self.owed)
            saved = self.space.cost(trial.heads) - self.space.cost(heads)
            log.debug("plan %s: spare %s, next saves %.0f, box %.2f", trial.heads, np.round(spare, 3), saved, box)
            if (spare >= MET).all() and saved < ENOUGH * self.space.cost(trial.heads):
                break
            if heads in seen:
                box /= 2
                if box < SMALLEST:
                    break
                continue
            foreseen = self.response.margins(np.array([heads], np.float64))[0]
            before = trial
            trial = seen[heads] = self._play(heads, FEW)
            self.response.again()
            mine = np.where(self.response.part > 0, np.array(heads) - np.array(before.heads), 0.0)
            kept = self.kept[before.heads, FEW], self.kept[heads, FEW]
            self.response.learn(*kept, mine, FEW)
            self._stand(trial)
            self.trials.forget(before.heads)
            missed = float((self.response.margins(np.array([heads], np.float64))[0] - foreseen).min())
            wrong = missed < -WRONG and bool((self._spare(trial) < MET).any())
            box = max(box * NARROWER, SMALLEST) if wrong else min(box * WIDER, BOX)
        if self.best is None:
            self.nearest = max(seen.values(), key=lambda one: float(self._spare(one).min()))

    def _next(self, heads: Heads, box: float, asked: Vector) -> Heads:
        reach = [max(1, round(box * n)) for n in heads]
        upward = [max(2, round(UPWARD * box * n)) for n in heads]
        fewest = [min(n, math.ceil(n * busy / BUSIEST)) for n, busy in zip(heads, self.busy[heads], strict=True)]
        lows = zip(self.space.least, heads, reach, fewest, strict=True)
        least = tuple(max(low, n - r, few) for low, n, r, few in lows)
        most = tuple(min(high, n + r) for high, n, r in zip(self.space.most, heads, upward, strict=True))
        assert self.response is not None
        return cheapest(self.response, self.space.costs, least, most, asked)

    def _found(self, trial: Trial) -> bool:
        """Take a plan that passes if it is the cheapest; whether it saves something worth while."""
        if trial.heads in self.refused:
            return False
        known = np.inf if self.best is None else self.space.cost(self.best.heads)
        if self.space.cost(trial.heads) < known:
            self.best = trial
        return self.space.cost(trial.heads) < (1 - ENOUGH) * known

    def _cut(self) -> None:
        """What one person more would add, where the search ended."""
        assert self.response is not None
        plan = np.array(self.response.heads, np.float64)
        self.last_cut = CuttingPlane(
            self.response.heads, self.response.margins(plan[None])[0], self.response.gains(plan)
        )

    def _holds(self, found: Trial) -> bool:
        """Whether a plan still passes with more replications; if not, the rounds go on from it with more in reserve."""
        trial = self._play(found.heads, max(at for at in self.trials.looks() if at <= max(LONGER, FEW)))
        self._stand(trial)
        lacks = np.maximum(-self._spare(trial), 0.0)
        if not lacks.any():
            self.best = trial
            return True
        self.say("a longer look: not enough")
        self.refused.add(trial.heads)
        self.extra = lacks if self.extra is None else self.extra + lacks
        self.best = None
        self._rounds(trial)
        return False

    # ---- Chance -----------------------------------------------------------------------------------------------------

    def _allowance(self, trial: Trial) -> Vector:
        """Margin that the mean of a plan must have here, so that the interval of a certificate is likely to meet the
        limit with other customers: shape [sides].
        """
        most, level = self.trials.most, level_of_one(self.trials.level, len(self.goals))
        reach = float(student(level, most)) / np.sqrt(most)
        if (asked := self.trials.probability) is not None:  # of one replication, not of the mean of all
            reach = float(ndtri(1 - (1 - asked) / len(self.goals)))
        kept = 1.1 * reach + LUCK * np.sqrt(1 / trial.replications + 1 / most)
        found = np.zeros(len(self.sides))
        for row, (variance, _) in self.noise.items():
            found[row] = math.sqrt(variance) * kept
        return found if self.extra is None else found + self.extra

    def _spare(self, trial: Trial, *, allowed: bool = True) -> Vector:
        """Margin of every side beyond the allowance, or beyond the end of its own interval: shape [sides]."""
        found = np.full(len(self.sides), -5.0)
        for row, side in enumerate(self.sides):
            goal = trial.goals[side.goal]
            value = goal["estimate"] if allowed else goal["low"] if side.sign > 0 else goal["high"]
            if value is not None:
                found[row] = side.sign * float(
                    scaled(side.scale, np.array(value)) - scaled(side.scale, np.array(side.limit))
                )
        return found - self._allowance(trial) if allowed else found
