"""The search for the cheapest staff that meets every goal: cutting planes first, then every cheaper plan that could do.

Cutting planes from simulated goal values and their paired differences, as in Cezik and L'Ecuyer (Management Science
54, 2008), on logit and log scales; then a descent that simulates whichever cheaper plan is foreseen to do best, until
none comes near.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ccsim.experiments.staffing_model import CuttingPlane, Heads, Side, Space, reach
from ccsim.experiments.staffing_trials import Trial, Trials, cut_at, margins_of

ROUNDS: Final = 40
"""Cutting planes at most, until a plan meets all goals."""
FAR: Final = -0.75
"""On the logit or log scale: a share of 65 % where 80 % are asked for."""
GROWTHS: Final = 12
WINDOW: Final = 4
"""Cuts that count, beside one for each pool: older ones were made far away."""
STEPS: Final = 60
"""Plans that the descent simulates at most in one go."""
ROUGHLY: Final = 0.002
"""A rough search looks for plans that save more than this part of the cost."""
NEAR: Final = -1.5
"""A cheaper plan is worth simulating while its least margin is foreseen above this, in persons."""


@dataclass
class Search:
    """Where a search stands."""

    trials: Trials
    space: Space
    sides: Sequence[Side]
    say: Callable[[str], None]
    best: Trial | None = None
    """The cheapest plan that passed so far."""
    undecided: dict[Heads, Trial] = field(default_factory=dict)
    """Plans that neither passed nor failed with the most replications."""
    last_cut: CuttingPlane | None = None
    nearest: Trial | None = None
    """The plan that came nearest to the goals, where it is not the one with the most people."""
    rough: bool = False
    """Whether half of the most replications are enough, and what saves next to nothing is not looked for."""
    borrows: bool = False
    """Whether slopes are believed that were taken at another plan near by, also by another search."""
    known: CuttingPlane | None = None
    """The slopes that were taken last."""

    def from_start(self, start: Heads) -> Trial | None:
        """Find a plan that passes, from a first guess; None where none does within the bounds."""
        self.say("cutting planes")
        cuts: list[CuttingPlane] = []
        seen: set[Heads] = set()
        heads = self._grown(start)
        for _ in range(ROUNDS):
            trial = self._decided(heads)
            seen.add(heads)
            if trial.verdict == "pass":
                return self._found(trial)
            self.bar(trial)
            cuts.append(self._slopes(trial))
            chosen = self._next(cuts[-len(heads) - WINDOW :], heads, seen)
            if chosen is None:
                break
            heads = chosen
        return self._from_the_top(seen)

    def thorough(self) -> None:
        """After a rough search: cheaper plans with all replications, and slopes of the best plan itself."""
        self.rough = self.borrows = False
        self.space.barred.clear()
        self.undecided.clear()
        self.descend()
        self.borrows = True

    def _decided(self, heads: Heads) -> Trial:
        return self.trials.decided(heads, self.trials.most // 2 if self.rough else self.trials.most)

    def _next(self, cuts: Sequence[CuttingPlane], heads: Heads, seen: set[Heads]) -> Heads | None:
        """The plan to simulate after one that did not pass: the cheapest that the cuts allow; the likeliest where they
        allow none; one person more.
        """
        chosen = self.space.cheapest(cuts, heads)
        if chosen is None or chosen in seen:
            likeliest = self.space.likeliest(cuts, math.inf, heads)
            chosen = likeliest[0] if likeliest is not None else None
        if chosen is None or chosen in seen:
            chosen = self._more(heads, cuts[-1])
        return None if chosen in seen else chosen

    def _grown(self, start: Heads) -> Heads:
        """More people everywhere while service is far from its goals: there a slope says little (the curve of service
        is convex below and concave above).
        """
        heads = start
        for _ in range(GROWTHS):
            margins = margins_of(self._decided(heads), self.sides, self.trials.most, self.trials.level)
            if all(margin > FAR or not side.people_help for side, margin in zip(self.sides, margins, strict=True)):
                break
            heads = self.space.grown(heads)
        return heads

    def _from_the_top(self, seen: set[Heads]) -> Trial | None:
        """Where cuts find nothing: the most people of all, if these do."""
        top = self.space.most
        trial = self._decided(top)
        if trial.verdict == "pass":
            return self._found(trial)
        if top not in seen:
            self.bar(trial)
        self._slopes(trial, own=True)
        return None

    def _slopes(self, trial: Trial, *, own: bool = False) -> CuttingPlane:
        """Slopes at a plan; where they need not be its `own`, perhaps those of a plan within reach."""
        heads, known = trial.heads, None if own or not self.borrows else self.known
        if known is not None and all(abs(a - b) <= reach(b) for a, b in zip(heads, known.heads, strict=True)):
            self.last_cut = known.beside(heads, margins_of(trial, self.sides, self.trials.most, self.trials.level))
        else:
            self.last_cut = self.known = cut_at(self.trials, heads, self.sides)
        return self.last_cut

    def _more(self, heads: Heads, cut: CuttingPlane) -> Heads | None:
        """One person more where that helps most for its cost, in what is missed most; None at the bounds."""
        worst = int(np.argmin(cut.margins / cut.persons))
        gain = cut.slopes[worst] / np.maximum(self.space.costs, 1e-9)
        for pool in np.argsort(-gain):
            if gain[pool] > 0 and heads[pool] < self.space.most[pool]:
                made = list(heads)
                made[pool] += 1
                return tuple(made)
        return None

    def foreseen_less(self, heads: Heads) -> dict[int, tuple[int, float]]:
        """Nothing is foreseen where neighbours are simulated."""
        return {}

    def bar(self, trial: Trial) -> None:
        """Let a plan that did not pass not be chosen again, nor one with fewer people where it failed for lack of
        them.
        """
        failed = {number for number, goal in enumerate(trial.goals) if goal["verdict"] == "fail"}
        if trial.together is not None:
            failed = {side.goal for side in self.sides} if trial.verdict == "fail" else set()
        lacks = any(side.people_help and side.goal in failed for side in self.sides)
        self.space.bar(trial.heads, lacks_people=lacks)
        if trial.verdict == "inconclusive":
            self.undecided[trial.heads] = trial

    def descend(self) -> None:
        """From the best plan to cheaper ones, until none of these is foreseen to come near."""
        if self.best is None:
            return
        self.say("cheaper plans")
        cuts, own = self._around(self.best.heads), True
        for _ in range(STEPS):
            below = (1 - ROUGHLY * self.rough) * self.space.cost(self.best.heads)
            chosen = self.space.likeliest(cuts, below, self.best.heads)
            if chosen is None or chosen[1] < NEAR:
                if own:
                    break
                cuts, own = self._around(self.best.heads), True  # the end only by the slopes of the best plan itself
                continue
            trial = self._decided(chosen[0])
            cut = cuts[0].beside(trial.heads, margins_of(trial, self.sides, self.trials.most, self.trials.level))
            if trial.verdict == "pass":
                self._found(trial)
                cuts, own = [cut], False
            else:
                self.bar(trial)
                cuts.append(cut)

    def _around(self, heads: Heads) -> list[CuttingPlane]:
        """What a plan says of those around it."""
        return [self._slopes(self._decided(heads))]

    def _found(self, trial: Trial) -> Trial:
        self.best = trial
        return trial
