"""`--until best`: who is out is simulated no further, and is told by the replications that both have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ccsim import api
from ccsim.metrics.ranking import select
from ccsim.results import held_tables
from ccsim.results.comparison import Comparison
from ccsim.results.held_tables import first_of

DESK = """
scenario: desk
horizon: {start: 2026-01-01, length: 4h}
demand: {calls: {per_minute: 4.2, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
pools: {desk: {staffing: 8}}
run: {replications: 20}
goals: [{kpi: abandonment, at_most: 5%}]
variants:
  more: {pools.desk.staffing: 12}
  steady: {pools.desk.staffing: 12, handle_time: {law: constant, value: 2m}}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("race") / "desk.yaml"
    path.write_text(DESK)
    return path


@pytest.fixture(scope="module")
def raced(file: Path) -> Comparison:
    asked = {"until": "best=abandonment,within=0.2%", "max_replications": 200}
    return api.compare(file, all_variants=True, out=file.parent / "out", **asked)


def test_who_is_out_is_simulated_no_further(raced: Comparison) -> None:
    simulated = [run.replications for run in raced.runs.values()]
    assert simulated == [20, 30, 30]  # the base has far too few people
    assert raced.replications == 30
    assert raced.replications_told == "20 to 30 paired replications"
    assert raced.method["why"].endswith(
        "desk after 20, desk+more after 30 replications (80 were simulated in place of 90)"
    )
    assert "20 to 30 paired replications" in str(raced)


def test_who_is_out_is_told_by_the_replications_that_both_have(file: Path, raced: Comparison) -> None:
    """As if both had been simulated so long: the intervals of the two are equal but for the error that is spent."""
    short = api.compare(file, all_variants=True, replications=20)
    for kpi in ("abandonment", "mean_wait", "wait_p90", "occupancy"):
        for variant in ("desk+more", "desk+steady"):
            ours, theirs = (made.difference(kpi, variant) for made in (short, raced))
            same = ("base", "value", "difference", "standard_error", "replications")
            assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert set(raced.best["replications"]) == {20}
    ours, theirs = (made.best[["goal", "alternative", "share_won"]] for made in (short, raced))
    pd.testing.assert_frame_equal(ours, theirs)
    stands = raced.standings.set_index("alternative")["meets"]
    assert stands["desk"] == "no"
    assert Comparison.read(file.parent / "out").replications_told == raced.replications_told


@pytest.mark.parametrize("short_values", [held_tables.SHORT_VALUES, 0])
def test_the_first_replications_of_a_run_are_those_of_a_shorter_run(
    file: Path, raced: Comparison, short_values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_tables, "SHORT_VALUES", short_values)
    whole = Comparison.read(file.parent / "out").runs["desk+steady"]
    shorter = api.run(f"{file}:steady", replications=20)
    first = first_of(whole.tables, 20)
    assert set(first) == set(whole.tables)
    for name, table in shorter.tables.items():
        if name in first:
            pd.testing.assert_frame_equal(first[name].reset_index(drop=True), table.reset_index(drop=True))
    waits = pd.concat(first.batches("waits", ["flow", "replication", "bin"]))
    assert waits["replication"].max() == 19


def test_looks_that_go_on_find_what_one_look_at_everything_finds() -> None:
    rng = np.random.default_rng(4)
    values = np.array([0.0, 0.4, 0.5, 2.0])[:, None] + rng.normal(size=(4, 600)) * 2.0
    asked = {"first": 20, "zone": 0.4, "error": 0.05, "higher": False}
    whole = select(values, **asked)
    made, seen = None, values.copy()
    for n in range(20, 601, 20):
        out, before = ({}, 0) if made is None else (made.out_after, made.replications)
        for place in out:
            seen[place, before:] = np.nan  # is not simulated any more
        made = select(seen[:, :n], **asked, out=out, seen=before)
        if made.chosen is not None:
            break
    assert made is not None
    assert (made.chosen, made.out_after) == (whole.chosen, whole.out_after)
