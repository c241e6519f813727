"""A scenario with exact values: how these are found from a chain, and how the engine's estimates are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from ccsim.engine import simulate
from ccsim.model import Model, compile_model
from ccsim.records.tables import POOLS, QUEUES
from ccsim.results.tables import columns_of
from tests.support.stories import script

MINUTE = 60e6
"""Microseconds."""

MOST_ERRORS = 4.0
"""Standard errors that an estimate may be off."""

Move = tuple[Any, float, str]
"""The state after it, its rate a minute, and what happens then: names with spaces between."""

Ratio = tuple[float, float]


@dataclass(frozen=True)
class Equilibrium:
    """A Markov chain in equilibrium."""

    share: Mapping[Any, float]
    """Of time, by state."""
    rate: Mapping[str, float]
    """How often a minute something happens, by name."""

    def mean(self, of: Callable[[Any], float]) -> float:
        """Mean over time of a number that a state has."""
        return sum(share * of(state) for state, share in self.share.items())


def equilibrium(start: Hashable, moves: Callable[[Any], Iterable[Move]]) -> Equilibrium:
    """Solve the chain of all states that can be reached."""
    places: dict[Any, int] = {start: 0}
    states = [start]
    found: list[tuple[int, int, float, str]] = []
    for state in states:
        for to, rate, names in moves(state):
            if rate <= 0:
                continue
            if to not in places:
                places[to] = len(states)
                states.append(to)
            found.append((places[state], places[to], rate, names))
    source, target = (np.array([row[i] for row in found]) for i in (0, 1))
    speed = np.array([row[2] for row in found])
    many = len(states)
    both = (np.r_[target, source], np.r_[source, source])
    balance = sparse.coo_matrix((np.r_[speed, -speed], both), shape=(many, many)).tocsc()
    # the balance of the first state follows from the others: its share is 1 at first, then they are made to add up to 1
    others = spsolve(balance[1:, 1:], -balance[1:, [0]].toarray()[:, 0], permc_spec="MMD_AT_PLUS_A")
    share = np.concatenate([[1.0], others]) / (1.0 + others.sum())
    rates: dict[str, float] = {}
    for i, _, rate, names in found:
        for name in names.split():
            rates[name] = rates.get(name, 0.0) + float(share[i]) * rate
    return Equilibrium({state: float(share[i]) for state, i in places.items()}, rates)


def mean_of_pieces(edges: Iterable[float], value: Callable[[float], float]) -> float:
    """Mean of a function that is linear between edges (it may jump at them)."""
    pieces = list(pairwise(edges))
    return sum((b - a) * value((a + b) / 2) for a, b in pieces) / (pieces[-1][1] - pieces[0][0])


class Tables:
    """Sums over the tables of one replication."""

    def __init__(self, model: Model, tables: Mapping[str, np.ndarray]) -> None:
        self._model, self._tables = model, tables
        self._queues = [dict(zip([c.name for c in QUEUES], row, strict=False)) for row in model.names["queues"]]
        self._pools = [dict(zip([c.name for c in POOLS], row, strict=False))["name"] for row in model.names["pools"]]

    def _rows(self, table: str) -> Iterator[dict[str, int]]:
        names = [column.name for column in columns_of(table, self._model.thresholds)][1:]
        for row in np.asarray(self._tables[table]).tolist():
            yield dict(zip(names, row, strict=True))

    def queues(self, column: str, pool: str = "", table: str = "queue_sums", **where: str) -> int:
        """Sum over the queues that are so; of a table of queues and pools, over the visits of one pool, or of all."""
        return sum(
            row[column]
            for row in self._rows(table)
            if all(self._queues[row["queue"]][name] == value for name, value in where.items())
            if not pool or (row["pool"] >= 0 and self._pools[row["pool"]] == pool)
        )

    def occupancy(self, pool: str) -> Ratio:
        """Time that its agents have contacts in hand, and time that they are signed in."""
        (row,) = (row for row in self._rows("pool_sums") if self._pools[row["pool"]] == pool)
        return row["in_hand_us"], row["signed_in_us"]

    def assigned(self, table: str, column: str, vendor: str) -> int:
        """Sum over what was assigned to a vendor: `assigned` by vendor, `assigned_sums` by assignee."""
        key, names = ("vendor", "vendors") if table == "assigned" else ("assignee", "assignees")
        return sum(row[column] for row in self._rows(table) if self._model.names[names][row[key]][1] == vendor)

    def interval(self, column: str, number: int) -> int:
        """Sum over the flows of one report interval of the counted time."""
        return sum(row[column] for row in self._rows("flow_intervals") if row["interval"] == number)

    @property
    def cases(self) -> int:
        """Counted cases."""
        (row,) = self._rows("replications")
        return row["cases"]


@dataclass(frozen=True)
class Combination:
    """A scenario, what is expected of it and how that is measured."""

    text: str
    expected: Mapping[str, float]
    measured: Callable[[Tables], Mapping[str, Ratio]]
    """Of one replication; the estimate is the sum of the first numbers over that of the second ones."""
    replications: int = 20
    seed: int = 7
    brief: str = "6h"
    """Length for the reference engine, with a warm-up of an hour where there is one; empty: as written."""

    def briefly(self) -> str:
        """The scenario for the reference engine."""
        text = re.sub(r"warm_up: \w+", "warm_up: 1h", self.text)
        return re.sub(r"length: \w+", f"length: {self.brief}", text) if self.brief else self.text


def estimates(one: Combination, times: int = 1) -> dict[str, tuple[float, float]]:
    """Estimate and standard error of every expected value; replications are independent, so that of a ratio."""
    count = times * one.replications
    model = compile_model(script(one.text))
    rows = [
        one.measured(Tables(model, simulate(model, seed=one.seed, replication=number).tables))
        for number in range(count)
    ]
    assert all(row.keys() == one.expected.keys() for row in rows)
    found = {}
    for name in one.expected:
        above, below = np.array([row[name] for row in rows], np.float64).T
        value = above.sum() / below.sum()
        rest = (above - value * below) / below.mean()
        found[name] = (float(value), float(rest.std(ddof=1) / np.sqrt(count)))
    return found


def differences(expected: Mapping[str, float], found: Mapping[str, tuple[float, float]]) -> list[str]:
    """What is off by four standard errors and more."""
    return [
        f"{name}: {value:.6g} +- {error:.2g}, but {expected[name]:.6g} is exact"
        for name, (value, error) in found.items()
        if not abs(value - expected[name]) < MOST_ERRORS * error
    ]
