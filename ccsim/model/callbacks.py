"""Offers of callbacks as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ccsim.centre.precedence import callback_of
from ccsim.kernel import layout, offers
from ccsim.kernel.arrays import Callbacks
from ccsim.language.handling import FromForecast
from ccsim.language.hours import WeekHours
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import Queue, Routes, case_due, zone_of
from ccsim.model.working_clocks import WorkingClock, clock_of


@dataclass
class CallbackOffers:
    """The offers of kinds of queues, one after the other."""

    laws: LawRows
    clocks: Mapping[WorkingClock, int]
    """Rows of the clocks of `needed_clocks`."""
    rows: list[list[int]] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    wrap_share: list[float] = field(default_factory=list)

    def add(self, queue: Queue, window: WorkingClock | None) -> None:
        """A further kind of queues; `window`: the clock of its callbacks."""
        row = [layout.NONE] * offers.OFFER_WIDTH
        row[offers.OFFER_HOW], row[offers.OFFER_AFTER] = offers.OFFER_NEVER, layout.FAR
        callback = callback_of(queue.workflow, queue.channel)
        handle = None if callback is None else callback.handle_time
        if callback is not None:
            if callback.announced is not None:
                row[offers.OFFER_HOW], row[offers.OFFER_FROM] = offers.OFFER_ANNOUNCED, callback.announced
            elif callback.waiting is not None:
                row[offers.OFFER_HOW] = offers.OFFER_LIVE if callback.counts == "live" else offers.OFFER_ALL
                row[offers.OFFER_FROM] = callback.waiting
            row[offers.OFFER_CLOCK] = layout.NONE if window is None else self.clocks[window]
            row[offers.OFFER_AFTER] = layout.FAR if callback.after is None else callback.after
            row[offers.OFFER_IDLE] = int(callback.served == "when_idle")
            row[offers.OFFER_LOSES] = int(callback.served == "loses_place")
            row[offers.OFFER_ATTEMPTS], row[offers.OFFER_UNANSWERED] = callback.attempts, callback.unanswered
            row[offers.OFFER_BETWEEN] = callback.between
            row[offers.OFFER_EXPIRES] = layout.FAR if callback.expires is None else callback.expires
        if handle is not None and not isinstance(handle.talk, FromForecast):
            row[offers.OFFER_TALK], row[offers.OFFER_WRAP] = self.laws.row(handle.talk), self.laws.row(handle.wrap_up)
        self.rows.append(row)
        self.accepted.append(0.0 if callback is None else callback.accepted)
        self.answered.append(1.0 if callback is None else callback.answered)
        self.wrap_share.append(0.0 if handle is None else handle.wrap_up_share)

    def arrays(self) -> Callbacks:
        """All kinds as arrays."""
        return Callbacks(
            np.array(self.rows, np.int64).reshape(-1, offers.OFFER_WIDTH),
            np.array(self.accepted, np.float64),
            np.array(self.answered, np.float64),
            np.array(self.wrap_share, np.float64),
        )


def window_of(routes: Routes, queue: Queue) -> WorkingClock | None:
    """The clock that runs while customers of a queue are called back; None where they are at all hours."""
    callback = callback_of(queue.workflow, queue.channel)
    if callback is None or callback.hours is None:
        return None
    if isinstance(callback.hours, WeekHours):
        return clock_of(callback.hours, {}, zone_of(routes.scenario, queue.kind.market))
    for number in queue.groups:
        entry_point = routes.entry_points[number]
        if entry_point.group.hours is not None:
            return clock_of(entry_point.group.hours, entry_point.group.special_days, entry_point.zone)
    return None


def needed_clocks(routes: Routes) -> dict[WorkingClock, int]:
    """Clocks of deadlines in working time and of callbacks, and the longest time that each is asked for; sorted, so
    that order is no matter."""
    found: dict[WorkingClock, int] = {}
    for queue in routes.queues:
        if (window := window_of(routes, queue)) is not None:
            found.setdefault(window, 1)
        if queue.due is not None and queue.due.clock is not None:
            found[queue.due.clock] = max(queue.due.time, found.get(queue.due.clock, 0))
    for market in routes.markets():
        due = case_due(routes.scenario, market)
        if due.clock is not None:
            found[due.clock] = max(due.time, found.get(due.clock, 0))
    return dict(
        sorted(found.items(), key=lambda item: (item[0].spans, item[0].zone, item[0].holidays or "", item[0].special))
    )
