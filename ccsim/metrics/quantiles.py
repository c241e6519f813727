"""Quantiles of the answered contacts' waits with their intervals, of many parts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.confidence import Flags, Matrix, exact_share, student
from ccsim.metrics.ratios import ratios
from ccsim.metrics.waits import Estimate, Waits
from ccsim.results.bins import BINS, middle_seconds, quantile_seconds, rank_of
from ccsim.special_functions import expit, logit

Ints = NDArray[np.int64]

GRID: Final = 48
"""Bins that the ends of a quantile's interval are first looked for among."""
ROOM: Final = 16_000_000
"""Bytes of the parts that are looked at together; a single part may have more."""


def quantiles(parts: Iterable[Waits], shares: Sequence[float], level: float) -> Iterator[list[Estimate]]:
    """Quantiles of every part with their intervals, in the order of the shares.

    The interval holds every wait of which it can be that just this share does not exceed it: the share that does
    not exceed a wait is a ratio of sums, with an interval as that of any share (Woodruff, Confidence intervals for
    medians and other position measures, 1952; inverted wait by wait: Francisco and Fuller, Quantile estimation with
    a complex survey design, 1991). The standard error is that of the interval at the quantile alone.

    Parameters
    ----------
    parts
        Waits of each part, all of the same replications.
    shares
        Which quantiles, between 0 and 1.
    level
        Confidence level, between 0 and 1.
    """
    together: list[Waits] = []
    held = 0
    for one in parts:
        together.append(one)
        held += 8 * (len(one.row_bin) + len(one.bins) * len(one.answered))
        if held >= ROOM:
            yield from _of_some(together, shares, level)
            together, held = [], 0
    if together:
        yield from _of_some(together, shares, level)


class _Asked(NamedTuple):
    """One quantile of one part."""

    waits: Waits
    below: Matrix
    """Answered within each bin or a shorter one, by replication, shape [bins, replications]."""
    share: float


def _of_some(parts: Sequence[Waits], shares: Sequence[float], level: float) -> list[list[Estimate]]:
    found = [[Estimate(quantile_seconds(one.bins, one.counts, share)) for share in shares] for one in parts]
    n = len(parts[0].answered)
    held = [i for i, one in enumerate(parts) if len(one.bins)]
    if n < 2 or not held:
        return found
    below = {i: _below(parts[i]) for i in held}
    asked = {(i, k): _Asked(parts[i], below[i], share) for i in held for k, share in enumerate(shares)}
    x = np.array([one.below[one.waits.place(one.share)] for one in asked.values()])
    y = np.array([one.waits.answered for one in asked.values()])
    made = ratios(x, y, level, "logit", counted="share")
    errors: dict[tuple[int, int], float] = {}
    reach = 2 * student(level, n)
    for j, ((i, k), one) in enumerate(asked.items()):
        if made.has_interval[j]:
            at, low, high = (float(values[j]) for values in (made.estimate, made.low, made.high))
            errors[i, k] = _width(one.waits, one.share, level, at, low, high) / reach
        else:
            found[i][k] = Estimate(found[i][k].value, note=str(made.note[j]))
    places = _ends([asked[key] for key in errors], level)
    for ((i, k), error), (first, last) in zip(errors.items(), places, strict=True):
        value, bins = found[i][k].value, parts[i].bins
        assert value is not None
        low, high = (middle_seconds(int(bins[place])) for place in (first, min(last, len(bins) - 1)))
        found[i][k] = Estimate(value, min(low, value), max(high, value), error, at_longest=last >= len(bins) - 1)
    return found


def _width(waits: Waits, share: float, level: float, at: float, low: float, high: float) -> float:
    """Seconds between the quantiles at both ends of the share's interval, moved to where the share is."""
    if at < 1:
        low, high = (float(expit(logit(share) + logit(end) - logit(at))) for end in (low, high))
    else:
        total = int(waits.counts.sum())
        low, high = (float(end) for end in exact_share(rank_of(share, total), total, level))
    near = [quantile_seconds(waits.bins, waits.counts, end) or 0.0 for end in (low, high)]
    return near[1] - near[0]


def _ends(asked: Sequence[_Asked], level: float) -> list[tuple[int, int]]:
    """Places of the bins where each quantile may begin and where it has certainly been reached (or one after all)."""
    if not asked:
        return []

    def reached(places: Sequence[Ints]) -> Iterator[tuple[int, int]]:
        """Of the places of each, how many come before the share may be reached, and before it certainly is."""
        answered = np.repeat([one.waits.answered for one in asked], [len(at) for at in places], axis=0)
        rows = np.concatenate([one.below[at] for one, at in zip(asked, places, strict=True)])
        made = ratios(rows, answered, level, "logit", counted="share")
        first = 0
        for one, at in zip(asked, places, strict=True):
            mine = slice(first, first + len(at))
            yield _leading(made.high[mine] < one.share), _leading(made.low[mine] < one.share)
            first = mine.stop

    coarse = []
    for one in asked:
        bins = len(one.waits.bins)
        coarse.append(np.unique(np.linspace(0, bins - 1, min(bins, GRID)).round().astype(np.int64)))
    found = list(reached(coarse))
    ends = []
    for which in (0, 1):
        starts, fine = [], []
        for one, grid, counts in zip(asked, coarse, found, strict=True):
            count = counts[which]
            after = int(grid[count]) + 1 if count < len(grid) else len(one.waits.bins)
            starts.append(int(grid[count - 1]) + 1 if count else 0)
            fine.append(np.arange(starts[-1], after))
        ends.append([start + counts[which] for start, counts in zip(starts, reached(fine), strict=True)])
    return list(zip(ends[0], ends[1], strict=True))


def _leading(flags: Flags) -> int:
    """How many are true before the first that is not."""
    return len(flags) if flags.all() else int(flags.argmin())


def _below(waits: Waits) -> Matrix:
    """Answered within each bin or a shorter one, by replication, shape [bins, replications]."""
    n, bins = len(waits.answered), len(waits.bins)
    place_of = np.zeros(BINS, dtype=np.int64)
    place_of[waits.bins] = np.arange(bins)
    place = place_of[waits.row_bin] * n + waits.row_replication
    counts = np.bincount(place, weights=waits.row_count, minlength=bins * n)
    made: Matrix = counts.reshape(bins, n).cumsum(axis=0)
    return made
