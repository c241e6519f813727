"""Lets these tests use the stand-ins for the engine, and makes the run and its page once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "results"))
sys.path.insert(0, str(Path(__file__).parent))

from fake_centre import fake_run

from ccsim.report.run_page import run_page
from ccsim.results.run import Run


@pytest.fixture(scope="session")
def run() -> Run:
    return fake_run()


@pytest.fixture(scope="session")
def html(run: Run) -> str:
    return run_page(run)
