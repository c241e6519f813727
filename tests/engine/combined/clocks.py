"""By the clock: closing and attempts, working time over a change of the clocks, windows that end after the run."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from .base import MINUTE, Combination, Ratio, Tables

BERLIN = ZoneInfo("Europe/Berlin")


@cache
def returns_against_closing_hours() -> Combination:
    """Nobody answers: patience that halves with each return, closing, and returns after both, three at most.

    Arrivals of the first, second, ... contact of cases by time, in cells of half a minute: who comes while open
    abandons or is cleared at closing; those who come back do so after a constant time. Within a cell they come at its
    middle; who abandons within a span as long as a cell, from a middle on, is half in that cell and half in the next.
    """
    cell = 0.5  # minutes
    day, opens, closes = 1440.0, 8 * 60.0, 18 * 60.0
    patience, factors, attempts = 40.0, (1.0, 0.5, 0.25, 0.25), 3
    after_abandon, after_closed, back_after_closed = 3 * 60.0, 14 * 60.0, 0.6
    cells = round(8 * day / cell)
    middle = (np.arange(cells) + 0.5) * cell
    is_open = (middle % day >= opens) & (middle % day < closes)
    cases = closes - opens  # one a minute, on the first day
    coming = np.where((middle >= opens) & (middle < closes), cell, 0.0)
    names = ("contacts", "second day", "closed", "cleared", "abandoned", "minutes abandoned", "stopped")
    total = dict.fromkeys(names, 0.0)
    for attempt in range(attempts + 1):
        mean = patience * factors[attempt]
        later = np.zeros(cells)
        total["contacts"] += coming.sum()
        total["second day"] += coming[(middle >= day) & (middle < 2 * day)].sum()
        turned_away = np.where(is_open, 0.0, coming)
        total["closed"] += turned_away.sum()
        later[round(after_closed / cell) :] += back_after_closed * turned_away[: -round(after_closed / cell)]
        for i in np.nonzero(is_open & (coming > 0))[0]:
            closing = middle[i] // day * day + closes
            until = closing - middle[i]
            stays = math.exp(-until / mean)
            total["cleared"] += coming[i] * stays
            total["abandoned"] += coming[i] * (1 - stays)
            total["minutes abandoned"] += coming[i] * (mean * (1 - stays) - until * stays)
            since = np.arange(math.ceil(until / cell)) * cell
            share = coming[i] * (np.exp(-since / mean) - np.exp(-np.minimum(since + cell, until) / mean))
            first = i + round(after_abandon / cell)
            later[first : first + len(share)] += share / 2
            later[first + 1 : first + 1 + len(share)] += share / 2
            later[round((closing + after_closed) / cell)] += back_after_closed * coming[i] * stays
        if attempt == attempts:
            total["stopped"] = later.sum()  # who would have come
        coming = later
    expected = {name: value / cases for name, value in total.items()}
    expected["minutes abandoned"] = total["minutes abandoned"] / total["abandoned"]
    text = """
horizon: {start: 2026-01-05, length: 7d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 3m}
demand: {calls: {per_minute: 1, from: 2026-01-05 08:00, until: 2026-01-05 18:00}}
channels: {phone: {patience: {law: exponential, mean: 40m, after_return: [50%, 25%]}}}
workflows:
  calls:
    returns:
      after_abandon: {share: 100%, after: {law: constant, value: 3h}, attempts: 3}
      after_closed: {share: 60%, after: {law: constant, value: 14h}, attempts: 3}
queue_groups: {entry: {hours: {daily: 08:00-18:00}, at_closing: clear}}
pools: {desk: {staffing: [[00:00, 0], [23:59, 1]]}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        cases, abandoned = tables.cases, tables.queues("abandoned")
        return {
            "contacts": (tables.queues("arrived"), cases),
            "second day": (tables.interval("arrived", 1), cases),
            "closed": (tables.queues("closed"), cases),
            "cleared": (tables.queues("cleared"), cases),
            "abandoned": (abandoned, cases),
            "minutes abandoned": (tables.queues("wait_abandoned_us") / MINUTE, abandoned),
            "stopped": (tables.queues("cases_stopped"), cases),
        }

    return Combination(text, expected, measured, replications=60, brief="")


def arrivals_by_hour(began: datetime, count: int) -> list[float]:
    """Of a plain hour's contacts, those of so many hours by Berlin's clock.

    A day keeps its volume: that of a skipped hour is spread over the others, that of a repeated one halved.
    """
    local = [(began + timedelta(hours=hour)).astimezone(BERLIN) for hour in range(-24, 48)]
    passages = Counter((at.date(), at.hour) for at in local)
    hours_of = Counter(date for date, _ in passages)
    return [24 / hours_of[at.date()] / passages[at.date(), at.hour] for at in local[24 : 24 + count]]


def resolved_in_working_time(start: str, working_clock: tzinfo) -> float:
    """Of the cases resolved, the share that 2.5 h of 01:00-05:00 by a clock contain.

    Cases open over twelve hours, evenly within each. Half of the contacts resolve theirs, after 2 h; the others are
    followed by one more, 5 h later on average (exponential), of which again half are resolved, after another 2 h.
    """
    handle, away, limit, span = 2.0, 5.0, 2.5, 12
    opens, closes = 1, 5
    began = datetime.fromisoformat(start).replace(tzinfo=BERLIN).astimezone(UTC)
    hours = np.arange(9 * 24 + 1)
    local = [(began + timedelta(hours=int(hour))).astimezone(working_clock) for hour in hours[:-1]]
    worked = np.concatenate([[0], np.cumsum([opens <= at.hour < closes for at in local])])  # linear between full hours
    opened = (np.arange(span * 60) + 0.5) / 60
    weights = np.repeat(arrivals_by_hour(began, span), 60)
    used_up = np.interp(opened, hours, worked) + limit
    before = np.searchsorted(worked, used_up, side="right") - 1
    latest = before + used_up - worked[before] - opened  # hours from opening until the limit is passed
    at_first = np.average(latest >= handle, weights=weights)
    at_second = np.average(1 - np.exp(-np.maximum(latest - 2 * handle, 0) / away), weights=weights)
    first, second = 0.5, 0.5 * 0.5
    return float((first * at_first + second * at_second) / (first + second))


def in_working_time(start: str) -> Combination:
    """Working hours at night over a change of the clocks, and a second contact of half of the cases.

    The functions above: the night has an hour less of working time in spring, an hour more in autumn.
    """
    text = f"""
time_zone: Europe/Berlin
horizon: {{start: {start}, length: 12h, drain: 8d, interval: 1h}}
patience: never
cases: {{resolved_within: {{working: 2h 30m, hours: {{daily: 01:00-05:00}}}}}}
markets: {{de: {{region: eu, time_zone: Europe/Berlin, languages: {{de: 100%}}}}}}
channels: {{email: {{kind: deferred}}}}
handle_time: {{law: constant, value: 2h}}
demand: {{mail: {{per_hour: 160, market: de, channel: email}}}}
workflows:
  mail:
    fcr: 50%
    returns: {{after_unresolved: {{share: 100%, after: {{law: exponential, mean: 5h}}, attempts: 1}}}}
pools: {{desk: {{staffing: 900}}}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        resolved = tables.cases - tables.queues("cases_given_up") - tables.queues("cases_open")
        return {
            "in time": (resolved - tables.queues("cases_late"), resolved),
            "share resolved": (resolved, tables.cases),
        }

    expected = {"in time": resolved_in_working_time(start, BERLIN), "share resolved": 0.5 + 0.5 * 0.5}
    return Combination(text, expected, measured, replications=40, brief="")


SPRING, AUTUMN = "2026-03-28T18:00", "2026-10-24T18:00"
"""The evenings before the clocks change."""


@cache
def working_time_in_spring() -> Combination:
    """An hour of the working hours does not exist: see `in_working_time`."""
    return in_working_time(SPRING)


@cache
def working_time_in_autumn() -> Combination:
    """An hour of the working hours is there twice: see `in_working_time`."""
    return in_working_time(AUTUMN)


@cache
def repeats_after_the_end_of_the_run() -> Combination:
    """FCR measured over a window that ends after the run, reopened cases, and returns of returns within the run.

    A quarter of the contacts is followed within a day, by the two laws of returns; contacts a case within the day are a
    renewal function, in steps of a minute: each contact brings on others 4 min and a delay later.
    """
    fcr, back, away, reopens, low, high = 0.6, 0.7, 20.0, 0.1, 12.0, 36.0
    day, handle = 24 * 60, 4
    unresolved, reopened = (1 - fcr) * back, fcr * reopens
    followed = unresolved * (1 - math.exp(-24 / away)) + reopened * (24 - low) / (high - low)
    edges = np.arange(day + 1) / 60
    by_then = unresolved * (1 - np.exp(-edges / away)) + reopened * np.clip((edges - low) / (high - low), 0, 1)
    # share of contacts that another one follows, by minutes since their arrival
    delay = np.concatenate([np.zeros(handle), np.diff(by_then)])[:day]
    coming = np.zeros(day)
    for minute in range(day):
        coming[minute] = delay[minute] + coming[:minute] @ delay[:minute][::-1]
    # a case that opens in a minute of the day has those to come until its end, half of the last minute's
    until = np.concatenate([[0.0], np.cumsum(coming)])
    expected = {
        "followed": followed,
        "followed of the last hour": followed,
        "reopened": reopens,
        "contacts a case": 1 + float((until[:-1] + until[1:]).mean() / 2),
    }
    text = """
horizon: {start: 2026-01-05, length: 1d, drain: 1h, interval: 1h}
patience: never
cases: {repeat_window: 1d}
handle_time: {law: constant, value: 4m}
demand: {calls: {per_minute: 2}}
workflows:
  calls:
    fcr: 60%
    returns:
      after_unresolved: {share: 70%, after: {law: exponential, mean: 20h}}
      after_resolved: {share: 10%, after: {law: uniform, low: 12h, high: 36h}}
pools: {desk: {staffing: 90}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        firsts = tables.interval("arrived", 23) - tables.interval("repeated", 23)
        return {
            "followed": (tables.queues("followed"), tables.cases),
            "followed of the last hour": (tables.interval("followed", 23), firsts),
            "reopened": (tables.queues("reopened"), tables.queues("resolved")),
            "contacts a case": (tables.queues("arrived"), tables.cases),
        }

    return Combination(text, expected, measured, replications=40, brief="")
