"""From the sums of the kernel, in the order in which it touches them, to tables in the order of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Tally
from ccsim.kernel.table_rows import copy_columns, put_within, rows_in_use
from ccsim.records.satisfaction import BILLION

Rows = NDArray[np.int64]

_EVERY: Final = (sums.COHORT_ANSWERED, sums.COHORT_ABANDONED)
"""Of what there is within each threshold, by interval and by queue: all of it, whatever the wait."""


def of_visits(tally: Tally, by_queue: Rows, rare_by_queue: Rows, thresholds: int) -> dict[str, Rows]:
    """Tables of visits: by interval and flow, and by queue."""
    used = int(tally.totals[sums.TOTAL_ROWS])
    order = np.argsort(tally.row_keys[1 : 1 + used])
    within = range(sums.COHORT_THRESHOLDS, sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * thresholds)
    cohort, calendar = (*sums.COHORT_PLACES, *within), (sums.COHORT_WAITING, tally.sums.shape[1] - 1)
    in_use = _in_use(rare_by_queue)  # nothing of it is ever taken off, so what is in no queue is in no interval
    by_interval = (tally.sums[1 : 1 + used], tally.rare[1 : 1 + used], in_use)
    queues = np.flatnonzero(by_queue.any(axis=1) | rare_by_queue[:, in_use].any(axis=1))
    has_cohort, has_calendar = (_used(order, *by_interval, columns) for columns in (cohort, calendar))
    intervals = _table(_interval_and_flow(tally, has_cohort), has_cohort, *by_interval, cohort)
    first = intervals.shape[1] - len(cohort)
    every = [(first + cohort.index(column), layout.NONE) for column in _EVERY]
    _within(intervals, intervals.shape[1] - len(within), thresholds, every)
    return {
        "flow_intervals": intervals,
        "flow_calendar": _table(_interval_and_flow(tally, has_calendar), has_calendar, *by_interval, calendar),
        "queue_sums": _table([queues], queues, by_queue, rare_by_queue, in_use, (*calendar, *cohort)),
    }


def sums_by_queue(tally: Tally, thresholds: int) -> Rows:
    """The sums of visits by queue, with what is counted by who answered whom."""
    made, used = tally.queues.copy(), 1 + int(tally.totals[sums.TOTAL_ROUTES])
    queue, routes = tally.route_keys[:used] // tally.route_rows.shape[1], tally.routes[:used]
    for t in range(thresholds):
        column = sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * t + sums.ANSWERED_BEYOND
        np.add.at(made[:, column], queue, routes[:, sums.ROUTE_THRESHOLDS + t])
    for column, of_route in sums.COHORT_OF_ROUTES:
        np.add.at(made[:, column], queue, routes[:, of_route])
    called_back = tally.rare_routes[:used, sums.ROUTE_CALLED_BACK - sums.RARE]
    np.subtract.at(made[:, sums.COHORT_ANSWERED], queue, called_back)  # they are answered, but not in the queue
    _within(made, sums.COHORT_THRESHOLDS, thresholds, [(column, layout.NONE) for column in _EVERY])
    return made


def _within(rows: Rows, first: int, thresholds: int, every: Sequence[tuple[int, int]]) -> None:
    """What is beyond each threshold, and not the next, becomes what is within it; `every` as `put_within` has it."""
    put_within(rows, first, thresholds, np.array(every, np.int64))


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
    rows = rows[np.argsort(tally.route_keys[rows])]
    queue, pool = np.divmod(tally.route_keys[rows], tally.route_rows.shape[1])
    pool[pool == tally.route_rows.shape[1] - 1] = layout.NONE
    counts = tally.ratings[rows, : sums.RATING_PARTS]
    parts = tally.ratings[rows, sums.RATING_PARTS : sums.RATING_SUMS]
    base = counts[:, sums.RATING_RATED] * int(tally.moved[-1] * BILLION + 0.5)
    return np.column_stack([queue, pool, counts, base + parts.sum(axis=1), base, parts])


def of_routes(tally: Tally, thresholds: int) -> dict[str, Rows]:
    """Who answered whom, and first answers."""
    rows = np.arange(1, 1 + int(tally.totals[sums.TOTAL_ROUTES]))
    rows = rows[np.argsort(tally.route_keys[rows])]
    used = len(rows) + 1
    often, rare = tally.routes[:used], tally.rare_routes[:used]
    in_use = _in_use(rare)
    within = range(sums.ROUTE_THRESHOLDS, sums.ROUTE_THRESHOLDS + thresholds)
    tables = {}
    for name, columns in (("routes", (*sums.ROUTE_PLACES, *within)), ("first_answers", sums.FIRST_PLACES)):
        chosen = _used(rows, often, rare, in_use, columns)
        keys = np.divmod(tally.route_keys[chosen], tally.route_rows.shape[1])
        tables[name] = _table(keys, chosen, often, rare, in_use, columns)
    routes = tables["routes"]
    answered, called_back = (2 + sums.ROUTE_PLACES.index(one) for one in (sums.ROUTE_ANSWERED, sums.ROUTE_CALLED_BACK))
    _within(routes, routes.shape[1] - thresholds, thresholds, [(answered, called_back)])
    first = tables["first_answers"]
    cases, later = (2 + sums.FIRST_PLACES.index(one) for one in (sums.FIRST_CASES, sums.FIRST_LATER))
    first[:, later] = first[:, cases] - first[:, later]  # first contacts: of the others the answer was a later one
    return tables


def by_day(tally: Tally, thresholds: int) -> dict[str, Rows]:
    """Visits by the vendor that they were assigned to; by day, whom they were assigned to and who answered; cases and
    ratings by day and pool."""
    used, pools = 1 + int(tally.totals[sums.TOTAL_DAYS]), tally.day_rows.shape[2]
    within = sums.PER_THRESHOLD * thresholds
    columns = [*(within + place for place in day_sums.DAY_PLACES), *range(within)]
    before, pool = np.divmod(tally.day_keys[1:used], pools)
    pool[pool == pools - 1] = layout.NONE
    order = np.argsort(before * pools + pool)  # nobody comes before the first pool
    keys = (*np.divmod(before[order], tally.day_rows.shape[1]), pool[order])
    nothing = np.zeros(0, np.int64)
    assigned = _table(keys, 1 + order, tally.days, tally.days, nothing, columns)
    places = (day_sums.DAY_PLACES.index(column) for column in (day_sums.DAY_ANSWERED, day_sums.DAY_ABANDONED))
    every = [(len(keys) + place, layout.NONE) for place in places]
    _within(assigned, assigned.shape[1] - within, thresholds, every)
    in_use = np.flatnonzero(tally.pool_days.any(axis=1))
    of_pools = tally.pool_days[in_use, : day_sums.POOL_DAY_SUMS]
    of_pools[:, day_sums.POOL_DAY_LATER] = of_pools[:, day_sums.POOL_DAY_CASES] - of_pools[:, day_sums.POOL_DAY_LATER]
    return {
        "assigned": sparse(tally.assigned),
        "assigned_sums": assigned,
        "pool_days": np.column_stack([*np.divmod(in_use, pools - 1), of_pools]),
    }


def sparse(values: Ints) -> Rows:
    """Rows of two keys and their values, of those with a value that is not 0."""
    found = values[:, :, 0] != 0
    for column in range(1, values.shape[2]):
        found |= values[:, :, column] != 0
    first, second = np.divmod(np.flatnonzero(found), values.shape[1])
    return np.concatenate([first[:, None], second[:, None], values[first, second]], axis=1)


def _in_use(rare: Ints) -> Ints:
    """Columns of what is rare that are not 0 all over."""
    return np.flatnonzero(rare.any(axis=0))


def _used(rows: Ints, often: Ints, rare: Ints, in_use: Ints, columns: Sequence[int]) -> Ints:
    """Those of some rows, in their order, of which one of some columns is not 0."""
    found = np.empty_like(rows)
    return found[: rows_in_use(often, rare, rows, *_places(in_use, columns), found)]


def _places(in_use: Ints, columns: Sequence[int], first: int = 0) -> tuple[Ints, Ints]:
    """[columns, 2] Where columns stand, and where they go from column `first` on: those of the sums, and of what is
    rare those in use."""
    used = {*in_use.tolist()}
    often = [(column, at) for at, column in enumerate(columns, first) if column < sums.RARE]
    rare = [(column - sums.RARE, at) for at, column in enumerate(columns, first) if column - sums.RARE in used]
    return np.array(often, np.int64).reshape(-1, 2), np.array(rare, np.int64).reshape(-1, 2)


def _interval_and_flow(tally: Tally, rows: Ints) -> Sequence[Ints]:
    return np.divmod(tally.row_keys[1 + rows], tally.flow_rows.shape[1])


def _table(keys: Sequence[Ints], rows: Ints, often: Ints, rare: Ints, in_use: Ints, columns: Sequence[int]) -> Rows:
    """Keys, then some columns of some rows; those of which nothing is in use are not touched."""
    made = np.zeros((len(rows), len(keys) + len(columns)), np.int64)
    for place, key in enumerate(keys):
        made[:, place] = key
    copy_columns(often, rare, rows, *_places(in_use, columns, len(keys)), made)
    return made
