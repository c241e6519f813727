"""What comes of the contacts that a pool handles, where its quality differs from what the tiers say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from ccsim.kernel.arrays import QualityRows
from ccsim.kernel.kinds import KIND_DECIDES, SHARE_ESCALATED, SHARE_RESOLVED, SHARE_TRANSFERRED, Kinds
from ccsim.kernel.layout import FAR, Ints
from ccsim.language.assists import Assist
from ccsim.language.pools import Pool
from ccsim.language.quality import Quality, QualityEffect
from ccsim.language.scenario import Scenario
from ccsim.language.tenure import tenure_of
from ccsim.model.local_time import works_from
from ccsim.model.routes import Queue, Routes

_PLANES: Final = QualityRows._fields[2:]
_REST: Final = ""
"""Agents of a pool without a tenure of their own."""


def quality_of(
    routes: Routes, queues: Sequence[Queue], kinds: Kinds, agents: Ints, start_utc: int
) -> tuple[Kinds, QualityRows]:
    """How agents handle kinds of queues, and what comes of it; nothing where no pool, vendor, skill, tenure or assist
    differs.

    A uniform number says what comes of a visit: below the escalated share it goes on, from 1 less the transferred
    share it is transferred. A pool resolves what the tier would resolve first: the numbers from the tier's own
    escalated share on, then those that nobody resolves, last those that it does not escalate. So who resolves more
    resolves the same contacts and more.

    Parameters
    ----------
    queues
        A queue of each kind, in the order of `kinds`.
    agents
        [pools, 2] First agent row and number of rows of each pool.
    start_utc
        Start of the horizon, microseconds since 1970.

    Returns
    -------
    kinds
        The same, but that every outcome is a matter of chance where somebody differs.
    quality
        Arrays [rows, kinds, dates], a row for each pool and for each tenure in it; no rows where nobody differs.
    """
    scenario = routes.scenario
    assists = [
        (assist, works_from(assist.start, scenario.time_zone, start_utc))
        for _, assist in sorted(scenario.assists.items())
    ]
    if not assists and not any(pool.tenure or _said(scenario, pool, None) for pool in routes.pools):
        none = np.zeros(0, np.int64)
        return kinds, QualityRows(none, none, *(np.zeros((0, 0, 0)) for _ in _PLANES))
    dates = _dates(assists)
    groups = groups_of_pools(routes)
    made = [np.zeros((len(groups), len(queues), len(dates))) for _ in _PLANES]
    for i, (name, pool, group) in enumerate(groups):
        tenure = pool.tenure.get(group)
        pace_of_group = 1.0 if tenure is None else tenure.handle_time
        for j, queue in enumerate(queues):
            own = said_of_group(scenario, pool, group, queue.kind.workflow)
            shares = kinds.shares[j]
            base = float(shares[SHARE_ESCALATED]), float(shares[SHARE_RESOLVED]), float(shares[SHARE_TRANSFERRED])
            has = [k for k, (one, _) in enumerate(assists) if _helps(one, name, pool, queue)]
            known: dict[tuple[float, ...], tuple[float, ...]] = {}
            for date, (_, strengths) in enumerate(dates):
                far = tuple(strengths[k] for k in has)
                if far not in known:
                    pace = pace_of_group * math.prod(
                        1.0 + (assists[k][0].handle_time - 1.0) * part for k, part in zip(has, far, strict=True)
                    )
                    helped = [assists[k][0].quality(part) for k, part in zip(has, far, strict=True) if part > 0.0]
                    known[far] = pace, *_cuts(*base, own + helped)
                for array, value in zip(made, known[far], strict=True):
                    array[i, j, date] = value
    since = np.array([at for at, _ in dates], np.int64)
    rows = QualityRows(since, group_of_agents(routes, agents), *made)
    decided = kinds.rows.copy()
    decided[:, KIND_DECIDES] = 1
    return kinds._replace(rows=decided), rows


def groups_of_pools(routes: Routes) -> list[tuple[str, Pool, str]]:
    """Agents who work alike: name of the pool, the pool, and the tenure, empty for the rest of the pool."""
    return [
        (name, pool, one)
        for name, pool in zip(routes.pool_names, routes.pools, strict=True)
        for one in (_REST, *sorted(pool.tenure))
    ]


def group_of_agents(routes: Routes, agents: Ints) -> Ints:
    """Group of each agent, as `groups_of_pools` numbers them: that of the rest of their pool, or of their tenure
    there."""
    found: list[int] = []
    first = 0
    for pool, (_, count) in zip(routes.pools, agents.tolist(), strict=True):
        rows = {name: first + i for i, name in enumerate((_REST, *sorted(pool.tenure)))}
        shares = {name: one.share for name, one in pool.tenure.items()}
        found += [rows[name] for name in tenure_of(shares, count)]
        first += len(rows)
    return np.array(found, np.int64)


def _dates(assists: Sequence[tuple[Assist, int]]) -> list[tuple[int, list[float]]]:
    """When something begins or is fully brought in, and how far all are brought in then: before and after where one
    begins all at once."""
    known = {at for _, at in assists if at > -FAR} | {at + one.ramp for one, at in assists if at > -FAR}
    dates = [(-FAR, [float(at == -FAR) for _, at in assists])]
    for now in sorted(known):
        before, after = ([_brought_in(at, one.ramp, now, begun) for one, at in assists] for begun in (False, True))
        dates += [(now, one) for one in ([before, after] if before != after else [after])]
    return dates


def _brought_in(start: int, ramp: int, now: int, begun: bool) -> float:
    """How far something is brought in at an instant; `begun`: from then on, else until then."""
    if ramp == 0:
        return float(now > start or (begun and now == start))
    return min(max((now - start) / ramp, 0.0), 1.0) if start > -FAR else 1.0


def _helps(assist: Assist, name: str, pool: Pool, queue: Queue) -> bool:
    helps = assist.helps(name, pool.vendor, queue.kind.workflow, queue.kind.channel)
    return helps and assist.is_for(queue.stream.market, queue.stream.language, queue.stream.segment)


def _said(scenario: Scenario, pool: Pool, workflow: str | None) -> list[Quality]:
    """What is said of a pool's quality in a workflow; None: in any."""
    vendor = scenario.vendors.get(pool.vendor) if pool.vendor is not None else None
    skills = [skill for name, skill in (pool.skills or {}).items() if workflow in (None, name)]
    return [one.quality for one in (vendor, pool, *skills) if one is not None and one.quality is not None]


def said_of_group(scenario: Scenario, pool: Pool, group: str, workflow: str) -> list[Quality]:
    """What is said of the quality of a group in a workflow, by vendor, pool, skill and tenure."""
    tenure = pool.tenure.get(group)
    own = [] if tenure is None or tenure.quality is None else [tenure.quality]
    return _said(scenario, pool, workflow) + own


def _cuts(
    escalated: float, resolved: float, transferred: float, said: list[Quality]
) -> tuple[float, float, float, float]:
    """Escalated share, uniform numbers from and until which a visit is resolved, transferred share."""
    if not said:
        return escalated, escalated, escalated + resolved, transferred
    # who has nowhere to transfer or to escalate to does not, whatever is added
    moves = _moved(transferred, (one.transferred for one in said), 1.0) if transferred > 0.0 else 0.0
    solves = _moved(resolved, (one.resolved for one in said), 1.0 - moves)
    goes_on = _moved(escalated, (one.escalated for one in said), 1.0 - moves - solves) if escalated > 0.0 else 0.0
    since = min(max(escalated, goes_on), 1.0 - moves - solves)
    return goes_on, since, since + solves, moves


def _moved(share: float, effects: Iterable[QualityEffect], most: float) -> float:
    """A share after all effects on it, between 0 and `most`."""
    factor, points = 1.0, 0.0
    for one in effects:
        factor, points = factor * one.times, points + one.add
    return min(max(share * factor + points, 0.0), max(most, 0.0))
