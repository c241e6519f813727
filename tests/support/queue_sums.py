"""Tables of one replication by the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ccsim.model import Model
from ccsim.records.tables import QUEUE_SUMS, QUEUES

_COLUMNS = [column.name for column in QUEUE_SUMS[1:]]
_NAMES = [column.name for column in QUEUES]


def sums_by_queue(tables: Mapping[str, NDArray[np.int64]], model: Model) -> dict[str, NDArray[np.int64]]:
    """Sums of visits: an array over the queues for every column, 0 where a queue has no row."""
    rows = np.zeros((len(model.names["queues"]), len(_COLUMNS)), np.int64)
    found = tables["queue_sums"]
    rows[found[:, 0], :] = found[:, : len(_COLUMNS)]
    return {name: rows[:, i] for i, name in enumerate(_COLUMNS)}


def said_of_queues(model: Model, *columns: str) -> list[tuple[str, ...]]:
    """Columns of the table of queues."""
    return [tuple(row[_NAMES.index(column)] for column in columns) for row in model.names["queues"]]
