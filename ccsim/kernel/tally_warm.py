"""What is counted of warm transfers."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import count
from ccsim.kernel.sums import Tally


@kernel_call
def count_warm(tally: Tally, log: Ints, i: int, row: int, queue: int, pool: int) -> None:
    """The parts of a handled visit's talk that a warm transfer is."""
    together = log[i, layout.LOG_HAND_OVER]
    count(tally, row, queue, sums.COHORT_HAND_OVER, together)
    tally.routes[queue, pool, sums.ROUTE_HAND_OVER] += together
    if log[i, layout.LOG_HELD] >= 0:
        count(tally, row, queue, sums.COHORT_WARM, 1)
        count(tally, row, queue, sums.COHORT_WARM_WAIT, log[i, layout.LOG_HELD])
        tally.routes[queue, pool, sums.ROUTE_WARM] += 1
        tally.routes[queue, pool, sums.ROUTE_WARM_WAIT] += log[i, layout.LOG_HELD]
