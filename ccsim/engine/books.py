"""The books of one replication: the logs summed as they fill, and the tables at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.kernel import layout as k
from ccsim.kernel import tally as t
from ccsim.kernel.layout import Ints, State
from ccsim.model import Model

_FIRST_ROWS = 256


class Books:
    """Sums of one replication, and its visits if they are asked for."""

    def __init__(self, model: Model, *, visits: bool) -> None:
        self._model = model
        queues, pools = len(model.queues), max(len(model.pools), 1)
        columns = t.C_THRESHOLDS + 2 * len(model.thresholds) + 1
        self._tally = t.Tally(
            keys=np.full(4 * _FIRST_ROWS, k.NONE, np.int64),
            rows=np.zeros(4 * _FIRST_ROWS, np.int64),
            sums=np.zeros((_FIRST_ROWS, columns), np.int64),
            row_keys=np.zeros(_FIRST_ROWS, np.int64),
            pools=np.zeros((model.span.intervals, pools, t.POOL_SUMS), np.int64),
            routes=np.zeros((queues, pools, t.ROUTE_SUMS), np.int64),
            waits=np.zeros((queues, t.WAIT_BINS), np.int64),
            totals=np.zeros(t.TOTALS, np.int64),
            thresholds=np.array(model.thresholds, np.int64),
            settings=np.array(
                [model.span.counted_from, model.span.counted_until, model.span.interval, model.short_abandon],
                np.int64,
            ),
        )
        self._visits: list[Ints] | None = [] if visits else None

    def flush(self, state: State) -> None:
        """Sum what the logs hold and empty them."""
        registers = state.registers
        n = int(registers[k.X_LOG_N])
        done = 0
        while n > 0:
            done = t.tally_visits(self._tally, state.log, done, n, self._model.agent_pool)
            if done >= n:
                break
            self._grow()
        if self._visits is not None and n > 0:
            self._visits.append(state.log[:n].copy())
        t.tally_spans(self._tally, state.spans, int(registers[k.X_SPAN_N]))
        registers[k.X_LOG_N] = 0
        registers[k.X_SPAN_N] = 0

    def _grow(self) -> None:
        """Twice the rows, and the places of the table made anew."""
        old = self._tally
        rows = old.sums.shape[0]
        used = int(old.totals[t.Y_ROWS])
        sums = np.zeros((2 * rows, old.sums.shape[1]), np.int64)
        sums[:rows] = old.sums
        row_keys = np.zeros(2 * rows, np.int64)
        row_keys[:rows] = old.row_keys
        keys = np.full(2 * old.keys.shape[0], k.NONE, np.int64)
        places = np.zeros(2 * old.keys.shape[0], np.int64)
        self._tally = old._replace(keys=keys, rows=places, sums=sums, row_keys=row_keys)
        t.place_keys(keys, places, row_keys, used)

    def tables(self, state: State, end: int) -> dict[str, NDArray[np.int64]]:
        """Every table of `results.schema`, without the replication, in its order of rows and columns."""
        tally, model = self._tally, self._model
        queues = len(model.queues)
        used = int(tally.totals[t.Y_ROWS])
        order = np.argsort(tally.row_keys[:used], kind="stable")
        row_keys = tally.row_keys[:used][order]
        sums = tally.sums[:used][order]
        keyed = np.column_stack([row_keys // queues, row_keys % queues])
        cohort, waiting = sums[:, :-1], sums[:, -1]
        has_cohort = cohort.any(axis=1)
        has_waiting = waiting != 0
        totals = tally.totals
        tables = {
            "queue_intervals": np.column_stack([keyed, cohort])[has_cohort],
            "queue_calendar": np.column_stack([keyed, waiting])[has_waiting],
            "pool_intervals": self._pool_intervals(),
            "routes": self._routes(),
            "waits": self._waits(),
            "replications": np.array(
                [
                    [
                        totals[t.Y_CONTACTS],
                        totals[t.Y_CASES],
                        totals[t.Y_OPEN],
                        state.registers[k.X_PLAYED],
                        totals[t.Y_VISITS],
                        end,
                    ]
                ],
                np.int64,
            ),
        }
        if self._visits is not None:
            tables["visits"] = self._visit_rows()
        return tables

    def _pool_intervals(self) -> NDArray[np.int64]:
        model, sums = self._model, self._tally.pools
        intervals, pools = sums.shape[:2]
        stepped = model.stepped.astype(bool)
        overtime = sums[:, :, t.B_OVERTIME].copy()
        surplus = sums[:, :, t.B_SIGNED] - model.planned_us
        overtime[:, stepped] = surplus[:, stepped]
        table = np.empty((intervals, pools, 10), np.int64)
        table[:, :, 0] = np.arange(intervals)[:, None]
        table[:, :, 1] = np.arange(pools)
        table[:, :, 2] = model.planned_us
        table[:, :, 3] = sums[:, :, t.B_SIGNED]
        shares = model.rules.pools.shares.astype(bool)  # elsewhere an agent holds one contact or none
        table[:, :, 4] = np.where(shares, sums[:, :, t.B_IN_HAND], sums[:, :, t.B_HELD])
        table[:, :, 5] = sums[:, :, t.B_HELD]
        table[:, :, 6] = sums[:, :, t.B_PAID]
        table[:, :, 7] = sums[:, :, t.B_BREAK]
        table[:, :, 8] = overtime
        table[:, :, 9] = sums[:, :, t.B_ANSWERED]
        return table.reshape(intervals * pools, 10)

    def _routes(self) -> NDArray[np.int64]:
        queue, pool = np.nonzero(self._tally.routes[:, :, t.W_ANSWERED])
        return np.column_stack([queue, pool, self._tally.routes[queue, pool]])

    def _waits(self) -> NDArray[np.int64]:
        queue, wait_bin = np.nonzero(self._tally.waits)
        return np.column_stack([queue, wait_bin, self._tally.waits[queue, wait_bin]])

    def _visit_rows(self) -> NDArray[np.int64]:
        assert self._visits is not None
        log = np.concatenate(self._visits) if self._visits else np.zeros((0, k.LOG_WIDTH), np.int64)
        log = log[np.lexsort((log[:, k.V_PLACE], log[:, k.V_NUMBER], log[:, k.V_DATE], log[:, k.V_QUEUE]))]
        agent = log[:, k.V_AGENT]
        answered = agent >= 0
        pool = np.where(answered, self._model.agent_pool[agent], k.NONE) if agent.size else agent
        number = np.where(answered, self._model.agent_number[agent], k.NONE) if agent.size else agent
        return np.column_stack(
            [
                log[:, k.V_QUEUE],
                log[:, k.V_DATE],
                log[:, k.V_NUMBER],
                log[:, k.V_PLACE] >> 16,
                log[:, k.V_PLACE] & 0xFFFF,
                log[:, k.V_COUNTED],
                log[:, k.V_JOINED],
                log[:, k.V_LEFT],
                log[:, k.V_TALKED],
                log[:, k.V_WRAPPED],
                pool,
                number,
                log[:, k.V_WAITED],
                log[:, k.V_OUTCOME],
                log[:, k.V_BACK],
            ]
        )
