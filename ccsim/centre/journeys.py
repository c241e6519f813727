"""A contact's way through tiers, transfers and returns: expected visits, and ways without an end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ccsim.centre.comebacks import ReturnFlow, contacts_by_channel, steps_of
from ccsim.centre.kept import kept_for_the_last
from ccsim.centre.legs import begins_at, channel_at, legs_of, misroutes_of, tiers_of, transfers_of
from ccsim.centre.return_channels import changes_channel, channels_reached, resolved_on, share_after
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow

NOTHING: Final = 1e-9
"""A smaller share is taken for rounding."""
_MOST_MOVES: Final = 2_000_000
"""Moves that are followed until next to nothing of a contact is left."""

Leg = tuple[str, str]
"""Workflow and tier of a queue."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of a case of a workflow that begins on a channel, were everybody answered."""

    channel: str
    """Channel of the first contact."""

    visits: Mapping[Leg, float]
    """Expected visits by workflow and tier before it ends and perhaps returns; empty for a journey without an end."""
    circle: tuple[Leg, ...]
    """Queues that it comes to and can never leave; empty where there are none."""
    misrouted: Mapping[Leg, float]
    """Share of the contacts that begin in a wrong queue, by queue; these visits come before those of `visits`."""
    returns: float
    """Probability that its customer comes back as a new contact after the first one, from 0 to 1."""
    attempts: int | None
    """Most returns of a case; None: no cap."""
    by_channel: Mapping[str, float]
    """Expected contacts of a case by channel, where customers may come back by another one; else empty."""

    @property
    def contacts(self) -> float:
        """Expected contacts of a case, the first and its returns (a geometric sum); infinite without an end."""
        if self.by_channel:
            return sum(self.by_channel.values())
        q = self.returns
        if self.attempts is None:
            return math.inf if q > 1.0 - NOTHING else 1.0 / (1.0 - q)
        return self.attempts + 1.0 if q > 1.0 - NOTHING else (1.0 - q ** (self.attempts + 1)) / (1.0 - q)

    @property
    def visits_of_contact(self) -> float:
        """Expected visits of one contact, infinite in a circle."""
        return math.inf if self.circle else sum(self.visits.values()) + sum(self.misrouted.values())


def journey(scenario: Scenario, workflow: str, channel: str) -> Journey:
    """The way of a case of a workflow that begins on a channel."""
    known = _known(scenario)
    key = (workflow, channel)
    if key not in known:
        known[key] = _journey(scenario, workflow, channel)
    return known[key]


@kept_for_the_last
def _known(scenario: Scenario) -> dict[tuple[str, str], Journey]:
    """Journeys that were followed: every stream of a workflow and channel asks for the same one."""
    return {}


def _journey(scenario: Scenario, workflow: str, channel: str) -> Journey:
    legs = legs_of(scenario, workflow, by_mistake=False)
    moves = {leg: _moves(scenario, leg) for leg in legs}
    circle = _circle(legs, moves)
    wrong = {leg: one.share for leg, one in misroutes_of(scenario, workflow)}
    if circle:
        return Journey(channel, {}, circle, wrong, 0.0, None, {})
    visits = _visits(begins_at(scenario, workflow), moves)
    returns = 0.0
    caps: list[int | None] = []
    for leg, times in visits.items():
        for share, attempts in _comes_back(scenario, leg, channel):
            returns += times * share
            caps.append(attempts)
    most = None if None in caps else max((one for one in caps if one is not None), default=0)
    by_channel = _by_channel(scenario, workflow, channel, visits) if changes_channel(scenario, workflow) else {}
    return Journey(channel, visits, (), wrong, min(returns, 1.0), most, by_channel)


def _by_channel(scenario: Scenario, workflow: str, channel: str, visits: Mapping[Leg, float]) -> Mapping[str, float]:
    """Expected contacts of a case by channel; other customers answer their part of them, for good."""
    channels = channels_reached(scenario, workflow, [channel])
    reached = [1.0 - scenario.channels.get(name, Channel()).peers.share for name in channels]
    steps = [
        ReturnFlow(*step[:3], [[one * part for one in row] for row, part in zip(step.matrix, reached, strict=True)])
        for step in steps_of(scenario, workflow, channels, visits)
    ]
    return dict(zip(channels, contacts_by_channel(steps, 0, len(channels)), strict=True))


def _moves(scenario: Scenario, leg: Leg) -> dict[Leg, float]:
    """Shares of handled visits that go on, by where to; the shares of a leg add up to 1 at most."""
    tiers = tiers_of(scenario, leg[0])
    order = list(tiers)
    tier = tiers[leg[1]]
    found: dict[Leg, float] = {}
    later = order[order.index(leg[1]) + 1 :]
    if later and tier.escalated > NOTHING:
        found[leg[0], later[0]] = tier.escalated
    for to, share in transfers_of(scenario, *leg):
        if share > NOTHING:
            found[to] = found.get(to, 0.0) + share
    return found


def _circle(legs: list[Leg], moves: Mapping[Leg, Mapping[Leg, float]]) -> tuple[Leg, ...]:
    """Legs from which no way leads to an end."""
    ending = {leg for leg in legs if sum(moves[leg].values()) < 1.0 - NOTHING}
    before: dict[Leg, list[Leg]] = {leg: [] for leg in legs}
    for leg, to in moves.items():
        for following in to:
            before[following].append(leg)
    todo = list(ending)
    while todo:
        for leg in before[todo.pop()]:
            if leg not in ending:
                ending.add(leg)
                todo.append(leg)
    return tuple(leg for leg in legs if leg not in ending)


def _visits(first: Mapping[Leg, float], moves: Mapping[Leg, Mapping[Leg, float]]) -> dict[Leg, float]:
    """Expected visits by leg: the sum over all steps of where the contact is."""
    visits: dict[Leg, float] = dict.fromkeys(moves, 0.0)
    here = dict(first)
    steps = 0
    while here and steps < _MOST_MOVES:
        following: dict[Leg, float] = {}
        for leg, mass in here.items():
            visits[leg] += mass
            for to, share in moves[leg].items():
                following[to] = following.get(to, 0.0) + mass * share
                steps += 1
        here = following if sum(following.values()) > 1e-12 else {}
    return visits


def _comes_back(scenario: Scenario, leg: Leg, channel: str) -> list[tuple[float, int | None]]:
    """Shares of handled visits on a channel after which the customer comes back, with their caps."""
    returns = scenario.workflows.get(leg[0], Workflow()).returns
    tier = tiers_of(scenario, leg[0])[leg[1]]
    moved = sum(_moves(scenario, leg).values())
    resolved = min(resolved_on(tier, channel_at(scenario, *leg, channel)), max(1.0 - moved, 0.0))
    ends = ((returns.after_resolved, resolved), (returns.after_unresolved, 1.0 - moved - resolved))
    return [
        (share * share_after(back, channel), back.attempts)
        for back, share in ends
        if back is not None and share > NOTHING
    ]
