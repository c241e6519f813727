"""What each replication did to a KPI: the vectors of which paired differences are made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.estimates import of_parts
from ccsim.metrics.kpis import OF_FLOWS, Kpi, kpis_of, scopes_of
from ccsim.metrics.parts import flow_codes, labels, scopes_within
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.waits import Moments, Waits, moments_by_part, waits_by_part

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Influence:
    """One KPI for some parts of a run: its values, and what each replication did to them."""

    names: tuple[str, ...]
    """Names of the parts."""
    values: Matrix
    """Shape [parts], in the KPI's unit; 0 where it is not `known`."""
    known: Flags
    """Whether there is a value, shape [parts]."""
    moves: Matrix
    """By how much each replication moves the value, shape [parts, replications]: a row adds up to 0, and its squares
    divided by n (n - 1) are the squared standard error."""
    notes: tuple[str, ...]
    """Why a value is missing, or what was left out."""
    tops: Matrix | None = None
    bottoms: Matrix | None = None
    """Of a ratio: what is divided by what, by replication, shape [parts, replications], the KPI's scale in `tops`."""

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.moves.shape[1])


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI of one scope: what a table of differences goes through."""

    kpi: str
    scope: str
    threshold: int | None
    """T of a service level, microseconds."""


@dataclass(frozen=True, slots=True)
class Played:
    """One alternative's sums, and the influence of its replications on every KPI that is asked for."""

    sums: Sums

    def lines(self, kpis: Sequence[str] | None, scopes: Sequence[str] | None) -> Iterator[Line]:
        """KPIs and scopes that this run is split by, in the order of the reference; parameters as in `estimate`."""
        every = kpis_of(self.sums.measured.rule)
        for name in every if kpis is None else kpis:
            kpi = every[name]
            for scope in scopes_within(self.sums, kpi, scopes):
                for threshold in self.sums.measured.thresholds if kpi.by_threshold else (None,):
                    yield Line(name, scope, threshold)

    def influence(self, line: Line) -> Influence | None:
        """The influence on one KPI of every part of a scope; None where the KPI is not known by it."""
        kpi = kpis_of(self.sums.measured.rule)[line.kpi]
        if line.scope not in scopes_of(kpi):
            return None
        kpi = kpi.by(line.scope)
        names, codes = labels(self.sums, line.scope, by_pool=kpi.by_pool)
        key = ("influence", kpi.name, kpi.table, line.threshold, codes.tobytes())  # scopes often split alike
        if key not in self.sums.memo:
            self.sums.memo[key] = influence_of(self.sums, kpi, codes, names, line.threshold)
        found: Influence = self.sums.memo[key]
        return replace(found, names=tuple(names))


def influence_of(sums: Sums, kpi: Kpi, codes: Codes, names: Sequence[str], threshold: int | None = None) -> Influence:
    """What each replication did to one KPI of every part.

    A ratio r = X / Y moves by (x - r y) / mean(y) in each replication (delta method); a quantile by the share of
    the replication's contacts below it, scaled to Woodruff's standard error; a spread by its second moments.

    Parameters
    ----------
    codes
        Part of every queue (of every pool, for a KPI of pools), -1 where it belongs to none.
    names
        Names of the parts, in the order of the codes.
    threshold
        T of a service level, microseconds.
    """
    parts, n = len(names), sums.replications
    rows = of_parts(sums, kpi, codes, parts, threshold)
    values = np.array([0.0 if row["estimate"] is None else row["estimate"] for row in rows], dtype=np.float64)
    known = np.array([row["estimate"] is not None for row in rows], dtype=bool)
    tops = bottoms = None
    if kpi.table in OF_FLOWS:
        codes, _ = flow_codes(sums, codes, parts)
    if kpi.kind == "quantile":
        of_waits = zip(waits_by_part(sums, codes, parts), rows, strict=True)
        moves = _stacked([_of_quantile(w, kpi.share, row["standard_error"]) for w, row in of_waits], n)
    elif kpi.kind == "spread":
        moves = _stacked([_of_spread(m) for m in moments_by_part(sums, codes, parts)], n)
    else:
        tops = sums.evaluate(kpi.numerator, kpi, codes, parts, threshold) * kpi.scale
        bottoms = sums.evaluate(kpi.denominator, kpi, codes, parts, threshold)
        moves = _of_ratios(tops, bottoms)
        if kpi.table == "workforce_plan":  # rounding of what is the same in every replication is no luck
            moves = np.zeros_like(moves)
    moves[~known] = 0.0
    return Influence(tuple(names), values, known, moves, tuple(row["note"] for row in rows), tops, bottoms)


def _stacked(rows: Sequence[Matrix], replications: int) -> Matrix:
    return np.array(rows, dtype=np.float64).reshape(len(rows), replications)


def _of_ratios(tops: Matrix, bottoms: Matrix) -> Matrix:
    mean = bottoms.mean(axis=1, keepdims=True)
    safe = np.where(mean == 0, 1.0, mean)
    ratio = tops.mean(axis=1, keepdims=True) / safe
    made: Matrix = (tops - ratio * bottoms) / safe
    return made


def _of_quantile(waits: Waits, share: float, error: float | None) -> Matrix:
    """More below the quantile than its share moves it down; the size is that of Woodruff's error."""
    n = len(waits.answered)
    if not error:
        return np.zeros(n)
    total = int(waits.counts.sum())
    rank = min(max(math.ceil(share * total), 1), total)
    last = waits.bins[int(np.searchsorted(np.cumsum(waits.counts), rank))]
    below = int(np.searchsorted(waits.row_bin, last, side="right"))
    x = np.bincount(waits.row_replication[:below], weights=waits.row_count[:below], minlength=n).astype(np.float64)
    moves = -_of_ratios(x[None, :], waits.answered[None, :])[0]
    found = float(np.sqrt((moves * moves).sum() / (n * (n - 1))))
    made: Matrix = moves * (error / found) if found else np.zeros(n)
    return made


def _of_spread(moments: Moments) -> Matrix:
    replications, n = len(moments.count), sum(moments.count)
    sd = moments.spread()[0]
    if not sd:
        return np.zeros(replications)
    mean, mean_square = sum(moments.total) / n, sum(moments.squares) / n
    cells = zip(moments.count, moments.total, moments.squares, strict=True)
    moved = [(q - mean_square * k) - 2 * mean * (s - mean * k) for k, s, q in cells]
    made: Matrix = np.array(moved, dtype=np.float64) * replications / (2 * sd * 1e6 * n) / 1e6
    return made
