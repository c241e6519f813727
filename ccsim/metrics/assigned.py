"""Visits by whom they were assigned to, or by who answered them where several might: for pools, sites and vendors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.kpi import VISITS_OF, Limits
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.satisfaction import RATED
from ccsim.records.tables import HANDLED_BY_POOL
from ccsim.results.held_tables import batches
from ccsim.results.tables import columns_of

if TYPE_CHECKING:
    from ccsim.metrics.sums import Sums

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ANSWERED: Final = ("answered", "callbacks_reached")

OF_ANSWERERS: Final = "of answerers"
"""Under what and a table's name sums remember what is read of all of a table's columns at once."""


def visits_of_parts(sums: Sums, table: str, within: Limits = ()) -> Mapping[str, Whole]:
    """Sums of visits of every part of a scope by column, shape [pools, replications], at the first pool of the part.

    They are of live work where there is any within the limits, but for what is due.

    Parameters
    ----------
    table
        `ccsim.kpis.kpi.ASSIGNED_TO` or `VISITS_OF` and the scope: `owner`, `vendor`, `site` or `pool`.
    within
        The only channel, workflow, ... that counts; empty: everything.
    """
    with_answered, scope = table.startswith(VISITS_OF), table.rpartition("_")[2]
    names = sums.names
    wanted, counts = names.assignees_within(within), names.live_assignees(within)
    place, several = names.first_pools(scope), names.several(scope)
    shape = (sums.rows_of_pools, sums.replications)
    columns = [one.name for one in columns_of("assigned_sums", sums.measured.thresholds) if not one.key]
    found = {name: np.zeros(shape, dtype=np.int64) for name in (*columns, "due", "open_due")}
    kept = {*_ANSWERED, "in_deadline", *(name for name in columns if name.startswith("answered_within_"))}
    for frame in batches(sums.tables, "assigned_sums", ["day", "assignee", "pool", "replication", *columns]):
        whom, pool = frame["assignee"].to_numpy(np.int64), frame["pool"].to_numpy(np.int64)
        of_answerer = several[whom]
        owner = np.where(of_answerer, pool if with_answered else -1, place[whom])
        row = np.where((owner >= 0) & wanted[whom], sums.row_of_pools(owner, frame["day"].to_numpy(np.int64)), -1)
        mine = np.flatnonzero(row >= 0)
        whom, of_answerer, where = whom[mine], of_answerer[mine], (row[mine], frame["replication"].to_numpy()[mine])
        cells = {name: frame[name].to_numpy(np.int64)[mine] for name in columns}
        answered = cells["answered"] + cells["callbacks_reached"]
        cells["offered"] = np.where(of_answerer, answered, cells["offered"])
        for name in columns:
            if name not in kept and name != "offered":
                cells[name] = np.where(of_answerer, 0, cells[name])
        due, live, waiting = names.due[whom], counts[whom], cells["open_waiting"]
        more = {"due": (cells["offered"] - waiting) * due, "open_due": waiting * due}
        cells = {name: values if name == "in_deadline" else values * live for name, values in cells.items()}
        for name, values in {**cells, **more}.items():
            np.add.at(found[name], where, values)
    return found


def handled_within(sums: Sums, within: Limits) -> Mapping[str, Whole]:
    """Sums of the visits of a channel, a workflow, ... by who answered them, shape [pools, replications], by column.

    Of the whole counted time, those of cases that opened within the limits, by who first answered them, and of ratings
    of contacts that ended there, by who answered last, are there, too: these are not kept by day.
    """
    on_queues = sums.names.queues_within(within)
    wanted: list[tuple[str, str, Flags, Sequence[str]]] = [
        ("assigned_sums", "assignee", sums.names.assignees_within(within), HANDLED_BY_POOL)
    ]
    if sums.knows_whole_time:
        wanted += [
            ("first_answers", "queue", on_queues, [column.name for column in OF_FIRST_ANSWERS]),
            ("ratings", "queue", on_queues, [column.name for column in RATED]),
        ]
    found: dict[str, Whole] = {}
    for table, owner, inside, columns in wanted:
        found |= _added(sums, table, columns, owner, inside)
    return found


def _added(
    sums: Sums, table: str, columns: Sequence[str], owner: str = "", inside: Flags | None = None
) -> dict[str, Whole]:
    """Columns of a table with pools, added up by pool; the table is read once for all of them.

    `inside` says by the `owner` of a row whether it counts; default all rows.
    """
    cells = {name: np.zeros((sums.rows_of_pools, sums.replications), dtype=np.int64) for name in columns}
    if table not in sums.tables:
        return cells
    by_day = any(column.name == "day" for column in columns_of(table, ()))
    keys = ["replication", "pool", *(["day"] if by_day else []), *([owner] if owner else [])]
    for frame in batches(sums.tables, table, [*keys, *columns]):
        pools = frame["pool"].to_numpy(np.int64)
        rows = sums.row_of_pools(pools, frame["day"].to_numpy(np.int64)) if by_day else pools
        mine = (pools >= 0) & (rows >= 0)  # nobody answered the others
        if inside is not None:
            mine &= inside[frame[owner].to_numpy(np.int64)]
        places = rows[mine], frame["replication"].to_numpy()[mine]
        for name, into in cells.items():
            np.add.at(into, places, frame[name].to_numpy(np.int64)[mine])
    return cells


def _by_answerer(table: str, columns: Sequence[str]) -> dict[tuple[str, str], Callable[[Sums], Whole]]:
    """Columns of a table by day and pool, added up by pool; the table is read once for all of them."""

    def added(column: str) -> Callable[[Sums], Whole]:
        def one_of(sums: Sums) -> Whole:
            key = (OF_ANSWERERS, table)
            if key not in sums.memo:
                sums.memo[key] = _added(sums, table, columns)
            found: Whole = sums.memo[key][column]
            return found

        return one_of

    return {("pool_sums", name): added(name) for name in columns}


BY_DAY: Final[Mapping[tuple[str, str], Callable[[Any], Whole]]] = {
    **_by_answerer("assigned_sums", HANDLED_BY_POOL),
    **_by_answerer("pool_days", [column.name for column in (*OF_FIRST_ANSWERS, *RATED)]),
}
"""Columns of `pool_sums` that are made of tables by day."""
