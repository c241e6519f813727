"""The cheapest staff that meets every goal, found on common random numbers and certified on fresh ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ccsim.errors import CcsimError
from ccsim.experiments.prepared import Path, prepare, read_source
from ccsim.experiments.staffing_cells import can_be_split
from ccsim.experiments.staffing_guess import demand_of, divided, people_for
from ccsim.experiments.staffing_joint import enough_for
from ccsim.experiments.staffing_many import FEW, LOOK, MANY, ManySearch, most_plays
from ccsim.experiments.staffing_model import CuttingPlane, Heads, Space, moves_from, side_of_all, sides_of
from ccsim.experiments.staffing_pools import Lever, levers_of, settings_of
from ccsim.experiments.staffing_search import Search
from ccsim.experiments.staffing_trials import FIRST, Trial, Trials, seed_of

if TYPE_CHECKING:
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.replicate import Stop

log: Final = logging.getLogger("ccsim.staff")

ATTEMPTS: Final = 8
"""Certificates at most."""
SWAPS: Final = 6
"""Cheaper neighbours that the certificate plays, beside one person less in each pool."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A cheaper plan beside the one that was found, on the certificate's replications."""

    trial: Trial
    cost: float
    """Planned cost of its people a day, or their number where nobody has a price."""
    one_less: str = ""
    """The pool, or its shift, that has one person less; nothing for a swap."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A plan that fresh replications confirm."""

    found: Trial
    """As the search saw it."""
    certificate: Trial
    """On fresh replications."""
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class FoundStaff:
    """What a search for staff found."""

    name: str
    currency: str
    levers: tuple[Lever, ...]
    costs: tuple[float, ...]
    """Planned cost of one person a day by pool; 1 each where nobody has a price."""
    priced: bool
    """Whether `costs` are money."""
    level: float
    """Confidence that every goal's mean meets its limit, of all goals at once; that of the probability, where it is
    asked for."""
    probability: float | None
    """Probability that one replication meets all goals at once, where that was asked for in place of the means."""
    seed: int
    found: Trial | None
    """The cheapest plan, as the search saw it; None where no plan meets the goals within the bounds."""
    certificate: Trial | None
    """The same plan on fresh replications; None where there is none, or it was stopped before."""
    neighbours: tuple[Neighbour, ...]
    """Cheaper plans beside it, on the same fresh replications."""
    foreseen: Mapping[int, tuple[int, float]]
    """Where many pools change, and neighbours are not played: by place of the pool with one person less, the goal that
    loses most and what its value is foreseen to change by."""
    refuted: tuple[Trial, ...]
    """Plans that the search took for good and fresh replications did not confirm."""
    undecided: tuple[Trial, ...]
    """Cheaper plans of which the most replications could not tell."""
    now: Trial
    """Today's plan, at the first look."""
    nearest: Trial | None
    """Where no plan was found that meets the goals: the plan with the most people in every pool, or the one that came
    nearest where many pools change."""
    binding: CuttingPlane | None
    """And what one person more would add there."""
    stopped: bool
    plans: int
    """Plans that were played."""
    replications: int
    """Replications that were played, of all plans."""

    @property
    def now_heads(self) -> Heads:
        """Today's people."""
        return tuple(one.now for one in self.levers)

    @property
    def guessed(self) -> bool:
        """Whether `now` is a first guess: the scenario leaves the number of people of a pool to be found."""
        return any(one.searched for one in self.levers)

    @property
    def certified(self) -> bool:
        """Whether fresh replications confirm the plan that was found."""
        return self.certificate is not None and self.certificate.verdict == "pass"

    def cost_of(self, heads: Heads) -> float:
        """Planned cost of a plan's people a day."""
        return float(sum(cost * n for cost, n in zip(self.costs, heads, strict=True)))


def staff(
    source: Path,
    *,
    pools: Sequence[str] = (),
    between: Mapping[str, tuple[int, int]] | None = None,
    level: float = 0.95,
    probability: float | None = None,
    seed: int | None = None,
    most: int | None = None,
    settings: Sequence[str] = (),
    workers: int | None = None,
    anyway: bool = False,
    progress: Progress | None = None,
    stop: Stop | None = None,
    say: Callable[[str], None] | None = None,
    told: Callable[[Trial], None] | None = None,
) -> FoundStaff:
    """Find the cheapest people by pool with which every goal of a scenario passes.

    A plan passes if the interval of every goal's mean meets its limit, as `ccsim.metrics.verdicts` says, with a level
    that holds for all goals at once. The answer is certified with replications of other seeds; a plan that these do
    not confirm is never returned as certified, and each further certificate is asked for with half the error of the
    one before, so that all of them together err at most with `1 - level`.

    Parameters
    ----------
    source
        File of the scenario, `FILE:VARIANT`.
    pools, between
        Pools that may change, and their bounds; see `levers_of`.
    level
        Confidence, above 0 and below 1.
    probability
        A plan passes in place of this if one replication meets all goals at once with at least this probability: its
        exact interval (Clopper and Pearson, 1934) is at or above it. Above 0 and below 1.
    seed
        Default: the scenario's.
    most
        Replications of a plan at most, and of each certificate, >= 2; default as in `most_plays`, fewer where many
        pools may change.
    settings, workers, anyway
        As in `ccsim.api.run`.
    progress, stop, say, told
        Told of replications, asked to stop early, told in words of each phase, told of each look at a plan.

    Ctrl-C ends it with the best plan so far, not certified. `CcsimError` for a scenario without goals, and bad input.
    """
    if not 0 < level < 1 or (most is not None and most < 2):
        raise CcsimError("expected a confidence between 0 % and 100 %, and at least 2 replications")
    if probability is not None and not 0 < probability < 1:
        raise CcsimError("expected a probability between 0 % and 100 %")
    scenario = read_source(source, (), settings).scenario
    if not scenario.goals:
        raise CcsimError("the scenario has no goals: say with `goals:` what the staff is to meet")
    levers = levers_of(scenario, pools, between)
    chosen = scenario.run.seed if seed is None else seed
    phase = log.info if say is None else say

    many = len(levers) >= MANY
    plays = most_plays(len(levers), most)
    if many and plays < FEW:
        raise CcsimError(f"a search over {len(levers)} pools needs at least {FEW} replications of a plan, got {plays}")
    if probability is not None:
        enough_for(probability, plays, 1 - (1 - level) / 2)

    def trials_with(seed: int, level: float, levers: Sequence[Lever]) -> Trials:
        return Trials(
            source,
            levers,
            level=level,
            seed=seed,
            most=plays,
            probability=probability,
            first=LOOK if many else FIRST,
            settings=settings,
            workers=workers,
            anyway=anyway,
            progress=progress,
            stop=stop,
            told=told,
        )

    return _Run(source, levers, level, chosen, plays, trials_with, phase, settings, anyway).whole()


class _Run:
    """One search from the first guess to its certificate."""

    def __init__(
        self,
        source: Path,
        levers: Sequence[Lever],
        level: float,
        seed: int,
        most: int,
        trials_with: Callable[[int, float, Sequence[Lever]], Trials],
        say: Callable[[str], None],
        settings: Sequence[str],
        anyway: bool,
    ) -> None:
        self.level, self.seed, self.most, self.say = level, seed, most, say
        self.trials_with = trials_with
        today = settings_of(levers, tuple(one.now for one in levers))
        self.ready = prepare(source, settings=[*settings, *today], seed=seed, replications=most, anyway=anyway)
        self.refuted: list[Trial] = []
        self.confirmed: Confirmed | None = None
        self.waiting: list[Trial] = []
        self.plans = self.replications = 0
        self.levers = list(levers)
        self._guess()

    def _guess(self) -> None:
        """Today's plan at a first look, the cost of a person, the first guess, and the bounds."""
        self.many = len(self.levers) >= MANY
        self.say("today's plan" if self.many else "first guess: offered load, skills and the square-root rule")
        stricter = 1 - (1 - self.level) / 2
        first = self.trials_with(self.seed, stricter if self.many else self.level, self.levers)
        now = tuple(one.now for one in self.levers)
        self.now = first.of(now, min(LOOK if self.many else FIRST, self.most))
        played = first.played_of(now)[1]
        self.many = self.many and can_be_split(self.ready.scenario.goals, played)
        sums = played.sums
        place = {name: row for row, name in enumerate(sums.pools["name"])}
        rows = [place[one.pool] for one in self.levers]
        days = sums.measured.length / 86_400e6
        paid = sums.matrix("pool_sums", "rated_us").mean(axis=1) / 3.6e9 / days
        prices = np.array([sums.measured.paid_hour.get(name, 0.0) for name in sums.pools["name"]])
        time = np.array([n * one.hours for n, one in zip(now, self.levers, strict=True)])  # a pool may have several
        whole = {row: time[[other == row for other in rows]].sum() for row in rows}
        each = (paid * prices)[rows] * [one.hours / whole[row] for one, row in zip(self.levers, rows, strict=True)]
        self.priced = bool(each.any())
        self.costs = each if self.priced else np.ones(len(rows))
        demand = demand_of(sums, self.ready.scenario, self.levers)
        cost_by_pool = np.zeros(len(sums.pools))
        cost_by_pool[rows] = self.costs
        people = people_for(divided(demand, cost_by_pool), demand)
        guess = np.ceil(people[rows] * time / [whole[row] for row in rows])
        self.levers = [one.within(int(n)) for one, n in zip(self.levers, guess, strict=True)]
        begin = now if self.many else [int(n) for n in guess]
        self.start: Heads = tuple(min(max(n, one.least), one.most) for one, n in zip(self.levers, begin, strict=True))
        self.space = Space(self.costs, tuple(one.least for one in self.levers), tuple(one.most for one in self.levers))
        if self.many:  # what was played of today's plan is the search's first
            self.trials = first
            first.levers = self.levers
        else:
            self.trials = self.trials_with(self.seed, stricter, self.levers)
            self.replications += first.played
            self.plans += 1
        goals = self.ready.scenario.goals
        sides = sides_of(goals)
        self.search: Search | ManySearch
        if self.many:
            self.search = ManySearch(self.trials, self.space, sides, goals, self.say)
        else:
            at_once = self.trials.probability is not None
            self.search = Search(self.trials, self.space, [side_of_all(sides)] if at_once else sides, self.say)

    def whole(self) -> FoundStaff:
        stopped = False
        try:
            if self.search.from_start(self.start) is not None:
                for attempt in range(1, ATTEMPTS + 1):
                    self.search.descend()
                    if self._certified(attempt):
                        break
        except KeyboardInterrupt:
            stopped = True
        self.replications += self.trials.played
        self.plans += len(self.trials.trials)
        return self._told(stopped)

    def _certified(self, attempt: int) -> bool:
        """Whether the search is at its end: fresh replications confirm the best plan, and no cheaper neighbour."""
        best = self.search.best
        if best is None:
            return True
        self.say(f"certificate {attempt}: fresh replications")
        fresh = self.trials_with(seed_of(self.seed, attempt), 1 - (1 - self.level) / 2**attempt, self.levers)
        try:
            trial = fresh.unless_refuted(best.heads)
            if trial.verdict != "pass":
                self.refuted.append(trial)
                return self._go_on_from(trial, fresh)
            cheaper, beside = self._beside(best.heads, fresh)
        finally:
            self.replications += fresh.played
            self.plans += len(fresh.trials)
        self.confirmed = Confirmed(best, trial, tuple(beside))
        self.waiting = cheaper
        return not self._next_waiting()

    def _next_waiting(self) -> bool:
        """Go on from the cheapest neighbour that passed beside the confirmed plan and is not refuted, if any."""
        known = {one.heads for one in self.refuted}
        self.waiting = [one for one in self.waiting if one.heads not in known]
        if self.waiting:
            self.search.best = min(self.waiting, key=lambda one: (self.space.cost(one.heads), one.heads))
        return bool(self.waiting)

    def _beside(self, heads: Heads, fresh: Trials) -> tuple[list[Trial], list[Neighbour]]:
        """The cheaper neighbours on fresh replications, those that pass first."""
        if isinstance(self.search, ManySearch):
            return [], []
        cut = self.search.last_cut
        moves = moves_from(heads, self.space)
        drops = [move for move in moves if sum(a != b for a, b in zip(move, heads, strict=True)) == 1]
        swaps = [move for move in moves if move not in drops]
        if cut is not None:
            swaps.sort(key=lambda move: -float((cut.slopes @ (np.array(move) - np.array(heads)) / cut.persons).min()))
        found = []
        for move in [*drops, *swaps[:SWAPS]]:
            less = next((one.name for one, a, b in zip(self.levers, move, heads, strict=True) if a < b), "")
            found.append(Neighbour(fresh.decided(move), self.space.cost(move), less if move in drops else ""))
        return [one.trial for one in found if one.trial.verdict == "pass"], found

    def _go_on_from(self, refuted: Trial, fresh: Trials) -> bool:
        """Whether it is the end: back to the plan that was confirmed and what still waits beside it, if any was; else
        on from a person more than the refuted plan has, with a stricter margin.
        """
        self.search.bar(refuted)
        if self.confirmed is not None:
            return not self._next_waiting()
        stricter = 1 - (1 - self.trials.level) / 2
        if isinstance(self.search, ManySearch):
            return self.search.mend(refuted, fresh.played_of(refuted.heads)[1], stricter) is None
        self.search.best = None
        start, cut = list(refuted.heads), self.search.last_cut
        gains = np.ones(len(start)) if cut is None else cut.slopes[int(np.argmin(cut.margins / cut.persons))]
        pool = int(np.argmax(gains / np.maximum(self.costs, 1e-9)))
        start[pool] = min(start[pool] + 1, self.space.most[pool])
        self.trials.stricter(stricter)
        self.search.from_start(tuple(start))
        return self.search.best is None

    def _told(self, stopped: bool) -> FoundStaff:
        confirmed = self.confirmed
        best = self.search.best if confirmed is None else confirmed.found
        nearest = None
        if best is None and not stopped:
            nearest = self.search.nearest or self.trials.trials.get(self.space.most)
        cost = self.space.cost(best.heads) if best is not None else np.inf
        undecided = [
            one for heads, one in sorted(self.search.undecided.items()) if self.space.cost(heads) < cost - 1e-9 * cost
        ]
        return FoundStaff(
            name=self.ready.plan.name,
            currency=self.ready.plan.measured.currency,
            levers=tuple(self.levers),
            costs=tuple(float(one) for one in self.costs),
            priced=self.priced,
            level=self.level,
            probability=self.trials.probability,
            seed=self.seed,
            found=best,
            certificate=confirmed.certificate if confirmed is not None else None,
            neighbours=confirmed.neighbours if confirmed is not None else (),
            foreseen=self.search.foreseen_less(best.heads) if best is not None else {},
            refuted=tuple(self.refuted),
            undecided=tuple(undecided),
            now=self.now,
            nearest=nearest,
            binding=self.search.last_cut if nearest is not None else None,
            stopped=stopped,
            plans=self.plans,
            replications=self.replications,
        )


def foreseen_looks(pools: int) -> int:
    """Looks at plans that a search of so many pools takes, roughly: four rounds of slopes with a few looks each, a
    descent, and a certificate; a play for each group of pools and some rounds where they are many.
    """
    if pools >= MANY:
        return 45
    return 4 * 3 * (pools + 1) + 30 + 2 * (pools + SWAPS)
