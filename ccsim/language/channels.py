"""Channels, how contacts come in, and segments, who the customers are."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import ListForm
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Factor, Share
from ccsim.text.tree import Map

MOST_PRIORITY: Final = 1_000_000
"""Highest number of a priority, which is the least urgent."""


class Segment(Section):
    """Who the customers are."""

    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first; added nowhere: the smallest of workflow, channel and segment priority counts."""
    wait_credit: Duration = field(default=0, label="wait credit", formerly="head_start")
    """Waiting time a contact is credited with when the longest wait decides."""


SEGMENT: Final = form_for(Segment)


def _channel(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = True
    deferred = values.get("kind") == "deferred"
    strays = {
        "patience": deferred and "deferred contacts do not lose patience; leave it out, or make the channel live",
        "deadline": not deferred and "a deadline is for deferred channels; say `kind: deferred`",
    }
    for stray, why in strays.items():
        if stray in values and why:
            rd.fault(why, node.entries[stray].place, joined(key, stray))
            ok = False
    speed = values.get("speed")
    held = values.setdefault("concurrency", len(speed) if speed else 1)
    if speed is None:
        values["speed"] = (1.0,) * held
    elif len(speed) != held:
        rd.fault(
            f"expected {held} speeds, one for each number of contacts held, got {len(speed)}",
            node.entries["speed"].node.place,
            joined(key, "speed"),
        )
        ok = False
    return values if ok else BAD


class Channel(Section):
    """How contacts come in."""

    kind: Literal["live", "deferred"] = "live"
    """Live contacts lose patience; deferred ones wait without leaving and carry a deadline."""
    concurrency: Count = field(default=1, least=1, most=12)
    """Contacts of this channel that one agent can hold at once."""
    speed: tuple[Factor, ...] = field(
        default=(1.0,), form=ListForm(quantity("factor", least=0.001, most=10), least=1, most=12)
    )
    """Speed of each contact when 1, 2, ... are held; its length is the concurrency."""
    patience: Patience | None = None
    """Patience on this channel, where the workflow has none."""
    handle_time: HandleTime | None = None
    """Handle time on this channel, where the workflow has none."""
    deadline: Duration | None = None
    """Time to answer of deferred work, from joining the queue."""
    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first."""
    max_wait: Duration | None = field(default=None, label="longest wait")
    """Longest wait in the queue; then the contact moves on (voice mail), neither answered nor abandoned."""
    peers: Share = field(default=0.0, label="answered by peers")
    """Share of the contacts that other customers answer (a community): they never reach a queue."""


CHANNEL: Final = form_for(Channel, finish=_channel, lenient=True)
