"""Asks for the lines of memory that the next rows of the log will touch.

Who answered whom, and sums by day, lie in tables that the second-level cache does not hold: without this a row would
wait for its lines one after another, and the next row after it. What is asked for too early or in vain changes nothing.
"""

from __future__ import annotations

from typing import Final

from ccsim.draws.instructions import fetch
from ccsim.draws.jit import kernel_step
from ccsim.kernel import layout
from ccsim.kernel.cache_lines import LINE
from ccsim.kernel.fetch_record import fetch_record
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally
from ccsim.kernel.tally_assigned import assignee_of, day_of

_NUMBERS: Final = 12
"""Rows ahead for which is asked where their sums stand; half as many rows ahead is known where, twice as many what the
queue is, and four times as many are the rows themselves asked for."""


@kernel_step
def fetch_ahead(tally: Tally, groups: Groups, log: Ints, i: int, n: int, interval: int) -> None:
    """Ask for what rows behind row `i` will touch: one itself, the queue of another, the numbers of the sums of the
    next, the sums of the nearest.

    `interval`: in which the row before joined; mostly others join on the same day.
    """
    if i + 4 * _NUMBERS < n:
        fetch_record(log, i + 4 * _NUMBERS, layout.LOG_WIDTH)
    if i + 2 * _NUMBERS < n:
        queue = log[i + 2 * _NUMBERS, layout.LOG_QUEUE]
        fetch(groups.queues, queue, 0)
        fetch(groups.assignee, queue, 0)
        fetch(groups.assignee, queue, groups.assignee.shape[1] - 1)
    day = day_of(groups, max(interval, 0))
    if i + _NUMBERS < n:
        _fetch_numbers(tally, groups, log, i + _NUMBERS, day)
    if i + _NUMBERS // 2 < n:
        _fetch_sums(tally, groups, log, i + _NUMBERS // 2, day)


@kernel_step
def _fetch_numbers(tally: Tally, groups: Groups, log: Ints, j: int, day: int) -> None:
    agent, queue = log[j, layout.LOG_AGENT], log[j, layout.LOG_QUEUE]
    if agent < 0 or log[j, layout.LOG_OUTCOME] >= layout.PART_HELD:  # what is no visit may be of no line
        return
    pool, assignee = groups.pool[agent], assignee_of(groups, log, j)
    fetch(tally.route_rows, queue, pool)
    if assignee >= 0:
        fetch(tally.day_rows[day], assignee, pool)


@kernel_step
def _fetch_sums(tally: Tally, groups: Groups, log: Ints, j: int, day: int) -> None:
    agent, queue = log[j, layout.LOG_AGENT], log[j, layout.LOG_QUEUE]
    fetch(tally.queues, queue, 0)
    if agent < 0 or log[j, layout.LOG_OUTCOME] >= layout.PART_HELD:
        return
    pool, assignee = groups.pool[agent], assignee_of(groups, log, j)
    route = tally.route_rows[queue, pool]
    fetch(tally.routes, route, 0)
    fetch(tally.routes, route, LINE)
    if tally.ratings.shape[0] > 1:
        fetch(tally.ratings, route, 0)
        fetch(tally.ratings, route, LINE)
    if assignee >= 0:
        row = tally.day_rows[day, assignee, pool]
        fetch(tally.days, row, 0)
        fetch(tally.days, row, LINE)
