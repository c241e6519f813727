"""Checks of queue time-outs that lead to another queue."""

from __future__ import annotations

from ccsim.centre.legs import channel_at, longest_wait
from ccsim.language.time_outs import TimeOut
from ccsim.scenario.checks.whole import Whole
from ccsim.text.scalars import duration_text

_Leg = tuple[str, str, str]
"""Workflow, tier and channel of a queue."""


def time_outs(whole: Whole) -> None:
    """Contacts wait on in a queue that there is, on the same live channel, and in no circle."""
    if any(whole.spoilt(part) for part in ("channels", "workflows", "demand")):
        return
    found = [("channels", name, channel.max_wait) for name, channel in whole.scenario.channels.items()]
    found += [("workflows", name, workflow.max_wait) for name, workflow in whole.workflows.items()]
    said = {(part, name): out for part, name, out in found if out is not None and out.then is not None}
    sound = True
    for (part, name), out in said.items():
        for wrong in _wrong(whole, part, name, out):
            whole.fault(wrong, part, name, "max_wait", "then")
            sound = False
            break
    if said and sound:
        _circles(whole)


def _wrong(whole: Whole, part: str, name: str, out: TimeOut) -> list[str]:
    """What is wrong with where a time-out leads to, told in words."""
    assert out.then is not None
    if part == "channels" and whole.channel(name).kind == "deferred":
        why = "work of a deferred channel waits in its queue; use overflow steps to bring other pools to it"
        return [f"{why}, or say `max_wait: {duration_text(out.after)}`"]
    if part == "workflows" and out.then.workflow == name:
        return ["its contacts are in that workflow already; name another one, or a later tier of this one"]
    if out.then.tier is None:
        return []
    wrong = []
    for workflow, channel in [(leg.workflow, leg.channel) for leg in whole.legs]:
        live = whole.channel(channel).kind == "live"
        concerned = workflow == name if part == "workflows" else channel == name and not _own(whole, workflow)
        if not live or not concerned:
            continue
        tiers = list(whole.tiers(workflow))
        say = "" if part == "workflows" else f"; say another `then:` with `workflows.{workflow}.max_wait`"
        if out.then.tier not in tiers:
            wrong.append(f"the workflow {workflow} has no tier {out.then.tier}; known: {', '.join(tiers)}{say}")
        elif out.then.tier == tiers[0]:
            why = f"{tiers[0]} is the first tier of {workflow}: no contact of an earlier one could wait on there"
            wrong.append(f"{why}; name a later tier or a workflow{say}")
        elif channel_at(whole.scenario, workflow, out.then.tier, channel) != channel:
            why = f"{out.then.tier} of {workflow} has contacts as deferred work, without their customers"
            wrong.append(f"{why} (`escalated_as`): who waits on {channel} cannot wait on there{say}")
    return wrong


def _own(whole: Whole, workflow: str) -> bool:
    """Whether a workflow says its own time-out."""
    known = whole.workflows.get(workflow)
    return known is not None and known.max_wait is not None


def _circles(whole: Whole) -> None:
    """Whoever nobody answers would wait in a circle for ever."""
    told: set[_Leg] = set()
    starts = [(leg.workflow, tier, leg.channel) for leg in whole.legs for tier in whole.tiers(leg.workflow)]
    for start in starts:
        way = [start]
        while (following := _next(whole, way[-1])) is not None and following not in way:
            way.append(following)
        circle = way[way.index(following) :] if following is not None else []
        if not circle or not told.isdisjoint(circle):
            continue
        told.update(circle)
        names = " -> ".join(f"{workflow} {tier}" for workflow, tier, _ in [*circle, circle[0]])
        why = f"on {start[2]} contacts would go round in a circle ({names}), each time after its `max_wait`"
        named = [leg for leg in circle if _own(whole, leg[0])]
        part = ("workflows", named[0][0]) if named else ("channels", start[2])
        whole.fault(f"{why}: let one of them end with `then: disconnect`", *part, "max_wait", "then")


def _next(whole: Whole, leg: _Leg) -> _Leg | None:
    """The queue to which a time-out leads from another."""
    out = longest_wait(whole.scenario, *leg)
    return None if out is None or out.to is None else (*out.to, leg[2])
