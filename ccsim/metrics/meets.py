"""Whether values meet a goal: of one replication, one period, or many samples at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ccsim.language.goals import Goal


@overload
def meets(goal: Goal, value: float) -> bool: ...
@overload
def meets(goal: Goal, value: NDArray[np.float64]) -> NDArray[np.bool_]: ...
def meets(goal: Goal, value: float | NDArray[np.float64]) -> bool | NDArray[np.bool_]:
    """Whether a value meets a goal, or each of many (shape as given); a value at the limit does."""
    least = -np.inf if goal.at_least is None else goal.at_least
    most = np.inf if goal.at_most is None else goal.at_most
    return (value >= least) & (value <= most)
