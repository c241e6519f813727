"""Lengths of a horizon over a clock change: days and weeks are the calendar's, hours are time that passes."""

from __future__ import annotations

import pytest

from ccsim.scenario import loads
from ccsim.units import HOUR

TEXT = """
scenario: horizon
time_zone: Europe/Berlin
horizon: {start: START, warm_up: WARM_UP, length: LENGTH}
demand: {calls: {per_hour: 1}}
handle_time: 3m
pools: {desk: {staffing: 1}}
"""


@pytest.mark.parametrize(
    ("start", "warm_up", "length", "hours"),
    [
        ("2026-03-23", "0d", "1w", (0, 167)),  # clocks go forward on 29 March
        ("2026-03-23", "0d", "168h", (0, 168)),
        ("2026-03-23", "1w", "1w", (167, 168)),
        ("2026-03-22", "1w", "1w", (168, 167)),
        ("2026-03-28", "0d", "2d", (0, 47)),
        ("2026-03-28", "2d", "1d", (47, 24)),
        ("2026-03-28", "48h", "1d", (48, 24)),
        ("2026-03-28", "36h", "1d", (36, 24)),  # from 13:00 to 13:00
        ("2026-03-28", "1d12h", "1d", (36, 24)),
        ("2026-10-19", "0d", "1w", (0, 169)),  # and back on 25 October
        ("2026-10-24", "0d", "36h", (0, 36)),
        ("2026-10-24", "0d", "49h", (0, 49)),
        ("2026-10-25", "0d", "5h", (0, 5)),
        ("2026-10-24", "24h", "1d", (24, 25)),
        ("2026-06-01", "24h", "1w", (24, 168)),
    ],
)
def test_days_are_those_of_the_calendar_and_hours_pass(
    start: str, warm_up: str, length: str, hours: tuple[int, int]
) -> None:
    horizon = loads(TEXT.replace("START", start).replace("WARM_UP", warm_up).replace("LENGTH", length)).horizon
    assert (horizon.warm_up / HOUR, horizon.length / HOUR) == hours
