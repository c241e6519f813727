"""Every column of every table: type, unit, meaning. Tables hold sums that add up; ratios come last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    dtype: str
    """pandas dtype: int32, int64, float64 or str."""
    unit: str
    """`count`, `us` (microseconds), `us^2`, `id`, `name`, ..."""
    meaning: str
    key: bool = False
    """Whether it names the row rather than being a sum."""


def _key(name: str, dtype: str, unit: str, meaning: str) -> Column:
    return Column(name, dtype, unit, meaning, key=True)


def _sum(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "int64", unit, meaning)


REPLICATION: Final = _key("replication", "int32", "index", "Replication, from 0")
INTERVAL: Final = _key("interval", "int32", "index", "Report interval since the end of the warm-up, from 0")
QUEUE: Final = _key("queue", "int32", "id", "Queue: row of the table `queues`")
POOL: Final = _key("pool", "int32", "id", "Pool: row of the table `pools`")

#: Cohort sums by interval in which the visit joined (or was turned away), counted contacts only. A second or
#: later visit counts where it joined its own queue, so rows may lie after the horizon's length.
QUEUE_INTERVALS: Final = (
    REPLICATION,
    INTERVAL,
    QUEUE,
    _sum("arrived", "count", "Contacts that came from outside: first visits, blocked and closed included"),
    _sum("blocked", "count", "Visits turned away because lines or places were full"),
    _sum("closed", "count", "Visits turned away outside opening hours"),
    _sum("offered", "count", "Visits that reached the queue (answered at once included)"),
    _sum("waited", "count", "Offered visits that found no agent at once; those who left at once included"),
    _sum("answered", "count", "Visits that reached an agent"),
    _sum("abandoned", "count", "Visits whose customer left the queue"),
    _sum("moved_on", "count", "Visits that left the queue at its longest wait (message, voice mail)"),
    _sum("cleared", "count", "Visits cleared from the queue when it closed"),
    _sum("open_waiting", "count", "Visits still waiting when play ended"),
    _sum("open_in_hand", "count", "Answered visits still with an agent when play ended"),
    _sum("wait_answered_us", "us", "Wait of the answered"),
    _sum("wait_abandoned_us", "us", "Wait of the abandoned"),
    _sum("wait_other_us", "us", "Wait of those who moved on or were cleared"),
    _sum(
        "wait_answered_sq_hi",
        "2^40 us^2",
        "Squared waits of the answered, high part: sum of floor(w^2 / 2^40)",
    ),
    _sum("wait_answered_sq_lo", "us^2", "Squared waits of the answered, low part: sum of w^2 mod 2^40"),
    _sum("short_abandoned", "count", "Abandoned within `service_level.short_abandon`"),
    _sum("talk_us", "us", "Talk (hold included) of answered visits that have ended"),
    _sum("wrap_up_us", "us", "Wrap-up of answered visits that have ended"),
    _sum("resolved", "count", "Handled visits that resolved the case (a reopened case counts again)"),
    _sum("escalated", "count", "Handled visits that went on to the next tier"),
    _sum("unresolved", "count", "Handled visits closed unresolved"),
    _sum("returning", "count", "Visits after whose end the customer comes back as a new contact"),
    # then, for every threshold T of `service_level.within`, see `threshold_columns`
)


def threshold_label(micros: int) -> str:
    """How a threshold stands in a column name: `20s`, `0.5s`.

    Exact: whole microseconds, printed in seconds without trailing zeros.
    """
    whole, rest = divmod(micros, 1_000_000)
    return f"{whole}s" if rest == 0 else f"{whole}.{rest:06d}".rstrip("0") + "s"


def threshold_columns(thresholds: tuple[int, ...]) -> tuple[Column, ...]:
    """Columns `answered_within_T` and `abandoned_within_T` of every threshold (microseconds), in order."""
    return tuple(
        _sum(
            f"{what}_within_{threshold_label(t)}",
            "count",
            f"{what.capitalize()} with a wait <= {threshold_label(t)}",
        )
        for t in thresholds
        for what in ("answered", "abandoned")
    )


#: Calendar sums of queues, from the end of the warm-up to the end of the length, every contact.
QUEUE_CALENDAR: Final = (
    REPLICATION,
    INTERVAL,
    QUEUE,
    _sum("waiting_us", "us", "Area under the number waiting; divided by the interval: mean queue length"),
)

#: Calendar sums of pools, from the end of the warm-up to the end of the length.
POOL_INTERVALS: Final = (
    REPLICATION,
    INTERVAL,
    POOL,
    _sum("planned_us", "us", "Agent time planned on the line (staffing, or shifts less breaks)"),
    _sum("signed_in_us", "us", "Agent time signed in (beyond the plan where a contact in hand was finished)"),
    _sum("in_hand_us", "us", "Agent time with at least one contact in hand, wrap-up included"),
    _sum("held_us", "us", "Contact time in hand: an agent with three chats counts three times"),
    _sum("paid_us", "us", "Agent time paid: signed in, and paid breaks"),
    _sum("break_us", "us", "Agent time on a break"),
    _sum("overtime_us", "us", "Agent time signed in after the planned end"),
    _sum("answered", "count", "Visits answered in this interval"),
)

#: Who answered whom: counted contacts.
ROUTES: Final = (
    REPLICATION,
    QUEUE,
    POOL,
    _sum("answered", "count", "Visits of the queue answered by the pool"),
    _sum("answered_at_once", "count", "Of these, without waiting"),
    _sum("talk_us", "us", "Talk of these that have ended"),
    _sum("wrap_up_us", "us", "Wrap-up of these that have ended"),
)

#: Waits of answered, counted visits in fixed bins, <= 1 % wide (see ccsim.results.bins).
WAITS: Final = (
    REPLICATION,
    QUEUE,
    _key("bin", "int32", "index", "Bin of the wait; its edges are given by `ccsim.results.bins`"),
    _sum("answered", "count", "Answered visits with a wait in the bin"),
)

#: One row a replication.
REPLICATIONS: Final = (
    REPLICATION,
    _sum("contacts", "count", "Contacts that arrived in the counted length, returns included"),
    _sum("cases", "count", "Cases opened by counted contacts"),
    _sum("open_at_end", "count", "Counted contacts that had not ended when play ended"),
    _sum("events", "count", "Events played, warm-up and run-out included"),
    _sum("visits", "count", "Visits played, warm-up and run-out included"),
    _sum("end_us", "us", "When play ended, since the start of the horizon"),
)

QUEUES: Final = (
    QUEUE,
    _key("name", "str", "name", "stream/tier"),
    _key("stream", "str", "name", "Stream"),
    _key("workflow", "str", "name", "Workflow"),
    _key("market", "str", "name", "Market"),
    _key("segment", "str", "name", "Segment"),
    _key("channel", "str", "name", "Channel"),
    _key("language", "str", "name", "Language"),
    _key("tier", "str", "name", "Tier"),
    _key("kind", "str", "name", "live or deferred"),
)

POOLS: Final = (POOL, _key("name", "str", "name", "Pool"), _key("tier", "str", "name", "Tiers, joined by +"))

#: One row a visit, on request: every contact, warm-up included.
VISITS: Final = (
    REPLICATION,
    QUEUE,
    _key("date", "int32", "days", "Local date of the case's arrival, days since 1970-01-01"),
    _key("number", "int32", "index", "Number of the case among its stream's arrivals of that date, from 0"),
    _key("contact", "int32", "index", "Contact of the case, from 0"),
    _key("visit", "int32", "index", "Visit of the contact, from 0"),
    _key("counted", "int8", "0/1", "Whether its contact arrived in the counted length"),
    _key("joined_us", "int64", "us", "Joined the queue (or was turned away), since the start of the horizon"),
    _key("left_us", "int64", "us", "Left the queue: answered, abandoned, ...; for open visits when play ended"),
    _key("ended_us", "int64", "us", "End of talk; equal to left_us where nobody answered"),
    _key("wrapped_us", "int64", "us", "End of wrap-up; equal to ended_us without"),
    _key("pool", "int32", "id", "Pool that answered, -1 if none"),
    _key("agent", "int32", "index", "Number of the agent in the pool, -1 if none"),
    _key("waited", "int8", "0/1", "Whether it found no agent at once"),
    _key("outcome", "int8", "code", "See `OUTCOMES`"),
    _key("returning", "int8", "0/1", "Whether the customer comes back as a new contact"),
)

OUTCOMES: Final = (
    "resolved", "escalated", "unresolved", "abandoned", "moved_on", "cleared", "blocked", "closed",
    "open_waiting", "open_in_hand",
)  # fmt: skip
"""Outcome of a visit by code."""

TABLES: Final = {
    "queue_intervals": QUEUE_INTERVALS,
    "queue_calendar": QUEUE_CALENDAR,
    "pool_intervals": POOL_INTERVALS,
    "routes": ROUTES,
    "waits": WAITS,
    "replications": REPLICATIONS,
    "queues": QUEUES,
    "pools": POOLS,
    "visits": VISITS,
}
"""Columns by table."""
