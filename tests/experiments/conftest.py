"""Lets these tests use the stand-in for the engine."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "results"))

from fake_play import SCENARIO, replace_engine

from ccsim.results import store


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(store, "wide_tables", lambda estimates: {})  # files for people, slow to write
    monkeypatch.setattr(store, "write_csv", lambda path, frame: None)
    stand_ins = {}
    calls = replace_engine(stand_ins)
    for name, module_ in stand_ins.items():
        monkeypatch.setitem(sys.modules, name, module_)
    return calls


@pytest.fixture
def file(tmp_path, calls):
    path = tmp_path / "desk.yaml"
    path.write_text(SCENARIO)
    return path
