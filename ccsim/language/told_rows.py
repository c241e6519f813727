"""What is told of the rows that a volume or a pool has of a file: their sums, and times in short."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from ccsim.language.curves import Grid
from ccsim.language.placing import Placed
from ccsim.text.clock import wall_time
from ccsim.units import DAY, HOUR, MINUTE, WEEK

MOST_SAID: Final = 8
"""Times that a remark names."""


def first_of(placed: Placed, pattern: Literal["day", "week"]) -> tuple[int, list[int]]:
    """Of the first day or week of rows that are the same in each: how many intervals it has, and its rows."""
    cells = {"day": 1, "week": 7}[pattern] * DAY // placed.width
    return cells, [row for row in placed.cells[:cells] if row >= 0]


def sums_said(placed: Placed, column: str, grid: Grid) -> str:
    """The sum of the rows, by week where there are some."""
    if column == "agents":
        return f"up to {max(grid.values, default=0.0):,g} agents"
    first, last = ((at - placed.first) // placed.width for at in (placed.rows_from, placed.rows_until))
    amounts = list(grid.values[first:last])
    for one in grid.repeated:
        amounts[one.cell - first] += one.value
    if column != "contacts":
        often = placed.width / (MINUTE if column == "per_minute" else HOUR)
        amounts = [amount * often for amount in amounts]
    total = sum(amounts)
    monday = placed.rows_from // WEEK * WEEK
    by_week: dict[int, float] = {}
    at = 0
    while at < len(amounts):
        end = -((placed.rows_from - monday - WEEK) // placed.width)
        if any(amounts[at:end]):
            by_week[monday] = sum(amounts[at:end])
        at, monday = max(end, at + 1), monday + WEEK
    weeks = [f"{amount:,.0f} in the week of {wall_time(week):%Y-%m-%d}" for week, amount in list(by_week.items())[:2]]
    more = f", ... {len(by_week)} weeks" if len(by_week) > 2 else ""
    return f"{total:,.1f} contacts" + (f" ({', '.join(weeks)}{more})" if len(by_week) > 1 else "")


def listed(times: Sequence[int]) -> str:
    """Some local times: `2026-11-01 01:00 and 01:30`."""
    starts = [wall_time(time) for time in times]
    said = [starts[0].isoformat(" ", "minutes")]
    for before, start in pairwise(starts):
        said.append(start.isoformat(" ", "minutes") if start.date() != before.date() else f"{start:%H:%M}")
    if len(said) > MOST_SAID:
        said = [*said[: MOST_SAID - 1], f"{len(said) - MOST_SAID + 1} more"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
