"""Room for the sums of a replication, which the next one of the same thread uses again.

Memory that a process touches for the first time is made by the operating system, page by page: for the sums of a large
scenario that was a tenth of the time in which visits are added up. What a replication has used is set to 0 instead.
"""

from __future__ import annotations

import threading
from typing import Final

import numpy as np

from ccsim.kernel import day_sums, sums
from ccsim.kernel.cache_lines import in_lines, records
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Tally
from ccsim.model import Model
from ccsim.records.outcomes import OUTCOMES, RETURN_REASONS
from ccsim.records.satisfaction import FACTORS
from ccsim.records.tables import CASE_AGE_BANDS

_SPARE_ROWS = 256  # beyond those of the counted time
# As many as can be needed, within this: to grow costs more than memory that nobody touches.
_MOST_FIRST_ROWS = 1 << 16
_MOST_FIRST_DAYS = 1 << 14  # few of those who may answer on a day do

Sizes = dict[str, tuple[int, ...]]

_IN_LINES: Final = frozenset(
    ("sums", "rare", "queues", "rare_queues", "routes", "rare_routes", "days", "pool_days", "ratings")
)
"""Arrays whose rows begin at cache lines."""
_KEYS: Final = frozenset(("row_keys", "route_keys", "day_keys"))
"""What says of which sums a row is: never read before it is written."""


class _Spare(threading.local):
    """What the last replication of this thread has given back, with the first shapes of its arrays."""

    given: tuple[Sizes, Tally] | None = None


_SPARE: Final = _Spare()


def take(model: Model, rating_keys: Ints) -> Tally:
    """Sums for a replication of a model, all 0.

    `rating_keys`: [streams, 2] as `Tally` has them.
    """
    sizes, given = _sizes(model), _SPARE.given
    _SPARE.given = None
    if given is None or given[0] != sizes:
        made = {
            name: (records(*size) if name in _IN_LINES else np.zeros(size, np.int64)) for name, size in sizes.items()
        }
        return Tally(**made, moved=np.zeros(len(FACTORS) + 1), rating_keys=rating_keys)
    _wipe(given[1])
    return given[1]._replace(rating_keys=rating_keys)


def give_back(model: Model, tally: Tally) -> None:
    """Nobody reads the sums of a replication of a model any more: the next one of this thread may have their room."""
    _SPARE.given = _sizes(model), tally


def _sizes(model: Model) -> Sizes:
    """First shapes of the arrays of sums; some grow."""
    names, thresholds = model.names, len(model.thresholds)
    queues, flows, pools = len(names["queues"]), len(names["flows"]), max(len(names["pools"]), 1)
    within = sums.PER_THRESHOLD * thresholds
    columns = in_lines(sums.COHORT_THRESHOLDS + within + 1)
    intervals, days = model.span.intervals, int(model.groups.day_of[-1]) + 1  # the last is what is after them
    pairs = 1 + queues * (pools + 1)  # memory that nobody touches costs nothing
    assignees = max(len(names["assignees"]), 1)
    rows = min(intervals * (flows + 1) + _SPARE_ROWS, _MOST_FIRST_ROWS)
    day_rows = min(days * assignees * (pools + 1) + _SPARE_ROWS, _MOST_FIRST_DAYS)
    return {
        "flow_rows": (intervals + 1, flows),
        "sums": (rows, columns),
        "rare": (rows, sums.COHORT_RARE_WIDTH),
        "row_keys": (rows,),
        "queues": (queues, columns),
        "rare_queues": (queues, sums.COHORT_RARE_WIDTH),
        "pools": (intervals, pools, sums.STAFF_SUMS + model.premium.shape[1]),
        "shrinkage": (pools, len(names["shrinkage_causes"])),
        "route_rows": (queues, pools + 1),
        "routes": (pairs, in_lines(sums.ROUTE_THRESHOLDS + thresholds)),
        "rare_routes": (pairs, sums.ROUTE_RARE_WIDTH),
        "route_keys": (pairs,),
        "assigned": (queues, len(names["vendors"]), 2),
        "day_rows": (days, assignees, pools + 1),
        "days": (day_rows, in_lines(within + day_sums.DAY_SUMS)),
        "day_keys": (day_rows,),
        "pool_days": (days * pools, day_sums.POOL_DAY_WIDTH),
        "ratings": (pairs if model.groups.ratings.base.size > 0 else 1, sums.RATING_WIDTH),
        "waits": (flows, sums.WAIT_BINS),
        "missed_first": (queues, 2 * len(OUTCOMES), 1),
        "repeats": (queues, len(RETURN_REASONS), 1),
        "open_cases": (len(model.midnights), flows, len(CASE_AGE_BANDS)),
        "totals": (sums.TOTALS,),
    }


def _wipe(tally: Tally) -> None:
    """Set all that a replication has used to 0."""
    rows, routes, days = (1 + int(tally.totals[at]) for at in (sums.TOTAL_ROWS, sums.TOTAL_ROUTES, sums.TOTAL_DAYS))
    used = {"sums": rows, "rare": rows, "routes": routes, "rare_routes": routes, "ratings": routes, "days": days}
    tally.route_rows.reshape(-1)[tally.route_keys[1:routes]] = 0
    tally.day_rows.reshape(-1)[tally.day_keys[1:days]] = 0
    for name, array in tally._asdict().items():
        if name not in (*_KEYS, "route_rows", "day_rows", "rating_keys"):
            array[: used.get(name)] = 0
