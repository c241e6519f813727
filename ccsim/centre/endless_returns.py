"""Chains of returns without an end: those after an answer for certain, those after none at the worst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ccsim.centre.comebacks import spectral_radius, steps_of, uncapped
from ccsim.centre.findings import Finding
from ccsim.centre.precedence import patience_of
from ccsim.centre.return_channels import mix_after, returns_of, share_after
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.language.shares import percent
from ccsim.language.workflows import Workflow

_CERTAIN: Final = 1.0 - 1e-9
"""From so many further contacts on a chain of returns never ends."""


def endless_returns(
    scenario: Scenario, workflow: str, channels: Sequence[str], visits: Mapping[tuple[str, str], float]
) -> Iterator[Finding]:
    """Returns without a cap after answered contacts that never end: each contact brings on one more, or several.

    Args:
        scenario: The scenario.
        workflow: The workflow of the cases.
        channels: Channels on which its contacts come.
        visits: Expected visits of a contact by workflow and tier.
    """
    steps = steps_of(scenario, workflow, channels, visits)
    radius, places = spectral_radius(uncapped(steps, len(channels)))
    if radius < _CERTAIN:
        return
    backs = {(name, cause): back for name, cause, back in returns_of(scenario, workflow)}
    among = [channels[i] for i in places]
    said = f" on {' and '.join(among)}" if len(channels) > 1 else ""
    for step in steps:
        back = backs[step.workflow, step.cause]
        if step.attempts is not None or not any(step.matrix[i][j] > 0.0 for i in places for j in places):
            continue
        most = max(share_after(back, channel) for channel in among)
        ended = "resolved" if step.cause == "after_resolved" else "unresolved"
        yield Finding(
            f"customers of {workflow} come back again and again: each of its contacts{said} brings on {radius:.4g} "
            f"further ones, without end (here after {ended} ones); give `attempts`, or a share below "
            f"{percent(most / radius)}",
            ("workflows", step.workflow, "returns", step.cause),
            "fault",
        )


def worst_returns(
    scenario: Scenario, workflow: str, channels: Sequence[str], visits: Mapping[tuple[str, str], float]
) -> Iterator[Finding]:
    """Returns without a cap of all who abandon, or are turned away: nobody knows beforehand how many these are, and if
    it were all, they would come back for ever."""
    answered = uncapped(steps_of(scenario, workflow, channels, visits), len(channels))
    lost = [
        (name, cause, channel, mix_after(back, channel))
        for name, cause, back in returns_of(scenario, workflow)
        for channel in channels
        if back.attempts is None
        and share_after(back, channel) >= _CERTAIN
        and _happens(scenario, cause, name, scenario.channels.get(channel) or Channel())
    ]
    staying = set(channels)
    while True:
        kept = {
            channel
            for channel in staying
            if _stays(answered[channels.index(channel)], channels, staying)
            or any(at == channel and _within(mix, staying) for _, _, at, mix in lost)
        }
        if kept == staying:
            break
        staying = kept
    mine: dict[tuple[str, str], list[str]] = {}
    for name, cause, channel, mix in lost:
        if channel in staying and _within(mix, staying):
            mine.setdefault((name, cause), []).append(channel)
    for (name, cause), some in mine.items():
        what = {"after_abandon": "abandons", "after_blocked": "is blocked", "after_closed": "finds it closed"}[cause]
        on = f" on {' and '.join(some)}" if len(channels) > 1 else ""
        yield Finding(
            f"every customer of {workflow} who {what}{on} comes back, as often as it takes: where nobody can answer "
            "these contacts grow without bound; `attempts` is a cap, or give a share below 100%",
            ("workflows", name, "returns", cause),
            "warning",
        )


def _stays(row: Sequence[float], channels: Sequence[str], staying: set[str]) -> bool:
    """Whether every answered contact brings on another one, on channels of which that is true."""
    return sum(row) >= _CERTAIN and _within(dict(zip(channels, row, strict=True)), staying)


def _within(mix: Mapping[str, float], staying: set[str]) -> bool:
    """Whether a mix has none but some channels."""
    return all(share <= 0.0 or channel in staying for channel, share in mix.items())


def _happens(scenario: Scenario, cause: str, workflow: str, channel: Channel) -> bool:
    """Whether a scenario has this way to be lost at all."""
    groups = scenario.queue_groups.values()
    if cause == "after_blocked":
        return any(group.lines is not None or group.max_waiting is not None for group in groups)
    if cause == "after_closed":
        return channel.kind == "live" and any(group.hours is not None for group in groups)
    patience = patience_of(scenario, scenario.workflows.get(workflow) or Workflow(), channel)
    leaves = patience is not None and (patience.time is not None or patience.zero > 0.0)
    return cause == "after_abandon" and leaves
