"""When to stop playing: looks at a fixed grid of replications, each with its part of the allowed error.

Looking again and again at an interval made for one look finds differences where there are none. Here the error is
spent over the looks: look k of every pair and goal may miss with `error / (k (k + 1))`, divided by the pairs and goals.
These parts add up to at most `error` over all looks, whatever stops the play (union bound), as far as Student's
interval keeps its own level at each look.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ccsim.metrics.best import influence_on_goal
from ccsim.metrics.goals import GoalLike
from ccsim.metrics.paired import Confidence, Difference, difference_of
from ccsim.metrics.paired_influence import Played

FIRST: Final = 10
"""Replications at the first look."""
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
    """Numbers of replications at which is looked, the last one `most` >= 2."""
    wanted = float(FIRST)
    while math.ceil(wanted) < most:
        yield math.ceil(wanted)
        wanted *= GROWTH
    yield most


def confidence_at(look: int, pairs: int, error: float = ERROR) -> Confidence:
    """Confidence of look 1, 2, ... for so many pairs of a variant and a goal."""
    return Confidence(error, look * (look + 1) * max(pairs, 1))


def pairs_of(
    goals: Sequence[GoalLike], base: Played, variants: Mapping[str, Played], sure: Confidence
) -> dict[tuple[str, int], Difference | None]:
    """The difference of every variant (by name) and goal (by place); None where a value is missing."""
    made: dict[tuple[str, int], Difference | None] = {}
    for number, goal in enumerate(goals):
        ours = influence_on_goal(goal, base)
        for name, played in variants.items():
            theirs = influence_on_goal(goal, played)
            known = bool(ours.known[0] and theirs.known[0])
            made[name, number] = (
                difference_of(float(ours.values[0]), float(theirs.values[0]), ours.moves[0], theirs.moves[0], sure)
                if known
                else None
            )
    return made


def reached(
    until: Until, goals: Sequence[GoalLike], base: Played, variants: Mapping[str, Played], sure: Confidence
) -> bool:
    """Whether every pair is what is waited for, at this look."""
    made = pairs_of(goals, base, variants, sure)
    return all(one is not None and _enough(until, one, _size(goals[number], base)) for (_, number), one in made.items())


def _size(goal: GoalLike, base: Played) -> float:
    return abs(float(influence_on_goal(goal, base).values[0]))


def _enough(until: Until, one: Difference, base: float) -> bool:
    if one.low is None or one.high is None:
        return False
    if until.what == "decided":
        return one.verdict != "not decided"
    return (one.high - one.low) / 2 <= until.width * max(base, abs(base + one.difference))
