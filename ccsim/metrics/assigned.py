"""Visits by whom they were assigned to, or by who answered them where several might: for pools, sites and vendors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.kpi import VISITS_OF
from ccsim.results.run import batches
from ccsim.results.tables import columns_of

if TYPE_CHECKING:
    from ccsim.metrics.sums import Sums

Whole = NDArray[np.int64]

_ANSWERED: Final = ("answered", "callbacks_reached")


def visits_of_parts(sums: Sums, table: str) -> Mapping[str, Whole]:
    """Sums of visits of every part of a scope by column, shape [pools, replications], at the first pool of the part.

    They are of live work where there is any, but for what is due.

    Parameters
    ----------
    table
        `ccsim.kpis.kpi.ASSIGNED_TO` or `VISITS_OF` and the scope: `owner`, `vendor`, `site` or `pool`.
    """
    with_answered, scope = table.startswith(VISITS_OF), table.rpartition("_")[2]
    place, queue = sums.names.first_pools(scope), sums.names.queue_of_assignee
    shared = np.zeros(len(sums.queues), dtype=bool)
    shared[queue[place < 0]] = True
    shape = (len(sums.pools), sums.replications)
    due = sums.with_deadline("queue_sums")
    live = sums.names.live
    columns = [one.name for one in columns_of("assigned_sums", sums.measured.thresholds) if not one.key]
    found = {name: np.zeros(shape, dtype=np.int64) for name in (*columns, "due", "open_due")}

    def add(cells: Mapping[str, Any], where: tuple[Any, Any], of_queue: Whole) -> None:
        waiting = cells["open_waiting"]
        more = {"due": (cells["offered"] - waiting) * due[of_queue], "open_due": waiting * due[of_queue]}
        cells = {name: values if name == "in_deadline" else values * live[of_queue] for name, values in cells.items()}
        for name, values in {**cells, **more}.items():
            np.add.at(found[name], where, values)

    for frame in batches(sums.tables, "assigned_sums", ["assignee", "replication", *columns]):
        whom = frame["assignee"].to_numpy(np.int64)
        mine = ~shared[queue[whom]]
        cells = {name: frame[name].to_numpy(np.int64)[mine] for name in columns}
        add(cells, (place[whom[mine]], frame["replication"].to_numpy()[mine]), queue[whom[mine]])
    if not with_answered:
        return found
    kept = [*_ANSWERED, "in_deadline", *(name for name in columns if name.startswith("answered_within_"))]
    for frame in batches(sums.tables, "routes", ["queue", "pool", "replication", *kept]):
        of = frame["queue"].to_numpy(np.int64)
        mine = shared[of]
        counts = {name: frame[name].to_numpy(np.int64)[mine] for name in kept}
        answered = counts["answered"]
        counts |= {"offered": answered, "answered": answered - counts["callbacks_reached"]}
        none = dict.fromkeys(columns, np.zeros_like(answered))
        add(none | counts, (frame["pool"].to_numpy()[mine], frame["replication"].to_numpy()[mine]), of[mine])
    return found
