"""The names that a scenario defines or uses, taken from its tree before anything is typed."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.scenario.tree import Leaf, Map, Node


@dataclass(frozen=True, slots=True)
class Names:
    """Known names by kind."""

    pools: frozenset[str]
    workflows: frozenset[str]
    channels: frozenset[str]
    segments: frozenset[str]
    tiers: frozenset[str]
    streams: frozenset[str]

    def of(self, kind: str) -> frozenset[str]:
        """Known names of a kind: `pools`, `workflows`, `channels`, `segments`, `tiers` or `streams`."""
        names: frozenset[str] = getattr(self, kind)
        return names


def names_in(root: Node) -> Names:
    """Names in a scenario's tree.

    A workflow or channel that only streams use need not be listed, as long as none is listed: then a stream's
    word defines it. A stream's own name is always a workflow, `phone` always a channel, `t1` always a tier,
    `all` always a segment.
    """
    workflows, channels, segments, streams = (_keys(root, k) for k in ("workflows", "channels", "segments", "demand"))
    used_workflows: set[str] = set()
    used_channels: set[str] = set()
    demand = root.get("demand") if isinstance(root, Map) else None
    for name, entry in demand.entries.items() if isinstance(demand, Map) else ():
        said = _text(entry.node, "workflow")
        if said is None:
            used_workflows.add(name)
        elif not workflows:
            used_workflows.add(said)
        channel = _text(entry.node, "channel")
        if channel is not None and not channels:
            used_channels.add(channel)
    tiers = {"t1"}
    listed = root.get("workflows") if isinstance(root, Map) else None
    for entry in listed.entries.values() if isinstance(listed, Map) else ():
        tiers |= _keys(entry.node, "tiers")
    return Names(
        pools=frozenset(_keys(root, "pools")),
        workflows=frozenset(workflows | used_workflows),
        channels=frozenset(channels | used_channels | {"phone"}),
        segments=frozenset(segments | {"all"}),
        tiers=frozenset(tiers),
        streams=frozenset(streams),
    )


def _keys(node: Node | None, key: str) -> set[str]:
    child = node.get(key) if isinstance(node, Map) else None
    return set(child.entries) if isinstance(child, Map) else set()


def _text(node: Node, key: str) -> str | None:
    child = node.get(key) if isinstance(node, Map) else None
    return child.text if isinstance(child, Leaf) else None
