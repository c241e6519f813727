"""What a peer replications: arrivals, laws, pools; and what it hands back: a row a contact."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

Row = tuple[int, float, float, float, int]
"""Type, joined, left the line, end of service (left, if abandoned), pool (-1: abandoned); in minutes."""


@dataclass(frozen=True)
class Shape:
    """A centre with equal types, Poisson arrivals, and pools of exchangeable agents. Times in minutes."""

    per_minute: float
    """Arrivals a minute in all; each type has an equal share."""
    pools: tuple[tuple[int, tuple[int, ...]], ...]
    """Agents, and types served, by pool."""
    types: int = 1
    service: float = 5.0
    """Mean service."""
    service_cv: float | None = None
    """Coefficient of variation of lognormal service; None: exponential."""
    patience: float | None = 3.0
    """Mean of exponential patience; None: nobody leaves."""

    def scaled(self, factor: float) -> Shape:
        """The same load an agent on `factor` times the agents."""
        pools = tuple((round(agents * factor), kinds) for agents, kinds in self.pools)
        return replace(self, per_minute=self.per_minute * factor, pools=pools)

    def service_law(self, rng: random.Random) -> Callable[[], float]:
        """A function that draws a service time, as cheap as the standard library allows."""
        if self.service_cv is None:
            expovariate, rate = rng.expovariate, 1.0 / self.service
            return lambda: expovariate(rate)
        sigma = math.sqrt(math.log1p(self.service_cv**2))
        normal, exp, mu = rng.gauss, math.exp, math.log(self.service) - sigma * sigma / 2.0
        return lambda: exp(normal(mu, sigma))


W1 = Shape(per_minute=100.0, pools=((500, (0,)),))
W2 = Shape(
    per_minute=100.0,
    types=10,
    pools=tuple((25, (g % 10, (g + 1) % 10, (g + 3) % 10)) for g in range(20)),
    service_cv=1.0,
    patience=None,
)
W2_PATIENCE = replace(W2, patience=3.0)


@dataclass(frozen=True)
class Tally:
    """Sums of a log."""

    contacts: int
    abandoned: int
    wait: float
    """Summed wait of all contacts, minutes."""
    by_pool: dict[int, int]
    """Contacts answered by each pool."""

    @property
    def abandonment(self) -> float:
        """Share of contacts that left the line."""
        return self.abandoned / self.contacts

    @property
    def mean_wait(self) -> float:
        """Mean wait of all contacts, minutes."""
        return self.wait / self.contacts


def tally(log: list[Row], after: float = 0.0) -> Tally:
    """Add up the rows of contacts that joined at `after` (minutes) or later."""
    rows = [row for row in log if row[1] >= after]
    by_pool: dict[int, int] = {}
    for row in rows:
        by_pool[row[4]] = by_pool.get(row[4], 0) + 1
    abandoned = by_pool.pop(-1, 0)
    return Tally(len(rows), abandoned, sum(row[2] - row[1] for row in rows), by_pool)
