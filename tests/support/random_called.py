"""Callbacks in the opening hours of queue groups, whose special days are drawn already, in what a random scenario
replications."""

from __future__ import annotations

from ccsim.language.callback import WHILE_OPEN
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow


def called_while_open(scenario: Scenario) -> Scenario:
    """The scenario with callbacks that keep to the hours of queue groups."""
    workflows = {name: _called(workflow) for name, workflow in sorted(scenario.workflows.items())}
    return scenario.model_copy(update={"workflows": workflows})


def _called(workflow: Workflow) -> Workflow:
    if workflow.callback is None:
        return workflow
    return workflow.model_copy(update={"callback": workflow.callback.model_copy(update={"hours": WHILE_OPEN})})
