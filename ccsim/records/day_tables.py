"""Columns of the tables of visits and cases by who was to answer them, and by who did."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import key, total
from ccsim.records.name_tables import ASSIGNEE, POOL, QUEUE, REPLICATION
from ccsim.records.satisfaction import RATED

DAY: Final = key(
    "day",
    "int32",
    "index",
    "Day of the report's clock, from 0 at the end of the warm-up; the number of days: after the counted time",
)

#: Visits by day, by whom they were assigned to and who answered, counted contacts: what service level, abandonment and
#: all that is counted of handled visits are made of by vendor, site and pool.
OF_ASSIGNEES: Final = (
    total("offered", "count", "Visits that joined the queue"),
    total("answered", "count", "Of these, visits that reached an agent while the customer waited, whoever answered"),
    total("callbacks_reached", "count", "Visits whose customer was called back and answered"),
    total("abandoned", "count", "Visits whose customer left the queue"),
    total("short_abandoned", "count", "Abandoned within `service_level.short_abandon`"),
    total("balked", "count", "Visits whose customer left at once at the announced wait"),
    total("open_waiting", "count", "Visits still waiting when the run ended"),
    total("not_reached", "count", "Callbacks given up, as no attempt was answered"),
    total("expired", "count", "Callbacks dropped, as no agent called in time"),
    total("in_deadline", "count", "Answered visits of deferred work whose wait was within the deadline"),
    total("talk_us", "us", "Talk of the answered visits that have ended"),
    total("wrap_up_us", "us", "Wrap-up of these"),
    total("resolved", "count", "Of these, visits that resolved the case"),
    total("escalated", "count", "Visits that were escalated to the next tier"),
    total("unresolved", "count", "Visits that were closed unresolved"),
    total("transferred", "count", "Visits that were transferred to another workflow, or sent back to the tier before"),
    total("warm", "count", "Visits after whose talk the agent stayed with the customer (a warm transfer)"),
    total("warm_wait_us", "us", "Time that they stayed until the next agent answered, or the customer left"),
    total("hand_over_us", "us", "Hand-overs of these visits"),
    # then what is within each threshold
)

ASSIGNED_SUMS: Final = (
    REPLICATION,
    DAY,
    ASSIGNEE,
    key("pool", "int32", "id", "Pool that answered: row of the table `pools`; -1 where nobody did"),
    *OF_ASSIGNEES,
)

#: Cases by the pool of their first visit that an agent answered, where the case opened; cases of counted contacts.
OF_FIRST_ANSWERS: Final = (
    total("cases", "count", "Cases whose first contact with an agent has ended, by who answered it"),
    total("cases_missed_first", "count", "Of these, cases that this contact did not resolve"),
    total("first_contacts", "count", "First contacts of a case that have ended and that an agent answered"),
    total("followed", "count", "Of these, contacts that another follows within `cases.repeat_window` of their end"),
    total("further_contacts", "count", "Contacts of the cases after the first one with an agent, by whatever channel"),
)
FIRST_ANSWERS: Final = (REPLICATION, QUEUE, POOL, *OF_FIRST_ANSWERS)

#: Cases and ratings by day and pool: cases on the day on which they opened, ratings on that on which the last visit of
#: the contact joined its queue.
OF_POOL_DAYS: Final = (*OF_FIRST_ANSWERS, *RATED)
POOL_DAYS: Final = (REPLICATION, DAY, POOL, *OF_POOL_DAYS)
