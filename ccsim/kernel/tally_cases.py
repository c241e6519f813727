"""What has come of a case, from the end of each of its contacts: added up where the case opened.

Most cases are resolved by their first contact, so what is counted is what differs from that.
"""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.due import due_at
from ccsim.kernel.ends import GOES_ON, RESOLVES, STILL_OPEN, is_one_of
from ccsim.kernel.layout import Ints
from ccsim.kernel.lines import reached_agent, reached_before
from ccsim.kernel.sum_rows import count, count_route, interval_of, route_of, row_of
from ccsim.kernel.sums import Groups, Tally
from ccsim.kernel.tally_assigned import row_of_pool_day
from ccsim.records import outcomes
from ccsim.records.tables import CASE_AGE_BANDS
from ccsim.units import HOUR

_DAY = 24 * HOUR


@kernel_step
def count_case(
    tally: Tally,
    groups: Groups,
    log: Ints,
    i: int,
    outcome: int,
    row: int,
    day: tuple[int, int],
) -> tuple[int, int]:
    """The sums of the case of a visit; `outcome` of the visit, and its row of sums if it is counted, else NONE.

    A visit after which the contact goes on elsewhere says nothing of the case. Takes and returns the midnights between
    which the last case opened.
    """
    opened = log[i, layout.LOG_OPENED]
    if is_one_of(GOES_ON, outcome):
        return day
    queue = groups.case_queue[log[i, layout.LOG_DATE] >> 32] + groups.queues[log[i, layout.LOG_QUEUE], sums.OF_SEVERITY]
    day = _count_open(tally, groups, log, i, outcome, queue, day)
    if not groups.settings[0] <= opened < groups.settings[1]:
        return day
    elsewhere = log[i, layout.LOG_PLACE] != 0 or log[i, layout.LOG_QUEUE] != queue
    if row < 0 or elsewhere or log[i, layout.LOG_BOT] & layout.FROM_BOT != 0:
        row = row_of(tally, interval_of(groups.settings, opened), groups.queues[queue, sums.OF_FLOW])
    _count_returns(tally, log, i, outcome, row, queue)
    if log[i, layout.LOG_FIRST] >= 0:
        _count_first_answer(tally, groups, log, i, outcome, queue, interval_of(groups.settings, opened))
    if log[i, layout.LOG_BACK] <= 0 and is_one_of(RESOLVES, outcome):
        _count_resolved(tally, groups, log, i, outcome, row, queue)
        if outcome == outcomes.RESOLVED:
            return day
    _count_contact(tally, groups, log, i, outcome, row, queue)
    return day


@kernel_step
def _count_open(
    tally: Tally, groups: Groups, log: Ints, i: int, outcome: int, queue: int, known: tuple[int, int]
) -> tuple[int, int]:
    """The midnights at which a case was open that ends with this contact, or that is open when the run ends.

    `known`: two midnights without another between them. Mostly a case lies between the two of the one before.
    """
    if log[i, layout.LOG_BACK] > 0 or groups.midnights.shape[0] == 0:
        return known
    opened, closed = log[i, layout.LOG_OPENED], log[i, layout.LOG_TALKED]
    if is_one_of(STILL_OPEN, outcome):
        closed = layout.FAR
    if known[0] <= opened and closed < known[1]:
        return known
    return _count_midnights(tally, groups, opened, closed, groups.queues[queue, sums.OF_FLOW])


@kernel_call
def _count_midnights(tally: Tally, groups: Groups, opened: int, closed: int, flow: int) -> tuple[int, int]:
    """The midnights at which a case was open; returns the two between which it opened, of those that there are."""
    midnights = groups.midnights
    day = max((opened - midnights[0]) // _DAY - 1, 0)  # or a later one
    while day < midnights.shape[0] and midnights[day] <= opened:
        day += 1
    since = midnights[day - 1] if day > 0 else -layout.FAR
    until = midnights[day] if day < midnights.shape[0] else layout.FAR
    while day < midnights.shape[0] and midnights[day] <= closed:
        band = len(CASE_AGE_BANDS) - 1
        while midnights[day] - opened < CASE_AGE_BANDS[band] * HOUR:
            band -= 1
        tally.open_cases[day, flow, band] += 1
        day += 1
    return since, until


@kernel_step
def _count_returns(tally: Tally, log: Ints, i: int, outcome: int, row: int, queue: int) -> None:
    """A contact that is not the first of its case, and a return that the cap has stopped."""
    came = log[i, layout.LOG_OUTCOME] != layout.PART_CASE or outcome != outcomes.OPEN_WAITING  # not one that is due
    if log[i, layout.LOG_PLACE] >> 16 > 0 and came:
        count(tally, row, queue, sums.COHORT_FURTHER, 1)
    if log[i, layout.LOG_BACK] == layout.STOPPED:
        count(tally, row, queue, sums.COHORT_STOPPED, 1)


@kernel_step
def _count_first_answer(
    tally: Tally, groups: Groups, log: Ints, i: int, outcome: int, queue: int, interval: int
) -> None:
    """What the end of a contact says of the first one with an agent, by the pool that answered it.

    `interval`: that in which the case opened.
    """
    is_open = is_one_of(STILL_OPEN, outcome)
    pool = log[i, layout.LOG_FIRST]
    route, of_day = route_of(tally, queue, pool), row_of_pool_day(tally, groups, interval, pool)
    if log[i, layout.LOG_HANDLED] > 0:
        if log[i, layout.LOG_OUTCOME] != layout.PART_CASE or outcome != outcomes.OPEN_WAITING:  # not one that is due
            _count_first(tally, route, of_day, sums.FIRST_FURTHER, day_sums.POOL_DAY_FURTHER)
        return
    if is_open or _reached(log, i) == 0:
        return
    _count_first(tally, route, of_day, sums.FIRST_CASES, day_sums.POOL_DAY_CASES)
    if outcome != outcomes.RESOLVED:
        _count_first(tally, route, of_day, sums.FIRST_MISSED, day_sums.POOL_DAY_MISSED)
    if log[i, layout.LOG_PLACE] >> 16 > 0:
        _count_first(tally, route, of_day, sums.FIRST_LATER, day_sums.POOL_DAY_LATER)
    elif 0 < log[i, layout.LOG_BACK] <= groups.settings[5] + 1:
        _count_first(tally, route, of_day, sums.FIRST_FOLLOWED, day_sums.POOL_DAY_FOLLOWED)


@kernel_step
def _count_first(tally: Tally, route: int, of_day: int, column: int, by_day: int) -> None:
    """Count one more first answer, by queue and pool, and by day and pool."""
    count_route(tally, route, column, 1)
    tally.pool_days[of_day, by_day] += 1


@kernel_step
def _reached(log: Ints, i: int) -> int:
    """1 if the contact of a visit reached an agent, with this visit or with one before it."""
    return reached_agent(log[i, layout.LOG_AGENT], log[i, layout.LOG_PLACE], log[i, layout.LOG_WAITED])


@kernel_step
def _count_resolved(tally: Tally, groups: Groups, log: Ints, i: int, outcome: int, row: int, queue: int) -> None:
    """A case that is resolved, and not reopened."""
    opened, resolved = log[i, layout.LOG_OPENED], log[i, layout.LOG_TALKED]
    count(tally, row, queue, sums.COHORT_RESOLUTION, (resolved - opened) // 1000)
    if resolved > _limit(groups, queue, opened):
        count(tally, row, queue, sums.COHORT_CASES_LATE, 1)
    if outcome != outcomes.RESOLVED or groups.queues[log[i, layout.LOG_QUEUE], sums.OF_FIRST_TIER] == 0:
        count(tally, row, queue, sums.COHORT_RESOLVED_ELSEWHERE, 1)


@kernel_step
def _limit(groups: Groups, queue: int, opened: int) -> int:
    """The last instant at which a case is resolved in time.

    In working time the last at which no more than that has passed: as long as the hours that used it up are over.
    """
    clock = groups.queues[queue, sums.OF_CASE_CLOCK]
    if clock == layout.NONE:
        return opened + groups.settings[4]
    return due_at(groups.working, clock, opened, groups.settings[4] + 1) - 1


@kernel_call
def _count_contact(tally: Tally, groups: Groups, log: Ints, i: int, outcome: int, row: int, queue: int) -> None:
    """What the end of a contact says of a case that is not simply resolved by it, or what is open at the end."""
    first_contact = log[i, layout.LOG_PLACE] >> 16 == 0
    earlier = log[i, layout.LOG_HANDLED] > 0
    if is_one_of(STILL_OPEN, outcome):
        count(tally, row, queue, sums.COHORT_CASES_OPEN, 1)
        if log[i, layout.LOG_WRAPPED] <= _limit(groups, queue, log[i, layout.LOG_OPENED]):
            count(tally, row, queue, sums.COHORT_CASES_YOUNG, 1)
        if first_contact:
            count(tally, row, queue, sums.COHORT_FIRST_OPEN, 1)
        if not earlier:
            count(tally, row, queue, sums.COHORT_NO_ANSWER_YET, 1)
        return
    back = log[i, layout.LOG_BACK]
    if first_contact and 0 < back <= groups.settings[5] + 1:
        count(tally, row, queue, sums.COHORT_FOLLOWED, 1)
    if outcome == outcomes.RESOLVED:
        return
    if is_one_of(RESOLVES, outcome):  # by the community or a bot
        if not earlier:
            count(tally, row, queue, sums.COHORT_WITHOUT_AGENT, 1)
        return
    reached = _reached(log, i)
    if not earlier and (reached == 1 or back <= 0):
        count(tally, row, queue, sums.COHORT_MISSED_FIRST, 1)
        later = reached_before(log[i, layout.LOG_PLACE], log[i, layout.LOG_WAITED])
        tally.missed_first[queue, 2 * outcome + later, 0] += 1
    if back <= 0:
        count(tally, row, queue, sums.COHORT_GIVEN_UP, 1)
