"""What pools cost, and which visits they cost it for.

Paid time is a pool's; planners ask what a channel, a market or a cause costs. Each pool's cost is spread over the
queues in proportion to the capacity that it gave them in the counted time: time held times the part of an agent that a
contact fills (a chat of three at a time a third), so that any split adds up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

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


def drawn_prices_of(pools: pd.DataFrame, measured: Measured, replications: int) -> Matrix:
    """The same by replication, shape [pools, replications]: prices may be uncertain inputs."""
    made = np.repeat(prices_of(pools, measured)[:, None], replications, axis=1)
    drawn = measured.drawn.paid_hour if measured.drawn is not None else {}
    for row, name in enumerate(pools["name"]):
        if name in drawn:
            made[row] = drawn[name][:replications]
    return made


def paid_cost(rated_us: Whole, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """What paid time costs by pool and replication, in the run's currency: hours with premiums times their price, and
    what is missing to a vendor's minimum; no translations.

    Parameters
    ----------
    rated_us
        Paid time with premiums, shape [pools, replications].
    """
    hours: Matrix = rated_us / HOUR
    return hours * drawn_prices_of(pools, measured, hours.shape[1]) + below_minimum(hours, pools, measured)


def below_minimum(hours: Matrix, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """What vendors bill beside their hours because these are fewer than their minimum.

    A vendor's pools bear it in proportion to their hours, evenly where they have none.

    Parameters
    ----------
    hours
        Paid hours with premiums, shape [pools, replications].
    """
    added = np.zeros_like(hours)
    drawn = measured.drawn.minimum_hours if measured.drawn is not None else {}
    for vendor, written in measured.minimum_hours.items():
        least, price = np.array(drawn[vendor][: hours.shape[1]]).T if vendor in drawn else written
        mine = np.flatnonzero(pools["vendor"].to_numpy(dtype=object) == vendor)
        whole = hours[mine].sum(axis=0)
        if len(mine):
            parts = np.where(whole > 0, hours[mine] / np.where(whole > 0, whole, 1.0), 1.0 / len(mine))
            added[mine] = parts * np.maximum(least - whole, 0.0) * price
    return added


ROUTES: Final = ("replication", "queue", "pool", "served", "held_us")
"""Columns of the table `routes` that costs are shared by."""


class Routed:
    """Who answered whom, and the shares in which costs go from pools to queues.

    The rows are read a bounded number at a time, whenever they are asked for: only sums are kept.
    """

    def __init__(
        self,
        rows: Callable[[], Iterable[pd.DataFrame]],
        queues: pd.DataFrame,
        pools: pd.DataFrame,
        measured: Measured,
        replications: int,
    ) -> None:
        """`rows`: the table `routes` in parts, in its order, with the columns `ROUTES`; called more than once."""
        self._rows = rows
        self.queues, self.pools, self.replications = len(queues), len(pools), replications
        self._filled = np.array([1 / measured.concurrency.get(channel, 1) for channel in queues["channel"]])
        self._price = translation_prices(queues, pools, measured)
        given, served, self._translating = (np.zeros((self.pools, replications)) for _ in range(3))
        for one in self._parts():
            np.add.at(given, one.by_pool, one.given)
            np.add.at(served, one.by_pool, one.served)
            np.add.at(self._translating, one.by_pool, one.served * self._price[one.queue, one.pool])
        self._timeless = given == 0
        self._whole: Matrix = np.where(self._timeless, served, given)

    def _parts(self) -> Iterator[_Part]:
        for frame in self._rows():
            replication, queue, pool, served, held = (frame[name].to_numpy(np.int64) for name in ROUTES)
            yield _Part(queue, pool, replication, served, held * self._filled[queue])

    def _weight(self, one: _Part) -> Matrix:
        """What a pool gave a queue: capacity, or visits of a pool to which they all took no time."""
        return np.where(self._timeless[one.by_pool], one.served, one.given)

    @property
    def translating(self) -> Matrix:
        """Price of the translated visits answered in the counted time by pool, shape [pools, replications]."""
        return self._translating

    def allocated(self, paid: Matrix) -> Matrix:
        """Cost of pools by the queues that it was paid for, shape [queues, replications].

        The cost of a pool that held nobody is spread like that of all others together (where nobody answered at
        all, evenly).

        Parameters
        ----------
        paid
            Cost without translations, shape [pools, replications].
        """
        spread, weights, translation = (np.zeros((self.queues, self.replications)) for _ in range(3))
        whole = np.where(self._whole > 0, self._whole, 1.0)
        for one in self._parts():
            weight = self._weight(one)
            np.add.at(spread, one.by_queue, weight / whole[one.by_pool] * paid[one.by_pool])
            np.add.at(weights, one.by_queue, weight)
            np.add.at(translation, one.by_queue, one.served * self._price[one.queue, one.pool])
        idle = np.where(self._whole > 0, 0.0, paid).sum(axis=0)
        weights[:, weights.sum(axis=0) == 0] = 1.0
        made: Matrix = spread + idle * weights / weights.sum(axis=0) + translation
        return made


class _Part(NamedTuple):
    """Some rows: what a pool did for a queue in a replication."""

    queue: Whole
    pool: Whole
    replication: Whole
    served: Whole
    given: Matrix
    """Time held times the part of an agent that a contact fills."""

    @property
    def by_pool(self) -> tuple[Whole, Whole]:
        """Cells of [pools, replications]."""
        return self.pool, self.replication

    @property
    def by_queue(self) -> tuple[Whole, Whole]:
        """Cells of [queues, replications]."""
        return self.queue, self.replication


def translation_prices(queues: pd.DataFrame, pools: pd.DataFrame, measured: Measured) -> Matrix:
    """Price of a visit of a queue that a pool answers, shape [queues, pools]; 0 where it needs no translation.

    A pool that does not speak the customer's language answers by the first language of the overflow
    steps that it speaks.
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
