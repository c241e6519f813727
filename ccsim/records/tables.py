"""Every column of every table: type, unit, meaning. Tables hold sums that add up; ratios come last."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column, key, total, woven
from ccsim.records.day_tables import ASSIGNED_SUMS, FIRST_ANSWERS, POOL_DAYS
from ccsim.records.name_tables import (
    ASSIGNEES,
    FLOW,
    FLOWS,
    POOL,
    POOLS,
    QUEUE,
    QUEUES,
    REPLICATION,
    SHRINKAGE_CAUSES,
    VENDORS,
)
from ccsim.records.outcomes import SUMS_OF_OUTCOMES
from ccsim.records.satisfaction import OF_RATINGS, RATED
from ccsim.records.visit_rows import VISITS

INTERVAL: Final = key("interval", "int32", "index", "Report interval since the end of the warm-up, from 0")
_BESIDE_OUTCOMES: Final = (
    total("arrived", "count", "Contacts from customers (first visits), including blocked and closed ones"),
    total("repeated", "count", "Of these, contacts that are not the first of their case"),
    total("offered", "count", "Visits that joined the queue, including those answered at once and those who balked"),
    total("waited", "count", "Offered visits that found no free agent, including customers who left at once"),
    total("answered", "count", "Visits that reached an agent while the customer waited (not callbacks)"),
    total("wait_answered_us", "us", "Wait of the answered"),
    total("wait_abandoned_us", "us", "Wait of the abandoned"),
    total(
        "wait_other_us",
        "us",
        "Wait of those who reached the queue time-out or were cleared, or until they accepted a callback",
    ),
    total(
        "wait_answered_sq_hi",
        "2^40 us^2",
        "Squared waits of the answered, high part: sum of floor(w^2 / 2^40)",
    ),
    total("wait_answered_sq_lo", "us^2", "Squared waits of the answered, low part: sum of w^2 mod 2^40"),
    total("short_abandoned", "count", "Abandoned within `service_level.short_abandon`"),
    total("talk_us", "us", "Talk (hold and hand-over included) of answered visits that have ended"),
    total("wrap_up_us", "us", "Wrap-up of answered visits that have ended"),
    total("returning", "count", "Visits after which the customer comes back as a new contact"),
    total("in_deadline", "count", "Answered visits of deferred work whose wait was within the deadline"),
    total(
        "held_back",
        "count",
        "Visits that waited although an agent was free somewhere whom only residency or certification rules exclude",
    ),
    total("wait_held_back_us", "us", "Wait of these visits, answered or not"),
    total("reopened", "count", "Handled visits that resolved the case, and yet the customer comes back"),
    total("callbacks_offered", "count", "Visits whose customer was offered a callback"),
    total("callbacks", "count", "Of these, visits whose customer accepted it and hung up"),
    total("callbacks_reached", "count", "Of these, visits whose customer was called back and answered"),
    total("callback_attempts", "count", "Attempts to call back, answered or not"),
    total("wait_callback_us", "us", "Time from acceptance to being reached, of those that were reached"),
    total("warm", "count", "Handled visits after whose talk the agent stayed with the customer (a warm transfer)"),
    total(
        "warm_wait_us", "us", "Time that they stayed until the next agent answered, or the customer left; in `talk_us`"
    ),
    total("hand_over_us", "us", "Hand-overs, with both agents: in `talk_us` of both visits, and counted in both"),
    # of cases, where the case opened: in the interval and the queue of its first contact
    total("cases_given_up", "count", "Cases that ended unresolved: the customer does not contact the centre again"),
    total("cases_open", "count", "Cases that had not ended when the run ended, those with a contact to come included"),
    total(
        "cases_young",
        "count",
        "Of these, cases open for less than `cases.resolved_within`, so that nobody knows whether they keep to it",
    ),
    total("cases_late", "count", "Cases that were resolved later than `cases.resolved_within`"),
    total("resolution_ms", "ms", "Time from opening to resolution of resolved cases, in whole milliseconds a case"),
    total(
        "cases_resolved_elsewhere",
        "count",
        "Cases resolved at a higher tier than the first, by a bot or by other customers",
    ),
    total(
        "cases_without_agent",
        "count",
        "Of these, cases that a bot or other customers resolved before any agent answered",
    ),
    total(
        "cases_missed_first",
        "count",
        "Cases that the first contact with an agent did not resolve, or that ended unresolved without one",
    ),
    total("cases_unanswered", "count", "Cases without a finished contact with an agent when the run ended"),
    total("first_contacts_open", "count", "First contacts of a case that had not ended when the run ended"),
    total("followed", "count", "First contacts that another one follows within `cases.repeat_window` of their end"),
    total("further_contacts", "count", "Contacts of cases after their first, by whatever channel they came"),
    total("cases_stopped", "count", "Cases whose customer would have come back once more, had `attempts` let them"),
    # of sessions with a bot, in the interval in which they began and the queue that a hand-off joins
    total("sessions", "count", "Sessions with a bot, those still in progress when the run ended included"),
    total("session_us", "us", "Time of sessions that have ended"),
    total("false_followed_24h", "count", "Of these, sessions that a contact of the case follows within 24 h"),
    total("false_followed_7d", "count", "Of these, sessions that a contact of the case follows within 7 days"),
    total("free_of_charge", "count", "Of these, sessions that a contact follows so soon that they are not charged"),
    total("with_context", "count", "Of these, with context for the agent"),
    total("sessions_full", "count", "Contacts that found all sessions of the bot taken"),
    *RATED,
)
#: Sums of visits: those of a cohort, counted contacts only, where the visit joined (or was turned away). Those of
#: outcomes are declared with them. Then, for every threshold of `service_level.within`, see `threshold_columns`.
COHORT: Final = woven(_BESIDE_OUTCOMES, SUMS_OF_OUTCOMES)

WITHIN: Final = ("answered", "abandoned")
"""What is counted within each threshold."""


def threshold_label(micros: int) -> str:
    """How a threshold stands in a column name: `20s`, `0.5s`.

    Exact: whole microseconds, printed in seconds without trailing zeros.
    """
    whole, rest = divmod(micros, 1_000_000)
    return f"{whole}s" if rest == 0 else f"{whole}.{rest:06d}".rstrip("0") + "s"


def threshold_columns(thresholds: tuple[int, ...], within: tuple[str, ...] = WITHIN) -> tuple[Column, ...]:
    """Columns `answered_within_T` and `abandoned_within_T` of every threshold (microseconds), in order."""
    return tuple(
        total(
            f"{what}_within_{threshold_label(t)}",
            "count",
            f"{what.capitalize()} with a wait <= {threshold_label(t)}",
        )
        for t in thresholds
        for what in within
    )


#: Cohort sums by interval and flow. A second or later visit counts where it joined its own queue, so rows may lie after
#: the horizon's length.
FLOW_INTERVALS: Final = (REPLICATION, INTERVAL, FLOW, *COHORT)

_WAITING: Final = total(
    "waiting_us", "us", "Contacts waiting, integrated over time; divided by the time it is the mean queue length"
)

_IN_SESSION: Final = total(
    "in_session_us", "us", "Sessions with a bot in progress, integrated over time; divided by the time it is their mean"
)

#: Calendar sums of flows, from the end of the warm-up to the end of the length, every contact.
CALENDAR: Final = (_WAITING, _IN_SESSION)
FLOW_CALENDAR: Final = (REPLICATION, INTERVAL, FLOW, *CALENDAR)

#: Sums of queues over the whole counted time: cohort sums, and the calendar's.
QUEUE_SUMS: Final = (REPLICATION, QUEUE, *CALENDAR, *COHORT)

OF_POOLS: Final = (
    total(
        "planned_us", "us", "Agent time planned to be signed in (staffing, or shifts less breaks and planned time away)"
    ),
    total("signed_in_us", "us", "Agent time signed in, including time after the plan to finish active contacts"),
    total("in_hand_us", "us", "Agent time with at least one active contact, wrap-up included"),
    total("held_us", "us", "Time of active contacts: an agent with three chats counts three times"),
    total("paid_us", "us", "Agent time paid: signed in, paid breaks, paid time away"),
    total(
        "rated_us",
        "us",
        "Paid time with premiums (an hour at +25 % counts as 1.25 hours), including rounding",
    ),
    total("break_us", "us", "Agent time on a break or in planned time away from contacts (training, meetings)"),
    total("absent_us", "us", "Paid time of agents who were away all day (absence, leave)"),
    total("overtime_us", "us", "Agent time signed in after the planned end"),
    total("answered", "count", "Visits answered in this interval"),
)

#: Calendar sums of pools, from the end of the warm-up to the end of the length.
POOL_INTERVALS: Final = (REPLICATION, INTERVAL, POOL, *OF_POOLS)

#: The same over the whole counted time.
POOL_SUMS: Final = (REPLICATION, POOL, *OF_POOLS)

#: Paid and unpaid time away by cause, over the whole counted time.
SHRINKAGE: Final = (
    REPLICATION,
    POOL,
    key("cause", "int32", "id", "Cause: row of the table `shrinkage_causes`"),
    total("away_us", "us", "Agent time away for this cause"),
)

#: Visits by the vendor that they were assigned to, counted contacts; only where the workflow has vendor shares.
OF_ASSIGNED: Final = (
    total("assigned", "count", "Visits assigned to the vendor"),
    total("handled_by_it", "count", "Of these, answered by one of its pools"),
)

ASSIGNED: Final = (
    REPLICATION,
    QUEUE,
    key("vendor", "int32", "id", "Vendor: row of the table `vendors`"),
    *OF_ASSIGNED,
)

#: Deferred visits that wait at midnight of the scenario's clock, at the ends of the counted days; every contact.
BACKLOG: Final = (
    REPLICATION,
    key("day", "int32", "index", "Instant: day after the end of the warm-up, from 0 (the end of the warm-up itself)"),
    FLOW,
    key("band", "int32", "index", "Age since joining the queue, see `AGE_BANDS`"),
    total("waiting", "count", "Deferred visits waiting"),
)

#: Cases that were not resolved at first contact (`cases_missed_first`), where they opened: how that contact ended.
MISSED_FIRST: Final = (
    REPLICATION,
    QUEUE,
    key("outcome", "int8", "code", "Outcome of the last visit of the contact, see `ccsim.records.outcomes`"),
    key("later", "int8", "0/1", "Whether it was not the first visit of its contact: it was escalated or transferred"),
    total("cases", "count", "Cases that their first contact with an agent did not resolve, or that ended without one"),
)

#: Contacts that are not the first of their case, counted contacts, where they arrived.
REPEATS: Final = (
    REPLICATION,
    QUEUE,
    key("reason", "int32", "code", "Why the customer came back, see `ccsim.records.outcomes.RETURN_REASONS`"),
    total("repeated", "count", "Contacts from customers that are not the first of their case"),
)

#: Cases that are open at midnight of the scenario's clock, at the ends of the counted days; every case.
OPEN_CASES: Final = (
    REPLICATION,
    key("day", "int32", "index", "Instant: day after the end of the warm-up, from 0 (the end of the warm-up itself)"),
    FLOW,
    key("band", "int32", "index", "Age since the first contact arrived, see `CASE_AGE_BANDS`"),
    total("cases", "count", "Cases between the arrival of their first contact and the end of their last"),
)

CASE_AGE_BANDS: Final = (0, 24, 72, 168)
"""Ages in hours at which a band of open cases begins: under 1 day, 1 to 3 days, 3 to 7 days, 7 days and more."""

AGE_BANDS: Final = (0, 4, 8, 24, 48, 120)
"""Ages in hours at which a band begins: under 4 h, 4 to 8 h, ..., 5 days and more."""

#: What was planned, the same in every replication: of all pools and intervals.
WORKFORCE_PLAN: Final = (
    INTERVAL,
    POOL,
    total("required_us", "us", "Agent time that the expected demand requires, by the method of `planning`"),
    total("rostered_us", "us", "Agent time of shifts, including breaks and planned time away; staffing as planned"),
    total(
        "scheduled_us",
        "us",
        "Agent time scheduled to be signed in: shifts less breaks and planned time away; or staffing",
    ),
)

#: Who answered whom: counted contacts.
OF_ROUTES: Final = (
    total("answered", "count", "Visits of the queue answered by the pool, counted contacts"),
    total("answered_at_once", "count", "Of these, without waiting"),
    total("talk_us", "us", "Talk of these that have ended"),
    total("wrap_up_us", "us", "Wrap-up of these that have ended"),
    total("served", "count", "Visits of the queue that the pool answered in the counted time, every contact"),
    total("held_us", "us", "Time in the counted time in which the pool held visits of the queue, every contact"),
    total("resolved", "count", "Visits answered by the pool, counted contacts, that resolved the case"),
    total("escalated", "count", "Visits that it escalated to the next tier"),
    total("unresolved", "count", "Visits that it closed unresolved"),
    total("transferred", "count", "Visits that it transferred to another workflow, or sent back to the tier before"),
    total("warm", "count", "Visits after whose talk its agent stayed with the customer (a warm transfer)"),
    total("warm_wait_us", "us", "Time that they stayed until the next agent answered, or the customer left"),
    total("hand_over_us", "us", "Hand-overs of its visits"),
    total("callbacks_reached", "count", "Answered visits whose customer was called back"),
    total("in_deadline", "count", "Answered visits of deferred work whose wait was within the deadline"),
    # then those answered within each threshold, without callbacks
)

ROUTES: Final = (REPLICATION, QUEUE, POOL, *OF_ROUTES)

HANDLED_BY_POOL: Final = (
    *("talk_us", "wrap_up_us", "resolved", "escalated", "unresolved", "transferred"),
    *("warm", "warm_wait_us", "hand_over_us"),
)
"""Sums of handled visits that are kept by the pool that answered, too: columns of `routes`."""

#: Ratings by the queue of a contact's last visit and the pool that answered it, if any, counted contacts.
RATINGS: Final = (
    REPLICATION,
    QUEUE,
    key("pool", "int32", "id", "Pool: row of the table `pools`; -1 where the contact ended with a bot"),
    *OF_RATINGS,
)

#: Waits of answered, counted visits in fixed bins, <= 1 % wide (see ccsim.results.bins).
WAITS: Final = (
    REPLICATION,
    FLOW,
    key("bin", "int32", "index", "Bin of the wait; its edges are given by `ccsim.results.bins`"),
    total("answered", "count", "Answered visits with a wait in the bin"),
)

#: One row a replication.
REPLICATIONS: Final = (
    REPLICATION,
    total("contacts", "count", "Contacts that arrived in the counted time, repeat contacts included"),
    total("cases", "count", "Cases opened by counted contacts"),
    total("open_at_end", "count", "Counted contacts that had not ended when the run ended"),
    total("events", "count", "Events simulated, warm-up and drain period included"),
    total("visits", "count", "Visits simulated, warm-up and drain period included"),
    total("end_us", "us", "When the run ended, since the start of the horizon"),
)

TABLES: Final = {
    "flow_intervals": FLOW_INTERVALS,
    "flow_calendar": FLOW_CALENDAR,
    "queue_sums": QUEUE_SUMS,
    "pool_intervals": POOL_INTERVALS,
    "pool_sums": POOL_SUMS,
    "shrinkage": SHRINKAGE,
    "routes": ROUTES,
    "assigned": ASSIGNED,
    "assigned_sums": ASSIGNED_SUMS,
    "first_answers": FIRST_ANSWERS,
    "pool_days": POOL_DAYS,
    "ratings": RATINGS,
    "waits": WAITS,
    "backlog": BACKLOG,
    "missed_first": MISSED_FIRST,
    "repeats": REPEATS,
    "open_cases": OPEN_CASES,
    "replications": REPLICATIONS,
    "queues": QUEUES,
    "flows": FLOWS,
    "pools": POOLS,
    "vendors": VENDORS,
    "assignees": ASSIGNEES,
    "shrinkage_causes": SHRINKAGE_CAUSES,
    "workforce_plan": WORKFORCE_PLAN,
    "visits": VISITS,
}
"""Columns by table."""

BY_INTERVAL: Final = ("flow_intervals", "flow_calendar", "pool_intervals")
"""Tables that grow with the horizon; written as they are made, read when somebody asks for them."""
