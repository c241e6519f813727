"""What each replication did to a KPI: the vectors of which paired differences are made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of, scopes_of
from ccsim.kpis.kpi import OF_FLOWS, Kpi
from ccsim.metrics.estimates import of_parts
from ccsim.metrics.parts import flow_codes, labels, scopes_within
from ccsim.metrics.ratios import ratio_moves
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.waits import Waits, moments_by_part, waits_by_part
from ccsim.results.held_tables import first_of

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
    divided by n (n - 1) are the squared standard error, with n the replications that are `taken`."""
    taken: Flags
    """Replications that have anything to count, shape [parts, replications]; none where there is no interval."""
    ends: tuple[tuple[float | None, float | None], ...]
    """Low and high end of each value's own interval; None where it has none."""
    notes: tuple[str, ...]
    """Why a value is missing, or what was left out."""
    tops: Matrix | None = None
    bottoms: Matrix | None = None
    """Of a ratio: what is divided by what, by replication, shape [parts, replications], the KPI's scale in `tops`."""

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.moves.shape[1])

    def used(self, part: int) -> int:
        """Replications that a part's value rests on."""
        return int(self.taken[part].sum())

    def moves_of(self, part: int, among: int) -> Matrix:
        """The moves of a part as if `among` replications counted: the standard error stays what it is."""
        n = self.used(part)
        made: Matrix = self.moves[part] * (math.sqrt(among * (among - 1) / (n * (n - 1))) if n > 1 else 0.0)
        return made


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI of one scope: what a table of differences goes through."""

    kpi: str
    scope: str
    threshold: int | None
    """T of a service level, microseconds."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One alternative's sums, and the influence of its replications on every KPI that is asked for."""

    sums: Sums

    def first(self, replications: int) -> Simulated:
        """The same after its first replications alone; itself where it has no more."""
        if self.sums.replications <= replications:
            return self
        assert type(self.sums) is Sums, "sums of chosen times are made of tables that are cut already"
        key = ("first", replications)
        if key not in self.sums.memo:
            self.sums.memo[key] = Simulated(Sums(first_of(self.sums.tables, replications), self.sums.measured))
        made: Simulated = self.sums.memo[key]
        return made

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
        key = ("influence", kpi.name, kpi.source, line.threshold, codes.tobytes())  # scopes often split alike
        if key not in self.sums.memo:
            self.sums.memo[key] = influence_of(self.sums, kpi, codes, names, line.threshold)
        found: Influence = self.sums.memo[key]
        return replace(found, names=tuple(names))


def in_pairs(*simulated: Simulated) -> tuple[Simulated, ...]:
    """The same with the replications that all of them have: one that was out of a race early has fewer."""
    fewest = min(one.sums.replications for one in simulated)
    return tuple(one.first(fewest) for one in simulated)


def influence_of(sums: Sums, kpi: Kpi, codes: Codes, names: Sequence[str], threshold: int | None = None) -> Influence:
    """What each replication did to one KPI of every part.

    A ratio moves by the jackknife's pseudo-values (`ccsim.metrics.ratios.ratio_moves`); a quantile by the share of
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
    taken = np.ones((parts, n), dtype=bool)
    if kpi.table in OF_FLOWS:
        codes, _ = flow_codes(sums, codes, parts)
    if kpi.kind == "quantile":
        taken = _stacked([w.answered for w in waits_by_part(sums, codes, parts)], n) > 0
        of_waits = zip(waits_by_part(sums, codes, parts), rows, strict=True)
        moves = _stacked([_of_quantile(w, kpi.share, row["standard_error"]) for w, row in of_waits], n)
    elif kpi.kind == "spread":
        taken = _stacked([np.array(m.count) for m in moments_by_part(sums, codes, parts)], n) > 0
        moves = _stacked([m.moves() for m in moments_by_part(sums, codes, parts)], n)
    else:
        tops = sums.evaluate(kpi.numerator, kpi, codes, parts, threshold) * kpi.scale
        bottoms = sums.evaluate(kpi.denominator, kpi, codes, parts, threshold)
        moves = ratio_moves(tops, bottoms).moves
        taken = ((tops != 0) | (bottoms != 0)) & ((bottoms != 0).sum(axis=1, keepdims=True) > 1)
        if kpi.table == "workforce_plan":  # rounding of what is the same in every replication is not chance
            moves, taken = np.zeros_like(moves), np.ones_like(taken)
    moves[~known] = 0.0
    notes = tuple(row["note"] for row in rows)
    ends = tuple((row["low"], row["high"]) for row in rows)
    return Influence(tuple(names), values, known, moves, taken, ends, notes, tops, bottoms)


def _stacked(rows: Sequence[Matrix], replications: int) -> Matrix:
    return np.array(rows, dtype=np.float64).reshape(len(rows), replications)


def _of_quantile(waits: Waits, share: float, error: float | None) -> Matrix:
    """More below the quantile than its share moves it down; the size is that of Woodruff's error."""
    n = int((waits.answered > 0).sum())
    if not error:
        return np.zeros(len(waits.answered))
    moves = -ratio_moves(waits.below(share)[None, :], waits.answered[None, :]).moves[0]
    found = float(np.sqrt((moves * moves).sum() / (n * (n - 1))))
    made: Matrix = moves * (error / found) if found else np.zeros(len(moves))
    return made
