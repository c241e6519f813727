"""Agent time by interval: the area under numbers of agents that change at instants."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.layout import Ints


class AgentTime:
    """Adds up agent time by interval of equal width (the last may be cut) and column."""

    def __init__(self, first: int, until: int, width: int, columns: int) -> None:
        """Intervals of `width` from `first` to `until`, microseconds; `columns` are pools, or whatever is counted."""
        self._first, self._until, self._width = first, until, width
        cells = -(-(until - first) // width)
        self._columns = columns
        # the end of each cell, and of one more for what changes at the very end
        self._ends = np.minimum(first + width * np.arange(1, cells + 2, dtype=np.int64), until)
        self._times: list[Ints] = []
        self._places: list[Ints] = []
        self._by: list[Ints] = []

    def change(self, time: Ints, column: Ints | int, by: Ints | int) -> None:
        """From instants `time` on there are `by` more in a column."""
        for values, kept in ((time, self._times), (column, self._places), (by, self._by)):
            kept.append(values.ravel() if isinstance(values, np.ndarray) else np.full(time.size, values, np.int64))

    def between(self, since: Ints, until: Ints, column: Ints | int, by: Ints | int = 1) -> None:
        """From `since` to `until` there are `by` more in a column."""
        self.change(since, column, by)
        self.change(until, column, -by)

    def areas(self) -> Ints:
        """[intervals, columns] Agent time in microseconds."""
        step = np.zeros(len(self._ends) * self._columns, np.int64)
        inside = np.zeros_like(step)
        if self._times:
            at = np.clip(np.concatenate(self._times), self._first, self._until)
            by = np.concatenate(self._by)
            cell = (at - self._first) // self._width
            place = cell * self._columns + np.concatenate(self._places)
            np.add.at(step, place, by)
            np.add.at(inside, place, by * (self._ends[cell] - at))
        steps = step.reshape(-1, self._columns)[:-1]
        before = np.cumsum(steps, axis=0) - steps
        widths = np.diff(self._ends[:-1], prepend=self._first)
        return np.asarray(before * widths[:, None] + inside.reshape(-1, self._columns)[:-1])
