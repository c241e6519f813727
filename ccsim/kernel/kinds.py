"""What queues of one kind have in common: they are handled alike, and their customers return alike.

A visit asks for most of it at a few instants. So it lies in rows, what is asked for together side by side: a column of
its own for each would be a line of the cache for each.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.kernel.cache_lines import in_lines
from ccsim.kernel.layout import Floats, Ints

OF_ROWS: Final = (
    *("talk_law", "wrap_law", "from_forecast", "handed_after", "bot", "channel", "decides", "transfers"),
    *("patience_law", "max_wait", "instant", "peers_law", "hand_over"),
)
"""Columns of `Kinds.rows`: a line for who is answered, half a line for who waits."""
OF_SHARES: Final = ("wrap_share", "handed_on", "escalated", "resolved", "transferred", "warm", "peers", "zero")
"""Columns of `Kinds.shares`."""
KIND_TALK_LAW: Final = OF_ROWS.index("talk_law")
KIND_WRAP_LAW: Final = OF_ROWS.index("wrap_law")  # NONE if wrap-up is a share of talk
KIND_FROM_FORECAST: Final = OF_ROWS.index("from_forecast")
"""1 if talk and wrap-up together are the law of talk, of mean 1, times what the forecast says."""
KIND_HANDED_AFTER: Final = OF_ROWS.index("handed_after")  # time of an agent who hands on at once, microseconds
KIND_BOT: Final = OF_ROWS.index("bot")  # that first visits meet, NONE without
KIND_CHANNEL: Final = OF_ROWS.index("channel")
KIND_DECIDES: Final = OF_ROWS.index("decides")  # 1 if the outcome or a return is a matter of chance
KIND_TRANSFERS: Final = OF_ROWS.index("transfers")  # first row of `Kinds.transfer_until`
KIND_PATIENCE_LAW: Final = OF_ROWS.index("patience_law")  # NONE if nobody leaves
KIND_MAX_WAIT: Final = OF_ROWS.index("max_wait")  # FAR if none
KIND_INSTANT: Final = OF_ROWS.index("instant")  # 1 if something depends on when a customer leaves the queue
KIND_PEERS_LAW: Final = OF_ROWS.index("peers_law")  # of the time until other customers answer, NONE if at once
KIND_HAND_OVER: Final = OF_ROWS.index("hand_over")  # law of the time of a hand-over, NONE where nobody stays
KIND_WIDTH: Final = in_lines(len(OF_ROWS))
SHARE_WRAP_UP: Final = OF_SHARES.index("wrap_share")  # wrap-up as a share of talk
SHARE_HANDED_ON: Final = OF_SHARES.index("handed_on")  # of the escalated: whose agent hands them on at once
SHARE_ESCALATED: Final = OF_SHARES.index("escalated")  # goes on to the next queue
SHARE_RESOLVED: Final = OF_SHARES.index("resolved")
SHARE_TRANSFERRED: Final = OF_SHARES.index("transferred")  # to another workflow
SHARE_WARM: Final = OF_SHARES.index("warm")  # of the escalated: whose agent stays until the next one has taken over
SHARE_PEERS: Final = OF_SHARES.index("peers")  # of first visits: other customers answer
SHARE_ZERO: Final = OF_SHARES.index("zero")  # leaves at once when nobody is free
SHARE_WIDTH: Final = in_lines(len(OF_SHARES))


class Kinds(NamedTuple):
    """One row a kind of queues. There are few, so they stay in the cache."""

    rows: Ints
    """[kinds, KIND_WIDTH]"""
    shares: Floats
    """[kinds, SHARE_WIDTH]"""
    transfer_until: Floats
    """[rows] Shares of the transfers, added up to here."""
    back_share: Floats
    """[kinds, reasons] Share that comes back."""
    back_law: Ints
    """[kinds, reasons] Law of the time until then, NONE if nobody does."""
    back_most: Ints
    """[kinds, reasons] Most contacts of a case after which it returns no more, FAR if no cap."""
