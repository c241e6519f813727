"""Chains of returns without an end: those after an answer for certain, those after none at the worst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ccsim.centre.comebacks import spectral_radius, steps_of, uncapped
from ccsim.centre.findings import Finding
from ccsim.centre.return_channels import mix_after, returns_of, share_after
from ccsim.language.scenario import Scenario
from ccsim.language.shares import percent

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
    possible = _possible(scenario)
    lost = {
        (name, cause): back
        for name, cause, back in returns_of(scenario, workflow)
        if cause in possible and back.attempts is None
    }
    answered = uncapped(steps_of(scenario, workflow, channels, visits), len(channels))
    staying = set(channels)
    while True:
        kept = {
            channel
            for channel in staying
            if _stays(answered[channels.index(channel)], channels, staying)
            or any(_all_stay(share_after(back, channel), mix_after(back, channel), staying) for back in lost.values())
        }
        if kept == staying:
            break
        staying = kept
    for (name, cause), back in lost.items():
        mine = [one for one in sorted(staying) if _all_stay(share_after(back, one), mix_after(back, one), staying)]
        if mine:
            what = {"after_abandon": "abandons", "after_blocked": "is blocked", "after_closed": "finds it closed"}[
                cause
            ]
            on = f" on {' and '.join(mine)}" if len(channels) > 1 else ""
            yield Finding(
                f"every customer of {workflow} who {what}{on} comes back, as often as it takes: where nobody can "
                "answer these contacts grow without bound; `attempts` is a cap, or give a share below 100%",
                ("workflows", name, "returns", cause),
                "warning",
            )


def _stays(row: Sequence[float], channels: Sequence[str], staying: set[str]) -> bool:
    """Whether every answered contact brings on another one, on channels of which that is true."""
    total = sum(row)
    return total >= _CERTAIN and all(one <= 0.0 or name in staying for name, one in zip(channels, row, strict=True))


def _all_stay(share: float, mix: Mapping[str, float], staying: set[str]) -> bool:
    """Whether everybody comes back, by channels of which that is true."""
    return share >= _CERTAIN and all(one <= 0.0 or name in staying for name, one in mix.items())


def _possible(scenario: Scenario) -> set[str]:
    """Ways to be lost that a scenario has at all."""
    groups = scenario.queue_groups.values()
    found = set()
    if any(group.lines is not None or group.max_waiting is not None for group in groups):
        found.add("after_blocked")
    if any(group.hours is not None for group in groups):
        found.add("after_closed")
    said = [one.patience for one in scenario.channels.values()] + [one.patience for one in scenario.workflows.values()]
    if any(patience is not None for patience in (scenario.patience, *said)):
        found.add("after_abandon")
    return found
