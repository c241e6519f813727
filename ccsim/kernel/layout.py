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
BY_PEERS: Final = 10
TRANSFERRED: Final = 11

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
S_WAITED: Final = 14  # 1 if no agent was free at once, HELD_BACK if one was whom residency or certification forbids
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
S_LINE: Final = 25  # line that it stands on, or would stand on
SLOT_WIDTH: Final = 26

HELD_BACK: Final = 2

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
A_CAUSE: Final = 17  # why the break is taken
AGENT_WIDTH: Final = 18

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
L_KEY: Final = 3  # what its head is chosen by, the smallest first
L_RING: Final = 4  # rings that have opened to its head
LINE_WIDTH: Final = 5

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
N_VALUE: Final = 3  # planned end of the shift (NONE: away all day, as planned), or length of the break
N_PAID: Final = 4  # of a break 1 if it is paid; of a sign-in the paid time of the shift, for those who are absent
N_CAUSE: Final = 5  # why the break is taken, or why he is away all day
PLAN_WIDTH: Final = 6

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
V_LINE: Final = 13
LOG_WIDTH: Final = 14

# A row of the agents' log: a span of one agent.
E_POOL: Final = 0
E_WHAT: Final = 1
E_FROM: Final = 2
E_UNTIL: Final = 3
E_CAUSE: Final = 4
SPAN_WIDTH: Final = 5

SIGNED: Final = 0
IN_HAND: Final = 1
UNPAID_BREAK: Final = 2
PAID_BREAK: Final = 3
OVERTIME: Final = 4
ABSENT: Final = 5

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


# A queue, stream x tier: one cache line. What it shares with queues of its kind stands in `Kinds`.
Q_STREAM: Final = 0
Q_KIND: Final = 1
Q_WORK: Final = 2  # column of `Pools.pace`
Q_LINES: Final = 3  # first row of `Queues.line`: one, or one a vendor
Q_LINES_N: Final = 4
Q_TRANSFERS: Final = 5  # first row of `Queues.transfer`: the workflows of its kind's transfers
Q_GROUPS: Final = 6  # first row of `Queues.group`
Q_GROUPS_N: Final = 7
QUEUE_WIDTH: Final = 8


class Queues(NamedTuple):
    """One row a queue: stream x tier. An escalated visit goes to the queue that follows."""

    rows: Ints
    """[queues, QUEUE_WIDTH]"""
    line: Ints
    """[rows] Class of equal routing, its line."""
    line_share: Floats
    """[rows] Share of the vendor whose line it is."""
    line_vendor: Ints
    """[rows] 16 bits of the vendor's name: a word of the draw's counter."""
    transfer: Ints
    """[rows] Queues that transfers go to."""
    group: Ints
    """[rows] Groups that it belongs to."""


class Kinds(NamedTuple):
    """One row a kind of queues: handled alike, returning alike. There are few, so they stay in the cache."""

    talk_law: Ints
    wrap_law: Ints
    """[kinds] NONE if wrap-up is a share of talk."""
    wrap_share: Floats
    patience_law: Ints
    """[kinds] NONE if nobody leaves."""
    zero: Floats
    """[kinds] Share that leaves at once when nobody is free."""
    max_wait: Ints
    """[kinds] FAR if none."""
    escalated: Floats
    """[kinds] Share that goes on to the next queue."""
    resolved: Floats
    transferred: Floats
    """[kinds] Share that goes on to another workflow."""
    transfers: Ints
    """[kinds] First row of `transfer_until`."""
    transfer_until: Floats
    """[rows] Shares of the transfers, added up to here."""
    peers: Floats
    """[kinds] Share of first visits that other customers answer."""
    decides: Ints
    """[kinds] 1 if the outcome or a return is a matter of chance."""
    instant: Ints
    """[kinds] 1 if something depends on the instant at which a customer leaves the queue."""
    channel: Ints
    back_share: Floats
    """[kinds, reasons] Share that comes back."""
    back_law: Ints
    """[kinds, reasons] Law of the time until then, NONE if nobody does."""
    back_most: Ints
    """[kinds, reasons] Most contacts of a case after which it returns no more, FAR if no cap."""


#: Lines in one word of a pool's mask of lines that hold anybody: it stays a positive number of 64 bits.
SEATS: Final = 60


# A class of equal routing: it has one line.
C_LIVE: Final = 0
C_SHIFT: Final = 1  # added to the instant of joining: what contacts of equal rank are chosen by, the smallest first
C_UNITS: Final = 2  # units of an agent's capacity that a contact takes
C_POOLS: Final = 3  # first row of `Classes.pools`
C_POOLS_N: Final = 4
C_RINGS: Final = 5  # first row of `Classes.ring_after`
C_RINGS_N: Final = 6
C_SEATS: Final = 7  # first row of `Classes.seats`: a place on the list of every pool
C_SEATS_N: Final = 8
C_BARRED: Final = 9  # first row of `Classes.barred`
C_BARRED_N: Final = 10
CLASS_WIDTH: Final = 11

# A pool that serves a class; sorted by ring, rank, pool.
D_POOL: Final = 0
D_RANK: Final = 1  # equal numbers are equally preferred; rings are part of it
D_RING: Final = 2
ENTRY_WIDTH: Final = 3

# A class on the list of a pool; sorted by rank, live before deferred.
M_LINE: Final = 0
M_RANK: Final = 1  # equal numbers are equally urgent
M_RING: Final = 2  # ring at which the class opens to the pool
SERVED_WIDTH: Final = 3


class Classes(NamedTuple):
    """One row a class of equal routing: it has one line."""

    rows: Ints
    """[classes, CLASS_WIDTH]"""
    pools: Ints
    """[rows, ENTRY_WIDTH]"""
    ring_after: Ints
    """[rings] Time in the queue after which ring 1, 2, ... opens."""
    seats: Ints
    """[rows, 2] Row of `State.waiting`, and bit."""
    barred: Ints
    """[rows] Pools that only residency or certification forbids."""


PICK_LONGEST_IDLE: Final = 0
PICK_FEWEST_IN_HAND: Final = 1
PICK_LEAST_OCCUPIED: Final = 2
PICK_RANDOM: Final = 3


class Pools(NamedTuple):
    """One row a pool."""

    agents: Ints
    """[pools, 2] First agent row and number of agent rows."""
    lines: Ints
    """[pools, 2] First row and number of rows of `served`."""
    served: Ints
    """[rows, SERVED_WIDTH]"""
    words: Ints
    """[pools, 2] First row and number of rows of `State.waiting`: SEATS lines a row."""
    keep_free: Ints
    pace: Floats
    """[pools, work] Factor on talk and wrap-up."""
    capacity: Ints
    """[pools] Units of capacity of an agent; the same for all pools."""
    shares: Ints
    """[pools] 1 if agents can hold several contacts at different speeds or at all."""
    absence: Floats
    """[pools, causes] Share of the agents' days that they are away for a cause, drawn for each agent and day."""
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
    kinds: Kinds
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
    start_utc: Ints
    """[1] Start of the horizon: microseconds since 1970-01-01 UTC."""


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
    waiting: Ints
    """[words] Bit of every line that holds anybody, pool by pool, in the order of the pool's lines."""
    groups: Ints
    """[groups, GROUP_WIDTH]"""
    sources: Ints
    """[streams, SOURCE_WIDTH]"""
    source_keys: Ints
    """[streams, 2] Philox key of each stream in this replication."""
    pool_keys: Ints
    """[pools, 2] Philox key of each pool in this replication."""
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
