"""`ccsim explain SCENARIO roster POOL`: who works when, against what is required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ccsim.errors import Fault, ScenarioError
from ccsim.kernel.layout import Floats
from ccsim.language.from_until import from_until_text
from ccsim.language.planning import Planning
from ccsim.language.rosters import ACTIVITY_KINDS, PublishedRoster
from ccsim.language.scenario import Scenario
from ccsim.language.shrinkage import WHOLE_DAYS
from ccsim.language.special_days import special_days_text
from ccsim.model.model import Span
from ccsim.model.offered import span_of
from ccsim.model.roster import Roster
from ccsim.model.shift_layout import ShiftLayout
from ccsim.model.staffed_pools import Clocks, StaffedPool
from ccsim.model.workforce import staff
from ccsim.text.faults import near
from ccsim.text.scalars import WEEKDAYS, clock_text
from ccsim.units import DAY, HOUR, MINUTE, SECOND


def roster_lines(scenario: Scenario, pool: str) -> list[str]:
    """The roster of a pool in words: people, starts, days off, and what is required against who is scheduled.

    For a pool with staffing, named shifts or a published roster, what is required against that.
    `ScenarioError` if there is no such pool.
    """
    staffed, required, scheduled, roster = _staffed(scenario, pool)
    return [
        *_heading(staffed, scenario),
        *_verdict(required, scheduled),
        *([] if roster is None else _people(staffed, roster)),
        *([] if staffed.pool.roster is None else _published(staffed.pool.roster, span_of(scenario))),
        f"required: {_method(scenario.planning)}",
        *_week(required, scheduled),
        *([] if roster is None else _price(roster)),
    ]


def roster_document(scenario: Scenario, pool: str) -> dict[str, Any]:
    """The same as one JSON document: starts in microseconds, agents [7, 24] by weekday and local hour.

    `ScenarioError` if there is no such pool.
    """
    staffed, required, scheduled, roster = _staffed(scenario, pool)
    schedules = (
        [] if roster is None else [(schedule, int(roster.people[row])) for row, schedule in enumerate(roster.schedules)]
    )
    return {
        "pool": staffed.name,
        "site": staffed.pool.site,
        "vendor": staffed.pool.vendor,
        "time_zone": _zone(staffed, scenario),
        "headcount": staffed.pool.headcount,
        "published": None
        if staffed.pool.roster is None
        else _published_document(staffed.pool.roster, span_of(scenario)),
        "schedules": [
            {
                "pattern": schedule.pattern,
                "start_us": int(schedule.start),
                "days": [int(day) for day in schedule.days],
                "people": n,
            }
            for schedule, n in schedules
            if n > 0
        ],
        "required": _by_hour(required).round(3).tolist(),
        "scheduled": _by_hour(scheduled).round(3).tolist(),
        "hours_a_week": {
            "required": round(float(required.sum()) / 2, 3),
            "scheduled": round(float(scheduled.sum()) / 2, 3),
            "short": round(_short(required, scheduled), 3),
        },
        "price": None if roster is None else round(roster.price, 3),
        "bound": None if roster is None else round(roster.bound, 3),
    }


def _published_document(roster: PublishedRoster, span: Span) -> dict[str, Any]:
    """People of a published roster, and the hours of each activity in the counted length."""
    kinds = dict(zip(roster.activities, roster.kinds, strict=True))
    time = roster.time(span.counted_from, span.counted_until)
    return {
        "people": roster.staff(),
        "activities": [
            {"activity": name, "is": kinds[name], "hours": round(time[name] / HOUR, 3)} for name in roster.activities
        ],
    }


def _staffed(scenario: Scenario, pool: str) -> tuple[StaffedPool, Floats, Floats, Roster | None]:
    """A pool's people, what is required and scheduled by half hour of its week, and the roster if one is built."""
    if pool not in scenario.pools:
        raise ScenarioError([Fault(f"there is no pool {pool[:100]!r}{near(pool, scenario.pools)}", "pools")])
    names = sorted(scenario.pools)
    span = span_of(scenario)
    staffing = staff(scenario, names, Clocks(span.start_utc), span, only=pool)
    rank = names.index(pool)
    staffed, roster = staffing.pools[rank], staffing.rosters.get(pool)
    required = staffing.required[rank].astype(np.float64)
    return staffed, required, staffed.present if roster is None else roster.scheduled, roster


def _zone(staffed: StaffedPool, scenario: Scenario) -> str:
    return staffed.site.time_zone if staffed.site is not None else scenario.time_zone


def _heading(staffed: StaffedPool, scenario: Scenario) -> Iterator[str]:
    where = f" at {staffed.pool.site}" if staffed.pool.site is not None else ""
    whose = f", {staffed.pool.vendor}" if staffed.pool.vendor is not None else ""
    if staffed.pool.roster is not None:
        what = f"{staffed.pool.roster.staff():,} people of a published roster ({staffed.pool.roster.source})"
    elif staffed.pool.headcount is None:
        what = "staffing as written" if staffed.pool.staffing is not None else "shifts as written"
    else:
        what = f"{staffed.pool.headcount:,} people employed"
        if staffed.pool.searched is not None:
            what = f"people to be found by `ccsim staff`, here {staffed.pool.headcount:,}"
    yield f"{staffed.name}{where}{whose}: {what}; all times are local ({_zone(staffed, scenario)})"
    away = [f"{cause} {share:.1%}" for cause, share in sorted(staffed.shrinkage.items()) if cause in WHOLE_DAYS]
    if away:
        yield f"away all day: {', '.join(away)}"
    if staffed.site is not None and staffed.site.special_days:
        yield f"special days of the site: {special_days_text(staffed.site.special_days, 10)}"
    if staffed.pool.comes_or_goes:
        yield f"there {from_until_text(staffed.pool.start, staffed.pool.until)}; the week below is one in which it is"
    if staffed.pool.leave_on:
        yield f"on leave: {', '.join(staffed.pool.leave_on)}"
    for name, layout in staffed.layouts.items():
        yield f"pattern {name}: {_shift(layout)}"


def _shift(layout: ShiftLayout) -> str:
    blocks = [
        f"{one.cause} {length:.4g} min{'' if one.paid else ' unpaid'}"
        for number, (one, length) in enumerate(zip(layout.away, layout.lengths.mean(axis=0) / MINUTE, strict=True))
        if number != layout.gap
    ]
    gap = "" if layout.gap is None else f", gap {layout.away[layout.gap].length / HOUR:g} h"
    return f"{layout.paid / HOUR:g} h paid, {layout.on_line / HOUR:.2f} h on the line{gap}; " + (
        ", ".join(blocks) or "-"
    )


def _people(staffed: StaffedPool, roster: Roster) -> Iterator[str]:
    """People by pattern and start, and by their days off."""
    groups: dict[tuple[str, int], list[int]] = {}
    for row, schedule in enumerate(roster.schedules):
        if roster.people[row] > 0:
            groups.setdefault((schedule.pattern, schedule.start), []).append(row)
    yield "people on each start, and how many of them are off on which days (they rotate from week to week):"
    for (pattern, start), rows in groups.items():
        end = start + staffed.layouts[pattern].length
        off = ", ".join(f"{_days_off(roster.schedules[row].days)} {int(roster.people[row])}" for row in rows)
        shift = f"{clock_text(start % DAY)}-{clock_text(end % DAY)}"
        yield f"  {pattern:<12} {shift} {int(roster.people[rows].sum()):5d}   {off}"


def _published(roster: PublishedRoster, span: Span) -> Iterator[str]:
    """What the people of a published roster do in the counted length."""
    time = roster.time(span.counted_from, span.counted_until)
    kinds = dict(zip(roster.activities, roster.kinds, strict=True))
    for kind, words in zip(ACTIVITY_KINDS, ("on the line", "paid away", "unpaid"), strict=True):
        some = [
            f"{name} {time[name] / HOUR:,.1f} h" for name in roster.activities if kinds[name] == kind and time[name]
        ]
        if some:
            yield f"{words} in the counted length: {', '.join(some)}"


def _days_off(days: tuple[int, ...]) -> str:
    off = [day for day in range(7) if day not in days]
    # days off that lie together over Sunday begin before it
    first = next((day for day in off if (day - 1) % 7 not in off), 0)
    return "+".join(WEEKDAYS[day] for day in sorted(off, key=lambda day: (day - first) % 7)) or "never"


def _method(planning: Planning) -> str:
    if planning.required == "erlang_c":
        goal = f"Erlang C, {planning.answered:.0%} answered within {planning.within / SECOND:g} s"
    elif planning.required == "square_root":
        goal = "load and its square root"
    else:
        goal = "load"
    return f"{goal}, at most {planning.occupancy:.0%} occupied; on average week of the counted length"


def _by_hour(slots: Floats) -> Floats:
    """[7, 24] Means by weekday and hour."""
    means: Floats = slots.reshape(7, 24, 2).mean(axis=2)
    return means


def _short(required: Floats, scheduled: Floats) -> float:
    return float(np.maximum(_by_hour(required) - _by_hour(scheduled), 0.0).sum())


def _verdict(required: Floats, scheduled: Floats) -> Iterator[str]:
    """The answer first: whether there are enough, and where it is tightest."""
    yield (
        f"agent hours a week: {required.sum() / 2:,.0f} required, {scheduled.sum() / 2:,.0f} scheduled "
        f"(mean absence taken off), {_short(required, scheduled):,.1f} short"
    )
    wanted, there = _by_hour(required), _by_hour(scheduled)
    day, hour = (int(at) for at in np.unravel_index(int(np.argmax(wanted - there)), wanted.shape))
    if wanted[day, hour] - there[day, hour] > 0.05:
        yield (
            f"tightest: {WEEKDAYS[day]} {hour:02d}:00, {wanted[day, hour]:.1f} required, "
            f"{there[day, hour]:.1f} scheduled"
        )


def _week(required: Floats, scheduled: Floats) -> Iterator[str]:
    """Required against scheduled agents by hour and weekday; hours without either are left out."""
    yield "required / scheduled agents by hour of the week (mean of the hour):"
    yield "       " + "".join(f"{day:>14}" for day in WEEKDAYS)
    wanted, there = _by_hour(required), _by_hour(scheduled)
    for hour in np.flatnonzero((wanted + there).any(axis=0)):
        cells = "".join(f"{wanted[day, hour]:6.1f} / {there[day, hour]:5.1f}" for day in range(7))
        yield f"  {hour:02d}:00{cells}"


def _price(roster: Roster) -> Iterator[str]:
    yield (
        f"price of the roster {roster.price:.2f}, of the best with these shifts at least {roster.bound:.2f}: "
        f"within {roster.price - roster.bound:.2f} agent hours a week of the best"
    )
