"""What is made of a run's tables of names alone: the same for every replication, so made once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.kpi import Limits
from ccsim.metrics.bot_cost import with_bots
from ccsim.results.measured import Measured


class NamesOfRun:
    """Queues, flows and pools of a run, and what their names say of them."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], measured: Measured) -> None:
        self._tables, self._measured = tables, measured
        self.queues, self.flows = tables["queues"], tables["flows"]
        self.pools = with_bots(tables["pools"], measured)
        """Pools, then the bots that cost anything: all that is paid."""
        self._first_pools: dict[str, NDArray[np.int64]] = {}

    @cached_property
    def with_deadline(self) -> NDArray[np.bool_]:
        """Whether a queue is deferred work with a deadline, shape [queues]."""
        queues, measured = self.queues, self._measured
        due = queues["channel"].isin(list(measured.deadlines))
        due |= queues["segment"].isin(list(measured.segment_deadlines))
        due |= queues["workflow"].isin(list(measured.workflow_deadlines))
        due |= (queues["volume"] + "." + queues["severity"]).isin(list(measured.severity_deadlines))
        due |= (queues["workflow"] + "/" + queues["tier"]).isin(list(measured.escalation_deadlines))
        due &= queues["kind"] == "deferred"
        return due.to_numpy(dtype=bool)

    @cached_property
    def flows_with_deadline(self) -> NDArray[np.bool_]:
        """The same of every flow, shape [flows]: queues with and without a deadline are never in one."""
        return self.flows["flow"].isin(self.queues.loc[self.with_deadline, "flow"]).to_numpy(dtype=bool)

    def live_assignees(self, limits: Limits) -> NDArray[np.bool_]:
        """Whether the work of an assignee within limits is live, or all of it where none is; shape [assignees]."""
        inside = self.assignees_within(limits)
        live = inside & (self._tables["assignees"]["kind"] == "live").to_numpy(dtype=bool)
        return live if live.any() else inside

    def assignees_within(self, limits: Limits) -> NDArray[np.bool_]:
        """Whether the visits of an assignee are of the only workflow, channel, ... that counts, shape [assignees]."""
        return _within(self._tables["assignees"], limits)

    def queues_within(self, limits: Limits) -> NDArray[np.bool_]:
        """The same of every queue, shape [queues]."""
        return _within(self.queues, limits)

    @cached_property
    def due(self) -> NDArray[np.int64]:
        """1 where the work of an assignee has a deadline, shape [assignees]."""
        return self._tables["assignees"]["due"].to_numpy(np.int64)

    def several(self, scope: str) -> NDArray[np.bool_]:
        """Whether all visits of an assignee's queues count for who answered them, shape [assignees].

        The scope is `owner`, `vendor`, `site` or `pool`.
        """
        said = self._tables["assignees"]["several"].astype(str).tolist()
        return np.array([scope in scopes.split("+") for scopes in said], dtype=bool)

    def first_pools(self, scope: str) -> NDArray[np.int64]:
        """First pool of the part of a scope that each assignee is in, -1 where it is in none; shape [assignees].

        The scope is `owner`, `vendor`, `site` or `pool`.
        """
        if scope not in self._first_pools:
            first: dict[str, int] = {}
            for pool, name in enumerate(self.parts_of_pools(scope)):
                first.setdefault(name, pool)
            names = self._tables["assignees"][scope].tolist()
            self._first_pools[scope] = np.array([first.get(str(name), -1) for name in names], dtype=np.int64)
        return self._first_pools[scope]

    def parts_of_pools(self, scope: str) -> list[str]:
        """Part of a scope that each pool belongs to; the owner is the kind of its vendor."""
        if scope == "owner":
            vendors = self._tables["vendors"]
            kinds = dict(zip(vendors["name"].tolist(), vendors["kind"].tolist(), strict=True))
            return [str(kinds.get(vendor, "none")) for vendor in self.pools["vendor"].tolist()]
        return list(map(str, self.pools["name" if scope == "pool" else scope].tolist()))


def _within(rows: pd.DataFrame, limits: Limits) -> NDArray[np.bool_]:
    inside = np.ones(len(rows), dtype=bool)
    for scope, name in limits:
        inside &= (rows[scope].astype(str) == name).to_numpy(dtype=bool)
    return inside
