"""When to stop playing: looks at a fixed grid of replications, each with its part of the allowed error.

Looking again and again at an interval made for one look finds differences where there are none. Here the error is
spent over the looks: look k of every pair and goal may miss with `error / (k (k + 1))`, divided by the pairs and goals.
These parts add up to at most `error` over all looks, whatever stops the play (union bound), as far as the interval
keeps its own level at each look.

Student's interval keeps it where the differences of the replications are spread evenly to both sides. Two alternatives
that are equal in law give such differences, and so do common random numbers where they move both alike. It does not
where one
alternative has a long tail that the other has not: the estimate is then mostly too low and looks too sure. So the first
look is not before `FIRST` replications, and a decision needs Student's statistic and Hall's, which is corrected for
skewness (`ccsim.metrics.paired.Confidence.reach`).

Guaranteed is the union bound for normal differences only; for others it is measured, for one pair and goal that are
played up to 500 replications, at least 10,000 times: of pairs equal in law, 1 to 3 % are decided falsely (differences
that are normal, of counts that are often 0, or with long tails on both sides). Of pairs with equal means, one of
which is constant, it is 3.2 % where the other is exponential (10.8 % with Student's statistic alone from 10
replications on), 3.1 % where it is a rare count that varies more than its mean (15 %), but 5.8 % where it is
lognormal of sigma 1 (19 %) and 9.7 % of sigma 1.5 (38 %): the more of a mean is due to rare, very large values, the
less any number of replications that misses them can say. A cap or a stop before `FIRST` replications makes one look
at what there is: with 5 of them, 4.4, 6.6, 7.3 and 14 % in these four cases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ccsim.metrics.best import influence_on_goal
from ccsim.metrics.paired import Confidence, Difference, difference_between
from ccsim.metrics.paired_influence import Played

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

FIRST: Final = 20
"""Replications at the first look: with fewer, a skewed KPI often shows too little of its tail."""
GROWTH: Final = 1.5
"""Each look has so many times the replications of the one before."""
ERROR: Final = 0.05
"""Chance that a rule decides anything wrongly."""


@dataclass(frozen=True, slots=True)
class Until:
    """What is waited for."""

    what: Literal["decided", "precision"]
    width: float = 0.0
    """Of `precision`: half-width of a difference, relative to the larger of the two values."""
    most_replications: int = 2_000
    most_seconds: float = math.inf
    error: float = ERROR


def looks(most: int) -> Iterator[int]:
    """Numbers of replications at which is looked, the last one `most` >= 2: the only one if it is below `FIRST`."""
    wanted = float(FIRST)
    while math.ceil(wanted) < most:
        yield math.ceil(wanted)
        wanted *= GROWTH
    yield most


def confidence_at(look: int, pairs: int, error: float = ERROR) -> Confidence:
    """Confidence of look 1, 2, ... for so many pairs of a variant and a goal."""
    return Confidence(error, look * (look + 1) * max(pairs, 1), skewed=True)


def pairs_of(
    goals: Sequence[Goal], base: Played, variants: Mapping[str, Played], sure: Confidence
) -> dict[tuple[str, int], Difference | None]:
    """The difference of every variant (by name) and goal (by place); None where a value is missing."""
    made: dict[tuple[str, int], Difference | None] = {}
    for number, goal in enumerate(goals):
        ours = influence_on_goal(goal, base)
        for name, played in variants.items():
            theirs = influence_on_goal(goal, played)
            known = bool(ours.known[0] and theirs.known[0])
            made[name, number] = difference_between(ours, 0, theirs, 0, sure) if known else None
    return made


def reached(
    until: Until, goals: Sequence[Goal], base: Played, variants: Mapping[str, Played], sure: Confidence
) -> bool:
    """Whether every pair is what is waited for, at this look."""
    made = pairs_of(goals, base, variants, sure)
    return all(one is not None and _enough(until, one, _size(goals[number], base)) for (_, number), one in made.items())


def _size(goal: Goal, base: Played) -> float:
    return abs(float(influence_on_goal(goal, base).values[0]))


def _enough(until: Until, one: Difference, base: float) -> bool:
    if one.low is None or one.high is None:
        return False
    if until.what == "decided":
        return one.verdict != "not decided"
    return (one.high - one.low) / 2 <= until.width * max(base, abs(base + one.difference))
