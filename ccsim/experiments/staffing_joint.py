"""All goals at once, as a chance constraint: the probability that one replication of the horizon meets every goal.

A replication meets them all or does not, so the probability has an exact interval (Clopper and Pearson, 1934). How near
a replication is to that is its least margin, and a plan's margin is the quantile of these at the share that may miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ccsim.errors import CcsimError
from ccsim.experiments.staffing_model import Side, Vector, scaled
from ccsim.kpis.verdicts import Verdict, verdict_of_interval
from ccsim.metrics.confidence import exact_share


@dataclass(frozen=True, slots=True)
class AllAtOnce:
    """The probability that all goals are met at once."""

    asked: float
    """At least this, above 0 and below 1."""
    met: int
    of: int
    low: float
    high: float
    """Exact interval."""
    margins: Vector
    """Least margin of every replication, shape [replications]."""

    @property
    def verdict(self) -> Verdict:
        """`pass` if the whole interval is at or above what is asked, `fail` if it is below, else `inconclusive`."""
        return verdict_of_interval(self.low, self.high, self.asked)[0]

    def margin(self, most: int, level: float) -> float:
        """The margin that as many replications exceed as a certificate of `most` of them needs."""
        missing = max(allowed_to_miss(self.asked, most, level), 0) / most
        return float(np.quantile(self.margins, missing))


def together(
    asked: float, values: Sequence[Sequence[float | None]], met: int, sides: Sequence[Side], level: float
) -> AllAtOnce:
    """What replications say; `values`: of every goal in every replication, `met`: how many meet all of them."""
    n = len(values[0])
    margins = np.full((len(sides), n), -5.0)
    for row, side in enumerate(sides):
        for at, value in enumerate(values[side.goal]):
            if value is not None:
                ends = scaled(side.scale, np.array([value, side.limit]))
                margins[row, at] = side.sign * float(ends[0] - ends[1])
    low, high = exact_share(met, n, level)
    return AllAtOnce(asked, met, n, float(low), float(high), margins.min(axis=0))


def allowed_to_miss(asked: float, replications: int, level: float) -> int:
    """Most replications that may miss a goal while the exact interval is at or above what is asked; -1: not even with
    none.
    """
    missing = np.arange(replications + 1)
    low, _ = exact_share(replications - missing, replications, level)
    return int((low >= asked).sum()) - 1


def enough_for(asked: float, replications: int, level: float) -> None:
    """`CcsimError` where so many replications cannot show a probability, even if all of them meet every goal."""
    if allowed_to_miss(asked, replications, level) >= 0:
        return
    needed = replications
    while allowed_to_miss(asked, needed, level) < 0 and needed < 1_000_000:
        needed = needed * 5 // 4 + 1
    while needed > replications and allowed_to_miss(asked, needed - 1, level) >= 0:
        needed -= 1
    raise CcsimError(
        f"{replications} replications cannot show a probability of {asked * 100:g} % with this confidence, even if all "
        f"of them meet every goal: {needed:,} can (--max-replications)"
    )
