"""Where everything lies in the records of the kernel: columns, and the codes that stand in them.

Records are rows of int64 arrays, so that an answer touches few cache lines. The prefix of a column says of which record
it is; `_N` is a number of rows. Times are microseconds since the start of the horizon; `NONE` is -1; `FAR` after all.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.records.outcomes import reason

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE: Final = -1
FAR: Final = 1 << 62

# Why `advance` stopped.
REACHED: Final = 0  # simulated everything before `until`
LOG_FULL: Final = 1  # flush the log or the spans, call again
SLOTS_FULL: Final = 2  # settle or grow the slots, call again
EVENTS_FULL: Final = 3  # grow the event list, call again
OTHER_WIDTHS: Final = 4  # records are not as wide as the kernel was compiled for

# Room that one step may need. `advance` asks for it before each, so that no step has to.
LOG_ROOM: Final = 5
SPAN_ROOM: Final = 8
SLOT_ROOM: Final = 4
EVENT_ROOM: Final = 80  # the ends of all contacts in an agent's hand may move at once: at most 60 (units of capacity)

# Kinds of events, by precedence at one instant.
END_TALK: Final = 0
END_HOLD: Final = 1  # of the visit whose agent hands a customer over
END_WRAP: Final = 2
END_BREAK: Final = 3
BREAK_DUE: Final = 4  # a break at random falls due
PLANNED: Final = 5  # a row of the plan
OVERFLOW: Final = 6  # an overflow step opens to a waiting visit
OFFER: Final = 7  # a callback is offered to who still waits, or the hours end in which it may be made
PATIENCE: Final = 8
END_SESSION: Final = 9
DUE: Final = 10
ARRIVAL: Final = 11

# Reasons to return, the columns of `Kinds.back_law`.
AFTER_RESOLVED: Final = reason("after_resolved")
AFTER_UNRESOLVED: Final = reason("after_unresolved")
AFTER_ABANDON: Final = reason("after_abandon")
AFTER_BLOCKED: Final = reason("after_blocked")
AFTER_CLOSED: Final = reason("after_closed")
AFTER_CONTAINED: Final = reason("after_contained")

# A slot: one visit that has not ended, or a contact that is due. Three cache lines: what an event asks first, what
# names the visit and is logged, the rest. A visit waits or is in hand, so two columns mean two things.
VISIT_PHASE: Final = 0
VISIT_EVENTS: Final = 1  # events on the list that name this slot; it is free only at 0
VISIT_END: Final = 2  # when the current phase ends; an event at another instant is stale
VISIT_QUEUE: Final = 3
VISIT_AGENT: Final = 4
VISIT_WRAP: Final = 5  # wrap-up work to come
VISIT_LINE: Final = 6  # line that it stands on, or would stand on
VISIT_NEXT: Final = 7  # next in the line, in the agent's hand, or on the free list
VISIT_DATE: Final = 8  # stream of the case << 32 | local date of its arrival, days since 1970-01-01 (32 bits)
VISIT_NUMBER: Final = 9  # number of the case among its stream's arrivals of that date
VISIT_PLACE: Final = 10  # contact of the case << 16 | visit of the contact (SESSION: with a bot): a word of every draw
VISIT_COUNTED: Final = 11  # CONTACT_COUNTS, CASE_COUNTS: what arrived in the counted length, its contact and its case
VISIT_JOINED: Final = 12
VISIT_LEFT: Final = 13  # left the queue: answered, or lost
VISIT_TALKED: Final = 14  # end of talk
VISIT_WAITED: Final = 15  # 1 if no agent was free at once, HELD_BACK if one in a barred pool was; and flags
VISIT_OUTCOME: Final = 16
VISIT_BACK: Final = 17  # 1 + the time until the customer comes back, 0 if they do not, STOPPED if they may not
VISIT_TRACE: Final = 18  # row of the trace, NONE if drawn
VISIT_OVERFLOW: Final = 19  # overflow steps that have opened
VISIT_MOVES_ON: Final = 20  # 1 if VISIT_LEAVES is the longest wait, not patience
VISIT_HUNG_UP: Final = 20  # of a callback: VISIT_JOINED is what gives its place, this the other of joining, accepting
VISIT_LEAVES: Final = 21  # waiting: when patience or the longest wait ends, FAR if never
VISIT_PREV: Final = 22  # waiting: the one before in the line
VISIT_REST: Final = 21  # in hand: work left in the current phase at VISIT_SINCE, at full speed
VISIT_SINCE: Final = 22  # in hand
VISIT_PPM: Final = 23  # speed now, parts per million
VISIT_WIDTH: Final = 24
CONTACT_COUNTS: Final = 1
CASE_COUNTS: Final = 2
COUNTS: Final = CONTACT_COUNTS | CASE_COUNTS
CASE_KEPT: Final = (
    4  # flag of VISIT_COUNTED: the row of its case is in use; without, the visit is the first of its case
)
STOPPED: Final = -1  # a return was drawn that the cap forbids
HELD_BACK: Final = 2
LAID_DOWN: Final = 4  # flag of VISIT_WAITED: laid down at the end of a shift
OFFERED: Final = 8  # flag of it where a callback was offered
CALLBACK: Final = 16  # flag of it where that was accepted
NO_ANSWER: Final = 32  # flag of it while an attempt is made that nobody answers
FROM_BOT: Final = 64  # flags of it: handed off by a bot, with context, or it found all its sessions taken
WITH_CONTEXT: Final = 128
SESSIONS_FULL: Final = 256
RETURNED: Final = 512  # times 1 + the reason why the customer came back, where it is not the first of its case
RETURNS: Final = 7 * RETURNED
HANDS_OVER: Final = 4096  # flags of it: its agent stays with the customer; the customer comes with such an agent
HANDED_OVER: Final = 8192
TIMED_OUT: Final = 16384  # flags of it: it comes from another queue at its time-out; no agent has had the contact yet
UNREACHED: Final = 32768
ATTEMPT: Final = 65536  # added to it for every attempt that nobody answered
OF_BOT: Final = FROM_BOT | WITH_CONTEXT | SESSIONS_FULL | RETURNS
SESSION: Final = 0xFFFF  # visit of a contact: its session with a bot, before the first with agents, which is 0

# What is kept of a visit that was laid down, in the row of its slot.
LAID_PHASE: Final = 0  # TALKING or WRAPPING
LAID_REST: Final = 1  # work left in it, at full speed
LAID_AT: Final = 2  # when it was laid down, or taken up, the last time
LAID_TALK: Final = 3  # time that it lay there during talk, and during wrap-up
LAID_WRAP: Final = 4
LAID_WIDTH: Final = 8

# What is kept of a warm transfer, in the rows of the slots of both visits.
WARM_FROM: Final = 0  # slot of the visit whose agent stays, in the row of the one that follows
WARM_HELD: Final = 1  # of the first: time from its end of talk until somebody answered, or the customer was lost
WARM_HAND_OVER: Final = 2  # length of the hand-over
WARM_WIDTH: Final = 3

# What is kept of the case of a visit, or of a contact that is due, in the row of its slot: from its second visit on.
CASE_OPENED: Final = 0  # when its first contact arrived
CASE_HANDLED: Final = 1  # earlier contacts that reached an agent
CASE_FIRST: Final = 2  # pool of its first visit that an agent answered, NONE without
CASE_WIDTH: Final = 3

# What is kept of a contact that goes on as a further visit, in the row of its slot: of its earlier visits.
LIVED_WAIT: Final = 0  # wait of live work
LIVED_WAIT_DEFERRED: Final = 1
LIVED_TRANSFERS: Final = 2  # the other visits before this one were escalated or requeued
LIVED_TRANSLATED: Final = 3  # visits that were translated
LIVED_BOT: Final = 4  # flags of OF_BOT of its first visit
LIVED_REQUEUED: Final = 5
LIVED_WIDTH: Final = 6

# Phases of a contact, with what ends each.
FREE: Final = 0  # no contact
WAITING: Final = 1  # in line, until an agent, the end of patience, closing
TALKING: Final = 2  # until the end of talk
WRAPPING: Final = 3  # until the end of wrap-up
AWAY: Final = 4  # until it comes back
JOINING: Final = 5  # on its way to a queue, in this instant
GONE: Final = 6  # ended, with events still on the list
IN_SESSION: Final = 7  # with a bot, until the session ends
HOLDING: Final = 8  # after talk, until the customer is handed over to the next tier

# An agent: three cache lines, the last only for breaks and signing out. Who is on a break or about to take one is on
# no list, so two columns mean two things.
AGENT_POOL: Final = 0
AGENT_HELD: Final = 1  # contacts in hand
AGENT_USED: Final = 2  # units of capacity in use
AGENT_SINCE: Final = 3  # when AGENT_USED last changed, or signing in: the idle time
AGENT_LISTED: Final = 4  # 1 if in a list of its pool, LOOKING if free and about to look, 0 if not free
AGENT_LEAVING: Final = 5  # 0, LEAVES or PAUSES once empty
AGENT_NEXT: Final = 6  # in the pool's list of agents with the same use
AGENT_PREV: Final = 7
AGENT_PAID: Final = 6  # break: how much of it is paid
AGENT_CAUSE: Final = 7  # break: why it is taken
AGENT_STATE: Final = 8
AGENT_HAND: Final = 9  # first slot in hand
AGENT_BUSY_SINCE: Final = 10
AGENT_BUSY: Final = 11  # time with something in hand since signing in, for the rule least_occupied
AGENT_ON_SINCE: Final = 12  # signed in, or back from a break, since
AGENT_PLANNED_END: Final = 13
AGENT_BREAK: Final = 14  # length of the break to take once empty, or once idle; on a break: when it ends
AGENT_STARTED: Final = 15  # first sign-in of this stay
AGENT_UNPAID: Final = 16  # unpaid breaks of this stay
AGENT_TWIN: Final = 17  # another row of the same person, in a pool for other work, in a ring; NONE where there is none
AGENT_NEXT_ROW: Final = 18  # twin who signs in once this one has signed out
AGENT_NEXT_BREAK: Final = 19  # when the next break at random falls due; FAR: none does
AGENT_AT_RANDOM: Final = 20  # 1 if the break that is due, or taken, is one at random
AGENT_DRAWN: Final = 21  # of the last break at random that was drawn: UTC date << 32 | number on that date
AGENT_WIDTH: Final = 24

# States of an agent, and what a leaving one will do.
OFF: Final = 0
ON: Final = 1
ON_BREAK: Final = 2
LEAVES: Final = 1
PAUSES: Final = 2
LOOKING: Final = 2

# A pool.
POOL_OPEN: Final = 0  # bit u: some listed agent uses u units
POOL_IDLE: Final = 1  # listed agents with nothing in hand; who is LOOKING is not among them
POOL_LEAVING: Final = 2  # surplus agents who go as they finish
POOL_SIGNED: Final = 3
POOL_FREE: Final = 4  # first unused agent row of a pool with staffing
POOL_ON: Final = 5  # agents on the line: signed in and on no break
POOL_WIDTH: Final = 6

# Breaks at random of a pool.
BREAKS_EVERY: Final = 0  # law of the time until one is due, NONE if the pool has none
BREAKS_LENGTH: Final = 1  # law of its length
BREAKS_IDLE: Final = 2  # 1 if it begins only when nobody waits either
BREAKS_PAID: Final = 3
BREAKS_WIDTH: Final = 4

# A line: contacts of one class in order of joining. Who looks over the lines sees what heads are chosen by, no visit.
LINE_HEAD: Final = 0
LINE_TAIL: Final = 1
LINE_COUNT: Final = 2
LINE_OVERFLOW: Final = 3  # overflow steps that have opened to its head
LINE_CALLBACKS: Final = 4  # of LINE_COUNT: customers who are called back
LINE_WIDTH: Final = 8  # a cache line

# A queue group, the entry point of its queues.
GROUP_SYSTEM: Final = 0  # contacts waiting or talking
GROUP_WAITING: Final = 1
GROUP_OPEN: Final = 2
GROUP_WIDTH: Final = 3

# An entry of the event list: two words, so that four children of the heap are one cache line.
EVENT_TIME: Final = 0
EVENT_CODE: Final = 1  # kind << 32 | slot or agent
EVENT_WIDTH: Final = 2

# A stream's source of arrivals: one cache line.
SOURCE_TIME: Final = 0  # next arrival, FAR if the day is over
SOURCE_NUMBER: Final = 1
SOURCE_PIECE: Final = 2  # piece of the day's curve
SOURCE_ROW: Final = 3  # next row of the trace, NONE if its contacts are drawn
SOURCE_DATE: Final = 4  # of drawn ones: what `Days` says of the open day, and the pieces of its curve
SOURCE_MIDNIGHT: Final = 5
SOURCE_FIRST_PIECE: Final = 6
SOURCE_LAST_PIECE: Final = 7
SOURCE_WIDTH: Final = 8

# A row of the plan: what is known beforehand about agents and queue groups.
PLAN_TIME: Final = 0
PLAN_WHAT: Final = 1
PLAN_WHO: Final = 2  # pool (STAFF_UP, STAFF_DOWN), agent (the others), group (OPENS, CLOSES)
PLAN_VALUE: Final = 3  # planned end of the shift (NONE: away all day, as planned), or length of the break
PLAN_PAID: Final = 4  # of a break 1 if it is paid; of a sign-in the paid time of the shift, for those who are absent
PLAN_CAUSE: Final = 5  # why of a break, or of a day away; of a sign-in by how many dates its shift began earlier
CAUSE_BREAK: Final = 0  # cause of breaks, the first of the causes
PLAN_WIDTH: Final = 6
STAFF_UP: Final = 0
STAFF_DOWN: Final = 1
SIGN_IN: Final = 2
SIGN_OUT: Final = 3
BREAK: Final = 4
CLOSES: Final = 5
OPENS: Final = 6

# A row of the log: one visit.
LOG_QUEUE: Final = 0
LOG_DATE: Final = 1  # as VISIT_DATE
LOG_NUMBER: Final = 2
LOG_PLACE: Final = 3
LOG_COUNTED: Final = 4
LOG_JOINED: Final = 5
LOG_LEFT: Final = 6
LOG_TALKED: Final = 7
LOG_WRAPPED: Final = 8
LOG_AGENT: Final = 9
LOG_WAITED: Final = 10
LOG_OUTCOME: Final = 11
LOG_BACK: Final = 12
LOG_LINE: Final = 13  # once it is added up: NONE - its rating, 1 to 5, if its contact is rated
LOG_OPENED: Final = 14
LOG_BOT: Final = 15  # flags of OF_BOT
LOG_HANDLED: Final = 16  # NONE: what has come of the case stands in a row of its own
LOG_FIRST: Final = 17  # pool of the first visit of its case that an agent answered, this one included; NONE without
LOG_ON_PHONE: Final = 18  # of a callback: the wait until it was accepted
LOG_HELD: Final = 19  # how long its agent stayed until the next one answered; NONE if the customer was not handed over
LOG_HAND_OVER: Final = 20  # hand-over in it, of both visits
LOG_BEFORE: Final = 21  # wait in the queues that the contact left for this one at their time-outs
LOG_BUSY: Final = 22  # 1: its agent was busy from its answer to its end and no longer; then no span says so
LOG_WIDTH: Final = 23

# Rows of the log that are no visits, told by LOG_OUTCOME: parts of visits that were laid down.
PART_HELD: Final = 100  # in the hand of LOG_AGENT from LOG_LEFT to LOG_WRAPPED
PART_WAITED: Final = 101  # lay in its queue from LOG_JOINED to LOG_LEFT
PART_WHOLE: Final = 102  # not in hand from LOG_LEFT to LOG_WRAPPED, talk shorter by LOG_TALKED, wrap-up by LOG_BACK
PART_CASE: Final = 103  # of a contact when the run ends: LOG_WAITED is its outcome, OPEN_WAITING if it is due
# A contact's last visit again, if not its first: LOG_WAITED its outcome, LOG_OPENED and LOG_HANDLED the waits before it
# (live, deferred), LOG_BACK, LOG_LINE, LOG_BEFORE of transferred, translated, requeued visits, LOG_BOT of the first
PART_RATED: Final = 110

# A row of the agents' log: a span of one agent.
SPAN_POOL: Final = 0
SPAN_WHAT: Final = 1
SPAN_FROM: Final = 2
SPAN_UNTIL: Final = 3
SPAN_CAUSE: Final = 4
SPAN_WIDTH: Final = 5
SIGNED: Final = 0
IN_HAND: Final = 1  # with something in hand, unless the row of a visit says it: LOG_BUSY
UNPAID_BREAK: Final = 2
PAID_BREAK: Final = 3
OVERTIME: Final = 4
ABSENT: Final = 5
STAY: Final = 6  # from signing in to signing out, its unpaid breaks in SPAN_CAUSE; for vendors that bill by the stay

# Registers: the scalars of the state. What an event sets in motion is noted in those that are pending and done at one
# place of the loop: each bulky step is compiled into it once, and can be resumed after a pause to make room.
REGISTER_NOW: Final = 0
REGISTER_EVENTS_N: Final = 1  # entries of the list of events
REGISTER_LOG_N: Final = 2
REGISTER_SPAN_N: Final = 3
REGISTER_FREE: Final = 4  # first free slot
REGISTER_FREE_N: Final = 5  # free slots
REGISTER_PLAN_N: Final = 6
REGISTER_PLAN_AT: Final = 7  # next row of the plan
PENDING_JOIN: Final = 8  # a slot that is about to join its queue
PENDING_LOOK: Final = 9  # an agent who looks for work
PENDING_CLEAR: Final = 10  # a group that is being cleared
REGISTER_WAITING: Final = 11  # contacts on all lines
REGISTER_COUNTED: Final = 12  # visits, and contacts that are due, of counted contacts and cases that have not ended
REGISTER_SIMULATED: Final = 13  # events simulated
PENDING_OFFER: Final = 14  # a waiting slot to offer to agents: an overflow step has opened to it
REGISTER_DUES_N: Final = 15  # entries of the list of returns that are due
REGISTERS: Final = 16

# A queue, stream x tier: one cache line. What it shares with queues of its kind stands in `Kinds`.
QUEUE_STREAM: Final = 0
QUEUE_KIND: Final = 1
QUEUE_WORK: Final = 2  # column of `Pools.pace`
QUEUE_LINES: Final = 3  # first row of `Queues.line`: one, or one a vendor
QUEUE_LINES_N: Final = 4
QUEUE_TRANSFERS: Final = 5  # first row of `Queues.transfer`: the workflows of its kind's transfers
QUEUE_GROUPS: Final = 6  # first row of `Queues.group`
QUEUE_GROUPS_N: Final = 7
QUEUE_WIDTH: Final = 8

# The severities of a stream's cases: a stream has its queues once for each.
SEVERITY_UNTIL: Final = 0  # first row of `Severities.until`
SEVERITY_N: Final = 1  # rows of it; 0 where its cases have none
SEVERITY_QUEUES: Final = 2  # queues of one severity
SEVERITY_WIDTH: Final = 3

SEATS: Final = 60  # lines in one word of a pool's mask of lines that hold anybody: a positive number of 64 bits

# A class of equal routing: it has one line.
# Two cache lines; the second is for contacts that wait.
CLASS_LIVE: Final = 0
CLASS_SHIFT: Final = 1  # added to the instant of joining: what contacts of equal rank are chosen by, the smallest first
CLASS_UNITS: Final = 2  # units of an agent's capacity that a contact takes
CLASS_POOLS: Final = 3  # first row of `Classes.pools`
CLASS_POOLS_N: Final = 4
CLASS_SEATS: Final = 5  # first row of `Classes.seats`: a place on the list of every pool
CLASS_SEATS_N: Final = 6
CLASS_CLOCK: Final = 7  # working clock by which CLASS_SHIFT is added, NONE: the plain one
CLASS_OVERFLOWS: Final = 8  # first row of `Classes.overflow_after`
CLASS_OVERFLOWS_N: Final = 9
CLASS_BARRED: Final = 10  # first row of `Classes.barred`
CLASS_BARRED_N: Final = 11
CLASS_LAID: Final = 12  # 1 if its contacts may be laid down at the end of a shift
CLASS_CALLBACKS: Final = 13  # line of its callbacks that are taken when agents are idle, NONE without
CLASS_OF_CALLBACKS: Final = 14  # 1 if it is such a line
CLASS_WIDTH: Final = 16

# An eligible pool of a class; sorted by overflow step, rank, pool.
ENTRY_POOL: Final = 0
ENTRY_RANK: Final = 1  # equal numbers are equally preferred; overflow steps are part of it
ENTRY_OVERFLOW: Final = 2
ENTRY_WIDTH: Final = 3

# A class on the list of a pool; sorted by rank, live before deferred.
SERVED_LINE: Final = 0
SERVED_RANK: Final = 1  # equal numbers are equally urgent
SERVED_OVERFLOW: Final = 2  # overflow step at which the class opens to the pool
SERVED_WIDTH: Final = 3

# What customers of a kind of queues do at the announced wait.
TOLD_HOW: Final = 0
TOLD_ROW: Final = 1  # law, or first row of `Announced.above`
TOLD_STEPS: Final = 2
TOLD_WIDTH: Final = 3
TOLD_NOTHING: Final = 0
TOLD_SHARES: Final = 1  # a share leaves at once, in steps of the announced wait
TOLD_LAW: Final = 2  # leave if it is longer than a time that is drawn
TOLD_PATIENCE: Final = 3  # leave if it is longer than their patience

PICK_LONGEST_IDLE: Final = 0
PICK_FEWEST_IN_HAND: Final = 1
PICK_LEAST_OCCUPIED: Final = 2
PICK_RANDOM: Final = 3
