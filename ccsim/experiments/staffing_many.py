"""The search for staff where many pools may change: few plans, each of which tells of all pools at once.

Slopes of all pools come from a few replications in which pools that touch no queue in common are changed together;
after that every plan that is simulated corrects them (`ccsim.experiments.staffing_response`).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from ccsim.experiments.staffing_cells import Matrix, WorkCells, cells_of, in_cells, is_deadline, needy
from ccsim.experiments.staffing_chance import Chance
from ccsim.experiments.staffing_choice import MET, cheapest
from ccsim.experiments.staffing_model import CuttingPlane, Heads, Side, Space, Vector
from ccsim.experiments.staffing_response import BACKLOGS, STEEP, Response
from ccsim.experiments.staffing_trials import Trial, Trials

if TYPE_CHECKING:
    from ccsim.language.goals import Goal
    from ccsim.metrics.paired_influence import Simulated

log: Final = logging.getLogger("ccsim.staff")

MANY: Final = 12
"""From so many pools on this search is taken."""
LOOK: Final = 2
"""Replications of the first look at a plan."""
FEW: Final = 4
"""Replications of a plan of the search."""
MOST: Final = 160
MOST_OF_MANY: Final = 32
"""Replications of a plan at most, and of each certificate, where nobody says so: of a few pools, and of many."""
STEP: Final = 0.1
"""Part of its people by which a pool is changed for its slope."""
LONGER: Final = 16
"""Replications, at most, of a plan before a certificate is asked for: few hide how deferred work piles up."""
REPAIRS: Final = 4
"""So often people are added at most, where a plan that was held to pass lacks something with more replications."""
BESIDE: Final = 3
"""Neighbours of a plan that its certificate simulates."""
BRIEF: Final = 8
"""Replications of a neighbour at most: a person of hundreds changes a mean by less than more of them would see."""
ROUNDS: Final = 8
"""Plans after the slopes at most."""
IDLE: Final = 3
"""The rounds end after so many plans, once one was found, that save nothing worth while."""
BOX: Final = 0.15
"""Part of its people by which a pool may change from plan to plan, at first."""
UPWARD: Final = 3
"""A pool where service is missed may grow by so many times that part: there a slope says too little."""
WRONG: Final = 0.1
"""A plan that misses a goal, and does worse on its scale than foreseen by more than this, was too far away."""
NARROWER: Final = 0.6
WIDER: Final = 1.3
SMALLEST: Final = 0.03
BUSIEST: Final = 0.96
"""No pool is cut to where its busiest week would take more than this of what it can: what waits then grows from day to
day, which no slope foresees."""
ENOUGH: Final = 0.002
"""The search ends where the next plan is foreseen to save less than this part of the cost."""
OWED: Final = 0.7
"""Part of what a plan lacks that the next one is asked for on top, and of this that stays where nothing is lacking."""


def most_replications(pools: int, most: int | None) -> int:
    """Replications of a plan at most in a search over so many pools; `most`: what was said."""
    usual = MOST_OF_MANY if pools >= MANY else MOST
    return usual if most is None else most


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
    made_of: tuple[Matrix, Matrix] = field(default_factory=lambda: (np.zeros((0, 0, 0)), np.zeros((0, 0, 0))))
    """The same of the plan that all else is told from."""
    busy: dict[Heads, Vector] = field(default_factory=dict)
    """Part of its people that the busiest week needs, by plan, shape [pools that may change]."""
    refused: set[Heads] = field(default_factory=set)
    owed: Vector | None = None
    """What is asked of every side on top, in the next plan only, as the last ones fell short of what was foreseen."""
    chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Chance(self.trials, self.sides, len(self.goals))

    def from_start(self, start: Heads) -> Trial | None:
        """Find the cheapest plan that is held to pass, from a first one; None where none is."""
        self.best = None
        trial = self._simulate(start, FEW)
        if self.response is None:
            self._slopes(trial)
        assert self.response is not None
        self._stand(trial)
        self.say("plans")
        self._rounds(trial)
        self._settled(self.best or self.nearest or trial)
        self._cut()
        return self.best

    def descend(self) -> None:
        """Nothing: the rounds end at the cheapest plan."""

    def bar(self, trial: Trial) -> None:
        """Do not choose a plan again that fresh replications found wanting."""
        self.refused.add(trial.heads)
        if trial.together is not None:
            self.chance.extra += max(-trial.together.margin(self.trials.most, self.trials.level), 0.0)

    def mend(self, refuted: Trial, simulated: Simulated, level: float) -> Trial | None:
        """Add people to a plan that fresh replications did not confirm, where these lost; None where nobody would help.

        What is asked for from now on is held with `level`.
        """
        assert self.cells is not None
        assert self.response is not None
        self.trials.level = level
        self._stand(refuted, in_cells(self.goals, simulated, self.cells))
        self.owed, self.best = None, None
        self.nearest = refuted
        heads = self._more(refuted)
        if heads != refuted.heads:
            trial = self._simulate(heads, FEW)
            if (refuted.heads, FEW) in self.kept:  # with the same customers
                self._learn_between(refuted.heads, heads, FEW)
            self._stand(trial)
            self.best, self.nearest = trial, None
        self._cut()
        return self.best

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

    def likeliest_less(self, heads: Heads) -> list[Heads]:
        """The `BESIDE` plans with one person less in a pool that are foreseen to come nearest to the goals."""
        assert self.response is not None
        able = [pool for pool, n in enumerate(heads) if n > self.space.least[pool] and self.space.costs[pool] > 0]
        plans = np.array([np.array(heads) - np.eye(len(heads), dtype=int)[pool] for pool in able]).reshape(
            -1, len(heads)
        )
        least = self.response.margins(plans.astype(np.float64)).min(axis=1, initial=np.inf)
        order = sorted(range(len(able)), key=lambda row: (-least[row], -self.space.costs[able[row]], row))
        return [tuple(int(n) for n in plans[row]) for row in order[:BESIDE]]

    # ---- Replications
    # ------------------------------------------------------------------------------------------------------

    def _simulate(self, heads: Heads, replications: int) -> Trial:
        """A plan with so many replications; what its goals are made of is kept at each look."""
        assert replications in set(self.trials.looks())
        trial = None
        for at in self.trials.looks():
            if at <= replications:
                trial = self.trials.of(heads, at)
                if (heads, at) not in self.kept:
                    _, simulated = self.trials.simulated_of(heads)
                    places = {name: row for row, name in enumerate(simulated.sums.pools["name"])}
                    rows = [places[one.pool] for one in self.trials.levers]
                    if self.cells is None:
                        self.cells = cells_of(simulated.sums, rows)
                    self.busy[heads] = self.trials.needed_in_busiest_week(heads, rows, BUSIEST)
                    self.kept[heads, at] = in_cells(self.goals, simulated, self.cells)
        assert trial is not None
        return trial

    def _stand(self, trial: Trial, made_of: tuple[Matrix, Matrix] | None = None) -> None:
        """Tell all else from a plan; what is known of chance goes there as far as replications differ more there."""
        assert self.response is not None
        calmer = self.response.calmer(np.array([trial.heads], np.float64))[0]
        self.made_of = made_of or self.kept[trial.heads, trial.replications]
        self.response.stand(trial.heads, *self.made_of)
        self.chance.take(trial, calmer)
        self.response.reserve = self.chance.reserve(trial)

    def _slopes(self, trial: Trial) -> None:
        """Slopes of all pools: a replication for each group of pools that touch no cell in common."""
        assert self.cells is not None
        goals = len(self.goals)
        signs, scales = np.zeros(goals), [""] * goals
        for side in self.sides:
            scales[side.goal] = side.scale
            signs[side.goal] = side.sign if side.people_help else 0.0
        steep = [
            BACKLOGS if is_deadline(goal) else STEEP[scale] for goal, scale in zip(self.goals, scales, strict=True)
        ]
        self.response = Response(self.sides, scales, signs, self.cells.part, np.array(steep))
        self.response.begin(trial.heads, *self.kept[trial.heads, LOOK])
        self.made_of = self.kept[trial.heads, trial.replications]
        up = needy(trial, self.sides, *self.made_of)  # all others down: backlogs begin on that side
        groups = self.cells.groups()
        self.say(f"slopes: {len(trial.heads)} pools in {len(groups)} replications")
        for group in groups:
            heads = self._stepped(trial.heads, group, up)
            self._simulate(heads, LOOK)
            self._learn(trial.heads, heads, group, LOOK)
            self.trials.forget(heads)

    def _stepped(self, heads: Heads, group: Sequence[int], up: set[int]) -> Heads:
        made = list(heads)
        for pool in group:
            step = max(1, round(STEP * heads[pool]))
            low, high = self.space.least[pool], self.space.most[pool]
            down = (pool not in up and heads[pool] - step >= low) or heads[pool] + step > high
            made[pool] = max(heads[pool] - step, low) if down else heads[pool] + step
        return tuple(made)

    def _learn(self, before: Heads, after: Heads, group: Sequence[int], replications: int) -> None:
        """What a replication says of the pools of a group, in the cells that each is answerable for."""
        assert self.cells is not None
        assert self.response is not None
        change = np.array(after, np.float64) - np.array(before, np.float64)
        answerable = self.cells.answerable(group)
        mine = np.zeros_like(self.cells.part)
        rows = np.flatnonzero(answerable >= 0)
        mine[rows, answerable[rows]] = change[answerable[rows]]
        self.response.learn(self.kept[before, replications], self.kept[after, replications], mine)

    def _learn_between(self, before: Heads, after: Heads, replications: int) -> None:
        """What a plan says that differs from another one anywhere."""
        assert self.response is not None
        self.response.again()
        mine = np.where(self.response.part > 0, np.array(after) - np.array(before), 0.0)
        self.response.learn(self.kept[before, replications], self.kept[after, replications], mine)

    # ---- Rounds -----------------------------------------------------------------------------------------------------

    def _rounds(self, trial: Trial) -> None:
        """From plan to plan: the cheapest that is foreseen to pass, near the last one."""
        assert self.response is not None
        box, seen, idle = BOX, {trial.heads: trial}, 0
        for left in range(ROUNDS, -1, -1):
            spare = self.chance.spare(trial)
            idle += self.best is not None
            if (spare >= MET).all() and self._found(trial):
                idle = 0
            if idle >= IDLE or not left:
                break
            heads = self._next(trial, box, self._asked(trial))
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
            trial = seen[heads] = self._simulate(heads, FEW)
            self._learn_between(before.heads, heads, FEW)
            self._stand(trial)
            if self.best is None or before.heads != self.best.heads:
                self.trials.forget(before.heads)
            missed = float((self.response.margins(np.array([heads], np.float64))[0] - foreseen).min())
            wrong = missed < -WRONG and bool((self.chance.spare(trial) < MET).any())
            box = max(box * NARROWER, SMALLEST) if wrong else min(box * WIDER, BOX)
        if self.best is None:
            self.nearest = max(seen.values(), key=lambda one: float(self.chance.spare(one).min()))

    def _asked(self, trial: Trial) -> Vector:
        """Margin beyond the reserve that the next plan is asked for: more where this one lacks some though it was asked
        for it, shape [sides].
        """
        lacks = np.maximum(-self.chance.spare(trial), 0.0)
        if self.owed is None:
            self.owed = np.zeros(len(self.sides))
        else:
            self.owed = np.where(lacks > 0, self.owed + OWED * lacks, OWED * self.owed)
        made: Vector = self.owed + self.chance.extra
        return made

    def _next(self, trial: Trial, box: float, asked: Vector, *, fewer: bool = True) -> Heads:
        """The cheapest plan near a plan; `fewer`: whether a pool may lose people."""
        heads = trial.heads
        reach = [max(1, round(box * n)) for n in heads]
        up = needy(trial, self.sides, *self.made_of)
        upward = [max(2, round((UPWARD if pool in up else 1) * box * n)) for pool, n in enumerate(heads)]
        least = heads
        if fewer:
            fewest = [min(n, math.ceil(n * busy)) for n, busy in zip(heads, self.busy[heads], strict=True)]
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

    def _settled(self, found: Trial) -> None:
        """Look longer at a plan; where it lacks something then, add people where the replications lose most that lose
        it, until it does not; from `REPAIRS` on it is enough that its own intervals meet the limits. The best plan is
        what comes of it; None where nobody would help.
        """
        many = max(at for at in self.trials.looks() if at <= max(LONGER, FEW))
        trial = self._simulate(found.heads, many)
        self._stand(trial)
        self.owed = None
        for repairs in count():
            if (self.chance.spare(trial, allowed=repairs < REPAIRS) >= MET).all():
                self.best, self.nearest = trial, None
                return
            heads = self._more(trial, everywhere=repairs >= REPAIRS)
            if heads == trial.heads:
                break
            self.say("a longer look: not enough; people are added where it loses")
            self._refuse(trial)
            before, trial = trial, self._simulate(heads, many)
            self._learn_between(before.heads, heads, many)
            self._stand(trial)
            self.trials.forget(before.heads)
        holds = bool((self.chance.spare(trial, allowed=False) >= MET).all())
        self.best, self.nearest = (trial, None) if holds else (None, trial)

    def _more(self, trial: Trial, *, everywhere: bool = False) -> Heads:
        """A plan with more people where this one loses, `everywhere` or where that is foreseen to change nothing in
        every pool; the same plan where no number of people helps: all are at their most, or a goal is missed that
        people do not help.
        """
        assert self.response is not None
        spare = self.chance.spare(trial)
        foreseen = self.response.margins(np.array([trial.heads], np.float64))[0]
        asked = self._asked(trial) + np.maximum(foreseen - spare, 0.0)  # what it showed is less than is foreseen of it
        heads = trial.heads if everywhere else self._next(trial, BOX, asked, fewer=False)
        if heads != trial.heads or any(
            lack < MET and not side.people_help for lack, side in zip(spare, self.sides, strict=True)
        ):
            return heads
        return self.space.grown(heads)

    def _refuse(self, trial: Trial) -> None:
        self.refused.add(trial.heads)
        if trial.verdict == "inconclusive":
            self.undecided[trial.heads] = trial
