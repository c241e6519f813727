"""To whom visits are assigned: by vendor shares, or because nobody else may answer them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.layout import Ints
from ccsim.model.routes import Routes, Turn

SHARED: str = ""
"""Where several may answer."""
_NOWHERE = "none"
_SCOPES: Final = ("vendor", "owner", "site", "pool")


class Assignees(NamedTuple):
    """To whom visits of queues are assigned."""

    names: list[tuple[Any, ...]]
    """Rows of the table `assignees`: who is alike in everything is one."""
    of_queue: Ints
    """[queues, vendors + 1] Row of the visits of a queue that are assigned to a vendor, and last of those that are
    assigned to none; NONE where there are no such visits."""


def assignees_of(routes: Routes) -> Assignees:
    """To whom the visits of each queue are assigned: a vendor, its kind, a site, a pool.

    A visit is a vendor's if vendor shares assign it, else if only pools of this vendor may answer it from the first
    second, before any overflow step; a site's or a pool's if only these (of the vendor that it is assigned to) may.
    Queues share rows, so that sums by day are few: what tells them apart is their workflow, channel, market and
    language (goals may ask for these beside a vendor, a site or a pool), and whether their work is live, and due.
    """
    place = {name: i for i, name in enumerate(sorted(routes.scenario.vendors))}
    found: dict[tuple[Any, ...], int] = {}
    known: dict[tuple[str, int], tuple[str, ...]] = {}
    of_queue = np.full((len(routes.queues), len(place) + 1), layout.NONE, np.int64)
    for number, (queue, turns) in enumerate(zip(routes.queues, routes.turns, strict=True)):
        names = []
        for turn in turns:
            key = turn.vendor, turn.line
            if key not in known:
                known[key] = _names(routes, turn)
            names.append(known[key])
        several = "+".join(scope for i, scope in enumerate(_SCOPES) if any(not name[i] for name in names))
        of_contacts = queue.kind.workflow, queue.kind.channel, queue.stream.market, queue.stream.language
        for turn, name in zip(turns, names, strict=True):
            row = (*name, *of_contacts, queue.channel.kind, int(queue.due is not None), several)
            of_queue[number, place.get(turn.vendor, len(place))] = found.setdefault(row, len(found))
    return Assignees([(i, *row) for row, i in found.items()], of_queue)


def _names(routes: Routes, turn: Turn) -> tuple[str, ...]:
    """To whom the visits of a turn are assigned, by `_SCOPES`."""
    scenario = routes.scenario
    at_once = {entry.pool for entry in routes.classes[turn.line].entries if entry.step == 0}
    pools = {name: scenario.pools[name] for name in at_once}
    vendors = {pool.vendor for pool in pools.values()} if not turn.vendor else {turn.vendor}
    kinds = {scenario.vendors[name].kind if name in scenario.vendors else None for name in vendors}
    sites = (pool.site for pool in pools.values())
    return _only(vendors), _only(kinds), _only(sites), _only(pools)


def _only(names: Iterable[str | None]) -> str:
    found = {name or _NOWHERE for name in names}
    return found.pop() if len(found) == 1 else SHARED
