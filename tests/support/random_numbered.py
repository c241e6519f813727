"""Random scenarios by number: the same number gives the same scenario, so that one that differs can be simulated
again."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis.control import BuildContext
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import HypothesisProvider

from ccsim.language.scenario import Scenario
from tests.support.random_called import called_while_open
from tests.support.random_dates import dated
from tests.support.random_moves import moved
from tests.support.random_preferred import asked_first
from tests.support.random_ratings import rated
from tests.support.random_scenarios import globes, scenarios
from tests.support.random_severities import severe
from tests.support.random_time_outs import timed_out
from tests.support.random_warm import handed_over


class _OfSeed(HypothesisProvider):
    """Draws from the seed alone: Hypothesis mixes in constants of the modules that happen to be loaded."""

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


def random_scenario(number: int) -> Scenario:
    """The random scenario of a number >= 0: with one region and with several by turns."""
    # Hypothesis draws a test's examples from a seed of its own; drawn from `Random`, one example needs no others.
    data = ConjectureData(random=Random(number), prefix=(), provider=_OfSeed)
    with BuildContext(data, is_final=False, wrapped_test=random_scenario):
        scenario = data.draw((scenarios(), globes())[number % 2])
    if number % 5 < 3:
        scenario = moved(scenario, Random(number))
    if number % 3 == 0:
        scenario = dated(scenario, Random(number))
    if number % 5 < 3:
        scenario = handed_over(scenario, Random(number))
    if number % 7 < 3:
        scenario = severe(scenario, Random(number))
    if number % 3 < 2:
        scenario = asked_first(scenario, Random(number))
    if number % 8 > 3:
        scenario = timed_out(scenario, Random(number))
    if number % 8 < 3:
        scenario = called_while_open(scenario)
    return rated(scenario, Random(number)) if number % 4 < 2 else scenario
