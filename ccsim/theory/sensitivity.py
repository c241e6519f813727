"""What moves the result of a plain function: variance shares of its inputs, one at a time, and bridges of a difference.

A function takes its inputs by name. It is called with arrays; one that takes numbers only is called point by point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Protocol

import numpy as np

from ccsim.theory.sobol import Matrix, VarianceSplit, saltelli_design, variance_split

MOST_NODES: Final = 20_000_000
"""Points of a quadrature."""
MOST_SHAPLEY: Final = 12
"""Drivers of a bridge whose orders are all looked at."""


class HasQuantiles(Protocol):
    """A distribution by its quantiles, as `scipy.stats.triang(...)` has them."""

    def ppf(self, q: Any) -> Any:
        """Values below which the shares `q` lie."""


Input = tuple[float, float] | HasQuantiles
"""An input: `(low, high)` is uniform between the two; else any distribution with `ppf`."""


@dataclass(frozen=True, slots=True)
class NamedSplit:
    """How the variance of a function's result splits among its inputs, by name."""

    mean: float
    sd: float
    first: dict[str, float]
    """Var(E[Y | X_i]) / Var(Y)."""
    total: dict[str, float]
    """1 - Var(E[Y | all but X_i]) / Var(Y)."""
    second: dict[tuple[str, str], float]
    """Share of the interaction of two inputs alone; empty where it was not estimated."""
    first_ends: dict[str, tuple[float, float]]
    """95 % intervals of the first-order indices; empty where they are not sampled."""
    total_ends: dict[str, tuple[float, float]]


def variance_shares(
    function: Callable[..., Any], inputs: Mapping[str, Input], *, points: int = 2**13, seed: int = 2026
) -> NamedSplit:
    """Mean, standard deviation, first-order and total indices of a function of independent inputs, by sampling.

    Parameters
    ----------
    function
        Takes the inputs by name.
    inputs
        Distribution of each input: `(low, high)`, or anything with `ppf`.
    points
        N, a power of two; the function is evaluated at N (inputs + 2) points. See `ccsim.theory.sobol`.
    seed
        Of the scrambled sequence.

    Raises
    ------
    ValueError
        No inputs, a number of points that is no power of two, a range that is none, a result that is not finite.
    """
    names = _checked(inputs)
    if points < 4 or points & (points - 1):
        raise ValueError(f"points: expected a power of two of at least 4, got {points}")
    unit = saltelli_design(len(names), points, seed)
    values = _called(function, {name: _quantile(inputs[name], unit[:, :, i]) for i, name in enumerate(names)})
    split: VarianceSplit = variance_split(values)
    first = dict(zip(names, split.first, strict=True)) if split.first else {}
    total = dict(zip(names, split.total, strict=True)) if split.total else {}
    return NamedSplit(
        split.mean,
        split.sd,
        {name: one.value for name, one in first.items()},
        {name: one.value for name, one in total.items()},
        {},
        {name: (one.low, one.high) for name, one in first.items()},
        {name: (one.low, one.high) for name, one in total.items()},
    )


def exact_variance_shares(function: Callable[..., Any], inputs: Mapping[str, Input], *, nodes: int = 16) -> NamedSplit:
    """The same by tensor Gauss-Legendre quadrature, for smooth functions of a few inputs: first, second and total.

    Parameters
    ----------
    nodes
        Of each input; the function is evaluated at `nodes ** inputs` points. Nearly exact where the function is smooth
        in the quantiles of its inputs: for bounded distributions.

    Raises
    ------
    ValueError
        As `variance_shares`, and for more than `MOST_NODES` points.
    """
    names = _checked(inputs)
    d = len(names)
    if nodes < 2 or nodes**d > MOST_NODES:
        raise ValueError(f"nodes: {nodes} for each of {d} inputs; at least 2, and at most {MOST_NODES:,} points")
    at, weight = np.polynomial.legendre.leggauss(nodes)
    u, w = (at + 1) / 2, weight / 2
    grid = np.meshgrid(*([u] * d), indexing="ij")
    values = _called(function, {name: _quantile(inputs[name], grid[i]) for i, name in enumerate(names)})

    def over(kept: Sequence[int]) -> Matrix:
        """Mean over all inputs but those that are kept."""
        made = values
        for axis in reversed([i for i in range(d) if i not in kept]):
            made = np.tensordot(made, w, axes=([axis], [0]))
        return made

    mean = float(over([]))

    def variance(kept: Sequence[int]) -> float:
        squares = (over(kept) - mean) ** 2
        for _ in kept:
            squares = np.tensordot(squares, w, axes=([0], [0]))
        return float(squares)

    whole = variance(range(d))
    if whole <= 1e-24 * mean * mean:
        return NamedSplit(mean, 0.0, {}, {}, {}, {}, {})
    first = {name: variance([i]) / whole for i, name in enumerate(names)}
    total = {name: 1 - variance([k for k in range(d) if k != i]) / whole for i, name in enumerate(names)}
    second = {
        (names[i], names[j]): variance([i, j]) / whole - first[names[i]] - first[names[j]]
        for i, j in combinations(range(d), 2)
    }
    return NamedSplit(mean, math.sqrt(whole), first, total, second, {}, {})


def one_at_a_time(
    function: Callable[..., Any], inputs: Mapping[str, Input], *, between: tuple[float, float] = (0.0, 1.0)
) -> dict[str, tuple[float, float]]:
    """Results with one input at its low and high end and the others at their medians: what a tornado draws.

    `between` are the quantiles of the ends; for inputs without bounds name some inside 0 to 1. Sorted by the distance
    of the two results, the largest first.
    """
    names = _checked(inputs)
    middle = {name: float(_quantile(inputs[name], np.array(0.5))) for name in names}
    made = {}
    for name in names:
        ends = [float(_quantile(inputs[name], np.array(q))) for q in between]
        low, high = (float(function(**(middle | {name: end}))) for end in ends)
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError(f"{name}: the result at an end is not finite; name quantiles inside 0 to 1")
        made[name] = (low, high)
    return dict(sorted(made.items(), key=lambda pair: -abs(pair[1][1] - pair[1][0])))


@dataclass(frozen=True, slots=True)
class Bridge:
    """How a difference of two results comes from changed drivers; both splits add up to it."""

    base: float
    new: float
    in_order: dict[str, float]
    """Drivers are changed one after the other, in this order; what each changes."""
    shapley: dict[str, float]
    """What each changes on average over all orders (Shapley, 1953); empty for more than `MOST_SHAPLEY` drivers."""

    @property
    def difference(self) -> float:
        """New less base."""
        return self.new - self.base


def bridge(
    function: Callable[..., float],
    base: Mapping[str, float],
    new: Mapping[str, float],
    order: Sequence[str] | None = None,
) -> Bridge:
    """Take the difference of two results apart by drivers.

    Parameters
    ----------
    function
        Takes the drivers by name; called with numbers.
    base, new
        Values of the same drivers.
    order
        In which drivers are changed; default that of `base`.

    Raises
    ------
    ValueError
        The two, or the order, do not name the same drivers.
    """
    names = list(base) if order is None else list(order)
    if set(base) != set(new) or sorted(names) != sorted(base):
        raise ValueError(f"base, new and order name the same drivers once each; got {list(base)}, {list(new)}, {names}")
    results: dict[frozenset[str], float] = {}

    def at(changed: frozenset[str]) -> float:
        if changed not in results:
            given = {name: new[name] if name in changed else base[name] for name in base}
            results[changed] = float(function(**given))
        return results[changed]

    def steps(one: Sequence[str]) -> dict[str, float]:
        return {name: at(frozenset(one[: i + 1])) - at(frozenset(one[:i])) for i, name in enumerate(one)}

    in_order = steps(names)
    shapley = _shapley(names, at) if len(names) <= MOST_SHAPLEY else {}
    return Bridge(at(frozenset()), at(frozenset(names)), in_order, shapley)


def _shapley(names: Sequence[str], at: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Mean over all orders, subset by subset."""
    count, made = len(names), {}
    for name in names:
        others = [one for one in names if one != name]
        parts = []
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                parts.append(weight * (at(before | {name}) - at(before)))
        made[name] = math.fsum(parts)
    return made


def _checked(inputs: Mapping[str, Input]) -> list[str]:
    if not inputs:
        raise ValueError("inputs: name at least one")
    for name, one in inputs.items():
        if isinstance(one, tuple) and not (len(one) == 2 and math.isfinite(one[0] + one[1]) and one[0] < one[1]):
            raise ValueError(f"{name}: expected (low, high) with low < high, got {one}")
    return list(inputs)


def _quantile(one: Input, share: Matrix) -> Matrix:
    if isinstance(one, tuple):
        return one[0] + (one[1] - one[0]) * share
    return np.asarray(one.ppf(share), dtype=np.float64)


def _called(function: Callable[..., Any], columns: Mapping[str, Matrix]) -> Matrix:
    shape = next(iter(columns.values())).shape
    try:
        values = np.asarray(function(**columns), dtype=np.float64)
    except (TypeError, ValueError):  # it takes numbers only
        values = np.empty(0)
    if values.shape != shape:
        flat = {name: one.ravel().tolist() for name, one in columns.items()}
        each = [float(function(**dict(zip(flat, row, strict=True)))) for row in zip(*flat.values(), strict=True)]
        values = np.array(each).reshape(shape)
    if not np.isfinite(values).all():
        raise ValueError("the function gave a result that is not finite")
    return values
