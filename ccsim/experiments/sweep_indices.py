"""Sobol indices of a study with a Saltelli design: which factor makes how much of the variance of a KPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ccsim.experiments.sweep_parts import GOAL, SimulatedPoint, influence_in
from ccsim.results.comparison_store import frame_of_rows
from ccsim.results.sweep_columns import INDICES
from ccsim.theory.sobol import VarianceSplit, variance_split

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.experiments.sweep_plan import SweepPlan


Row = dict[str, Any]
Key = tuple[str, str, str, float | None]


def indices_of(plan: SweepPlan, parts: Mapping[int, SimulatedPoint]) -> pd.DataFrame | None:
    """The table of indices of KPIs of everything and of goals; None for another design, or where a point is missing."""
    design = plan.about.get("saltelli")
    if not design:
        return None
    keys, rows = list(design["keys"]), int(design["points"])
    shape = (len(keys) + 2, rows)
    many = shape[0] * shape[1]
    if any(number not in parts for number in range(1, many + 1)):
        return None
    lines: dict[Key, list[Row]] = {}
    for number in range(1, many + 1):
        for line in parts[number].lines:
            if line["scope"] in ("all", GOAL):
                lines.setdefault((line["kpi"], line["scope"], line["name"], line["threshold_s"]), []).append(line)
    made: list[Row] = []
    for (kpi, scope, name, threshold), some in lines.items():
        whole = len(some) == many and all(line["value"] is not None for line in some)
        split = _split(some, shape) if whole else None
        about = {"kpi": kpi, "scope": scope, "name": name, "threshold_s": threshold, "unit": some[0]["unit"]}
        made += [about | _row(key, i, split) for i, key in enumerate(keys)]
    return frame_of_rows(made, INDICES)


def _split(lines: list[Row], shape: tuple[int, int]) -> VarianceSplit:
    values = np.array([line["value"] for line in lines], dtype=np.float64).reshape(shape)
    found = [influence_in(line) for line in lines]
    n = found[0].replications
    moves = np.array([one.moves_of(0, n) for one in found], dtype=np.float64).reshape(*shape, n)
    return variance_split(values, moves if n > 1 else None)


def _row(key: str, i: int, split: VarianceSplit | None) -> Row:
    if split is None:
        return {"key": key, "note": "not known at every point"} | dict.fromkeys(
            ("mean", "sd", "noise_sd", "first", "first_low", "first_high", "total", "total_low", "total_high")
        )
    row: Row = {"key": key, "mean": split.mean, "sd": split.sd, "noise_sd": float(np.sqrt(split.noise))}
    shares = {"first": split.first[i], "total": split.total[i]} if split.first else {"first": None, "total": None}
    for name, one in shares.items():
        row |= {name: one and one.value, f"{name}_low": one and one.low, f"{name}_high": one and one.high}
    row["note"] = "" if split.first else "does not move beyond its noise"
    return row
