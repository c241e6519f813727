"""Rows of sums: the one of a key, what is added to it, the interval that an instant lies in."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally
from ccsim.records import outcomes


@kernel_step
def row_of(tally: Tally, interval: int, flow: int) -> int:
    """Row of the sums of a flow in an interval: mostly one of those that were asked for last.

    Made if it is new: there is room, the caller has seen to it.
    """
    key = interval * tally.latest.shape[0] + flow
    at = 2 * (interval & (sums.LATEST - 1))
    if tally.latest[flow, at] != key:
        tally.latest[flow, at], tally.latest[flow, at + 1] = key, _row_in_table(tally, key)
    return tally.latest[flow, at + 1]


@kernel_step
def first_place(table: Ints, key: int) -> int:
    """Where the search for a key begins."""
    return (key * 0x9E3779B1) & (table.shape[0] - 1)


@kernel_call
def _row_in_table(tally: Tally, key: int) -> int:
    """Row of the sums of a key; made if it is new."""
    table = tally.table
    place = first_place(table, key)
    while table[place, 0] != key:
        if table[place, 0] == layout.NONE:
            row = tally.totals[sums.TOTAL_ROWS]
            table[place, 0], table[place, 1] = key, row
            tally.row_keys[row] = key
            tally.totals[sums.TOTAL_ROWS] = row + 1
            return row
        place = (place + 1) & (table.shape[0] - 1)
    return table[place, 1]


@kernel_entry
def place_keys(table: Ints, row_keys: Ints, used: int) -> None:
    """Give the first `used` rows their places in an empty table of keys."""
    for row in range(used):
        place = first_place(table, row_keys[row])
        while table[place, 0] != layout.NONE:
            place = (place + 1) & (table.shape[0] - 1)
        table[place, 0], table[place, 1] = row_keys[row], row


@kernel_step
def route_of(tally: Tally, queue: int, pool: int) -> int:
    """Row of the sums of a queue's visits that a pool answers; made if it is new."""
    row = tally.route_rows[queue, pool]
    if row == 0:
        row = tally.totals[sums.TOTAL_ROUTES] + 1
        tally.totals[sums.TOTAL_ROUTES] = row
        tally.route_rows[queue, pool] = row
        tally.route_keys[row] = queue * tally.route_rows.shape[1] + pool
    return row


@kernel_step
def nobody(tally: Tally) -> int:
    """Number that stands for no pool where rows are of a queue and a pool: one more than the last."""
    return tally.route_rows.shape[1] - 1


@kernel_step
def count(tally: Tally, row: int, queue: int, column: int, value: int) -> None:
    """Add to a column of both tables of visits; a column that is known to the compiler costs no question."""
    if column >= sums.RARE:
        tally.rare[row, column - sums.RARE] += value
        tally.rare_queues[queue, column - sums.RARE] += value
    else:
        tally.sums[row, column] += value
        tally.queues[queue, column] += value


@kernel_step
def count_route(tally: Tally, route: int, column: int, value: int) -> None:
    """Add to a column of who answered whom, which the compiler knows."""
    if column >= sums.RARE:
        tally.rare_routes[route, column - sums.RARE] += value
    else:
        tally.routes[route, column] += value


@kernel_step
def last_exceeded(groups: Groups, wait: int) -> int:
    """Number of the last threshold that a wait exceeds, NONE if it is within all of them."""
    t = 0
    while t < groups.thresholds.shape[0] and wait > groups.thresholds[t]:
        t += 1
    return t - 1


@kernel_step
def interval_of(time: int, known: tuple[int, int, int], first: int, width: int) -> tuple[int, int, int]:
    """Start, end and number of the interval that an instant lies in; `known` if it is that one, without a division."""
    if known[0] <= time < known[1]:
        return known
    number = (time - first) // width
    low = first + number * width
    return low, low + width, number


@kernel_call
def count_unresolved(tally: Tally, row: int, queue: int, route: int, outcome: int) -> None:
    """A handled visit that did not resolve the case."""
    if outcome == outcomes.ESCALATED:
        count(tally, row, queue, sums.COHORT_ESCALATED, 1)
        count_route(tally, route, sums.ROUTE_ESCALATED, 1)
    elif outcome == outcomes.TRANSFERRED:
        count(tally, row, queue, sums.COHORT_TRANSFERRED, 1)
        count_route(tally, route, sums.ROUTE_TRANSFERRED, 1)
    else:
        count(tally, row, queue, sums.COHORT_UNRESOLVED, 1)
        count_route(tally, route, sums.ROUTE_UNRESOLVED, 1)
