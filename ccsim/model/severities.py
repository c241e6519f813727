"""How severe the cases of streams are, as arrays."""

from __future__ import annotations

import itertools

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.arrays import Severities
from ccsim.language.severities import shares_of
from ccsim.language.workflows import Workflow
from ccsim.model.routes import NO_SEVERITY, Routes


def severity_arrays(routes: Routes) -> Severities:
    """The arrays of `Severities`, without rows where no case has a severity."""
    rows: list[tuple[int, int, int]] = []
    until: list[float] = []
    begins: list[int] = []
    queues = [0] * len(routes.streams)
    places: dict[str, list[int]] = {}
    first = 0
    for i, queue in enumerate(routes.queues):
        if queue.severity != NO_SEVERITY:
            if i == 0 or routes.queues[i - 1].severity != queue.severity or routes.queues[i - 1].stream != queue.stream:
                first = i
            if queue.begins:
                places.setdefault(queue.stream.name, []).append(i - first)
        queues[queue.stream_rank] += 1
    for stream, number in zip(routes.streams, queues, strict=True):
        shares = shares_of(routes.scenario.workflows.get(stream.workflow, Workflow()).severity)
        rows.append((len(until), len(shares), number // max(len(shares), 1)))
        begins.extend(places.get(stream.name, ()))
        until.extend(itertools.accumulate(shares.values()))
    return Severities(
        rows=np.array(rows if until else [], np.int64).reshape(-1, layout.SEVERITY_WIDTH),
        until=np.array(until or [1.0], np.float64),
        begins=np.array(begins or [0], np.int64),
    )
