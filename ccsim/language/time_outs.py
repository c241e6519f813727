"""The queue time-out: the longest wait in a queue, and where a contact goes then."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import FieldOrMapForm, OrFullForm, form_for
from ccsim.language.forms import NameForm, Schema
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Name
from ccsim.text.tree import Leaf, Map, Node

DISCONNECT: Final = "disconnect"


class WaitsOn(Section):
    """The queue in which a contact waits on after a queue time-out, on the same channel: a later tier of its workflow,
    or the first tier of another workflow."""

    tier: Name | None = None
    """A later tier of the same workflow, an overflow team for instance. It takes contacts from all tiers before it."""
    workflow: Name | None = field(default=None, form=NameForm("workflows"))
    """Another workflow, whose first tier takes them."""


_WHERE: Final = "say where the contact waits on: {tier: t2} or {workflow: general}"


def _waits_on(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if len(values) != 1:
        got = "both" if values else "none of them"
        return rd.fault(f"expected `tier:` or `workflow:` (where the contact waits on), got {got}", node.place, key)
    return values


class _ThenForm(OrFullForm):
    """`disconnect`, or where the contact waits on."""

    says = "disconnect, or a map like {tier: t2} or {workflow: general}"

    def __init__(self) -> None:
        instead = dict.fromkeys(("queue", "queue_group", "pool", "pools", "team", "channel"), _WHERE)
        self.full = form_for(WaitsOn, finish=_waits_on, instead=instead)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text == DISCONNECT:
            return None
        return self.full.read(node, key, rd) if isinstance(node, Map) else rd.expected(self.says, node, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"const": DISCONNECT}, self.full.schema(defs)]}


class TimeOut(Section):
    """Queue time-out: the longest wait in a queue, and what becomes of a contact that reaches it.

    Its customer has one patience, which goes on in the next queue; it is offered no callback and hears no announced
    wait there. In the queue to which it leads there is no such time-out."""

    after: Duration
    """Time since joining the queue."""
    then: WaitsOn | None = field(default=None, form=_ThenForm(), none="it leaves: `disconnect`")
    """Where it waits on, live channels only: `{tier: t2}` (a later tier, in the tiers before it) or
    `{workflow: general}`. `disconnect`: it leaves (to voicemail, say), neither answered nor abandoned."""
    wait: Literal["restarts", "goes_on"] = "restarts"
    """What its place in the next queue goes by. `restarts`: by when it joins that one. `goes_on`: by when it joined the
    queue that it leaves, so that it goes before all who came later; overflow steps and wait credit count from then too.
    Service levels and waits are of its whole wait in both."""


def _time_out(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "wait" in values and values.get("then") is None:
        why = "belongs to a `then:` that names a queue, where the contact waits on"
        return rd.fault(why, node.entries["wait"].place, joined(key, "wait"))
    return values


_THEN: Final = "where the contact waits on is `then: {tier: t2}` or `then: {workflow: general}`"
_WAIT: Final = "its place in the next queue is `wait: restarts` or `wait: goes_on`"
_AFTER: Final = "the longest wait is `after: 5m`"
TIME_OUT: Final = FieldOrMapForm(
    TimeOut,
    "after",
    "a duration like 5m, or a map like {after: 5m, then: {tier: t2}}",
    finish=_time_out,
    instead=dict.fromkeys(("to", "goto", "go_to", "tier", "workflow", "queue", "pool", "next"), _THEN)
    | dict.fromkeys(("restarts", "goes_on", "place", "waits"), _WAIT)
    | dict.fromkeys(("time", "longest", "max", "wait_time", "time_out", "timeout"), _AFTER),
)
