"""The arrays that the kernel works on: the rules (read only) and the state; their columns stand in `layout`."""

from __future__ import annotations

from typing import NamedTuple

from ccsim.draws.law_codes import Laws
from ccsim.kernel.kinds import Kinds
from ccsim.kernel.layout import Floats, Ints
from ccsim.kernel.misroute_rows import Misroutes
from ccsim.kernel.time_out_rows import TimeOuts


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
    """[rows] Queues that transfers go to, then wrong ones that contacts may begin in."""
    group: Ints
    """[rows] Groups that it belongs to."""


class QualityRows(NamedTuple):
    """How a visit of a kind of queues is handled, and what comes of it, by who handles it and when; no rows where
    nobody differs. Between two dates of `since` all moves evenly; before the first and after the last it stays."""

    since: Ints
    """[dates] Rising, the first is -FAR; twice the same where something begins all at once."""
    of_agent: Ints
    """[agents] Row of the others: that of their pool, or of their tenure there."""
    pace: Floats
    """[rows, kinds, dates] Factor on talk and wrap-up, beside that of the pool."""
    escalated: Floats
    """[rows, kinds, dates] Share that goes on to the next queue."""
    resolved_from: Floats
    """[rows, kinds, dates] Uniform number from which on it is resolved, ..."""
    resolved_until: Floats
    """[rows, kinds, dates] ... and up to which."""
    transferred: Floats
    """[rows, kinds, dates] Share that goes on to another workflow, or to the tier before."""


class Bots(NamedTuple):
    """One row a bot."""

    share: Floats
    """[bots] Share of the contacts that meet it."""
    start: Ints
    """[bots] Instant from which on contacts meet it."""
    ramp: Ints
    """[bots] Time in which the share rises from 0, from then on."""
    session_law: Ints
    contained: Floats
    left: Floats
    falsely_contained: Floats
    """[bots] Of the contained."""
    context: Floats
    """[bots] Of the hand-offs."""
    misrouted: Floats
    """[bots] Of the hand-offs without context; -1: as contacts that meet no bot."""
    pace: Floats
    """[bots] Factor on talk and wrap-up after a hand-off with context."""
    most: Ints
    """[bots] Most sessions at once, FAR if no limit."""
    turns_away: Ints
    """[bots] 1 if a contact that finds all sessions taken is turned away."""


class Announced(NamedTuple):
    """The announced wait of a kind of queues, and who leaves at once when they hear it."""

    rows: Ints
    """[kinds, TOLD_WIDTH]"""
    mean_handle: Floats
    """[kinds] Mean of talk and wrap-up, microseconds; where a forecast says it, 1."""
    above: Ints
    """[steps] Announced waits above which a step holds, rising within a kind."""
    share: Floats
    """[steps] Share that leaves at once."""


class Callbacks(NamedTuple):
    """When a kind of queues offers callbacks, and how those who accept are served."""

    rows: Ints
    """[kinds, OFFER_WIDTH]"""
    accepted: Floats
    """[kinds] Share that accepts."""
    answered: Floats
    """[kinds] Share of attempts that are answered."""
    wrap_share: Floats
    """[kinds] Wrap-up as a share of talk, where callbacks have a law of talk."""


class Comebacks(NamedTuple):
    """By which channel customers come back, and how patient they are then."""

    mix: Ints
    """[kinds, reasons] First row of `channel`, NONE: they come back to their own stream."""
    channel: Ints
    """[rows] Channel of a mix."""
    until: Floats
    """[rows] Shares of the channels of a mix, added up to here."""
    sibling: Ints
    """[streams, channels] Stream that takes a stream's cases on a channel, NONE without; [1, 1] if none changes it."""
    patience: Ints
    """[kinds, 2] First row and number of rows of `times`; none: returns are as patient."""
    times: Floats
    """[rows] Factor on the patience of the first, second, ... return."""


class WorkingClocks(NamedTuple):
    """Clocks that run in working hours only: deadlines in working time go by them."""

    bounds: Ints
    """[clocks, 2] First row and number of rows of `start` and `worked`; the last row of a clock is the end of its last
    stretch."""
    start: Ints
    """[rows] Start of a stretch of working time."""
    worked: Ints
    """[rows] Working time before it."""


class Classes(NamedTuple):
    """One row a class of equal routing: it has one line."""

    rows: Ints
    """[classes, CLASS_WIDTH]"""
    pools: Ints
    """[rows, ENTRY_WIDTH]"""
    overflow_after: Ints
    """[steps] Time in the queue after which overflow step 1, 2, ... opens; a step that adds no pool is left out."""
    seats: Ints
    """[rows, 2] Row of `State.waiting`, and bit."""
    barred: Ints
    """[rows] Pools that only residency or certification forbids."""
    working: WorkingClocks
    """Clocks of deadlines in working time."""


class Pools(NamedTuple):
    """One row a pool."""

    agents: Ints
    """[pools, 2] First agent row and number of agent rows."""
    lines: Ints
    """[pools, 3] First row and number of rows of `served`, and how many of them are of live work: the first."""
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
    lays_down: Ints
    """[pools] 1 if agents lay down certain contacts at the end of a shift."""
    breaks: Ints
    """[pools, BREAKS_WIDTH] Breaks at random."""
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
    """[pieces] Rate at its start, units of the curve per microsecond; streams share curves, and their factors make
    contacts of the units."""
    piece_slope: Floats
    """[pieces] Change of that rate per microsecond."""
    piece_until: Floats
    """[pieces] Units of the curve from midnight to its end."""


class Deflections(NamedTuple):
    """What spares customers the contact: one row a stream and deflection."""

    of_stream: Ints
    """[streams, 2] First row and number of rows."""
    share: Floats
    """[rows] Share of the new cases that is avoided."""
    start: Ints
    """[rows] Instant from which on it works."""
    ramp: Ints
    """[rows] Time in which the share rises from 0, from then on."""


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


class Severities(NamedTuple):
    """Of cases: [streams, SEVERITY_WIDTH], of no stream where none has any; by severity, in order of the queues, shares
    added up, and the queue that contacts join first, counted from the first of the severity."""

    rows: Ints
    until: Floats
    begins: Ints


class HandleMeans(NamedTuple):
    """Mean handle times that forecasts say, constant between instants; streams share rows."""

    of_stream: Ints
    """[streams, 2] First row and number of rows; none where no forecast says any."""
    since: Ints
    """[rows] Instant from which on a row holds, rising within a stream."""
    mean: Floats
    """[rows] Microseconds of talk and wrap-up together."""


class Rules(NamedTuple):
    """Everything that does not change in a run."""

    queues: Queues
    kinds: Kinds
    told: Announced
    callbacks: Callbacks
    classes: Classes
    pools: Pools
    quality: QualityRows
    groups: Groups
    bots: Bots
    days: Days
    traces: Traces
    deflections: Deflections
    handle_means: HandleMeans
    comebacks: Comebacks
    misroutes: Misroutes
    severities: Severities
    time_outs: TimeOuts
    laws: Laws
    first_queue: Ints
    """[streams] Queue that a stream's contacts join."""
    counted: Ints
    """[2] Contacts that arrive from the first to before the second instant count."""
    pick: Ints
    """[1] How equals are chosen: PICK_*."""
    translated: Ints
    """[queues, pools] 1 if the pool does not speak the customer's language; of no queue where nothing is rated."""
    start_utc: Ints
    """[1] Start of the horizon: microseconds since 1970-01-01 UTC."""


class State(NamedTuple):
    """Everything that changes."""

    registers: Ints
    """[REGISTERS]"""
    events: Ints
    """[rows, EVENT_WIDTH] All other events: a 4-ary heap from row `events.ROOT` on."""
    dues: Ints
    """[rows, EVENT_WIDTH] Returns due in hours or days, in the same way; apart, so that `events` stays short."""
    slots: Ints
    """[slots, VISIT_WIDTH]"""
    laid: Ints
    """[slots, LAID_WIDTH] What is kept of visits that were laid down; one row where none may be."""
    cases: Ints
    """[slots, CASE_WIDTH] What is kept of cases; one row where every case is one visit."""
    warm: Ints
    """[slots, WARM_WIDTH] What is kept of warm transfers; one row where there are none."""
    lived: Ints
    """[slots, LIVED_WIDTH] What is kept of contacts of several visits; one row where none is rated."""
    timed: Ints
    """[slots, TIMED_WIDTH] What is kept where queue time-outs lead to another queue; else one row."""
    agents: Ints
    """[agents, AGENT_WIDTH]"""
    pools: Ints
    """[pools, POOL_WIDTH]"""
    listed: Ints
    """[pools x (units + 1), 2] First and last agent with a given use of capacity."""
    lines: Ints
    """[lines, LINE_WIDTH]"""
    heads: Ints
    """[lines] What the head of each line is chosen by, the smallest first; apart, as many are looked over at once."""
    waiting: Ints
    """[words] Bit of every line that holds anybody, pool by pool, in the order of the pool's lines."""
    groups: Ints
    """[groups, GROUP_WIDTH]"""
    sessions: Ints
    """[bots] Sessions in progress."""
    sources: Ints
    """[streams, SOURCE_WIDTH]"""
    source_keys: Ints
    """[streams, 2] Philox key of each stream in this replication."""
    pool_keys: Ints
    """[pools, 2] Philox key of each pool in this replication."""
    source_sum: Floats
    """[streams, 4] What the curve of the day rises until the next arrival, 1 / contacts of one unit of that curve,
    the uniform of the next odd number; nothing."""
    winners: Ints
    """[2 x leaves] Tournament of the sources, entries next arrival x leaves + stream: [1] is the first of all."""
    plan: Ints
    """[rows, PLAN_WIDTH] Sorted by time and order of events."""
    log: Ints
    """[rows, LOG_WIDTH]"""
    spans: Ints
    """[rows, SPAN_WIDTH]"""
