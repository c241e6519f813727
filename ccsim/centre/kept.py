"""What is made of a whole scenario, kept for the last one that was asked about: its check and its compile share it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from ccsim.language.scenario import Scenario

T = TypeVar("T")


def kept_for_the_last(make: Callable[[Scenario], T]) -> Callable[[Scenario], T]:
    """A function of a scenario that makes its result once, as long as it is asked about one scenario only."""
    last: list[tuple[Scenario, T]] = []

    @wraps(make)
    def kept(scenario: Scenario) -> T:
        for known, made in last:
            if known is scenario:
                return made
        made = make(scenario)
        last[:] = [(scenario, made)]
        return made

    return kept
