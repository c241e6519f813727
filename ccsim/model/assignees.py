"""To whom visits are assigned: by vendor shares, or because nobody else may answer them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.layout import Ints
from ccsim.model.routes import Routes

SHARED: str = ""
"""Where several may answer."""
_NOWHERE = "none"


class Assignees(NamedTuple):
    """To whom visits of queues are assigned."""

    names: list[tuple[int, int, str, str, str, str]]
    """Rows of the table `assignees`."""
    of_queue: Ints
    """[queues, vendors + 1] Row of the visits of a queue that are assigned to a vendor, and last of those that are
    assigned to none; NONE where there are no such visits."""


def assignees_of(routes: Routes) -> Assignees:
    """To whom the visits of each queue are assigned: a vendor, its kind, a site, a pool.

    A visit is a vendor's if vendor shares assign it, else if only pools of this vendor may answer it from the first
    second, before any overflow step; a site's or a pool's if only these (of the vendor that it is assigned to) may.
    """
    scenario = routes.scenario
    place = {name: i for i, name in enumerate(sorted(scenario.vendors))}
    rows: list[tuple[int, int, str, str, str, str]] = []
    of_queue = np.full((len(routes.queues), len(place) + 1), layout.NONE, np.int64)
    for queue, turns in enumerate(routes.turns):
        for turn in turns:
            at_once = {entry.pool for entry in routes.classes[turn.line].entries if entry.step == 0}
            pools = {name: scenario.pools[name] for name in at_once}
            vendors = {pool.vendor for pool in pools.values()} if not turn.vendor else {turn.vendor}
            kinds = {scenario.vendors[name].kind if name in place else None for name in vendors}
            sites = (pool.site for pool in pools.values())
            of_queue[queue, place.get(turn.vendor, len(place))] = len(rows)
            rows.append((len(rows), queue, _only(vendors), _only(kinds), _only(sites), _only(pools)))
    return Assignees(rows, of_queue)


def _only(names: Iterable[str | None]) -> str:
    found = {name or _NOWHERE for name in names}
    return found.pop() if len(found) == 1 else SHARED
