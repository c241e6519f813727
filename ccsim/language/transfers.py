"""How contacts come to a queue in other ways: into a wrong one at first, or to the next tier without the customer."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.deadlines import DEADLINE, WorkingTime
from ccsim.language.derive import FieldOrMapForm
from ccsim.language.forms import DictForm, NameForm
from ccsim.language.handling import AHT, FromForecast, HandleTime
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Name, Share
from ccsim.text.tree import Map


class Misroute(Section):
    """Contacts that begin in the queue of a wrong workflow. The agent who answers there finds out and transfers them to
    the first tier of their own (a cold transfer), where they wait again."""

    share: Share
    """Share of the contacts that begin there: of each contact that comes in, returns included."""
    handle_time: HandleTime | None = field(default=None, short=AHT, none="that of the wrong queue")
    """Handle time until the agent there has found out and transferred the contact."""


def _misroute(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    handle = values.get("handle_time")
    if handle is not None and isinstance(handle.talk, FromForecast):
        at = "handle_time"
        why = "a forecast says no handle times of misrouted contacts; leave it out, or give a mean"
        return rd.fault(why, node.entries[at].place, joined(key, at))
    return values


MISROUTED: Final = DictForm(
    FieldOrMapForm(Misroute, "share", "a share like 10%, or a map like {share: 10%, aht: 90s}", finish=_misroute),
    of="workflows",
    least=1,
)


class EscalatedAs(Section):
    """Escalation without the customer, who hangs up at the end of talk: the next tier has the contact as deferred
    work."""

    channel: Name = field(form=NameForm("channels"))
    """Deferred channel (`kind: deferred`) whose work it is there: its concurrency, priority, handle time and deadline
    hold, and pools must take it."""
    deadline: Duration | WorkingTime | None = field(default=None, form=DEADLINE, none="that of the channel's work")
    """Time within which the next tier is to take it, from the escalation; overrides those of workflow, segment and
    channel. In YAML `24h`, or working time as on a channel."""


ESCALATED_AS: Final = FieldOrMapForm(
    EscalatedAs, "channel", "a deferred channel like email, or a map like {channel: email, deadline: 24h}"
)
