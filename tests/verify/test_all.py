"""The whole set, as `make verify` simulates it: `pytest -m verify`."""

from __future__ import annotations

import pytest

from .__main__ import main


@pytest.mark.verify
def test_every_case_agrees(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("markexpr") != "verify":
        pytest.skip("minutes long: pytest -m verify, or make verify")
    assert main([]) == 0
