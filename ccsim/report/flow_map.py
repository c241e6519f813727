"""The way of the contacts: from channel through bots and tiers to an outcome, in counts that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import OF_SESSIONS, OUTCOMES, TOLD_AS

TRANSFERRED: Final = "transferred"
AGAIN: Final = "after a transfer"
"""Where visits begin that were transferred, in the first column: as many as end so in the last."""
GOOD: Final = ("resolved", "contained", "by_peers")
BAD: Final = (
    "unresolved", "falsely_contained", "left_bot", "abandoned", "balked", "left_otherwise", "turned_away",
)  # fmt: skip


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
    workflow, and ends. A visit that is transferred ends there, and as one more comes in `AGAIN`. So what comes into
    every place goes out of it.
    """
    names = ("arrived", "offered", "sessions", *OUTCOMES)
    counts = {name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1).astype(np.int64) for name in names}
    queues = sums.queues.reset_index(drop=True)
    links: Counter[tuple[str, str]] = Counter()
    escalated = _escalated_into(queues, counts["escalated"])
    # who was spared the contact never came in
    ends = [(name, TOLD_AS[name]) for name in OUTCOMES if name not in (*OF_SESSIONS, "escalated", "deflected")]
    for i, queue in enumerate(queues.to_dict("records")):
        got: dict[str, int] = {name: int(values[i]) for name, values in counts.items()}
        tier, channel, bot = f"tier:{queue['tier']}", f"channel:{queue['channel']}", f"bot:{queue['bot']}"
        came = got["offered"] + got["blocked"] + got["closed"] + got["by_peers"]
        straight = got["arrived"] - got["sessions"]
        links[channel, bot] += got["sessions"]
        links[bot, tier] += got["handed_off"]
        for name in OF_SESSIONS:
            if name != "handed_off":
                links[bot, f"end:{TOLD_AS[name]}"] += got[name]
        links[channel, tier] += straight
        for source, count in escalated.get(i, {}).items():
            links[f"tier:{source}", tier] += count
        links[f"channel:{AGAIN}", tier] += came - straight - got["handed_off"] - sum(escalated.get(i, {}).values())
        for name, told in ends:
            links[tier, f"end:{told}"] += got[name]
    kept = {pair: count for pair, count in links.items() if count}
    if not kept or min(kept.values()) < 0:
        return None
    return FlowMap(_placed(queues, kept), kept)


def _escalated_into(queues: pd.DataFrame, escalated: Any) -> dict[int, dict[str, int]]:
    """For every queue, how many visits came from a lower tier of its workflow, by that tier."""
    into: dict[int, dict[str, int]] = {}
    for _, rows in queues.groupby(["stream", "workflow"], sort=False):
        for before, after in zip(rows.index[:-1], rows.index[1:], strict=True):
            if escalated[before]:
                into[after] = {str(rows.at[before, "tier"]): int(escalated[before])}
    return into


def _placed(queues: pd.DataFrame, links: dict[tuple[str, str], int]) -> tuple[Node, ...]:
    """Places in the order in which columns hold them, from above."""
    tiers = [f"tier:{name}" for name in _in_order(queues)]
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


def _in_order(queues: pd.DataFrame) -> list[str]:
    """Tiers in an order that all workflows keep, as far as they agree."""
    place: dict[str, int] = {}
    for _, rows in queues.groupby(["stream", "workflow"], sort=False):
        for at, tier in enumerate(rows["tier"]):
            place[str(tier)] = max(place.get(str(tier), 0), at)
    return sorted(place, key=lambda tier: (place[tier], tier))
