"""Agent time by interval: the area under numbers of agents that change at instants."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.layout import Ints

#: Changes that are counted together: few calls, and yet no more memory for a longer horizon.
_BATCH = 50_000


class AgentTime:
    """Adds up agent time by interval of equal width (the last may be cut) and column."""

    def __init__(self, first: int, until: int, width: int, columns: int) -> None:
        """Intervals of `width` from `first` to `until`, microseconds; `columns` are pools, or whatever is counted."""
        self._first, self._until, self._width = first, until, width
        cells = -(-(until - first) // width)
        self._columns = columns
        # the end of each cell, and of one more for what changes at the very end
        self._ends = np.minimum(first + width * np.arange(1, cells + 2, dtype=np.int64), until)
        self._step = np.zeros(len(self._ends) * columns, np.int64)
        self._inside = np.zeros_like(self._step)
        self._changes: list[tuple[Ints, Ints, Ints]] = []
        self._waiting = 0

    def change(self, time: Ints, column: Ints | int, by: Ints | int) -> None:
        """From instants `time` on there are `by` more in a column."""
        columns, more = (
            values.ravel() if isinstance(values, np.ndarray) else np.full(time.size, values, np.int64)
            for values in (column, by)
        )
        self._changes.append((time.ravel(), columns, more))
        self._waiting += time.size
        if self._waiting >= _BATCH:
            self._count()

    def between(self, since: Ints, until: Ints, column: Ints | int, by: Ints | int = 1) -> None:
        """From `since` to `until` there are `by` more in a column."""
        self.change(since, column, by)
        self.change(until, column, -by)

    def areas(self) -> Ints:
        """[intervals, columns] Agent time in microseconds."""
        self._count()
        steps = self._step.reshape(-1, self._columns)[:-1]
        before = np.cumsum(steps, axis=0) - steps
        widths = np.diff(self._ends[:-1], prepend=self._first)
        return np.asarray(before * widths[:, None] + self._inside.reshape(-1, self._columns)[:-1])

    def _count(self) -> None:
        """Count the changes that have come."""
        if not self._changes:
            return
        times, columns, by = (np.concatenate(parts) for parts in zip(*self._changes, strict=True))
        at = np.clip(times, self._first, self._until)
        cell = (at - self._first) // self._width
        place = cell * self._columns + columns
        np.add.at(self._step, place, by)
        np.add.at(self._inside, place, by * (self._ends[cell] - at))
        self._changes.clear()
        self._waiting = 0
