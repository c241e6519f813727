"""The statistics of one replication: the logs summed as they fill, and the tables at the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ccsim.draws import keys
from ccsim.draws.held import held
from ccsim.engine import sums_room
from ccsim.engine.sum_tables import (
    by_day,
    of_ratings,
    of_routes,
    of_visits,
    rare_sums_by_queue,
    sparse,
    sums_by_queue,
)
from ccsim.kernel import layout, sums
from ccsim.kernel.arrays import State
from ccsim.kernel.cache_lines import twice
from ccsim.kernel.invariants import BrokenInvariantError
from ccsim.kernel.layout import Ints
from ccsim.kernel.tally import tally_backlog, tally_visits
from ccsim.kernel.tally_staff import tally_spans
from ccsim.model import Model
from ccsim.model.premiums import extra_time
from ccsim.records.name_tables import REPLICATION
from ccsim.records.tables import AGE_BANDS, TABLES
from ccsim.units import HOUR


class Statistics:
    """Sums of one replication, and its visits if they are asked for."""

    def __init__(self, model: Model, *, seed: int, replication: int, visits: bool) -> None:
        self._model = model
        self._groups = held(model.groups)
        rated_by = model.random_streams if model.groups.ratings.base.size > 0 else ()
        self._tally = held(sums_room.take(model, keys.stream_keys(seed, replication, keys.STREAM, rated_by)))
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
        groups, n = self._groups, log.shape[0]
        done = 0
        while n > 0:
            done = tally_visits(self._tally, groups, log, done, n)
            if done >= n:
                break
            if done < 0:
                raise BrokenInvariantError("records are as wide as the tally is compiled for")
            self._grow(int(log[done, layout.LOG_JOINED]))
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

    def _grow(self, joined: int) -> None:
        """Twice the rows of what is full, or room for the interval in which a visit has joined."""
        old, intervals = self._tally, (joined - self._groups.settings[0]) // self._groups.settings[2] + 2
        if intervals > old.flow_rows.shape[0]:
            flow_rows = np.zeros((2 * intervals, old.flow_rows.shape[1]), np.int64)
            flow_rows[: old.flow_rows.shape[0]] = old.flow_rows
            self._tally = held(old._replace(flow_rows=flow_rows))
            return
        if old.totals[sums.TOTAL_DAYS] + 2 >= old.days.shape[0]:
            keys = np.concatenate([old.day_keys, np.zeros_like(old.day_keys)])
            self._tally = held(old._replace(days=twice(old.days), day_keys=keys))
            return
        keys = np.concatenate([old.row_keys, np.zeros_like(old.row_keys)])
        self._tally = held(old._replace(sums=twice(old.sums), rare=twice(old.rare), row_keys=keys))

    def tables(self, *, events: int, end: int) -> dict[str, NDArray[np.int64]]:
        """Every table of `records.tables`, without the replication, in its order of rows and columns.

        `events`: how many were simulated; `end`: when the run ended.
        """
        tally, thresholds = self._tally, len(self._model.thresholds)
        by_queue = sums_by_queue(tally, thresholds)
        totals, arrived = tally.totals, tally.queues[:, sums.COHORT_ARRIVED].sum(keepdims=True)
        pool_intervals = self._pool_intervals()
        tables = {
            **of_visits(tally, by_queue, rare_sums_by_queue(tally), thresholds),
            "pool_intervals": pool_intervals.reshape(-1, pool_intervals.shape[2]),
            "pool_sums": np.column_stack(
                [np.arange(pool_intervals.shape[1]), pool_intervals[:, :, 2:].sum(axis=0, dtype=np.int64)]
            ),
            "shrinkage": sparse(tally.shrinkage[:, :, None]),
            **of_routes(tally, thresholds),
            **by_day(tally, thresholds),
            "ratings": of_ratings(tally),
            "waits": sparse(tally.waits[:, :, None]),
            "backlog": np.concatenate(self._backlog) if self._backlog else np.zeros((0, 4), np.int64),
            "missed_first": _missed_first(tally.missed_first),
            "repeats": sparse(tally.repeats),
            "open_cases": np.column_stack([*(at := np.nonzero(tally.open_cases)), tally.open_cases[at]]),
            "replications": _arranged(
                "replications",
                {
                    "contacts": arrived,
                    "cases": arrived - tally.queues[:, sums.COHORT_REPEATED].sum(keepdims=True),
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

    def give_back(self) -> None:
        """Leave the room of the sums to the next replication of this thread; nothing can be asked any more."""
        sums_room.give_back(self._model, self._tally)
        del self._tally

    def _pool_intervals(self) -> NDArray[np.int64]:
        model, staff = self._model, self._tally.pools
        intervals, pools = staff.shape[:2]
        stepped = model.stepped.astype(bool)
        overtime = staff[:, :, sums.STAFF_OVERTIME].copy()
        there = staff[:, :, sums.STAFF_SIGNED] + staff[:, :, sums.STAFF_BREAK]
        surplus = there - model.planned_us
        overtime[:, stepped] = surplus[:, stepped]
        paid = there + staff[:, :, sums.STAFF_ABSENT] - staff[:, :, sums.STAFF_UNPAID]
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


def _missed_first(values: Ints) -> NDArray[np.int64]:
    """Rows of cases that are not resolved at first contact, by outcome and whether its last visit was a later one."""
    rows = sparse(values)
    return np.column_stack([rows[:, 0], *np.divmod(rows[:, 1], 2), rows[:, 2]])
