"""Simulates plans of staff on common random numbers, and keeps what was found of each."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.experiments.kept import Kept
from ccsim.experiments.prepared import Prepared, prepare
from ccsim.experiments.replicate import Simulated as SimulatedOnce
from ccsim.experiments.replicate import replicate
from ccsim.experiments.staffing_asked import PeopleAsked, Watch
from ccsim.experiments.staffing_joint import AllAtOnce, together
from ccsim.experiments.staffing_model import CuttingPlane, Heads, Side, Vector, sides_of
from ccsim.experiments.staffing_pools import Lever, settings_of
from ccsim.experiments.staffing_weeks import BusiestWeeks
from ccsim.kpis.verdicts import Verdict, verdict_of_goals
from ccsim.metrics.best import influence_on_goal, values_on_goal
from ccsim.metrics.confidence import wilson
from ccsim.metrics.goals import judge
from ccsim.metrics.meets import meets
from ccsim.metrics.paired_influence import Influence, Simulated

log: Final = logging.getLogger("ccsim.staff")

FIRST: Final = 10
"""Replications of the first look at a plan."""
ENOUGH: Final = 40
"""Replications that are enough for a slope, where both plans have the same customers."""
CLEAR: Final = 8
"""From so many replications on a certificate ends early if they refute the plan."""
GROWS: Final = 2
"""From look to look there are so many times more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What replications of a plan say."""

    heads: Heads
    replications: int
    goals: tuple[dict[str, Any], ...]
    """Every goal, as a run's goals are judged; see `ccsim.metrics.goals.judge`."""
    cost: float
    """Cost a day of the whole centre, in its currency."""
    met: tuple[int, int]
    """Replications that meet every goal at once, and replications in which every goal can be made."""
    influences: tuple[Influence, ...] = field(repr=False, compare=False, default=())
    together: AllAtOnce | None = field(repr=False, compare=False, default=None)
    """Where the probability that all goals are met at once is asked for: what the replications say of it."""

    @property
    def verdict(self) -> Verdict:
        """`pass` if every goal passes, `fail` if one fails, else `inconclusive`; the same of all goals at once where
        their probability is asked for.
        """
        if self.together is not None:
            return self.together.verdict
        return verdict_of_goals(self.goals)

    def share_met(self, level: float) -> tuple[float, float, float] | None:
        """Share of the replications that meet every goal, and its Wilson interval; None where none could be judged."""
        met, of = self.met
        return (met / of, *wilson(met, of, level)) if of else None

    def missed(self) -> list[int]:
        """Places of the goals that do not pass."""
        return [number for number, goal in enumerate(self.goals) if goal["verdict"] != "pass"]


class Trials:
    """Plans of one scenario, simulated with one seed: the same customers for all of them."""

    def __init__(
        self,
        asked: PeopleAsked,
        levers: Sequence[Lever],
        watch: Watch,
        *,
        level: float,
        seed: int,
        most: int,
        first: int,
    ) -> None:
        self.levers, self.level, self.seed, self.most, self.first = levers, level, seed, most, first
        self.probability = asked.probability
        self._asked, self._watch = asked, watch
        self._kept: dict[Heads, tuple[Prepared, Kept]] = {}
        self._weeks: dict[Heads, BusiestWeeks] = {}
        self._looks: dict[tuple[Heads, int], Trial] = {}
        self.trials: dict[Heads, Trial] = {}
        """The last look at every plan."""
        self.simulated = 0
        """Replications of all plans."""
        self.seconds = 0.0
        """What they took."""

    def of(self, heads: Heads, replications: int) -> Trial:
        """The look at a plan with so many replications, one of `looks`, at most `most`.

        It is made at each number of `looks` up to that, so that any two plans can be paired; what was simulated before
        is not simulated again.
        """
        for at in self.looks():
            if (heads, at) not in self._looks and at <= replications:
                self._simulate(heads, at)
        return self._looks[heads, replications]

    def looks(self) -> Iterator[int]:
        """Numbers of replications at which is looked: the first, `GROWS` times as many, ..., the most."""
        at = min(self.first, self.most)
        while at < self.most:
            yield at
            at = min(GROWS * at, self.most)
        yield self.most

    def _simulate(self, heads: Heads, replications: int) -> None:
        if heads not in self._kept:
            ready, kept = self._kept[heads] = self._ready(heads)
            measured = ready.plan.measured
            keep = [ready.scenario.pools[name].keep_free for _, name, *_ in ready.model.names["pools"]]
            self._weeks[heads] = BusiestWeeks(keep, measured.interval, measured.length)
        ready, kept = self._kept[heads]
        first = kept.replications
        simulate = ready.simulator(self.seed)
        weeks = self._weeks[heads]

        def take(one: SimulatedOnce) -> None:
            kept.take(one)
            weeks.take(one)

        began = time.monotonic()
        more = replications - first
        taken = replicate(
            lambda one: simulate(first + one),
            more,
            take,
            workers=self._asked.workers,
            progress=self._watch.progress,
            stop=self._watch.stop,
        )
        self.simulated, self.seconds = self.simulated + taken, self.seconds + time.monotonic() - began
        if taken < more:
            raise KeyboardInterrupt("stopped")
        made = self._look(heads, ready, kept.so_far(), replications)
        self.trials[heads] = self._looks[heads, replications] = made
        if self._watch.told is not None:
            self._watch.told(made, more)

    def simulated_of(self, heads: Heads) -> tuple[Prepared, Simulated]:
        """What was simulated of a plan that was looked at."""
        ready, kept = self._kept[heads]
        return ready, kept.so_far()

    def apart(self, heads: Heads, replications: int) -> Simulated:
        """A few replications of a plan that no look takes: the first ones, of the same customers."""
        ready, kept = self._ready(heads)
        simulate = ready.simulator(self.seed)
        taken = replicate(simulate, replications, kept.take, workers=self._asked.workers, stop=self._watch.stop)
        self.simulated += taken
        if taken < replications:
            raise KeyboardInterrupt("stopped")
        return kept.so_far()

    def needed_in_busiest_week(self, heads: Heads, pools: Sequence[int], full: float) -> Vector:
        """Part of the people of pools, by their place, that the busiest week needs; see `BusiestWeeks.needed`."""
        return self._weeks[heads].needed(pools, full)

    def decided(self, heads: Heads, most: int | None = None) -> Trial:
        """Look at a plan with more and more replications until it passes or fails, or has the most of them; no further
        than the first look with `most` or more.
        """
        for replications in self.looks():
            trial = self.of(heads, replications)
            if trial.verdict != "inconclusive" or (most is not None and replications >= most):
                break
        return trial

    def unless_refuted(self, heads: Heads) -> Trial:
        """The look at a plan with the most replications, or an earlier one that refutes it.

        To end early there can only take from what is confirmed.
        """
        for replications in self.looks():
            trial = self.of(heads, replications)
            if replications >= CLEAR and trial.verdict == "fail":
                break
        return trial

    def forget(self, heads: Heads) -> None:
        """Let go of what was simulated of a plan; what was found of it stays."""
        self._kept.pop(heads, None)
        self._weeks.pop(heads, None)

    def stricter(self, level: float) -> None:
        """Judge with another level from now on; what was simulated is let go of."""
        self.level = level
        self._kept, self._weeks, self._looks, self.trials = {}, {}, {}, {}

    def _ready(self, heads: Heads) -> tuple[Prepared, Kept]:
        settings = [*self._asked.settings, *settings_of(self.levers, heads)]
        ready = prepare(
            self._asked.source,
            settings=settings,
            seed=self.seed,
            replications=self.most,
            workers=self._asked.workers,
            anyway=self._asked.anyway,
        )
        return ready, Kept(ready.plan, ready.model)

    def _look(self, heads: Heads, ready: Prepared, simulated: Simulated, replications: int) -> Trial:
        goals, sums = ready.plan.goals, simulated.sums
        each = [values_on_goal(goal, simulated) for goal in goals]
        whole = [values for values in zip(*each, strict=True) if None not in values]
        met = sum(all(meets(goal, v) for goal, v in zip(goals, values, strict=True)) for values in whole)
        asked = self.probability  # a replication in which a goal cannot be made does not meet it
        at_once = None if asked is None else together(asked, each, met, sides_of(goals), self.level)
        days = sums.measured.length / 86_400e6
        return Trial(
            heads=heads,
            replications=replications,
            goals=judge(goals, sums.tables, sums.measured, level=level_of_one(self.level, len(goals)), sums=sums),
            cost=float(sums.matrix("pool_sums", "paid_cost").sum(axis=0).mean()) / days,
            met=(met, len(whole)),
            influences=tuple(influence_on_goal(goal, simulated) for goal in goals),
            together=at_once,
        )


def seed_of(seed: int, attempt: int) -> int:
    """Seed of the fresh replications of a certificate: another one for each attempt."""
    return fresh_seed(f"ccsim staff {seed} certificate {attempt}")


def level_of_one(level: float, goals: int) -> float:
    """Level of each goal's interval so that all of them hold at once with `level` (Bonferroni)."""
    return 1 - (1 - level) / max(goals, 1)


def margins_of(trial: Trial, sides: Sequence[Side], most: int, level: float) -> Vector:
    """Margin of every side less what chance asks for with `most` replications, shape [sides].

    A goal that cannot be made counts as missed by far. Where the probability of all goals at once is asked for, the
    margin of that is the only one.
    """
    if trial.together is not None:
        return np.array([trial.together.margin(most, level)])
    return np.array([_margin(trial, side, most) for side in sides])


def _margin(trial: Trial, side: Side, most: int) -> float:
    goal = trial.goals[side.goal]
    value = goal["estimate"]
    if value is None:
        return -5.0
    end = goal["low"] if side.sign > 0 else goal["high"]
    here = side.margin(value)
    if end is None:
        return here
    shrinks = math.sqrt(trial.replications / max(most, trial.replications))
    return here - max(here - side.margin(end), 0.0) * shrinks


def cut_at(trials: Trials, heads: Heads, sides: Sequence[Side]) -> CuttingPlane:
    """Slopes at a plan from paired differences: each pool with some people more, on the same random numbers."""
    base = trials.trials[heads]
    slopes = np.zeros((len(sides), len(heads)))
    for pool in range(len(heads)):
        step = max(1, round(0.05 * heads[pool]))
        more = list(heads)
        more[pool] += step
        replications = max(
            (at for at in trials.looks() if at <= min(base.replications, ENOUGH)), default=base.replications
        )
        other, same = trials.of(tuple(more), replications), trials.of(heads, replications)
        for row, side in enumerate(sides):
            change = _slope(same, other, side) if base.together is None else _joint_slope(same, other, side)
            slopes[row, pool] = change / step
    return CuttingPlane(heads, margins_of(base, sides, trials.most, trials.level), slopes)


def _joint_slope(here: Trial, there: Trial, side: Side) -> float:
    """What the step adds to the least margin of a replication; 0 where it seems to harm, but no more than by chance."""
    assert here.together is not None
    assert there.together is not None
    gained = there.together.margins - here.together.margins
    change, error = float(gained.mean()), float(gained.std(ddof=1)) / math.sqrt(len(gained))
    return 0.0 if side.people_help and -2 * error <= change < 0 else change


def _slope(here: Trial, there: Trial, side: Side) -> float:
    """What the step adds to a side; 0 where it seems to harm service, but no more than chance may do."""
    goal, other = here.goals[side.goal]["estimate"], there.goals[side.goal]["estimate"]
    if goal is None or other is None:
        return 1.0 if side.people_help else 0.0
    change = side.margin(other) - side.margin(goal)
    if change >= 0 or not side.people_help:
        return change
    ours, theirs = here.influences[side.goal], there.influences[side.goal]
    moves = theirs.moves[0] - ours.moves[0]
    n = len(moves)
    error = math.sqrt(float((moves * moves).sum()) / (n * (n - 1))) if n > 1 else math.inf
    return change if abs(other - goal) > 2 * error else 0.0
