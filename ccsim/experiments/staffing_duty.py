"""Agents on duty by pool and interval with the people that were found, beside those that the demand requires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.centre.periods import CountedTime
from ccsim.experiments.prepared import prepare
from ccsim.experiments.staffing_pools import settings_of
from ccsim.text.scalars import SHORT_WEEKDAYS, clock_text
from ccsim.units import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.results.measured import Measured

Row = dict[str, Any]
Floats = NDArray[np.float64]

_WIDTHS: Final = (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR)
_KINDS: Final = {"required": 2, "rostered": 3, "scheduled": 4}
"""Columns of the plan."""
_COMPARED: Final = 2
"""Weeks are alike that require the same and have the same people on shifts: when they have a break goes round."""
_SAME: Final = 1e-9
"""Agents by which weeks that are alike may differ."""


def agents_on_duty(made: FoundStaff) -> list[Row]:
    """Rows as in `ccsim.results.staff_columns.AGENTS_ON_DUTY` with the people that were found; none without a plan."""
    if made.found is None:
        return []
    settings = [*made.settings, *settings_of(made.levers, made.found.heads)]
    ready = prepare(made.source, settings=settings, seed=made.seed, replications=1, anyway=True)
    pools = [str(name) for _, name, *_ in ready.model.names["pools"]]
    return rows_of_plan(ready.model.workforce_plan, pools, ready.plan.measured)


def rows_of_plan(plan: NDArray[np.int64], pools: Sequence[str], measured: Measured) -> list[Row]:
    """The plan by week, day, time and pool, on the calendar of `report.time_zone`; of weeks that are alike the mean.

    Parameters
    ----------
    plan
        Rows of the table `workforce_plan`: interval, pool, required, rostered and scheduled time in microseconds.
    pools
        Names of the pools, by their number.
    """
    width = next((one for one in _WIDTHS if one >= measured.interval), DAY)
    weeks, mondays = _by_week(plan, len(pools), measured, width)
    alike: list[list[int]] = []
    for week in range(len(mondays)):
        like = next((some for some in alike if all(_like(weeks[one], weeks[week]) for one in some)), None)
        if like is None:
            alike.append([week])
        else:
            like.append(week)
    found = []
    per_day = -(-DAY // width)
    for some in alike:
        known = np.isfinite(weeks[some]).sum(axis=0)
        typical = np.nansum(weeks[some], axis=0) / np.maximum(known, 1)
        for slot, pool in np.argwhere(typical.any(axis=2)).tolist():
            found.append(
                {
                    "week": mondays[some[0]],
                    "weeks": len(some),
                    "day": SHORT_WEEKDAYS[slot // per_day],
                    "time": clock_text(slot % per_day * width),
                    "pool": pools[pool],
                    **dict(zip(_KINDS, typical[slot, pool].tolist(), strict=True)),
                }
            )
    return found


def _like(one: Floats, other: Floats) -> bool:
    """Whether two weeks are the same wherever both are counted."""
    one, other = one[..., :_COMPARED], other[..., :_COMPARED]
    return bool(np.all(np.isnan(one) | np.isnan(other) | (np.abs(one - other) <= _SAME)))


def _by_week(plan: NDArray[np.int64], pools: int, measured: Measured, width: int) -> tuple[Floats, list[str]]:
    """Agents by kind, shape [weeks, steps of the week, pools, kinds], not a number where nothing is counted; and the
    Mondays of the weeks.
    """
    counted: CountedTime = measured.counted()
    starts = np.arange(-(-measured.length // measured.interval)) * measured.interval
    local = [counted.local(int(at)) for at in starts]
    mondays = sorted({_monday(at) for at in local})
    per_day = -(-DAY // width)
    slots = np.array([at.weekday() * per_day + (at.hour * HOUR + at.minute * MINUTE) // width for at in local])
    place = np.array([mondays.index(_monday(at)) for at in local]) * 7 * per_day + slots
    time = np.bincount(place, np.minimum(measured.interval, measured.length - starts), len(mondays) * 7 * per_day)
    agents = np.zeros((len(time), pools, len(_KINDS)))
    inside = (plan[:, 0] >= 0) & (plan[:, 0] < len(starts))
    for kind, column in enumerate(_KINDS.values()):
        np.add.at(agents[:, :, kind], (place[plan[inside, 0]], plan[inside, 1]), plan[inside, column])
    made = np.where(time[:, None, None] > 0, agents / np.where(time > 0, time, 1.0)[:, None, None], np.nan)
    return made.reshape(len(mondays), 7 * per_day, pools, len(_KINDS)), mondays


def _monday(at: datetime) -> str:
    return (at.date() - timedelta(days=at.weekday())).isoformat()
