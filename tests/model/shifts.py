"""Shift patterns and required curves of a week, for the tests of rosters."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.layout import Floats
from ccsim.language.shift_patterns import PatternBreak, ShiftPattern
from ccsim.model.weekly_schedules import SLOTS
from ccsim.units import HOUR, MINUTE

BREAKS = (
    PatternBreak(length=15 * MINUTE),
    PatternBreak(length=30 * MINUTE, paid=False),
    PatternBreak(length=15 * MINUTE),
)


def pattern(
    *starts: float, paid: float = 8, breaks: tuple[PatternBreak, ...] = (), days: str = "0123456", work: int = 5
) -> ShiftPattern:
    return ShiftPattern(
        paid=int(paid * HOUR),
        starts=tuple(int(start * HOUR) for start in starts),
        breaks=breaks,
        work_days=work,
        days=tuple(int(day) for day in days),
    )


def week(*by_third: int) -> Floats:
    """Required at night, by day and in the evening, every day."""
    return np.tile(np.repeat(np.array(by_third, np.float64), SLOTS // 21), 7)
