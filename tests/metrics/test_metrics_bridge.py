"""The bridge between the costs of two runs: it adds up, names what changed, and has intervals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.errors import CcsimError
from ccsim.metrics.bridge import CostBridge, cost_bridge
from ccsim.results.run import Run
from ccsim.results.store import RunFolder
from tests.support.stand_in.desk import MEASURED, fake_replication, fake_run


def run_with(volume: int = 30, replications: int = 6, price: float = 1.0, seed: int = 1) -> Run:
    measured = replace(MEASURED, paid_hour={name: one * price for name, one in MEASURED.paid_hour.items()})
    return fake_run(replications, simulate=lambda i: fake_replication(i, seed=seed, volume=volume), measured=measured)


def effects(made: CostBridge) -> dict[str, float]:
    return {one.driver: one.effect for one in made.steps}


@pytest.fixture(scope="module")
def base() -> Run:
    return run_with()


@pytest.fixture(scope="module")
def busier() -> Run:
    return run_with(volume=45, price=1.1)


def test_steps_add_up_to_what_the_runs_say(base: Run, busier: Run) -> None:
    made = cost_bridge(base, busier)
    for run, said in ((base, made.base), (busier, made.new)):
        assert said == pytest.approx(run.estimate("cost_per_day")["estimate"], rel=1e-12)
    for split in ([one.effect for one in made.steps], [one.shapley for one in made.steps]):
        assert sum(split) == pytest.approx(made.new - made.base, rel=1e-9)
    assert made.steps[0].base == pytest.approx(base.estimate("answered_per_day")["estimate"], rel=1e-12)
    assert made.steps[2].new == pytest.approx(100 * busier.estimate("occupancy")["estimate"], rel=1e-12)


def test_the_way_back_has_the_difference_the_other_way(base: Run, busier: Run) -> None:
    there, back = cost_bridge(base, busier), cost_bridge(busier, base)
    assert there.new - there.base == pytest.approx(back.base - back.new)
    assert {one.driver: one.shapley for one in there.steps} == pytest.approx(
        {one.driver: -one.shapley for one in back.steps}
    )


def test_a_price_alone_is_the_price(base: Run) -> None:
    made = cost_bridge(base, run_with(price=1.25))
    found = effects(made)
    assert found.pop("price") == pytest.approx(0.25 * (made.base - made.steps[-1].base))
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-9)


def test_nothing_changed_is_nothing(base: Run) -> None:
    made = cost_bridge(base, run_with())
    assert effects(made) == dict.fromkeys(effects(made), 0.0)
    assert made.half_width == 0.0


def test_intervals_are_paired_where_runs_are(base: Run, busier: Run) -> None:
    paired = cost_bridge(base, busier)
    other = run_with(volume=45, price=1.1, seed=2)
    apart = cost_bridge(base, replace(other, provenance={**other.provenance, "seed": 99}))
    assert paired.paired
    assert not apart.paired
    assert paired.half_width is not None
    assert apart.half_width is not None
    assert cost_bridge(run_with(replications=1), run_with(replications=1, volume=45)).half_width is None


def test_what_cannot_be_taken_apart_is_said(base: Run) -> None:
    with pytest.raises(CcsimError, match="paid hours have no price"):
        cost_bridge(base, run_with(price=0.0))
    francs = replace(base, measured=replace(base.measured, currency="CHF"))
    with pytest.raises(CcsimError, match="currencies differ"):
        cost_bridge(base, francs)


def test_the_command_tells_the_same(tmp_path: Path) -> None:
    folders = [str(tmp_path / name) for name in ("a", "b")]
    for folder, volume in zip(folders, (30, 45), strict=True):
        with RunFolder(folder) as place:
            fake_run(3, folder=place, simulate=lambda i, volume=volume: fake_replication(i, volume=volume))
    told = CliRunner().invoke(app, ["bridge", *folders])
    assert told.exit_code == 0, told.output
    assert "Contacts answered" in told.output
    found = json.loads(CliRunner().invoke(app, ["bridge", *folders, "--json"]).output)
    assert found["difference_per_day"] == pytest.approx(sum(one["effect_per_day"] for one in found["steps"]))
    nowhere = CliRunner().invoke(app, ["bridge", folders[0], str(tmp_path / "c")])
    assert nowhere.exit_code == 2
