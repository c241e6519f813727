"""The sums of sessions with bots, of contacts as they come in, and of those that are avoided."""

from __future__ import annotations

from typing import Final

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import count, interval_of, row_of
from ccsim.kernel.sums import Groups, Tally
from ccsim.records import outcomes

_DAY: Final = 86_400_000_000


@kernel_step
def is_session(log: Ints, i: int) -> bool:
    """Whether a row of the log is a session with a bot."""
    return log[i, layout.LOG_PLACE] & 0xFFFF == layout.SESSION


@kernel_step
def count_arrival(tally: Tally, groups: Groups, log: Ints, i: int, row: int, queue: int) -> None:
    """A contact comes in: with its session, or with its first visit where it had none.

    It counts in the first queue of its stream, also where it begins in a wrong one.
    """
    place = log[i, layout.LOG_PLACE]
    visit = place & 0xFFFF
    if visit != layout.SESSION and (visit > 0 or log[i, layout.LOG_BOT] & layout.FROM_BOT != 0):
        return
    home = groups.queues[queue, sums.OF_HOME]
    if home != queue:
        queue = home
        row = _row_at_home(tally, groups, log[i, layout.LOG_JOINED], queue)
    count(tally, row, queue, sums.COHORT_ARRIVED, 1)
    if place >> 16 > 0:
        count(tally, row, queue, sums.COHORT_REPEATED, 1)
        if log[i, layout.LOG_BOT] & layout.RETURNS > 0:
            tally.repeats[queue, (log[i, layout.LOG_BOT] & layout.RETURNS) // layout.RETURNED - 1, 0] += 1
    if log[i, layout.LOG_BOT] & layout.SESSIONS_FULL != 0:
        count(tally, row, queue, sums.COHORT_SESSIONS_FULL, 1)


@kernel_call
def _row_at_home(tally: Tally, groups: Groups, joined: int, queue: int) -> int:
    """Row of the sums of a queue in which something is counted that joins no queue, or another one."""
    return row_of(tally, interval_of(groups.settings, joined), groups.queues[queue, sums.OF_FLOW])


@kernel_step
def row_joined(tally: Tally, groups: Groups, log: Ints, i: int) -> int:
    """Row of the sums in which a row of the log that is no visit is counted."""
    return _row_at_home(tally, groups, log[i, layout.LOG_JOINED], log[i, layout.LOG_QUEUE])


@kernel_call
def count_deflected(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """A new case that is avoided, in the interval in which it would have come."""
    if log[i, layout.LOG_COUNTED] == 1:
        queue = log[i, layout.LOG_QUEUE]
        row = row_joined(tally, groups, log, i)
        count(tally, row, queue, sums.COHORT_DEFLECTED, 1)


@kernel_call
def count_session(tally: Tally, groups: Groups, log: Ints, i: int, row: int) -> None:
    """The sums of a session, in the interval in which it began."""
    queue, outcome = log[i, layout.LOG_QUEUE], log[i, layout.LOG_OUTCOME]
    if outcome == outcomes.BLOCKED:
        count(tally, row, queue, sums.COHORT_BLOCKED, 1)
        return
    count(tally, row, queue, sums.COHORT_SESSIONS, 1)
    if outcome == outcomes.OPEN_IN_SESSION:
        count(tally, row, queue, sums.COHORT_OPEN_IN_SESSION, 1)
        tally.totals[sums.TOTAL_OPEN] += 1
        return
    count(tally, row, queue, sums.COHORT_SESSION, log[i, layout.LOG_TALKED] - log[i, layout.LOG_JOINED])
    if outcome == outcomes.HANDED_OFF:
        count(tally, row, queue, sums.COHORT_HANDED_OFF, 1)
        if log[i, layout.LOG_BOT] & layout.WITH_CONTEXT != 0:
            count(tally, row, queue, sums.COHORT_WITH_CONTEXT, 1)
        return
    if outcome == outcomes.LEFT_BOT:
        count(tally, row, queue, sums.COHORT_LEFT_BOT, 1)
        return
    if outcome == outcomes.CONTAINED:
        count(tally, row, queue, sums.COHORT_CONTAINED, 1)
        return
    count(tally, row, queue, sums.COHORT_FALSELY_CONTAINED, 1)
    back = log[i, layout.LOG_BACK] - 1
    if back < 0:
        return
    if back <= _DAY:
        count(tally, row, queue, sums.COHORT_FOLLOWED_24H, 1)
    if back <= 7 * _DAY:
        count(tally, row, queue, sums.COHORT_FOLLOWED_7D, 1)
    if back <= groups.queues[queue, sums.OF_FREE_WITHIN]:
        count(tally, row, queue, sums.COHORT_FREE_OF_CHARGE, 1)
