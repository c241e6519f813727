"""Premiums: when a paid hour costs more, by the clock of the pool's site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ccsim.centre.calendars import OwnCalendar, calendar_of
from ccsim.kernel.layout import NONE, Ints
from ccsim.kernel.sums import RATE_OVERTIME, Rates
from ccsim.language.premiums import Premiums
from ccsim.language.scenario import Scenario
from ccsim.language.vendors import Vendor
from ccsim.model.agent_time import AgentTime
from ccsim.model.model import Span
from ccsim.model.plan import Plan
from ccsim.model.staffed_pools import StaffedPool
from ccsim.units import DAY, HOUR, WEEK

_MILLION = 1_000_000

Row = tuple[int, int, int]
"""Instant from which on it holds, what paid time costs more, and what overtime costs more than that, in ppm."""


@dataclass(frozen=True, slots=True)
class Premiumed:
    """What premiums hold when, for the tally and for the sums that are made of it."""

    rates: Rates
    ppm: Ints
    """[pools, classes] What an hour of a class costs more, parts per million."""
    planned: Ints
    """[intervals, pools, classes] Planned time of stepped pools in classes of overtime."""


class Billed(NamedTuple):
    """How the time of a pool's people is billed, prices aside."""

    premiums: Premiums
    step: int
    """Step in which the paid time of a stay is billed, microseconds; 0 as it is."""


def billed(scenario: Scenario, staffed_pools: Sequence[StaffedPool]) -> list[Billed]:
    """How the time of each pool is billed, by its vendor."""
    vendors = (scenario.vendors.get(staffed.pool.vendor or "") or Vendor() for staffed in staffed_pools)
    return [Billed(vendor.premiums, vendor.billed_in) for vendor in vendors]


def premiums_of(of_pools: Sequence[Billed], staffed_pools: Sequence[StaffedPool], plan: Plan, span: Span) -> Premiumed:
    """The premiums of every pool; `plan` still holds the steps of its staffing."""
    known: dict[tuple[int, OwnCalendar | None, int], list[Row]] = {}
    rows: list[list[Row]] = []
    for staffed, own in zip(staffed_pools, of_pools, strict=True):
        calendar = calendar_of(staffed.site)
        key = (id(staffed.clock), calendar, id(own.premiums))
        if key not in known:
            known[key] = _rows(own.premiums, staffed, calendar, span)
        rows.append(known[key])
    classes = [sorted({ppm for row in mine for ppm in row[1:] if ppm}) for mine in rows]
    ppm = np.zeros((max(len(staffed_pools), 1), max((len(mine) for mine in classes), default=0)), np.int64)
    of: list[tuple[int, int]] = []
    for rank, (mine, values) in enumerate(zip(rows, classes, strict=True)):
        ppm[rank, : len(values)] = values
        place = {0: NONE} | {value: number for number, value in enumerate(values)}
        of += [(place[paid], place[overtime]) for _, paid, overtime in mine]
    rates = Rates(
        first=np.cumsum([0, *(len(mine) for mine in rows)], dtype=np.int64),
        at=np.array([row[0] for mine in rows for row in mine] or [0], np.int64),
        of=np.array(of or [(NONE, NONE)], np.int64),
        stepped=np.array([staffed.pool.staffing is not None for staffed in staffed_pools] or [False], np.int64),
        billed_in=np.array([own.step for own in of_pools] or [0], np.int64),
    )
    return Premiumed(rates, ppm, _planned(rates, plan, span, ppm.shape))


def _planned(rates: Rates, plan: Plan, span: Span, shape: tuple[int, ...]) -> Ints:
    """Planned time of stepped pools in the classes that overtime has there."""
    pools, classes = shape
    if classes == 0:
        return np.zeros((span.intervals, pools, 0), np.int64)
    time = AgentTime(span.counted_from, span.counted_until, span.interval, pools * classes)
    for pool, since, until, agents in plan.steps():
        mine = slice(int(rates.first[pool]), int(rates.first[pool + 1]))
        if not rates.stepped[pool] or mine.start == mine.stop:
            continue
        at, of = rates.at[mine], rates.of[mine, RATE_OVERTIME]
        ends = np.append(at[1:], span.counted_until)
        low, high = np.maximum(at, since), np.minimum(ends, until)
        held = (low < high) & (of >= 0)
        time.between(low[held], high[held], pool * classes + of[held], agents)
    return time.areas().reshape(span.intervals, pools, classes)


def _rows(premiums: Premiums, staffed: StaffedPool, calendar: OwnCalendar | None, span: Span) -> list[Row]:
    """What paid time costs more, and overtime more than that, cut where one of them changes; none without premiums."""
    if premiums == Premiums():
        return []
    windows = [(window.hours.spans, window.extra) for window in premiums.hours]
    if premiums.night:
        windows.append((tuple((d * DAY + 22 * HOUR, d * DAY + 30 * HOUR) for d in range(7)), premiums.night))
    if premiums.weekend:
        windows.append((((5 * DAY, WEEK),), premiums.weekend))
    rows: list[Row] = []
    for at, week, holiday in _pieces(windows, staffed, calendar, span):
        extras = [extra for spans, extra in windows if _inside(spans, week)]
        if holiday:
            extras.append(premiums.holiday)
        paid = _together(premiums, extras)
        overtime = _together(premiums, [*extras, premiums.overtime]) - paid
        if not rows or rows[-1][1:] != (paid, overtime):
            rows.append((max(at, span.counted_from), paid, overtime))
    return rows


def _pieces(
    windows: list[tuple[tuple[tuple[int, int], ...], float]],
    staffed: StaffedPool,
    calendar: OwnCalendar | None,
    span: Span,
) -> Iterator[tuple[int, int, bool]]:
    """Instants, times of the local week and whether it is a holiday, wherever one of the windows may begin or end."""
    edges = sorted({edge % WEEK for spans, _ in windows for span_ in spans for edge in span_})
    days = staffed.clock.days(span.counted_from, span.counted_until)
    holidays = calendar.between(days[0].day, days[-1].day) if calendar is not None else frozenset()
    for day in days:
        monday = day.day.weekday() * DAY
        for stretch in day.stretches:
            since = monday + stretch.clock
            until = since + stretch.length
            inner = [edge for edge in edges if since < edge < until]
            for low, high in pairwise([since, *inner, until]):
                at = stretch.start + low - since
                if at + high - low > span.counted_from and at < span.counted_until:
                    yield at, low % WEEK, day.day in holidays


def _inside(spans: tuple[tuple[int, int], ...], week: int) -> bool:
    """Whether a time of the week lies in spans, whose ends may lie in the next week."""
    return any(since <= week < until or since <= week + WEEK < until for since, until in spans)


def _together(premiums: Premiums, extras: list[float]) -> int:
    """What premiums that apply at once make together, in ppm."""
    extra = sum(extras) if premiums.combine == "add" else max(extras, default=0.0)
    return int(extra * _MILLION + 0.5)


def extra_time(times: Ints, ppm: Ints) -> Ints:
    """[intervals, pools] What premiums add to paid time, microseconds.

    Rounded so that the sum up to any interval is that of the exact times: no bill depends on the report interval.

    Parameters
    ----------
    times
        [intervals, pools, classes] Paid time by class of premium.
    ppm
        [pools, classes] What an hour of the class costs more.
    """
    whole = np.zeros(times.shape[:2], np.int64)
    rest = np.zeros_like(whole)
    for number in range(times.shape[2]):  # in parts, so that weeks of a large pool stay within 64 bits
        until = np.cumsum(times[:, :, number], axis=0)
        millions = until // _MILLION
        whole += millions * ppm[:, number]
        rest += (until - millions * _MILLION) * ppm[:, number]  # a remainder takes much longer than a product
    added: Ints = np.diff(whole + (rest + _MILLION // 2) // _MILLION, axis=0, prepend=0)
    return added
