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
FLOW: Final = _key("flow", "int32", "id", "Flow: row of the table `flows`")
POOL: Final = _key("pool", "int32", "id", "Pool: row of the table `pools`")

#: Sums of visits: those of a cohort, counted contacts only, where the visit joined (or was turned away).
COHORT: Final = (
    _sum("arrived", "count", "Contacts that came from outside: first visits, blocked and closed included"),
    _sum("blocked", "count", "Visits turned away because lines or places were full"),
    _sum("closed", "count", "Visits turned away outside opening hours"),
    _sum("by_peers", "count", "Contacts that other customers answered; they reached no queue"),
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
    _sum("transferred", "count", "Handled visits that went on to another workflow"),
    _sum("returning", "count", "Visits after whose end the customer comes back as a new contact"),
    _sum("in_deadline", "count", "Answered visits of deferred work whose wait was within the channel's deadline"),
    _sum(
        "held_back",
        "count",
        "Visits that waited although an agent anywhere was free whom only residency or certification forbids",
    ),
    _sum("wait_held_back_us", "us", "Wait of these, however it ended"),
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


#: Cohort sums by interval and flow. A second or later visit counts where it joined its own queue, so rows may lie after
#: the horizon's length.
FLOW_INTERVALS: Final = (REPLICATION, INTERVAL, FLOW, *COHORT)

_WAITING: Final = _sum("waiting_us", "us", "Area under the number waiting; divided by the time: mean queue length")

#: Calendar sums of flows, from the end of the warm-up to the end of the length, every contact.
FLOW_CALENDAR: Final = (REPLICATION, INTERVAL, FLOW, _WAITING)

#: Sums of queues over the whole counted time: cohort sums, and the calendar's waiting time.
QUEUE_SUMS: Final = (REPLICATION, QUEUE, _WAITING, *COHORT)

_OF_POOLS: Final = (
    _sum("planned_us", "us", "Agent time planned on the line (staffing, or shifts less breaks and blocks away)"),
    _sum("signed_in_us", "us", "Agent time signed in (beyond the plan where a contact in hand was finished)"),
    _sum("in_hand_us", "us", "Agent time with at least one contact in hand, wrap-up included"),
    _sum("held_us", "us", "Contact time in hand: an agent with three chats counts three times"),
    _sum("paid_us", "us", "Agent time paid: signed in, paid breaks, paid time away"),
    _sum(
        "rated_us",
        "us",
        "Paid time with premiums (an hour at +25 % counts 1.25 hours) and what rounding adds",
    ),
    _sum("break_us", "us", "Agent time on a break or in a block away from contacts (training, meetings)"),
    _sum("absent_us", "us", "Paid time of agents who were away all day (absence, leave)"),
    _sum("overtime_us", "us", "Agent time signed in after the planned end"),
    _sum("answered", "count", "Visits answered in this interval"),
)

#: Calendar sums of pools, from the end of the warm-up to the end of the length.
POOL_INTERVALS: Final = (REPLICATION, INTERVAL, POOL, *_OF_POOLS)

#: The same over the whole counted time.
POOL_SUMS: Final = (REPLICATION, POOL, *_OF_POOLS)

#: Paid and unpaid time away by cause, over the whole counted time.
SHRINKAGE: Final = (
    REPLICATION,
    POOL,
    _key("cause", "int32", "id", "Cause: row of the table `shrinkage_causes`"),
    _sum("away_us", "us", "Agent time away for this cause"),
)

#: Visits by the vendor that they were assigned to, counted contacts; only where the workflow has vendor shares.
ASSIGNED: Final = (
    REPLICATION,
    QUEUE,
    _key("vendor", "int32", "id", "Vendor: row of the table `vendors`"),
    _sum("assigned", "count", "Visits assigned to the vendor"),
    _sum("handled_by_it", "count", "Of these, answered by one of its pools"),
)

#: Deferred visits that wait at midnight of the scenario's clock, at the ends of the counted days; every contact.
BACKLOG: Final = (
    REPLICATION,
    _key("day", "int32", "index", "Instant: day after the end of the warm-up, from 0 (the end of the warm-up itself)"),
    FLOW,
    _key("band", "int32", "index", "Age since joining the queue, see `AGE_BANDS`"),
    _sum("waiting", "count", "Deferred visits waiting"),
)

AGE_BANDS: Final = (0, 4, 8, 24, 48, 120)
"""Ages in hours at which a band begins: under 4 h, 4 to 8 h, ..., 5 days and more."""

#: What was planned, the same in every replication: of all pools and intervals.
WORKFORCE_PLAN: Final = (
    INTERVAL,
    POOL,
    _sum("required_us", "us", "Agent time that the expected demand requires, by the method of `planning`"),
    _sum("rostered_us", "us", "Agent time of shifts, breaks and blocks away included; staffing as planned"),
    _sum(
        "scheduled_us",
        "us",
        "Agent time scheduled on the line: shifts less breaks and blocks away; or staffing",
    ),
)

#: Who answered whom: counted contacts.
ROUTES: Final = (
    REPLICATION,
    QUEUE,
    POOL,
    _sum("answered", "count", "Visits of the queue answered by the pool, counted contacts"),
    _sum("answered_at_once", "count", "Of these, without waiting"),
    _sum("talk_us", "us", "Talk of these that have ended"),
    _sum("wrap_up_us", "us", "Wrap-up of these that have ended"),
    _sum("served", "count", "Visits of the queue that the pool answered in the counted time, every contact"),
    _sum("held_us", "us", "Time in the counted time in which the pool held visits of the queue, every contact"),
)

#: Waits of answered, counted visits in fixed bins, <= 1 % wide (see ccsim.results.bins).
WAITS: Final = (
    REPLICATION,
    FLOW,
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
    _key("name", "str", "name", "stream/tier, with the workflow before the tier where it was transferred"),
    FLOW,
    _key("stream", "str", "name", "Stream"),
    _key("volume", "str", "name", "Volume that the stream is a part of"),
    _key("workflow", "str", "name", "Workflow"),
    _key("market", "str", "name", "Market"),
    _key("segment", "str", "name", "Segment"),
    _key("channel", "str", "name", "Channel"),
    _key("language", "str", "name", "Language"),
    _key("cause", "str", "name", "Cause"),
    _key("region", "str", "name", "Region of the market"),
    _key("tier", "str", "name", "Tier"),
    _key("kind", "str", "name", "live or deferred"),
)

#: Flows: the queues of one volume on one channel at one tier (of one workflow), for which tables by interval are kept.
FLOWS: Final = (
    FLOW,
    _key("name", "str", "name", "volume/channel/tier, shorter where the volume has one channel"),
    _key("volume", "str", "name", "Volume"),
    _key("workflow", "str", "name", "Workflow"),
    _key("market", "str", "name", "Market; `several` where it holds more than one"),
    _key("segment", "str", "name", "Segment; `several` where it holds more than one"),
    _key("channel", "str", "name", "Channel"),
    _key("language", "str", "name", "Language; `several` where it holds more than one"),
    _key("cause", "str", "name", "Cause; `several` where it holds more than one"),
    _key("region", "str", "name", "Region; `several` where it holds more than one"),
    _key("tier", "str", "name", "Tier"),
    _key("kind", "str", "name", "live or deferred"),
)

POOLS: Final = (
    POOL,
    _key("name", "str", "name", "Pool"),
    _key("tier", "str", "name", "Tiers, joined by +"),
    _key("site", "str", "name", "Site; `none` without"),
    _key("vendor", "str", "name", "Vendor; `none` without"),
    _key("region", "str", "name", "Region of the site; `none` without"),
    _key("languages", "str", "name", "Languages, joined by +; `any` where it speaks all"),
    _key("headcount", "int32", "people", "People employed; most agents of the staffing where none is given"),
)

VENDORS: Final = (
    _key("vendor", "int32", "id", "Vendor"),
    _key("name", "str", "name", "Vendor"),
    _key("kind", "str", "name", "in_house or bpo"),
)

SHRINKAGE_CAUSES: Final = (
    _key("cause", "int32", "id", "Cause"),
    _key("name", "str", "name", "break, absence, leave, training, ..."),
)

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
    "open_waiting", "open_in_hand", "by_peers", "transferred",
)  # fmt: skip
"""Outcome of a visit by code."""

TABLES: Final = {
    "flow_intervals": FLOW_INTERVALS,
    "flow_calendar": FLOW_CALENDAR,
    "queue_sums": QUEUE_SUMS,
    "pool_intervals": POOL_INTERVALS,
    "pool_sums": POOL_SUMS,
    "shrinkage": SHRINKAGE,
    "routes": ROUTES,
    "assigned": ASSIGNED,
    "waits": WAITS,
    "backlog": BACKLOG,
    "replications": REPLICATIONS,
    "queues": QUEUES,
    "flows": FLOWS,
    "pools": POOLS,
    "vendors": VENDORS,
    "shrinkage_causes": SHRINKAGE_CAUSES,
    "workforce_plan": WORKFORCE_PLAN,
    "visits": VISITS,
}
"""Columns by table."""

BY_INTERVAL: Final = ("flow_intervals", "flow_calendar", "pool_intervals")
"""Tables that grow with the horizon; written as they are made, read when somebody asks for them."""
