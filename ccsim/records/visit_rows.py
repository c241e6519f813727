"""The table of visits: one row a visit, on request."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import key
from ccsim.records.name_tables import QUEUE, REPLICATION

#: One row a visit, on request: every contact, warm-up included.
VISITS: Final = (
    REPLICATION,
    QUEUE,
    key("date", "int32", "days", "Local date of the case's arrival, days since 1970-01-01"),
    key("number", "int32", "index", "Number of the case among the arrivals of that date in `case_queue`, from 0"),
    key("contact", "int32", "index", "Contact of the case, from 0"),
    key("visit", "int32", "index", "Visit of the contact, from 0; -1 is the session with a bot before it"),
    key("counted", "int8", "0/1", "Whether its contact arrived in the counted length"),
    key("joined_us", "int64", "us", "Joined the queue (or was turned away), since the start of the horizon"),
    key(
        "left_us",
        "int64",
        "us",
        "Left the queue: answered, abandoned, ...; for open visits when the run ended; of a session when it began",
    ),
    key("ended_us", "int64", "us", "End of talk, or of the session; equal to left_us where nobody answered"),
    key("wrapped_us", "int64", "us", "End of wrap-up; equal to ended_us without"),
    key("pool", "int32", "id", "Pool that answered, -1 if none"),
    key("agent", "int32", "index", "Number of the agent in the pool, -1 if none"),
    key("waited", "int8", "0/1", "1 if it found no free agent on arrival"),
    key("callback", "int8", "0/1/2", "1 if a callback was offered, 2 if it was accepted; then left_us is the callback"),
    key("hung_up_us", "int64", "us", "When the customer stopped waiting: accepted a callback, for all others left_us"),
    key(
        "warm_wait_us", "int64", "us", "Of the talk: the agent stayed until the next one answered; -1: no warm transfer"
    ),
    key("hand_over_us", "int64", "us", "Of the talk: hand-over with the agent before, and with the next one"),
    key(
        "before_us", "int64", "us", "Wait in queues that the contact left for this one at their time-outs, just before"
    ),
    key("outcome", "int8", "code", "See `ccsim.records.outcomes`"),
    key("returning", "int8", "0/1", "Whether the customer comes back as a new contact"),
    key("rating", "int8", "of 5", "Rating of a counted contact, at its last visit; 0 where it is not rated"),
    key("case_queue", "int32", "id", "Queue that its case opened in (row of `queues`): with date and number, the case"),
)
