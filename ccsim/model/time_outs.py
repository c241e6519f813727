"""Queue time-outs that lead to another queue, as arrays."""

from __future__ import annotations

import numpy as np

from ccsim.centre.legs import LongestWait, longest_wait
from ccsim.kernel.layout import FAR, NONE
from ccsim.kernel.time_out_rows import TimeOuts
from ccsim.language.scenario import Scenario
from ccsim.model.misroutes import by_mistake
from ccsim.model.routes import Queue, Routes


def time_out_at(scenario: Scenario, queue: Queue) -> LongestWait:
    """The time-out that holds in a queue; after `FAR` where there is none."""
    kind = queue.kind
    return longest_wait(scenario, kind.workflow, kind.tier, kind.channel) or LongestWait(FAR, None, False)


def time_out_arrays(routes: Routes) -> TimeOuts:
    """The arrays of `TimeOuts`; queues where contacts come by mistake alone lead nowhere."""
    queues = routes.queues
    place_of = {
        (queue.stream_rank, queue.severity, queue.kind.workflow, queue.kind.tier): i for i, queue in enumerate(queues)
    }
    to, goes_on = np.full(len(queues), NONE, np.int64), np.zeros(len(queues), np.int64)
    for i, queue in enumerate(queues):
        out = time_out_at(routes.scenario, queue)
        if out.to is not None and by_mistake(routes, queue) is None:
            to[i], goes_on[i] = place_of[queue.stream_rank, queue.severity, *out.to], out.goes_on
    leads = bool((to >= 0).any())
    return TimeOuts(to if leads else to[:0], goes_on if leads else goes_on[:0])
