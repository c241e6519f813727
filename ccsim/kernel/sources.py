"""Arrivals: one source a stream, always one contact ahead, and the tournament that says who arrives next.

A day's arrivals are a unit-rate Poisson process run through the inverse of the day's cumulative rate, begun anew at
every local midnight: one per cent more volume moves arrivals a little and touches no other day.
"""

from __future__ import annotations

import math

from ccsim.draws.jit import kernel_entry, kernel_step
from ccsim.draws.keys import ARRIVAL
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import Days, Rules, State, Traces
from ccsim.kernel.layout import FAR, Floats, Ints


@kernel_step
def _next_drawn(days: Days, sources: Ints, keys: Ints, sums: Floats, s: int) -> None:
    """Move the source of stream `s` to its next arrival of the open day."""
    date, midnight = sources[s, layout.SOURCE_DATE], sources[s, layout.SOURCE_MIDNIGHT]
    last = sources[s, layout.SOURCE_LAST_PIECE]
    piece = sources[s, layout.SOURCE_PIECE]
    number = sources[s, layout.SOURCE_NUMBER]
    total = sums[s, 0]
    per_contact = sums[s, 1]
    before = sources[s, layout.SOURCE_TIME]
    while True:
        number += 1
        gap = sums[s, 2]
        if number & 1 == 0:  # one block serves two arrivals
            gap, sums[s, 2] = two_uniforms(keys[s, 0], keys[s, 1], date, number >> 1, 0, ARRIVAL)
        total -= math.log(gap) * per_contact
        while piece <= last and days.piece_until[piece] < total:
            piece += 1
        if piece > last:
            time = FAR
            break
        rate = days.piece_rate[piece]
        slope = days.piece_slope[piece]
        left = total
        if piece > sources[s, layout.SOURCE_FIRST_PIECE]:
            left = total - days.piece_until[piece - 1]
        if slope == 0.0:
            elapsed = left / rate
        else:
            elapsed = 2.0 * left / (rate + math.sqrt(max(rate * rate + 2.0 * slope * left, 0.0)))
        since_midnight = min(days.piece_from[piece] + int(elapsed), days.piece_end[piece] - 1)
        time = max(midnight + since_midnight, before)
        if time >= 0:
            break
    sources[s, layout.SOURCE_TIME] = time
    sources[s, layout.SOURCE_NUMBER] = number
    sources[s, layout.SOURCE_PIECE] = piece
    sums[s, 0] = total


@kernel_step
def _replay(sources: Ints, winners: Ints, s: int) -> None:
    """The matches of stream `s` up to the root, once more: the smaller entry wins."""
    leaves = winners.shape[0] >> 1
    node = leaves + s
    entry = min(sources[s, layout.SOURCE_TIME], FAR // leaves) * leaves + s
    winners[node] = entry
    while node > 1:
        entry = min(entry, winners[node ^ 1])
        node >>= 1
        winners[node] = entry


@kernel_step
def next_stream(winners: Ints) -> int:
    """The stream whose contact arrives next."""
    return winners[1] & ((winners.shape[0] >> 1) - 1)


@kernel_step
def next_arrival(days: Days, traces: Traces, sources: Ints, keys: Ints, sums: Floats, winners: Ints, s: int) -> None:
    """Move the source of stream `s` on, after its arrival has been taken."""
    if sources[s, layout.SOURCE_ROW] >= 0:
        row, end_of_trace = sources[s, layout.SOURCE_ROW] + 1, traces.of_stream[s, 0] + traces.of_stream[s, 1]
        sources[s, layout.SOURCE_ROW] = row
        sources[s, layout.SOURCE_TIME] = traces.time[row] if row < end_of_trace else FAR
    else:
        _next_drawn(days, sources, keys, sums, s)
    _replay(sources, winners, s)


@kernel_entry
def open_days(rules: Rules, state: State, streams: Ints, rows: Ints, factors: Floats) -> None:
    """Begin a local day of some streams, all of one instant: of each the row of `Days`, and the contacts that one unit
    of the day's curve stands for (day factor included)."""
    for i in range(streams.shape[0]):
        s = streams[i]
        day = rows[i]
        curve = rules.days.curve[day]
        first = rules.days.curve_pieces[curve, 0]
        state.sources[s, layout.SOURCE_DATE] = rules.days.date[day]
        state.sources[s, layout.SOURCE_MIDNIGHT] = rules.days.start[day]
        state.sources[s, layout.SOURCE_FIRST_PIECE] = first
        state.sources[s, layout.SOURCE_LAST_PIECE] = first + rules.days.curve_pieces[curve, 1] - 1
        state.sources[s, layout.SOURCE_NUMBER] = -1
        state.sources[s, layout.SOURCE_PIECE] = first
        state.sources[s, layout.SOURCE_TIME] = rules.days.start[day]
        state.source_sum[s, 0] = 0.0
        if factors[i] > 0.0:
            state.source_sum[s, 1] = 1.0 / factors[i]
            _next_drawn(rules.days, state.sources, state.source_keys, state.source_sum, s)
        else:
            state.sources[s, layout.SOURCE_TIME] = FAR
        _replay(state.sources, state.winners, s)
