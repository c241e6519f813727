"""The stand-in for the engine: its model, what it simulated, its rows of tables, and the run made of them.

Cells are named as the tables' columns; what is not given is 0. No table here has the column `replication`, as
none has that the engine gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ccsim.experiments.plan import Plan
from ccsim.experiments.runs import simulate_run
from ccsim.results.measured import Measured
from ccsim.results.run import Run
from ccsim.results.tables import SIMULATED, columns_of
from ccsim.units import SECOND

THRESHOLDS = (20 * SECOND, 60 * SECOND)
NOT_SAID = (0,) * (2 + len(THRESHOLDS))
"""Callbacks, and who was answered in time, in rows of `routes`: the stand-ins do not tell."""


@dataclass
class FakeModel:
    """What a run asks of a model."""

    names: dict[str, list[tuple[Any, ...]]]
    workforce_plan: np.ndarray
    thresholds: tuple[int, ...] = THRESHOLDS


@dataclass
class FakeSimulated:
    """What a run asks of a simulated replication."""

    tables: dict[str, np.ndarray]


def places(table: str, thresholds: tuple[int, ...] = THRESHOLDS) -> dict[str, int]:
    """The place of every column."""
    return {column.name: i for i, column in enumerate(columns_of(table, thresholds)[1:])}


def columnar(
    table: str, cells: Mapping[str, np.ndarray], rows: int | None = None, thresholds: tuple[int, ...] = THRESHOLDS
) -> np.ndarray:
    """Rows from arrays of cells by column, as many as the arrays are long (or `rows`)."""
    names = places(table, thresholds)
    assert cells.keys() <= names.keys(), cells.keys() - names.keys()
    made = np.zeros((len(next(iter(cells.values()))) if rows is None else rows, len(names)), dtype=np.int64)
    for name, values in cells.items():
        made[:, names[name]] = values
    return made


def rows_of(table: str, *rows: Mapping[str, int], thresholds: tuple[int, ...] = THRESHOLDS) -> np.ndarray:
    """Rows from their cells, row by row."""
    given = dict.fromkeys(name for row in rows for name in row)
    cells = {name: np.array([row.get(name, 0) for row in rows], dtype=np.int64) for name in given}
    return columnar(table, cells, len(rows), thresholds)


def empty_tables(*, visits: bool = False, thresholds: tuple[int, ...] = THRESHOLDS) -> dict[str, np.ndarray]:
    """The tables of a replication in which nothing happened."""
    tables = {name: rows_of(name, thresholds=thresholds) for name in SIMULATED + (("visits",) if visits else ())}
    return tables | {"replications": rows_of("replications", {})}


def sums_by(owner: str, owners: int, table: str, rows: np.ndarray) -> dict[str, np.ndarray]:
    """[owner] Sums over the intervals of a table, by column, with the owner's own column; keys left out."""
    at = places(table)
    made = {owner: np.arange(owners)}
    for name, place in at.items():
        if place > at[owner]:
            made[name] = np.array([rows[rows[:, at[owner]] == one, place].sum() for one in range(owners)])
    return made


def run_of(
    model: FakeModel,
    simulate: Callable[[int], FakeSimulated],
    measured: Measured,
    *,
    plan: Mapping[str, Any],
    **how: Any,
) -> Run:
    """A run of replications; `plan` is what the plan says besides, `how` what `simulate_run` takes."""
    usual = {"goals": (), "seed": 1, "workers": 1, "command": ["ccsim", "run", "fake.yaml"]}
    return simulate_run(Plan(measured=measured, **(usual | dict(plan))), model, simulate, **how)
