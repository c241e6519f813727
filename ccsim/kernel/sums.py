"""What a replication is added up into: the columns of the sums, what visits are added up by, and the arrays.

The columns that stand in tables as they are have their places from `ccsim.records.tables`; those from which tables are
made are numbered here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.kernel.arrays import WorkingClocks
from ccsim.kernel.layout import Floats, Ints
from ccsim.records.columns import place_of
from ccsim.records.satisfaction import FACTORS, OF_RATINGS
from ccsim.records.tables import COHORT, OF_ASSIGNED, OF_ASSIGNEES, OF_FIRST_ANSWERS, OF_ROUTES, WITHIN

# Columns of `Tally.sums` and of `Tally.queues`.
COHORT_ARRIVED: Final = place_of(COHORT, "arrived")
COHORT_REPEATED: Final = place_of(COHORT, "repeated")
COHORT_BLOCKED: Final = place_of(COHORT, "blocked")
COHORT_CLOSED: Final = place_of(COHORT, "closed")
COHORT_BY_PEERS: Final = place_of(COHORT, "by_peers")
COHORT_OFFERED: Final = place_of(COHORT, "offered")
COHORT_WAITED: Final = place_of(COHORT, "waited")
COHORT_ANSWERED: Final = place_of(COHORT, "answered")
COHORT_ABANDONED: Final = place_of(COHORT, "abandoned")
COHORT_BALKED: Final = place_of(COHORT, "balked")
COHORT_MOVED_ON: Final = place_of(COHORT, "moved_on")
COHORT_CLEARED: Final = place_of(COHORT, "cleared")
COHORT_REQUEUED: Final = place_of(COHORT, "requeued")
COHORT_OPEN_WAITING: Final = place_of(COHORT, "open_waiting")
COHORT_OPEN_IN_HAND: Final = place_of(COHORT, "open_in_hand")
COHORT_WAIT_ANSWERED: Final = place_of(COHORT, "wait_answered_us")
COHORT_WAIT_ABANDONED: Final = place_of(COHORT, "wait_abandoned_us")
COHORT_WAIT_OTHER: Final = place_of(COHORT, "wait_other_us")
COHORT_SQUARE_HIGH: Final = place_of(COHORT, "wait_answered_sq_hi")
COHORT_SQUARE_LOW: Final = place_of(COHORT, "wait_answered_sq_lo")
COHORT_SHORT: Final = place_of(COHORT, "short_abandoned")
COHORT_TALK: Final = place_of(COHORT, "talk_us")
COHORT_WRAP_UP: Final = place_of(COHORT, "wrap_up_us")
COHORT_RESOLVED: Final = place_of(COHORT, "resolved")
COHORT_ESCALATED: Final = place_of(COHORT, "escalated")
COHORT_UNRESOLVED: Final = place_of(COHORT, "unresolved")
COHORT_TRANSFERRED: Final = place_of(COHORT, "transferred")
COHORT_RETURNING: Final = place_of(COHORT, "returning")
COHORT_IN_DEADLINE: Final = place_of(COHORT, "in_deadline")
COHORT_HELD_BACK: Final = place_of(COHORT, "held_back")
COHORT_WAIT_HELD_BACK: Final = place_of(COHORT, "wait_held_back_us")
COHORT_REOPENED: Final = place_of(COHORT, "reopened")
COHORT_CALLBACKS_OFFERED: Final = place_of(COHORT, "callbacks_offered")
COHORT_CALLBACKS: Final = place_of(COHORT, "callbacks")
COHORT_CALLBACKS_REACHED: Final = place_of(COHORT, "callbacks_reached")
COHORT_CALLBACK_ATTEMPTS: Final = place_of(COHORT, "callback_attempts")
COHORT_NOT_REACHED: Final = place_of(COHORT, "not_reached")
COHORT_EXPIRED: Final = place_of(COHORT, "expired")
COHORT_WAIT_CALLBACK: Final = place_of(COHORT, "wait_callback_us")
COHORT_WARM: Final = place_of(COHORT, "warm")
COHORT_WARM_WAIT: Final = place_of(COHORT, "warm_wait_us")
COHORT_HAND_OVER: Final = place_of(COHORT, "hand_over_us")
COHORT_GIVEN_UP: Final = place_of(COHORT, "cases_given_up")
COHORT_CASES_OPEN: Final = place_of(COHORT, "cases_open")
COHORT_CASES_YOUNG: Final = place_of(COHORT, "cases_young")
COHORT_CASES_LATE: Final = place_of(COHORT, "cases_late")
COHORT_RESOLUTION: Final = place_of(COHORT, "resolution_ms")
COHORT_RESOLVED_ELSEWHERE: Final = place_of(COHORT, "cases_resolved_elsewhere")
COHORT_WITHOUT_AGENT: Final = place_of(COHORT, "cases_without_agent")
COHORT_MISSED_FIRST: Final = place_of(COHORT, "cases_missed_first")
COHORT_NO_ANSWER_YET: Final = place_of(COHORT, "cases_unanswered")
COHORT_FIRST_OPEN: Final = place_of(COHORT, "first_contacts_open")
COHORT_FOLLOWED: Final = place_of(COHORT, "followed")
COHORT_SESSIONS: Final = place_of(COHORT, "sessions")
COHORT_OPEN_IN_SESSION: Final = place_of(COHORT, "open_in_session")
COHORT_SESSION: Final = place_of(COHORT, "session_us")
COHORT_CONTAINED: Final = place_of(COHORT, "contained")
COHORT_FALSELY_CONTAINED: Final = place_of(COHORT, "falsely_contained")
COHORT_FOLLOWED_24H: Final = place_of(COHORT, "false_followed_24h")
COHORT_FOLLOWED_7D: Final = place_of(COHORT, "false_followed_7d")
COHORT_FREE_OF_CHARGE: Final = place_of(COHORT, "free_of_charge")
COHORT_LEFT_BOT: Final = place_of(COHORT, "left_bot")
COHORT_HANDED_OFF: Final = place_of(COHORT, "handed_off")
COHORT_WITH_CONTEXT: Final = place_of(COHORT, "with_context")
COHORT_SESSIONS_FULL: Final = place_of(COHORT, "sessions_full")
COHORT_DEFLECTED: Final = place_of(COHORT, "deflected")
COHORT_FURTHER: Final = place_of(COHORT, "further_contacts")
COHORT_STOPPED: Final = place_of(COHORT, "cases_stopped")
COHORT_RATED: Final = place_of(COHORT, "rated")  # the first columns of OF_RATINGS stand there in the same order
COHORT_THRESHOLDS: Final = len(COHORT)  # then what is within each threshold; last of all the calendar's: waiting time,
# time of sessions
PER_THRESHOLD: Final = len(WITHIN)
ANSWERED_WITHIN: Final = WITHIN.index("answered")
ABANDONED_WITHIN: Final = WITHIN.index("abandoned")

# Columns of `Tally.pools`.
STAFF_SIGNED: Final = 0
STAFF_IN_HAND: Final = 1
STAFF_HELD: Final = 2
STAFF_PAID: Final = 3
STAFF_BREAK: Final = 4
STAFF_ABSENT: Final = 5
STAFF_OVERTIME: Final = 6
STAFF_ANSWERED: Final = 7
STAFF_ROUNDED: Final = 8  # what billing whole steps adds to stays
STAFF_SUMS: Final = 9  # then the time in each class of premium, see `Rates`

# Columns of `Tally.routes`.
ROUTE_ANSWERED: Final = place_of(OF_ROUTES, "answered")
ROUTE_AT_ONCE: Final = place_of(OF_ROUTES, "answered_at_once")
ROUTE_TALK: Final = place_of(OF_ROUTES, "talk_us")
ROUTE_WRAP_UP: Final = place_of(OF_ROUTES, "wrap_up_us")
ROUTE_SERVED: Final = place_of(OF_ROUTES, "served")
ROUTE_HELD: Final = place_of(OF_ROUTES, "held_us")
ROUTE_RESOLVED: Final = place_of(OF_ROUTES, "resolved")
ROUTE_ESCALATED: Final = place_of(OF_ROUTES, "escalated")
ROUTE_UNRESOLVED: Final = place_of(OF_ROUTES, "unresolved")
ROUTE_TRANSFERRED: Final = place_of(OF_ROUTES, "transferred")
ROUTE_WARM: Final = place_of(OF_ROUTES, "warm")
ROUTE_WARM_WAIT: Final = place_of(OF_ROUTES, "warm_wait_us")
ROUTE_HAND_OVER: Final = place_of(OF_ROUTES, "hand_over_us")
ROUTE_CALLED_BACK: Final = place_of(OF_ROUTES, "callbacks_reached")
ROUTE_IN_DEADLINE: Final = place_of(OF_ROUTES, "in_deadline")
ROUTE_SUMS: Final = len(OF_ROUTES)  # then what is answered within each threshold

# Columns of `Rates.of`.
RATE_PAID: Final = 0
RATE_OVERTIME: Final = 1

# Columns of `Tally.assigned`.
VENDOR_ASSIGNED: Final = place_of(OF_ASSIGNED, "assigned")
VENDOR_HANDLED: Final = place_of(OF_ASSIGNED, "handled_by_it")
VENDOR_SUMS: Final = len(OF_ASSIGNED)

# Columns of `Tally.assignees`.
ASSIGNEE_OFFERED: Final = place_of(OF_ASSIGNEES, "offered")
ASSIGNEE_ANSWERED: Final = place_of(OF_ASSIGNEES, "answered")
ASSIGNEE_CALLED_BACK: Final = place_of(OF_ASSIGNEES, "callbacks_reached")
ASSIGNEE_ABANDONED: Final = place_of(OF_ASSIGNEES, "abandoned")
ASSIGNEE_SHORT: Final = place_of(OF_ASSIGNEES, "short_abandoned")
ASSIGNEE_BALKED: Final = place_of(OF_ASSIGNEES, "balked")
ASSIGNEE_WAITING: Final = place_of(OF_ASSIGNEES, "open_waiting")
ASSIGNEE_NOT_REACHED: Final = place_of(OF_ASSIGNEES, "not_reached")
ASSIGNEE_EXPIRED: Final = place_of(OF_ASSIGNEES, "expired")
ASSIGNEE_IN_DEADLINE: Final = place_of(OF_ASSIGNEES, "in_deadline")
ASSIGNEE_SUMS: Final = len(OF_ASSIGNEES)  # then what is within each threshold, as in the sums of visits

# Columns of `Tally.first_answers`.
FIRST_CASES: Final = place_of(OF_FIRST_ANSWERS, "cases")
FIRST_MISSED: Final = place_of(OF_FIRST_ANSWERS, "cases_missed_first")
FIRST_CONTACTS: Final = place_of(OF_FIRST_ANSWERS, "first_contacts")
FIRST_FOLLOWED: Final = place_of(OF_FIRST_ANSWERS, "followed")
FIRST_FURTHER: Final = place_of(OF_FIRST_ANSWERS, "further_contacts")
FIRST_SUMS: Final = len(OF_FIRST_ANSWERS)

# Columns of `Tally.ratings`.
RATING_RATED: Final = place_of(OF_RATINGS, "rated")
RATING_SATISFIED: Final = place_of(OF_RATINGS, "satisfied")
RATING_SCORE: Final = place_of(OF_RATINGS, "score")
RATING_PROMOTERS: Final = place_of(OF_RATINGS, "promoters")
RATING_DETRACTORS: Final = place_of(OF_RATINGS, "detractors")
RATING_RESPONDED: Final = place_of(OF_RATINGS, "responded")
RATING_RESPONDED_SATISFIED: Final = place_of(OF_RATINGS, "responded_satisfied")
RATING_EXPECTED: Final = place_of(OF_RATINGS, "expected_e9")
RATING_BASE: Final = place_of(OF_RATINGS, "base_e9")
RATING_PARTS: Final = place_of(OF_RATINGS, f"{FACTORS[0].name}_e9")  # one a factor
RATING_SUMS: Final = len(OF_RATINGS)

# Places in `Ratings.weights`.
WEIGHT_LIVE: Final = 0  # a microsecond of wait of live work
WEIGHT_DEFERRED: Final = 1  # and of deferred work
WEIGHT_UNRESOLVED: Final = 2
WEIGHT_REPEAT: Final = 3
WEIGHT_TRANSFERRED: Final = 4  # each transfer
WEIGHT_ESCALATED: Final = 5  # each escalation
WEIGHT_TRANSLATED: Final = 6
WEIGHT_HANDED_OFF: Final = 7  # by a bot
WEIGHT_AFTER_BOT: Final = 8  # where a bot had contained the contact before it, falsely
WEIGHT_CONTAINED: Final = 9  # of a session that is rated
WEIGHT_LEFT: Final = 10
WEIGHTS: Final = 11

BY_ODDS: Final = 0  # laws of ratings
BY_POINTS: Final = 1

# Columns of `Tally.totals`.
TOTAL_CONTACTS: Final = 0
TOTAL_CASES: Final = 1
TOTAL_OPEN: Final = 2
TOTAL_VISITS: Final = 3
TOTAL_ROWS: Final = 4
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
    """[pools] 1 where overtime is what is there beyond the plan: all time signed in and on breaks is put into classes
    of overtime, and what was planned is taken off at the end."""
    billed_in: Ints
    """[pools] Step in which the paid time of a stay is billed, microseconds; 0 as it is."""


class Ratings(NamedTuple):
    """How contacts are rated by what was lived through: an ordered logit of log odds, or the rating that is expected,
    in points."""

    law: Ints
    """[1] BY_ODDS or BY_POINTS."""
    base: Floats
    """[1] Of a first contact that is answered at once and resolved; [0] where nothing is rated."""
    weights: Floats
    """[WEIGHTS] What each thing adds."""
    of_queue: Floats
    """[queues] What the workflow and the channel add."""
    of_pool: Floats
    """[pools + 1] What the vendor and the pool add; the last is 0, for bots."""
    sessions: Ints
    """[1] 1 if contacts that end with a bot are rated."""
    cuts: Floats
    """[4] Log odds at which 2, 3, 4 and 5 of 5 are as likely as not; in points the rating below each."""
    nps: Floats
    """[2] The same of no detractor, and of a promoter."""
    response: Floats
    """[2] Share of the not satisfied, and of the satisfied, who answer the survey."""
    live: Ints
    """[queues] 1 if its customers are there while they wait."""
    translated: Ints
    """[queues, pools + 1] 1 if the pool does not speak the customer's language; 0 in the last, for bots."""


class Groups(NamedTuple):
    """What the visits are added up by; the same in every replication."""

    flow: Ints
    """[queues] Flow of each queue."""
    deadline: Ints
    """[queues] Time to answer of deferred work, FAR if none."""
    clock: Ints
    """[queues] Working clock by which that time runs, NONE: the plain one."""
    working: WorkingClocks
    pool: Ints
    """[agents] Pool of each agent row."""
    vendor: Ints
    """[pools] Vendor of each pool, NONE without."""
    assigned: Ints
    """[lines] Vendor that visits on a line are assigned to, NONE without."""
    assignee: Ints
    """[queues, vendors + 1] Assignee of the visits of a queue that are assigned to a vendor, and last of those of no
    vendor; NONE where there are no such visits."""
    thresholds: Ints
    """[thresholds] Microseconds."""
    settings: Ints
    """[6] First counted instant, end of the counted length, report interval, short abandon, time within which cases are
    to be resolved, time within which a first contact is followed."""
    case_queue: Ints
    """[streams] Queue that the cases of a stream begin in: of those of its severities, the first."""
    home: Ints
    """[queues] The first queue of its stream and severity: where contacts come in that begin in a wrong queue."""
    severity: Ints
    """[queues] Queues of its stream that stand before those of its severity: also of any other stream's in which a
    case of the same severity opens, the queues before that in which it does."""
    case_clock: Ints
    """[queues] Working clock by which the time to resolve runs, NONE: the plain one."""
    midnights: Ints
    """[midnights] Midnights of the scenario's clock in the counted time, its ends included."""
    first_tier: Ints
    """[queues] 1 if it is of the first tier of its workflow."""
    free_within: Ints
    """[queues] Time after a contained session within which a contact makes it free of charge; NONE: never."""
    rates: Rates
    ratings: Ratings


class Tally(NamedTuple):
    """The sums of one replication."""

    keys: Ints
    """[table] Open addressing: interval x flows + flow of a used place, NONE if free; a power of 2."""
    rows: Ints
    """[table] Row of `sums` of that place."""
    sums: Ints
    """[rows, columns] Sums by interval and flow; the first `totals[TOTAL_ROWS]` rows are used."""
    row_keys: Ints
    """[rows] Key of each row of `sums`."""
    queues: Ints
    """[queues, columns] The same by queue, over the whole counted time."""
    pools: Ints
    """[intervals, pools, STAFF_SUMS + classes of premium]"""
    shrinkage: Ints
    """[pools, causes] Time away."""
    routes: Ints
    """[queues, pools, ROUTE_SUMS + thresholds]"""
    assigned: Ints
    """[queues, vendors, 2]"""
    assignees: Ints
    """[assignees, ASSIGNEE_SUMS + PER_THRESHOLD x thresholds]"""
    first_answers: Ints
    """[queues, pools, FIRST_SUMS] Of cases, by the queue that they opened in and the pool that first answered."""
    ratings: Ints
    """[queues, pools + 1, RATING_SUMS], of no queue where nothing is rated; the last is of bots."""
    rating_keys: Ints
    """[streams, 2] Philox key of each stream in this replication, of no stream where nothing is rated."""
    moved: Floats
    """[factors] Room for what moves one rating."""
    waits: Ints
    """[flows, WAIT_BINS]"""
    missed_first: Ints
    """[queues, 2 x OUTCOMES, 1] Cases that are not resolved at first contact, by the outcome of its last visit and
    whether that was not its first with agents."""
    repeats: Ints
    """[queues, RETURN_REASONS, 1] Contacts that are not the first of their case."""
    open_cases: Ints
    """[midnights, flows, CASE_AGE_BANDS] Cases that were open then, by the flow in which they opened."""
    totals: Ints
    """[TOTALS]"""
