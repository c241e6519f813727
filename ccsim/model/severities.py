"""How severe the cases of streams are, as arrays."""

from __future__ import annotations

import itertools

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.arrays import Severities
from ccsim.language.severities import shares_of
from ccsim.language.workflows import Workflow
from ccsim.model.routes import Routes


def severity_arrays(routes: Routes) -> Severities:
    """The arrays of `Severities`, without rows where no case has a severity."""
    rows: list[tuple[int, int, int]] = []
    until: list[float] = []
    queues = [0] * len(routes.streams)
    for queue in routes.queues:
        queues[queue.stream_rank] += 1
    for stream, number in zip(routes.streams, queues, strict=True):
        shares = shares_of(routes.scenario.workflows.get(stream.workflow, Workflow()).severity)
        rows.append((len(until), len(shares), number // max(len(shares), 1)))
        until.extend(itertools.accumulate(shares.values()))
    return Severities(
        rows=np.array(rows if until else [], np.int64).reshape(-1, layout.SEVERITY_WIDTH),
        until=np.array(until or [1.0], np.float64),
    )
