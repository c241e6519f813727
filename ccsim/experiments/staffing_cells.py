"""What one replication says of many pools: queues in cells by the pool that does most of their work, pools that can be
changed in the same replication because they touch no cell in common, and what every goal is made of, cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.kpi import OF_FLOWS
from ccsim.metrics.best import of_goal
from ccsim.metrics.cost import ROUTES
from ccsim.metrics.time_goals import in_time
from ccsim.results.held_tables import batches

if TYPE_CHECKING:
    from ccsim.experiments.staffing_model import Side
    from ccsim.experiments.staffing_trials import Trial
    from ccsim.language.goals import Goal
    from ccsim.metrics.paired_influence import Simulated
    from ccsim.metrics.sums import Sums

Matrix = NDArray[np.float64]
Places = NDArray[np.int64]

TOGETHER: Final = 0.05
"""Pools that both have more than this part in a cell are not changed in the same replication."""
TOUCHES: Final = 0.01
"""A pool with a smaller part in a cell than this is not held to have changed it."""


@dataclass(frozen=True, slots=True)
class WorkCells:
    """Queues and pools by the pool that may change and does most of their work; the last cell is all the rest."""

    of_queue: Places
    """Cell of every queue, shape [queues]."""
    of_pool: Places
    """Cell of every pool that is paid, shape [pools]."""
    part: Matrix
    """The part that a pool that may change has in the work of a cell, of its own and through the pools that it
    relieves, shape [cells, pools that may change]."""

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.part)

    def groups(self) -> list[list[int]]:
        """Pools that may change, in groups of which no two touch a cell in common: the busiest first, each to the
        first group that takes it.
        """
        pools = self.part.shape[1]
        clash = np.minimum(self.part[:, :, None], self.part[:, None, :]).max(axis=0) > TOGETHER
        found: list[list[int]] = []
        for pool in sorted(range(pools), key=lambda one: (-int(clash[one].sum()), one)):
            free = next((group for group in found if not clash[pool, group].any()), None)
            if free is None:
                found.append([pool])
            else:
                free.append(pool)
        return found

    def answerable(self, group: Sequence[int]) -> Places:
        """For every cell, which pool of a group changed it, -1 where none did: shape [cells]."""
        mine = self.part[:, list(group)]
        best = mine.argmax(axis=1)
        found: Places = np.where(mine.max(axis=1) > TOUCHES, np.array(group)[best], -1)
        return found


def cells_of(sums: Sums, rows: Sequence[int]) -> WorkCells:
    """The cells of a run; `rows`: places of the pools that may change among all of them."""
    held = np.zeros((len(sums.queues), len(sums.pools)))
    for frame in batches(sums.tables, "routes", ROUTES):
        places = frame["queue"].to_numpy(np.int64), frame["pool"].to_numpy(np.int64)
        np.add.at(held, places, frame["held_us"].to_numpy(np.float64))
    pools, levers = held.shape[1], len(rows)
    mine = held[:, list(rows)]
    of_queue = np.where(mine.max(axis=1) > 0, mine.argmax(axis=1), levers)
    of_pool = np.full(pools, levers, dtype=np.int64)
    for lever in reversed(range(levers)):  # of several shifts of a pool the first has its cell
        of_pool[rows[lever]] = lever
    work = np.zeros((levers + 1, pools))
    np.add.at(work, of_queue, held)
    share = work / np.maximum(work.sum(axis=1, keepdims=True), 1.0)  # of a cell's work, by pool
    spent = work / np.maximum(work.sum(axis=0, keepdims=True), 1.0)  # of a pool's work, by cell
    relieved = spent.T @ share  # of what a pool does, the part that another may take
    part = (share + 0.5 * share @ relieved)[:, list(rows)]
    return WorkCells(of_queue, of_pool, part)


def in_cells(goals: Sequence[Goal], simulated: Simulated, cells: WorkCells) -> tuple[Matrix, Matrix]:
    """What every goal's ratio is made of in every replication: tops and bottoms, shape [goals, cells, replications]."""
    sums = simulated.sums
    shape = len(goals), cells.count, sums.replications
    tops, bottoms = np.zeros(shape), np.zeros(shape)
    for number, goal in enumerate(goals):
        kpi, inside, threshold = of_goal(goal, simulated)
        codes = np.where(inside >= 0, cells.of_pool if kpi.by_pool else cells.of_queue, -1)
        tops[number] = sums.evaluate(kpi.numerator, kpi, codes, cells.count, threshold) * kpi.scale
        bottoms[number] = sums.evaluate(kpi.denominator, kpi, codes, cells.count, threshold)
    return tops, bottoms


def needy(trial: Trial, sides: Sequence[Side], tops: Matrix, bottoms: Matrix) -> set[int]:
    """Pools in whose own cell a goal misses its limit that is missed as a whole; tops and bottoms as of `in_cells`."""
    found: set[int] = set()
    for side in sides:
        value = trial.goals[side.goal]["estimate"]
        if value is not None and side.sign * (value - side.limit) < 0:
            short = side.sign * (tops[side.goal] - side.limit * bottoms[side.goal]).sum(axis=1) < 0
            found |= set(np.flatnonzero(short[: len(trial.heads)]).tolist())
    return found


def is_deadline(goal: Goal) -> bool:
    """Whether a goal asks that deferred work keeps its deadline."""
    return "in_deadline" in KPIS[goal.kpi].numerator


def can_be_split(goals: Sequence[Goal], simulated: Simulated) -> bool:
    """Whether every goal is a plain ratio over the whole time, so that it can be told cell by cell."""
    kpis = [of_goal(goal, simulated)[0] for goal in goals if not in_time(goal)]
    return len(kpis) == len(goals) and all(kpi.kind == "ratio" and kpi.table not in OF_FLOWS for kpi in kpis)
