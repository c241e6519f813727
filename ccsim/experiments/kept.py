"""Replications of one scenario, kept as far as its goals are judged by them, and looked at as often as one likes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.plan import ModelLike, Plan
from ccsim.experiments.replicate import Simulated as SimulatedOnce
from ccsim.metrics.paired_influence import Simulated
from ccsim.metrics.sums import Sums
from ccsim.metrics.time_goals import in_time
from ccsim.records.tables import BY_INTERVAL, TABLES
from ccsim.results.held_tables import Tables
from ccsim.results.spill import IN_MEMORY_VALUES, Spill
from ccsim.results.tables import NAMES, PLANNED, SIMULATED, Sink, columns_of, frame_of, names_frame

LOOKED_AT: Final = tuple(name for name in SIMULATED if name not in BY_INTERVAL)
"""Tables that goals are judged by (goals by time by all), kept between looks: in memory while they are short, else in a
temporary folder."""


class Kept:
    """What looks at the goals need of the replications that were taken."""

    def __init__(self, plan: Plan, model: ModelLike, *, every: bool = False) -> None:
        """`every`: keep what any KPI needs, not the goals alone."""
        self._plan, self._model = plan, model
        timed = every or any(in_time(goal) for goal in plan.goals)
        self._rows: dict[str, list[NDArray[np.int64]]] = {name: [] for name in (SIMULATED if timed else LOOKED_AT)}
        self._spill = Spill()
        self._sinks: dict[str, Sink] = {}
        self.replications = 0
        """How many were taken."""

    def take(self, simulated: SimulatedOnce) -> None:
        """Take the next replication."""
        for name in self._rows:
            rows = simulated.tables[name]
            number = np.full(len(rows), self.replications, dtype=np.int64)
            self._rows[name].append(np.column_stack([number, rows]))
        self.replications += 1
        if self._spill.used or sum(rows.size for parts in self._rows.values() for rows in parts) > IN_MEMORY_VALUES:
            self._write()

    def _write(self) -> None:
        """What is kept to the temporary folder."""
        for name, parts in self._rows.items():
            if name not in self._sinks:
                self._sinks[name] = self._spill.sink(name, columns_of(name, self._model.thresholds))
            while parts:
                self._sinks[name](parts.pop(0))

    def so_far(self) -> Simulated:
        """What a look sees; at least one replication was taken."""
        return Simulated(Sums(self.tables(), self._plan.measured))

    def tables(self) -> Tables:
        """The tables until now; at least one replication was taken."""
        model = self._model
        frames, files = {}, {}
        if self._spill.used:
            files, self._sinks = self._spill.so_far(), {}
        else:
            for name, parts in self._rows.items():
                parts[:] = [np.concatenate(parts)]
                frames[name] = frame_of(parts[0], columns_of(name, model.thresholds))
        frames |= {name: names_frame(model.names.get(name, ()), TABLES[name]) for name in NAMES}
        frames[PLANNED] = frame_of(model.workforce_plan, TABLES[PLANNED])
        return Tables(frames, files, spill=self._spill)
