"""Service by time of every channel: the sums behind the figures, read once."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ccsim.kpis.kpi import Kpi
from ccsim.kpis.shown import names_in
from ccsim.report.by_time import FlowSums, columns_for, kpi_by_step
from ccsim.report.clock import Steps
from ccsim.report.facts import Facts

SHOWN: Final = tuple(dict.fromkeys((*names_in("by time"), *names_in("by day"))))
"""KPIs that are drawn by time."""


class Service:
    """KPIs of live channels by time."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._part = {channel: i for i, channel in enumerate(facts.channels)}
        flows = facts.tables["flows"]
        parts = [
            self._part.get(channel, -1) if kind == "live" else -1
            for channel, kind in zip(flows["channel"], flows["kind"], strict=True)
        ]
        kpis = [facts.kpis[name] for name in SHOWN]
        columns = columns_for(kpis, facts.threshold)
        self._sums = FlowSums(facts.tables, facts.clock, parts, len(self._part), columns) if self._part else None

    def by_step(self, kpi: str, channel: str, steps: Steps) -> pd.DataFrame:
        """A KPI of a live channel on every step; see `ccsim.report.by_time.kpi_by_step`."""
        if self._sums is None:
            return pd.DataFrame(columns=["step", "time", "estimate"])
        definition: Kpi = self._facts.kpis[kpi]
        threshold = self._facts.threshold if definition.by_threshold else None
        return kpi_by_step(self._sums, definition, threshold, self._part[channel], steps)
