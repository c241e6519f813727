"""From the logs to sums: one pass over a block of rows while it is still in the cache.

Every sum is of integers, so it depends neither on the order of rows nor on where blocks are cut.
"""

from __future__ import annotations

from typing import Final

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.due import due_at
from ccsim.kernel.ends import NOT_OFFERED, is_one_of
from ccsim.kernel.fetch_ahead import fetch_ahead
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import (
    bin_of_wait,
    count,
    count_route,
    count_unresolved,
    end_of,
    interval_of,
    last_exceeded,
    route_of,
    row_of,
)
from ccsim.kernel.sums import Groups, Tally
from ccsim.kernel.tally_assigned import count_by_day, count_in_deadline, take_off
from ccsim.kernel.tally_callbacks import count_callback
from ccsim.kernel.tally_cases import count_case
from ccsim.kernel.tally_ratings import begin_ratings, rate_contact, rate_visit, rates
from ccsim.kernel.tally_sessions import count_arrival, count_deflected, count_session, is_session, row_joined
from ccsim.kernel.tally_staff import spread
from ccsim.kernel.tally_warm import count_warm
from ccsim.records import outcomes

_LOW_BITS: Final = (1 << 40) - 1
_20_BITS: Final = (1 << 20) - 1
_19_BITS: Final = (1 << 19) - 1


@kernel_step
def _spread_waiting(tally: Tally, groups: Groups, flow: int, column: int, since: int, until: int) -> None:
    """Add waiting time, or the time of a session, to the intervals it lies in."""
    since, until = max(since, groups.settings[0]), min(until, groups.settings[1])
    interval = interval_of(groups.settings, since)
    while since < until:
        stop = min(end_of(groups.settings, interval), until)
        tally.sums[row_of(tally, interval, flow), column] += stop - since
        since = stop
        interval += 1


@kernel_step
def _count_answered(
    tally: Tally, groups: Groups, log: Ints, i: int, row: int, queue: int, route: int, flow: int, wait: int, of_day: int
) -> None:
    """The sums of a visit that an agent answered."""
    tally.sums[row, sums.COHORT_ANSWERED] += 1
    if wait > 0:
        count(tally, row, queue, sums.COHORT_WAIT_ANSWERED, wait)
        _add_square(tally, row, queue, wait)
        tally.waits[flow, bin_of_wait(wait)] += 1
    else:
        tally.waits[flow, 0] += 1
    beyond = last_exceeded(groups, wait)
    if beyond >= 0:
        tally.sums[row, sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * beyond + sums.ANSWERED_BEYOND] += 1
        tally.routes[route, sums.ROUTE_THRESHOLDS + beyond] += 1
        tally.days[of_day, sums.PER_THRESHOLD * beyond + sums.ANSWERED_BEYOND] += 1
    if groups.queues[queue, sums.OF_DEADLINE] < layout.FAR and _in_time(groups, log, i, queue, wait):
        tally.sums[row, sums.COHORT_IN_DEADLINE] += 1
        count_route(tally, route, sums.ROUTE_IN_DEADLINE, 1)
        count_in_deadline(tally, groups, of_day)
    _count_answer(tally, log, i, row, queue, route)


@kernel_step
def _count_answer(tally: Tally, log: Ints, i: int, row: int, queue: int, route: int) -> None:
    """What is counted of a visit with an agent, also if the agent called back."""
    count_route(tally, route, sums.ROUTE_ANSWERED, 1)
    if log[i, layout.LOG_WAITED] == 0:
        count_route(tally, route, sums.ROUTE_AT_ONCE, 1)
    _count_outcome(tally, log, i, row, queue, route)


@kernel_step
def _in_time(groups: Groups, log: Ints, i: int, queue: int, wait: int) -> bool:
    """Whether a visit of deferred work was answered by the time it was due."""
    clock, deadline = groups.queues[queue, sums.OF_CLOCK], groups.queues[queue, sums.OF_DEADLINE]
    if clock == layout.NONE:
        return wait <= deadline
    due = due_at(groups.working, clock, log[i, layout.LOG_JOINED], deadline)
    return log[i, layout.LOG_LEFT] <= due


@kernel_step
def _add_square(tally: Tally, row: int, queue: int, wait: int) -> None:
    """The square of a wait, in two columns: that of 51 minutes in microseconds no longer fits into 63 bits."""
    a, b = wait >> 20, wait & _20_BITS
    mixed = a * b  # w^2 = a^2 2^40 + 2 a b 2^20 + b^2
    rest = ((mixed & _19_BITS) << 21) + b * b
    count(tally, row, queue, sums.COHORT_SQUARE_HIGH, a * a + (mixed >> 19) + (rest >> 40))
    count(tally, row, queue, sums.COHORT_SQUARE_LOW, rest & _LOW_BITS)


@kernel_step
def _count_outcome(tally: Tally, log: Ints, i: int, row: int, queue: int, route: int) -> None:
    """What has come of an answered visit, and the talk and wrap-up of one that has ended."""
    outcome = log[i, layout.LOG_OUTCOME]
    if outcome == outcomes.OPEN_IN_HAND:
        count(tally, row, queue, sums.COHORT_OPEN_IN_HAND, 1)
        tally.totals[sums.TOTAL_OPEN] += 1
        return
    talk = log[i, layout.LOG_TALKED] - log[i, layout.LOG_LEFT]
    wrap_up = log[i, layout.LOG_WRAPPED] - log[i, layout.LOG_TALKED]
    tally.sums[row, sums.COHORT_TALK] += talk
    tally.sums[row, sums.COHORT_WRAP_UP] += wrap_up
    count_route(tally, route, sums.ROUTE_TALK, talk)
    count_route(tally, route, sums.ROUTE_WRAP_UP, wrap_up)
    if log[i, layout.LOG_HELD] >= 0 or log[i, layout.LOG_HAND_OVER] > 0:
        count_warm(tally, log, i, row, queue, route)
    if outcome == outcomes.RESOLVED:
        tally.sums[row, sums.COHORT_RESOLVED] += 1
        count_route(tally, route, sums.ROUTE_RESOLVED, 1)
    else:
        count_unresolved(tally, row, queue, route, outcome)


@kernel_step
def _count_unanswered(tally: Tally, groups: Groups, outcome: int, row: int, queue: int, wait: int) -> None:
    """The sums of a visit that nobody answered."""
    if outcome == outcomes.ABANDONED:
        count(tally, row, queue, sums.COHORT_ABANDONED, 1)
        count(tally, row, queue, sums.COHORT_WAIT_ABANDONED, wait)
        if wait <= groups.settings[3]:
            count(tally, row, queue, sums.COHORT_SHORT, 1)
        beyond = last_exceeded(groups, wait)
        if beyond >= 0:
            column = sums.COHORT_THRESHOLDS + sums.PER_THRESHOLD * beyond + sums.ABANDONED_BEYOND
            tally.sums[row, column] += 1
            tally.queues[queue, column] += 1
    elif outcome == outcomes.OPEN_WAITING:
        count(tally, row, queue, sums.COHORT_OPEN_WAITING, 1)
        tally.totals[sums.TOTAL_OPEN] += 1
    else:
        count(tally, row, queue, sums.OF_OUTCOME[outcome], 1)
        if outcome == outcomes.MOVED_ON or outcome == outcomes.CLEARED:
            count(tally, row, queue, sums.COHORT_WAIT_OTHER, wait)


@kernel_step
def _has_other_widths(tally: Tally, groups: Groups, log: Ints) -> bool:
    """Whether records have other widths than this is compiled for; see `advance`."""
    return (
        log.shape[1] != layout.LOG_WIDTH
        or groups.queues.shape[1] != sums.OF_WIDTH
        or tally.queues.shape[1] != tally.sums.shape[1]
        or tally.rare.shape[1] != sums.COHORT_RARE_WIDTH
        or tally.rare_queues.shape[1] != sums.COHORT_RARE_WIDTH
        or tally.rare_routes.shape[1] != sums.ROUTE_RARE_WIDTH
        or tally.ratings.shape[1] != sums.RATING_WIDTH
        or tally.waits.shape[1] != sums.WAIT_BINS
        or tally.pool_days.shape[1] != day_sums.POOL_DAY_WIDTH
    )


@kernel_entry
def tally_visits(tally: Tally, groups: Groups, log: Ints, start: int, n: int) -> int:
    """Add rows `start` to `n` of the visits' log; where it stopped: before `n` if the table of sums is full."""
    if _has_other_widths(tally, groups, log):
        return layout.NONE
    first, end, width = groups.settings[0], groups.settings[1], groups.settings[2]
    most_rows, most_days = tally.sums.shape[0] - 1, tally.days.shape[0]
    latest = end_of(groups.settings, tally.flow_rows.shape[0] - 1)
    in_session, rated = tally.sums.shape[1] - 1, rates(groups)
    if rated:
        begin_ratings(tally, groups)
    # of the row before: mostly the next visit joins on the same day, and its case opens and ends between two midnights
    interval, day = 0, (0, 0)
    row = layout.NONE
    for i in range(start, n):
        fetch_ahead(tally, groups, log, i, n, interval)
        joined, left, column = log[i, layout.LOG_JOINED], log[i, layout.LOG_LEFT], sums.COHORT_WAITING
        if is_session(log, i):  # it waits for nobody; its time goes where waits go of others
            left, column = log[i, layout.LOG_TALKED], in_session
        # one visit touches one row, those of its arrival and its case, and one more for every interval that it waits in
        more = 4 if left - joined < width else 4 + max(min(left, end) - max(joined, first), 0) // width
        full = tally.totals[sums.TOTAL_ROWS] + more >= most_rows or tally.totals[sums.TOTAL_DAYS] + 2 >= most_days
        if full or joined >= latest:
            return i
        queue, outcome = log[i, layout.LOG_QUEUE], log[i, layout.LOG_OUTCOME]
        if outcome == layout.PART_CASE:
            day = count_case(tally, groups, log, i, log[i, layout.LOG_WAITED], layout.NONE, day)
            continue
        if outcome >= outcomes.DEFLECTED and (outcome == outcomes.DEFLECTED or outcome >= layout.PART_HELD):
            _count_no_visit(tally, groups, log, i)
            continue
        tally.totals[sums.TOTAL_VISITS] += 1
        counted, flow, route = log[i, layout.LOG_COUNTED], groups.queues[queue, sums.OF_FLOW], 0
        interval = interval_of(groups.settings, joined)
        if first <= joined and (counted == 1 or joined < end):
            row = row_of(tally, interval, flow)
        if log[i, layout.LOG_AGENT] >= 0:
            route = route_of(tally, queue, groups.pool[log[i, layout.LOG_AGENT]])
            _count_in_hand(tally, groups, log, i, route)
        if log[i, layout.LOG_WAITED] & layout.CALLBACK > 0:  # who is called back has hung up
            left = joined + log[i, layout.LOG_ON_PHONE]
        if left > joined and left > first and joined < end:
            tally.queues[queue, column] += min(left, end) - max(joined, first)
            if joined >= first and left <= min(end_of(groups.settings, interval), end):
                tally.sums[row, column] += left - joined
            else:
                _spread_waiting(tally, groups, flow, column, joined, left)
        if counted == 1:
            _count_visit(tally, groups, log, i, row, route, flow, interval)
            if rated:
                rate_visit(tally, groups, log, i, row)
        if log[i, layout.LOG_HANDLED] >= 0:
            day = count_case(tally, groups, log, i, outcome, row if counted == 1 else layout.NONE, day)
    return n


@kernel_call
def _count_no_visit(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """A row of the log that is no visit."""
    outcome = log[i, layout.LOG_OUTCOME]
    if outcome == outcomes.DEFLECTED:
        count_deflected(tally, groups, log, i)
    elif outcome != layout.PART_RATED:
        _count_part(tally, groups, log, i)
    elif log[i, layout.LOG_COUNTED] == 1:
        rate_contact(tally, groups, log, i, row_joined(tally, groups, log, i))


@kernel_step
def _count_part(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """What the row of a visit that was laid down does not say, or says too much."""
    first, end = groups.settings[0], groups.settings[1]
    queue, kind, left = log[i, layout.LOG_QUEUE], log[i, layout.LOG_OUTCOME], log[i, layout.LOG_LEFT]
    if kind == layout.PART_WAITED:
        joined = log[i, layout.LOG_JOINED]
        tally.queues[queue, sums.COHORT_WAITING] += max(min(left, end) - max(joined, first), 0)
        _spread_waiting(tally, groups, groups.queues[queue, sums.OF_FLOW], sums.COHORT_WAITING, joined, left)
        return
    pool = groups.pool[log[i, layout.LOG_AGENT]]
    route = route_of(tally, queue, pool)
    sign, since, until = 1 if kind == layout.PART_HELD else -1, max(left, first), min(log[i, layout.LOG_WRAPPED], end)
    count_route(tally, route, sums.ROUTE_HELD, sign * max(until - since, 0))
    spread(tally.pools, groups.settings, pool, sums.STAFF_HELD, since, until, sign)
    if kind == layout.PART_WHOLE and log[i, layout.LOG_COUNTED] == 1:
        row = row_joined(tally, groups, log, i)
        tally.sums[row, sums.COHORT_TALK] -= log[i, layout.LOG_TALKED]
        tally.sums[row, sums.COHORT_WRAP_UP] -= log[i, layout.LOG_BACK]
        count_route(tally, route, sums.ROUTE_TALK, -log[i, layout.LOG_TALKED])
        count_route(tally, route, sums.ROUTE_WRAP_UP, -log[i, layout.LOG_BACK])
        take_off(tally, groups, log, i)


@kernel_step
def _spread_in_hand(tally: Tally, groups: Groups, log: Ints, i: int, pool: int, since: int, until: int) -> None:
    """Add the time of a visit in hand to the intervals it lies in, as time of its agent too if it says so."""
    spread(tally.pools, groups.settings, pool, sums.STAFF_HELD, since, until)
    if log[i, layout.LOG_BUSY] == 1:
        spread(tally.pools, groups.settings, pool, sums.STAFF_IN_HAND, since, until)


@kernel_step
def _count_in_hand(tally: Tally, groups: Groups, log: Ints, i: int, route: int) -> None:
    """The agent's time with a visit, counted or not."""
    first, end = groups.settings[0], groups.settings[1]
    pool = groups.pool[log[i, layout.LOG_AGENT]]
    left, until = log[i, layout.LOG_LEFT], log[i, layout.LOG_WRAPPED]
    if left < end and until > first:
        count_route(tally, route, sums.ROUTE_HELD, min(until, end) - max(left, first))
    if first <= left < end:
        count_route(tally, route, sums.ROUTE_SERVED, 1)
        interval = interval_of(groups.settings, left)
        high = min(end_of(groups.settings, interval), end)
        tally.pools[interval, pool, sums.STAFF_ANSWERED] += 1
        tally.pools[interval, pool, sums.STAFF_HELD] += min(until, high) - left
        tally.pools[interval, pool, sums.STAFF_IN_HAND] += (min(until, high) - left) * log[i, layout.LOG_BUSY]
        if until > high:
            _spread_in_hand(tally, groups, log, i, pool, high, until)
    elif left < first:
        _spread_in_hand(tally, groups, log, i, pool, left, until)


@kernel_step
def _count_visit(
    tally: Tally, groups: Groups, log: Ints, i: int, row: int, route: int, flow: int, interval: int
) -> None:
    """The sums of a counted visit, in the interval in which it has joined, whatever comes of it later."""
    queue, outcome = log[i, layout.LOG_QUEUE], log[i, layout.LOG_OUTCOME]
    count_arrival(tally, groups, log, i, row, queue)
    if log[i, layout.LOG_BACK] > 0:
        count(tally, row, queue, sums.COHORT_RETURNING, 1)
        if outcome == outcomes.RESOLVED:
            count(tally, row, queue, sums.COHORT_REOPENED, 1)
    if is_session(log, i):
        count_session(tally, groups, log, i, row)
        return
    if is_one_of(NOT_OFFERED, outcome):
        count(tally, row, queue, sums.OF_OUTCOME[outcome], 1)
        return
    wait = log[i, layout.LOG_LEFT] - log[i, layout.LOG_JOINED] + log[i, layout.LOG_BEFORE]
    count(tally, row, queue, sums.COHORT_OFFERED, 1)
    of_day = count_by_day(tally, groups, log, i, interval, wait)
    waited = log[i, layout.LOG_WAITED]
    if waited > 0:
        count(tally, row, queue, sums.COHORT_WAITED, 1)
        if waited & layout.HELD_BACK > 0:
            count(tally, row, queue, sums.COHORT_HELD_BACK, 1)
            waited_for = log[i, layout.LOG_ON_PHONE] if waited & layout.CALLBACK > 0 else wait
            count(tally, row, queue, sums.COHORT_WAIT_HELD_BACK, waited_for)
        if waited & layout.OFFERED > 0:
            count_callback(tally, log, i, row, queue, wait)
    if waited & layout.CALLBACK > 0 and log[i, layout.LOG_AGENT] >= 0:
        count_route(tally, route, sums.ROUTE_CALLED_BACK, 1)
        _count_answer(tally, log, i, row, queue, route)
    elif log[i, layout.LOG_AGENT] >= 0:
        _count_answered(tally, groups, log, i, row, queue, route, flow, wait, of_day)
    else:
        _count_unanswered(tally, groups, outcome, row, queue, wait)


@kernel_entry
def tally_backlog(slots: Ints, live: Ints, flow: Ints, now: int, bands: Ints, out: Ints) -> None:
    """Count the deferred visits that wait now by flow and band of age: `out[flows, bands]`, `bands` its lower ends."""
    for i in range(slots.shape[0]):
        if slots[i, layout.VISIT_PHASE] != layout.WAITING or live[slots[i, layout.VISIT_LINE]] == 1:
            continue
        age = now - slots[i, layout.VISIT_JOINED]
        band = bands.shape[0] - 1
        while age < bands[band]:
            band -= 1
        out[flow[slots[i, layout.VISIT_QUEUE]], band] += 1
