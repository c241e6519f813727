import sys

import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import CcsimError, OutputError, ScenarioError
from ccsim.language.goals import Goal
from tests.support.stand_in.desk import fake_replication


def test_a_file_and_a_scenario_give_the_same_run(file):
    scenario = api.load(file)
    assert api.run(scenario).digest == api.run(file).digest
    assert api.run(str(file), replications=2, seed=3).replications == 2


def test_a_stored_run_is_read_again(file, tmp_path):
    run = api.run(file, out=tmp_path / "run", visits=True)
    back = api.read(tmp_path / "run")
    assert back.digest == run.digest
    pd.testing.assert_frame_equal(back.tables["visits"], run.tables["visits"])
    assert api.run(file, visits=True).digest == run.digest
    with pytest.raises(OutputError, match="exists already"):
        api.run(file, out=tmp_path / "run")


def test_a_replication_is_simulated_again_alone(file):
    run = api.run(file, visits=True)
    alone = api.replay(file, 2)
    for name, frame in alone.items():
        whole = run.tables[name]
        mine = whole[whole["replication"] == 2].reset_index(drop=True) if "replication" in whole else whole
        pd.testing.assert_frame_equal(frame, mine)


def test_what_cannot_be_run_is_said(file):
    scenario = api.load(file)
    with pytest.raises(CcsimError, match="need the scenario's file"):
        api.run(scenario, variants=["more"])
    for wrong in ({"replications": 0}, {"workers": 0}, {"seed": -1}, {"seed": 1 << 63}):
        with pytest.raises(CcsimError, match="at least 1, and the seed"):
            api.run(scenario, **wrong)
    with pytest.raises(CcsimError, match="count from 0"):
        api.replay(scenario, -1)
    odd = scenario.model_copy(update={"goals": (Goal(kpi="asa", at_most=1, pool="desk"),)})
    with pytest.raises(ScenarioError, match=r"goals\.0\.pool: asa is not counted by pool"):
        api.run(odd)


def test_importing_the_verbs_is_cheap():
    import subprocess

    code = "import sys, ccsim.api; print([m for m in ('pandas', 'numpy', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_stand_in_is_used(file):
    run = api.run(file, replications=1)
    assert run.tables["waits"]["answered"].sum() == fake_replication(0, seed=11).tables["waits"][:, 2].sum()


def test_every_verb_can_be_imported():
    for name in api.__all__:
        assert getattr(api, name) is not None


def test_every_verb_is_there_and_nothing_else():
    assert all(callable(getattr(api, name)) for name in api.__all__ if name != "Path")
    with pytest.raises(AttributeError, match="no attribute 'optimize'"):
        api.optimize  # noqa: B018
