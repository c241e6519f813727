"""One search for people, from the first guess to its certificate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ccsim.experiments.prepared import prepare
from ccsim.experiments.staffing_asked import PeopleAsked
from ccsim.experiments.staffing_cells import can_be_split
from ccsim.experiments.staffing_costs import hours_of_one
from ccsim.experiments.staffing_found import Confirmed, FoundStaff, Neighbour, cost_of_plan
from ccsim.experiments.staffing_guess import by_shift, demand_of, divided, people_for
from ccsim.experiments.staffing_many import BRIEF, LOOK, MANY, ManySearch
from ccsim.experiments.staffing_model import Heads, Space, moves_from, side_of_all, sides_of
from ccsim.experiments.staffing_pools import Lever, settings_of
from ccsim.experiments.staffing_search import Search
from ccsim.experiments.staffing_trials import FIRST, Trial, Trials, seed_of

ATTEMPTS: Final = 8
"""Certificates at most."""
ERRS: Final = 2.0
"""A search holds a plan to pass that does so with this part of the error, one of so many."""
SWAPS: Final = 6
"""Cheaper neighbours that the certificate replications, beside one person less in each pool."""


class PeopleSearch:
    """One search: `found` finds a plan, `certify` asks fresh replications about it, `told` says what came of it."""

    def __init__(
        self,
        asked: PeopleAsked,
        levers: Sequence[Lever],
        seed: int,
        most: int,
        trials_with: Callable[[int, float, Sequence[Lever]], Trials],
        say: Callable[[str], None],
        *,
        errs: float = ERRS,
    ) -> None:
        """`errs`: the search holds a plan to pass that does so with a part of the error, one of so many."""
        self.level, self.seed, self.most, self.say = asked.level, seed, most, say
        self.stricter = 1 - (1 - asked.level) / errs
        self.trials_with = trials_with
        self.source, self.settings = asked.source, tuple(asked.settings)
        today = settings_of(levers, tuple(one.now for one in levers))
        self.ready = prepare(
            asked.source, settings=[*asked.settings, *today], seed=seed, replications=most, anyway=asked.anyway
        )
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
        first = self.trials_with(self.seed, self.stricter if self.many else self.level, self.levers)
        now = tuple(one.now for one in self.levers)
        self.now = first.of(now, min(LOOK if self.many else FIRST, self.most))
        simulated = first.simulated_of(now)[1]
        self.many = self.many and can_be_split(self.ready.scenario.goals, simulated)
        sums = simulated.sums
        place = {name: row for row, name in enumerate(sums.pools["name"])}
        rows = [place[one.pool] for one in self.levers]
        prices = np.array([sums.measured.paid_hour.get(name, 0.0) for name in sums.pools["name"]])
        each = prices[rows]
        if each.any():
            each = each * hours_of_one(first, now, rows, self.ready.scenario)
        self.priced = bool(each.any())
        self.costs = each if self.priced else np.ones(len(rows))
        demand = demand_of(sums, self.ready.scenario, self.levers)
        cost_by_pool = np.zeros(len(sums.pools))
        cost_by_pool[rows] = self.costs
        guess = by_shift(self.levers, rows, people_for(divided(demand, cost_by_pool), demand))
        self.levers = [one.within(int(n)) for one, n in zip(self.levers, guess, strict=True)]
        begin = now if self.many else [int(n) for n in guess]
        self.start: Heads = tuple(min(max(n, one.least), one.most) for one, n in zip(self.levers, begin, strict=True))
        self.space = Space(self.costs, tuple(one.least for one in self.levers), tuple(one.most for one in self.levers))
        if self.many:  # what was simulated of today's plan is the search's first
            self.trials = first
            first.levers = self.levers
        else:
            self.trials = self.trials_with(self.seed, self.stricter, self.levers)
            self.replications += first.simulated
            self.plans += 1
        goals = self.ready.scenario.goals
        sides = sides_of(goals)
        self.search: Search | ManySearch
        if self.many:
            self.search = ManySearch(self.trials, self.space, sides, goals, self.say)
        else:
            at_once = self.trials.probability is not None
            self.search = Search(self.trials, self.space, [side_of_all(sides)] if at_once else sides, self.say)

    def begin_from(self, other: PeopleSearch) -> None:
        """Begin at the plan that a search over the same pools found, with what it knows of a person's worth."""
        best = other.search.best
        if best is not None:
            bounds = zip(self.space.least, best.heads, self.space.most, strict=True)
            self.start = tuple(min(max(n, low), high) for low, n, high in bounds)
            if isinstance(self.search, Search) and isinstance(other.search, Search):
                self.search.known = other.search.known

    def whole(self) -> FoundStaff:
        """Find a plan and certify it; Ctrl-C ends it with the best so far."""
        stopped = False
        try:
            self.find()
            for attempt in range(1, ATTEMPTS + 1):
                if attempt > 1:
                    self.search.descend()
                if self.search.best is None or self.certify(attempt, seed_of(self.seed, attempt)):
                    break
        except KeyboardInterrupt:
            stopped = True
        return self.told(stopped)

    def find(self) -> None:
        """The cheapest plan that the search holds to pass, without a certificate."""
        if self.search.from_start(self.start) is not None:
            self.search.descend()

    def roughly(self) -> None:
        """As `find`, only near enough to tell at which value of a decision people cost least."""
        if isinstance(self.search, Search):
            self.search.rough = self.search.borrows = True
        self.find()
        for heads in list(self.trials.trials):
            if self.search.best is None or heads != self.search.best.heads:
                self.trials.forget(heads)

    def again_from(self, other: PeopleSearch) -> None:
        """As `roughly`, from the plan of another search on; what was found before stays where that is not cheaper."""
        known = self.search.best
        self.begin_from(other)
        self.roughly()
        made = self.search.best
        if known is not None and (made is None or self.space.cost(made.heads) >= self.space.cost(known.heads)):
            self.search.best = known

    def thorough(self) -> None:
        """After `roughly`: the cheapest plan as `find` finds it."""
        if isinstance(self.search, Search):
            self.search.thorough()

    def certify(self, attempt: int, seed: int) -> bool:
        """Whether the search is at its end: fresh replications confirm the best plan, and no cheaper neighbour.

        `attempt`: of how many certificates this one is the last, >= 1; each has half the error of the one before.
        `seed`: of replications that no search has seen.
        """
        best = self.search.best
        assert best is not None
        self.say(f"certificate {attempt}: fresh replications")
        fresh = self.trials_with(seed, 1 - (1 - self.level) / 2**attempt, self.levers)
        try:
            trial = fresh.unless_refuted(best.heads)
            if trial.verdict != "pass":
                self.refuted.append(trial)
                return self._go_on_from(trial, fresh)
            cheaper, beside = self._beside(best.heads, fresh)
        finally:
            self.replications += fresh.simulated
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
        """The cheaper neighbours that pass on fresh replications, and all that were simulated; of many pools few are,
        and none is gone on from: it saves one person of hundreds.
        """
        if isinstance(self.search, ManySearch):
            few = self.search.likeliest_less(heads)
            return [], [self._neighbour(fresh, move, heads, BRIEF) for move in few]
        cut = self.search.last_cut
        moves = moves_from(heads, self.space)
        drops = [move for move in moves if sum(a != b for a, b in zip(move, heads, strict=True)) == 1]
        swaps = [move for move in moves if move not in drops]
        if cut is not None:
            swaps.sort(key=lambda move: -float((cut.slopes @ (np.array(move) - np.array(heads)) / cut.persons).min()))
        found = [self._neighbour(fresh, move, heads) for move in [*drops, *swaps[:SWAPS]]]
        return [one.trial for one in found if one.trial.verdict == "pass"], found

    def _neighbour(self, fresh: Trials, move: Heads, heads: Heads, most: int | None = None) -> Neighbour:
        """A cheaper plan on fresh replications."""
        differ = [(one.name, a - b) for one, a, b in zip(self.levers, move, heads, strict=True) if a != b]
        return Neighbour(fresh.decided(move, most), self.space.cost(move), differ[0][0] if len(differ) == 1 else "")

    def _go_on_from(self, refuted: Trial, fresh: Trials) -> bool:
        """Whether it is the end: back to the plan that was confirmed and what still waits beside it, if any was; else
        on from a person more than the refuted plan has, with a stricter margin.
        """
        self.search.bar(refuted)
        if self.confirmed is not None:
            return not self._next_waiting()
        stricter = 1 - (1 - self.trials.level) / 2
        if isinstance(self.search, ManySearch):
            return self.search.mend(refuted, fresh.simulated_of(refuted.heads)[1], stricter) is None
        self.search.best = None
        start, cut = list(refuted.heads), self.search.last_cut
        gains = np.ones(len(start)) if cut is None else cut.slopes[int(np.argmin(cut.margins / cut.persons))]
        pool = int(np.argmax(gains / np.maximum(self.costs, 1e-9)))
        start[pool] = min(start[pool] + 1, self.space.most[pool])
        self.trials.stricter(stricter)
        self.search.from_start(tuple(start))
        return self.search.best is None

    @property
    def best(self) -> Trial | None:
        """The plan that was confirmed; before one is, the cheapest that the search holds to pass."""
        return self.search.best if self.confirmed is None else self.confirmed.found

    @property
    def cost(self) -> float:
        """What the best plan costs; see `cost_of_plan`."""
        return cost_of_plan(self.best, self.costs, priced=self.priced)

    def told(self, stopped: bool) -> FoundStaff:
        """What was found so far."""
        confirmed, best = self.confirmed, self.best
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
            plans=self.plans + len(self.trials.trials),
            replications=self.replications + self.trials.simulated,
            looked=tuple(self.trials.trials.values()),
            source=self.source,
            settings=self.settings,
        )
