"""The scenarios say what their README says, and simulate."""

import shutil
from collections.abc import Callable
from pathlib import Path

import make_page
import pandas as pd
import pytest
from bank_calls import STREAMS, TYPES, is_open
from bank_roster import skills

from ccsim import api
from ccsim.errors import ScenarioError


@pytest.mark.parametrize("simulate", make_page.SIMULATIONS, ids=lambda simulate: simulate.key)
def test_every_way_to_simulate_the_month_is_without_fault(simulate: make_page.Simulation, scenarios: Path) -> None:
    scenario = api.load(scenarios / simulate.file, variants=list(simulate.variants))
    assert set(scenario.demand) == set(STREAMS)
    assert set(scenario.workflows) == set(TYPES)
    assert scenario.segments["high"].wait_credit == 90_000_000


def test_the_trace_has_every_call_of_the_opening_hours(scenarios: Path, extract: pd.DataFrame) -> None:
    calls = extract[is_open(extract)]
    scenario = api.load(scenarios / "recorded.yaml", variants=["real_agents", "real_talk"])
    traces = [stream.trace for stream in scenario.demand.values()]
    assert all(trace is not None for trace in traces)
    assert sum(len(trace.time) for trace in traces if trace) == len(calls)
    talk = [t for trace in traces if trace for t in trace.talk if t >= 0]
    assert sum(talk) == calls.loc[calls["outcome"] == "AGENT", "service"].sum() * 1_000_000
    assert set(scenario.pools) == set(skills(calls))


def test_real_calls_agents_and_talk_give_about_the_real_wait() -> None:
    simulate = make_page.SIMULATIONS[-1]
    calls = make_page.on_regular_days(make_page.simulate_with_ccsim(simulate, 2))
    assert calls.groupby("replication").size().tolist() == [25_650, 25_650]
    # Forty months gave 47 s and 45 %; with agents free between calls they gave 11 s and 18 %.
    assert 30 < calls["wait"].mean() < 64
    assert 0.35 < calls["waited"].mean() < 0.55


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"not gzip", lambda data: data + b"x"])
def test_a_damaged_gzip_file_is_a_fault_with_its_place(
    damage: Callable[[bytes], bytes], scenarios: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bank"
    shutil.copytree(scenarios, folder)
    (folder / "arrivals.csv.gz").write_bytes(damage((scenarios / "arrivals.csv.gz").read_bytes()))
    with pytest.raises(ScenarioError, match=r"arrivals\.csv\.gz:1:1: .*(gzip|no row)"):
        api.load(folder / "recorded.yaml")
