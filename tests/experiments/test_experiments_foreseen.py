"""`run` and `compare` refuse what never ends or does not fit, and simulate it where they are told to."""

import pytest

from ccsim import api
from ccsim.centre import foresee
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.prepared import TooMuch


def test_what_never_ends_is_refused_with_its_place_unless_told(file, calls):
    endless = ["handle_time=3650d"]
    with pytest.raises(TooMuch, match=r"handle_time=3650d: handle_time: a visit takes 521w3d .*--anyway"):
        api.run(file, settings=endless)
    with pytest.raises(CcsimError, match="a visit takes 521w3d"):
        api.compare(file, f"{file}:more", settings=endless)
    assert api.run(file, settings=endless, anyway=True, replications=1).replications == 1


def test_a_scenario_made_in_python_is_looked_at_too(file):
    endless = api.load(file, settings=["handle_time=3650d"])
    with pytest.raises(TooMuch, match=r"^handle_time: a visit takes 521w3d"):
        api.run(endless)
    (name, volume), *_ = endless.demand.items()
    grid = volume.rate.grid.model_copy(update={"values": (1e9,)})
    rate = volume.rate.model_copy(update={"grid": grid})
    countless = endless.model_copy(update={"demand": {name: volume.model_copy(update={"rate": rate})}})
    with pytest.raises(ScenarioError, match="can be counted"):
        api.run(countless, anyway=True)


def test_what_does_not_fit_into_memory_is_refused_before_anything_is_compiled(file, monkeypatch, tmp_path):
    monkeypatch.setattr(foresee, "memory_of_machine", lambda: 100_000_000)
    with pytest.raises(TooMuch, match=r"desk\.yaml: it would take \d+ MB of memory, and there are 100 MB"):
        api.run(file, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
    assert api.run(file, anyway=True, replications=1).replications == 1


def test_what_takes_longer_than_a_day_is_refused(file):
    with pytest.raises(TooMuch, match=r"it would take .* days"):
        api.run(file, replications=1_000_000_000, workers=1)
