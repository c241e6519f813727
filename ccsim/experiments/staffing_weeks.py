"""How busy pools are week by week in every replication: a mean over all weeks hides where deferred work piles up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.replicate import Simulated
from ccsim.records.tables import POOL_INTERVALS
from ccsim.units import WEEK

Matrix = NDArray[np.float64]

_PLACES: Final = {column.name: place - 1 for place, column in enumerate(POOL_INTERVALS)}  # rows have no replication
UNLIKE: Final = 1.5
"""Standard deviations that a replication's busiest week is taken to lie above the mean of those that were simulated."""


class BusiestWeeks:
    """How much of what it can take every pool has in its busiest week, replication by replication.

    While deferred work waits, all agents of a pool are busy but those that it keeps free for calls, and of these half:
    calls come and go. So its occupancy can be no more than 1 less half the part that is kept free.
    """

    def __init__(self, keep_free: Sequence[int], interval: int, length: int) -> None:
        """`keep_free`: agents that each pool keeps free of deferred work; `interval`, `length`: of the report, and of
        what is counted, microseconds.

        A horizon shorter than a week is one week; days beyond the last whole week belong to it.
        """
        self._keep, self._interval = np.array(keep_free, np.float64), interval
        self._weeks = max(length // WEEK, 1)
        self._found: list[Matrix] = []

    def take(self, simulated: Simulated) -> None:
        """Take the next replication."""
        rows = simulated.tables["pool_intervals"]
        week = np.minimum(rows[:, _PLACES["interval"]] * self._interval // WEEK, self._weeks - 1)
        pool = rows[:, _PLACES["pool"]]
        in_hand, signed_in = (rows[:, _PLACES[name]].astype(np.float64) for name in ("in_hand_us", "signed_in_us"))
        kept = np.minimum(self._keep[pool] * self._interval, signed_in)
        hours = np.zeros((2, self._weeks, len(self._keep)))
        np.add.at(hours[0], (week, pool), in_hand)
        np.add.at(hours[1], (week, pool), signed_in - kept / 2)
        self._found.append((hours[0] / np.maximum(hours[1], 1.0)).max(axis=0))

    def of(self, pools: Sequence[int]) -> Matrix:
        """What the busiest week of a replication that is not simulated yet may be, for pools by their place: the mean
        and `UNLIKE` standard deviations, shape [pools].
        """
        found = np.array(self._found)[:, list(pools)]
        spread = found.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(len(pools))
        made: Matrix = found.mean(axis=0) + UNLIKE * spread
        return made
