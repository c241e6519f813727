"""Asks for the lines of memory that the next rows of the log will touch.

Who answered whom, and ratings, lie in tables that the second-level cache does not hold where the centre is large:
without this a row would wait for its lines one after another. What is asked for in vain changes nothing.
"""

from __future__ import annotations

from typing import Final

from ccsim.draws.jit import fetch, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.cache_lines import LINE
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally

_NUMBERS: Final = 12
"""Rows ahead for which is asked where their sums stand; half as many rows ahead is known where."""


@kernel_step
def fetch_ahead(tally: Tally, groups: Groups, log: Ints, i: int, n: int) -> None:
    """Ask for what two rows behind row `i` will touch: the number of the sums of one, the sums of the other."""
    j = i + _NUMBERS
    if j < n and log[j, layout.LOG_AGENT] >= 0:
        fetch(tally.route_rows, log[j, layout.LOG_QUEUE], groups.pool[log[j, layout.LOG_AGENT]])
    j = i + _NUMBERS // 2
    if j < n:
        queue = log[j, layout.LOG_QUEUE]
        fetch(tally.queues, queue, 0)
        if log[j, layout.LOG_AGENT] >= 0:
            route = tally.route_rows[queue, groups.pool[log[j, layout.LOG_AGENT]]]
            fetch(tally.routes, route, 0)
            fetch(tally.routes, route, LINE)
            if tally.ratings.shape[0] > 1:
                fetch(tally.ratings, route, 0)
                fetch(tally.ratings, route, LINE)
