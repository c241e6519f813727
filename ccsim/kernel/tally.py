"""From the logs to sums: one pass over a block of rows while it is still in the cache.

Every sum is of integers, so it depends neither on the order of rows nor on where blocks are cut.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.draws.jit import kernel_entry, kernel_step
from ccsim.kernel import layout as k
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
_LOW_BITS: Final = (1 << 40) - 1
_20_BITS: Final = (1 << 20) - 1
_19_BITS: Final = (1 << 19) - 1


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


@kernel_entry
def bin_of_wait(micros: int) -> int:
    """Bin of a wait: whole milliseconds below 128, then 128 bins an octave (<= 0.8 % wide)."""
    ms = micros // 1000
    shift = 0
    while (ms >> shift) >= 256:
        shift += 1
    if ms < 128:
        return ms
    return min((shift + 1) * 128 + (ms >> shift) - 128, WAIT_BINS - 1)


@kernel_step
def _row_of(tally: Tally, key: int) -> int:
    """Row of the sums of a key; made if it is new (there is room: the caller has seen to it)."""
    mask = tally.keys.shape[0] - 1
    place = (key * 0x9E3779B1) & mask
    while tally.keys[place] != key:
        if tally.keys[place] == k.NONE:
            tally.keys[place] = key
            row = tally.totals[Y_ROWS]
            tally.rows[place] = row
            tally.row_keys[row] = key
            tally.totals[Y_ROWS] = row + 1
            return row
        place = (place + 1) & mask
    return tally.rows[place]


@kernel_entry
def place_keys(keys: Ints, rows: Ints, row_keys: Ints, used: int) -> None:
    """Give the first `used` rows their places in an empty table of keys."""
    mask = keys.shape[0] - 1
    for row in range(used):
        place = (row_keys[row] * 0x9E3779B1) & mask
        while keys[place] != k.NONE:
            place = (place + 1) & mask
        keys[place] = row_keys[row]
        rows[place] = row


@kernel_step
def _spread_waiting(tally: Tally, groups: Groups, flow: int, since: int, until: int) -> None:
    """Add waiting time to the intervals it lies in."""
    first, end, width = groups.settings[0], groups.settings[1], groups.settings[2]
    since = max(since, first)
    until = min(until, end)
    flows = tally.waits.shape[0]
    column = tally.sums.shape[1] - 1
    while since < until:
        interval = (since - first) // width
        stop = min(first + (interval + 1) * width, until)
        tally.sums[_row_of(tally, interval * flows + flow), column] += stop - since
        since = stop


@kernel_step
def _spread(pools: Ints, settings: Ints, pool: int, column: int, since: int, until: int) -> None:
    """Add a span of an agent's time to the intervals it lies in."""
    first, end, width = settings[0], settings[1], settings[2]
    since = max(since, first)
    until = min(until, end)
    while since < until:
        interval = (since - first) // width
        stop = min(first + (interval + 1) * width, until)
        pools[interval, pool, column] += stop - since
        since = stop


@kernel_step
def _rate(tally: Tally, groups: Groups, pool: int, column: int, since: int, until: int) -> None:
    """Add a span of paid time, or of overtime, to the classes of premium that hold in it."""
    rates, settings = groups.rates, groups.settings
    row, end = rates.first[pool], rates.first[pool + 1]
    since, until = max(since, settings[0]), min(until, settings[1])
    if row == end or since >= until:
        return
    high = end
    while high - row > 1:
        middle = (row + high) // 2
        if rates.at[middle] <= since:
            row = middle
        else:
            high = middle
    while since < until:
        stop = until if row + 1 == end else min(rates.at[row + 1], until)
        if rates.of[row, column] >= 0:
            _spread(tally.pools, settings, pool, POOL_SUMS + rates.of[row, column], since, stop)
        since = stop
        row += 1


@kernel_step
def _round_stay(tally: Tally, groups: Groups, pool: int, since: int, until: int, unpaid: int) -> None:
    """Add what billing the paid time of a stay in whole steps adds to it, in the interval that its end closes."""
    step, first = groups.rates.billed_in[pool], groups.settings[0]
    if step > 0 and first < until <= groups.settings[1]:
        tally.pools[(until - 1 - first) // groups.settings[2], pool, B_ROUNDED] += (since + unpaid - until) % step


@kernel_entry
def tally_spans(tally: Tally, groups: Groups, spans: Ints, n: int) -> None:
    """Add the first `n` rows of the agents' log."""
    settings = groups.settings
    for i in range(n):
        pool, what = spans[i, k.E_POOL], spans[i, k.E_WHAT]
        since, until = spans[i, k.E_FROM], spans[i, k.E_UNTIL]
        if what == k.SIGNED:
            _spread(tally.pools, settings, pool, B_SIGNED, since, until)
            _spread(tally.pools, settings, pool, B_PAID, since, until)
            _rate(tally, groups, pool, RATE_PAID, since, until)
            if groups.rates.stepped[pool] == 1:
                _rate(tally, groups, pool, RATE_OVERTIME, since, until)
        elif what == k.STAY:
            _round_stay(tally, groups, pool, since, until, spans[i, k.E_CAUSE])
        elif what == k.IN_HAND:
            _spread(tally.pools, settings, pool, B_IN_HAND, since, until)
        elif what == k.OVERTIME:
            _spread(tally.pools, settings, pool, B_OVERTIME, since, until)
            _rate(tally, groups, pool, RATE_OVERTIME, since, until)
        else:
            _spread(tally.pools, settings, pool, B_ABSENT if what == k.ABSENT else B_BREAK, since, until)
            if what != k.UNPAID_BREAK:
                _spread(tally.pools, settings, pool, B_PAID, since, until)
            if what == k.PAID_BREAK:  # premiums are for time that is worked, not for whole days away
                _rate(tally, groups, pool, RATE_PAID, since, until)
            counted = min(until, settings[1]) - max(since, settings[0])
            tally.shrinkage[pool, spans[i, k.E_CAUSE]] += max(counted, 0)


@kernel_step
def _count(tally: Tally, row: int, queue: int, column: int, value: int) -> None:
    """Add to a column of both tables of visits."""
    tally.sums[row, column] += value
    tally.queues[queue, column] += value


@kernel_step
def _count_answered(
    tally: Tally, groups: Groups, log: Ints, i: int, row: int, queue: int, flow: int, wait: int
) -> None:
    """The sums of a visit that an agent answered."""
    _count(tally, row, queue, C_ANSWERED, 1)
    _count(tally, row, queue, C_WAIT_ANSWERED, wait)
    if wait > 0:
        a, b = wait >> 20, wait & _20_BITS
        mixed = a * b  # w^2 = a^2 2^40 + 2 a b 2^20 + b^2
        rest = ((mixed & _19_BITS) << 21) + b * b
        _count(tally, row, queue, C_SQUARE_HIGH, a * a + (mixed >> 19) + (rest >> 40))
        _count(tally, row, queue, C_SQUARE_LOW, rest & _LOW_BITS)
    for t in range(groups.thresholds.shape[0]):
        if wait <= groups.thresholds[t]:
            _count(tally, row, queue, C_THRESHOLDS + PER_THRESHOLD * t + ANSWERED_WITHIN, 1)
    if wait <= groups.deadline[queue] < k.FAR:
        _count(tally, row, queue, C_IN_DEADLINE, 1)
    tally.waits[flow, bin_of_wait(wait)] += 1
    pool = groups.pool[log[i, k.V_AGENT]]
    tally.routes[queue, pool, W_ANSWERED] += 1
    if log[i, k.V_WAITED] == 0:
        tally.routes[queue, pool, W_AT_ONCE] += 1
    vendor = groups.assigned[log[i, k.V_LINE]]
    if vendor >= 0 and vendor == groups.vendor[pool]:
        tally.assigned[queue, vendor, U_HANDLED] += 1
    outcome = log[i, k.V_OUTCOME]
    if outcome == k.OPEN_IN_HAND:
        _count(tally, row, queue, C_OPEN_IN_HAND, 1)
        tally.totals[Y_OPEN] += 1
        return
    talk = log[i, k.V_TALKED] - log[i, k.V_LEFT]
    wrap_up = log[i, k.V_WRAPPED] - log[i, k.V_TALKED]
    _count(tally, row, queue, C_TALK, talk)
    _count(tally, row, queue, C_WRAP_UP, wrap_up)
    tally.routes[queue, pool, W_TALK] += talk
    tally.routes[queue, pool, W_WRAP_UP] += wrap_up
    column = C_UNRESOLVED
    if outcome == k.RESOLVED:
        column = C_RESOLVED
    elif outcome == k.ESCALATED:
        column = C_ESCALATED
    elif outcome == k.TRANSFERRED:
        column = C_TRANSFERRED
    _count(tally, row, queue, column, 1)


@kernel_step
def _count_unanswered(tally: Tally, groups: Groups, outcome: int, row: int, queue: int, wait: int) -> None:
    """The sums of a visit that nobody answered."""
    if outcome == k.ABANDONED:
        _count(tally, row, queue, C_ABANDONED, 1)
        _count(tally, row, queue, C_WAIT_ABANDONED, wait)
        if wait <= groups.settings[3]:
            _count(tally, row, queue, C_SHORT, 1)
        for t in range(groups.thresholds.shape[0]):
            if wait <= groups.thresholds[t]:
                _count(tally, row, queue, C_THRESHOLDS + PER_THRESHOLD * t + ABANDONED_WITHIN, 1)
    elif outcome == k.OPEN_WAITING:
        _count(tally, row, queue, C_OPEN_WAITING, 1)
        tally.totals[Y_OPEN] += 1
    else:
        _count(tally, row, queue, C_MOVED_ON if outcome == k.MOVED_ON else C_CLEARED, 1)
        _count(tally, row, queue, C_WAIT_OTHER, wait)


@kernel_entry
def tally_visits(tally: Tally, groups: Groups, log: Ints, start: int, n: int) -> int:
    """Add rows `start` to `n` of the visits' log; where it stopped: before `n` if the table of sums is full."""
    first, end, width = groups.settings[0], groups.settings[1], groups.settings[2]
    flows = tally.waits.shape[0]
    most_rows = min(tally.sums.shape[0], tally.keys.shape[0] // 2)
    sums = tally.sums
    last = sums.shape[1] - 1
    # the interval of the last answer, of the last joining, and the last row of sums: mostly those of the next row too
    answer_low = answer_high = answer_interval = 0
    low = high = interval = 0
    key = row = k.NONE
    for i in range(start, n):
        joined, left = log[i, k.V_JOINED], log[i, k.V_LEFT]
        # one visit touches one row, and one more for every interval that it waits in
        more = 2 if left - joined < width else 2 + max(min(left, end) - max(joined, first), 0) // width
        if tally.totals[Y_ROWS] + more >= most_rows:
            return i
        queue = log[i, k.V_QUEUE]
        flow = groups.flow[queue]
        outcome = log[i, k.V_OUTCOME]
        agent = log[i, k.V_AGENT]
        counted = log[i, k.V_COUNTED]
        tally.totals[Y_VISITS] += 1
        if joined < low or joined >= high:
            interval = (joined - first) // width
            low = first + interval * width
            high = low + width
        if interval * flows + flow != key and first <= joined and (counted == 1 or joined < end):
            key = interval * flows + flow
            row = _row_of(tally, key)
        if agent >= 0:
            pool = groups.pool[agent]
            until = log[i, k.V_WRAPPED]
            if first <= left < end:
                tally.routes[queue, pool, W_SERVED] += 1
            if left < end and until > first:
                tally.routes[queue, pool, W_HELD] += min(until, end) - max(left, first)
            if first <= left < end:
                if left < answer_low or left >= answer_high:
                    answer_interval = (left - first) // width
                    answer_low = first + answer_interval * width
                    answer_high = min(answer_low + width, end)
                tally.pools[answer_interval, pool, B_ANSWERED] += 1
                tally.pools[answer_interval, pool, B_HELD] += min(until, answer_high) - left
                if until > answer_high:
                    _spread(tally.pools, groups.settings, pool, B_HELD, answer_high, until)
            elif left < first:
                _spread(tally.pools, groups.settings, pool, B_HELD, left, until)
        if left > joined and left > first and joined < end:
            tally.queues[queue, last] += min(left, end) - max(joined, first)
            if joined >= first and left <= high and left <= end:
                sums[row, last] += left - joined
            else:
                _spread_waiting(tally, groups, flow, joined, left)
        if counted == 0:
            continue
        if log[i, k.V_PLACE] & 0xFFFF == 0:
            _count(tally, row, queue, C_ARRIVED, 1)
            tally.totals[Y_CONTACTS] += 1
            if log[i, k.V_PLACE] == 0:
                tally.totals[Y_CASES] += 1
            else:
                _count(tally, row, queue, C_REPEATED, 1)
        if log[i, k.V_BACK] == 1:
            _count(tally, row, queue, C_RETURNING, 1)
        if outcome == k.BLOCKED:
            _count(tally, row, queue, C_BLOCKED, 1)
            continue
        if outcome == k.CLOSED:
            _count(tally, row, queue, C_CLOSED, 1)
            continue
        if outcome == k.BY_PEERS:
            _count(tally, row, queue, C_BY_PEERS, 1)
            continue
        wait = left - joined
        _count(tally, row, queue, C_OFFERED, 1)
        if groups.assigned[log[i, k.V_LINE]] >= 0:
            tally.assigned[queue, groups.assigned[log[i, k.V_LINE]], U_ASSIGNED] += 1
        if log[i, k.V_WAITED] > 0:
            _count(tally, row, queue, C_WAITED, 1)
            if log[i, k.V_WAITED] == k.HELD_BACK:
                _count(tally, row, queue, C_HELD_BACK, 1)
                _count(tally, row, queue, C_WAIT_HELD_BACK, wait)
        if agent >= 0:
            _count_answered(tally, groups, log, i, row, queue, flow, wait)
        else:
            _count_unanswered(tally, groups, outcome, row, queue, wait)
    return n


@kernel_entry
def tally_backlog(slots: Ints, live: Ints, flow: Ints, now: int, bands: Ints, out: Ints) -> None:
    """Count the deferred visits that wait now by flow and band of age: `out[flows, bands]`, `bands` its lower ends."""
    for i in range(slots.shape[0]):
        if slots[i, k.S_STATE] != k.WAITING or live[slots[i, k.S_LINE]] == 1:
            continue
        age = now - slots[i, k.S_JOINED]
        band = bands.shape[0] - 1
        while age < bands[band]:
            band -= 1
        out[flow[slots[i, k.S_QUEUE]], band] += 1
