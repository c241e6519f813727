"""Premiums: what a paid hour costs more at night, on weekends and on holidays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ccsim.kernel.layout import Floats, Ints
from ccsim.model.agent_time import AgentTime
from ccsim.model.crews import Crew
from ccsim.model.model import Span
from ccsim.scenario.calendars import holidays_between
from ccsim.scenario.sections import Premiums, Scenario
from ccsim.units import DAY, HOUR

_MILLION = 1_000_000
#: Hours of the clock between which it is night or not.
_CUTS = (0, 6 * HOUR, 22 * HOUR, 2 * DAY)


def premium_of(scenario: Scenario, crews: list[Crew], span: Span) -> tuple[Ints, Ints]:
    """[intervals, pools] What a paid hour costs more in an interval, and [pools] what overtime does; parts per million.

    Night, weekend and holiday go by the clock of the pool's site; an interval in which one begins or ends counts its
    part. What applies together is added up.
    """
    premium = np.zeros((span.intervals, max(len(crews), 1)), np.int64)
    overtime = np.zeros(max(len(crews), 1), np.int64)
    parts: dict[tuple[int, str | None], Floats] = {}
    for rank, crew in enumerate(crews):
        vendor = scenario.vendors.get(crew.pool.vendor) if crew.pool.vendor is not None else None
        asked = vendor.premiums if vendor is not None else Premiums()
        overtime[rank] = int(asked.overtime * _MILLION + 0.5)
        ratios = np.array([asked.night, asked.weekend, asked.holiday])
        if not ratios.any():
            continue
        calendar = crew.site.holidays if crew.site is not None else None
        key = (id(crew.clock), calendar)
        if key not in parts:
            parts[key] = _parts(crew, calendar, span)
        premium[:, rank] = np.floor(parts[key] @ ratios * _MILLION + 0.5)
    return premium, overtime


def _parts(crew: Crew, calendar: str | None, span: Span) -> Floats:
    """[intervals, 3] Parts of each interval that are night, weekend and holiday."""
    days = crew.clock.days(span.counted_from, span.counted_until)
    holidays = holidays_between(calendar, days[0].day, days[-1].day) if calendar is not None else frozenset()
    rows: list[tuple[int, int, int]] = []
    for day in days:
        if day.day.weekday() >= 5:
            rows.append((day.start, day.start + day.length, 1))
        if day.day in holidays:
            rows.append((day.start, day.start + day.length, 2))
        for stretch in day.stretches:
            for since, until in pairwise(_CUTS):
                low, high = max(stretch.clock, since), min(stretch.clock + stretch.length, until)
                if low < high and since != 6 * HOUR:
                    rows.append((stretch.start + low - stretch.clock, stretch.start + high - stretch.clock, 0))
    time = AgentTime(span.counted_from, span.counted_until, span.interval, 4)
    since_, until_, column = np.array(rows, np.int64).reshape(-1, 3).T
    time.between(since_, until_, column)
    time.between(np.array([span.counted_from]), np.array([span.counted_until]), 3)
    areas = time.areas().astype(np.float64)
    return np.asarray(areas[:, :3] / areas[:, 3:])
