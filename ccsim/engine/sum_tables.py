"""From the sums of the kernel, in the order in which it touches them, to tables in the order of their columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Tally
from ccsim.records.satisfaction import BILLION

Rows = NDArray[np.int64]

_BLOCK = 1024
"""Rows that are copied at once: they stay in the cache."""


def of_visits(tally: Tally, by_queue: Rows, rare_by_queue: Rows, thresholds: int) -> dict[str, Rows]:
    """Tables of visits: by interval and flow, and by queue."""
    used = int(tally.totals[sums.TOTAL_ROWS])
    order = np.argsort(tally.row_keys[:used], kind="stable")
    within = range(sums.COHORT_THRESHOLDS, sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * thresholds)
    cohort, calendar = (*sums.COHORT_PLACES, *within), (sums.COHORT_WAITING, tally.sums.shape[1] - 1)
    in_use = _in_use(rare_by_queue)  # nothing of it is ever taken off, so what is in no queue is in no interval
    by_interval = (tally.sums[:used], tally.rare[:used], in_use)
    queues = np.flatnonzero(by_queue.any(axis=1) | rare_by_queue[:, in_use].any(axis=1))
    has_cohort, has_calendar = (order[_any(*by_interval, columns)[order]] for columns in (cohort, calendar))
    return {
        "flow_intervals": _table(_interval_and_flow(tally, has_cohort), has_cohort, *by_interval, cohort),
        "flow_calendar": _table(_interval_and_flow(tally, has_calendar), has_calendar, *by_interval, calendar),
        "queue_sums": _table([queues], queues, by_queue, rare_by_queue, in_use, (*calendar, *cohort)),
    }


def sums_by_queue(tally: Tally, thresholds: int) -> Rows:
    """The sums of visits by queue, with what is counted by who answered whom."""
    made, used = tally.queues.copy(), 1 + int(tally.totals[sums.TOTAL_ROUTES])
    queue, routes = tally.route_keys[:used] // tally.route_rows.shape[1], tally.routes[:used]
    for t in range(thresholds):
        column = sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * t + sums.ANSWERED_WITHIN
        np.add.at(made[:, column], queue, routes[:, sums.ROUTE_THRESHOLDS + t])
    for column, of_route in sums.COHORT_OF_ROUTES:
        np.add.at(made[:, column], queue, routes[:, of_route])
    called_back = tally.rare_routes[:used, sums.ROUTE_CALLED_BACK - sums.RARE]
    np.subtract.at(made[:, sums.COHORT_ANSWERED], queue, called_back)  # they are answered, but not in the queue
    return made


def rare_sums_by_queue(tally: Tally) -> Rows:
    """The sums of what is rare by queue, with the ratings, which are counted by queue and pool."""
    made, used, ratings = tally.rare_queues, 1 + int(tally.totals[sums.TOTAL_ROUTES]), sums.COHORT_RATED - sums.RARE
    if tally.ratings.shape[0] < used:
        return made
    made, queue = made.copy(), tally.route_keys[:used] // tally.route_rows.shape[1]
    rated = made[:, ratings : ratings + sums.RATING_PARTS]
    np.add.at(rated, queue, tally.ratings[:used, : sums.RATING_PARTS])
    return made


def of_ratings(tally: Tally) -> Rows:
    """Ratings by queue and pool, with what is expected of them; those of sessions with a bot are of no pool."""
    rows = np.flatnonzero(tally.ratings[: 1 + int(tally.totals[sums.TOTAL_ROUTES]), sums.RATING_RATED])
    rows = rows[np.argsort(tally.route_keys[rows], kind="stable")]
    queue, pool = np.divmod(tally.route_keys[rows], tally.route_rows.shape[1])
    pool[pool == tally.route_rows.shape[1] - 1] = layout.NONE
    counts = tally.ratings[rows, : sums.RATING_PARTS]
    parts = tally.ratings[rows, sums.RATING_PARTS : sums.RATING_SUMS]
    base = counts[:, sums.RATING_RATED] * int(tally.moved[-1] * BILLION + 0.5)
    return np.column_stack([queue, pool, counts, base + parts.sum(axis=1), base, parts])


def of_routes(tally: Tally, thresholds: int) -> dict[str, Rows]:
    """Who answered whom, and first answers."""
    rows = np.arange(1, 1 + int(tally.totals[sums.TOTAL_ROUTES]))
    rows = rows[np.argsort(tally.route_keys[rows], kind="stable")]
    used = len(rows) + 1
    often, rare = tally.routes[:used], tally.rare_routes[:used]
    in_use = _in_use(rare)
    within = range(sums.ROUTE_THRESHOLDS, sums.ROUTE_THRESHOLDS + thresholds)
    tables = {}
    for name, columns in (("routes", (*sums.ROUTE_PLACES, *within)), ("first_answers", sums.FIRST_PLACES)):
        chosen = rows[_any(often, rare, in_use, columns)[rows]]
        keys = np.divmod(tally.route_keys[chosen], tally.route_rows.shape[1])
        tables[name] = _table(keys, chosen, often, rare, in_use, columns)
    return tables


def by_day(tally: Tally, thresholds: int) -> dict[str, Rows]:
    """Visits by the vendor that they were assigned to; by day, whom they were assigned to and who answered; cases and
    ratings by day and pool."""
    rows = np.arange(1, 1 + int(tally.totals[sums.TOTAL_DAYS]))
    within = sums.PER_THRESHOLD * thresholds
    columns = [*(within + place for place in day_sums.DAY_PLACES), *range(within)]
    day, rest = np.divmod(tally.day_keys[rows], tally.day_rows.shape[1] * tally.day_rows.shape[2])
    assignee, pool = np.divmod(rest, tally.day_rows.shape[2])
    pool[pool == tally.day_rows.shape[2] - 1] = layout.NONE
    pools = tally.route_rows.shape[1] - 1
    in_use = np.flatnonzero(tally.pool_days.any(axis=1))
    of_pools = tally.pool_days[in_use, : day_sums.POOL_DAY_SUMS]
    return {
        "assigned": sparse(tally.assigned),
        "assigned_sums": np.column_stack([day, assignee, pool, tally.days[rows][:, columns]])[
            np.lexsort((pool, assignee, day))
        ],
        "pool_days": np.column_stack([*np.divmod(in_use, pools), of_pools]),
    }


def sparse(values: Ints) -> Rows:
    """Rows of two keys and their values, of those with a value that is not 0."""
    first, second = np.nonzero(values.any(axis=2))
    return np.concatenate([first[:, None], second[:, None], values[first, second]], axis=1)


def _in_use(rare: Ints) -> Ints:
    """Columns of what is rare that are not 0 all over."""
    return np.flatnonzero(rare.any(axis=0))


def _any(often: Ints, rare: Ints, in_use: Ints, columns: Sequence[int]) -> NDArray[np.bool_]:
    """[rows] Whether one of some columns is not 0."""
    found: NDArray[np.bool_] = (often[:, [column for column in columns if column < sums.RARE]] != 0).any(axis=1)
    for column in in_use:
        if sums.RARE + column in columns:
            found |= rare[:, column] != 0
    return found


def _interval_and_flow(tally: Tally, rows: Ints) -> Sequence[Ints]:
    return np.divmod(tally.row_keys[rows], tally.latest.shape[0])


def _table(keys: Sequence[Ints], rows: Ints, often: Ints, rare: Ints, in_use: Ints, columns: Sequence[int]) -> Rows:
    """Keys, then some columns of some rows; those of which nothing is in use are not touched."""
    made = np.zeros((len(rows), len(keys) + len(columns)), np.int64)
    for place, key in enumerate(keys):
        made[:, place] = key
    used, first = {*in_use.tolist()}, len(keys)
    common = [(first + at, column) for at, column in enumerate(columns) if column < sums.RARE]
    seldom = [
        (first + at, column - sums.RARE)
        for at, column in enumerate(columns)
        if column >= sums.RARE and column - sums.RARE in used
    ]
    # a column of all rows would touch the same cache lines once more for every column
    for since in range(0, len(rows), _BLOCK):
        some = rows[since : since + _BLOCK]
        for source, pairs in ((often, common), (rare, seldom)):
            if pairs:
                to, of = zip(*pairs, strict=True)
                made[since : since + _BLOCK, to] = source[some][:, of]
    return made
