"""What sections say about one another: every stream can be served, every visit has a handle time, ..."""

from __future__ import annotations

import math
from typing import Final

from ccsim.scenario.faults import Faults
from ccsim.scenario.laws import HandleTime
from ccsim.scenario.paths import joined, parse_path
from ccsim.scenario.sections import Channel, Pool, QueueGroup, Scenario, Stream, Tier, Workflow
from ccsim.scenario.tree import Items, Map, Node

MOST_UNITS: Final = 60
"""An agent's capacity is divided into the least common multiple of its channels' concurrencies."""


def check(scenario: Scenario, root: Map, faults: Faults) -> None:
    """Note every fault between the sections of a scenario; it may be partial because of faults noted before.

    A check is skipped where an earlier fault has taken away what it would look at.
    """
    checks = _Checks(scenario, root, faults)
    for one in (
        checks.served,
        checks.handle_times,
        checks.last_tiers,
        checks.preferences,
        checks.hours,
        checks.deadlines,
        checks.units,
        checks.traces,
        checks.draws,
        checks.returns,
        checks.goals,
    ):
        one()


class _Checks:
    """The checks, and what they share."""

    def __init__(self, scenario: Scenario, root: Map, faults: Faults) -> None:
        self.root = root
        self.faults = faults
        self.before = [(_parts(fault.key), fault.message) for fault in faults.found]
        demand: dict[str, Stream] = scenario.demand or {}
        self.demand = {name: stream for name, stream in demand.items() if stream.workflow}
        self.pools: dict[str, Pool] = scenario.pools or {}
        self.workflows = scenario.workflows
        self.scenario = scenario

    def fault(self, message: str, *parts: str) -> None:
        """Note a fault at the deepest part of a key that is written."""
        node: Node = self.root
        for part in parts:
            below = node.get(part) if isinstance(node, Map) else None
            if isinstance(node, Items) and part.isdecimal() and int(part) < len(node.items):
                below = node.items[int(part)]
            if below is None:
                break
            node = below
        key = ""
        for part in parts:
            key = joined(key, part)
        self.faults.add(message, node.place, key)

    def spoilt(self, *key: str) -> bool:
        """Whether an earlier fault lies at, below or above a key; `*` is any name."""
        return any(
            all(part in ("*", found) for part, found in zip(key, parts, strict=False)) for parts, _ in self.before
        )

    def pools_spoilt(self) -> bool:
        """Whether an earlier fault may have taken away what a pool can do."""
        return any(self.spoilt("pools", "*", key) for key in ("tier", "skills", "workflows", "channels")) or any(
            parts[:1] == ["pools"] and message.startswith("unknown key") for parts, message in self.before
        )

    def tiers(self, name: str) -> dict[str, Tier]:
        """Tiers of a workflow in order of escalation."""
        workflow = self.workflows.get(name)
        return (workflow.tiers if workflow else None) or {"t1": Tier()}

    def channel(self, name: str) -> Channel:
        return self.scenario.channels.get(name) or Channel()

    def served(self) -> None:
        """Every stream finds a pool at every tier of its workflow."""
        if self.pools_spoilt() or self.spoilt("workflows"):
            return
        for name, stream in self.demand.items():
            if self.spoilt("demand", name, "workflow") or self.spoilt("demand", name, "channel"):
                continue
            workflow = self.workflows.get(stream.workflow) or Workflow()
            named = {pool for group in workflow.pools for pool in group}
            named |= {pool for ring in workflow.overflow for pool in ring.pools}
            able = [
                pool
                for pool_name, pool in self.pools.items()
                if (not workflow.pools or pool_name in named)
                and (pool.skills is None or stream.workflow in pool.skills)
                and (pool.channels is None or stream.channel in pool.channels)
            ]
            for tier in self.tiers(stream.workflow):
                if not any(tier in pool.tier for pool in able):
                    self.fault(
                        f"no pool can serve it: none takes workflow {stream.workflow} at tier {tier} on "
                        f"channel {stream.channel}",
                        "demand",
                        name,
                    )

    def handle_times(self) -> None:
        """Every visit that can happen has a handle time."""
        if self.spoilt("handle_time") or self.spoilt("channels") or self.spoilt("workflows"):
            return
        for name, stream in self.demand.items():
            if self.spoilt("demand", name):
                continue
            recorded = stream.trace is not None and bool(stream.trace.talk) and min(stream.trace.talk) >= 0
            for number, (tier_name, tier) in enumerate(self.tiers(stream.workflow).items()):
                if number == 0 and recorded and not self.comes_back(stream):
                    continue
                if self.handle_time(stream, tier) is None:
                    self.fault(
                        f"there is no handle time for workflow {stream.workflow} at tier {tier_name} on "
                        f"channel {stream.channel}; say one there, on the channel, or for the whole scenario",
                        "demand",
                        name,
                    )

    def comes_back(self, stream: Stream) -> bool:
        """Whether contacts of a stream can return; returns have no recorded times."""
        workflow = self.workflows.get(stream.workflow)
        if workflow is None:
            return False
        return any(getattr(workflow.returns, cause) for cause in type(workflow.returns).model_fields)

    def handle_time(self, stream: Stream, tier: Tier) -> HandleTime | None:
        """The nearest handle time of a visit."""
        workflow = self.workflows.get(stream.workflow) or Workflow()
        return (
            tier.by_channel.get(stream.channel)
            or tier.handle_time
            or workflow.by_channel.get(stream.channel)
            or workflow.handle_time
            or self.channel(stream.channel).handle_time
            or self.scenario.handle_time
        )

    def last_tiers(self) -> None:
        """Nothing escalates from the last tier."""
        for name, workflow in self.workflows.items():
            if not workflow.tiers or self.spoilt("workflows", name, "tiers"):
                continue
            tier, last = list(workflow.tiers.items())[-1]
            if last.escalated:
                self.fault(
                    f"{tier} is the last tier; it cannot escalate",
                    "workflows",
                    name,
                    "tiers",
                    tier,
                    "escalated",
                )

    def preferences(self) -> None:
        """Pools that a workflow names have its skill and one of its tiers."""
        for name, workflow in self.workflows.items():
            groups = [(("pools", str(at)), group) for at, group in enumerate(workflow.pools)]
            groups += [(("overflow", str(at)), ring.pools) for at, ring in enumerate(workflow.overflow)]
            for where, group in groups:
                for pool_name in group:
                    pool = self.pools.get(pool_name)
                    if pool is None or self.spoilt("pools", pool_name):
                        continue
                    if pool.skills is not None and name not in pool.skills:
                        skills = ", ".join(sorted(pool.skills))
                        message = f"pool {pool_name} does not have the skill {name}; it has {skills}"
                        self.fault(message, "workflows", name, *where)
                    elif not set(pool.tier) & set(self.tiers(name)):
                        message = f"pool {pool_name} takes tiers {', '.join(pool.tier)}, of which {name} has none"
                        self.fault(message, "workflows", name, *where)

    def hours(self) -> None:
        """A queue has one set of opening hours."""
        groups = self.scenario.queue_groups
        queues = {
            (stream.workflow, tier, stream.channel)
            for stream in self.demand.values()
            for tier, _ in self.tiers(stream.workflow).items()
        }
        timed = [name for name in sorted(groups) if groups[name].hours]
        told: set[tuple[str, str]] = set()
        for workflow, tier, channel in sorted(queues):
            mine = [name for name in timed if _passes(groups[name], workflow, tier, channel)]
            for other in mine[1:]:
                if (mine[0], other) not in told:
                    told.add((mine[0], other))
                    self.fault(
                        f"workflow {workflow} at tier {tier} on channel {channel} has hours here and in "
                        f"queue_groups.{mine[0]}; give hours once",
                        *("queue_groups", other, "hours"),
                    )

    def deadlines(self) -> None:
        """Rules that go by deadline need one on every deferred channel in use."""
        rule = self.scenario.routing.choose_contact if self.scenario.routing else ""
        if "deadline" not in rule:
            return
        for name in sorted({stream.channel for stream in self.demand.values()}):
            channel = self.channel(name)
            if channel.kind == "deferred" and channel.deadline is None and not self.spoilt("channels", name):
                self.fault(f"choose_contact: {rule} needs a deadline on every deferred channel", "channels", name)

    def units(self) -> None:
        """All channels in use can share one agent's capacity."""
        if self.spoilt("channels"):
            return
        used = sorted({stream.channel for stream in self.demand.values()})
        held = [self.channel(channel).concurrency for channel in used]
        if math.lcm(*held) > MOST_UNITS:
            said = ", ".join(f"{channel} {number}" for channel, number in zip(used, held, strict=True))
            self.fault(
                f"the concurrencies of the channels in use ({said}) have the least common multiple "
                f"{math.lcm(*held)}; at most {MOST_UNITS} will do",
                "channels",
            )

    def traces(self) -> None:
        """Deferred contacts have no recorded patience."""
        for name, stream in self.demand.items():
            if stream.trace and stream.trace.patience and self.channel(stream.channel).kind == "deferred":
                self.fault(
                    f"the trace has a column `patience`, but on channel {stream.channel}, which is deferred, "
                    "nobody leaves",
                    "demand",
                    name,
                    "trace",
                )

    def draws(self) -> None:
        """No two streams have the same luck."""
        by_luck: dict[str, str] = {}
        for name, stream in sorted(self.demand.items(), key=lambda item: (item[1].draws_as is not None, item[0])):
            luck = stream.draws_as or name
            if luck in by_luck:
                self.fault(f"{by_luck[luck]} draws as {luck} already", "demand", name, "draws_as")
            by_luck.setdefault(luck, name)

    def returns(self) -> None:
        """Nobody comes back at the instant of leaving."""
        for name, workflow in self.workflows.items():
            for cause in type(workflow.returns).model_fields:
                back = getattr(workflow.returns, cause)
                if back is None:
                    continue
                longest = max(getattr(back.after, "values", None) or [0])
                if longest == 0 and not any(
                    getattr(back.after, field, 0) for field in ("mean", "value", "high", "m1", "m2")
                ):
                    self.fault(
                        "expected a time above 0 until the return",
                        "workflows",
                        name,
                        "returns",
                        cause,
                        "after",
                    )

    def goals(self) -> None:
        """Every goal has something to be judged on."""
        for at, goal in enumerate(self.scenario.goals):
            if (
                goal.kpi.startswith("service_level")
                and goal.within is None
                and len(self.scenario.service_level.within) > 1
            ):
                self.fault("say `within`: service_level has several", "goals", str(at))
            if self.spoilt("demand") or self.spoilt("workflows") or not self.demand:
                continue
            if not any(
                goal.workflow in (None, stream.workflow)
                and goal.channel in (None, stream.channel)
                and goal.segment in (None, stream.segment)
                and goal.tier in (None, *(tier for tier, _ in self.tiers(stream.workflow).items()))
                for stream in self.demand.values()
            ):
                self.fault("no stream is of this workflow, channel, segment and tier", "goals", str(at))


def _passes(group: QueueGroup, workflow: str, tier: str, channel: str) -> bool:
    """Whether a queue lies behind a door."""
    return (
        (group.workflows is None or workflow in group.workflows)
        and (group.tiers is None or tier in group.tiers)
        and (group.channels is None or channel in group.channels)
    )


def _parts(key: str) -> list[str]:
    """Names in the key of a fault."""
    try:
        return list(parse_path(key).parts) if key else []
    except ValueError:
        return key.split(".")
