"""What pools cost, and which visits they cost it for.

Paid time is a pool's; planners ask what a channel, a market or a cause costs. Each pool's cost is spread over the
visits that it answered in proportion to their handle time, so that any split adds up to the whole.
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
    """Paid time with premiums times its price by pool and replication, in the run's currency; no translations.

    Parameters
    ----------
    rated_us
        Paid time with premiums, shape [pools, replications].
    """
    hours: Matrix = rated_us / HOUR
    return hours * prices_of(pools, measured)[:, None]


class Routed:
    """Who answered whom, and the shares in which costs and resolutions go from pools to queues and back."""

    def __init__(
        self, routes: pd.DataFrame, queues: pd.DataFrame, pools: pd.DataFrame, measured: Measured, replications: int
    ) -> None:
        self.queues, self.pools, self.replications = len(queues), len(pools), replications
        self.queue, self.pool, self.replication, self.answered = (
            routes[name].to_numpy(dtype=np.int64) for name in ("queue", "pool", "replication", "answered")
        )
        handled = (routes["talk_us"] + routes["wrap_up_us"]).to_numpy(dtype=np.float64)
        timeless = self._by_pool(handled)[self.pool, self.replication] == 0
        self.weight: Matrix = np.where(timeless, self.answered, handled)
        price = translation_prices(queues, pools, measured)[self.queue, self.pool]
        self.translation: Matrix = self.answered * price

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
        """Price of translated visits by pool, shape [pools, replications]."""
        return self._by_pool(self.translation)

    def allocated(self, paid: Matrix) -> Matrix:
        """Cost of pools by the queues that it was paid for, shape [queues, replications].

        The cost of a pool that answered nobody is spread like that of all others together (where nobody answered at
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
