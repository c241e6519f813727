"""Laws of times as numbers: what a model holds of them. What draws from them is in `ccsim.draws.laws`."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER: Final = 0
EXPONENTIAL: Final = 1
LOGNORMAL: Final = 2
GAMMA: Final = 3
WEIBULL: Final = 4
ERLANG: Final = 5
HYPEREXPONENTIAL: Final = 6
UNIFORM: Final = 7
TRIANGULAR: Final = 8
CONSTANT: Final = 9
EMPIRICAL: Final = 10

#: Longest time that is drawn, in microseconds (about 35 years): what is longer is cut.
LONGEST: Final = 1 << 50


class Laws(NamedTuple):
    """Every law of a model, by row."""

    code: NDArray[np.int64]
    """[laws] Law."""
    par: NDArray[np.float64]
    """[laws, 4] Parameters, times in microseconds:
    exponential mean; lognormal mu, sigma; gamma shape, mean/shape; Weibull scale, 1/shape; Erlang k, mean/k;
    hyperexponential p, m1, m2; uniform low, width; triangular low, mode, high, share below the mode; constant value;
    empirical first row of `observed`, number of rows."""
    observed: NDArray[np.float64]
    """[n] Observed times of the empirical laws, microseconds, sorted within a law."""
