"""How busy pools are week by week in every replication: a mean over all weeks hides where deferred work piles up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.replicate import Simulated
from ccsim.records.tables import POOL_INTERVALS
from ccsim.units import DAY, WEEK

Matrix = NDArray[np.float64]

_PLACES: Final = {column.name: place - 1 for place, column in enumerate(POOL_INTERVALS)}  # rows have no replication
UNLIKE: Final = 1.5
"""Standard deviations that a replication's busiest week is taken to lie above the mean of those that were simulated."""


class BusiestWeeks:
    """How many of its people every pool needs in its busiest week, replication by replication.

    While deferred work waits, all agents of a pool are busy but those that it keeps free for calls, and of these half:
    calls come and go. So its occupancy can be no more than 1 less half the part that is kept free. The busiest week
    is that of any seven days in a row: a rush from Thursday to Wednesday is half of each calendar week.
    """

    def __init__(self, keep_free: Sequence[int], interval: int, length: int) -> None:
        """`keep_free`: agents that each pool keeps free of deferred work; `interval`, `length`: of the report, and of
        what is counted, microseconds.

        A horizon shorter than a week is one week.
        """
        self._keep, self._interval = np.array(keep_free, np.float64), interval
        self._day = max(interval, DAY)
        self._days = max(-(-length // self._day), 1)
        self._found: list[Matrix] = []

    def take(self, simulated: Simulated) -> None:
        """Take the next replication."""
        rows = simulated.tables["pool_intervals"]
        day = np.minimum(rows[:, _PLACES["interval"]] * self._interval // self._day, self._days - 1)
        pool = rows[:, _PLACES["pool"]]
        in_hand, signed_in = (rows[:, _PLACES[name]].astype(np.float64) for name in ("in_hand_us", "signed_in_us"))
        kept = np.minimum(self._keep[pool] * self._interval, signed_in)
        hours = np.zeros((3, self._days + 1, len(self._keep)))
        for number, values in enumerate((in_hand, signed_in, kept)):
            np.add.at(hours[number], (day + 1, pool), values)
        until = np.cumsum(hours, axis=1)
        week = min(max(WEEK // self._day, 1), self._days)
        self._found.append(until[:, week:] - until[:, :-week])

    def needed(self, pools: Sequence[int], full: float) -> Matrix:
        """Part of its people with which the busiest week of a replication that is not simulated yet would take `full`
        of what a pool can: above 1 where it takes more now. For pools by their place: the mean and `UNLIKE` standard
        deviations, shape [pools].
        """
        parts = []
        for in_hand, signed_in, kept in (one[:, :, list(pools)] for one in self._found):
            parts.append(((in_hand / full + kept / 2) / np.maximum(signed_in, 1.0)).max(axis=0))
        found = np.array(parts)
        spread = found.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(len(pools))
        made: Matrix = found.mean(axis=0) + UNLIKE * spread
        return made
