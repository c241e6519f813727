"""A second replication of a replication: the same uncertain inputs, other contacts. What differs then is chance
alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.plan import ModelLike, Plan
from ccsim.results.held_tables import Tables
from ccsim.results.tables import Assembler

AGAIN: Final = 1 << 31
"""The second replication of a replication has its number and this: no run has so many."""


@dataclass(frozen=True, slots=True)
class SimulatedTwice:
    """A replication and its second replication."""

    tables: Mapping[str, NDArray[np.int64]]
    """Of the replication: what enters the results."""
    again: Mapping[str, NDArray[np.int64]]
    """Of the second replication."""


@dataclass(frozen=True, slots=True)
class _Simulated:
    tables: Mapping[str, NDArray[np.int64]]


class Seconds:
    """Takes the second replications, whose tables are kept beside those of the run."""

    def __init__(self, plan: Plan, model: ModelLike) -> None:
        wanted = plan.uncertainty is not None and plan.again > 0
        self._made = Assembler(model.names, model.workforce_plan, model.thresholds) if wanted else None

    def beside(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """Takes a replication by `take`, and its second replication."""
        made = self._made
        if made is None:
            return take

        def both(simulated: Any) -> None:
            take(simulated)
            if isinstance(simulated, SimulatedTwice):
                made.add(_Simulated(simulated.again))

        return both

    def tables(self) -> Tables | None:
        """Their tables, once all are taken; None where there are none."""
        if self._made is None or self._made.replications == 0:
            return None
        frames, _ = self._made.finish()
        return Tables(frames, self._made.spill.close(), spill=self._made.spill)
