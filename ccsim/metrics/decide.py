"""When to stop simulating: looks at a fixed grid of replications, each with its part of the allowed error.

Looking again and again at an interval made for one look finds differences where there are none. Here the error is
spent over the looks: look k may miss with `error / (k (k + 1))`, divided by the questions asked of it.
These parts add up to at most `error` over all looks, whatever stops the replication (union bound), as far as the
interval keeps its own level at each look.

Student's interval keeps it where the differences of the replications are spread evenly to both sides. Two alternatives
that are equal in law give such differences, and so do common random numbers where they move both alike. It does not
where one
alternative has a long tail that the other has not: the estimate is then mostly too low and looks too sure. So the first
look is not before `FIRST` replications, and a decision needs Student's statistic and Hall's, which is corrected for
skewness (`ccsim.metrics.paired.Confidence.reach`).

Guaranteed is the union bound for normal differences only; for others it is measured, for one pair and goal that are
simulated up to 500 replications, at least 10,000 times: of pairs equal in law, 1 to 3 % are decided falsely
(differences that are normal, of counts that are often 0, or with long tails on both sides). Of pairs with equal means,
one of which is constant, it is 3.2 % where the other is exponential (10.8 % with Student's statistic alone from 10
replications on), 3.1 % where it is a rare count that varies more than its mean (15 %), but 5.8 % where it is
lognormal of sigma 1 (19 %) and 9.7 % of sigma 1.5 (38 %): the more of a mean is due to rare, very large values, the
less any number of replications that misses them can say. A cap or a stop before `FIRST` replications makes one look
at what there is: with 5 of them, 4.4, 6.6, 7.3 and 14 % in these four cases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from ccsim.errors import CcsimError
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.verdicts import verdict_of_goals
from ccsim.metrics.best import influence_on_goal
from ccsim.metrics.goals import judge
from ccsim.metrics.paired import Confidence, Difference, difference_between
from ccsim.metrics.paired_influence import Line, Simulated
from ccsim.metrics.ranking import Selection, select
from ccsim.metrics.standing import cost_of, more_replications, verdict_of_cost

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

FIRST: Final = 20
"""Replications at the first look: with fewer, a skewed KPI often shows too little of its tail."""
GROWTH: Final = 1.5
"""Each look has so many times the replications of the one before."""
GROWTH_OF_BEST: Final = 1.1
"""The same of `best`, whose looks cost no certainty: who is out is simulated no further from the next look on."""
ERROR: Final = 0.05
"""Chance that a rule decides anything wrongly."""


@dataclass(frozen=True, slots=True)
class Until:
    """When a comparison has enough replications: the rule, and what it was given."""

    what: Literal["decided", "precision", "best"]
    width: float = 0.0
    """Of `precision`: half-width of a difference, relative to the larger of the two values; of one scenario alone,
    half-width of its own value, relative to it."""
    kpi: str = ""
    """Of `best`: what the alternatives are ranked by."""
    zone: float = 0.0
    """Of `best`: the least difference that matters, in the KPI's unit."""
    most_replications: int = 200
    most_seconds: float = math.inf
    error: float = ERROR
    first: int = FIRST
    """Replications at the first look."""

    def __str__(self) -> str:
        """As it is asked for: `decided`, `precision=5%`, `best=cost_per_day,within=500`."""
        if self.what == "best":
            return f"best={self.kpi},within={zone_text(self)}"
        return "decided" if self.what == "decided" else f"precision={self.width * 100:g}%"


def zone_text(until: Until) -> str:
    """The indifference zone of `best`, as it is written."""
    unit = KPIS[until.kpi].unit
    return f"{until.zone * 100:g}%" if unit == "share" else f"{until.zone:g}{'s' if unit == 's' else ''}"


def looks(most: int, first: int = FIRST, growth: float = GROWTH) -> Iterator[int]:
    """Numbers of replications at which is looked, the last one `most` >= 2: the only one if it is below `first`."""
    wanted = float(first)
    while math.ceil(wanted) < most:
        yield math.ceil(wanted)
        wanted *= growth
    yield most


def confidence_at(look: int, pairs: int, error: float = ERROR) -> Confidence:
    """Confidence of look 1, 2, ... for so many questions: pairs of a variant and a goal, goals of an alternative."""
    return Confidence(error, look * (look + 1) * max(pairs, 1), skewed=True)


def pairs_of(
    goals: Sequence[Goal], simulated: Mapping[str, Simulated], confidence: Confidence
) -> dict[tuple[str, int], Difference | None]:
    """The difference of every variant (by name) and goal (by place) from the base, the first; None where a value is
    missing."""
    made: dict[tuple[str, int], Difference | None] = {}
    base, *variants = simulated
    for number, goal in enumerate(goals):
        ours = influence_on_goal(goal, simulated[base])
        for name in variants:
            theirs = influence_on_goal(goal, simulated[name])
            known = bool(ours.known[0] and theirs.known[0])
            made[name, number] = difference_between(ours, 0, theirs, 0, confidence) if known else None
    return made


@dataclass(frozen=True, slots=True)
class Open:
    """What a look still waits for: a goal of an alternative, a difference on a goal, or which of two is cheaper."""

    alternative: str
    goal: int | None
    """Place of the goal; None for cost."""
    estimate: float | None
    low: float | None
    high: float | None
    """The estimate (of the goal's KPI, or of the difference) and its interval at this look."""
    more: int | None
    """About so many more replications would do; None where that is not known."""
    against: str = ""
    """Of a difference: what it is from."""
    measure: str = ""
    """KPI of a difference in cost; empty for goals."""


def waits_for(until: Until, goals: Sequence[Goal], simulated: Mapping[str, Simulated], look: int) -> list[Open]:
    """What look 1, 2, ... at the alternatives (the base first) still waits for; nothing where it is enough.

    `precision`: every difference on a goal is as narrow as asked; of one scenario alone, the KPI of every goal is.
    `decided`: for every alternative it is known whether it meets all goals (one that fails is enough, all must
    pass), and which of those that do is the cheapest, or that two cost alike (`ccsim.metrics.standing.ALIKE`). A
    goal far from its target is so decided at the first look, whatever the difference from the base is. `best` has a
    `Race`.
    """
    if until.what == "precision" and len(simulated) == 1:
        return _wide_alone(until, goals, simulated, confidence_at(look, len(goals), until.error))
    if until.what == "precision":
        return _wide(until, goals, simulated, confidence_at(look, (len(simulated) - 1) * len(goals), until.error))
    questions = len(simulated) * len(goals) + len(simulated) - 1
    confidence = confidence_at(look, questions, until.error)
    level = 1 - confidence.error / confidence.shares
    judged = {name: judge(goals, {}, one.sums.measured, level=level, sums=one.sums) for name, one in simulated.items()}
    found: list[Open] = []
    for name, mine in judged.items():
        if verdict_of_goals(mine) == "fail":
            continue
        found += [
            Open(
                name,
                number,
                goal["estimate"],
                goal["low"],
                goal["high"],
                more_replications(goal, simulated[name].sums.replications),
            )
            for number, goal in enumerate(mine)
            if goal["verdict"] != "pass"
        ]
    return found or _costs(judged, simulated, confidence)


class Race:
    """Who may be the best by the KPI of `best`, from look to look (`ccsim.metrics.ranking`).

    Who is out need not be simulated any further.
    """

    def __init__(self, until: Until) -> None:
        self._until = until
        self.found: Selection | None = None
        """What the last look found."""

    def look(self, simulated: Mapping[str, Simulated]) -> Selection:
        """Look at all alternatives, in the same order each time; those still in have equally many replications.

        Raises
        ------
        CcsimError
            An alternative has no value of the KPI.
        """
        until, line = self._until, Line(self._until.kpi, "all", None)
        each = {name: one.influence(line) for name, one in simulated.items()}
        without = [name for name, one in each.items() if one is None or not one.known[0]]
        if without:
            raise CcsimError(f"--until best: {until.kpi} has no value in {', '.join(without)}; choose another KPI")
        n = max(one.replications for one in each.values() if one is not None)
        values = np.full((len(each), n), np.nan)
        for row, one in zip(values, each.values(), strict=True):
            if one is not None:
                row[: one.replications] = one.values[0] + one.moves[0]
        self.found = select(
            values,
            first=min(FIRST, n),
            zone=until.zone,
            error=until.error,
            higher=KPIS[until.kpi].better == "higher",
            out=None if self.found is None else self.found.out_after,
            seen=0 if self.found is None else self.found.replications,
        )
        return self.found

    def waits_for(self, simulated: Mapping[str, Simulated]) -> list[Open]:
        """Look, and tell how far those that may be the best are from the one that is ahead; nothing once one is
        chosen."""
        names, selection = list(simulated), self.look(simulated)
        if selection.chosen is not None:
            return []
        line = Line(self._until.kpi, "all", None)
        means = {names[i]: one.values[0] for i in selection.still_in if (one := simulated[names[i]].influence(line))}
        sign = 1.0 if KPIS[self._until.kpi].better == "higher" else -1.0
        ahead = max(means, key=lambda name: sign * means[name])
        more = selection.needed - selection.replications
        return [
            Open(name, None, float(means[name] - means[ahead]), None, None, more, ahead, self._until.kpi)
            for name in means
            if name != ahead
        ]


def _costs(
    judged: Mapping[str, Sequence[Mapping[str, Any]]], simulated: Mapping[str, Simulated], confidence: Confidence
) -> list[Open]:
    """The alternatives that meet all goals and whose cost cannot be told from that of the cheapest."""
    meeting = [name for name, mine in judged.items() if verdict_of_goals(mine) == "pass"]
    measure, costs = cost_of(simulated)
    if measure is None or len(meeting) < 2:
        return []
    least = min(meeting, key=lambda name: float(costs[name].values[0]))
    found = []
    for name in meeting:
        if name == least:
            continue
        apart = difference_between(costs[least], 0, costs[name], 0, confidence)
        if verdict_of_cost(apart, float(costs[least].values[0])) == "not decided":
            found.append(Open(name, None, apart.difference, apart.low, apart.high, apart.more, least, measure))
    return found


def _wide_alone(
    until: Until, goals: Sequence[Goal], simulated: Mapping[str, Simulated], confidence: Confidence
) -> list[Open]:
    """Goals of one scenario whose KPI is known less precisely than asked."""
    ((name, one),) = simulated.items()
    judged = judge(goals, {}, one.sums.measured, level=1 - confidence.error / confidence.shares, sums=one.sums)
    found = []
    for number, goal in enumerate(judged):
        value, low, high = goal["estimate"], goal["low"], goal["high"]
        narrow = low is not None and high is not None and (high - low) / 2 <= until.width * abs(value)
        if not narrow:
            found.append(Open(name, number, value, low, high, None))
    return found


def _wide(
    until: Until, goals: Sequence[Goal], simulated: Mapping[str, Simulated], confidence: Confidence
) -> list[Open]:
    """Differences whose interval is wider than asked."""
    base = next(iter(simulated))
    found = []
    for (name, number), one in pairs_of(goals, simulated, confidence).items():
        if one is None or one.low is None or one.high is None:
            found.append(Open(name, number, None, None, None, None, base))
            continue
        size = abs(float(influence_on_goal(goals[number], simulated[base]).values[0]))
        most = until.width * max(size, abs(size + one.difference))
        half = (one.high - one.low) / 2
        if half > most:
            n = simulated[name].sums.replications
            more = max(math.ceil(n * (half / most) ** 2) - n, 1) if most else None
            found.append(Open(name, number, one.difference, one.low, one.high, more, base))
    return found
