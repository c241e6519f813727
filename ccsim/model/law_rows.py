"""Laws of times as rows of numbers."""

from __future__ import annotations

import math

import numpy as np

from ccsim.draws import law_codes as d
from ccsim.kernel.layout import NONE
from ccsim.language import laws as s


class LawRows:
    """Collects laws, each once."""

    def __init__(self) -> None:
        self._rows: dict[s.Law, int] = {}
        self._code: list[int] = []
        self._par: list[tuple[float, float, float, float]] = []
        self._observed: list[float] = []

    def row(self, law: s.Law | None) -> int:
        """Row of a law, NONE for no law."""
        if law is None:
            return NONE
        if law not in self._rows:
            self._rows[law] = len(self._code)
            code, par = self._numbers(law)
            self._code.append(code)
            self._par.append((*par, *(0.0,) * (4 - len(par))))  # type: ignore[arg-type]
        return self._rows[law]

    def never(self) -> int:
        """Row of the law that never ends."""
        self._code.append(d.NEVER)
        self._par.append((0.0, 0.0, 0.0, 0.0))
        return len(self._code) - 1

    def laws(self) -> d.Laws:
        """All rows as arrays."""
        return d.Laws(
            np.array(self._code, np.int64).reshape(-1),
            np.array(self._par, np.float64).reshape(-1, 4),
            np.array(self._observed or [0.0], np.float64),
        )

    def _numbers(self, law: s.Law) -> tuple[int, tuple[float, ...]]:
        match law:
            case s.Exponential():
                return d.EXPONENTIAL, (float(law.mean),)
            case s.Lognormal():
                variance = math.log1p(law.cv * law.cv)
                if law.cv == 0.0:
                    return d.CONSTANT, (float(law.mean),)
                return d.LOGNORMAL, (math.log(law.mean) - 0.5 * variance, math.sqrt(variance))
            case s.Gamma():
                return d.GAMMA, (law.shape, law.mean / law.shape)
            case s.Weibull():
                return d.WEIBULL, (law.mean / math.gamma(1.0 + 1.0 / law.shape), 1.0 / law.shape)
            case s.Erlang():
                return d.ERLANG, (float(law.k), law.mean / law.k)
            case s.Hyperexponential():
                if law.p in (0.0, 1.0):
                    return d.EXPONENTIAL, (float(law.m1 if law.p == 1.0 else law.m2),)
                return d.HYPEREXPONENTIAL, (law.p, float(law.m1), float(law.m2))
            case s.Uniform():
                return d.UNIFORM, (float(law.low), float(law.high - law.low))
            case s.Triangular():
                if law.low == law.high:
                    return d.CONSTANT, (float(law.low),)
                below = (law.mode - law.low) / (law.high - law.low)
                return d.TRIANGULAR, (float(law.low), float(law.mode), float(law.high), below)
            case s.Constant():
                return d.CONSTANT, (float(law.value),)
            case s.Empirical():
                first = len(self._observed)
                self._observed.extend(float(v) for v in sorted(law.values))
                return d.EMPIRICAL, (float(first), float(len(law.values)))
