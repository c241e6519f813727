"""How severe cases are: drawn for each case as it opens, it says how urgent and how long its work is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ccsim.language.channels import MOST_PRIORITY
from ccsim.language.deadlines import DEADLINE, WorkingTime
from ccsim.language.derive import FieldOrMapForm
from ccsim.language.forms import DictForm, NameForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.shares import TOLERANCE, percent
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Factor, Name, Share
from ccsim.text.tree import Map, Node


class HandedOn(Section):
    """Contacts that the first tier hands on at once: its agent sees what it is, and does not do the whole handling."""

    share: Share = 1.0
    """Share of those that the first tier escalates."""
    after: Duration = field(above=0)
    """Time of the agent until then, whoever they are, without wrap-up. In YAML `60s`."""


HANDED_ON: Final = FieldOrMapForm(HandedOn, "after", "a time like 60s, or a map like {share: 80%, after: 60s}")


class Severity(Section):
    """A severity of a workflow's cases. Each case draws it once, as it opens, and all its contacts have it."""

    share: Share | None = field(default=None, none="the rest")
    """Share of the workflow's cases; of one severity it may be left out: that takes the rest."""
    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY, none="the tier's or the workflow's")
    """1 is served first. It stands in the place of the tier's and the workflow's, also where its contacts are
    transferred to; of it, the channel's and the segment's the smallest one applies."""
    deadline: Duration | WorkingTime | None = field(default=None, form=DEADLINE, none="that of its other work")
    """Time within which its deferred work is to be answered, from joining the queue; overrides those of escalation,
    workflow, segment and channel, also where its contacts are transferred to."""
    handle_time: Factor = field(default=1.0, label="handle times multiplied by")
    """Factor on the handle times in the queues of this workflow, but for those that are recorded."""
    begins_at: Name | None = field(default=None, form=NameForm("tiers"), none="the first tier")
    """Tier of the workflow at which its contacts begin, its returns too: straight to the second one, say."""
    escalated: Share | None = field(default=None, none="the first tier's")
    """Share that the first tier escalates, in the place of its own; who is not escalated or transferred is resolved as
    often as without it."""
    handed_on: HandedOn | None = field(default=None, form=HANDED_ON, none="after the whole handling")
    """Those of the escalated that the first tier hands on at once. In YAML `60s`, or `{share: 80%, after: 60s}`."""


_ONE: Final = FieldOrMapForm(Severity, "share", "a share like 3%, or a map like {share: 3%, priority: 1}")


class _SeveritiesForm(DictForm):
    """Severities by name: their shares are 100 % together, and one may be the rest."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        found = super().read(node, key, rd)
        if found is BAD or rd.faults.count > before:
            return found
        assert isinstance(node, Map)
        rest = [name for name, one in found.items() if one.share is None]
        said = sum(one.share for one in found.values() if one.share is not None)
        if len(rest) > 1:
            why = f"{', '.join(rest)} have no share: one severity may take the rest, the others need a `share`"
            return rd.fault(why, node.entries[rest[1]].place, joined(key, rest[1]))
        if said > 1 + TOLERANCE or (not rest and said < 1 - TOLERANCE):
            expected = "100% at most" if rest else "100%, or one severity without a share, which takes the rest"
            return rd.fault(f"the shares add up to {percent(said)}; expected {expected}", node.place, key)
        return found


SEVERITIES: Final = _SeveritiesForm(_ONE, least=1, most=20)


def shares_of(severities: Mapping[str, Severity]) -> dict[str, float]:
    """Share of each severity, 1 together, by name in order of names; empty where there are none."""
    said = sum(one.share for one in severities.values() if one.share is not None)
    some = any(one.share is None for one in severities.values())
    whole = max(said, 1.0) if some else said
    rest = max(1.0 - said, 0.0)
    return {name: rest if one.share is None else one.share / whole for name, one in sorted(severities.items())}
