"""Where everything lies: the rules (read only), the state and the logs of the kernel.

Records are rows of int64 arrays, one column a field, because a contact's fields are used together: a record is two
or three cache lines. Times are microseconds since the start of the horizon; `NONE` is -1; `FAR` is later than all.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ccsim.draws.laws import Laws

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE: Final = -1
FAR: Final = 1 << 62

# Why `advance` stopped.
REACHED: Final = 0  # played everything before `until`
LOG_FULL: Final = 1  # flush the log or the spans, call again
SLOTS_FULL: Final = 2  # settle or grow the slots, call again
EVENTS_FULL: Final = 3  # grow the event list, call again

# Kinds of events, in the order of their precedence at one instant.
END_TALK: Final = 0
END_WRAP: Final = 1
AGENT: Final = 2
DOOR: Final = 3
RING: Final = 4
PATIENCE: Final = 5
DUE: Final = 6
ARRIVAL: Final = 7

# Outcomes of a visit, the codes of `results.schema.OUTCOMES`.
RESOLVED: Final = 0
ESCALATED: Final = 1
UNRESOLVED: Final = 2
ABANDONED: Final = 3
MOVED_ON: Final = 4
CLEARED: Final = 5
BLOCKED: Final = 6
CLOSED: Final = 7
OPEN_WAITING: Final = 8
OPEN_IN_HAND: Final = 9

# Reasons to return, the columns of `Queues.back_law`.
AFTER_RESOLVED: Final = 0
AFTER_UNRESOLVED: Final = 1
AFTER_ABANDON: Final = 2
AFTER_BLOCKED: Final = 3
AFTER_CLOSED: Final = 4

# A slot: one visit that has not ended, or a contact that is due.
S_STATE: Final = 0
S_QUEUE: Final = 1
S_DATE: Final = 2  # local date of the case's arrival, days since 1970-01-01
S_NUMBER: Final = 3  # number of the case among its stream's arrivals of that date
S_PLACE: Final = 4  # contact of the case << 16 | visit of the contact: a word of every draw's counter
S_COUNTED: Final = 5  # 1 if its contact arrived in the counted length
S_JOINED: Final = 6
S_LEFT: Final = 7  # answered
S_TALKED: Final = 8  # end of talk
S_LEAVES: Final = 9  # when patience or the longest wait ends, FAR if never
S_AGENT: Final = 10
S_NEXT: Final = 11  # next in the line, in the agent's hand, or on the free list
S_PREV: Final = 12
S_RING: Final = 13  # rings that have opened
S_WAITED: Final = 14
S_END: Final = 15  # when the current phase ends; an event at another instant is stale
S_REST: Final = 16  # work left in the current phase at S_SINCE, at full speed
S_SINCE: Final = 17
S_PPM: Final = 18  # speed now, parts per million
S_WRAP: Final = 19  # wrap-up work to come
S_OUTCOME: Final = 20
S_BACK: Final = 21  # 1 if the customer comes back
S_EVENTS: Final = 22  # events on the list that name this slot; it is free only at 0
S_TRACE: Final = 23  # row of the trace, NONE if drawn
S_MOVES_ON: Final = 24  # 1 if S_LEAVES is the longest wait, not patience
SLOT_WIDTH: Final = 25

# States of a slot.
FREE: Final = 0
WAITING: Final = 1
TALKING: Final = 2
WRAPPING: Final = 3
AWAY: Final = 4  # comes back later
JOINING: Final = 5
GONE: Final = 6  # ended, with events still on the list

# An agent.
A_POOL: Final = 0
A_STATE: Final = 1
A_HELD: Final = 2  # contacts in hand
A_USED: Final = 3  # units of capacity in use
A_SINCE: Final = 4  # when A_USED last changed, or signing in: the idle time
A_ON_SINCE: Final = 5  # signed in, or back from a break, since
A_BUSY_SINCE: Final = 6
A_BUSY: Final = 7  # time with something in hand since signing in, for the rule least_occupied
A_NEXT: Final = 8  # in the pool's list of agents with the same use
A_PREV: Final = 9
A_HAND: Final = 10  # first slot in hand
A_LEAVING: Final = 11  # 0, LEAVES or PAUSES once empty
A_PLANNED_END: Final = 12
A_BREAK: Final = 13  # length of the break to take once empty; on a break: when it ends
A_PAID: Final = 14  # how much of it is paid
A_STARTED: Final = 15  # first sign-in of this stay
A_LISTED: Final = 16  # 1 if in a list of its pool, LOOKING if free and about to look, 0 if not free
AGENT_WIDTH: Final = 17

# States of an agent, and what a leaving one will do.
OFF: Final = 0
ON: Final = 1
ON_BREAK: Final = 2
LEAVES: Final = 1
PAUSES: Final = 2
LOOKING: Final = 2

# A pool.
P_OPEN: Final = 0  # bit u: some listed agent uses u units
P_IDLE: Final = 1  # listed agents with nothing in hand
P_LEAVING: Final = 2  # surplus agents who go as they finish
P_SIGNED: Final = 3
P_FREE: Final = 4  # first unused agent row of a pool with staffing
POOL_WIDTH: Final = 5

# A line: contacts of one class in order of joining.
L_HEAD: Final = 0
L_TAIL: Final = 1
L_COUNT: Final = 2
LINE_WIDTH: Final = 3

# A queue group (door).
G_SYSTEM: Final = 0  # contacts waiting or talking
G_WAITING: Final = 1
G_OPEN: Final = 2
GROUP_WIDTH: Final = 3

# A stream's source of arrivals.
R_TIME: Final = 0  # next arrival, FAR if the day is over
R_NUMBER: Final = 1
R_DAY: Final = 2  # row of `Days`
R_PIECE: Final = 3  # piece of the day's curve
R_ROW: Final = 4  # next row of the trace
SOURCE_WIDTH: Final = 5

# A row of the plan: what is known beforehand about agents and doors.
N_TIME: Final = 0
N_WHAT: Final = 1
N_WHO: Final = 2  # pool (RISE, FALL), agent (the others), group (OPENS, CLOSES)
N_VALUE: Final = 3  # planned end of the shift, or length of the break
N_PAID: Final = 4
PLAN_WIDTH: Final = 5

RISE: Final = 0
FALL: Final = 1
SIGN_IN: Final = 2
SIGN_OUT: Final = 3
BREAK: Final = 4
CLOSES: Final = 5
OPENS: Final = 6

# A row of the log: one visit.
V_QUEUE: Final = 0
V_DATE: Final = 1
V_NUMBER: Final = 2
V_PLACE: Final = 3
V_COUNTED: Final = 4
V_JOINED: Final = 5
V_LEFT: Final = 6
V_TALKED: Final = 7
V_WRAPPED: Final = 8
V_AGENT: Final = 9
V_WAITED: Final = 10
V_OUTCOME: Final = 11
V_BACK: Final = 12
LOG_WIDTH: Final = 13

# A row of the agents' log: a span of one agent.
E_POOL: Final = 0
E_WHAT: Final = 1
E_FROM: Final = 2
E_UNTIL: Final = 3
SPAN_WIDTH: Final = 4

SIGNED: Final = 0
IN_HAND: Final = 1
UNPAID_BREAK: Final = 2
PAID_BREAK: Final = 3
OVERTIME: Final = 4

# Registers: the scalars of the state.
X_NOW: Final = 0
X_EVENTS_N: Final = 1  # entries of the event list
X_LOG_N: Final = 2
X_SPAN_N: Final = 3
X_FREE: Final = 4  # first free slot
X_FREE_N: Final = 5  # free slots
X_PLAN_N: Final = 6
X_PLAN_AT: Final = 7
X_JOIN: Final = 8  # pending: a slot that is about to join its queue
X_LOOK: Final = 9  # pending: an agent who looks for work
X_CLEAR: Final = 10  # pending: a group that is being cleared
X_WAITING: Final = 11  # contacts on all lines
X_COUNTED: Final = 12  # counted visits that have not ended
X_PLAYED: Final = 13  # events played
X_OFFER: Final = 14  # pending: a waiting slot to offer to agents (its ring opened)
REGISTERS: Final = 16


class Queues(NamedTuple):
    """One row a queue: stream x tier."""

    line: Ints
    """[queues] Class of equal routing, its line."""
    stream: Ints
    talk_law: Ints
    wrap_law: Ints
    """[queues] NONE if wrap-up is a share of talk."""
    wrap_share: Floats
    patience_law: Ints
    """[queues] NONE if nobody leaves."""
    zero: Floats
    """[queues] Share that leaves at once when nobody is free."""
    max_wait: Ints
    """[queues] FAR if none."""
    escalated: Floats
    """[queues] Share that goes on to `next_queue`."""
    resolved: Floats
    next_queue: Ints
    decides: Ints
    """[queues] 1 if the outcome or a return is a matter of chance."""
    instant: Ints
    """[queues] 1 if something depends on the instant at which a customer leaves the queue."""
    channel: Ints
    work: Ints
    """[queues] Column of `Pools.pace`."""
    groups: Ints
    """[queues, 2] First row and number of rows of `group_rows`."""
    group_rows: Ints
    back_share: Floats
    """[queues, reasons] Share that comes back."""
    back_law: Ints
    """[queues, reasons] Law of the time until then, NONE if nobody does."""
    back_most: Ints
    """[queues, reasons] Most contacts of a case after which it returns no more, FAR if no cap."""


class Classes(NamedTuple):
    """One row a class of equal routing: it has one line."""

    live: Ints
    head_start: Ints
    deadline: Ints
    pools: Ints
    """[classes, 2] First row and number of rows of the three arrays below."""
    pool: Ints
    pool_rank: Ints
    """[rows] Equal numbers are equally preferred; sorted by ring, rank, pool."""
    pool_ring: Ints
    rings: Ints
    """[classes, 2] First row and number of rows of `ring_after`."""
    ring_after: Ints
    """[rings] Time in the queue after which ring 1, 2, ... opens."""
    units: Ints
    """[classes] Units of an agent's capacity that a contact takes."""


PICK_LONGEST_IDLE: Final = 0
PICK_FEWEST_IN_HAND: Final = 1
PICK_LEAST_OCCUPIED: Final = 2
PICK_RANDOM: Final = 3


class Pools(NamedTuple):
    """One row a pool."""

    agents: Ints
    """[pools, 2] First agent row and number of agent rows."""
    lines: Ints
    """[pools, 2] First row and number of rows of the three arrays below."""
    line: Ints
    line_rank: Ints
    """[rows] Equal numbers are equally urgent; sorted by rank, live before deferred."""
    line_ring: Ints
    """[rows] Ring at which the class opens to the pool."""
    keep_free: Ints
    pace: Floats
    """[pools, work] Factor on talk and wrap-up."""
    capacity: Ints
    """[pools] Units of capacity of an agent; the same for all pools."""
    shares: Ints
    """[pools] 1 if agents can hold several contacts at different speeds or at all."""
    by_deadline: Ints
    """[1] 1 if among equals the earliest deadline goes first, else the longest wait."""
    speed: Ints
    """[channels, most in hand] Speed in parts per million when 1, 2, ... contacts are held."""


class Groups(NamedTuple):
    """One row a queue group."""

    lines: Ints
    """[groups] Most in system, FAR if no limit."""
    max_waiting: Ints
    clears: Ints
    """[groups] 1 if waiting live contacts are cleared when it closes."""
    first_line: Ints
    """[groups, 2] First row and number of rows of `line_rows`: its live lines."""
    line_rows: Ints


class Days(NamedTuple):
    """One row a stream and local date: the curve of its arrivals."""

    of_stream: Ints
    """[streams, 2] First row and number of rows; a traced stream has none."""
    start: Ints
    """[rows] Local midnight."""
    date: Ints
    """[rows] Days since 1970-01-01."""
    curve: Ints
    """[rows] Row of `curve_pieces`."""
    curve_pieces: Ints
    """[curves, 2] First row and number of pieces."""
    piece_from: Ints
    """[pieces] Start of the piece, since local midnight."""
    piece_end: Ints
    """[pieces] End of the piece, since local midnight."""
    piece_rate: Floats
    """[pieces] Contacts per microsecond at its start."""
    piece_slope: Floats
    """[pieces] Change of that rate per microsecond."""
    piece_until: Floats
    """[pieces] Contacts expected from midnight to its end."""


class Traces(NamedTuple):
    """Recorded contacts of all traced streams, one after the other."""

    of_stream: Ints
    """[streams, 2] First row and number of rows."""
    time: Ints
    date: Ints
    number: Ints
    talk: Ints
    """[rows] NONE where drawn."""
    wrap_up: Ints
    patience: Ints
    """[rows] NONE where drawn, FAR for never."""


class Rules(NamedTuple):
    """Everything that does not change in a play."""

    queues: Queues
    classes: Classes
    pools: Pools
    groups: Groups
    days: Days
    traces: Traces
    laws: Laws
    first_queue: Ints
    """[streams] Queue that a stream's contacts join."""
    counted: Ints
    """[2] Contacts that arrive from the first to before the second instant count."""
    pick: Ints
    """[1] How equals are chosen: PICK_*."""


class State(NamedTuple):
    """Everything that changes."""

    registers: Ints
    """[REGISTERS]"""
    event_time: Ints
    """[events] A 4-ary heap."""
    event_code: Ints
    """[events] Kind << 32 | slot or agent."""
    slots: Ints
    """[slots, SLOT_WIDTH]"""
    agents: Ints
    """[agents, AGENT_WIDTH]"""
    pools: Ints
    """[pools, POOL_WIDTH]"""
    listed: Ints
    """[pools x (units + 1), 2] First and last agent with a given use of capacity."""
    lines: Ints
    """[lines, LINE_WIDTH]"""
    groups: Ints
    """[groups, GROUP_WIDTH]"""
    sources: Ints
    """[streams, SOURCE_WIDTH]"""
    source_keys: Ints
    """[streams, 2] Philox key of each stream in this replication."""
    source_sum: Floats
    """[streams, 3] Contacts expected until the next arrival, 1 / day factor, the uniform of the next odd number."""
    winners: Ints
    """[2 x leaves] Tournament of the sources: [1] is the stream that arrives next."""
    plan: Ints
    """[rows, PLAN_WIDTH] Sorted by time and order of events."""
    log: Ints
    """[rows, LOG_WIDTH]"""
    spans: Ints
    """[rows, SPAN_WIDTH]"""
