"""Waits of the answered contacts by part, and their spread with its interval over replications."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.confidence import Matrix
from ccsim.metrics.ratios import FARTHEST, NEVER_ANY, NO_SPREAD, ONE_ONLY, SAME, TOO_FAR, LeftOut
from ccsim.metrics.sums import Codes, Sums
from ccsim.results.bins import BINS, quantile_seconds, rank_of
from ccsim.results.held_tables import batches

Ints = NDArray[np.int64]

KEPT_BYTES: Final = 4_000_000
"""The waits of all scopes are kept where the rows that they come from take no more."""
_CHUNK: Final = 262_144
"""Rows that are counted at once."""
MOMENTS: Final = ("answered", "wait_answered_us", "wait_answered_sq_hi", "wait_answered_sq_lo")
"""Columns of `queue_sums` that count, sum and sum of squares of waits are made of."""
LONGEST: Final = "; ends at the longest wait observed"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value in seconds with its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    """Standard error."""
    how: str = ""
    """How the interval was made."""
    note: str = ""
    """Why there is none."""
    at_longest: bool = False
    """Whether it ends at the longest wait that was seen, for want of a longer one."""


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

    def place(self, share: float) -> int:
        """Place of the quantile's bin among the bins that hold anything; somebody was answered."""
        return int(np.searchsorted(np.cumsum(self.counts), rank_of(share, int(self.counts.sum()))))

    def below(self, share: float) -> Matrix:
        """Answered whose wait is in the quantile's bin or a shorter one, by replication, shape [replications]."""
        rows = int(np.searchsorted(self.row_bin, self.bins[self.place(share)], side="right"))
        n = len(self.answered)
        made = np.bincount(self.row_replication[:rows], weights=self.row_count[:rows], minlength=n)
        return made.astype(np.float64)

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

    def sd(self) -> float | None:
        """Standard deviation in seconds over all contacts; None where there are none.

        The variance is a difference of large numbers and is made in whole numbers.
        """
        return _sd(sum(self.count), sum(self.total), sum(self.squares))

    def spread(self, level: float) -> Estimate:
        """Standard deviation with its interval, on the logarithmic scale; its standard error is the delta method's."""
        sd = self.sd()
        taken = np.array([k > 0 for k in self.count], dtype=bool)
        if sd is None or len(taken) < 2:
            return Estimate(sd, how="jackknife")
        if taken.sum() < 2:
            return Estimate(sd, how="jackknife", note=ONE_ONLY)
        linear = self.moves()
        used = int(taken.sum())
        error = float(np.sqrt((linear * linear).sum() / (used * (used - 1))))
        if error <= NO_SPREAD * sd:
            return Estimate(sd, sd, sd, 0.0, SAME, "" if sd else NEVER_ANY)
        sums = (sum(self.count), sum(self.total), sum(self.squares))
        cells = zip(self.count, self.total, self.squares, strict=True)
        left = [_sd(sums[0] - k, sums[1] - s, sums[2] - q) for k, s, q in cells]
        without = np.array([[sd if one is None else one for one in left]])
        possible = np.array([None not in left])
        made = LeftOut(np.array([sd]), without, possible, linear[None, :], taken[None, :])
        low, high, how = made.ends(level, "log")
        if high[0] > FARTHEST * sd:
            return Estimate(sd, how="jackknife", note=TOO_FAR)
        return Estimate(sd, float(low[0]), float(high[0]), error, how[0])

    def moves(self) -> Matrix:
        """By how much each replication moves it (delta method), in seconds, shape [replications]."""
        n, sd = sum(self.count), self.sd()
        if not sd:
            return np.zeros(len(self.count))
        mean, mean_square = sum(self.total) / n, sum(self.squares) / n
        cells = zip(self.count, self.total, self.squares, strict=True)
        moved = [(q - mean_square * k) - 2 * mean * (s - mean * k) for k, s, q in cells]
        used = sum(k > 0 for k in self.count)
        made: Matrix = np.array(moved, dtype=np.float64) * used / (2 * sd * 1e6 * n) / 1e6
        return made

    def by_replication(self) -> list[float | None]:
        """Standard deviation of every replication alone, in seconds."""
        cells = zip(self.count, self.total, self.squares, strict=True)
        return [_sd(k, a, b) for k, a, b in cells]


def _sd(n: int, s: int, q: int) -> float | None:
    """Standard deviation in seconds, from a count, a sum and a sum of squares of microseconds."""
    if n == 0:
        return None
    if q * n < s * s:
        raise ValueError(f"{n} waits cannot add up to {s} us and their squares to {q} us^2")
    return math.sqrt((q * n - s * s) / (n * n)) / 1e6


def moments_by_part(sums: Sums, codes: Codes, parts: int) -> list[Moments]:
    """Moments of the answered contacts' waits of every part of a scope."""
    cells = [sums.parts("queue_sums", column, codes, parts) for column in MOMENTS]
    made = []
    for i in range(parts):
        count, total, high, low = (cell[i].tolist() for cell in cells)
        made.append(Moments(count, total, [(h << 40) + lo for h, lo in zip(high, low, strict=True)]))
    return made
