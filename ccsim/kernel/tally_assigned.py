"""What has come of visits, by the vendor that they were assigned to."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Tally


@kernel_call
def count_assigned(tally: Tally, groups: Groups, log: Ints, i: int, wait: int) -> None:
    """The sums of a visit that joined its queue and is assigned to a vendor.

    What is assigned to none is what is left of the sums of its queue, so it is not counted.
    """
    vendor, agent = groups.assigned[log[i, layout.LOG_LINE]], log[i, layout.LOG_AGENT]
    row = groups.assignee[log[i, layout.LOG_QUEUE], vendor]
    assignees = tally.assignees
    assignees[row, sums.ASSIGNEE_OFFERED] += 1
    if agent < 0:
        _count_lost(tally, groups, log, i, row, wait)
        return
    if vendor == groups.vendor[groups.pool[agent]]:
        assignees[row, sums.ASSIGNEE_HANDLED] += 1
    if log[i, layout.LOG_WAITED] & layout.CALLBACK > 0:
        assignees[row, sums.ASSIGNEE_CALLED_BACK] += 1
        return
    assignees[row, sums.ASSIGNEE_ANSWERED] += 1
    for t in range(groups.thresholds.shape[0]):
        if wait <= groups.thresholds[t]:
            assignees[row, sums.ASSIGNEE_THRESHOLDS + sums.PER_THRESHOLD * t + sums.ANSWERED_WITHIN] += 1


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
                tally.assignees[row, sums.ASSIGNEE_THRESHOLDS + sums.PER_THRESHOLD * t + sums.ABANDONED_WITHIN] += 1
    elif outcome == layout.OPEN_WAITING:
        tally.assignees[row, sums.ASSIGNEE_WAITING] += 1
    elif outcome == layout.BALKED:
        tally.assignees[row, sums.ASSIGNEE_BALKED] += 1
    elif outcome == layout.NOT_REACHED:
        tally.assignees[row, sums.ASSIGNEE_NOT_REACHED] += 1
    elif outcome == layout.EXPIRED:
        tally.assignees[row, sums.ASSIGNEE_EXPIRED] += 1


@kernel_step
def count_in_deadline(tally: Tally, groups: Groups, log: Ints, i: int) -> None:
    """A visit of deferred work that was answered by the time it was due, if it is assigned to a vendor."""
    if groups.assignee.shape[1] > 1:
        vendor = groups.assigned[log[i, layout.LOG_LINE]]
        if vendor >= 0:
            row = groups.assignee[log[i, layout.LOG_QUEUE], vendor]
            tally.assignees[row, sums.ASSIGNEE_IN_DEADLINE] += 1
