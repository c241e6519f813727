"""Workflows, tiers, channels and queue groups as they are written."""

from __future__ import annotations

import itertools
from typing import Any, Final

from ccsim.language.contacts import Channel, Segment
from ccsim.language.derive import keys_of, quantity, section_form
from ccsim.language.forms import DictForm, EitherForm, ListForm, NameForm, SectionForm
from ccsim.language.queue_groups import QueueGroup, WeekHours
from ccsim.language.reading import BAD, Reading
from ccsim.language.workflows import Overflow, Return, Returns, Tier, Workflow
from ccsim.language.written.handling import SPECIAL, ByChannelForm, place_of
from ccsim.language.written.hours import HoursForm
from ccsim.language.written.shares import percent
from ccsim.text.paths import joined
from ccsim.text.tree import Items, Map

_PRIORITY: Final = quantity("count", least=1, most=1_000_000)


def _by_channel(values: dict[str, Any], key: str, rd: Reading) -> None:
    """A handle time written by channel has a field of its own."""
    if isinstance(values.get("handle_time"), dict):
        values["by_channel"] = values.pop("handle_time")


def _tier(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    resolved, escalated = values.get("resolved"), values.get("escalated", 0.0)
    transferred = sum(values.get("transfers", {}).values())
    gone = escalated + transferred
    words = "escalated and transferred" if transferred else "escalated"
    at = "escalated" if "escalated" in values else "transfers"
    if resolved is None:
        if gone > 1 + 1e-9:
            return rd.fault(
                f"{words} are {percent(gone)} together; at most 100% will do", place_of(node, at), joined(key, at)
            )
        values["resolved"] = min(max(1.0 - gone, 0.0), 1.0) if transferred else 1.0 - escalated
    elif resolved + gone > 1 + 1e-9:
        words = f"resolved, {words}" if transferred else f"resolved and {words}"
        return rd.fault(
            f"{words} are {percent(resolved + gone)} together; at most 100% will do",
            place_of(node, at),
            joined(key, at),
        )
    return values


_CERTIFICATION: Final = NameForm("certifications")

TIER: Final = SectionForm(
    Tier,
    keys_of(
        Tier,
        SPECIAL,
        without=("by_channel",),
        forms={
            "handle_time": ByChannelForm(),
            "priority": _PRIORITY,
            "transfers": DictForm(quantity("share"), of="workflows", least=1),
            "certification": _CERTIFICATION,
        },
    ),
    finish=_tier,
    lenient=True,
    early=_by_channel,
)

_POOL_NAMES: Final = ListForm(NameForm("pools"), least=1, distinct=True)
_PREFERENCE: Final = ListForm(
    EitherForm(
        (NameForm("pools"), _POOL_NAMES),
        lambda node: 1 if isinstance(node, Items) else 0,
        "a name of a pool, or a list of equals",
    ),
    least=1,
)


def _workflow(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "pools" in values:
        groups = tuple((group,) if isinstance(group, str) else group for group in values["pools"])
        named = [pool for group in groups for pool in group]
        if len(set(named)) < len(named):
            return rd.fault("a pool stands twice in the order", node.entries["pools"].node.place, joined(key, "pools"))
        values["pools"] = groups
    rings = values.get("overflow", ())
    at = joined(key, "overflow")
    seen = {pool for group in values.get("pools", ()) for pool in group}
    for ring in rings:
        for pool in ring.pools:
            if pool in seen:
                return rd.fault(f"{pool} is open already when the ring opens", place_of(node, "overflow"), at)
            seen.add(pool)
    if any(later.after <= earlier.after for earlier, later in itertools.pairwise(rings)):
        return rd.fault(
            "expected rings in rising order of `after`",
            place_of(node, "overflow"),
            at,
        )
    return values


_OVERFLOW: Final = section_form(
    Overflow, {}, forms={"pools": ListForm(NameForm("pools"), one_will_do=True, least=1, distinct=True)}
)
_RETURN: Final = section_form(Return, SPECIAL)
_RETURNS: Final = section_form(Returns, {**SPECIAL, Return: _RETURN})

WORKFLOW: Final = SectionForm(
    Workflow,
    keys_of(
        Workflow,
        {**SPECIAL, Overflow: _OVERFLOW, Returns: _RETURNS},
        without=("by_channel",),
        forms={
            "certification": _CERTIFICATION,
            "tiers": DictForm(TIER, of="tiers", least=1, most=20),
            "handle_time": ByChannelForm(),
            "priority": _PRIORITY,
            "pools": _PREFERENCE,
        },
    ),
    finish=_workflow,
    lenient=True,
    early=_by_channel,
)


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


CHANNEL: Final = SectionForm(
    Channel,
    keys_of(
        Channel,
        SPECIAL,
        forms={
            "concurrency": quantity("count", least=1, most=12),
            "speed": ListForm(quantity("factor", least=0.001, most=10), least=1, most=12),
            "priority": _PRIORITY,
        },
    ),
    finish=_channel,
    lenient=True,
)

SEGMENT: Final = section_form(Segment, {}, forms={"priority": _PRIORITY})

QUEUE_GROUP: Final = SectionForm(
    QueueGroup,
    keys_of(
        QueueGroup,
        {WeekHours: HoursForm()},
        forms={
            name: ListForm(NameForm(name), one_will_do=True, least=1, distinct=True)
            for name in ("workflows", "channels", "tiers", "markets", "languages")
        },
    ),
    lenient=True,
)
