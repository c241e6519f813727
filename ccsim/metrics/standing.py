"""Which alternatives meet all goals, and which of those is the cheapest: what a comparison decides by.

Whether an alternative meets all goals is what `ccsim.kpis.verdicts` says of their verdicts together. Where no goal
fails and not all pass, how likely it is comes from the bootstrap, all goals together.

Among those that meet all goals the one with the least cost is chosen, and held against each of the others by paired
differences whose intervals hold for all of them at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.definitions import MAIN_COST
from ccsim.kpis.verdicts import Meets, excess, meets_all
from ccsim.metrics.best import influence_on_goal, of_goal, resampled, samples
from ccsim.metrics.meets import meets
from ccsim.metrics.mix import Mix, Work, mix_of
from ccsim.metrics.paired import Confidence, Difference, Row, difference_between, difference_row
from ccsim.metrics.paired_influence import Influence, Line, Simulated, in_pairs
from ccsim.metrics.time_goals import in_time

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

MEASURES: Final = (MAIN_COST, "agents")
"""What the cheapest is found by: cost; agents on the line where there are no prices."""
ALIKE: Final = 0.005
"""Two costs that differ by less than this share of the smaller, with their whole interval, are as good as equal."""

Judged = Mapping[str, Sequence[Mapping[str, Any]]]
"""By alternative, its goals as `ccsim.metrics.goals.judge` tells them."""


def goal_rows(
    goals: Sequence[Goal], simulated: Mapping[str, Simulated], chances: Sequence[Row], confidence: Confidence
) -> list[Row]:
    """The rows of `ccsim.metrics.best.best` with each variant's difference from the base (the first), and its parts.

    Columns as in `ccsim.results.comparison_columns.BEST`.
    """
    first = next(iter(simulated))
    rows = []
    for chance in chances:
        goal, name = goals[chance["goal"]], chance["alternative"]
        row: Row = dict.fromkeys(DIFFERENCE)
        mix = None
        if name != first:
            ours, theirs = in_pairs(simulated[first], simulated[name])
            moved = [influence_on_goal(goal, one) for one in (ours, theirs)]
            found = difference_row(wanted(goal), moved[0], 0, moved[1], 0, confidence)
            row = {key: found[key] for key in DIFFERENCE}
            mix = _mix(goal, ours, theirs, confidence)
        rows.append(dict(chance) | row | _parts(mix))
    return rows


DIFFERENCE: Final = ("difference", "low", "high", "standard_error", "verdict", "good", "more_replications")


def _parts(mix: Mix | None) -> Row:
    names = ("", "_low", "_high")
    told: Row = {f"{part}{end}": None for part in ("same_work", "mix") for end in names} | {"new_work": None}
    if mix is None:
        return told
    for part, one in (("same_work", mix.same_work), ("mix", mix.mix)):
        told |= dict(zip((f"{part}{end}" for end in names), (one.difference, one.low, one.high), strict=True))
    return told | {"new_work": mix.new_work}


def wanted(goal: Goal) -> str:
    """Which way a goal wants its KPI: `higher`, `lower`, or `neither` for a band."""
    if goal.at_least is not None and goal.at_most is not None:
        return "neither"
    return "higher" if goal.at_least is not None else "lower"


def _mix(goal: Goal, base: Simulated, variant: Simulated, confidence: Confidence) -> Mix | None:
    if in_time(goal):
        return None
    kpi = of_goal(goal, base)[0]
    if kpi.table != "queue_sums" or kpi.kind != "ratio" or kpi.denominator == "length":
        return None
    return mix_of(_work(goal, base), _work(goal, variant), confidence)


def _work(goal: Goal, simulated: Simulated) -> Work:
    kpi, inside, threshold = of_goal(goal, simulated)
    taken = np.flatnonzero(inside >= 0)
    codes = np.full(len(inside), -1, dtype=np.int64)
    codes[taken] = np.arange(len(taken))
    sums = simulated.sums
    tops, bottoms = (
        sums.evaluate(formula, kpi, codes, len(taken), threshold) for formula in (kpi.numerator, kpi.denominator)
    )
    names = [str(name) for name in sums.queues["name"].to_numpy(dtype=object)[taken]]
    return Work(names, tops * kpi.scale, bottoms)


def standings(
    goals: Sequence[Goal], judged: Judged, simulated: Mapping[str, Simulated], level: float = 0.95
) -> list[Row]:
    """One row an alternative, the base first; columns as in `ccsim.results.comparison_columns.ALTERNATIVES`.

    Parameters
    ----------
    goals
        Those of the base, that all are judged by.
    judged
        Verdicts of these goals by alternative.
    simulated
        The alternatives on common random numbers, in the order of the comparison.
    level
        Confidence of the differences from the chosen one, of all together.
    """
    names = list(simulated)
    likely = chances_of_all(goals, simulated)
    stand = {name: meets_all(judged[name], likely[name]) for name in names}
    measure, costs = cost_of(simulated)
    chosen = choose(names, stand, judged, costs)
    among = candidates(names, stand)
    confidence = Confidence(1 - level, max(len(names) - 1, 1))
    rows = []
    for name in names:
        verdicts = [goal["verdict"] for goal in judged[name]]
        cost = costs.get(name)
        apart = None
        if cost is not None and chosen in costs and name != chosen:
            least, mine = (_costs_by(measure, one) for one in in_pairs(simulated[chosen], simulated[name]))
            if least is not None and mine is not None:
                apart = difference_between(least, 0, mine, 0, confidence)
        rows.append(
            {
                "alternative": name,
                "meets": stand[name],
                "probability_all_goals": likely[name],
                "goals_pass": verdicts.count("pass"),
                "goals_fail": verdicts.count("fail"),
                "goals_inconclusive": verdicts.count("inconclusive"),
                "role": _role(name, chosen, among),
                "measure": measure or "",
                "value": None if cost is None else float(cost.values[0]),
                "value_low": None if cost is None else cost.ends[0][0],
                "value_high": None if cost is None else cost.ends[0][1],
            }
            | _against(apart, float(costs[chosen].values[0]) if chosen in costs else 0.0)
        )
    return rows


def _role(name: str, chosen: str | None, among: Sequence[str]) -> str:
    if name != chosen:
        return ""
    return "cheapest" if name in among else "nearest"


def _against(apart: Difference | None, cost: float) -> Row:
    keys = ("difference", "low", "high", "standard_error")
    if apart is None:
        return dict.fromkeys(keys) | {"verdict": "", "more_replications": None}
    values = (apart.difference, apart.low, apart.high, apart.error)
    verdict = verdict_of_cost(apart, cost)
    return dict(zip(keys, values, strict=True)) | {"verdict": verdict, "more_replications": apart.more}


def candidates(names: Sequence[str], stand: Mapping[str, Meets]) -> list[str]:
    """Among which the cheapest is looked for: those that are shown to meet all goals; without any, those that probably
    do."""
    for kind in ("yes", "probably"):
        if found := [name for name in names if stand[name] == kind]:
            return found
    return []


def choose(
    names: Sequence[str],
    stand: Mapping[str, Meets],
    judged: Judged,
    costs: Mapping[str, Influence],
) -> str | None:
    """The cheapest of those that meet all goals; without any, the one that comes nearest; None without goals.

    Nearest is the one that fails the fewest goals, then the one whose estimates miss the limits by the least (relative
    to them, added up), then the cheapest; the first of several that are alike.
    """
    if not any(judged.values()):
        return None

    def cost(name: str) -> float:
        return float(costs[name].values[0]) if name in costs else 0.0

    if among := candidates(names, stand):
        return min(among, key=cost)
    fails = {name: sum(goal["verdict"] == "fail" for goal in judged[name]) for name in names}
    return min(names, key=lambda name: (fails[name], sum(map(_gap, judged[name])), cost(name)))


def _gap(goal: Mapping[str, Any]) -> float:
    """By how much an estimate misses a goal's limits, relative to them; 1 where there is no estimate."""
    value, least, most = goal["estimate"], goal["at_least"], goal["at_most"]
    if value is None:
        return 1.0
    return max(excess(value, value, least, most), 0.0)


def cost_of(simulated: Mapping[str, Simulated]) -> tuple[str | None, dict[str, Influence]]:
    """What the cheapest is found by, and its influence by alternative; nothing where not every one has a value."""
    for measure in MEASURES:
        found = {}
        for name, one in simulated.items():
            if (influence := _costs_by(measure, one)) is not None:
                found[name] = influence
        if len(found) == len(simulated) and any(one.values[0] for one in found.values()):
            return measure, found
    return None, {}


def _costs_by(measure: str | None, simulated: Simulated) -> Influence | None:
    """The influence on a measure of cost; None where it has no value."""
    influence = None if measure is None else simulated.influence(Line(measure, "all", None))
    return influence if influence is not None and influence.known[0] else None


def chances_of_all(goals: Sequence[Goal], simulated: Mapping[str, Simulated]) -> dict[str, float | None]:
    """By alternative, the probability that its means meet all goals: share of bootstrap samples of the replications.

    None where a goal's KPI has no value, with one replication, and without goals.
    """
    found: dict[str, float | None] = {}
    for name, one in simulated.items():
        each = [influence_on_goal(goal, one) for goal in goals]
        n = one.sums.replications
        if not each or n < 2 or not all(influence.known[0] for influence in each):
            found[name] = None
            continue
        met, drawn = 0, 0
        for counts in samples(n):
            good: NDArray[np.bool_] = np.ones(len(counts), dtype=bool)
            for goal, influence in zip(goals, each, strict=True):
                good &= meets(goal, resampled(influence, counts))
            met, drawn = met + int(good.sum()), drawn + len(counts)
        found[name] = met / drawn
    return found


def verdict_of_cost(apart: Difference, cost: float) -> str:
    """What is known of two costs: `higher`, `lower`, `equal`, `alike` or `not decided`.

    Alike: the whole interval of their difference is within `ALIKE` of the cost, so that it matters to nobody.
    """
    if apart.verdict == "not decided" and apart.low is not None and apart.high is not None:
        return "alike" if max(-apart.low, apart.high) <= ALIKE * abs(cost) else "not decided"
    return apart.verdict


def more_replications(goal: Mapping[str, Any], replications: int) -> int | None:
    """About how many more replications take a goal's interval off its limits, if the estimate stays what it is.

    The half-width shrinks with the root of their number. None where no number would do, or there is no interval.

    Parameters
    ----------
    goal
        `estimate`, `low`, `high`, `at_least`, `at_most`, as `ccsim.metrics.goals.judge` tells them.
    """
    value, low, high = goal["estimate"], goal["low"], goal["high"]
    if value is None or low is None or high is None:
        return None
    needed = 0.0
    for limit in (goal["at_least"], goal["at_most"]):
        if limit is None or not low <= limit <= high:
            continue
        if limit == value:
            return None
        side = value - low if limit < value else high - value
        needed = max(needed, replications * (side / abs(limit - value)) ** 2)
    return max(math.ceil(needed) - replications, 1)
