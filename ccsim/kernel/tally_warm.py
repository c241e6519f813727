"""What is counted of warm transfers."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import count, count_route
from ccsim.kernel.sums import Tally


@kernel_call
def count_warm(tally: Tally, log: Ints, i: int, row: int, queue: int, route: int) -> None:
    """The parts of a handled visit's talk that a warm transfer is."""
    together = log[i, layout.LOG_HAND_OVER]
    count(tally, row, queue, sums.COHORT_HAND_OVER, together)
    count_route(tally, route, sums.ROUTE_HAND_OVER, together)
    if log[i, layout.LOG_HELD] >= 0:
        count(tally, row, queue, sums.COHORT_WARM, 1)
        count(tally, row, queue, sums.COHORT_WARM_WAIT, log[i, layout.LOG_HELD])
        count_route(tally, route, sums.ROUTE_WARM, 1)
        count_route(tally, route, sums.ROUTE_WARM_WAIT, log[i, layout.LOG_HELD])
