"""What a scenario says that never ends, or that no computer can count: found from the scenario alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from ccsim.centre.endless_returns import endless_returns, worst_returns
from ccsim.centre.expected import expected_contacts
from ccsim.centre.findings import ANYWAY, Finding
from ccsim.centre.journeys import NOTHING, Journey, Leg, journey
from ccsim.centre.legs import tiers_of
from ccsim.centre.return_channels import channels_reached
from ccsim.centre.warm import warm_findings
from ccsim.language.channels import Channel
from ccsim.language.demand import Volume
from ccsim.language.handling import HandleTime, mean_handle
from ccsim.language.laws import mean_of
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Return, Workflow
from ccsim.text.scalars import duration_text
from ccsim.units import DAY, MINUTE

MOST_CONTACTS: Final = 1 << 40
"""New contacts of a replication that the engine's numbers are made for."""
MOST_RETRIES: Final = 1 << 32
"""More contacts than this from customers who try again and again are told of."""


def findings(scenario: Scenario) -> list[Finding]:
    """Everything that never ends (circles, returns, handle times), and more contacts than can be counted."""
    channels: dict[str, list[str]] = {}
    for volume in scenario.demand.values():
        mine = channels.setdefault(volume.workflow, [])
        mine.extend(one for one, share in (volume.channels or {volume.channel: 1.0}).items() if share > 0.0)
    journeys = {name: journey(scenario, name, channels[name][0]) for name in sorted(channels)}
    found = [*_countless(scenario), *_circles(scenario, journeys)]
    for name, way in journeys.items():
        reached = channels_reached(scenario, name, sorted(set(channels[name])))
        endless = [] if way.circle else list(endless_returns(scenario, name, reached, way.visits))
        found += endless or worst_returns(scenario, name, reached, way.visits)
    found += [*_handle_times(scenario, journeys), *_retries(scenario, journeys), *warm_findings(scenario)]
    return list(dict.fromkeys(found))


def simulated_time(scenario: Scenario) -> int:
    """Longest replication in microseconds: warm-up, length and drain period."""
    horizon = scenario.horizon
    return horizon.warm_up + horizon.length + horizon.drain


def _countless(scenario: Scenario) -> Iterator[Finding]:
    simulated = simulated_time(scenario)
    bounds = {name: _most(volume, scenario, simulated) for name, volume in scenario.demand.items()}
    if sum(bounds.values()) <= MOST_CONTACTS:
        return
    longer = simulated / scenario.horizon.length
    expected = {name: contacts * longer for name, contacts in expected_contacts(_plain(scenario)).items()}
    for name, contacts in expected.items():
        if contacts > MOST_CONTACTS:
            yield Finding(
                f"some {contacts:.2g} contacts until the end of the run; at most "
                f"{float(MOST_CONTACTS):.2g} (2^40) can be counted: check the unit of its rate",
                ("demand", name),
                weight="fault",
            )
    if sum(expected.values()) > MOST_CONTACTS >= max(expected.values()):
        yield Finding(
            f"some {sum(expected.values()):.2g} contacts together; at most {float(MOST_CONTACTS):.2g} (2^40) can be "
            "counted",
            ("demand",),
            weight="fault",
        )


def _plain(scenario: Scenario) -> Scenario:
    """The scenario without public holidays: the package that knows them takes long to load."""
    demand = {name: volume.model_copy(update={"holidays": 1.0}) for name, volume in scenario.demand.items()}
    return scenario.model_copy(update={"demand": demand})


def _most(volume: Volume, scenario: Scenario, simulated: int) -> float:
    """No fewer contacts than a volume can be expected to have until the end of the replication."""
    if volume.trace is not None:
        return len(volume.trace.time)
    if volume.rate is not None:
        rate = volume.rate.grid.most
    else:
        rate = 7.0 * (volume.per_week or 0.0) / DAY  # all of a week on one day, all of a day at once: looked at again
    for change in volume.changes:
        rate = max(change.set_to if change.set_to is not None else rate, rate) * max(change.times, 1.0) + max(
            change.add, 0.0
        )
    most = rate * simulated * max(volume.season, default=1.0) * math.exp(min(max(volume.trend * simulated, 0.0), 50.0))
    for surge in scenario.surges.values():
        most *= max(surge.times, 1.0)
    return most * max(volume.holidays, 1.0)


def _circles(scenario: Scenario, journeys: dict[str, Journey]) -> Iterator[Finding]:
    told: set[frozenset[Leg]] = set()
    for found in journeys.values():
        if not found.circle or frozenset(found.circle) in told:
            continue
        told.add(frozenset(found.circle))
        workflow, tier = found.circle[0]
        said = " -> ".join(_said(leg) for leg in (*found.circle, found.circle[0]))
        first = tiers_of(scenario, workflow)[tier]
        key = "transfers" if first.transfers else "sent_back" if first.sent_back > NOTHING else "escalated"
        yield Finding(
            f"contacts never end here: 100% of them go round in a circle ({said}); let a share of them be resolved; "
            f"{ANYWAY}",
            ("workflows", workflow, "tiers", tier, key),
        )


def _said(leg: Leg) -> str:
    return f"{leg[0]} {leg[1]}"


def _retries(scenario: Scenario, journeys: dict[str, Journey]) -> Iterator[Finding]:
    """Who is turned away or leaves and always tries again at once can make more contacts than anybody can simulate."""
    simulated = simulated_time(scenario)
    for name in journeys:
        returns = scenario.workflows.get(name, Workflow()).returns
        for cause in ("after_abandon", "after_blocked", "after_closed"):
            back: Return | None = getattr(returns, cause)
            share = 0.0 if back is None else max([back.share, *back.share_by_channel.values()])
            if back is None or back.attempts is not None or share <= 1.0 - NOTHING:
                continue
            mine = [volume for volume in scenario.demand.values() if volume.workflow == name]
            cases = sum(_most(volume, scenario, simulated) for volume in mine)
            after = mean_of(back.after)
            retries = cases * simulated / max(after, 1.0)
            if after < MINUTE and retries > MOST_RETRIES:
                yield Finding(
                    f"every customer tries again after {duration_text(round(after))}, without end: up to "
                    f"{retries:.2g} contacts where nobody answers; give a smaller share, `attempts` or a longer time; "
                    f"{ANYWAY}",
                    ("workflows", name, "returns", cause),
                )


def _handle_times(scenario: Scenario, journeys: dict[str, Journey]) -> Iterator[Finding]:
    simulated = simulated_time(scenario)
    for name, volume in sorted(scenario.demand.items()):
        for leg in journeys[volume.workflow].visits or {
            (volume.workflow, next(iter(tiers_of(scenario, volume.workflow)))): 1.0
        }:
            for channel in volume.channels or {volume.channel: 1.0}:
                handle, at = _handle_time(scenario, leg, channel)
                mean = 0.0 if handle is None else mean_handle(handle, volume.aht.most if volume.aht else 0.0)
                if mean > simulated:
                    yield Finding(
                        f"a visit takes {_text(mean)} on average, and the run ends after "
                        f"{_text(simulated)} at the latest: an agent who answers is never free again; "
                        f"check its unit; {ANYWAY}",
                        at,
                    )
        talk = volume.trace.talk if volume.trace is not None else ()
        known = [time for time in talk if time >= 0]
        if known and sum(known) / len(known) > simulated:
            yield Finding(
                f"a recorded talk takes {_text(sum(known) / len(known))} on average, and the run ends after "
                f"{_text(simulated)} at the latest; check its unit; {ANYWAY}",
                ("demand", name, "trace"),
            )


def _text(micros: float) -> str:
    return duration_text(round(micros))


def _handle_time(scenario: Scenario, leg: Leg, channel: str) -> tuple[HandleTime | None, tuple[str, ...]]:
    """The handle time of a visit and where it is said; in the order of `precedence.handle_time_of`."""
    workflow = scenario.workflows.get(leg[0], Workflow())
    tier = tiers_of(scenario, leg[0])[leg[1]]
    of_channel = scenario.channels.get(channel, Channel())
    at = ("workflows", leg[0])
    written = (
        (tier.by_channel.get(channel), (*at, "tiers", leg[1], "handle_time", channel)),
        (tier.handle_time, (*at, "tiers", leg[1], "handle_time")),
        (workflow.by_channel.get(channel), (*at, "handle_time", channel)),
        (workflow.handle_time, (*at, "handle_time")),
        (of_channel.handle_time, ("channels", channel, "handle_time")),
        (scenario.handle_time, ("handle_time",)),
    )
    return next(((handle, place) for handle, place in written if handle is not None), (None, ()))
