"""What has come of visits by day, by whom they were assigned to and who answered; cases and ratings by day and pool.

Every visit comes by here, and few rows are in use on a day: they stay in the cache.
"""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import interval_of, last_exceeded, nobody
from ccsim.kernel.sums import Groups, Tally
from ccsim.records import outcomes


@kernel_step
def day_of(groups: Groups, interval: int) -> int:
    """Day in which a report interval begins."""
    return groups.day_of[min(interval, groups.day_of.shape[0] - 1)]


@kernel_step
def _columns(groups: Groups) -> int:
    """Where the columns of `days` begin, behind what is beyond each threshold."""
    return sums.PER_THRESHOLD * groups.thresholds.shape[0]


@kernel_step
def _row_of_day(tally: Tally, groups: Groups, log: Ints, i: int, interval: int) -> int:
    """Row of the sums of a visit by day; made if it is new: there is room, the caller has seen to it."""
    agent = log[i, layout.LOG_AGENT]
    assignee = assignee_of(groups, log, i)
    if assignee < 0:
        return 0
    pool = groups.pool[agent] if agent >= 0 else tally.day_rows.shape[2] - 1
    day = day_of(groups, interval)
    row = tally.day_rows[day, assignee, pool]
    return row if row > 0 else _new_row(tally, day, assignee, pool)


@kernel_step
def assignee_of(groups: Groups, log: Ints, i: int) -> int:
    """Whom a visit is assigned to, NONE if nobody: by its queue and the vendor of its line."""
    vendor = groups.assigned[log[i, layout.LOG_LINE]]
    return groups.assignee[log[i, layout.LOG_QUEUE], vendor if vendor >= 0 else groups.assignee.shape[1] - 1]


@kernel_call
def _new_row(tally: Tally, day: int, assignee: int, pool: int) -> int:
    row = tally.totals[sums.TOTAL_DAYS] + 1
    tally.totals[sums.TOTAL_DAYS] = row
    tally.day_rows[day, assignee, pool] = row
    tally.day_keys[row] = (day * tally.day_rows.shape[1] + assignee) * tally.day_rows.shape[2] + pool
    return row


@kernel_step
def count_by_day(tally: Tally, groups: Groups, log: Ints, i: int, interval: int, wait: int) -> int:
    """The sums of a visit that joined its queue, whose report interval is known; returns its row of `days`."""
    row, of = _row_of_day(tally, groups, log, i, interval), _columns(groups)
    days, agent = tally.days, log[i, layout.LOG_AGENT]
    days[row, of + day_sums.DAY_OFFERED] += 1
    if agent < 0:
        _count_lost(tally, groups, log, i, row, wait)
    else:
        if log[i, layout.LOG_OUTCOME] != outcomes.OPEN_IN_HAND:
            _count_handled(tally, groups, log, i, row)
        if log[i, layout.LOG_WAITED] & layout.CALLBACK > 0:
            days[row, of + day_sums.DAY_CALLED_BACK] += 1
        else:
            days[row, of + day_sums.DAY_ANSWERED] += 1  # what is beyond each threshold the caller adds
    if groups.assignee.shape[1] > 1:
        vendor = groups.assigned[log[i, layout.LOG_LINE]]
        if vendor >= 0:
            tally.assigned[log[i, layout.LOG_QUEUE], vendor, 0] += 1
            if agent >= 0 and vendor == groups.vendor[groups.pool[agent]]:
                tally.assigned[log[i, layout.LOG_QUEUE], vendor, 1] += 1
    return row


@kernel_step
def count_in_deadline(tally: Tally, groups: Groups, row: int) -> None:
    """A visit of deferred work that was answered by the time it was due; its row of `days`."""
    tally.days[row, _columns(groups) + day_sums.DAY_IN_DEADLINE] += 1


@kernel_step
def _count_handled(tally: Tally, groups: Groups, log: Ints, i: int, row: int) -> None:
    """An answered visit that has ended."""
    days, of, outcome = tally.days, _columns(groups), log[i, layout.LOG_OUTCOME]
    days[row, of + day_sums.DAY_TALK] += log[i, layout.LOG_TALKED] - log[i, layout.LOG_LEFT]
    days[row, of + day_sums.DAY_WRAP_UP] += log[i, layout.LOG_WRAPPED] - log[i, layout.LOG_TALKED]
    if outcome == outcomes.RESOLVED:
        days[row, of + day_sums.DAY_RESOLVED] += 1
    elif outcome == outcomes.ESCALATED:
        days[row, of + day_sums.DAY_ESCALATED] += 1
    elif outcome == outcomes.TRANSFERRED:
        days[row, of + day_sums.DAY_TRANSFERRED] += 1
    else:
        days[row, of + day_sums.DAY_UNRESOLVED] += 1
    if log[i, layout.LOG_HELD] >= 0 or log[i, layout.LOG_HAND_OVER] > 0:
        days[row, of + day_sums.DAY_HAND_OVER] += log[i, layout.LOG_HAND_OVER]
        if log[i, layout.LOG_HELD] >= 0:
            days[row, of + day_sums.DAY_WARM] += 1
            days[row, of + day_sums.DAY_WARM_WAIT] += log[i, layout.LOG_HELD]


@kernel_call
def _count_lost(tally: Tally, groups: Groups, log: Ints, i: int, row: int, wait: int) -> None:
    """What has come of a visit that nobody answered."""
    days, of, outcome = tally.days, _columns(groups), log[i, layout.LOG_OUTCOME]
    if outcome == outcomes.ABANDONED:
        days[row, of + day_sums.DAY_ABANDONED] += 1
        if wait <= groups.settings[3]:
            days[row, of + day_sums.DAY_SHORT] += 1
        beyond = last_exceeded(groups, wait)
        if beyond >= 0:
            days[row, sums.PER_THRESHOLD * beyond + sums.ABANDONED_BEYOND] += 1
    elif outcome == outcomes.OPEN_WAITING:
        days[row, of + day_sums.DAY_WAITING] += 1
    elif outcome == outcomes.BALKED:
        days[row, of + day_sums.DAY_BALKED] += 1
    elif outcome == outcomes.NOT_REACHED:
        days[row, of + day_sums.DAY_NOT_REACHED] += 1
    elif outcome == outcomes.EXPIRED:
        days[row, of + day_sums.DAY_EXPIRED] += 1


@kernel_call
def take_off(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """What the row of a visit that was laid down says too much of talk and wrap-up; its row is a part of it."""
    interval = interval_of(groups.settings, log[i, layout.LOG_JOINED])
    row, of = _row_of_day(tally, groups, log, i, interval), _columns(groups)
    tally.days[row, of + day_sums.DAY_TALK] -= log[i, layout.LOG_TALKED]
    tally.days[row, of + day_sums.DAY_WRAP_UP] -= log[i, layout.LOG_BACK]


@kernel_step
def row_of_pool_day(tally: Tally, groups: Groups, interval: int, pool: int) -> int:
    """Row of `pool_days` of a pool, on the day in which a report interval begins."""
    return day_of(groups, interval) * nobody(tally) + pool
