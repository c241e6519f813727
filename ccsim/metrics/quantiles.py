"""Quantiles of the answered contacts' waits with their intervals, of many parts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from ccsim.metrics.confidence import Matrix, exact_share, student
from ccsim.metrics.ratios import ratios
from ccsim.metrics.waits import Estimate, Waits
from ccsim.results.bins import BINS, middle_seconds, quantile_seconds, rank_of

Ints = NDArray[np.int64]

GRID: Final = 48
"""Bins that the ends of a quantile's interval are first looked for among."""
ROOM: Final = 16_000_000
"""Bytes of the parts that are looked at together; a single part may have more."""


def quantiles(parts: Iterable[Waits], share: float, level: float) -> Iterator[Estimate]:
    """Quantile of every part with its interval.

    The interval holds every wait of which it can be that just this share does not exceed it: the share that does
    not exceed a wait is a ratio of sums, with an interval as that of any share (Woodruff, Confidence intervals for
    medians and other position measures, 1952; inverted wait by wait: Francisco and Fuller, Quantile estimation with
    a complex survey design, 1991). The standard error is that of the interval at the quantile alone.

    Parameters
    ----------
    parts
        Waits of each part, all of the same replications.
    share
        Which quantile, between 0 and 1.
    level
        Confidence level, between 0 and 1.
    """
    together: list[Waits] = []
    held = 0
    for one in parts:
        together.append(one)
        held += 8 * (len(one.row_bin) + len(one.bins) * len(one.answered))
        if held >= ROOM:
            yield from _of_some(together, share, level)
            together, held = [], 0
    if together:
        yield from _of_some(together, share, level)


def _of_some(parts: Sequence[Waits], share: float, level: float) -> list[Estimate]:
    found = [Estimate(quantile_seconds(one.bins, one.counts, share)) for one in parts]
    n = len(parts[0].answered)
    asked = [i for i, one in enumerate(found) if one.value is not None]
    if n < 2 or not asked:
        return found
    x, y = (np.array(rows) for rows in ([parts[i].below(share) for i in asked], [parts[i].answered for i in asked]))
    made = ratios(x, y, level, "logit", counted="share")
    known: list[tuple[int, float]] = []
    reach = 2 * student(level, n)
    for j, i in enumerate(asked):
        if made.has_interval[j]:
            at, low, high = (float(values[j]) for values in (made.estimate, made.low, made.high))
            known.append((i, _width(parts[i], share, level, at, low, high) / reach))
        else:
            found[i] = Estimate(found[i].value, note=str(made.note[j]))
    places = _ends([parts[i] for i, _ in known], share, level)
    for (i, error), (first, last) in zip(known, places, strict=True):
        value, bins = found[i].value, parts[i].bins
        assert value is not None
        low, high = (middle_seconds(int(bins[place])) for place in (first, min(last, len(bins) - 1)))
        found[i] = Estimate(value, min(low, value), max(high, value), error, at_longest=last >= len(bins) - 1)
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


def _ends(parts: Sequence[Waits], share: float, level: float) -> list[tuple[int, int]]:
    """Places of the bins where each quantile may begin and where it surely has been reached (or one after all)."""
    if not parts:
        return []
    below = [_below(one) for one in parts]

    def reached(places: Sequence[Ints]) -> Iterator[tuple[int, int]]:
        """Of each part's places, how many come before the share may be reached, and before it surely is."""
        answered = [np.repeat(one.answered[None, :], len(at), axis=0) for one, at in zip(parts, places, strict=True)]
        rows = np.concatenate([table[at] for table, at in zip(below, places, strict=True)])
        made = ratios(rows, np.concatenate(answered), level, "logit", counted="share")
        cuts = np.cumsum([len(at) for at in places])[:-1]
        for high, low in zip(np.split(made.high, cuts), np.split(made.low, cuts), strict=True):
            yield int((high < share).cumprod().sum()), int((low < share).cumprod().sum())

    coarse = []
    for one in parts:
        bins = len(one.bins)
        coarse.append(np.unique(np.linspace(0, bins - 1, min(bins, GRID)).round().astype(np.int64)))
    found = list(reached(coarse))
    ends = []
    for which in (0, 1):
        starts, fine = [], []
        for one, grid, counts in zip(parts, coarse, found, strict=True):
            count = counts[which]
            after = int(grid[count]) + 1 if count < len(grid) else len(one.bins)
            starts.append(int(grid[count - 1]) + 1 if count else 0)
            fine.append(np.arange(starts[-1], after))
        ends.append([start + counts[which] for start, counts in zip(starts, reached(fine), strict=True)])
    return list(zip(ends[0], ends[1], strict=True))


def _below(waits: Waits) -> Matrix:
    """Answered within each bin or a shorter one, by replication, shape [bins, replications]."""
    n, bins = len(waits.answered), len(waits.bins)
    place_of = np.zeros(BINS, dtype=np.int64)
    place_of[waits.bins] = np.arange(bins)
    place = place_of[waits.row_bin] * n + waits.row_replication
    counts = np.bincount(place, weights=waits.row_count, minlength=bins * n)
    made: Matrix = counts.reshape(bins, n).cumsum(axis=0)
    return made
