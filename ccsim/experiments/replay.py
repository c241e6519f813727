"""One replication simulated alone, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ccsim.errors import CcsimError
from ccsim.experiments.prepared import Prepared
from ccsim.records.tables import TABLES
from ccsim.results.digest import canonical_order
from ccsim.results.tables import PLANNED, columns_of, frame_of, key_places, names_frame


def replayed(ready: Prepared, replication: int) -> dict[str, pd.DataFrame]:
    """Tables of the replication of an index >= 0: the same rows, in the same order, that it has in a run of many."""
    if replication < 0:
        raise CcsimError(f"replications count from 0, got {replication}")
    thresholds = ready.model.thresholds
    frames = {}
    for name, rows in ready.simulator(ready.plan.seed)(replication).tables.items():
        columns = columns_of(name, thresholds)
        numbered = np.column_stack([np.full(len(rows), replication, dtype=np.int64), rows])
        frames[name] = frame_of(canonical_order(numbered, key_places(name, columns)), columns)
    for name, named in ready.model.names.items():
        frames[name] = names_frame(named, TABLES[name])
    frames[PLANNED] = frame_of(ready.model.workforce_plan, TABLES[PLANNED])
    return frames
