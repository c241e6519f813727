"""Commands that simulate nothing start at once: nothing heavy is loaded for them."""

from __future__ import annotations

import pytest

from tests.support.files import GLOBE
from tests.support.imports import HEAVY, loaded_by


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["explain", "--help"],
        ["run", "--help"],
        ["check", str(GLOBE)],
        ["explain", str(GLOBE), "route", "ads.us.en.premium.phone.bug"],
        ["explain", str(GLOBE), "route", "ads", "--json"],
        ["explain", str(GLOBE), "pools.manila_t1"],
        ["schema"],
    ],
)
def test_nothing_heavy_is_loaded(words: list[str]) -> None:
    assert not loaded_by(*words) & HEAVY


def test_nothing_heavy_is_loaded_for_a_check_that_is_not_plain() -> None:
    assert not loaded_by("check", str(GLOBE), entry="cli") & HEAVY
