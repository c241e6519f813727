"""Which alternative is best for a goal: by its mean over many replications, and replication by replication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.goals import kpi_of_goal, scope_of, values_by_replication
from ccsim.metrics.paired_influence import Influence, Simulated, in_pairs, influence_of
from ccsim.metrics.parts import codes_within
from ccsim.metrics.sums import Codes
from ccsim.metrics.time_goals import TimeGoal, in_time

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

DRAWS: Final = 10_000
"""Bootstrap samples of the replications."""
SEED: Final = 0x5EED_BE57
"""Key of the bootstrap's Philox stream: the same probabilities every time."""
_CHUNK: Final = 2_000_000
"""Counts of one chunk of samples: memory stays small however many replications there are."""

Matrix = NDArray[np.float64]
Row = dict[str, Any]


def of_goal(goal: Goal, simulated: Simulated) -> tuple[Kpi, Codes, int | None]:
    """The KPI of a goal with the formula that its scope asks for, the queues or pools inside, the threshold."""
    kpi, threshold = kpi_of_goal(goal, simulated.sums.measured)
    return kpi, codes_within(simulated.sums, kpi, scope_of(goal)), threshold


def influence_on_goal(goal: Goal, simulated: Simulated) -> Influence:
    """The influence of each replication on the KPI of a goal: one part; made once."""
    memo = simulated.sums.memo
    when = str((goal.by, goal.worst, goal.days, goal.hours))
    key = ("goal", goal.kpi, *scope_of(goal).items(), goal.within, goal.at_least, goal.at_most, when)
    if key not in memo:
        if in_time(goal):
            memo[key] = _timed(goal, simulated).influence()
        else:
            kpi, codes, threshold = of_goal(goal, simulated)
            memo[key] = influence_of(simulated.sums, kpi, codes, ["all"], threshold)
    made: Influence = memo[key]
    return made


def values_on_goal(goal: Goal, simulated: Simulated) -> list[float | None]:
    """The KPI of a goal in every replication alone; None where it cannot be made."""
    if in_time(goal):
        return list(_timed(goal, simulated).values())
    kpi, codes, threshold = of_goal(goal, simulated)
    return values_by_replication(simulated.sums, kpi, codes, threshold)


def _timed(goal: Goal, simulated: Simulated) -> TimeGoal:
    kpi, threshold = kpi_of_goal(goal, simulated.sums.measured)
    return TimeGoal.of(goal, kpi, scope_of(goal), threshold, simulated.sums)


def best(goals: Sequence[Goal], simulated: Mapping[str, Simulated]) -> list[Row]:
    """For every goal and alternative: how likely its mean is best, and the share of replications it won.

    Best is the highest value for a goal with `at_least`, the lowest for one with `at_most`, and the nearest to the
    band for one with both. Ties are shared equally. The probability is the share of `DRAWS` bootstrap samples, each of
    n - 1 whole replications, the same ones for every alternative, in which the alternative's estimate is best; it is
    missing with one replication. An alternative whose KPI is missing takes no part, and a replication without a
    value of every other is left out of the shares won. Counted are the replications that all of them have.
    """
    names = list(simulated)
    alike = dict(zip(names, in_pairs(*simulated.values()), strict=True))
    rows: list[Row] = []
    for number, goal in enumerate(goals):
        found = {name: influence_on_goal(goal, one) for name, one in simulated.items()}
        part = [name for name in names if found[name].known[0]]
        chances = _chances(goal, [influence_on_goal(goal, alike[name]) for name in part])
        shares, judged = _shares(goal, [alike[name] for name in part])
        for name in names:
            at = part.index(name) if name in part else None
            rows.append(
                {
                    "goal": number,
                    "kpi": goal.kpi,
                    "alternative": name,
                    "estimate": float(found[name].values[0]) if at is not None else None,
                    "probability_best": None if at is None or chances is None else chances[at],
                    "share_won": None if at is None or shares is None else shares[at],
                    "replications": judged,
                }
            )
    return rows


def _chances(goal: Goal, found: Sequence[Influence]) -> list[float] | None:
    """Share of the bootstrap samples in which each is best."""
    if not found or found[0].replications < 2:
        return None
    wins = np.zeros(len(found))
    for counts in samples(found[0].replications):
        wins += _won(goal, np.array([resampled(one, counts) for one in found])).sum(axis=1)
    return [float(share) for share in wins / DRAWS]


def samples(replications: int) -> Iterator[Matrix]:
    """How often each replication is in each of `DRAWS` bootstrap samples, chunk by chunk: shape [some, replications].

    The same samples every time, each of n - 1 of the n replications: so they spread as the mean does (Rao and Wu,
    1988).
    """
    n = replications
    random = np.random.Generator(np.random.Philox(key=SEED))
    size = max(_CHUNK // n, 1)
    for first in range(0, DRAWS, size):
        yield random.multinomial(n - 1, np.full(n, 1 / n), size=min(size, DRAWS - first)).astype(np.float64)


def resampled(one: Influence, counts: Matrix) -> Matrix:
    """The KPI of every sample, shape [samples]: the ratio of its sums; of quantiles and spreads the value moved by its
    replications.
    """
    if one.tops is not None and one.bottoms is not None:
        bottoms = counts @ one.bottoms[0]
        if (bottoms != 0).all() and one.moves.any():
            made: Matrix = (counts @ one.tops[0]) / bottoms
            return made
    moved: Matrix = one.values[0] + counts @ one.moves_of(0, one.replications) / counts.sum(axis=1)
    return moved


def _won(goal: Goal, values: Matrix) -> Matrix:
    """Each alternative's share of every column: 1 for the best, parts of 1 where several are equally good."""
    loss = _losses(goal, values)
    least = loss.min(axis=0)
    first = loss <= least + 1e-12 * np.abs(values).max(axis=0)
    shares: Matrix = first / first.sum(axis=0)
    return shares


def _losses(goal: Goal, values: Matrix) -> Matrix:
    low, high = goal.at_least, goal.at_most
    if low is not None and high is not None:
        return np.maximum(np.maximum(low - values, values - high), 0.0)
    better = "higher" if low is not None else "lower" if high is not None else KPIS[goal.kpi].better
    return -values if better == "higher" else values


def _shares(goal: Goal, simulated: Sequence[Simulated]) -> tuple[list[float] | None, int]:
    """Share of the replications that each won, and of how many."""
    each = [values_on_goal(goal, one) for one in simulated]
    whole = [column for column in zip(*each, strict=True) if None not in column]
    if not whole:
        return None, 0
    values = np.array(whole, dtype=np.float64).T
    return [float(share) for share in _won(goal, values).mean(axis=1)], len(whole)
