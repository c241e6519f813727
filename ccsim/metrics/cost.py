"""What pools cost, and which visits they cost it for.

Paid time is a pool's; planners ask what a channel, a market or a cause costs. Each pool's cost is spread over the
queues in proportion to the capacity that it gave them in the counted time: time held times the part of an agent that a
contact fills (a chat of three at a time a third), so that any split adds up to the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.results.measured import Measured
from ccsim.units import HOUR

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]


def prices_of(pools: pd.DataFrame, measured: Measured) -> Matrix:
    """Price of a paid hour by pool, shape [pools]; 0 where there is none."""
    return np.array([measured.paid_hour.get(name, 0.0) for name in pools["name"]], dtype=np.float64)


def paid_cost(rated_us: Whole, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """What paid time costs by pool and replication, in the run's currency: hours with premiums times their price, and
    what is missing to a vendor's minimum; no translations.

    Parameters
    ----------
    rated_us
        Paid time with premiums, shape [pools, replications].
    """
    hours: Matrix = rated_us / HOUR
    return hours * prices_of(pools, measured)[:, None] + below_minimum(hours, pools, measured)


def below_minimum(hours: Matrix, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """What vendors bill beside their hours because these are fewer than their minimum.

    A vendor's pools bear it in proportion to their hours, evenly where they have none.

    Parameters
    ----------
    hours
        Paid hours with premiums, shape [pools, replications].
    """
    added = np.zeros_like(hours)
    for vendor, (least, price) in measured.minimum_hours.items():
        mine = np.flatnonzero(pools["vendor"].to_numpy(dtype=object) == vendor)
        whole = hours[mine].sum(axis=0)
        if len(mine):
            parts = np.where(whole > 0, hours[mine] / np.where(whole > 0, whole, 1.0), 1.0 / len(mine))
            added[mine] = parts * np.maximum(least - whole, 0.0) * price
    return added


class Routed:
    """Who answered whom, and the shares in which costs and resolutions go from pools to queues and back."""

    def __init__(
        self, routes: pd.DataFrame, queues: pd.DataFrame, pools: pd.DataFrame, measured: Measured, replications: int
    ) -> None:
        self.queues, self.pools, self.replications = len(queues), len(pools), replications
        self.queue, self.pool, self.replication, self.answered, self.served = (
            routes[name].to_numpy(dtype=np.int64) for name in ("queue", "pool", "replication", "answered", "served")
        )
        filled = np.array([1 / measured.concurrency.get(channel, 1) for channel in queues["channel"]])
        given = routes["held_us"].to_numpy(dtype=np.float64) * filled[self.queue]
        timeless = self._by_pool(given)[self.pool, self.replication] == 0
        self.weight: Matrix = np.where(timeless, self.served, given)
        price = translation_prices(queues, pools, measured)[self.queue, self.pool]
        self.translation: Matrix = self.served * price

    def _added(self, values: Matrix, owner: Whole, owners: int) -> Matrix:
        place = owner * self.replications + self.replication
        added: Matrix = np.bincount(place, weights=values, minlength=owners * self.replications).astype(np.float64)
        return added.reshape(owners, self.replications)

    def _by_pool(self, values: Matrix) -> Matrix:
        return self._added(values, self.pool, self.pools)

    def _by_queue(self, values: Matrix) -> Matrix:
        return self._added(values, self.queue, self.queues)

    @property
    def translating(self) -> Matrix:
        """Price of the translated visits answered in the counted time by pool, shape [pools, replications]."""
        return self._by_pool(self.translation)

    def allocated(self, paid: Matrix) -> Matrix:
        """Cost of pools by the queues that it was paid for, shape [queues, replications].

        The cost of a pool that held nobody is spread like that of all others together (where nobody answered at
        all, evenly).

        Parameters
        ----------
        paid
            Cost without translations, shape [pools, replications].
        """
        whole = self._by_pool(self.weight)
        share = self.weight / np.where(whole > 0, whole, 1.0)[self.pool, self.replication]
        spread = self._by_queue(share * paid[self.pool, self.replication])
        idle = np.where(whole > 0, 0.0, paid).sum(axis=0)
        weights = self._by_queue(self.weight)
        weights[:, weights.sum(axis=0) == 0] = 1.0
        made: Matrix = spread + idle * weights / weights.sum(axis=0) + self._by_queue(self.translation)
        return made

    def credited(self, resolved: Whole) -> Matrix:
        """Resolutions of queues, credited to pools in proportion to the visits that they answered.

        Parameters
        ----------
        resolved
            Shape [queues, replications].

        Returns
        -------
        Matrix
            Shape [pools, replications].
        """
        answered = self._by_queue(self.answered.astype(np.float64))
        each = resolved / np.where(answered > 0, answered, 1.0)
        return self._by_pool(self.answered * each[self.queue, self.replication])


def translation_prices(queues: pd.DataFrame, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """Price of a visit of a queue that a pool answers, shape [queues, pools]; 0 where it needs no translation.

    A pool that does not speak the customer's language answers by the first language of the rings that it speaks.
    """
    prices = np.zeros((len(queues), len(pools)))
    if not any(price for _, price in measured.translations):
        return prices
    language = queues["language"].to_numpy(dtype=object)
    for i, spoken in enumerate(pools["languages"]):
        known = set(str(spoken).split("+"))
        price = next((price for through, price in measured.translations if through in known), 0.0)
        if "any" not in known:
            prices[:, i] = np.where(np.isin(language, [*known, "any"]), 0.0, price)
    return prices
