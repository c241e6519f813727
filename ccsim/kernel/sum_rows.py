"""Rows of sums: the one of a key, what is added to it, the interval that an instant lies in."""

from __future__ import annotations

from ccsim.draws.jit import kernel_entry, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Tally


@kernel_step
def row_of(tally: Tally, key: int) -> int:
    """Row of the sums of a key; made if it is new (there is room: the caller has seen to it)."""
    mask = tally.keys.shape[0] - 1
    place = (key * 0x9E3779B1) & mask
    while tally.keys[place] != key:
        if tally.keys[place] == layout.NONE:
            tally.keys[place] = key
            row = tally.totals[sums.TOTAL_ROWS]
            tally.rows[place] = row
            tally.row_keys[row] = key
            tally.totals[sums.TOTAL_ROWS] = row + 1
            return row
        place = (place + 1) & mask
    return tally.rows[place]


@kernel_entry
def place_keys(keys: Ints, rows: Ints, row_keys: Ints, used: int) -> None:
    """Give the first `used` rows their places in an empty table of keys."""
    mask = keys.shape[0] - 1
    for row in range(used):
        place = (row_keys[row] * 0x9E3779B1) & mask
        while keys[place] != layout.NONE:
            place = (place + 1) & mask
        keys[place] = row_keys[row]
        rows[place] = row


@kernel_step
def count(tally: Tally, row: int, queue: int, column: int, value: int) -> None:
    """Add to a column of both tables of visits."""
    tally.sums[row, column] += value
    tally.queues[queue, column] += value


@kernel_step
def interval_of(time: int, known: tuple[int, int, int], first: int, width: int) -> tuple[int, int, int]:
    """Start, end and number of the interval that an instant lies in; `known` if it is that one, without a division."""
    if known[0] <= time < known[1]:
        return known
    number = (time - first) // width
    low = first + number * width
    return low, low + width, number


@kernel_step
def columns_of_end(outcome: int) -> tuple[int, int]:
    """Columns in which a handled visit of an outcome counts: of the sums of visits, and of `Tally.routes`."""
    if outcome == layout.RESOLVED:
        return sums.COHORT_RESOLVED, sums.ROUTE_RESOLVED
    if outcome == layout.ESCALATED:
        return sums.COHORT_ESCALATED, sums.ROUTE_ESCALATED
    if outcome == layout.TRANSFERRED:
        return sums.COHORT_TRANSFERRED, sums.ROUTE_TRANSFERRED
    return sums.COHORT_UNRESOLVED, sums.ROUTE_UNRESOLVED
