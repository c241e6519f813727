"""Sums of a run's columns by queue or pool and replication: what every ratio is made of."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.metrics.kpis import Kpi
from ccsim.results.measured import Measured
from ccsim.results.schema import threshold_label
from ccsim.units import HOUR

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]

_ID: Final = {"queue_intervals": "queue", "queue_calendar": "queue", "pool_intervals": "pool"}
_TERM: Final = re.compile(r"([+-]?)\s*([a-zA-Z_][\w.]*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a formula, with its sign."""

    sign: int
    table: str
    column: str


def terms_of(formula: str, table: str, threshold: int | None = None) -> tuple[Term, ...]:
    """The columns that a formula adds and subtracts, `_within_T` with its threshold (microseconds)."""
    terms = []
    for sign, name in _TERM.findall(formula):
        home, _, column = name.rpartition(".")
        if threshold is not None and column.endswith("_within_T"):
            column = column[:-1] + threshold_label(threshold)
        terms.append(Term(-1 if sign == "-" else 1, home or table, column))
    return tuple(terms)


class Sums:
    """A run's tables added up by queue or pool and replication; nothing is divided here.

    Sums of counts and microseconds are whole numbers and exact, whatever the order of adding.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], measured: Measured) -> None:
        self.tables, self.measured = tables, measured
        self.replications = len(tables["replications"])
        self.queues, self.pools = tables["queues"], tables["pools"]
        self._matrices: dict[tuple[str, str], NDArray[np.int64]] = {}
        self.memo: dict[Hashable, Any] = {}
        """What others made of these tables and may want again."""

    def matrix(self, table: str, column: str) -> NDArray[np.int64]:
        """Sums of a column, shape [queues or pools, replications]."""
        key = (table, column)
        if key not in self._matrices:
            frame = self.tables[table]
            rows = len(self.queues if _ID[table] == "queue" else self.pools)
            cells = np.zeros(rows * self.replications, dtype=np.int64)
            place = frame[_ID[table]].to_numpy(dtype=np.int64) * self.replications
            np.add.at(cells, place + frame["replication"].to_numpy(), frame[column].to_numpy(dtype=np.int64))
            self._matrices[key] = cells.reshape(rows, self.replications)
        return self._matrices[key]

    def labels(self, by_pool: bool, scope: str) -> tuple[list[str], Codes]:
        """Names of a scope's parts, sorted, and the part of every queue (or pool) as an index into them."""
        table = self.pools if by_pool else self.queues
        if scope == "all":
            return ["all"], np.zeros(len(table), dtype=np.int64)
        values = table["name" if scope in ("queue", "pool") else scope].astype(str).to_numpy(dtype=object)
        names = sorted(set(values))
        place = {name: i for i, name in enumerate(names)}
        return names, np.fromiter((place[v] for v in values), dtype=np.int64, count=len(values))

    def evaluate(self, formula: str, kpi: Kpi, codes: Codes, parts: int, threshold: int | None = None) -> Matrix:
        """A formula's sums for every part of a scope, shape [parts, replications].

        Parameters
        ----------
        formula
            Numerator or denominator of `kpi`.
        codes
            Part of every queue (or pool), -1 where it belongs to none.
        parts
            Number of parts.
        threshold
            T in microseconds, for formulas with `_within_T`.
        """
        total = np.zeros((parts, self.replications))
        for term in terms_of(formula, kpi.table, threshold):
            whole = np.zeros(len(self.pools), dtype=np.int64)  # another table's column: of everything together
            total += term.sign * self._part_sums(term, codes if term.table == kpi.table else whole, parts)
        return total

    def _part_sums(self, term: Term, codes: Codes, parts: int) -> Matrix:
        if term.column == "length":
            return np.repeat(self.time_of_parts(parts)[:, None], self.replications, axis=1)
        if term.table == "replications":
            column = self.tables["replications"][term.column].to_numpy(dtype=np.float64)
            return np.repeat(column[None, :], parts, axis=0)
        if term.column == "paid_cost":
            return _grouped(self.paid_cost(), codes, parts)
        return self.parts(term.table, term.column, codes, parts).astype(np.float64)

    def parts(self, table: str, column: str, codes: Codes, parts: int) -> NDArray[np.int64]:
        """Sums of a column for every part of a scope, exact, shape [parts, replications]."""
        return _grouped(self.matrix(table, column), codes, parts)

    def time_of_parts(self, parts: int) -> NDArray[np.float64]:
        """Counted microseconds of a replication, the same for every part."""
        return np.full(parts, float(self.measured.length))

    def paid_cost(self) -> Matrix:
        """Paid time times its price by pool and replication, in the run's currency."""
        price: Matrix = np.array([self.measured.paid_hour.get(name, 0.0) for name in self.pools["name"]])
        hours: Matrix = self.matrix("pool_intervals", "paid_us") / HOUR
        return hours * price[:, None]


Values = TypeVar("Values", NDArray[np.int64], NDArray[np.float64])


def _grouped(values: Values, codes: Codes, parts: int) -> Values:
    """Rows added up by part."""
    if parts == len(codes) and np.array_equal(codes, np.arange(parts)):
        return values
    out = np.zeros((parts, values.shape[1]), dtype=values.dtype)
    taken = codes >= 0
    np.add.at(out, codes[taken], values[taken])
    return out
