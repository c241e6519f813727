"""Random returns by other channels, shares by channel, and patience that changes on return."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ccsim.centre.siblings import Siblings
from ccsim.centre.streams import streams_of
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Return, Workflow
from ccsim.records.outcomes import OF_WORKFLOWS
from tests.support.random_laws import shares

MIXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.5, 0.25, 0.25), (0.0, 0.4, 0.6), (0.1, 0.9, 0.0))


def with_mixes(draw: st.DrawFn, scenario: Scenario) -> Scenario:
    """Half of the scenarios, with customers of some workflows who come back by other channels: these have one volume,
    split by channels, on some of which nobody starts."""
    if not draw(st.booleans()):
        return scenario
    demand, workflows = dict(scenario.demand), dict(scenario.workflows)
    for name in sorted(workflows):
        mine = [key for key, volume in demand.items() if volume.workflow == name]
        split = [key for key in mine if demand[key].trace is None and not demand[key].backlog]
        used = sorted({demand[key].channel for key in mine})[:3]
        if len(used) < 2 or not split or draw(st.integers(0, 3)) == 0:
            continue
        kept = demand[split[0]]
        for key in mine:
            del demand[key]
        demand[split[0]] = kept.model_copy(update={"channel": "phone", "channels": _mix(draw, used)})
        workflows[name] = _with_mixes(draw, workflows[name], used)
    mixed = scenario.model_copy(update={"demand": demand, "workflows": workflows})
    streams = streams_of(mixed)
    siblings = Siblings(mixed, streams)
    # who was transferred comes back to the workflow where the case opened, which may lack the channel
    whole = all(len(siblings.of(stream)) == len(siblings.channels(stream)) for stream in streams)
    return mixed if whole else scenario


def _with_mixes(draw: st.DrawFn, workflow: Workflow, used: list[str]) -> Workflow:
    backs: dict[str, Return | None] = {}
    for reason in OF_WORKFLOWS:
        back = getattr(workflow.returns, reason)
        if back is not None and draw(st.booleans()):
            changed: dict[str, Any] = {"channels": _mix(draw, used)}
            if draw(st.booleans()):
                changed = {"channels_after": {channel: _mix(draw, used) for channel in used[:-1]}}
            if draw(st.booleans()):
                changed["share_by_channel"] = {channel: draw(shares) for channel in used}
            back = back.model_copy(update=changed)
        backs[reason] = back
    update: dict[str, Any] = {"returns": workflow.returns.model_copy(update=backs)}
    if workflow.patience is not None:
        factors = draw(st.sampled_from([(), (0.5,), (2.0, 0.1)]))
        update["patience"] = workflow.patience.model_copy(update={"after_return": factors})
    if workflow.tiers:
        first, tier = next(iter(workflow.tiers.items()))
        by_channel = {used[0]: 0.2 * tier.resolved, used[1]: tier.resolved}
        update["tiers"] = workflow.tiers | {first: tier.model_copy(update={"resolved_by_channel": by_channel})}
    return workflow.model_copy(update=update)


def _mix(draw: st.DrawFn, used: list[str]) -> dict[str, float]:
    """Shares of two or three channels."""
    mix = draw(st.sampled_from(MIXES))[: len(used)]
    mix = mix if sum(mix) > 0 else (1.0,) * len(used)
    return {channel: share / sum(mix) for channel, share in zip(used, mix, strict=True)}
