"""The KPI table of a run, from a file to the estimates, beside theory: what a user sees is what was verified."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ccsim import api

from .cases import REFERENCE, Library
from .families import replications_of_all
from .measures import four_sigma
from .replications import Length, with_horizon

LIBRARY = Library(REFERENCE)


@pytest.mark.parametrize("name", ["EA02", "MK13"])
def test_the_kpi_table_agrees_with_theory(name: str, tmp_path: Path) -> None:
    case = next(c for c in LIBRARY.cases if c.id == name)
    (simulate,) = replications_of_all(case, LIBRARY)
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump(with_horizon(simulate.scenario, Length(60, 600, 40)), sort_keys=False))
    run = api.run(path, replications=40, seed=11, workers=2)
    exact = case.expected
    level = exact["dist"]["0.3333333333333333"]["p_served_le"] / (exact["p_served"] + exact["p_ab"])
    expected = {
        "service_level": level,
        "mean_wait": 60 * exact["mean_wait_entered"],
        "asa": 60 * exact["mean_wait_served"],
        "abandonment": exact["p_ab"] / (1 - exact["p_block"]),
        "occupancy": exact["occupancy"],
    }
    for kpi, value in expected.items():
        row = run.estimate(kpi)
        gap = abs(row["estimate"] - value)
        assert gap <= four_sigma(40) * row["standard_error"], (kpi, row["estimate"], value, row["standard_error"])
        assert row["standard_error"] < 0.05 * value
        assert row["low"] < row["estimate"] < row["high"]
