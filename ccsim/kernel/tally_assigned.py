"""What has come of visits, by whom they were assigned to, and how fast those were that each pool answered."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally


@kernel_step
def _assignee_of(groups: Groups, log: Ints, i: int) -> int:
    """Assignee of a visit, NONE without."""
    vendor = groups.assigned[log[i, layout.LOG_LINE]]
    return groups.assignee[log[i, layout.LOG_QUEUE], vendor if vendor >= 0 else groups.assignee.shape[1] - 1]


@kernel_step
def count_assigned(tally: Tally, groups: Groups, log: Ints, i: int, queue: int, wait: int) -> None:
    """The sums of a visit that joined its queue, by whom it was assigned to."""
    vendor, agent = groups.assigned[log[i, layout.LOG_LINE]], log[i, layout.LOG_AGENT]
    if vendor >= 0:
        tally.assigned[queue, vendor, sums.VENDOR_ASSIGNED] += 1
        if agent >= 0 and vendor == groups.vendor[groups.pool[agent]]:
            tally.assigned[queue, vendor, sums.VENDOR_HANDLED] += 1
    row = _assignee_of(groups, log, i)
    if row >= 0:
        tally.assignees[row, sums.ASSIGNEE_OFFERED] += 1
    if agent < 0:
        if row >= 0:
            _count_lost(tally, groups, log, i, row, wait)
        return
    pool = groups.pool[agent]
    if log[i, layout.LOG_WAITED] & layout.CALLBACK > 0:
        tally.routes[queue, pool, sums.ROUTE_CALLED_BACK] += 1
        if row >= 0:
            tally.assignees[row, sums.ASSIGNEE_CALLED_BACK] += 1
        return
    if row >= 0:
        tally.assignees[row, sums.ASSIGNEE_ANSWERED] += 1
    for t in range(groups.thresholds.shape[0]):
        if wait <= groups.thresholds[t]:
            tally.routes[queue, pool, sums.ROUTE_SUMS + t] += 1
            if row >= 0:
                tally.assignees[row, sums.ASSIGNEE_SUMS + sums.PER_THRESHOLD * t + sums.ANSWERED_WITHIN] += 1


@kernel_step
def _count_lost(tally: Tally, groups: Groups, log: Ints, i: int, row: int, wait: int) -> None:
    """What has come of a visit that nobody answered."""
    outcome = log[i, layout.LOG_OUTCOME]
    if outcome == layout.ABANDONED:
        tally.assignees[row, sums.ASSIGNEE_ABANDONED] += 1
        if wait <= groups.settings[3]:
            tally.assignees[row, sums.ASSIGNEE_SHORT] += 1
        for t in range(groups.thresholds.shape[0]):
            if wait <= groups.thresholds[t]:
                tally.assignees[row, sums.ASSIGNEE_SUMS + sums.PER_THRESHOLD * t + sums.ABANDONED_WITHIN] += 1
    elif outcome == layout.OPEN_WAITING:
        tally.assignees[row, sums.ASSIGNEE_WAITING] += 1
    elif outcome == layout.BALKED:
        tally.assignees[row, sums.ASSIGNEE_BALKED] += 1
    elif outcome == layout.NOT_REACHED:
        tally.assignees[row, sums.ASSIGNEE_NOT_REACHED] += 1
    elif outcome == layout.EXPIRED:
        tally.assignees[row, sums.ASSIGNEE_EXPIRED] += 1


@kernel_call
def count_in_deadline(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """A visit of deferred work that was answered by the time it was due."""
    pool, row = groups.pool[log[i, layout.LOG_AGENT]], _assignee_of(groups, log, i)
    tally.routes[log[i, layout.LOG_QUEUE], pool, sums.ROUTE_IN_DEADLINE] += 1
    if row >= 0:
        tally.assignees[row, sums.ASSIGNEE_IN_DEADLINE] += 1
