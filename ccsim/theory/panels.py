"""Gauss-Legendre panels: integrate over a panel, and up to each of its nodes, to full precision."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ORDER: Final = 24
_RULE: Final[tuple[Floats, Floats]] = legendre.leggauss(ORDER)
NODES: Final = _RULE[0]
WEIGHTS: Final = _RULE[1]


def _coefficients() -> Floats:
    """Matrix that turns values at the nodes into Legendre coefficients."""
    degrees = np.arange(ORDER)
    return np.asarray((legendre.legvander(NODES, ORDER - 1) * WEIGHTS[:, None]).T * (degrees[:, None] + 0.5))


def _running() -> Floats:
    """Matrix that turns values at the nodes into integrals from -1 to each node."""
    values = legendre.legvander(NODES, ORDER)
    integrals = np.empty((ORDER, ORDER))
    integrals[:, 0] = NODES + 1
    for j in range(1, ORDER):
        integrals[:, j] = (values[:, j + 1] - values[:, j - 1]) / (2 * j + 1)
    return integrals @ _coefficients()


RUNNING: Final[Floats] = _running()
#: The last two Legendre coefficients: small where the nodes resolve a function.
TAIL: Final[Floats] = _coefficients()[-2:]
