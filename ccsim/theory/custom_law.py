"""A law given by its survival function alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ccsim.theory.arguments import positive, refuse
from ccsim.theory.laws import Floats, Law
from ccsim.theory.panels import NODES, WEIGHTS


@dataclass(frozen=True)
class FromSurvival(Law):
    """Any law, by its survival function: with an atom at 0 where that begins below 1.

    `tail(x)` takes an array of times and gives the share of times longer than each. `typical` is a time of
    the law's own size (its mean or median); moments are taken over 2**-40 to 2**40 of it. `corners` are the
    times above 0 at which the tail jumps or has a corner. `integral(x)`, if known, is the integral of the
    tail from 0 to x; without it the integral is made by Gauss-Legendre panels. `share_within(x)`, if known,
    is 1 - tail(x) without loss of digits where that is tiny.
    """

    tail: Callable[[Floats], Floats]
    typical: float
    corners: tuple[float, ...] = ()
    integral: Callable[[Floats], Floats] | None = None
    share_within: Callable[[Floats], Floats] | None = None

    def __post_init__(self) -> None:
        refuse(positive("typical", self.typical), *(positive("corners", corner) for corner in self.corners))
        probe = np.concatenate(([0.0], self.typical * 2.0 ** np.arange(-40, 41)))
        shares = np.asarray(self.tail(probe), dtype=np.float64)
        if shares.shape != probe.shape or not np.all((shares >= 0) & (shares <= 1)):
            raise ValueError("tail: expected a share from 0 to 1 for each time of an array")
        if np.any(np.diff(shares) > 1e-12):
            raise ValueError("tail: expected a survival function that never rises")

    @property
    def scale(self) -> float:
        return self.typical

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple(sorted(set(self.corners)))

    def survival(self, x: Floats) -> Floats:
        return np.asarray(self.tail(x), dtype=np.float64)

    def cdf(self, x: Floats) -> Floats:
        if self.share_within is not None:
            return np.asarray(self.share_within(x), dtype=np.float64)
        return 1.0 - self.survival(x)

    def integrated_survival(self, x: Floats) -> Floats:
        if self.integral is not None:
            return np.asarray(self.integral(x), dtype=np.float64)
        return self._tail_integral(1, x)

    def partial_moment(self, order: int, x: Floats) -> Floats:
        finite = np.minimum(x, self._edges[-1])
        area = self.integrated_survival(finite) if order == 1 else self._tail_integral(order, finite)
        ends = np.where(np.isinf(x), 0.0, finite**order * self.survival(finite))
        return np.maximum(area - ends, 0.0)

    @cached_property
    def _edges(self) -> Floats:
        steps = self.typical * 2.0 ** (np.arange(-160, 161) / 4)
        return np.unique(np.concatenate(([0.0], steps, np.array(self.breaks))))

    @cached_property
    def _areas(self) -> dict[int, Floats]:
        left, right = self._edges[:-1], self._edges[1:]
        return {order: np.concatenate(([0.0], np.cumsum(self._between(order, left, right)))) for order in (1, 2, 3)}

    def _between(self, order: int, left: Floats, right: Floats) -> Floats:
        """Integral of order * u**(order-1) * tail(u) from left to right, smooth between."""
        half = (right - left) / 2
        at = left[:, None] + half[:, None] * (NODES + 1)
        return np.asarray(half * ((order * at ** (order - 1) * self.survival(at)) @ WEIGHTS))

    def _tail_integral(self, order: int, x: Floats) -> Floats:
        flat = np.atleast_1d(x).ravel()
        panel = np.clip(np.searchsorted(self._edges, flat, side="right") - 1, 0, len(self._edges) - 2)
        rest = self._between(order, self._edges[panel], flat)
        return np.asarray((self._areas[order][panel] + rest).reshape(np.shape(x)))

    def moment(self, order: int) -> float:
        """Mean of time**order, for orders 1 to 3; ValueError where the law has no such mean."""
        top = self._edges[-1]
        if float(self.survival(np.array([top]))[0]) * top**order > 1e-9 * max(self._areas[order][-1], 1e-300):
            raise ValueError(f"tail: the moment of order {order} is infinite or beyond {top:.3g}")
        return super().moment(order)
