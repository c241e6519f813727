"""When deferred work is due: by the clock, or by a clock that runs in working hours only."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel.arrays import WorkingClocks
from ccsim.kernel.layout import FAR, NONE, Ints


@kernel_step
def last_not_after(column: Ints, first: int, end: int, value: int) -> int:
    """Last row from `first` to before `end` of a rising column that is at most a value; `first - 1` if none is."""
    while first < end:
        middle = (first + end) // 2
        if column[middle] <= value:
            first = middle + 1
        else:
            end = middle
    return first - 1


@kernel_entry
def due_at(clocks: WorkingClocks, clock: int, joined: int, time: int) -> int:
    """The instant at which a time has passed since `joined`: by a working clock, or by the plain one (NONE)."""
    if clock == NONE:
        return joined + time
    first = clocks.bounds[clock, 0]
    last = first + clocks.bounds[clock, 1] - 1  # the end of the last stretch: nothing runs after it
    row = last_not_after(clocks.start, first, last + 1, joined)
    run = time
    if row >= first:
        run += clocks.worked[row]
        if row < last:
            run += min(joined - clocks.start[row], clocks.worked[row + 1] - clocks.worked[row])
    if run > clocks.worked[last]:
        return FAR
    # the first instant at which so much has run: before the hours end, not as they begin again
    row = max(last_not_after(clocks.worked, first, last + 1, run - 1), first)
    return clocks.start[row] + run - clocks.worked[row]


@kernel_call
def runs_from(clocks: WorkingClocks, clock: int, now: int) -> int:
    """The first instant from now on at which a working clock runs: now if it does; FAR if it never does again."""
    at = due_at(clocks, clock, now, 1)
    return at if at == FAR else at - 1


@kernel_call
def runs_until(clocks: WorkingClocks, clock: int, now: int) -> int:
    """The instant at which a working clock that runs now stands still."""
    first = clocks.bounds[clock, 0]
    last = first + clocks.bounds[clock, 1] - 1
    row = last_not_after(clocks.start, first, last, now)
    end = clocks.start[row] + clocks.worked[row + 1] - clocks.worked[row]
    while row + 1 < last and clocks.start[row + 1] == end:
        row += 1
        end += clocks.worked[row + 1] - clocks.worked[row]
    return end
