"""The kernel against the plain engine on random scenarios."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.engine.against_plain import compare
from tests.support.random_scenarios import globes, scenarios

SOME = settings(derandomize=True, deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))


@SOME
@given(scenarios())
def test_random_centres(scenario: Scenario) -> None:
    compare(compile_model(scenario), scenario.run.seed)


@SOME
@given(globes())
def test_random_global_centres(scenario: Scenario) -> None:
    compare(compile_model(scenario), scenario.run.seed)
