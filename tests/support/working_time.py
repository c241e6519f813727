"""When working time has passed, stretch by stretch."""

from __future__ import annotations

from ccsim.kernel import layout
from ccsim.kernel.arrays import WorkingClocks


def due(clocks: WorkingClocks, clock: int, joined: int, time: int) -> int:
    """When `time` has passed since `joined`, stretch by stretch of a working clock; -1: by the plain clock."""
    if clock < 0:
        return joined + time
    first, count = clocks.bounds[clock].tolist()
    rows = range(first, first + count)
    starts, worked = clocks.start[rows].tolist(), clocks.worked[rows].tolist()
    for i in range(count - 1):
        opens, closes = starts[i], starts[i] + worked[i + 1] - worked[i]
        if closes > joined:
            left = closes - max(opens, joined)
            if left >= time:
                return max(opens, joined) + time
            time -= left
    return layout.FAR
