"""Rows of sums: the one of a key, what is added to it, the interval that an instant lies in."""

from __future__ import annotations

from ccsim.draws.instructions import highest_bit
from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel import sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally
from ccsim.records import outcomes


@kernel_step
def row_of(tally: Tally, interval: int, flow: int) -> int:
    """Row of the sums of a flow in an interval; made if it is new: there is room, the caller has seen to it."""
    row = tally.flow_rows[interval, flow]
    return row if row > 0 else _new_row(tally, interval, flow)


@kernel_call
def _new_row(tally: Tally, interval: int, flow: int) -> int:
    row = tally.totals[sums.TOTAL_ROWS] + 1
    tally.totals[sums.TOTAL_ROWS] = row
    tally.flow_rows[interval, flow] = row
    tally.row_keys[row] = interval * tally.flow_rows.shape[1] + flow
    return row


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
def interval_of(settings: Ints, time: int) -> int:
    """Number of the report interval that an instant lies in; see `Groups.settings`."""
    # divided each time: rows come as contacts end, so whether the next one lies in the same interval is a coin's toss,
    # and to guess it wrong takes longer than to divide
    return (time - settings[0]) // settings[2]


@kernel_step
def end_of(settings: Ints, interval: int) -> int:
    """End of a report interval."""
    return settings[0] + (interval + 1) * settings[2]


@kernel_entry
def bin_of_wait(wait: int) -> int:
    """Bin of a wait of 0 or more: whole milliseconds below 128, then 128 bins an octave (<= 0.8 % wide)."""
    ms = wait // 1000
    shift = highest_bit(ms | 255) - 7
    return ms if ms < 128 else min((shift << 7) + (ms >> shift), sums.WAIT_BINS - 1)


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
