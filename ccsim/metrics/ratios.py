"""Ratios of sums over independent replications, with intervals that cover also where replications differ much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.confidence import (
    LONGEST,
    LONGEST_PLAIN,
    Flags,
    Matrix,
    Vector,
    exact_count,
    exact_share,
    reaches,
    student,
)
from ccsim.special_functions import expit

Method = Literal["jackknife", "delta"]
Scale = Literal["logit", "log", "plain"]
Counted = Literal["", "share", "rate"]

FEW_EVENTS: Final = 10
"""With fewer events (or exceptions) than this, an interval is at least as wide as the exact one of independent ones."""
FARTHEST: Final = 1000.0
"""An interval that ends at more than so many times its estimate says nothing and is left out."""
NO_SPREAD: Final = 1e-12
"""Relative standard errors up to this are rounding: the value is the same in every replication."""

SAME: Final = "no spread: the same in every replication"
NONE_SEEN: Final = "exact: no event in any replication"
ALL_SEEN: Final = "exact: no exception in any replication"
TEXTS: Final[dict[Scale, str]] = {"logit": " of the logit", "log": " of the logarithm", "plain": ""}

ONE_ONLY: Final = "only one replication has a value: run more replications for an interval"
ONE_DIVIDES: Final = "only one replication has a value: run more replications for an interval"
TOO_FAR: Final = "the replications differ too much for an interval: run more of them"
NEVER_ANY: Final = "0 in every replication: rarer events than these replications can show are not seen"

ALWAYS_ALL: Final = "all in every replication: rarer exceptions than these replications can show are not seen"


@dataclass(frozen=True, slots=True)
class Moves:
    """Values, and by how much each replication moves them."""

    moves: Matrix
    """Shape [parts, replications]; a row adds up to 0, and its squares divided by n (n - 1) are the squared standard
    error, with n the `used` replications; 0 for those that have nothing to divide."""
    used: NDArray[np.int64]
    """Replications with anything to divide or divide by, shape [parts]."""

    def errors(self) -> Vector:
        """Standard errors, shape [parts]; 0 with fewer than 2 replications."""
        n = np.maximum(self.used, 2)
        made: Vector = np.sqrt((self.moves * self.moves).sum(axis=1) / (n * (n - 1)))
        return made

    def skewness(self) -> Vector:
        """Skewness of the moves as in `ccsim.metrics.confidence.skewness_of`, shape [parts]; 0 where nothing moves."""
        n = np.maximum(self.used, 3)
        spread = np.sqrt((self.moves * self.moves).sum(axis=1) / (n - 1))
        z = self.moves / np.where(spread > 0, spread, 1.0)[:, None]
        made: Vector = np.where(self.used > 2, n / ((n - 1) * (n - 2)) * (z * z * z).sum(axis=1), 0.0)
        return made


@dataclass(frozen=True, slots=True)
class Ratios:
    """Ratios of sums with their intervals, all of shape [parts]."""

    estimate: Vector
    """0 where it is not `known`."""
    known: Flags
    """Whether there is an estimate: the denominator is not 0."""
    low: Vector
    high: Vector
    """The interval; the estimate is inside."""
    error: Vector
    """Standard error, in the unit of the ratio."""
    has_interval: Flags
    """Whether there are an interval and a standard error."""
    how: NDArray[np.object_]
    """How the interval was made, in words."""
    note: NDArray[np.object_]
    """Why there is no interval, or what it cannot show; empty otherwise."""

    def __getitem__(self, mine: slice) -> Ratios:
        """Those of some parts."""
        return Ratios(*(getattr(self, field.name)[mine] for field in fields(self)))


def ratio_moves(numerators: Matrix, denominators: Matrix, method: Method = "jackknife") -> Moves:
    """By how much each replication moves a ratio of sums.

    By the jackknife: the ratio's pseudo-values (Quenouille, 1956; Tukey, 1958) less their mean. By the delta method:
    (x - r y) / mean(y) (Cochran, Sampling Techniques, 1977, section 6.3); so too where leaving one out leaves nothing
    to divide by. A replication in which both sums are 0 says nothing of the ratio and does not count.

    Parameters
    ----------
    numerators, denominators
        Sums by part and replication, shape [parts, replications].
    """
    taken = (numerators != 0) | (denominators != 0)
    used = taken.sum(axis=1)
    x, y = numerators.sum(axis=1, keepdims=True), denominators.sum(axis=1, keepdims=True)
    left = y - denominators
    linear = _linear(numerators, denominators, used)
    if method == "delta":
        return Moves(linear, used)
    possible = (y[:, 0] != 0) & (left != 0).all(axis=1)
    ratio = (x - numerators) / np.where(left == 0, 1.0, left)
    return Moves(np.where(possible[:, None], _pseudo(ratio, taken, used), linear), used)


def _linear(x: Matrix, y: Matrix, used: NDArray[np.int64]) -> Matrix:
    bottom = y.sum(axis=1, keepdims=True)
    safe = np.where(bottom == 0, 1.0, bottom)
    made: Matrix = (x - x.sum(axis=1, keepdims=True) / safe * y) / safe * used[:, None]
    return made


def _pseudo(left_out: Matrix, taken: Flags, used: NDArray[np.int64]) -> Matrix:
    """Pseudo-values less their mean, from the values with one replication left out."""
    n = np.maximum(used, 1)[:, None]
    mean = np.where(taken, left_out, 0.0).sum(axis=1, keepdims=True) / n
    made: Matrix = np.where(taken, (n - 1) * (mean - left_out), 0.0)
    return made


def ratios(
    numerators: Matrix,
    denominators: Matrix,
    level: float,
    scale: Scale,
    *,
    counted: Counted = "",
    method: Method = "jackknife",
) -> Ratios:
    """Ratios of summed numerators to summed denominators, with intervals.

    The interval is made on a scale without bounds and mapped back, so it stays within them: the logit for shares, the
    logarithm for what is never negative. There the jackknife gives a standard error and a skewness, and Hall's
    transformation of Student's t the two ends (`ccsim.metrics.confidence.reaches`). The estimate is the ratio itself,
    without a correction for bias.

    Parameters
    ----------
    numerators, denominators
        Sums by part and replication, shape [parts, replications].
    level
        Confidence level, between 0 and 1.
    scale
        Where the interval is made; on the plain one for a part with values outside its bounds (a share below 0).
    counted
        `share`: events of contacts, `rate`: events in a time. With fewer than `FEW_EVENTS` the interval is at least
        the exact one of independent events. Empty: the numerator counts nothing.
    method
        How each replication's move is found.
    """
    x, y = numerators.sum(axis=1), denominators.sum(axis=1)
    known = y != 0
    ratio = np.where(known, x / np.where(known, y, 1.0), 0.0)
    moved = ratio_moves(numerators, denominators, method)
    error = moved.errors()
    parts, replications = numerators.shape
    how, note = np.full(parts, "", dtype=object), np.full(parts, "", dtype=object)
    divided = (denominators != 0).sum(axis=1) > 1
    has = known & (moved.used > 1) & divided
    if replications > 1:
        note[known & ~divided] = ONE_DIVIDES
    low, high = ratio.copy(), ratio.copy()
    spread = has & (error > NO_SPREAD * np.abs(ratio))
    how[has] = SAME
    note[has & ~spread & (ratio == 0)] = NEVER_ANY
    note[has & ~spread & (ratio == 1) & (scale == "logit")] = ALWAYS_ALL
    error = np.where(spread, error, 0.0)
    at = np.flatnonzero(spread)
    if len(at):
        left = y[at, None] - denominators[at]
        without = (x[at, None] - numerators[at]) / np.where(left == 0, 1.0, left)
        linear = _linear(numerators[at], denominators[at], moved.used[at])
        taken = (numerators[at] != 0) | (denominators[at] != 0)
        made = LeftOut(ratio[at], without, (left != 0).all(axis=1), linear, taken)
        low[at], high[at], how[at] = made.ends(level, scale, method)
        far = at[high[at] > FARTHEST * np.abs(ratio[at])] if scale == "log" else at[:0]
        note[far], has[far] = TOO_FAR, False
    if counted:
        _at_least_exact(x, y, low, high, how, note, has, spread, level, counted)
    for values in (low, high):
        values[~has] = 0.0
    how[~has] = method
    return Ratios(ratio, known, low, high, np.where(has, error, 0.0), has, how, note)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Values above 0, and what is left of them without each replication: what an interval is made from."""

    value: Vector
    """Shape [parts]."""
    without: Matrix
    """The value with one replication left out, shape [parts, replications]."""
    possible: Flags
    """Whether there is one for every replication, shape [parts]."""
    linear: Matrix
    """By how much each replication moves the value, by the delta method, shape [parts, replications]."""
    taken: Flags
    """Replications that count, shape [parts, replications]; at least 2 of every part."""

    def ends(self, level: float, scale: Scale, method: Method = "jackknife") -> tuple[Vector, Vector, list[str]]:
        """Both ends of every part's interval and how they were made; parameters as in `ratios`.

        The delta method stands in where a value with one replication left out is at a bound of the scale.
        """
        low, high, how = self.value.copy(), self.value.copy(), [""] * len(self.value)
        fits = _fits(scale, self.value, self.without)
        for name, at in ((scale, np.flatnonzero(fits)), ("plain", np.flatnonzero(~fits))):
            there, slope, back = _SCALES[name]
            value, taken = self.value[at], self.taken[at]
            used = taken.sum(axis=1)
            moves = self.linear[at] * slope(value)[:, None]
            if method == "jackknife":
                with np.errstate(divide="ignore"):
                    mapped = there(self.without[at])
                able = (self.possible[at] & np.isfinite(mapped).all(axis=1))[:, None]
                moves = np.where(able, _pseudo(np.where(able, mapped, 0.0), taken, used), moves)
            found = Moves(moves, used)
            error = found.errors()
            longest = LONGEST_PLAIN if name == "plain" else LONGEST
            below, above = reaches(student(level, used), found.skewness(), used, longest)
            low[at] = np.minimum(back(there(value) - below * error), value)
            high[at] = np.maximum(back(there(value) + above * error), value)
            for i in at.tolist():
                how[i] = f"{method}{TEXTS[name]}"
        return low, high, how


def _fits(scale: Scale, ratio: Vector, without: Matrix) -> Flags:
    """Whether a part's values, as a whole and with one replication left out, are within the bounds of a scale."""
    if scale == "plain":
        return np.ones(len(ratio), dtype=bool)
    made: Flags = (ratio > 0) & (without >= 0).all(axis=1)
    return made & (ratio < 1) & (without <= 1).all(axis=1) if scale == "logit" else made


def _at_least_exact(
    x: Vector,
    y: Vector,
    low: Vector,
    high: Vector,
    how: NDArray[np.object_],
    note: NDArray[np.object_],
    has: Flags,
    spread: Flags,
    level: float,
    counted: Counted,
) -> None:
    """Widen the intervals of few events to the exact ones."""
    never, always = has & (x == 0), has & (x == y) & (counted == "share")
    rare = x if counted == "rate" else np.minimum(x, y - x)
    few = has & (never | always | (spread & (rare < FEW_EVENTS))) & (x >= 0) & (y > 0)
    if counted == "share":
        few &= x <= y
    at = np.flatnonzero(few)
    if not len(at):
        return
    if counted == "share":
        least, most = exact_share(np.rint(x[at]), np.rint(y[at]), level)
    else:
        least, most = (end / y[at] for end in exact_count(np.rint(x[at]), level))
    low[at], high[at] = np.minimum(low[at], least), np.maximum(high[at], most)
    how[at] = [f"{text}, at least exact: few events" for text in how[at]]
    how[never & few], how[always & few] = NONE_SEEN, ALL_SEEN
    note[few & (never | always)] = ""


def _logit(share: Any) -> Any:
    return np.log(share) - np.log1p(-share)


def _one(value: Any) -> Any:
    return np.ones_like(value)


def _same(value: Any) -> Any:
    return value


_LARGEST: Final = 700.0
"""Largest exponent that a number has room for."""
_SCALES: Final[dict[Scale, tuple[Callable[[Any], Any], Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "logit": (_logit, lambda share: 1 / (share * (1 - share)), expit),
    "log": (np.log, lambda value: 1 / value, lambda value: np.exp(np.minimum(value, _LARGEST))),
    "plain": (_same, _one, _same),
}
"""To a scale, its slope, and back."""
