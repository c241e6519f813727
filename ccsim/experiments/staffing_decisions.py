"""The cheapest people at each value of a few decisions, such as a vendor's share, and the cheapest of these.

At a value the people are searched by `ccsim.experiments.staffing`. Which values are looked at is decided by what was
found: cost is taken to fall and then to rise along the values of a key, so the lowest lies between the neighbours of
the lowest that is known. Values outside are not looked at, and the answer names them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.experiments.prepared import Path
from ccsim.experiments.staffing import FoundStaff, staff
from ccsim.experiments.staffing_many import most_plays
from ccsim.experiments.staffing_pools import levers_of
from ccsim.experiments.staffing_trials import Trial, Trials
from ccsim.scenario.load import Opened, split_variants

log: Final = logging.getLogger("ccsim.staff")

ATTEMPTS: Final = 4
"""Certificates at most. After one that refutes the cheapest plan its value is searched again, with more in reserve."""

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

    @property
    def certified(self) -> bool:
        """Whether fresh replications confirm the answer."""
        return self.best is not None

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return any(one.stopped for _, one in self.looked)


def cost_of(made: FoundStaff) -> float:
    """Cost a day of the whole centre with the people that were found, on the search's customers; infinite where no
    plan meets the goals. Where nobody has a price, the number of people."""
    if made.found is None:
        return float("inf")
    return made.found.cost if made.priced else made.cost_of(made.found.heads)


def staff_over(
    source: Path,
    decisions: Mapping[str, Sequence[str]],
    *,
    settings: Sequence[str] = (),
    seed: int | None = None,
    level: float = 0.95,
    probability: float | None = None,
    most: int | None = None,
    say: Callable[[str], None] | None = None,
    **given: Any,
) -> FoundDecisions:
    """Find the values of some keys, and the people with them, that cost least and meet every goal.

    All plans have the same customers. The cheapest is played again with fresh replications that no search has seen, so
    its certificate holds whatever number of values was looked at. Where these refute it, its value is searched again
    with more in reserve, and of the next certificate more is asked, so that all together err at most with `1 - level`.

    Parameters
    ----------
    source
        File of the scenario, `FILE:VARIANT`.
    decisions
        Values by dotted key, in their order.
    settings, seed, level, probability, most, say, given
        As of `ccsim.experiments.staffing.staff`.

    `CcsimError` as there, and for values that the scenario does not take.
    """
    phase = log.info if say is None else say
    _check(source, decisions, settings)

    def searched(values: Decided, errs: float) -> FoundStaff:
        phase(", ".join(f"{key}={value}" for key, value in values))
        more = [*settings, *(f"{key}={value}" for key, value in values)]
        sure = 1 - (1 - level) / errs
        return staff(source, settings=more, seed=seed, level=sure, probability=probability, most=most, say=say, **given)

    walk = _Walk(decisions, lambda values: searched(values, 2))
    walk.whole()
    best: Decided | None = None
    certificate: Trial | None = None
    refuted: list[tuple[Decided, Trial]] = []
    for attempt in range(1, ATTEMPTS + 1):
        cheapest = walk.cheapest()
        if cheapest is None or walk.stopped:
            break
        phase(f"certificate {attempt}: fresh replications of {', '.join(f'{key}={value}' for key, value in cheapest)}")
        more = [*settings, *(f"{key}={value}" for key, value in cheapest)]
        trial = _certificate(source, walk.found[cheapest], attempt, more, level, probability, most, given)
        if trial.verdict == "pass":
            best, certificate = cheapest, trial
            break
        refuted.append((cheapest, trial))
        walk.found[cheapest] = searched(cheapest, 2 ** (attempt + 2))  # again, with more in reserve
        walk.whole()  # another value may be the cheapest now
    ordered = [(values, walk.found[values]) for values in walk.every if values in walk.found]
    answer = replace(
        walk.found[best or walk.cheapest() or ordered[-1][0]],
        certificate=certificate,
        level=level,
        plans=sum(made.plans for _, made in ordered),
        replications=sum(made.replications for _, made in ordered),
    )
    left = tuple(values for values in walk.every if values not in walk.found)
    named = {key: tuple(values) for key, values in decisions.items()}
    return FoundDecisions(named, tuple(ordered), left, best, answer, tuple(refuted))


def _check(source: Path, decisions: Mapping[str, Sequence[str]], settings: Sequence[str]) -> None:
    """`CcsimError` for a value that the scenario does not take, before anything is played."""
    faults: dict[str, None] = {}
    file, variants = split_variants(os.fspath(source))
    opened = Opened(file)
    for key, values in decisions.items():
        if not values:
            faults[f"{key}: say its values"] = None
        for value in values:
            try:
                levers_of(opened.loaded(variants, [*settings, f"{key}={value}"]).scenario)
            except CcsimError as error:
                faults |= dict.fromkeys(str(error).splitlines())
    if faults:
        raise CcsimError("\n".join(faults))


def _certificate(
    source: Path,
    made: FoundStaff,
    attempt: int,
    settings: Sequence[str],
    level: float,
    probability: float | None,
    most: int | None,
    given: Mapping[str, Any],
) -> Trial:
    """The plan on replications that no search has seen."""
    assert made.found is not None
    plays = most_plays(len(made.levers), most)
    names = ("workers", "anyway", "progress", "stop", "told")
    trials = Trials(
        source,
        made.levers,
        level=1 - (1 - level) / 2**attempt,
        seed=fresh_seed(f"ccsim staff {made.seed} decision {attempt}"),
        most=plays,
        probability=probability,
        settings=settings,
        **{name: given[name] for name in names if name in given},
    )
    return trials.of(made.found.heads, plays)


class _Walk:
    """Looks at values of one key after the other, the others at their best so far."""

    def __init__(self, decisions: Mapping[str, Sequence[str]], searched: Callable[[Decided], FoundStaff]) -> None:
        self.decisions, self.searched = decisions, searched
        self.found: dict[Decided, FoundStaff] = {}
        self.stopped = False

    def cheapest(self) -> Decided | None:
        """The values with the cheapest people; None where no plan meets the goals."""
        able = [one for one in self.every if one in self.found and self.found[one].found is not None]
        return min(able, key=lambda one: cost_of(self.found[one]), default=None)

    @property
    def every(self) -> list[Decided]:
        """All combinations in their order."""
        made: list[Decided] = [()]
        for key, values in self.decisions.items():
            made = [(*one, (key, value)) for one in made for value in values]
        return made

    def whole(self) -> None:
        """Every key in turn until no key changes any more."""
        middle = tuple((key, values[len(values) // 2]) for key, values in self.decisions.items())
        here = dict(self.cheapest() or middle)
        moved = True
        while moved and not self.stopped:
            moved = False
            for key, values in self.decisions.items():
                at = self._along(key, values, here)
                moved = moved or (len(self.decisions) > 1 and values[at] != here[key])
                here[key] = values[at]

    def _along(self, key: str, values: Sequence[str], here: Mapping[str, str]) -> int:
        """Place of the cheapest value of a key."""

        row = [tuple((name, one if name == key else value) for name, value in here.items()) for one in values]

        def cost(place: int) -> float:
            if row[place] not in self.found:
                self.found[row[place]] = self.searched(row[place])
                self.stopped = self.stopped or self.found[row[place]].stopped
            return cost_of(self.found[row[place]])

        start = values.index(here[key])
        costs = {place: cost(place) for place, one in enumerate(row) if place == start or one in self.found}
        while not self.stopped and (place := next_place(costs, len(values))) is not None:
            costs[place] = cost(place)
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
