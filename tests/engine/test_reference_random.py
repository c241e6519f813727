"""The kernel against the reference engine on random scenarios; `python -m experiments.engines` simulates thousands."""

from __future__ import annotations

import pytest

from tests.support.engines import checked
from tests.support.random_numbered import random_scenario

AT_ONCE = 15


def differ(numbers: range) -> list[str]:
    return [said for number in numbers if (said := checked(number, random_scenario(number))[1])]


@pytest.mark.parametrize("first", range(0, 60, AT_ONCE))
def test_random_centres(first: int) -> None:
    assert not "\n\n".join(differ(range(first, first + AT_ONCE)))


def test_the_backlog_of_a_midnight_that_ends_the_run_is_counted() -> None:
    """All counted contacts have ended, and one of the warm-up still waits."""
    assert not "".join(differ(range(339, 340)))


@pytest.mark.verify
@pytest.mark.parametrize("first", range(60, 560, 10 * AT_ONCE // 3))
def test_many_random_centres(first: int) -> None:
    assert not "\n\n".join(differ(range(first, first + 10 * AT_ONCE // 3)))
