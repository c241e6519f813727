"""The parts that a run is split into: their names, and the part of every queue, pool or flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import SURGE_SCOPES, scopes_of
from ccsim.kpis.goals import WITH_POOLS
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.sums import Codes, Sums

NOTHING: Final = frozenset({"all", "any", "none", "None", ""})
"""Names that say that a run is not split by something."""

MOST_QUEUES: Final = 200
"""With more queues than this the estimates are not made queue by queue unless somebody asks for it."""

QUEUE_KEYS: Final = (
    "workflow", "channel", "segment", "severity", "market", "language", "cause", "region", "tier", "bot", "kind",
    "stream", "volume", "flow", "queue",
)  # fmt: skip
"""What KPIs of queues can be limited to."""

POOL_KEYS: Final = ("tier", "region", "site", "owner", "vendor", "pool")
"""What KPIs of pools can be limited to; the region is that of the site, the owner the vendor's kind."""


def names_by(sums: Sums, scope: str, *, by_pool: bool) -> Sequence[str]:
    """For every queue (or pool), the name of the part of a scope that it belongs to."""
    if by_pool:
        return sums.names.parts_of_pools(scope)
    if scope == "flow":
        names = sums.flows["name"].to_numpy(dtype=object)
        return [str(name) for name in names[sums.queues["flow"].to_numpy(dtype=np.int64)]]
    return _texts(sums.queues["name" if scope == "queue" else scope])


def _texts(column: pd.Series[Any]) -> list[str]:
    return list(map(str, column.tolist()))  # not of the column itself, which makes each text anew


def labels(sums: Sums, scope: str, *, by_pool: bool) -> tuple[list[str], Codes]:
    """Names of a scope's parts, sorted, and the part of every queue (or pool) as an index into them."""
    key = ("labels", scope, by_pool)
    if scope in SURGE_SCOPES:
        return sums.surges, np.arange(len(sums.surges), dtype=np.int64)
    if key not in sums.memo:
        if scope == "all":
            found = ["all"], np.zeros(len(sums.pools if by_pool else sums.queues), dtype=np.int64)
        else:
            values = names_by(sums, scope, by_pool=by_pool)
            names = sorted(set(values))
            place = {name: i for i, name in enumerate(names)}
            found = names, np.fromiter((place[v] for v in values), dtype=np.int64, count=len(values))
        sums.memo[key] = found
    known: tuple[list[str], Codes] = sums.memo[key]
    return known


def tells(sums: Sums, scope: str, *, by_pool: bool) -> bool:
    """Whether a scope splits the run: its parts have names of their own, are not too many, and not those of another."""
    if scope == "all":
        return True
    names, _ = labels(sums, scope, by_pool=by_pool)
    if scope == "queue":
        return len(names) <= MOST_QUEUES
    if scope == "flow":  # in a laboratory scenario every queue is a flow
        return len(names) < len(sums.queues) or len(names) > MOST_QUEUES
    return not NOTHING.issuperset(names)


def codes_within(sums: Sums, kpi: Kpi, scope: Mapping[str, str]) -> Codes:
    """0 for every queue (or pool) inside a scope, -1 outside; a pool is in the tiers that it serves.

    The channel, workflow, ... of a KPI that counts only one (`kpi_within`) leaves no pool out: its sums are of that.

    ValueError for a scope that the KPI is not split by.
    """
    if kpi.of_surges:
        return np.array([0 if name == scope.get("surge", name) else -1 for name in sums.surges], dtype=np.int64)
    inside = np.full(len(sums.pools if kpi.by_pool else sums.queues), sums.names.queues_within(kpi.within).any())
    known = POOL_KEYS if kpi.by_pool else QUEUE_KEYS
    for what, name in scope.items():
        if (what, name) in kpi.within:
            continue
        if what not in known:
            raise ValueError(f"{kpi.name} is not known by {what}: {' or '.join(known)}")
        if kpi.by_pool and what == "tier":
            inside &= np.array([name in str(tiers).split("+") for tiers in sums.pools["tier"]], dtype=bool)
        else:
            inside &= np.array([one == name for one in names_by(sums, what, by_pool=kpi.by_pool)], dtype=bool)
    return np.where(inside, 0, -1).astype(np.int64)


def kpi_within(kpi: Kpi, scope: Mapping[str, str]) -> Kpi:
    """The KPI with the formula that it has within a scope: a cost is paid by pool and allocated by queue.

    What is counted by who answered may be limited to a channel, a workflow, a market or a language, too.
    """
    within = tuple((what, scope[what]) for what in WITH_POOLS if what in scope)
    for what in scope:
        found = kpi.by(what, within)
        if found.table != kpi.table:
            return found
    return kpi


def flow_codes(sums: Sums, codes: Codes, parts: int) -> tuple[Codes, NDArray[np.bool_]]:
    """From the part of every queue to the part of every flow, -1 where its queues are not all in one.

    Returns
    -------
    codes
        Part of every flow, shape [flows].
    torn
        Whether a part holds a piece of a flow, so that what is kept by flow cannot be told, shape [parts].
    """
    key = ("flows", codes.tobytes(), parts)
    if key not in sums.memo:
        flow = sums.queues["flow"].to_numpy(dtype=np.int64)
        low = np.full(len(sums.flows), parts, dtype=np.int64)
        high = np.full(len(sums.flows), -1, dtype=np.int64)
        np.minimum.at(low, flow, codes)
        np.maximum.at(high, flow, codes)
        whole = low == high
        torn = np.zeros(parts, dtype=bool)
        broken = codes[~whole[flow]]
        torn[broken[broken >= 0]] = True
        sums.memo[key] = np.where(whole, low, -1), torn
    known: tuple[Codes, NDArray[np.bool_]] = sums.memo[key]
    return known


def pieces_of_flows(sums: Sums, codes: Codes) -> list[str]:
    """Names of the flows that lie partly inside (codes >= 0) and partly outside."""
    made, _ = flow_codes(sums, np.minimum(codes, 0), 1)
    flow = sums.queues["flow"].to_numpy(dtype=np.int64)
    inside = np.zeros(len(sums.flows), dtype=bool)
    inside[flow[codes >= 0]] = True
    return [str(name) for name in sums.flows["name"][inside & (made < 0)]]


def scopes_within(sums: Sums, kpi: Kpi, asked: Sequence[str] | None) -> list[str]:
    """The scopes that estimates of a KPI are made for: those asked for, or those that split this run."""
    known = [scope for scope in scopes_of(kpi) if sums.knows_answerers or not kpi.by(scope).of_answerer]
    if asked is not None:
        return [scope for scope in known if scope in asked]
    return [scope for scope in known if tells(sums, scope, by_pool=kpi.by(scope).by_pool)]


def missing(note: str) -> dict[str, Any]:
    """An estimate that cannot be made, and why."""
    empty: dict[str, Any] = dict.fromkeys(("estimate", "low", "high", "standard_error", "numerator", "denominator"))
    return empty | {"method": "", "note": note}


TORN: Final = "kept by flow, and it holds only a part of one"
"""Why something that is kept by flow is missing."""
