"""What comes of the contacts that a pool handles, where its quality differs from what the tiers say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ccsim.kernel.arrays import Kinds, QualityRows
from ccsim.language.pools import Pool
from ccsim.language.quality import Quality, QualityEffect
from ccsim.language.scenario import Scenario
from ccsim.model.routes import Queue, Routes


def quality_of(routes: Routes, queues: Sequence[Queue], kinds: Kinds) -> tuple[Kinds, QualityRows]:
    """Shares by pool and kind of queues; nothing where no pool, vendor or skill differs.

    A uniform number says what comes of a visit: below the escalated share it goes on, from 1 less the transferred
    share it is transferred. A pool resolves what the tier would resolve first: the numbers from the tier's own
    escalated share on, then those that nobody resolves, last those that it does not escalate. So who resolves more
    resolves the same contacts and more.

    Parameters
    ----------
    queues
        A queue of each kind, in the order of `kinds`.

    Returns
    -------
    kinds
        The same, but that every outcome is a matter of chance where somebody differs.
    quality
        Arrays [pools, kinds]; [0, 0] where nobody differs.
    """
    scenario = routes.scenario
    if not any(_said(scenario, pool, None) for pool in routes.pools):
        return kinds, QualityRows(*(np.zeros((0, 0)) for _ in QualityRows._fields))
    made = [np.zeros((len(routes.pools), len(queues))) for _ in QualityRows._fields]
    for i, pool in enumerate(routes.pools):
        for j, queue in enumerate(queues):
            said = _said(scenario, pool, queue.kind.workflow)
            base = float(kinds.escalated[j]), float(kinds.resolved[j]), float(kinds.transferred[j])
            for array, value in zip(made, _cuts(*base, said), strict=True):
                array[i, j] = value
    return kinds._replace(decides=np.ones_like(kinds.decides)), QualityRows(*made)


def _said(scenario: Scenario, pool: Pool, workflow: str | None) -> list[Quality]:
    """What is said of a pool's quality in a workflow; None: in any."""
    vendor = scenario.vendors.get(pool.vendor) if pool.vendor is not None else None
    skills = [skill for name, skill in (pool.skills or {}).items() if workflow in (None, name)]
    return [one.quality for one in (vendor, pool, *skills) if one is not None and one.quality is not None]


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
