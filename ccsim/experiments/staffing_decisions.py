"""The cheapest people at each value of a few decisions, such as a vendor's share, and the cheapest of these.

At a value the people are searched as by `ccsim.experiments.staffing`, without a certificate. Which values are looked at
is decided by what was found: cost is taken to fall and then to rise along the values of a key, so the lowest lies
between the neighbours of the lowest that is known. Values outside are not looked at, and the answer names them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from ccsim.errors import CcsimError
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.experiments.staffing import search_for_people
from ccsim.experiments.staffing_asked import PeopleAsked, Watch
from ccsim.experiments.staffing_found import FoundStaff, cost_of_plan
from ccsim.experiments.staffing_pools import levers_of
from ccsim.experiments.staffing_run import ATTEMPTS, PeopleSearch
from ccsim.experiments.staffing_trials import Trial
from ccsim.scenario.load import Opened, split_variants

log: Final = logging.getLogger("ccsim.staff")

ERRS: Final = 4.0
"""The searches hold a plan to pass that does so with this part of the error: the cheapest of many has been lucky."""

UNWATCHED: Final = Watch()

Decided = tuple[tuple[str, str], ...]
"""Key and value of every decision."""


@dataclass(frozen=True, slots=True)
class FoundDecisions:
    """What a search over decisions found."""

    decisions: Mapping[str, tuple[str, ...]]
    """Values by key."""
    looked: tuple[tuple[Decided, FoundStaff], ...]
    """The people that were found, by value, in the order of the values."""
    not_looked: tuple[Decided, ...]
    best: Decided | None
    """The cheapest that fresh replications confirm; None where none is."""
    answer: FoundStaff
    """Of the best; where none is confirmed, of the cheapest, or of the one that was looked at last."""
    refuted: tuple[tuple[Decided, Trial], ...]
    """Cheaper plans that these did not confirm."""
    stopped: bool
    """Whether it was stopped before its end."""

    @property
    def certified(self) -> bool:
        """Whether fresh replications confirm the answer."""
        return self.best is not None

    @property
    def at_an_end(self) -> tuple[str, ...]:
        """Keys of which the best is the first or the last value that may be chosen."""
        ends = ((key, value, self.decisions[key]) for key, value in self.best or ())
        return tuple(key for key, value, values in ends if len(values) > 1 and value in (values[0], values[-1]))


def cost_of(made: FoundStaff) -> float:
    """What the people that were found cost; see `cost_of_plan`."""
    return cost_of_plan(made.found, made.costs, priced=made.priced)


def staff_over(
    asked: PeopleAsked,
    decisions: Mapping[str, Sequence[str]],
    watch: Watch = UNWATCHED,
    *,
    done: Callable[[int, int], None] | None = None,
) -> FoundDecisions:
    """Find the values of some keys, and the people with them, that cost least and meet every goal.

    All plans have the same customers. At each value that is looked at the people are searched roughly, without a
    certificate, from those of the nearest value on; the cheapest is searched thoroughly and certified with fresh
    replications that no search has seen, so its certificate holds whatever number of values was looked at. Where these
    refute it, its plan is mended or another value takes its place, and of the next certificate more is asked, so that
    all together err at most with `1 - level`.

    Parameters
    ----------
    decisions
        Values by dotted key, in their order.
    done
        Told how many values were searched, and how many there are.

    `CcsimError` as of `ccsim.experiments.staffing_call.staff`, and for values that the scenario does not take.
    """
    phase = watch.say or log.info
    _check(asked, decisions)

    def begun(values: Decided) -> PeopleSearch:
        phase(f"value {len(walk.searches) + 1} of at most {len(walk.every)}: {said(values)}")
        settings = [*asked.settings, *(f"{key}={value}" for key, value in values)]
        hushed = replace(watch, say=lambda _: None)
        return search_for_people(replace(asked, settings=settings), hushed, errs=ERRS)

    walk = _Walk(decisions, begun, done)
    try:
        walk.to_certificate(phase)
    except KeyboardInterrupt:
        walk.stopped = True
        if not walk.searches:
            raise
    return _found(walk)


def _found(walk: _Walk) -> FoundDecisions:
    """What a walk found."""
    looked = {values: search.told(stopped=values not in walk.ended) for values, search in walk.searches.items()}
    ordered = [(values, looked[values]) for values in walk.every if values in looked]
    answer = replace(
        looked[walk.best or walk.cheapest() or ordered[-1][0]],
        stopped=walk.stopped,
        plans=sum(made.plans for _, made in ordered),
        replications=sum(made.replications for _, made in ordered),
    )
    left = tuple(values for values in walk.every if values not in looked)
    named = {key: tuple(values) for key, values in walk.decisions.items()}
    return FoundDecisions(named, tuple(ordered), left, walk.best, answer, tuple(walk.refuted), walk.stopped)


def said(values: Decided) -> str:
    """Keys and their values, for people."""
    return ", ".join(f"{key} = {value}" for key, value in values)


def _check(asked: PeopleAsked, decisions: Mapping[str, Sequence[str]]) -> None:
    """`CcsimError` for a value that the scenario does not take, before anything is simulated."""
    faults: dict[str, None] = {}
    file, variants = split_variants(os.fspath(asked.source))
    opened = Opened(file)
    for key, values in decisions.items():
        if not values:
            faults[f"{key}: say its values"] = None
        for value in values:
            try:
                levers_of(opened.loaded(variants, [*asked.settings, f"{key}={value}"]).scenario)
            except CcsimError as error:
                faults |= dict.fromkeys(str(error).splitlines())
    if faults:
        raise CcsimError("\n".join(faults))


class _Walk:
    """Looks at values of one key after the other, the others at their best so far."""

    def __init__(
        self,
        decisions: Mapping[str, Sequence[str]],
        begun: Callable[[Decided], PeopleSearch],
        done: Callable[[int, int], None] | None,
    ) -> None:
        self.decisions, self._begun, self._done = decisions, begun, done
        self.searches: dict[Decided, PeopleSearch] = {}
        """By value, in the order in which they were looked at."""
        self.ended: set[Decided] = set()
        """Values whose search came to its end."""
        self.thorough: set[Decided] = set()
        """Values whose plan was searched with all replications."""
        self.best: Decided | None = None
        """The cheapest that fresh replications confirm; None where none is."""
        self.refuted: list[tuple[Decided, Trial]] = []
        """Plans that these did not confirm."""
        self.stopped = False

    def to_certificate(self, phase: Callable[[str], None]) -> None:
        """Look at values, and certify the cheapest; `phase` is told in words what is done."""
        self.whole()
        attempt = 0
        while attempt < ATTEMPTS and (cheapest := self.cheapest()) is not None:
            search = self.searches[cheapest]
            search.say = phase
            if cheapest not in self.thorough:
                phase(f"the people of the cheapest: {said(cheapest)}")
                search.thorough()
                self.thorough.add(cheapest)
                self.beside(cheapest)
                continue  # a value beside it may be the cheapest now
            attempt = self._certified(cheapest, attempt)
            if self.best is not None:
                break
            self.whole()  # another value may be the cheapest now

    def _certified(self, values: Decided, attempt: int) -> int:
        """Ask fresh replications about the people of a value; how many certificates were asked for so far."""
        search, ended = self.searches[values], False
        before = len(search.refuted)
        while not ended and attempt < ATTEMPTS and search.search.best is not None:
            attempt += 1
            ended = search.certify(attempt, fresh_seed(f"ccsim staff {search.seed} decision {attempt}"))
            if search.confirmed is None:
                break
            self.best = values
            if not ended:  # a cheaper plan beside it passed too
                search.search.descend()
        self.refuted += [(values, one) for one in search.refuted[before:]]
        return attempt

    def cost(self, values: Decided) -> float:
        """Cost of a value that was looked at."""
        return self.searches[values].cost

    def cheapest(self) -> Decided | None:
        """The values with the cheapest people; None where no plan meets the goals."""
        able = [one for one in self.every if one in self.searches and self.cost(one) < float("inf")]
        return min(able, key=self.cost, default=None)

    def look(self, values: Decided) -> float:
        """Cost of a value; where it was not looked at, its people are searched from those of the nearest value on."""
        if values not in self.searches:
            able = [one for one in self.searches if self.cost(one) < float("inf")]
            near = min(able, key=lambda one: self._apart(one, values), default=None)
            search = self._begun(values)
            if near is not None:
                search.begin_from(self.searches[near])
            self.searches[values] = search
            search.roughly()
            self.ended.add(values)
            if self._done is not None:
                self._done(len(self.ended), len(self.every))
        return self.cost(values)

    def beside(self, values: Decided) -> None:
        """Search the values one step away, as far as they were looked at, once more from the people of this one on."""
        for one, search in self.searches.items():
            if one not in self.thorough and self._apart(one, values) == 1:
                search.again_from(self.searches[values])

    def _apart(self, one: Decided, other: Decided) -> float:
        """How far values are from each other, in steps along their keys."""
        places = zip(one, other, self.decisions.values(), strict=True)
        return float(sum(abs(values.index(a) - values.index(b)) for (_, a), (_, b), values in places))

    @property
    def every(self) -> list[Decided]:
        """All combinations in their order."""
        return [tuple(zip(self.decisions, values, strict=True)) for values in product(*self.decisions.values())]

    def whole(self) -> None:
        """Every key in turn until no key changes any more."""
        middle = tuple((key, values[len(values) // 2]) for key, values in self.decisions.items())
        here = dict(self.cheapest() or middle)
        moved = True
        while moved:
            moved = False
            for key, values in self.decisions.items():
                at = self._along(key, values, here)
                moved = moved or (len(self.decisions) > 1 and values[at] != here[key])
                here[key] = values[at]

    def _along(self, key: str, values: Sequence[str], here: Mapping[str, str]) -> int:
        """Place of the cheapest value of a key."""
        row = [tuple((name, one if name == key else value) for name, value in here.items()) for one in values]
        start = values.index(here[key])
        costs = {place: self.look(one) for place, one in enumerate(row) if place == start or one in self.searches}
        while (place := next_place(costs, len(values))) is not None:
            costs[place] = self.look(row[place])
        return min(costs, key=lambda place: (costs[place], place))


def next_place(costs: Mapping[int, float], count: int) -> int | None:
    """Which of `count` values in a row is looked at next, where their costs fall and then rise; None where the lowest
    is known: both its neighbours are looked at, or there is none. Of a gap the middle; while no value will do, of the
    widest gap.

    Parameters
    ----------
    costs
        What is known, by place; infinite where no plan meets the goals.
    """
    known = [-1, *sorted(costs), count]
    gaps = [(low, high) for low, high in pairwise(known) if high - low > 1]
    lowest = min(costs, key=lambda place: (costs[place], place))
    if costs[lowest] < float("inf"):
        gaps = [gap for gap in gaps if lowest in gap]
    if not gaps:
        return None
    low, high = max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0]))
    return (low + high) // 2
