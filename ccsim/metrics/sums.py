"""Sums of a run's columns by queue, pool or flow and replication: what every ratio is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.kpi import OF_SURGES, TABLES_OF_ASSIGNED, Kpi, limits_of
from ccsim.metrics import cost
from ccsim.metrics.agent_hours import hours_paid
from ccsim.metrics.assigned import BY_DAY, OF_ANSWERERS, handled_within, visits_of_parts
from ccsim.metrics.bot_cost import Charged, bot_cost, bot_cost_of_queues, charged, standing_cost_of_queues
from ccsim.metrics.names_of_run import NamesOfRun
from ccsim.metrics.surges import sums_of_surges
from ccsim.metrics.terms import terms_of
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.satisfaction import RATED
from ccsim.records.tables import AGE_BANDS, HANDLED_BY_POOL
from ccsim.results.held_tables import Tables, batches, select
from ccsim.results.measured import Measured
from ccsim.results.tables import columns_of
from ccsim.units import WEEK

Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]
Codes = NDArray[np.int64]

OWNER: Final[dict[str, str]] = {
    "queue_sums": "queue",
    "flow_intervals": "flow",
    "flow_calendar": "flow",
    "pool_sums": "pool",
    "pool_intervals": "pool",
    "workforce_plan": "pool",
    "waits": "flow",
    "backlog": "flow",
} | {table: "pool" for of in TABLES_OF_ASSIGNED.values() for table in of.values()}
"""What a row of a table belongs to."""
RECORDED: Final = frozenset(OWNER) - {table for of in TABLES_OF_ASSIGNED.values() for table in of.values()}
"""Those of them that a run has; the others are made."""

KEPT_BYTES: Final = 16_000_000
"""Sums by queue, pool or flow and replication that are kept, in case that another scope wants them."""


class Sums:
    """A run's tables added up by queue, pool or flow and replication; nothing is divided here.

    Sums of counts and microseconds are whole numbers and exact, whatever the order of adding.
    """

    knows_answerers = True
    """Whether they tell what is kept by day alone: by whom visits were assigned to and who answered."""

    knows_whole_time = True
    """Whether they are of the whole counted time, so that they tell what is kept for all of it alone."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], measured: Measured, names: NamesOfRun | None = None) -> None:
        """`names`: those of the run, for who has them already."""
        self.tables, self.measured = tables, measured
        self.replications = len(tables["replications"])
        self.names = NamesOfRun(tables, measured) if names is None else names
        self.queues, self.flows = self.names.queues, self.names.flows
        self.pools = self.names.pools
        """Pools, then the bots that cost anything: all that is paid."""
        self._matrices: dict[tuple[str, str], Any] = {}
        self._known: dict[tuple[str, str], Whole] = {}
        self._places: dict[str, Codes] = {}
        self.memo: dict[Hashable, Any] = {}
        """What others made of these tables and may want again."""

    def owners(self, table: str) -> pd.DataFrame:
        """Names of what the rows of a table belong to."""
        return {"queue": self.queues, "pool": self.pools, "flow": self.flows}[OWNER[table]]

    @property
    def surges(self) -> list[str]:
        """Names of the surges that say when service is restored, in order."""
        return [one.surge for one in self.measured.restored]

    def matrix(self, table: str, column: str) -> Any:
        """Sums of a column, or of one of `MADE`, shape [queues, pools or flows; replications]."""
        key = (table, column)
        if key in self._known:
            return self._known[key]
        if key not in self._matrices:
            if table not in RECORDED:
                return self._of_parts(table)[column]
            make = MADE.get(key)
            made = self.added(table, column) if make is None else make(self)
            self._matrices[key] = made
            self._make_room()
            return made
        return self._matrices[key]

    @property
    def rows_of_pools(self) -> int:
        """Rows of a matrix of pools."""
        return len(self.pools)

    def row_of_pools(self, pool: Codes, day: Codes) -> Codes:
        """Row of a matrix of pools on a day of the report's clock, -1 for what is left out."""
        return pool

    def know(self, sums: Mapping[tuple[str, str], Whole]) -> None:
        """Take sums of these tables from who has added them up, by table and column as `matrix` gives them."""
        self._known |= sums

    def _of_parts(self, table: str) -> Mapping[str, Whole]:
        """Sums of a table that no run has: of visits that were assigned, of one channel by who answered, of surges."""
        key = (OF_ANSWERERS, table)
        if key not in self.memo:
            of, within = limits_of(table)
            if table == OF_SURGES:
                self.memo[key] = sums_of_surges(self)
            elif of in OWNER and of not in RECORDED:
                self.memo[key] = visits_of_parts(self, of, within)
            else:
                self.memo[key] = handled_within(self, within)
        made: Mapping[str, Whole] = self.memo[key]
        return made

    def _make_room(self) -> None:
        """Let go of the oldest sums beyond `KEPT_BYTES`: what the parts of scopes need of them is kept there."""
        held = sum(matrix.nbytes for matrix in self._matrices.values())
        while held > KEPT_BYTES and len(self._matrices) > 1:
            held -= self._matrices.pop(next(iter(self._matrices))).nbytes

    def added(self, table: str, column: str) -> Whole:
        """Sums of a column of a table, whole numbers."""
        owners = len(self.owners(table))
        if table == "workforce_plan":
            frame = self.tables[table]
            return self.planned(frame["pool"].to_numpy(np.int64), frame[column].to_numpy(np.int64))
        if isinstance(self.tables, Tables) and not self.tables.short(table):
            return self._added_from_file(self.tables, table, column)
        cells = np.zeros(owners * self.replications, dtype=np.int64)
        frame = self.tables[table]
        if table not in self._places:
            self._places[table] = self._places_of(frame, table)
        np.add.at(cells, self._places[table], frame[column].to_numpy(dtype=np.int64))
        return cells.reshape(owners, self.replications)

    def _added_from_file(self, tables: Tables, table: str, column: str) -> Whole:
        """Sums of a column of a long table; of a table of sums those of every column with it, if they may be kept."""
        owner, shape = OWNER[table], (len(self.owners(table)), self.replications)
        known = columns_of(table, self.measured.thresholds)
        columns = [one.name for one in known if not one.key]
        more = {one.name for one in known if one.key} - {owner, "replication"}
        if more or len(columns) * shape[0] * shape[1] * 8 > KEPT_BYTES:
            columns = [column]
        cells = {name: np.zeros(shape[0] * shape[1], dtype=np.int64) for name in columns}
        for frame in batches(tables, table, [owner, "replication", *columns]):
            places = self._places_of(frame, table)
            for name, made in cells.items():
                np.add.at(made, places, frame[name].to_numpy(dtype=np.int64))
        self._matrices |= {(table, name): made.reshape(shape) for name, made in cells.items()}
        return cells[column].reshape(shape)

    def _places_of(self, frame: pd.DataFrame, table: str) -> Codes:
        """Cell of every row: by owner, then by replication."""
        owner, replication = (frame[name].to_numpy(dtype=np.int64) for name in (OWNER[table], "replication"))
        places: Codes = owner * self.replications + replication
        return places

    def planned(self, pool: Codes, values: Whole) -> Whole:
        """Values of the plan by pool: the same in every replication."""
        total = np.zeros(len(self.pools), dtype=np.int64)
        np.add.at(total, pool, values)
        return np.repeat(total[:, None], self.replications, axis=1)

    def with_deadline(self, table: str) -> NDArray[np.bool_]:
        """Whether a queue (or flow) is deferred work with a deadline."""
        return self.names.with_deadline if OWNER[table] == "queue" else self.names.flows_with_deadline

    def evaluate(self, formula: str, kpi: Kpi, codes: Codes, parts: int, threshold: int | None = None) -> Matrix:
        """A formula's sums for every part of a scope, shape [parts, replications].

        Parameters
        ----------
        formula
            Numerator or denominator of `kpi`.
        codes
            Part of every queue (of every pool, for a KPI of pools; of every flow, for one of flows), -1 where it
            belongs to none.
        parts
            Number of parts.
        threshold
            T in microseconds, for formulas with `_within_T`.
        """
        total = np.zeros((parts, self.replications))
        for term in terms_of(formula, threshold):
            total += term.sign * self._part_sums(kpi.source, term.column, codes, parts)
        return total

    def _part_sums(self, table: str, column: str, codes: Codes, parts: int) -> Matrix:
        if column in ("length", "full_time", "instants"):
            each = self.instants_of_parts(parts) if column == "instants" else self.time_of_parts(parts)
            if column == "full_time":
                each = each * (self.measured.full_time_week / WEEK)
            return np.repeat(each[:, None], self.replications, axis=1)
        found: Matrix = np.asarray(self.parts(table, column, codes, parts), dtype=np.float64)
        return found

    def parts(self, table: str, column: str, codes: Codes, parts: int) -> Any:
        """Sums of a column for every part of a scope, shape [parts, replications]; exact for whole numbers."""
        key = ("parts", table, column, codes.tobytes(), parts)
        if key not in self.memo:
            order = self._order(codes)
            self.memo[key] = grouped(self.matrix(table, column), codes, parts, order)
        return self.memo[key]

    def _order(self, codes: Codes) -> Codes:
        key = ("order", codes.tobytes())
        if key not in self.memo:
            self.memo[key] = np.argsort(codes, kind="stable")
        order: Codes = self.memo[key]
        return order

    def time_of_parts(self, parts: int) -> Matrix:
        """Counted microseconds of a replication, the same for every part."""
        return np.full(parts, float(self.measured.length))

    def instants_of_parts(self, parts: int) -> Matrix:
        """Instants of a replication at which the backlog is counted, the same for every part."""
        return np.full(parts, float(self.measured.backlog_instants))


def _due(sums: Sums) -> Whole:
    ended: Whole = sums.matrix("queue_sums", "offered") - sums.matrix("queue_sums", "open_waiting")
    return ended * sums.with_deadline("queue_sums")[:, None]


def _open_due(sums: Sums) -> Whole:
    found: Whole = sums.matrix("queue_sums", "open_waiting") * sums.with_deadline("queue_sums")[:, None]
    return found


def _short(sums: Sums) -> Whole:
    plan = sums.tables["workforce_plan"]
    short = np.maximum(plan["required_us"].to_numpy(np.int64) - plan["scheduled_us"].to_numpy(np.int64), 0)
    return sums.planned(plan["pool"].to_numpy(np.int64), short)


def _headcount(sums: Sums) -> Whole:
    people = sums.pools["headcount"].to_numpy(np.int64)
    return np.repeat((people * sums.measured.length)[:, None], sums.replications, axis=1)


def _waiting_over_24h(sums: Sums) -> Whole:
    frame = select(sums.tables, "backlog")
    old = frame[frame["band"] >= AGE_BANDS.index(24)]
    cells = np.zeros((len(sums.flows), sums.replications), dtype=np.int64)
    np.add.at(cells, (old["flow"].to_numpy(), old["replication"].to_numpy()), old["waiting"].to_numpy(np.int64))
    return cells


def _paid_cost(sums: Sums) -> Matrix:
    paid = cost.paid_cost(sums.matrix("pool_sums", "rated_us"), sums.pools, sums.measured) + routed(sums).translating
    return paid + bots_paid(sums) if sums.measured.bots else paid


def bots_paid(sums: Sums) -> Matrix:
    """Cost of bots in the rows of those who are paid, shape [pools, replications]."""
    if not sums.measured.bots:
        return np.zeros((len(sums.pools), sums.replications))
    return bot_cost(sums.measured, sums.pools, sums.queues, _charged(sums), _agent_hours(sums))


def _agent_hours(sums: Sums) -> Mapping[str, Matrix]:
    """What assists cost that are paid by agent hours, by replication; made once."""
    if "agent hours" not in sums.memo:
        sums.memo["agent hours"] = hours_paid(sums.tables, sums.pools, sums.measured, sums.replications)
    found: Mapping[str, Matrix] = sums.memo["agent hours"]
    return found


def _charged(sums: Sums) -> Charged:
    """Sessions, and contained sessions, that are charged by queue."""
    return charged(lambda column: sums.matrix("queue_sums", column))


def routed(sums: Sums) -> cost.Routed:
    """Who answered whom in a run, and what that costs; made once for all that asks."""
    if "routed" not in sums.memo:
        sums.memo["routed"] = cost.Routed(
            lambda: batches(sums.tables, "routes", cost.ROUTES),
            sums.queues,
            sums.pools,
            sums.measured,
            sums.replications,
        )
    known: cost.Routed = sums.memo["routed"]
    return known


def _allocated_cost(sums: Sums) -> Matrix:
    paid = cost.paid_cost(sums.matrix("pool_sums", "rated_us"), sums.pools, sums.measured)
    allocated: Matrix = routed(sums).allocated(paid) + sums.matrix("queue_sums", "bot_cost")
    if sums.measured.goes_to:
        allocated += standing_cost_of_queues(
            sums.measured, sums.queues, lambda column: sums.matrix("queue_sums", column), _agent_hours(sums)
        )
    return allocated


def _bot_cost(sums: Sums) -> Matrix:
    if not sums.measured.bots:
        return np.zeros((len(sums.queues), sums.replications))
    return bot_cost_of_queues(sums.measured, sums.queues, _charged(sums))


BY_ANSWERER: Final = (*HANDLED_BY_POOL, *(column.name for column in OF_FIRST_ANSWERS))
"""Columns of `pool_sums` that are made of visits by who answered them, and of cases by who answered them first."""

MADE: Final[Mapping[tuple[str, str], Callable[[Sums], Any]]] = {
    ("queue_sums", "due"): _due,
    ("queue_sums", "open_due"): _open_due,
    ("queue_sums", "allocated_cost"): _allocated_cost,
    ("queue_sums", "bot_cost"): _bot_cost,
    ("pool_sums", "paid_cost"): _paid_cost,
    ("pool_sums", "headcount_us"): _headcount,
    **BY_DAY,
    ("workforce_plan", "short_us"): _short,
    ("backlog", "waiting_over_24h"): _waiting_over_24h,
}
"""Columns that formulas use and that are made of those of the tables."""

MEANINGS: Final = {
    "due": "ended visits of deferred work with a deadline: `offered - open_waiting` of these",
    "paid_cost": "`rated_us` (paid time with premiums) times the pool's price of a paid hour, what is missing to its "
    "vendor's minimum, and the visits that it answered in the counted time in a language that it does not speak times "
    "the price of a translation; of bots the price of their sessions, and of a month; of deflections and assists that "
    "of a month, of assists that of the hours in which agents who have them are signed in",
    "allocated_cost": "the paid cost of each pool, allocated to the queues in proportion to the capacity that they "
    "used in the counted time: `held_us` of `routes` over the contacts that fill an agent (a chat of three at a time "
    "costs a third of the time it is held); idle time and paid time away are allocated in that proportion, and "
    "translations to the visits that were translated; what a bot costs to the queues that its sessions belong to, a "
    "deflection to those whose cases it avoids, an assist to those whose contacts are answered. "
    "Split by anything, it adds up to the whole cost",
    "bot_cost": "price of the sessions that have ended, of the contained ones that are charged, and of a month",
    **{name: f"of pools: `{name}` of `assigned_sums`, of the visits that they answered" for name in HANDLED_BY_POOL},
    **{column.name: f"of pools: `{column.name}` of `pool_days`" for column in RATED},
    **{one.name: f"of pools: `{one.name}` of `pool_days`, by who first answered" for one in OF_FIRST_ANSWERS},
    "short_us": "required less scheduled agent time where it is above 0, pool by pool and interval by interval",
    "surges": "1 for every surge that says when service is restored, in every replication",
    "restored": "1 where service is restored within the counted time",
    "restored_within_target": "1 where it is within the surge's `target`; without one as `restored`",
    "time_to_restore_us": "time from the beginning of the surge until service is restored, 0 where it is not",
    "waiting_over_24h": "`waiting` of the age bands from 24 h on",
    "instants": "midnights of the scenario's clock in the counted time, its ends included",
    "length": "the counted time",
    "full_time": "the counted time in full-time weeks: `length` times `report.full_time_week` over a week",
    "headcount_us": "`headcount` of `pools` times the counted time",
}
"""What the made columns mean."""


Values = TypeVar("Values", NDArray[np.int64], NDArray[np.float64])


def grouped(values: Values, codes: Codes, parts: int, order: Codes | None = None) -> Values:
    """Rows added up by part, shape [parts, columns]; rows with code -1 are left out.

    `order` sorts the codes, for those who know it already.
    """
    if parts == len(codes) and np.array_equal(codes, np.arange(parts)):
        return values
    order = np.argsort(codes, kind="stable") if order is None else order
    bounds = np.searchsorted(codes[order], np.arange(parts + 1))
    held = np.flatnonzero(bounds[1:] > bounds[:-1])
    out = np.zeros((parts, values.shape[1]), dtype=values.dtype)
    if len(held):
        out[held] = np.add.reduceat(values[order[: bounds[-1]]], bounds[held], axis=0)
    return out
