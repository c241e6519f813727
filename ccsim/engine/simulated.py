"""What an engine gives for one replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Simulated:
    """What one replication left."""

    tables: dict[str, NDArray[np.int64]]
    """Arrays by table of `records.tables`, columns in its order without `replication`; `visits` if asked for."""
