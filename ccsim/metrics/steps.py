"""Sums of a run's tables by interval, added up by steps of time: what every KPI by hour, day or week is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.errors import CcsimError
from ccsim.kpis.kpi import LIMITED_TO, TABLES_OF_ASSIGNED, Kpi
from ccsim.metrics.agent_hours import hours_value, rows_with
from ccsim.metrics.assigned import BY_DAY, OF_ANSWERERS
from ccsim.metrics.bot_cost import charged, prices_of_bot, rows_of_bots, session_prices
from ccsim.metrics.cost import below_minimum, drawn_prices_of
from ccsim.metrics.sums import OWNER, Codes, Sums, routed
from ccsim.metrics.terms import terms_of
from ccsim.records.tables import CALENDAR
from ccsim.results.held_tables import batches
from ccsim.results.measured import Measured
from ccsim.results.tables import columns_of
from ccsim.units import HOUR

SOURCE: Final = {
    "queue_sums": "flow_intervals",
    "pool_sums": "pool_intervals",
    "workforce_plan": "workforce_plan",
}
"""Table by interval of each table of sums."""

_CALENDAR: Final = {column.name for column in CALENDAR}
_MADE: Final = {*_CALENDAR, "paid_cost", "short_us", "due", "open_due", "length", "full_time", "headcount_us"}
"""Columns of formulas that stand elsewhere or are made of others, see `StepSums`."""

_IN_MONEY: Final = {"paid_cost"}
"""Columns of formulas whose sums are no whole numbers."""

_OF_DEADLINES: Final = ("due", "open_due")
_OF_ASSIGNED: Final = frozenset(table for of in TABLES_OF_ASSIGNED.values() for table in of.values())

KEPT_BY_DAY: Final = "by vendor, site and pool it is kept by day: it is not known by hours or parts of days"

READ_BYTES: Final = 64_000_000
"""Sums by flow or pool, step and replication that are read in one go."""

Value = Callable[[pd.DataFrame], NDArray[Any]]


def kept_by_interval(kpi: Kpi) -> bool:
    """Whether a table by interval has every column of its formulas, or those that they are made of."""
    if kpi.of_answerer:
        return kpi.kept_by_time
    source = SOURCE.get(kpi.table)
    if source is None:
        return False
    any_threshold = 1
    known = {column.name for column in columns_of(source, (any_threshold,))} | _MADE
    terms = (terms_of(formula, any_threshold) for formula in (kpi.numerator, kpi.denominator))
    return all(term.column in known for some in terms for term in some)


def adds_up_exactly(kpi: Kpi) -> bool:
    """Whether sums of a KPI's formulas are whole numbers, the same in whatever order they are added up."""
    formulas = (kpi.numerator, kpi.denominator)
    return not any(term.column in _IN_MONEY for formula in formulas for term in terms_of(formula))


def adds_up_by_row(table: str, column: str, thresholds: tuple[int, ...]) -> bool:
    """Whether a column of formulas is known by interval, as a sum of whole numbers of rows of a replication alone.

    `thresholds` are those of the run, microseconds.
    """
    if table in _OF_ASSIGNED or (table, column) in BY_DAY:
        return True
    if table not in ("queue_sums", "pool_sums"):
        return False
    known = {one.name for one in columns_of(SOURCE[table], thresholds) if not one.key}
    return column in known or column in _CALENDAR or (table == "queue_sums" and column in _OF_DEADLINES)


class StepSums(Sums):
    """Sums by flow or pool and step of time, in place of those by queue or pool of the whole counted time.

    Its `queues` are the flows: scopes split these. Every flow (or pool) stands for itself, or is added up to parts. A
    row of `matrix` is a part and a step, steps within parts: row `part * steps + step`. Visits of counted contacts that
    joined after the counted time are in none.

    Parameters
    ----------
    whole
        Sums of the run.
    step_of
        Step of every report interval, -1 where it is left out, shape [intervals].
    steps
        Number of steps.
    flows, pools
        Part of every flow and of every pool, -1 where it is left out; None: each is a part.
    """

    knows_whole_time = False

    def __init__(
        self, whole: Sums, step_of: Codes, steps: int, *, flows: Codes | None = None, pools: Codes | None = None
    ) -> None:
        super().__init__(whole.tables, whole.measured, whole.names)
        self.whole, self.step_of, self.steps = whole, np.asarray(step_of, dtype=np.int64), steps
        self._parts: dict[str, Codes] = {
            "flow": np.arange(len(whole.flows)) if flows is None else flows,
            "pool": np.arange(len(whole.pools)) if pools is None else pools,
        }
        self.queues = whole.flows
        self.lengths = self._lengths()
        """Counted microseconds of every step, shape [steps]."""
        self._made: dict[tuple[str, str], NDArray[Any]] = {}

    def _lengths(self) -> NDArray[np.float64]:
        starts = np.arange(len(self.step_of), dtype=np.int64) * self.measured.interval
        lengths = np.minimum(self.measured.interval, self.measured.length - starts)
        taken = self.step_of >= 0
        out = np.zeros(self.steps)
        np.add.at(out, self.step_of[taken], lengths[taken])
        return out

    @cached_property
    def _step_of_days(self) -> Codes | None:
        """Step of every day of the report's clock, and -1 for what is after them; None where steps are parts of one."""
        since = [day.since for day in self.measured.counted().periods("day")]
        starts = np.arange(len(self.step_of), dtype=np.int64) * self.measured.interval
        day_of = np.searchsorted(np.array(since, np.int64), starts, side="right") - 1
        step = np.full(len(since) + 1, -1, np.int64)
        step[day_of] = self.step_of
        return step if (step[day_of] == self.step_of).all() else None

    @property
    def knows_answerers(self) -> bool:  # type: ignore[override]
        """Whether every step is made of whole days."""
        return self._step_of_days is not None

    @property
    def rows_of_pools(self) -> int:
        """Rows of a matrix of pools."""
        return (int(self._parts["pool"].max(initial=-1)) + 1) * self.steps

    def row_of_pools(self, pool: Codes, day: Codes) -> Codes:
        """Row of a matrix of pools on a day, -1 for what is left out."""
        if self._step_of_days is None:
            raise CcsimError(KEPT_BY_DAY)
        part, step = self._parts["pool"][pool], self._step_of_days[day]
        return np.where((part >= 0) & (step >= 0), part * self.steps + step, -1)

    def matrix(self, table: str, column: str) -> NDArray[Any]:
        """Sums of a column, shape [parts * steps, replications]."""
        key = (table, column)
        if key in self._known:
            return self._known[key]
        if key not in self._made:
            self._made[key] = self._matrix(table, column)
        return self._made[key]

    def prepare(self, kpis: Sequence[Kpi]) -> bool:
        """Read what KPIs need in one go, table by table, where all of it fits into `READ_BYTES`; whether it did.

        What is there already is not read again.
        """
        wanted: dict[str, dict[str, None]] = {}
        for kpi in kpis:
            if kpi.of_answerer:  # kept by day, not by interval
                continue
            for formula in (kpi.numerator, kpi.denominator):
                for threshold in self.measured.thresholds if "_within_T" in formula else (None,):
                    for term in terms_of(formula, threshold):
                        if term.column not in _MADE and not self._has(kpi.table, term.column):
                            wanted.setdefault(kpi.table, {})[term.column] = None
        parts = {table: int(self._parts[OWNER[SOURCE[table]]].max(initial=-1)) + 1 for table in wanted}
        cells = sum(len(names) * parts[table] for table, names in wanted.items()) * self.steps * self.replications
        if cells * 8 > READ_BYTES:
            return False
        for table, names in wanted.items():
            made = self._added(SOURCE[table], list(names), [_plain(name) for name in names])
            self._made |= {(table, name): one for name, one in zip(names, made, strict=True)}
        return True

    def _has(self, table: str, column: str) -> bool:
        return (table, column) in self._known or (table, column) in self._made

    def let_go(self, *, sums: bool) -> None:
        """Forget what was made of the sums of a KPI, and, if asked, the sums themselves: others take their place."""
        kept = ("labels",) if sums else ("labels", OF_ANSWERERS)
        self.memo = {key: value for key, value in self.memo.items() if isinstance(key, tuple) and key[0] in kept}
        if sums:
            self._made = {}

    def time_of_parts(self, parts: int) -> NDArray[np.float64]:
        """Counted microseconds of every step, for every part."""
        return np.tile(self.lengths, parts // len(self.lengths))

    def _wanted(self, table: str) -> dict[str, list[int]] | None:
        """The rows of flows or pools that belong to a part; None: all."""
        part_of = self._parts[OWNER[table]]
        return None if (part_of >= 0).all() else {OWNER[table]: np.flatnonzero(part_of >= 0).tolist()}

    def _added(
        self, table: str, columns: Sequence[str], values: Sequence[Value], part_of: Codes | None = None
    ) -> list[NDArray[Any]]:
        """Values made of some columns of the counted rows, added up, each of shape [parts * steps, replications].

        `part_of`: part of every flow or pool, where it is not that of all other sums.
        """
        planned = table == "workforce_plan"
        owner, replications = OWNER[table], 1 if planned else self.replications
        rows = self._wanted(table) if part_of is None else {owner: np.flatnonzero(part_of >= 0).tolist()}
        own = self._parts["pool" if part_of is not None else owner]
        part_of = own if part_of is None else part_of
        parts = int(own.max(initial=-1)) + 1
        keys = ["interval", owner] + ([] if planned else ["replication"])
        cells: list[NDArray[Any] | None] = [None] * len(values)
        size = parts * self.steps * replications
        for frame in batches(self.tables, table, [*keys, *columns], rows):
            interval = frame["interval"].to_numpy(dtype=np.int64)
            counted = (interval < len(self.step_of)) & (interval >= 0)
            step = np.where(counted, self.step_of[np.where(counted, interval, 0)], -1)
            part = part_of[frame[owner].to_numpy(dtype=np.int64)]
            taken = np.flatnonzero((step >= 0) & (part >= 0))
            cell = (part[taken] * self.steps + step[taken]) * replications
            if not planned:
                cell += frame["replication"].to_numpy(dtype=np.int64)[taken]
            for i, value in enumerate(values):
                found = value(frame)[taken]
                into = cells[i]
                if into is None:
                    into = cells[i] = np.zeros(size, dtype=found.dtype)
                np.add.at(into, cell, found)
        made = []
        for one in cells:
            held = np.zeros(size, dtype=np.int64) if one is None else one
            shaped = held.reshape(parts * self.steps, replications)
            made.append(np.repeat(shaped, self.replications, axis=1) if planned else shaped)
        return made

    def _matrix(self, table: str, column: str) -> NDArray[Any]:
        if table in _OF_ASSIGNED or LIMITED_TO in table:
            return self._of_parts(table)[column]
        if (table, column) in BY_DAY:
            return np.asarray(BY_DAY[table, column](self))
        source = "flow_calendar" if column in _CALENDAR else SOURCE[table]
        if column == "paid_cost":
            paid = self._added(source, ["rated_us", "answered"], [self._paid_cost()])[0]
            return paid + self._bot_cost() if self.measured.bots else paid
        if column == "headcount_us":
            return self._headcount()
        if column == "short_us":
            return self._added(source, ["required_us", "scheduled_us"], [_short])[0]
        if column in _OF_DEADLINES:
            due = self.whole.with_deadline(source)

            def value(frame: pd.DataFrame) -> NDArray[Any]:
                waiting = frame["open_waiting"].to_numpy(np.int64)
                counted = frame["offered"].to_numpy(np.int64) - waiting if column == "due" else waiting
                made: NDArray[Any] = counted * due[frame["flow"].to_numpy(np.int64)]
                return made

            return self._added(source, ["offered", "open_waiting"], [value])[0]
        return self._added(source, [column], [_plain(column)])[0]

    def _headcount(self) -> NDArray[Any]:
        part_of = self._parts["pool"]
        people = np.zeros(int(part_of.max(initial=-1)) + 1)
        np.add.at(people, part_of[part_of >= 0], self.pools["headcount"].to_numpy(np.float64)[part_of >= 0])
        made = (people[:, None] * self._lengths()[None, :]).reshape(-1, 1)
        return np.repeat(made, self.replications, axis=1)

    def _bot_cost(self) -> NDArray[Any]:
        """Cost of bots: of sessions where they began; what does not go by the session is spread over the time."""
        parts = self._parts["pool"]
        row_of = rows_of_bots(self.pools, self.measured)
        flow_bots = self.whole.flows["bot"].tolist()
        part_of = np.array([parts[row_of[bot]] if bot in row_of else -1 for bot in flow_bots], np.int64)
        prices = session_prices(flow_bots, self.measured, self.replications)

        def of_sessions(frame: pd.DataFrame) -> NDArray[Any]:
            flow, replication = (frame[name].to_numpy(np.int64) for name in ("flow", "replication"))
            sessions, contained = charged(lambda column: frame[column].to_numpy(np.int64))
            made: NDArray[Any] = sessions * prices[flow, 0, replication] + contained * prices[flow, 1, replication]
            return made

        columns = ["sessions", "open_in_session", "contained", "falsely_contained", "free_of_charge"]
        made = self._added("flow_intervals", columns, [of_sessions], part_of)[0].astype(np.float64)
        for bot, row in row_of.items():
            if parts[row] >= 0:
                steps = slice(parts[row] * self.steps, (parts[row] + 1) * self.steps)
                fixed = prices_of_bot(bot, self.measured, self.replications)[2]
                made[steps] += (self._lengths() / self.measured.length)[:, None] * fixed
        for name in self.measured.by_agent_hour:
            part_of = np.full(len(self.pools), -1, np.int64)
            part_of[rows_with(self.pools, self.measured, name)] = parts[row_of[name]]
            if (part_of >= 0).any():
                value = hours_value(self.measured, name)
                made += self._added("pool_intervals", ["signed_in_us"], [value], part_of)[0]
        return made

    def _paid_cost(self) -> Value:
        """Cost of rows of pools: their hours, and their part of what is known of the whole counted time only.

        What is missing to a vendor's minimum is spread over the time, the price of translations over the visits
        answered, so that the intervals add up to the whole.
        """
        prices = drawn_prices_of(self.pools, self.measured, self.replications)

        def of_hours(frame: pd.DataFrame) -> NDArray[np.float64]:
            hours: NDArray[np.float64] = frame["rated_us"].to_numpy(np.int64) / HOUR
            pool, replication = (frame[name].to_numpy(np.int64) for name in ("pool", "replication"))
            cost: NDArray[np.float64] = hours * prices[pool, replication]
            return cost

        if not self.measured.minimum_hours and not any(price for _, price in self.measured.translations):
            return of_hours
        whole = self.whole
        length, width = self.measured.length, self.measured.interval
        below = below_minimum(whole.matrix("pool_sums", "rated_us") / HOUR, self.pools, self.measured)
        of_pools = whole.matrix("pool_sums", "answered")
        translating = routed(whole).translating

        def of_all(frame: pd.DataFrame) -> NDArray[np.float64]:
            keys = (frame[name].to_numpy(dtype=np.int64) for name in ("interval", "replication", "pool"))
            interval, replication, pool = keys
            part = np.minimum(width, length - interval * width) / length
            cost = of_hours(frame) + below[pool, replication] * part
            answered = of_pools[pool, replication]
            mine = frame["answered"].to_numpy(np.int64) / np.where(answered > 0, answered, 1)
            made: NDArray[np.float64] = cost + translating[pool, replication] * mine
            return made

        return of_all


def intervals_of(measured: Measured) -> int:
    """Number of report intervals in the counted time."""
    return -(-measured.length // measured.interval)


def _plain(column: str) -> Value:
    return lambda frame: frame[column].to_numpy(np.int64)


def _short(frame: pd.DataFrame) -> NDArray[Any]:
    required, scheduled = (frame[name].to_numpy(np.int64) for name in ("required_us", "scheduled_us"))
    made: NDArray[Any] = np.maximum(required - scheduled, 0)
    return made
