"""What a replication is added up into: the columns of the sums, what visits are added up by, and the arrays.

The columns that stand in tables as they are have their places from `ccsim.records.tables`; those from which tables are
made are numbered here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.kernel.layout import Ints
from ccsim.records.columns import place_of
from ccsim.records.tables import COHORT, OF_ASSIGNED, OF_ROUTES, WITHIN

# Columns of `Tally.sums` and of `Tally.queues`.
C_ARRIVED: Final = place_of(COHORT, "arrived")
C_REPEATED: Final = place_of(COHORT, "repeated")
C_BLOCKED: Final = place_of(COHORT, "blocked")
C_CLOSED: Final = place_of(COHORT, "closed")
C_BY_PEERS: Final = place_of(COHORT, "by_peers")
C_OFFERED: Final = place_of(COHORT, "offered")
C_WAITED: Final = place_of(COHORT, "waited")
C_ANSWERED: Final = place_of(COHORT, "answered")
C_ABANDONED: Final = place_of(COHORT, "abandoned")
C_MOVED_ON: Final = place_of(COHORT, "moved_on")
C_CLEARED: Final = place_of(COHORT, "cleared")
C_OPEN_WAITING: Final = place_of(COHORT, "open_waiting")
C_OPEN_IN_HAND: Final = place_of(COHORT, "open_in_hand")
C_WAIT_ANSWERED: Final = place_of(COHORT, "wait_answered_us")
C_WAIT_ABANDONED: Final = place_of(COHORT, "wait_abandoned_us")
C_WAIT_OTHER: Final = place_of(COHORT, "wait_other_us")
C_SQUARE_HIGH: Final = place_of(COHORT, "wait_answered_sq_hi")
C_SQUARE_LOW: Final = place_of(COHORT, "wait_answered_sq_lo")
C_SHORT: Final = place_of(COHORT, "short_abandoned")
C_TALK: Final = place_of(COHORT, "talk_us")
C_WRAP_UP: Final = place_of(COHORT, "wrap_up_us")
C_RESOLVED: Final = place_of(COHORT, "resolved")
C_ESCALATED: Final = place_of(COHORT, "escalated")
C_UNRESOLVED: Final = place_of(COHORT, "unresolved")
C_TRANSFERRED: Final = place_of(COHORT, "transferred")
C_RETURNING: Final = place_of(COHORT, "returning")
C_IN_DEADLINE: Final = place_of(COHORT, "in_deadline")
C_HELD_BACK: Final = place_of(COHORT, "held_back")
C_WAIT_HELD_BACK: Final = place_of(COHORT, "wait_held_back_us")
C_THRESHOLDS: Final = len(COHORT)  # then what is within each threshold; last of all the calendar's waiting time
PER_THRESHOLD: Final = len(WITHIN)
ANSWERED_WITHIN: Final = WITHIN.index("answered")
ABANDONED_WITHIN: Final = WITHIN.index("abandoned")

# Columns of `Tally.pools`.
B_SIGNED: Final = 0
B_IN_HAND: Final = 1
B_HELD: Final = 2
B_PAID: Final = 3
B_BREAK: Final = 4
B_ABSENT: Final = 5
B_OVERTIME: Final = 6
B_ANSWERED: Final = 7
B_ROUNDED: Final = 8  # what billing whole steps adds to stays
POOL_SUMS: Final = 9  # then the time in each class of premium, see `Rates`

# Columns of `Tally.routes`.
W_ANSWERED: Final = place_of(OF_ROUTES, "answered")
W_AT_ONCE: Final = place_of(OF_ROUTES, "answered_at_once")
W_TALK: Final = place_of(OF_ROUTES, "talk_us")
W_WRAP_UP: Final = place_of(OF_ROUTES, "wrap_up_us")
W_SERVED: Final = place_of(OF_ROUTES, "served")
W_HELD: Final = place_of(OF_ROUTES, "held_us")
ROUTE_SUMS: Final = len(OF_ROUTES)

# Columns of `Rates.of`.
RATE_PAID: Final = 0
RATE_OVERTIME: Final = 1

# Columns of `Tally.assigned`.
U_ASSIGNED: Final = place_of(OF_ASSIGNED, "assigned")
U_HANDLED: Final = place_of(OF_ASSIGNED, "handled_by_it")
ASSIGNED_SUMS: Final = len(OF_ASSIGNED)

# Columns of `Tally.totals`.
Y_CONTACTS: Final = 0
Y_CASES: Final = 1
Y_OPEN: Final = 2
Y_VISITS: Final = 3
Y_ROWS: Final = 4
TOTALS: Final = 5

WAIT_BINS: Final = 4352


class Rates(NamedTuple):
    """When which premium holds: the paid time of each pool is cut where one begins or ends."""

    first: Ints
    """[pools + 1] First row of each pool; a pool without premiums has none."""
    at: Ints
    """[rows] Instant from which on a row holds, until that of the next; the first of a pool is the start of the counted
    time."""
    of: Ints
    """[rows, 2] Class of premium of paid time, and of what overtime costs more than that; NONE without."""
    stepped: Ints
    """[pools] 1 where overtime is what is signed in beyond the plan: all time signed in is put into classes of
    overtime, and what was planned is taken off at the end."""
    billed_in: Ints
    """[pools] Step in which the paid time of a stay is billed, microseconds; 0 as it is."""


class Groups(NamedTuple):
    """What the visits are added up by; the same in every replication."""

    flow: Ints
    """[queues] Flow of each queue."""
    deadline: Ints
    """[queues] Time to answer of deferred work, FAR if none."""
    pool: Ints
    """[agents] Pool of each agent row."""
    vendor: Ints
    """[pools] Vendor of each pool, NONE without."""
    assigned: Ints
    """[lines] Vendor that visits on a line are assigned to, NONE without."""
    thresholds: Ints
    """[thresholds] Microseconds."""
    settings: Ints
    """[4] First counted instant, end of the counted length, report interval, short abandon."""
    rates: Rates


class Tally(NamedTuple):
    """The sums of one replication."""

    keys: Ints
    """[table] Open addressing: interval x flows + flow of a used place, NONE if free; a power of 2."""
    rows: Ints
    """[table] Row of `sums` of that place."""
    sums: Ints
    """[rows, columns] Sums by interval and flow; the first `totals[Y_ROWS]` rows are used."""
    row_keys: Ints
    """[rows] Key of each row of `sums`."""
    queues: Ints
    """[queues, columns] The same by queue, over the whole counted time."""
    pools: Ints
    """[intervals, pools, POOL_SUMS + classes of premium]"""
    shrinkage: Ints
    """[pools, causes] Time away."""
    routes: Ints
    """[queues, pools, ROUTE_SUMS]"""
    assigned: Ints
    """[queues, vendors, 2]"""
    waits: Ints
    """[flows, WAIT_BINS]"""
    totals: Ints
    """[TOTALS]"""
