"""From the log of the agents to sums of their time."""

from __future__ import annotations

from ccsim.draws.jit import kernel_entry, kernel_step
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import end_of, interval_of
from ccsim.kernel.sums import Groups, Tally


@kernel_step
def spread(pools: Ints, settings: Ints, pool: int, column: int, since: int, until: int, sign: int = 1) -> None:
    """Add a span of an agent's time to the intervals it lies in, or (-1) take it off."""
    since, until = max(since, settings[0]), min(until, settings[1])
    interval = interval_of(settings, since)
    while since < until:
        stop = min(end_of(settings, interval), until)
        pools[interval, pool, column] += sign * (stop - since)
        since = stop
        interval += 1


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
            spread(tally.pools, settings, pool, sums.STAFF_SUMS + rates.of[row, column], since, stop)
        since = stop
        row += 1


@kernel_step
def _round_stay(tally: Tally, groups: Groups, pool: int, since: int, until: int, unpaid: int) -> None:
    """Add what billing the paid time of a stay in whole steps adds to it, in the interval that its end closes."""
    step, first = groups.rates.billed_in[pool], groups.settings[0]
    if step > 0 and first < until <= groups.settings[1]:
        tally.pools[interval_of(groups.settings, until - 1), pool, sums.STAFF_ROUNDED] += (
            since + unpaid - until
        ) % step


@kernel_entry
def tally_spans(tally: Tally, groups: Groups, spans: Ints, n: int) -> None:
    """Add the first `n` rows of the agents' log."""
    settings = groups.settings
    for i in range(n):
        pool, what = spans[i, layout.SPAN_POOL], spans[i, layout.SPAN_WHAT]
        since, until = spans[i, layout.SPAN_FROM], spans[i, layout.SPAN_UNTIL]
        if what == layout.SIGNED:
            spread(tally.pools, settings, pool, sums.STAFF_SIGNED, since, until)
            _rate(tally, groups, pool, sums.RATE_PAID, since, until)
            if groups.rates.stepped[pool] == 1:
                _rate(tally, groups, pool, sums.RATE_OVERTIME, since, until)
        elif what == layout.STAY:
            _round_stay(tally, groups, pool, since, until, spans[i, layout.SPAN_CAUSE])
        elif what == layout.IN_HAND:
            spread(tally.pools, settings, pool, sums.STAFF_IN_HAND, since, until)
        elif what == layout.OVERTIME:
            spread(tally.pools, settings, pool, sums.STAFF_OVERTIME, since, until)
            _rate(tally, groups, pool, sums.RATE_OVERTIME, since, until)
        else:
            column = sums.STAFF_ABSENT if what == layout.ABSENT else sums.STAFF_BREAK
            spread(tally.pools, settings, pool, column, since, until)
            if what == layout.UNPAID_BREAK:
                spread(tally.pools, settings, pool, sums.STAFF_UNPAID, since, until)
            if what == layout.PAID_BREAK:  # premiums are for time that is worked, not for whole days away
                _rate(tally, groups, pool, sums.RATE_PAID, since, until)
            if (
                what != layout.ABSENT and groups.rates.stepped[pool] == 1
            ):  # on a break at random, and planned to be there
                _rate(tally, groups, pool, sums.RATE_OVERTIME, since, until)
            counted = min(until, settings[1]) - max(since, settings[0])
            tally.shrinkage[pool, spans[i, layout.SPAN_CAUSE]] += max(counted, 0)
