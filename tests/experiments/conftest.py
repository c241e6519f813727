"""A file of a desk, and the stand-in for the engine in its place."""

import pytest

from ccsim.results import store
from tests.support.stand_in.desk import SCENARIO, stand_in


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(store, "wide_tables", lambda estimates: {})  # files for people, slow to write
    monkeypatch.setattr(store, "write_csv", lambda path, frame, see=None: None)
    return stand_in(monkeypatch)


@pytest.fixture
def file(tmp_path, calls):
    path = tmp_path / "desk.yaml"
    path.write_text(SCENARIO)
    return path
