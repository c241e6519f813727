"""Offers of callbacks as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ccsim.centre.precedence import callback_of
from ccsim.kernel import layout, offers
from ccsim.kernel.arrays import Callbacks
from ccsim.language.handling import FromForecast
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import Queue


@dataclass
class CallbackOffers:
    """The offers of kinds of queues, one after the other."""

    laws: LawRows
    rows: list[list[int]] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    wrap_share: list[float] = field(default_factory=list)

    def add(self, queue: Queue) -> None:
        """A further kind of queues."""
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
