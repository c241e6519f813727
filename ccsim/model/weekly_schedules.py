"""Weekly schedules: what one person may work in a week, a start of a pattern and days off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ccsim.centre.open_hours import inside
from ccsim.kernel.layout import Floats
from ccsim.language.shift_patterns import ShiftPattern
from ccsim.language.sites import Site
from ccsim.model.agent_time import AgentTime
from ccsim.model.shift_layout import ShiftLayout
from ccsim.units import DAY, MINUTE, WEEK

SLOT: Final = 30 * MINUTE
"""Grid of the typical week: half hours from Monday 00:00 of the site's clock."""
SLOTS: Final = WEEK // SLOT
_DAY_SLOTS: Final = DAY // SLOT


@dataclass(frozen=True, slots=True)
class WeeklySchedule:
    """A week of one person: the same start on some days."""

    pattern: str
    start: int
    """Start of its shifts by the site's clock, microseconds since midnight."""
    days: tuple[int, ...]
    """Weekdays on which they start, Monday 0."""


def schedules_of(name: str, pattern: ShiftPattern, site: Site | None) -> list[WeeklySchedule]:
    """Every schedule of a pattern whose shifts lie inside the site's hours, by start and days off; maybe none."""
    schedules = []
    length = pattern.length
    for start in sorted(set(pattern.starts)):
        days = [
            day
            for day in sorted(set(pattern.days))
            if site is None or inside(site.hours, day * DAY + start, day * DAY + start + length)
        ]
        schedules += [WeeklySchedule(name, start, worked) for worked in _weeks(days, pattern.work_days)]
    return schedules


def _weeks(days: list[int], work_days: int) -> list[tuple[int, ...]]:
    """Days of work of one week: days off together in every way, or as near to it as the days allow."""
    if len(days) < work_days or work_days == 0:
        return []
    together = [tuple(sorted((first + i) % 7 for i in range(work_days))) for first in range(7)]
    fitting = [week for week in dict.fromkeys(together) if set(week) <= set(days)]
    if fitting:
        return fitting
    around = [tuple(sorted(days[(first + i) % len(days)] for i in range(work_days))) for first in range(len(days))]
    return list(dict.fromkeys(around))


def shift_covers(layout: ShiftLayout, starts: list[int]) -> Floats:
    """[starts, two days of slots] Mean number on the line of one person who starts a shift on the first day."""
    ways = len(layout.at)
    out = layout.at.ravel()
    times = np.concatenate([[0, layout.length], out, out + layout.lengths.ravel()])
    by = np.concatenate([[ways, -ways], np.repeat([-1, 1], out.size)])
    time = AgentTime(0, 2 * DAY, SLOT, len(starts))
    moments = np.array(starts, np.int64)[:, None] + times.astype(np.int64)
    column = np.repeat(np.arange(len(starts)), times.size)
    time.change(moments.ravel(), column, np.tile(by.astype(np.int64), len(starts)))
    return np.asarray(time.areas().T / (ways * SLOT), np.float64)


def cover_of(schedules: Sequence[WeeklySchedule], layouts: Mapping[str, ShiftLayout]) -> Floats:
    """[schedules, slots] Mean number on the line of one person on each schedule, over the week of the site's clock."""
    shifts: dict[tuple[str, int], Floats] = {}
    for pattern, layout in layouts.items():
        starts = sorted({schedule.start for schedule in schedules if schedule.pattern == pattern})
        shifts.update(
            ((pattern, start), cover) for start, cover in zip(starts, shift_covers(layout, starts), strict=True)
        )
    of_schedule = np.array([shifts[schedule.pattern, schedule.start] for schedule in schedules]).reshape(
        -1, 1, 2 * _DAY_SLOTS
    )
    works = np.zeros((len(schedules), 7, 1))
    for row, schedule in enumerate(schedules):
        works[row, list(schedule.days)] = 1.0
    # on a day there are those who start on it and those who started the day before
    week = works * of_schedule[:, :, :_DAY_SLOTS] + np.roll(works, 1, axis=1) * of_schedule[:, :, _DAY_SLOTS:]
    return np.asarray(week.reshape(-1, SLOTS))
