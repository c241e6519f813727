"""A run as the page reads it: estimates at hand by KPI and scope, the main channel and its threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.sums import Sums
from ccsim.report.clock import Clock
from ccsim.results.held_tables import select
from ccsim.results.parquet import plain_rows
from ccsim.results.run import Run
from ccsim.results.summary import told_of

Row = Mapping[str, Any]


class Facts:
    """What the sections of a page ask a run for, each made once."""

    def __init__(self, run: Run, estimates: Callable[[], pd.DataFrame] | None = None, sums: Sums | None = None) -> None:
        """`estimates`: gives those of a run that has not all of them yet; `sums`: those of its tables, if known."""
        self.run = run
        self._sums = sums
        self._estimates = estimates
        self.measured = run.measured
        self.tables = run.tables
        self.clock = Clock(run.measured)
        self._clocks = {self.clock.zone_name: self.clock}
        self.replications = run.replications
        self.used: set[str] = set()
        """KPIs that the page shows, so that it defines them."""

    def clock_of_site(self, site: str) -> Clock:
        """The clock of a site's own zone, the scenario's where that is not known."""
        zone = ((self.scenario.get("sites") or {}).get(site) or {}).get("time_zone") or self.clock.zone_name
        if zone not in self._clocks:
            self._clocks[zone] = Clock(self.measured, str(zone))
        return self._clocks[zone]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The run's estimates as plain rows."""
        return plain_rows(self.run.estimates if self._estimates is None else self._estimates())

    @cached_property
    def _by_kpi(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row["kpi"], row["scope"]), []).append(row)
        return found

    @cached_property
    def kpis(self) -> dict[str, Kpi]:
        """Every KPI, with the scenario's rule of service level."""
        return kpis_of(self.measured.rule)

    def title_of(self, kpi: str) -> str:
        """A KPI's title, with its threshold where there is one for each."""
        title = self.kpis[kpi].title
        return f"{title}, {self.threshold_text}" if self.kpis[kpi].by_threshold else title

    @cached_property
    def mixed(self) -> bool:
        """Whether there is live and deferred work: KPIs of one kind are then not told of everything."""
        return len(set(self.tables["queues"]["kind"])) > 1

    def told_of(self, kpi: str) -> tuple[str, str]:
        """Scope and name of the work that a KPI is told of: live work alone where its waits are not to be mixed."""
        return told_of(kpi, mixed=self.mixed)

    @cached_property
    def sums(self) -> Sums:
        """The run's tables added up."""
        return Sums(self.tables, self.measured) if self._sums is None else self._sums

    def parts(self, kpi: str, scope: str) -> dict[str, Row]:
        """Estimates of a KPI by part of a scope, those of the main threshold only; empty where there are none."""
        rows = self._by_kpi.get((kpi, scope), [])
        return {row["name"]: row for row in rows if row["threshold_s"] in (None, self.threshold_s)}

    def one(self, kpi: str, scope: str = "all", name: str = "all") -> Row | None:
        """One estimate; None where there is none or it could not be made."""
        row = self.parts(kpi, scope).get(name)
        return None if row is None or row["estimate"] is None else row

    @cached_property
    def channels(self) -> list[str]:
        """Channels with live work, the busiest first."""
        return self._busiest("live")

    @cached_property
    def deferred_channels(self) -> list[str]:
        """Channels with deferred work, the busiest first."""
        return self._busiest("deferred")

    def _busiest(self, kind: str) -> list[str]:
        queues = self.tables["queues"]
        inside = set(queues.loc[queues["kind"] == kind, "channel"])
        offered = select(self.tables, "queue_sums", ["queue", "offered"]).groupby("queue")["offered"].sum()
        size = offered.groupby(queues.set_index("queue")["channel"]).sum().to_dict()
        return sorted((c for c in inside if size.get(c, 0)), key=lambda c: (-size[c], c))

    @cached_property
    def main_channel(self) -> str | None:
        """The live channel of the first service level goal that names one, else the busiest; None without live work."""
        for goal in self.run.goals:
            channel = goal["scope"].get("channel")
            if goal["threshold_s"] is not None and channel in self.channels:
                return str(channel)
        return self.channels[0] if self.channels else None

    @cached_property
    def threshold(self) -> int | None:
        """Threshold T of service level in microseconds that the page goes by: that of the first such goal."""
        for goal in self.run.goals:
            if goal["threshold_s"] is not None:
                return round(float(goal["threshold_s"]) * 1e6)
        return self.measured.thresholds[0] if self.measured.thresholds else None

    @cached_property
    def threshold_s(self) -> float | None:
        """The same in seconds, as rows of estimates have it."""
        return None if self.threshold is None else self.threshold / 1e6

    @property
    def threshold_text(self) -> str:
        """The threshold in words: `20 s`."""
        return "T" if self.threshold is None else f"{self.threshold / 1e6:g} s"

    def goal_line(self, kpi: str, channel: str) -> tuple[float, str] | None:
        """Value and words of the first goal for a KPI on a channel (or on everything)."""
        for goal in self.run.goals:
            scope = goal["scope"]
            if goal["kpi"] != kpi or not set(scope) <= {"channel"} or scope.get("channel", channel) != channel:
                continue
            if goal["threshold_s"] is not None and round(goal["threshold_s"] * 1e6) != self.threshold:
                continue
            for key, text in (("at_least", "at least"), ("at_most", "at most")):
                if goal[key] is not None:
                    value = float(goal[key])
                    shown = f"{value * 100:.10g} %" if goal["unit"] == "share" else f"{value:.10g} {goal['unit']}"
                    return value, f"goal {text} {shown}"
        return None

    @cached_property
    def title(self) -> str:
        """The scenario's title, or its name."""
        scenario = self.scenario
        return str(scenario.get("title") or scenario.get("scenario") or self.run.name)

    @property
    def drain_us(self) -> int | None:
        """Longest replication after the counted time, microseconds; None where the run says nothing of it."""
        horizon = self.scenario.get("horizon") or {}
        return horizon.get("drain", horizon.get("run_out"))  # runs before the key was renamed

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The scenario as canonical plain values; empty where the run has none."""
        found: Mapping[str, Any] = self.run.provenance.get("scenario") or {}
        return found
