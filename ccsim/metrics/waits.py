"""Quantiles and spread of the answered contacts' waits, with intervals over replications."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.confidence import Matrix, delta_ratios, student
from ccsim.metrics.sums import Codes, Sums
from ccsim.results.bins import BINS, quantile_seconds
from ccsim.results.run import batches

Ints = NDArray[np.int64]

KEPT_BYTES: Final = 4_000_000
"""The waits of all scopes are kept where the rows that they come from take no more."""

_CHUNK: Final = 262_144
"""Rows that are counted at once."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits of the answered in one part: counts by bin, over all replications and by replication."""

    bins: Ints
    """Bins that hold anything, rising."""
    counts: Ints
    """Answered in each bin, all replications."""
    row_bin: NDArray[np.unsignedinteger[Any]]
    row_replication: NDArray[np.unsignedinteger[Any]]
    row_count: NDArray[np.unsignedinteger[Any]]
    """The rows they come from, sorted by bin."""
    answered: Matrix
    """Answered by replication, shape [replications]."""

    def quantile(self, share: float, level: float) -> tuple[float | None, ...]:
        """Quantile in seconds, low, high, standard error; None where there is none.

        The interval is Woodruff's (1952): the share below the quantile is a ratio of sums with an interval of
        its own, and both ends of that are read off the pooled distribution.
        """
        estimate = quantile_seconds(self.bins, self.counts, share)
        n = len(self.answered)
        if estimate is None or n < 2:
            return estimate, None, None, None
        total = int(self.counts.sum())
        rank = min(max(math.ceil(share * total), 1), total)
        last = self.bins[int(np.searchsorted(np.cumsum(self.counts), rank))]
        below = int(np.searchsorted(self.row_bin, last, side="right"))
        x = np.bincount(self.row_replication[:below], weights=self.row_count[:below], minlength=n).astype(np.float64)
        error = float(delta_ratios(x[None, :], self.answered[None, :]).error[0])
        t = student(level, n)
        low = quantile_seconds(self.bins, self.counts, max(share - t * error, 0.0))
        high = quantile_seconds(self.bins, self.counts, min(share + t * error, 1.0))
        assert low is not None
        assert high is not None
        return estimate, low, high, (high - low) / (2 * t)

    def quantile_by_replication(self, share: float) -> list[float | None]:
        """The quantile of every replication alone, in seconds."""
        order = np.argsort(self.row_replication, kind="stable")
        cuts = np.searchsorted(self.row_replication[order], np.arange(len(self.answered) + 1))
        values = []
        for first, after in pairwise(cuts.tolist()):
            mine = order[first:after]
            bins, place = np.unique(self.row_bin[mine].astype(np.int64), return_inverse=True)
            counts = np.bincount(place, weights=self.row_count[mine], minlength=len(bins)).astype(np.int64)
            values.append(quantile_seconds(bins, counts, share))
        return values


def waits_by_part(sums: Sums, codes: Codes, parts: int) -> Iterator[Waits]:
    """Waits of every part of a scope; `codes` is the part of every flow, -1 where it belongs to none.

    One part after the other, as long tables make large ones; short ones are kept for the next KPI.
    """
    key = ("waits", codes.tobytes(), parts)
    if key in sums.memo:
        kept: list[Waits] = sums.memo[key]
        yield from kept
        return
    rows, cuts = _rows_by_flow(sums)
    keep = rows.nbytes <= KEPT_BYTES
    made = []
    for part in range(parts):
        slices = [rows[cuts[f] : cuts[f + 1]] for f in np.flatnonzero(codes == part)]
        one = _waits_of(np.concatenate([rows[:0], *slices]), sums.replications)
        if keep:
            made.append(one)
        yield one
    if keep:
        sums.memo[key] = made


def _rows_by_flow(sums: Sums) -> tuple[NDArray[np.void], Ints]:
    """Bin, replication and count of every row, sorted by flow, and where each flow begins."""
    if "rows" not in sums.memo:
        flows, largest = len(sums.flows), 0
        sizes = np.zeros(flows, dtype=np.int64)
        for frame in batches(sums.tables, "waits", ["flow", "answered"]):
            sizes += np.bincount(frame["flow"].to_numpy(), minlength=flows)
            largest = max(largest, int(frame["answered"].max()) if len(frame) else 0)
        cuts = np.concatenate([[0], np.cumsum(sizes)])
        short = largest < 1 << 32 and sums.replications <= 1 << 16
        count, replication = ("<u4", "<u2") if short else ("<u8", "<u4")
        rows = np.empty(int(cuts[-1]), dtype=[("answered", count), ("replication", replication), ("bin", "<u2")])
        free = cuts[:-1].copy()
        for frame in batches(sums.tables, "waits", ["flow", *(rows.dtype.names or ())]):
            flow = frame["flow"].to_numpy()
            order = np.argsort(flow, kind="stable")
            flow = flow[order]
            place = free[flow] + np.arange(len(flow)) - np.searchsorted(flow, flow)
            for name in rows.dtype.names or ():
                rows[name][place] = frame[name].to_numpy()[order]
            free += np.bincount(flow, minlength=flows)
        sums.memo["rows"] = rows, cuts
    known: tuple[NDArray[np.void], Ints] = sums.memo["rows"]
    return known


def _waits_of(rows: NDArray[np.void], replications: int) -> Waits:
    """Waits of rows that nobody else holds: they are sorted in place where they are of 8 bytes, the bin highest."""
    if rows.dtype.itemsize == 8:
        rows.view("<u8").sort()
    else:
        rows = rows[np.argsort(rows["bin"], kind="stable")]
    by_bin, answered = np.zeros(BINS, dtype=np.int64), np.zeros(replications)
    for first in range(0, len(rows), _CHUNK):
        part = rows[first : first + _CHUNK]
        by_bin += np.bincount(part["bin"], weights=part["answered"], minlength=BINS).astype(np.int64)
        answered += np.bincount(part["replication"], weights=part["answered"], minlength=replications)
    held = np.flatnonzero(by_bin)
    return Waits(held, by_bin[held], rows["bin"], rows["replication"], rows["answered"], answered)


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, sum and sum of squares of waits of one part by replication; whole numbers as Python integers."""

    count: list[int]
    total: list[int]
    """Microseconds."""
    squares: list[int]
    """Squared microseconds."""

    def spread(self) -> tuple[float | None, float | None]:
        """Standard deviation in seconds (over all contacts) and its standard error by the delta method.

        The variance is a difference of large numbers and is made in whole numbers.
        """
        n, s, q = sum(self.count), sum(self.total), sum(self.squares)
        if n == 0:
            return None, None
        if q * n < s * s:
            raise ValueError(f"{n} waits cannot add up to {s} us and their squares to {q} us^2")
        sd = math.sqrt((q * n - s * s) / (n * n))
        replications = len(self.count)
        if replications < 2:
            return sd / 1e6, None
        if sd == 0:
            return 0.0, 0.0
        mean, mean_square = s / n, q / n
        influence = [
            (b - mean_square * k) - 2 * mean * (a - mean * k)
            for k, a, b in zip(self.count, self.total, self.squares, strict=True)
        ]
        variance = sum(d * d for d in influence) * replications / (replications - 1)
        return sd / 1e6, math.sqrt(variance) / (2 * sd * n) / 1e6

    def by_replication(self) -> list[float | None]:
        """Standard deviation of every replication alone, in seconds."""
        cells = zip(self.count, self.total, self.squares, strict=True)
        return [Moments([k], [a], [b]).spread()[0] for k, a, b in cells]


def moments_by_part(sums: Sums, codes: Codes, parts: int) -> list[Moments]:
    """Moments of the answered contacts' waits of every part of a scope."""
    columns = ("answered", "wait_answered_us", "wait_answered_sq_hi", "wait_answered_sq_lo")
    cells = [sums.parts("queue_sums", column, codes, parts) for column in columns]
    made = []
    for i in range(parts):
        count, total, high, low = (cell[i].tolist() for cell in cells)
        made.append(Moments(count, total, [(h << 40) + lo for h, lo in zip(high, low, strict=True)]))
    return made
