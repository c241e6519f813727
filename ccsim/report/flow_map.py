"""The way of the contacts: from channel through bots and tiers to an outcome, in counts that add up."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import GOES_ON, NO_CONTACT, NOT_OFFERED, OF_SESSIONS, OUTCOMES, TOLD_AS, TOLD_ENDS

TRANSFERRED: Final = "transferred"
AGAIN: Final = "after a transfer"
"""Where visits begin that were transferred, or that wait on after a time-out, in the first column: as many as end so in
the last."""
GOOD: Final = tuple(end.name for end in TOLD_ENDS if end.how == "good")
BAD: Final = tuple(end.name for end in TOLD_ENDS if end.how == "bad")


@dataclass(frozen=True, slots=True)
class Node:
    """One place on the way."""

    column: int
    key: str
    """`channel:phone`, `bot:assistant`, `tier:t1`, `end:resolved`."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class FlowMap:
    """Places in columns from left to right, and how many go from one to another, all replications together."""

    nodes: tuple[Node, ...]
    links: dict[tuple[str, str], int]
    """Contacts or visits by the keys of two places."""

    def through(self, key: str) -> int:
        """How many go through a place; of places between, as many come as go."""
        out = sum(count for (source, _), count in self.links.items() if source == key)
        return out or sum(count for (_, to), count in self.links.items() if to == key)


def flow_map(sums: Sums) -> FlowMap | None:
    """Where contacts and visits went, all replications together; None where nobody came, or counts do not add up.

    A contact comes in on its channel, meets a bot or goes straight to a tier, is escalated to the next tier of its
    workflow, and ends. A visit that is transferred, or waits on in another
    queue, ends there, and as one more comes in `AGAIN`. So what comes into
    every place goes out of it.
    """
    names = ("arrived", "offered", "sessions", *OUTCOMES)
    counts = {name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1).astype(np.int64) for name in names}
    queues = sums.queues
    ways = _ways(queues)
    links: Counter[tuple[str, str]] = Counter()
    escalated = _escalated_into(ways, counts["escalated"])
    # who was spared the contact never came in
    ends = [(name, TOLD_AS[name]) for name in OUTCOMES if name not in (*OF_SESSIONS, *NO_CONTACT, "escalated")]
    places = zip(*(queues[name].tolist() for name in ("channel", "bot", "tier")), strict=True)
    rows = zip(*(values.tolist() for values in counts.values()), strict=True)
    for i, (place, row) in enumerate(zip(places, rows, strict=True)):
        got: dict[str, int] = dict(zip(names, row, strict=True))
        channel, bot, tier = (f"{what}:{name}" for what, name in zip(("channel", "bot", "tier"), place, strict=True))
        came = got["offered"] + sum(got[name] for name in NOT_OFFERED)
        straight = got["arrived"] - got["sessions"]
        before, moved = escalated.get(i, ("", 0))
        links[channel, bot] += got["sessions"]
        links[bot, tier] += got["handed_off"]
        for name in OF_SESSIONS:
            if name not in GOES_ON:
                links[bot, f"end:{TOLD_AS[name]}"] += got[name]
        links[channel, tier] += straight
        links[f"tier:{before}", tier] += moved
        links[f"channel:{AGAIN}", tier] += came - straight - got["handed_off"] - moved
        for name, told in ends:
            links[tier, f"end:{told}"] += got[name]
    kept = {pair: count for pair, count in links.items() if count}
    if not kept or min(kept.values()) < 0:
        return None
    return FlowMap(_placed(ways, kept), kept)


def _ways(queues: pd.DataFrame) -> list[list[tuple[int, str]]]:
    """Rows of the queues that contacts of a stream and workflow pass one after the other, each with its tier."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    columns = (queues[name].tolist() for name in ("stream", "workflow", "tier"))
    for row, (stream, workflow, tier) in enumerate(zip(*columns, strict=True)):
        found.setdefault((stream, workflow), []).append((row, tier))
    return list(found.values())


def _escalated_into(ways: list[list[tuple[int, str]]], escalated: Any) -> dict[int, tuple[str, int]]:
    """For every queue that visits were escalated to: the tier that they came from, and how many."""
    into: dict[int, tuple[str, int]] = {}
    for way in ways:
        for (before, tier), (after, _) in itertools.pairwise(way):
            if escalated[before]:
                into[after] = tier, int(escalated[before])
    return into


def _placed(ways: list[list[tuple[int, str]]], links: dict[tuple[str, str], int]) -> tuple[Node, ...]:
    """Places in the order in which columns hold them, from above."""
    tiers = [f"tier:{name}" for name in _in_order(ways)]
    used = {key for pair in links for key in pair}
    column = {key: 0 for key in used if key.startswith("channel:")}
    column |= {key: 1 for key in used if key.startswith("bot:")}
    first = 1 + any(key.startswith("bot:") for key in used)
    tiers = [key for key in tiers if key in used]
    column |= {key: first + place for place, key in enumerate(tiers)}
    last = first + max(len(tiers), 1)
    order = [*GOOD, *dict.fromkeys(TOLD_AS.values())]
    ends = sorted((key for key in used if key.startswith("end:")), key=lambda key: order.index(key.partition(":")[2]))
    column |= dict.fromkeys(ends, last)
    size: Counter[str] = Counter()
    for (source, _), count in links.items():
        size[source] += count
    others = sorted((key for key in used if key not in ends), key=lambda key: (column[key], key == f"channel:{AGAIN}",
                                                                               -size[key], key))  # fmt: skip
    return tuple(Node(column[key], key) for key in (*others, *ends))


def _in_order(ways: list[list[tuple[int, str]]]) -> list[str]:
    """Tiers in an order that all workflows keep, as far as they agree."""
    place: dict[str, int] = {}
    for way in ways:
        for at, (_, tier) in enumerate(way):
            place[tier] = max(place.get(tier, 0), at)
    return sorted(place, key=lambda tier: (place[tier], tier))
