"""The statistics of one replication: the logs summed as they fill, and the tables at the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ccsim.draws import keys
from ccsim.kernel import layout, sums
from ccsim.kernel.arrays import State
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import place_keys
from ccsim.kernel.sums import Tally
from ccsim.kernel.tally import tally_backlog, tally_spans, tally_visits
from ccsim.model import Model
from ccsim.model.premiums import extra_time
from ccsim.records.name_tables import REPLICATION
from ccsim.records.outcomes import OUTCOMES, RETURN_REASONS
from ccsim.records.satisfaction import FACTORS
from ccsim.records.tables import AGE_BANDS, CALENDAR, CASE_AGE_BANDS, TABLES
from ccsim.units import HOUR

_FIRST_ROWS = 256
_MOST_FIRST_ROWS = 4096


class Statistics:
    """Sums of one replication, and its visits if they are asked for."""

    def __init__(self, model: Model, *, seed: int, replication: int, visits: bool) -> None:
        self._model = model
        rated = model.groups.ratings.base.size > 0
        rated_by = model.random_streams if rated else ()
        queues, flows = len(model.names["queues"]), len(model.names["flows"])
        pools, vendors = max(len(model.names["pools"]), 1), len(model.names["vendors"])
        within = sums.PER_THRESHOLD * len(model.thresholds)
        columns = sums.COHORT_THRESHOLDS + within + len(CALENDAR)
        rows = _FIRST_ROWS
        while rows < min(model.span.intervals * flows, _MOST_FIRST_ROWS):  # to grow later would cost more
            rows *= 2
        self._tally = Tally(
            keys=np.full(4 * rows, layout.NONE, np.int64),
            rows=np.zeros(4 * rows, np.int64),
            sums=np.zeros((rows, columns), np.int64),
            row_keys=np.zeros(rows, np.int64),
            queues=np.zeros((queues, columns), np.int64),
            pools=np.zeros((model.span.intervals, pools, sums.STAFF_SUMS + model.premium.shape[1]), np.int64),
            shrinkage=np.zeros((pools, len(model.names["shrinkage_causes"])), np.int64),
            routes=np.zeros((queues, pools, sums.ROUTE_SUMS + len(model.thresholds)), np.int64),
            assigned=np.zeros((queues, vendors, sums.VENDOR_SUMS), np.int64),
            assignees=np.zeros((len(model.names["assignees"]), sums.ASSIGNEE_SUMS + within), np.int64),
            first_answers=np.zeros((queues, pools, sums.FIRST_SUMS), np.int64),
            ratings=np.zeros((queues if rated else 0, pools + 1, sums.RATING_SUMS), np.int64),
            rating_keys=keys.stream_keys(seed, replication, keys.STREAM, rated_by),
            moved=np.zeros(len(FACTORS)),
            waits=np.zeros((flows, sums.WAIT_BINS), np.int64),
            missed_first=np.zeros((queues, 2 * len(OUTCOMES), 1), np.int64),
            repeats=np.zeros((queues, len(RETURN_REASONS), 1), np.int64),
            open_cases=np.zeros((len(model.midnights), flows, len(CASE_AGE_BANDS)), np.int64),
            totals=np.zeros(sums.TOTALS, np.int64),
        )
        self._backlog: list[Ints] = []
        self._live: Ints | None = None
        self._visits: list[Ints] | None = [] if visits else None

    def flush(self, state: State) -> None:
        """Sum what the logs of the kernel hold and empty them."""
        registers = state.registers
        self.add(
            state.log[: registers[layout.REGISTER_LOG_N]],
            state.spans[: registers[layout.REGISTER_SPAN_N]],
        )
        registers[layout.REGISTER_LOG_N] = 0
        registers[layout.REGISTER_SPAN_N] = 0

    def add(self, log: Ints, spans: Ints) -> None:
        """Sum the rows of both logs, [visits, LOG_WIDTH] and [spans, SPAN_WIDTH]."""
        groups, n = self._model.groups, log.shape[0]
        done = 0
        while n > 0:
            done = tally_visits(self._tally, groups, log, done, n)
            if done >= n:
                break
            self._grow()
        if self._visits is not None and n > 0:
            self._visits.append(log[log[:, layout.LOG_OUTCOME] < layout.PART_HELD])
        tally_spans(self._tally, groups, spans, spans.shape[0])

    def count_backlog(self, state: State, now: int) -> None:
        """Count the deferred visits that wait in the kernel at a midnight."""
        model = self._model
        counts = np.zeros((len(model.names["flows"]), len(AGE_BANDS)), np.int64)
        bands = np.array(AGE_BANDS, np.int64) * HOUR
        if self._live is None:
            self._live = model.rules.classes.rows[:, [layout.CLASS_LIVE, layout.CLASS_OF_CALLBACKS]].max(axis=1)
        tally_backlog(state.slots, self._live, model.groups.flow, now, bands, counts)
        self.add_backlog(counts, now)

    def add_backlog(self, counts: Ints, midnight: int) -> None:
        """Keep the backlog of a midnight: [flows, bands of age] deferred visits that wait."""
        flow, band = np.nonzero(counts)
        day = np.full(len(flow), self._model.midnights.index(midnight), np.int64)
        self._backlog.append(np.column_stack([day, flow, band, counts[flow, band]]))

    def _grow(self) -> None:
        """Twice the rows, and the places of the table made anew."""
        old = self._tally
        rows = old.sums.shape[0]
        used = int(old.totals[sums.TOTAL_ROWS])
        wider = np.zeros((2 * rows, old.sums.shape[1]), np.int64)
        wider[:rows] = old.sums
        row_keys = np.zeros(2 * rows, np.int64)
        row_keys[:rows] = old.row_keys
        keys = np.full(2 * old.keys.shape[0], layout.NONE, np.int64)
        places = np.zeros(2 * old.keys.shape[0], np.int64)
        self._tally = old._replace(keys=keys, rows=places, sums=wider, row_keys=row_keys)
        place_keys(keys, places, row_keys, used)

    def tables(self, *, events: int, end: int) -> dict[str, NDArray[np.int64]]:
        """Every table of `records.tables`, without the replication, in its order of rows and columns.

        `events`: how many were simulated; `end`: when the run ended.
        """
        tally = self._tally
        used = int(tally.totals[sums.TOTAL_ROWS])
        order = np.argsort(tally.row_keys[:used], kind="stable")
        own = -len(CALENDAR)
        has_cohort, has_calendar = (
            np.any(tally.sums[:used, columns] != 0, axis=1)[order] for columns in (slice(None, own), slice(own, None))
        )
        queues, given = (np.flatnonzero(one.any(axis=1)) for one in (tally.queues, tally.assignees))
        totals = tally.totals
        pool_intervals = self._pool_intervals()
        tables = {
            "flow_intervals": _by_interval(tally, order[has_cohort], slice(None, own)),
            "flow_calendar": _by_interval(tally, order[has_calendar], slice(own, None)),
            "queue_sums": np.column_stack([queues, tally.queues[queues, own:], tally.queues[queues, :own]]),
            "pool_intervals": pool_intervals.reshape(-1, pool_intervals.shape[2]),
            "pool_sums": np.column_stack(
                [np.arange(pool_intervals.shape[1]), pool_intervals[:, :, 2:].sum(axis=0, dtype=np.int64)]
            ),
            "shrinkage": _sparse(tally.shrinkage[:, :, None]),
            "routes": _sparse(tally.routes),
            "assigned": _sparse(tally.assigned),
            "assigned_sums": np.column_stack([given, tally.assignees[given]]),
            "first_answers": _sparse(tally.first_answers),
            "ratings": _ratings(tally.ratings),
            "waits": _sparse(tally.waits[:, :, None]),
            "backlog": np.concatenate(self._backlog) if self._backlog else np.zeros((0, 4), np.int64),
            "missed_first": _missed_first(tally.missed_first),
            "repeats": _sparse(tally.repeats),
            "open_cases": np.column_stack([*(at := np.nonzero(tally.open_cases)), tally.open_cases[at]]),
            "replications": _arranged(
                "replications",
                {
                    "contacts": totals[[sums.TOTAL_CONTACTS]],
                    "cases": totals[[sums.TOTAL_CASES]],
                    "open_at_end": totals[[sums.TOTAL_OPEN]],
                    "events": np.array([events]),
                    "visits": totals[[sums.TOTAL_VISITS]],
                    "end_us": np.array([end]),
                },
            ),
        }
        if self._visits is not None:
            tables["visits"] = self._visit_rows()
        return tables

    def _pool_intervals(self) -> NDArray[np.int64]:
        model, staff = self._model, self._tally.pools
        intervals, pools = staff.shape[:2]
        stepped = model.stepped.astype(bool)
        overtime = staff[:, :, sums.STAFF_OVERTIME].copy()
        surplus = staff[:, :, sums.STAFF_SIGNED] + staff[:, :, sums.STAFF_BREAK] - model.planned_us
        overtime[:, stepped] = surplus[:, stepped]
        paid = staff[:, :, sums.STAFF_PAID]
        in_classes = staff[:, :, sums.STAFF_SUMS :] - model.planned_overtime
        rated = paid + extra_time(in_classes, model.premium) + staff[:, :, sums.STAFF_ROUNDED]
        shares = model.rules.pools.shares.astype(bool)  # elsewhere an agent holds one contact or none
        columns = {
            "interval": np.broadcast_to(np.arange(intervals)[:, None], (intervals, pools)),
            "pool": np.broadcast_to(np.arange(pools), (intervals, pools)),
            "planned_us": model.planned_us,
            "signed_in_us": staff[:, :, sums.STAFF_SIGNED],
            "in_hand_us": np.where(shares, staff[:, :, sums.STAFF_IN_HAND], staff[:, :, sums.STAFF_HELD]),
            "held_us": staff[:, :, sums.STAFF_HELD],
            "paid_us": paid,
            "rated_us": rated,
            "break_us": staff[:, :, sums.STAFF_BREAK],
            "absent_us": staff[:, :, sums.STAFF_ABSENT],
            "overtime_us": overtime,
            "answered": staff[:, :, sums.STAFF_ANSWERED],
        }
        return _arranged("pool_intervals", columns)

    def _visit_rows(self) -> NDArray[np.int64]:
        assert self._visits is not None
        log = np.concatenate(self._visits) if self._visits else np.zeros((0, layout.LOG_WIDTH), np.int64)
        stream, date = log[:, layout.LOG_DATE] >> 32, log[:, layout.LOG_DATE] & 0xFFFFFFFF
        contact, visit = np.divmod(log[:, layout.LOG_PLACE], 1 << 16)
        visit[visit == layout.SESSION] = -1  # it comes before the visits with agents
        order = np.lexsort((stream, visit, contact, log[:, layout.LOG_NUMBER], date, log[:, layout.LOG_QUEUE]))
        log, stream, date, contact, visit = log[order], stream[order], date[order], contact[order], visit[order]
        agent = log[:, layout.LOG_AGENT]
        answered = agent >= 0
        pool = np.where(answered, self._model.agent_pool[agent], layout.NONE) if agent.size else agent
        number = np.where(answered, self._model.agent_number[agent], layout.NONE) if agent.size else agent
        columns = {
            "queue": log[:, layout.LOG_QUEUE],
            "date": date.astype(np.uint32).astype(np.int32).astype(np.int64),
            "number": log[:, layout.LOG_NUMBER],
            "contact": contact,
            "visit": visit,
            "counted": log[:, layout.LOG_COUNTED],
            "joined_us": log[:, layout.LOG_JOINED],
            "left_us": log[:, layout.LOG_LEFT],
            "ended_us": log[:, layout.LOG_TALKED],
            "wrapped_us": log[:, layout.LOG_WRAPPED],
            "pool": pool,
            "agent": number,
            "waited": np.minimum(log[:, layout.LOG_WAITED], 1),
            "callback": np.minimum(log[:, layout.LOG_WAITED] // layout.OFFERED % 4, 2),
            "hung_up_us": np.where(
                log[:, layout.LOG_WAITED] & layout.CALLBACK > 0,
                log[:, layout.LOG_JOINED] + log[:, layout.LOG_ON_PHONE],
                log[:, layout.LOG_LEFT],
            ),
            "warm_wait_us": log[:, layout.LOG_HELD],
            "hand_over_us": log[:, layout.LOG_HAND_OVER],
            "before_us": log[:, layout.LOG_BEFORE],
            "outcome": log[:, layout.LOG_OUTCOME],
            "returning": (log[:, layout.LOG_BACK] > 0).astype(np.int64),
            "rating": np.maximum(layout.NONE - log[:, layout.LOG_LINE], 0),
            "case_queue": self._model.groups.case_queue[stream] + self._model.groups.severity[log[:, layout.LOG_QUEUE]],
        }
        return _arranged("visits", columns)


def _arranged(table: str, columns: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Columns by name, of one shape, along a last axis in the order of the table, without the replication."""
    wanted = [column.name for column in TABLES[table] if column is not REPLICATION]
    if columns.keys() != {*wanted}:
        raise KeyError(f"{table} has the columns {', '.join(wanted)}, not {', '.join(columns)}")
    return np.stack([columns[name] for name in wanted], axis=-1)


def _by_interval(tally: Tally, rows: Ints, columns: slice) -> NDArray[np.int64]:
    """Interval, flow and some columns of some rows of sums; column by column, as they are the bulk of a replication."""
    chosen = tally.sums[:, columns]
    table = np.empty((len(rows), 2 + chosen.shape[1]), np.int64)
    table[:, 0], table[:, 1] = np.divmod(tally.row_keys[rows], tally.waits.shape[0])
    for column in range(chosen.shape[1]):
        table[:, 2 + column] = chosen[rows, column]
    return table


def _sparse(values: Ints) -> NDArray[np.int64]:
    """Rows of two keys and their values, of those with a value that is not 0."""
    first, second = np.nonzero(values.any(axis=2))
    return np.concatenate([first[:, None], second[:, None], values[first, second]], axis=1)


def _missed_first(values: Ints) -> NDArray[np.int64]:
    """Rows of cases that are not resolved at first contact, by outcome and whether its last visit was a later one."""
    rows = _sparse(values)
    return np.column_stack([rows[:, 0], *np.divmod(rows[:, 1], 2), rows[:, 2]])


def _ratings(values: Ints) -> NDArray[np.int64]:
    """Rows of ratings; those of sessions with a bot are of no pool."""
    rows = _sparse(values)
    rows[rows[:, 1] == values.shape[1] - 1, 1] = layout.NONE
    return rows
