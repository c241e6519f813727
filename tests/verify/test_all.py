"""The whole set, as `make verify` plays it: `pytest -m verify`."""

from __future__ import annotations

import os

import pytest

from .__main__ import main

pytestmark = pytest.mark.verify


def test_every_case_agrees() -> None:
    if os.environ.get("CCSIM_VERIFY") != "all":
        pytest.skip("minutes long; run it with CCSIM_VERIFY=all pytest -m verify, or make verify")
    assert main([]) == 0
