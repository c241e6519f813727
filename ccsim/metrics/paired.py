"""Differences of two alternatives that were simulated on common random numbers, and what the pairing was worth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ccsim.kpis.definitions import KPIS, kpis_of
from ccsim.kpis.verdicts import verdict_of_difference
from ccsim.metrics.confidence import LONGEST_PLAIN, hall, reaches, skewness_of
from ccsim.metrics.paired_influence import Influence, Line, Simulated, in_pairs
from ccsim.records.tables import threshold_label
from ccsim.special_functions import stdtrit

LEVEL: Final = 0.95
"""Confidence level, of all variants together."""
MOST: Final = 10**9
"""More replications than this are not told."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an interval of a difference is: the error that all variants share, and this interval's part of it."""

    error: float
    """Chance that any variant's interval misses, above 0 and below 1."""
    shares: float
    """Into how many parts the error is divided (Bonferroni): the variants, and with `--until` goals and looks too."""
    skewed: bool = False
    """Whether skewness may only lengthen an interval: a decision then needs Student's statistic and Hall's."""

    def quantile(self, replications: int) -> float:
        """Student quantile of a two-sided interval with `replications` - 1 degrees of freedom; replications >= 2."""
        return float(-stdtrit(replications - 1, self.error / self.shares / 2))

    def reach(self, replications: int, skewness: float) -> float:
        """How far from 0 a difference must be to be decided, in standard errors: where its interval ends towards 0.

        That is Hall's distance, which takes the skewness out of Student's statistic; within the limits of
        `ccsim.metrics.confidence.reaches`, or if `skewed`, without them but no less than Student's quantile.

        Parameters
        ----------
        replications
            n, >= 2.
        skewness
            Of one replication's moves, > 0 where the long tail points away from 0, on the side of the difference.
        """
        q = self.quantile(replications)
        if self.skewed:
            return max(q, float(hall(q, skewness, replications)))
        return float(reaches(q, skewness, replications, LONGEST_PLAIN)[0])

    def reaches(self, replications: int, skewness: float) -> tuple[float, float]:
        """How far an interval reaches towards 0 and away from it, in standard errors; parameters as in `reach`."""
        q = self.quantile(replications)
        far = float(reaches(q, skewness, replications, LONGEST_PLAIN)[1])
        return self.reach(replications, skewness), max(far, q) if self.skewed else far


def simultaneous(variants: int, level: float = LEVEL) -> Confidence:
    """Intervals that hold for all variants at once with a level, for a fixed number of replications."""
    return Confidence(1 - level, max(variants, 1))


@dataclass(frozen=True, slots=True)
class Difference:
    """A variant's value less the base's, with its interval."""

    difference: float
    low: float | None
    """None with one replication."""
    high: float | None
    error: float | None
    """Standard error of the difference."""
    saved: float | None
    """Variance of the difference of unpaired replications, divided by that of paired ones; None where nothing
    varies."""
    verdict: str
    """`higher`, `lower`, `equal` (not by chance: nothing varies), or `not decided`."""
    more: int | None
    """Replications that would still be needed for the interval to leave 0 out, if the difference, its spread and its
    skewness stay as they are; 0 where it is decided, None where no number would do."""


def difference_of(base: float, variant: float, a: Any, b: Any, confidence: Confidence) -> Difference:
    """Compare two values by the influence of each replication on them.

    Parameters
    ----------
    base, variant
        The values.
    a, b
        By how much each replication moves them, shape [replications]; the same replications on common random numbers.
    confidence
        Confidence of the interval.
    """
    change, n = variant - base, len(a)
    if n < 2:
        return Difference(change, None, None, None, None, "not decided", None)
    moves = b - a
    each = float((moves * moves).sum() / (n - 1))
    apart = float(((a * a).sum() + (b * b).sum()) / (n - 1))
    if each <= 1e-24 * max(base * base, variant * variant):  # rounding
        exact = "equal" if math.isclose(base, variant, rel_tol=1e-12) else verdict_of_difference(change, change)
        return Difference(change, change, change, 0.0, None, exact, 0)
    skewness, error = float(skewness_of(moves / math.sqrt(each))), math.sqrt(each / n)
    away = math.copysign(1.0, change) * skewness if change else -abs(skewness)
    near, far = confidence.reaches(n, away)
    below, above = (near, far) if change > 0 else (far, near) if change < 0 else (near, near)
    low, high = change - below * error, change + above * error
    verdict = verdict_of_difference(low, high)
    more = needed(math.sqrt(each), abs(change), n, confidence, away) if verdict == "not decided" else 0
    return Difference(change, low, high, error, apart / each, verdict, more)


def difference_between(ours: Influence, i: int, theirs: Influence, j: int, confidence: Confidence) -> Difference:
    """Compare part `i` of the base with part `j` of a variant; both have a value.

    Replications in which neither has anything to count are left out; there is no interval where either of the two
    rests on fewer than 2.
    """
    base, value = float(ours.values[i]), float(theirs.values[j])
    taken = ours.taken[i] | theirs.taken[j]
    if _same_replications(ours, i, theirs, j):
        return Difference(0.0, 0.0, 0.0, 0.0, None, "equal", 0)
    if min(ours.used(i), theirs.used(j)) < 2:
        return Difference(value - base, None, None, None, None, "not decided", None)
    n = int(taken.sum())
    return difference_of(base, value, ours.moves_of(i, n)[taken], theirs.moves_of(j, n)[taken], confidence)


def _same_replications(ours: Influence, i: int, theirs: Influence, j: int) -> bool:
    """Whether both have the same sums in every one of several replications."""
    if ours.replications < 2 or ours.tops is None or ours.bottoms is None or theirs.tops is None:
        return False
    tops = np.array_equal(ours.tops[i], theirs.tops[j])
    return tops and theirs.bottoms is not None and np.array_equal(ours.bottoms[i], theirs.bottoms[j])


def needed(
    spread: float, half_width: float, replications: int, confidence: Confidence, skewness: float = 0.0
) -> int | None:
    """How many more replications make an interval so narrow; None where more than `MOST` would be.

    Parameters
    ----------
    spread
        Standard deviation of one replication's move.
    half_width
        Wanted half-width, in the same unit.
    replications
        Those that were simulated, >= 2.
    skewness
        Of one replication's moves, as in `Confidence.reach`.
    """
    if half_width <= 0 or spread / half_width > math.sqrt(MOST) / confidence.reach(MOST, skewness):
        return None
    low, high = replications, replications
    while confidence.reach(high, skewness) * spread > half_width * math.sqrt(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = confidence.reach(middle, skewness) * spread <= half_width * math.sqrt(middle)
        low, high = (low, middle) if enough else (middle, high)
    return high - replications


def differences(
    base: Simulated,
    variants: Mapping[str, Simulated],
    confidence: Confidence,
    *,
    kpis: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
) -> list[Row]:
    """Every KPI and scope of every variant against the base, columns as in `ccsim.results.comparison_columns`.

    Parts are matched by name; one that only one of the two has stands with the other's value missing. A variant with
    fewer replications than the base, or more, is told against it by those that both have.
    """
    pairs = {name: in_pairs(base, simulated) for name, simulated in variants.items()}
    lines = list(dict.fromkeys(line for one in (base, *variants.values()) for line in one.lines(kpis, scopes)))
    order = {name: place for place, name in enumerate(kpis_of(base.sums.measured.rule))}
    lines.sort(key=lambda line: order[line.kpi])  # stable: scopes and thresholds stay as the runs have them
    rows: list[Row] = []
    for line in lines:
        for name, (first, second) in pairs.items():
            ours, theirs = first.influence(line), second.influence(line)
            if ours is not None and theirs is not None:
                rows.extend({"variant": name} | row for row in _of_line(line, base, ours, theirs, confidence))
    return rows


def _of_line(line: Line, base: Simulated, ours: Influence, theirs: Influence, confidence: Confidence) -> Iterator[Row]:
    kpi = KPIS[line.kpi]
    common = {
        "kpi": line.kpi,
        "scope": line.scope,
        "threshold_s": None if line.threshold is None else line.threshold / 1e6,
        "unit": kpi.unit.replace("money", base.sums.measured.currency),
        "replications": ours.replications,
    }
    at, to = ({name: i for i, name in enumerate(one.names)} for one in (ours, theirs))
    for name in dict.fromkeys([*ours.names, *theirs.names]):
        yield common | {"name": name} | difference_row(kpi.better, ours, at.get(name), theirs, to.get(name), confidence)


def difference_row(
    better: str, ours: Influence, i: int | None, theirs: Influence, j: int | None, confidence: Confidence
) -> Row:
    """Part `i` of the base beside part `j` of a variant, either None where it is not there: the columns of
    `ccsim.results.comparison_columns.DIFFERENCES` from `base` to `note`, without the unit.

    `better` says which way is better, as in `ccsim.kpis.kpi.Kpi.better`.
    """
    base = float(ours.values[i]) if i is not None and ours.known[i] else None
    value = float(theirs.values[j]) if j is not None and theirs.known[j] else None
    notes = [
        "only in the variant" if i is None else (f"base: {ours.notes[i]}" if ours.notes[i] else ""),
        "only in the base" if j is None else (f"variant: {theirs.notes[j]}" if theirs.notes[j] else ""),
    ]
    row: Row = {"base": base, "value": value, "note": "; ".join(note for note in notes if note)}
    row["base_low"], row["base_high"] = (None, None) if base is None or i is None else ours.ends[i]
    row["value_low"], row["value_high"] = (None, None) if value is None or j is None else theirs.ends[j]
    if base is None or value is None or i is None or j is None:
        names = ("difference", "low", "high", "standard_error", "pairing_saved", "more_replications")
        return row | dict.fromkeys(names) | {"verdict": "missing", "good": ""}
    made = difference_between(ours, i, theirs, j, confidence)
    return row | {
        "difference": made.difference,
        "low": made.low,
        "high": made.high,
        "standard_error": made.error,
        "pairing_saved": made.saved,
        "more_replications": made.more,
        "verdict": made.verdict,
        "good": _good(made.verdict, better),
    }


def _good(verdict: str, better: str) -> str:
    """Whether a decided difference is for the better."""
    if verdict not in ("higher", "lower") or better == "neither":
        return ""
    return "better" if verdict == better else "worse"


def title_of(kpi: str, threshold_s: float | None) -> str:
    """A KPI for people, with its threshold: `Service level, 20s`."""
    title = KPIS[kpi].title
    return title if threshold_s is None else f"{title}, {threshold_label(round(threshold_s * 1e6))}"
