"""Channels, how contacts come in, and segments, who the customers are."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.balking import Balking
from ccsim.language.callback import Callback
from ccsim.language.deadlines import DEADLINE, WorkingTime
from ccsim.language.derive import FieldOrMapForm, form_for, quantity
from ccsim.language.forms import ListForm
from ccsim.language.handling import AHT, HandleTime, Patience
from ccsim.language.laws import Law
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.time_outs import TIME_OUT, TimeOut
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Factor, Share
from ccsim.text.tree import Map

MOST_PRIORITY: Final = 1_000_000
"""Highest number of a priority, which is the least urgent."""


class Segment(Section):
    """A customer segment."""

    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first. Priorities of workflow, channel and segment are not added: the smallest one applies."""
    wait_credit: Duration = field(default=0, label="wait credit", formerly="head_start")
    """Waiting time that a contact of this segment is credited with when the longest wait decides."""
    deadline: Duration | WorkingTime | None = field(default=None, form=DEADLINE, none="the channel's")
    """Time within which deferred work of this segment is to be answered, from joining the queue; overrides the
    channel's. In YAML `4h`, or working time as on a channel."""


SEGMENT: Final = form_for(
    Segment,
    instead={
        "pools": "reserved pools are `pools.NAME.segments`, preferred ones `workflows.NAME.preferred`",
        **dict.fromkeys(
            ("target", "service_level"),
            "a target is a goal: goals: [{kpi: service_level, segment: gold, at_least: 90%, within: 20s}]",
        ),
    },
)


def _channel(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = True
    deferred = values.get("kind") == "deferred"
    strays = {
        "patience": deferred and "deferred contacts do not abandon; leave it out, or make the channel live",
        "balking": deferred and "no wait is announced for deferred work; leave it out, or make the channel live",
        "callback": deferred and "callbacks are offered to live contacts; leave it out, or make the channel live",
        "interruptible": not deferred
        and values.get("interruptible") is True
        and "only deferred work can be laid down; say `kind: deferred`",
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
        if held > 1:
            _same_speed(held, node, key, rd)
    if values.get("interruptible") is True and held > 1:
        why = f"work that is laid down is done one at a time; with a concurrency of {held} it cannot be"
        rd.fault(why, node.entries["interruptible"].place, joined(key, "interruptible"))
        ok = False
    elif speed is not None and len(speed) != held:
        rd.fault(
            f"expected {held} speeds, one for each number of concurrent contacts, got {len(speed)}",
            node.entries["speed"].node.place,
            joined(key, "speed"),
        )
        ok = False
    return values if ok else BAD


def _same_speed(held: int, node: Map, key: str, rd: Reading) -> None:
    """Note what is assumed of contacts that an agent handles at once."""
    slower = ", ".join(("1", "0.65", "0.48")[:held])
    rd.assume(
        f"each of {held} contacts at once takes as long as one alone; if agents are slower then, say "
        f"`speed: [{slower}{', ...' if held > 3 else ''}]`",
        node.entries["concurrency"].node.place,
        joined(key, "concurrency"),
    )


class Peers(Section):
    """Other customers who answer contacts: a community, a forum."""

    share: Share = field(default=0.0, label="share answered")
    """Share of the contacts that they answer; these never reach a queue."""
    after: Law | None = field(default=None, label="answered after", none="at once")
    """Time until they answer: then the case is resolved."""


_PEERS: Final = FieldOrMapForm(Peers, "share", "a share like 55%, or a map like {share: 55%, after: {mean: 3h}}")


class Channel(Section):
    """A channel: how contacts come in."""

    kind: Literal["live", "deferred"] = "live"
    """Live contacts may abandon; deferred ones wait without abandoning and may have a deadline."""
    concurrency: Count = field(default=1, least=1, most=12)
    """Contacts of this channel that one agent can handle at the same time."""
    speed: tuple[Factor, ...] = field(
        default=(1.0,), form=ListForm(quantity("factor", least=0.001, most=10), least=1, most=12)
    )
    """Speed of each contact while an agent handles 1, 2, ... of them; one value for each number up to
    the concurrency. Default: 1 for each, so that several at once take as long as one alone."""
    patience: Patience | None = None
    """Patience on this channel, for workflows that give none."""
    balking: Balking | None = None
    """Who leaves at once at the announced wait on this channel, for workflows that say nothing of it."""
    callback: Callback | None = None
    """Offer of a callback on this channel, for workflows that say nothing of it."""
    handle_time: HandleTime | None = field(default=None, short=AHT)
    """Handle time on this channel, for workflows that give none."""
    deadline: Duration | WorkingTime | None = field(default=None, form=DEADLINE)
    """Time within which deferred work is to be answered, from joining the queue; workflow and segment may give another.
    In YAML `24h`, or working time: `{working: 8h, hours: {mon-fri: 08:00-17:00}, holidays: DE}`."""
    interruptible: bool = False
    """Whether an agent whose shift ends lays a contact of this channel down; what is left of it is done later, by
    whoever takes it up from its place in the queue. Otherwise it is finished in overtime."""
    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first."""
    max_wait: TimeOut | None = field(default=None, form=TIME_OUT, label="longest wait")
    """Queue time-out: the longest wait in the queue. Then the contact leaves the queue (to voicemail, say), neither
    answered nor abandoned; or it waits on in another queue: `{after: 5m, then: {tier: t2}, wait: goes_on}`."""
    peers: Peers = field(default_factory=Peers, form=_PEERS, label="community deflection")
    """Share of the contacts that other customers answer (community or self-service deflection), and after which time;
    they never reach a queue. In YAML `55%`, or `{share: 55%, after: {mean: 3h}}`."""


CHANNEL: Final = form_for(Channel, finish=_channel, lenient=True)
