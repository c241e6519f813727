"""The fixed bins that waits are counted in: whole milliseconds below 128 ms, then at most 0.8 % wide.

A bin of 2^k ms holds waits of 128 * 2^k ms and more, 128 bins to a doubling. The edges never depend on the
data, so counts of any two runs can be added.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.units import MILLISECOND

PER_DOUBLING: Final = 128
"""Bins in each doubling of the wait."""

LONGEST_MS: Final = (1 << 40) - 1
"""Longest wait that `BINS` bins hold, in milliseconds (35 years): the longest time that is drawn."""

BINS: Final = 34 * PER_DOUBLING
"""Bins that hold the waits up to `LONGEST_MS`."""


def bin_of_wait(micros: int) -> int:
    """Bin of a wait of `micros` >= 0 microseconds, rounded down to whole milliseconds."""
    ms = micros // MILLISECOND
    if ms < PER_DOUBLING:
        return ms
    shift = ms.bit_length() - 8
    return (shift + 1) * PER_DOUBLING + ((ms >> shift) - PER_DOUBLING)


def lower_edge_ms(index: int) -> int:
    """Shortest wait of a bin, in milliseconds."""
    if index < PER_DOUBLING:
        return index
    block, place = divmod(index, PER_DOUBLING)
    return (PER_DOUBLING + place) << (block - 1)


def width_ms(index: int) -> int:
    """Width of a bin in milliseconds; it holds the waits with `lower <= floor(ms) < lower + width`."""
    return 1 if index < PER_DOUBLING else 1 << (index // PER_DOUBLING - 1)


def rank_of(share: float, total: int) -> int:
    """Rank of a quantile among `total` >= 1 values, from 1: the first with at least `share` of them up to it.

    A share is a decimal: 29 % of 100 is the 29th, although 0.29 x 100 is above 29 in binary arithmetic.
    """
    return min(max(math.ceil(round(share * total, 6)), 1), total)


def quantile_seconds(bins: NDArray[np.int64], counts: NDArray[np.int64], share: float) -> float | None:
    """Wait that a share of the contacts does not exceed, in seconds; None where nothing was counted.

    The smallest observed wait w with at least `share` of the counts <= w (the inverse of the empirical
    distribution), known up to its bin: at most 0.8 % or 1 ms off. Contacts are spread evenly in their bin.

    Parameters
    ----------
    bins
        Bins, rising, shape [n].
    counts
        Contacts in each, >= 0, shape [n].
    share
        From 0 to 1.
    """
    cumulative = np.cumsum(counts)
    total = int(cumulative[-1]) if len(cumulative) else 0
    if total == 0:
        return None
    rank = rank_of(share, total)
    place = int(np.searchsorted(cumulative, rank))
    index = int(bins[place])
    within = (rank - (int(cumulative[place]) - int(counts[place])) - 0.5) / int(counts[place])
    return (lower_edge_ms(index) + (width_ms(index) - 1) * within) / 1000
