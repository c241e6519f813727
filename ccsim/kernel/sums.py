"""What a replication is added up into: the columns of the sums, what visits are added up by, and the arrays.

The columns that stand in tables as they are have their places from `ccsim.records.tables`; those from which tables are
made are numbered here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.kernel.arrays import WorkingClocks
from ccsim.kernel.cache_lines import in_lines
from ccsim.kernel.layout import Floats, Ints
from ccsim.records.columns import place_of
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.satisfaction import FACTORS, RATED
from ccsim.records.tables import COHORT, OF_ROUTES, WITHIN

RARE: Final = 1 << 16
"""Columns from here on stand in the tables of what is rare, at the place that is beyond it.

A line of the cache that is not found in it costs more than all that is added to it. So what most visits touch stands
together, at the beginning of rows that begin with a line, and what a scenario does not use lies in memory that nobody
touches.
"""

_BY_ROUTE: Final = ("answered", "talk_us", "wrap_up_us", "resolved", "in_deadline")
"""What is counted by interval and by who answered whom: what a queue has of it is the sum of its pools."""
_COHORT_OFTEN: Final = (
    *("arrived", "offered", "wait_answered_us", "resolution_ms"),
    *("waited", "wait_answered_sq_hi", "wait_answered_sq_lo", "waiting_us"),
    *_BY_ROUTE,
    *("abandoned", "wait_abandoned_us", "short_abandoned"),
    *("repeated", "returning", "escalated", "unresolved", "transferred", "further_contacts", "followed", "reopened"),
    *("cases_missed_first", "cases_given_up", "cases_resolved_elsewhere"),
)
"""A line for every visit, half a line for its end in its interval, then what does not simply end a case."""
_COHORT_RARE: Final = tuple(column.name for column in COHORT if column.name not in _COHORT_OFTEN)


def _cohort(name: str) -> int:
    """Where a column of the cohort stands."""
    return _COHORT_OFTEN.index(name) if name in _COHORT_OFTEN else RARE + _COHORT_RARE.index(name)


# Columns of `Tally.sums` and of `Tally.queues`, and of those of what is rare.
COHORT_ARRIVED: Final = _cohort("arrived")
COHORT_REPEATED: Final = _cohort("repeated")
COHORT_BLOCKED: Final = _cohort("blocked")
COHORT_OFFERED: Final = _cohort("offered")
COHORT_WAITED: Final = _cohort("waited")
COHORT_ANSWERED: Final = _cohort("answered")
COHORT_ABANDONED: Final = _cohort("abandoned")
COHORT_OPEN_WAITING: Final = _cohort("open_waiting")
COHORT_OPEN_IN_HAND: Final = _cohort("open_in_hand")
COHORT_WAIT_ANSWERED: Final = _cohort("wait_answered_us")
COHORT_WAIT_ABANDONED: Final = _cohort("wait_abandoned_us")
COHORT_WAIT_OTHER: Final = _cohort("wait_other_us")
COHORT_SQUARE_HIGH: Final = _cohort("wait_answered_sq_hi")
COHORT_SQUARE_LOW: Final = _cohort("wait_answered_sq_lo")
COHORT_SHORT: Final = _cohort("short_abandoned")
COHORT_TALK: Final = _cohort("talk_us")
COHORT_WRAP_UP: Final = _cohort("wrap_up_us")
COHORT_RESOLVED: Final = _cohort("resolved")
COHORT_ESCALATED: Final = _cohort("escalated")
COHORT_UNRESOLVED: Final = _cohort("unresolved")
COHORT_TRANSFERRED: Final = _cohort("transferred")
COHORT_RETURNING: Final = _cohort("returning")
COHORT_IN_DEADLINE: Final = _cohort("in_deadline")
COHORT_HELD_BACK: Final = _cohort("held_back")
COHORT_WAIT_HELD_BACK: Final = _cohort("wait_held_back_us")
COHORT_REOPENED: Final = _cohort("reopened")
COHORT_CALLBACKS_OFFERED: Final = _cohort("callbacks_offered")
COHORT_CALLBACKS: Final = _cohort("callbacks")
COHORT_CALLBACKS_REACHED: Final = _cohort("callbacks_reached")
COHORT_CALLBACK_ATTEMPTS: Final = _cohort("callback_attempts")
COHORT_WAIT_CALLBACK: Final = _cohort("wait_callback_us")
COHORT_WARM: Final = _cohort("warm")
COHORT_WARM_WAIT: Final = _cohort("warm_wait_us")
COHORT_HAND_OVER: Final = _cohort("hand_over_us")
COHORT_GIVEN_UP: Final = _cohort("cases_given_up")
COHORT_CASES_OPEN: Final = _cohort("cases_open")
COHORT_CASES_YOUNG: Final = _cohort("cases_young")
COHORT_CASES_LATE: Final = _cohort("cases_late")
COHORT_RESOLUTION: Final = _cohort("resolution_ms")
COHORT_RESOLVED_ELSEWHERE: Final = _cohort("cases_resolved_elsewhere")
COHORT_WITHOUT_AGENT: Final = _cohort("cases_without_agent")
COHORT_MISSED_FIRST: Final = _cohort("cases_missed_first")
COHORT_NO_ANSWER_YET: Final = _cohort("cases_unanswered")
COHORT_FIRST_OPEN: Final = _cohort("first_contacts_open")
COHORT_FOLLOWED: Final = _cohort("followed")
COHORT_SESSIONS: Final = _cohort("sessions")
COHORT_OPEN_IN_SESSION: Final = _cohort("open_in_session")
COHORT_SESSION: Final = _cohort("session_us")
COHORT_CONTAINED: Final = _cohort("contained")
COHORT_FALSELY_CONTAINED: Final = _cohort("falsely_contained")
COHORT_FOLLOWED_24H: Final = _cohort("false_followed_24h")
COHORT_FOLLOWED_7D: Final = _cohort("false_followed_7d")
COHORT_FREE_OF_CHARGE: Final = _cohort("free_of_charge")
COHORT_LEFT_BOT: Final = _cohort("left_bot")
COHORT_HANDED_OFF: Final = _cohort("handed_off")
COHORT_WITH_CONTEXT: Final = _cohort("with_context")
COHORT_SESSIONS_FULL: Final = _cohort("sessions_full")
COHORT_DEFLECTED: Final = _cohort("deflected")
COHORT_FURTHER: Final = _cohort("further_contacts")
COHORT_STOPPED: Final = _cohort("cases_stopped")
COHORT_RATED: Final = _cohort("rated")  # the others of RATED follow; by queue they are the sums of `Tally.ratings`
COHORT_WAITING: Final = _COHORT_OFTEN.index("waiting_us")  # the calendar's
COHORT_THRESHOLDS: Final = len(_COHORT_OFTEN)  # then what is beyond each threshold; last of all time of sessions
COHORT_RARE: Final = len(_COHORT_RARE)
COHORT_RARE_WIDTH: Final = in_lines(COHORT_RARE)
OF_OUTCOME: Final = tuple(_cohort(name) for name in OUTCOMES)
"""Where each outcome is counted, by its code."""
COHORT_PLACES: Final = tuple(_cohort(column.name) for column in COHORT)
"""Where each column of the cohort stands."""
PER_THRESHOLD: Final = len(WITHIN)
# Most visits are within the first threshold, so what is counted is what is beyond one and within the next, if there is
# one; `ccsim.engine.sum_tables` makes of it what is within each.
ANSWERED_BEYOND: Final = WITHIN.index("answered")
ABANDONED_BEYOND: Final = WITHIN.index("abandoned")

# Columns of `Tally.pools`: first what every answer touches.
STAFF_HELD: Final = 0
STAFF_ANSWERED: Final = 1
STAFF_SIGNED: Final = 2
STAFF_IN_HAND: Final = 3
STAFF_UNPAID: Final = 4  # breaks; all other time that is signed in, on a break or absent is paid
STAFF_BREAK: Final = 5
STAFF_ABSENT: Final = 6
STAFF_OVERTIME: Final = 7
STAFF_ROUNDED: Final = 8  # what billing whole steps adds to stays
STAFF_SUMS: Final = 9  # then the time in each class of premium, see `Rates`

_ROUTE_OFTEN: Final = (
    *("answered", "answered_at_once", "talk_us", "wrap_up_us", "served", "held_us", "resolved", "cases"),
    *("first_contacts", "in_deadline"),
)
_ROUTE_COLUMNS: Final = tuple(column.name for column in (*OF_ROUTES, *OF_FIRST_ANSWERS))
_ROUTE_SOMETIMES: Final = (
    "escalated",
    "unresolved",
    "transferred",
    "cases_missed_first",
    "followed",
    "further_contacts",
)
_ROUTE_RARE: Final = (
    *_ROUTE_SOMETIMES,
    *(name for name in _ROUTE_COLUMNS if name not in (*_ROUTE_OFTEN, *_ROUTE_SOMETIMES)),
)


def _route(name: str) -> int:
    """Where a column of who answered whom, or of first answers, stands."""
    return _ROUTE_OFTEN.index(name) if name in _ROUTE_OFTEN else RARE + _ROUTE_RARE.index(name)


# Columns of `Tally.routes`, and of those of what is rare.
ROUTE_ANSWERED: Final = _route("answered")
ROUTE_AT_ONCE: Final = _route("answered_at_once")
ROUTE_TALK: Final = _route("talk_us")
ROUTE_WRAP_UP: Final = _route("wrap_up_us")
ROUTE_SERVED: Final = _route("served")
ROUTE_HELD: Final = _route("held_us")
ROUTE_RESOLVED: Final = _route("resolved")
ROUTE_ESCALATED: Final = _route("escalated")
ROUTE_UNRESOLVED: Final = _route("unresolved")
ROUTE_TRANSFERRED: Final = _route("transferred")
ROUTE_WARM: Final = _route("warm")
ROUTE_WARM_WAIT: Final = _route("warm_wait_us")
ROUTE_HAND_OVER: Final = _route("hand_over_us")
ROUTE_CALLED_BACK: Final = _route("callbacks_reached")
ROUTE_IN_DEADLINE: Final = _route("in_deadline")
ROUTE_THRESHOLDS: Final = len(_ROUTE_OFTEN)  # then what is answered beyond each threshold
ROUTE_RARE: Final = len(_ROUTE_RARE)
ROUTE_RARE_WIDTH: Final = in_lines(ROUTE_RARE)
ROUTE_PLACES: Final = tuple(_route(column.name) for column in OF_ROUTES)
"""Where each column of `routes` stands."""
COHORT_OF_ROUTES: Final = tuple((_cohort(name), _route(name)) for name in _BY_ROUTE)
"""Where what is counted by interval and by who answered whom stands in both."""

# Columns of `Rates.of`.
RATE_PAID: Final = 0
RATE_OVERTIME: Final = 1

# Columns of first answers, in `Tally.routes`.
FIRST_CASES: Final = _route("cases")
FIRST_MISSED: Final = _route("cases_missed_first")
FIRST_LATER: Final = _route("first_contacts")  # most cases are answered first in theirs: counted is where it was later
FIRST_FOLLOWED: Final = _route("followed")
FIRST_FURTHER: Final = _route("further_contacts")
FIRST_PLACES: Final = tuple(_route(column.name) for column in OF_FIRST_ANSWERS)
"""Where each column of `first_answers` stands."""

# Columns of `Tally.ratings`: two lines. What is expected is made of them: the same base of each, and its parts.
RATING_RATED: Final = place_of(RATED, "rated")
RATING_SATISFIED: Final = place_of(RATED, "satisfied")
RATING_SCORE: Final = place_of(RATED, "score")
RATING_PROMOTERS: Final = place_of(RATED, "promoters")
RATING_DETRACTORS: Final = place_of(RATED, "detractors")
RATING_RESPONDED: Final = place_of(RATED, "responded")
RATING_RESPONDED_SATISFIED: Final = place_of(RATED, "responded_satisfied")
RATING_PARTS: Final = len(RATED)  # one a factor
RATING_SUMS: Final = RATING_PARTS + len(FACTORS)
RATING_WIDTH: Final = in_lines(RATING_SUMS)

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
TOTAL_OPEN: Final = 0
TOTAL_VISITS: Final = 1
TOTAL_ROWS: Final = 2
TOTAL_ROUTES: Final = 3
TOTAL_DAYS: Final = 4
TOTALS: Final = 5

# Columns of `Groups.queues`: a line of the cache.
OF_FLOW: Final = 0
OF_DEADLINE: Final = 1  # time to answer of deferred work, FAR if none
OF_CLOCK: Final = 2  # working clock by which that time runs, NONE: the plain one
OF_HOME: Final = 3  # the first queue of its stream and severity: where contacts come in that begin in a wrong queue
OF_SEVERITY: Final = 4  # see `Groups.severity`
OF_CASE_CLOCK: Final = 5  # working clock by which the time to resolve runs, NONE: the plain one
OF_FIRST_TIER: Final = 6  # 1 if it is of the first tier of its workflow
OF_FREE_WITHIN: Final = 7  # time after a contained session within which a contact makes it free of charge; NONE: never
OF_WIDTH: Final = 8

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
    of_group: Floats
    """[workflows, groups] What the vendor and the pool add that answered, with its skill in the workflow; a group: the
    agents of a pool, or those of one tenure in it."""
    workflow_of: Ints
    """[queues] Workflow of each queue, as `of_group` numbers them."""
    group_of: Ints
    """[agents] Group of each agent."""
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

    queues: Ints
    """[queues, OF_WIDTH]"""
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
    day_of: Ints
    """[intervals + 1] Day of the report's clock in which each report interval begins; last: after the counted time."""
    thresholds: Ints
    """[thresholds] Microseconds, rising."""
    settings: Ints
    """[6] First counted instant, end of the counted length, report interval, short abandon, time within which cases are
    to be resolved, time within which a first contact is followed."""
    case_queue: Ints
    """[streams] Queue that the cases of a stream begin in: of those of its severities, the first."""
    midnights: Ints
    """[midnights] Midnights of the scenario's clock in the counted time, its ends included."""
    rates: Rates
    ratings: Ratings

    @property
    def flow(self) -> Ints:
        """[queues] Flow of each queue."""
        return self.queues[:, OF_FLOW]

    @property
    def severity(self) -> Ints:
        """[queues] Queues of its stream that stand before those of its severity: also of any other stream's in which a
        case of the same severity opens, the queues before that in which it does."""
        return self.queues[:, OF_SEVERITY]


class Tally(NamedTuple):
    """The sums of one replication."""

    flow_rows: Ints
    """[intervals, flows] Row of `sums`, 0 where there is none yet; intervals after the counted time are added as they
    are needed."""
    sums: Ints
    """[rows, columns] Sums by interval and flow; the first row is of none, then `totals[TOTAL_ROWS]` are used."""
    rare: Ints
    """[rows, COHORT_RARE_WIDTH] What is rare in them."""
    row_keys: Ints
    """[rows] Interval x flows + flow of each row of `sums`."""
    queues: Ints
    """[queues, columns] The same by queue, over the whole counted time, but for what `routes` have of it."""
    rare_queues: Ints
    """[queues, COHORT_RARE_WIDTH] What is rare in them."""
    pools: Ints
    """[intervals, pools, STAFF_SUMS + classes of premium]"""
    shrinkage: Ints
    """[pools, causes] Time away."""
    route_rows: Ints
    """[queues, pools + 1] Row of `routes` and of `ratings`, 0 where there is none yet; the last pool is nobody."""
    routes: Ints
    """[1 + queues x (pools + 1), ROUTE_THRESHOLDS + thresholds] Who answered whom, and cases by the queue that they
    opened in and the pool that first answered; the first row is of no queue, then `totals[TOTAL_ROUTES]` are used."""
    rare_routes: Ints
    """[1 + queues x (pools + 1), ROUTE_RARE_WIDTH] What is rare in them."""
    route_keys: Ints
    """[1 + queues x (pools + 1)] Queue x (pools + 1) + pool of each row of `routes`."""
    assigned: Ints
    """[queues, vendors, 2] Visits that were assigned to a vendor, and those of them that it answered."""
    day_rows: Ints
    """[days + 1, assignees, pools + 1] Row of `days`, 0 where there is none yet; the last pool is nobody."""
    days: Ints
    """[rows, PER_THRESHOLD x thresholds + DAY_SUMS] Visits by day, whom they were assigned to and who answered; the
    first row is of nobody, then `totals[TOTAL_DAYS]` rows are used."""
    day_keys: Ints
    """[rows] Place in `day_rows` of each row of `days`."""
    pool_days: Ints
    """[(days + 1) x pools, POOL_DAY_WIDTH] Cases and ratings by day and pool."""
    ratings: Ints
    """[1 + queues x (pools + 1), RATING_WIDTH] Ratings by queue and pool, in the rows of `routes`; those of bots are
    nobody's. One row where nothing is rated."""
    rating_keys: Ints
    """[streams, 2] Philox key of each stream in this replication, of no stream where nothing is rated."""
    moved: Floats
    """[factors + 1] Room for what moves one rating; last what is expected of a contact that nothing has moved."""
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
