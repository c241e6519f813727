"""Cuts long replications into runs of few replications and counts how many of their intervals hold the exact value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ccsim.kpis.definitions import KPIS as DEFINED
from ccsim.metrics.confidence import student
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.paired import difference_of, simultaneous
from ccsim.metrics.ratios import ratio_moves, ratios
from experiments.coverage.desks import AGENTS, KPIS, MORE_AGENTS, Desk, Matrix, exact, simulated

BLOCK: Final = 2_000
"""Replications of one replication: memory stays small. Runs do not cross replications, so that it is a multiple of
their sizes."""
KINDS: Final = ("own", "plain", "difference")
"""The interval of a KPI, that of the delta method with Student's t alone, and that of a paired difference."""

Sums = Mapping[str, tuple[Matrix, Matrix]]


@dataclass(frozen=True)
class Cell:
    """How the intervals of one KPI of one desk did."""

    desk: str
    replications: int
    kpi: str
    kind: str
    runs: int
    below: int
    """Intervals that lie below the exact value."""
    above: int
    """Intervals that lie above it."""
    missing: int
    """Runs without an interval; they count as misses."""

    @property
    def covered(self) -> float:
        """Share of the runs whose interval holds the exact value."""
        return 1 - (self.below + self.above + self.missing) / self.runs


def measure(
    desk: Desk, sizes: Sequence[int], replications: int, say: Callable[[str], None], seed: int = 1000
) -> list[Cell]:
    """Simulate a desk and its variant with one agent more, and count for every KPI and size of a run.

    Parameters
    ----------
    replications
        To simulate of each alternative, a multiple of `BLOCK` or less than it; cut into runs of every size.
    """
    parts: dict[int, list[Sums]] = {AGENTS: [], MORE_AGENTS: []}
    for first in range(0, replications, BLOCK):
        for agents, found in parts.items():
            found.append(simulated(desk, agents, min(BLOCK, replications - first), seed=seed + first))
        say(f"{desk.name}: {min(first + BLOCK, replications):,} of {replications:,} replications")
    truth, other = (exact(desk, agents) for agents in parts)
    cells = []
    for size in sizes:
        for kpi in KPIS:
            x, y, u, v = (
                np.concatenate([_cut(one[kpi][place], size) for one in parts[agents]])
                for agents in parts
                for place in (0, 1)
            )
            about = (desk.name, size, kpi)
            cells += [_own(about, x, y, truth[kpi]), _plain(about, x, y, truth[kpi])]
            cells.append(_difference(about, (x, y), (u, v), other[kpi] - truth[kpi]))
    return cells


def _cut(values: Matrix, size: int) -> Matrix:
    runs = len(values) // size
    made: Matrix = values[: runs * size].reshape(runs, size)
    return made


def _own(about: tuple[str, int, str], x: Matrix, y: Matrix, true: float) -> Cell:
    kpi = DEFINED[about[2]]
    made = ratios(x, y, LEVEL, kpi.interval_scale, counted=kpi.counted)
    return _counted(about, "own", made.low, made.high, made.has_interval, true)


def _plain(about: tuple[str, int, str], x: Matrix, y: Matrix, true: float) -> Cell:
    ratio = x.sum(axis=1) / y.sum(axis=1)
    half = student(LEVEL, x.shape[1]) * ratio_moves(x, y, "delta").errors()
    return _counted(about, "plain", ratio - half, ratio + half, np.ones(len(x), dtype=bool), true)


def _difference(
    about: tuple[str, int, str], base: tuple[Matrix, Matrix], variant: tuple[Matrix, Matrix], true: float
) -> Cell:
    values = [x.sum(axis=1) / y.sum(axis=1) for x, y in (base, variant)]
    moves = [ratio_moves(x, y).moves for x, y in (base, variant)]
    made = [
        difference_of(float(a), float(b), one, other, simultaneous(1))
        for a, b, one, other in zip(*values, *moves, strict=True)
    ]
    low, high = (np.array([getattr(one, end) for one in made], dtype=np.float64) for end in ("low", "high"))
    return _counted(about, "difference", low, high, np.ones(len(made), dtype=bool), true)


def _counted(about: tuple[str, int, str], kind: str, low: Matrix, high: Matrix, there: np.ndarray, true: float) -> Cell:
    below, above = int((there & (high < true)).sum()), int((there & (low > true)).sum())
    return Cell(*about, kind, len(low), below, above, int((~there).sum()))
