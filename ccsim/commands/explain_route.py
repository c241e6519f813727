"""`ccsim explain SCENARIO route STREAM`: who may take a contact, in which order, after how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final

from ccsim.centre.legs import longest_wait
from ccsim.centre.streams import Stream
from ccsim.commands.explain_severity import preferred_text, severity_lines
from ccsim.commands.route_facts import (
    EligibleFacts,
    LegFacts,
    PoolFacts,
    RouteFacts,
    SourceFacts,
    StepFacts,
    find_streams,
    route_of,
)
from ccsim.language.balking import Balking
from ccsim.language.callback import Callback
from ccsim.language.channels import Channel
from ccsim.language.deadlines import deadline_text
from ccsim.language.handling import Patience
from ccsim.language.hours import hours_text
from ccsim.language.laws import Law
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.special_days import special_days_text
from ccsim.text.scalars import duration_text

MOST_NAMES: Final = 12
"""More streams than this are told by the parts of their names."""
PARTS: Final = ("market", "language", "segment", "channel", "cause")

_PICKS: Final = {
    "longest_idle": "the agent who has been idle longest",
    "fewest_in_hand": "the agent with the fewest active contacts",
    "least_occupied": "the agent with the lowest occupancy",
    "random": "any free agent, at random,",
}


def route_lines(scenario: Scenario, name: str) -> list[str]:
    """The way of a stream in words: its queues, and for each the pools step by step in the order they are asked.

    `name` is a stream, or a volume with any of the parts that split it: then the first of its streams is shown.
    `ScenarioError` with near names where there is none.
    """
    streams = find_streams(scenario, name)
    facts = route_of(scenario, streams[0])
    same = len({(leg.priority, leg.patience, leg.balking, leg.callback, leg.deadline) for leg in facts.legs}) == 1
    lines = [*_choice(scenario, name, streams, facts), *_heading(scenario, facts)]
    lines += _manners(scenario, facts, facts.legs[0]) if same else ()
    known: dict[tuple[EligibleFacts, ...], str] = {}
    for leg in facts.legs:
        lines += ["", *_leg(facts, leg), *(() if same else _manners(scenario, facts, leg))]
        if leg.eligibility in known:
            lines.append(f"  the same pools in the same order as {known[leg.eligibility]}")
        else:
            known[leg.eligibility] = f"{leg.workflow} {leg.tier}"
            lines += _eligibility(scenario, facts, leg)
        lines += _barred(leg)
    return [*lines, "", *_notes(scenario, facts)]


def route_document(scenario: Scenario, name: str) -> dict[str, Any]:
    """The same as one JSON document: times in microseconds, shares from 0 to 1, hours by the market's clock."""
    streams = find_streams(scenario, name)
    facts = route_of(scenario, streams[0])
    document: dict[str, Any] = asdict(facts)
    for leg, said in zip(facts.legs, document["legs"], strict=True):
        said["patience"] = _patience(leg.patience) if leg.patience else None
        said["balking"] = _balking(leg.balking) if leg.balking else None
        said["callback"] = _callback(leg.callback) if leg.callback else None
        for source, written in zip(leg.sources, said["sources"], strict=True):
            written["hand_over"] = None if source.hand_over is None else _law(source.hand_over)
        said["deadline"] = None if leg.deadline is None else deadline_text(leg.deadline)
        said["queue_groups"] = [
            {"name": name, "says": _hours_and_lines(group, facts, leg)} for name, group in leg.queue_groups
        ]
    document["stream"] = facts.stream._asdict()
    document["channel"] = {"name": facts.stream.channel, "kind": facts.channel.kind}
    document["currency"] = scenario.currency
    document["matches"] = [stream.name for stream in streams]
    return document


def _choice(scenario: Scenario, name: str, streams: list[Stream], facts: RouteFacts) -> Iterator[str]:
    """Which of several streams is shown, and how to name another."""
    if len(streams) == 1:
        return
    if len(streams) <= MOST_NAMES:
        alike = all(route_of(scenario, other).legs == facts.legs for other in streams[1:])
        way = "all are routed this way" if alike else "the first is shown; name another in full"
        yield f"{name} has {len(streams)} streams; {way}:"
        yield from (f"  {stream.name}" for stream in streams)
    else:
        yield f"{name} has {len(streams):,} streams; the first is shown. Add words to name another:"
        for part in PARTS:
            values = sorted({getattr(stream, part) for stream in streams})
            if len(values) > 1:
                yield f"  {part:<9} {', '.join(values)}"
    yield ""


def _heading(scenario: Scenario, facts: RouteFacts) -> Iterator[str]:
    stream = facts.stream
    yield stream.name
    market = stream.market if facts.region is None else f"{stream.market} ({facts.region}, {facts.clock})"
    parts = [
        f"workflow {stream.workflow}",
        f"market {market}",
        f"language {stream.language}",
        f"segment {stream.segment}",
        f"channel {stream.channel} ({_channel(facts.channel)})",
        f"cause {stream.cause}",
    ]
    yield f"  {', '.join(parts[:3])}"
    yield f"  {', '.join(parts[3:])}"
    yield f"  {_share(stream.share)} of the volume {stream.volume}"


def _channel(channel: Channel) -> str:
    said: list[str] = [channel.kind]
    if channel.concurrency > 1:
        said.append(f"up to {channel.concurrency} at once")
    if channel.max_wait is not None:
        said.append(f"queue time-out after {duration_text(channel.max_wait.after)}")
    return ", ".join(said)


def _manners(scenario: Scenario, facts: RouteFacts, leg: LegFacts) -> Iterator[str]:
    """How its contacts wait."""
    if leg.channel != facts.stream.channel:
        yield f"  channel   {leg.channel} ({leg.kind}): escalated without the customer"
    if leg.kind != "live":
        yield "  patience  deferred: waits without abandoning"
        yield f"  deadline  {_deadline(facts, leg)}"
    else:
        yield f"  patience  {_patience(leg.patience) if leg.patience else 'nobody abandons'}"
        if leg.callback:
            yield f"  callback  {_callback(leg.callback)}"
        if leg.balking:
            yield f"  balking   {_balking(leg.balking)}"
        yield from _time_out(scenario, leg)
    if "priority" in scenario.routing.choose_contact:
        said = f"{leg.priority} (1 is served first)" if leg.priority else "none: served after all that have one"
        yield f"  priority  {said}"
    yield from severity_lines(scenario.workflows.get(facts.stream.workflow))
    segment = scenario.segments.get(facts.stream.segment)
    if segment and segment.wait_credit and "deadline" not in scenario.routing.choose_contact:
        yield f"  credit    wait credit of {duration_text(segment.wait_credit)} where the longest wait goes first"


def _time_out(scenario: Scenario, leg: LegFacts) -> Iterator[str]:
    """Where its contacts go after the longest wait."""
    out = longest_wait(scenario, leg.workflow, leg.tier, leg.channel)
    if out is None:
        return
    said = "it leaves"
    if out.to is not None:
        place = "by when it joined this one" if out.goes_on else "at the end"
        said = f"it waits on in {out.to[0]} {out.to[1]}, its place there {place}"
    yield f"  time-out  after {duration_text(out.after)} {said}"


def _deadline(facts: RouteFacts, leg: LegFacts) -> str:
    """When its contacts are due, and who says so."""
    if leg.deadline is None:
        return "none"
    said = f"to be answered within {deadline_text(leg.deadline)}"
    if leg.deadline_of == "escalation":
        return f"{said}: that of the escalation"
    holder = {"workflow": leg.workflow, "segment": facts.stream.segment, "channel": leg.channel}
    return f"{said}: that of {leg.deadline_of} {holder[leg.deadline_of]}"


def _leg(facts: RouteFacts, leg: LegFacts) -> Iterator[str]:
    yield f"{leg.workflow} {leg.tier}: {_sources(leg)}"
    for name, group in leg.queue_groups:
        yield f"  entry     {name}: {_hours_and_lines(group, facts, leg)}"
    if not leg.queue_groups:
        yield "  entry     no queue group: always open"
    if leg.certification:
        yield f"  needs     certification {leg.certification}"


def _sources(leg: LegFacts) -> str:
    said = []
    for source in leg.sources:
        if source.how == "arrives":
            peers = f", {_share(1 - source.share)} answered by other customers" if source.share < 1 else ""
            said.append(f"contacts come in here{peers}")
        elif source.how == "begins":
            said.append(f"{_share(source.share)} of the contacts begin here, by their severity")
        elif source.how == "escalated":
            said.append(f"{_share(source.share)} of what {source.tier} handles goes on to it{_warm(source)}")
        elif source.how == "sent_back":
            said.append(f"{_share(source.share)} of what {source.tier} handles is sent back to it")
        elif source.how == "misrouted":
            said.append(f"{_share(source.share)} of the contacts of {source.workflow} begin here by mistake")
        elif source.how == "found_out":
            said.append(f"{_share(source.share)} of them began in {source.workflow} {source.tier} by mistake")
        else:
            said.append(f"{_share(source.share)} of what {source.workflow} {source.tier} handles is transferred to it")
    return "; ".join(said) or "contacts wait on here after the time-out of another queue"


def _warm(source: SourceFacts) -> str:
    if source.hand_over is None:
        return ""
    whole = "" if source.warm == 1.0 else f"{_share(source.warm)} of these "
    return f", {whole}handed over warm (hand-over: {_law(source.hand_over)})"


def _share(share: float) -> str:
    return f"{100 * share:.4g} %"


def _patience(patience: Patience) -> str:
    said = "waits for ever" if patience.time is None else _law(patience.time)
    if patience.after_return:
        said += f"; on a return times {', '.join(f'{factor:g}' for factor in patience.after_return)}"
    return said + (f"; {_share(patience.zero)} leave at once when nobody is free" if patience.zero else "")


def _balking(balking: Balking) -> str:
    """Who leaves at once at the announced wait."""
    if balking.own_patience:
        return "leaves at once if the announced wait is longer than the patience"
    if balking.tolerates is not None:
        return f"leaves at once if the announced wait is longer than accepted: {_law(balking.tolerates)}"
    steps = [f"{_share(step.share)} above {duration_text(step.above)}" for step in balking.steps]
    return f"leave at once by announced wait: {', '.join(steps)}"


def _callback(callback: Callback) -> str:
    """Who is offered a callback, and how it is served."""
    when = []
    if callback.announced is not None:
        when.append(f"above an announced wait of {duration_text(callback.announced)}")
    if callback.waiting is not None:
        when.append(f"from {callback.waiting} waiting{' on the phone' if callback.counts == 'live' else ''}")
    if callback.after is not None:
        when.append(f"after a wait of {duration_text(callback.after)}")
    served = {
        "keeps_place": "keeps its place",
        "loses_place": "goes to the end of the line",
        "when_idle": "is taken when agents are idle",
    }[callback.served]
    said = f"offered {' or '.join(when)}, {_share(callback.accepted)} accept; {served}"
    if callback.hours is not None:
        hours = callback.hours
        said += f"; called {'while its queue group is open' if isinstance(hours, str) else hours_text(hours)}"
    if callback.answered < 1:
        said += f"; up to {callback.attempts} attempts, each answered by {_share(callback.answered)}"
    return said + (f"; expires after {duration_text(callback.expires)}" if callback.expires is not None else "")


def _law(law: Law) -> str:
    words = []
    for name in type(law).model_fields:
        value = getattr(law, name)
        if name == "values":
            words.append(f"{len(value)} observed times")
        elif name != "law":
            timed = name not in ("cv", "shape", "k", "p")
            words.append(f"{name} {duration_text(value) if timed else format(value, 'g')}")
    return f"{law.law}, {', '.join(words)}"


def _hours_and_lines(group: QueueGroup, facts: RouteFacts, leg: LegFacts) -> str:
    said = []
    if group.hours is not None:
        clock = f"the market's clock ({facts.clock})" if group.clock == "market" else "the scenario's clock"
        dates = f" ({special_days_text(group.special_days)})" if group.special_days else ""
        said.append(f"{hours_text(group.hours)}{dates} by {clock}")
        if leg.kind == "deferred":
            said.append("outside it contacts wait in the queue")
        elif group.at_closing == "clear":
            said.append("those who wait when it closes are sent away")
    if group.lines is not None:
        said.append(f"{group.lines:,} lines")
    if group.max_waiting is not None:
        said.append(f"at most {group.max_waiting:,} waiting")
    return "; ".join(said) or "always open"


def _eligibility(scenario: Scenario, facts: RouteFacts, leg: LegFacts) -> Iterator[str]:
    pools = [pool for eligible in leg.eligibility for step in eligible.steps for pool in step.pools]
    rows = {id(pool): _cells(scenario, pool) for pool in pools}
    heads = ("", "pool", "site", "vendor", "paid hour", "pace", "level", "on shift")
    widths = [max([len(heads[i]), *(len(row[i]) for row in rows.values())]) for i in range(len(heads))]
    dull = {
        "site": all(pool.site is None for pool in pools),
        "vendor": all(pool.vendor is None for pool in pools),
        "pace": all(pool.pace == 1.0 and not pool.translated for pool in pools),
        "level": all(pool.level == 1 for pool in pools),
    }
    kept = [i for i, head in enumerate(heads) if not dull.get(head)]

    def line(cells: tuple[str, ...]) -> str:
        return "    " + "  ".join(cells[i].ljust(widths[i]) for i in kept).rstrip()

    yield line(heads)
    told: tuple[str, ...] = ()
    for eligible in sorted(leg.eligibility, key=lambda eligible: (eligible.severities, -eligible.share)):
        if eligible.severities != told or (eligible.rule and not told):
            told = eligible.severities
            yield f"  {preferred_text(told, eligible.rule)}"
        if eligible.vendor is not None:
            alone = eligible.share == 1.0
            why = " (the only one of `vendor_share` with a pool for it)" if alone else ""
            yield f"  {'all' if alone else _share(eligible.share)} assigned to {eligible.vendor}{why}"
        for empty, steps in groupby(eligible.steps, lambda step: not step.pools):
            if empty:
                nobody = "nobody else" if eligible.steps[0].pools else "nobody"
                yield f"  {'; '.join(_when(step) for step in steps)}: {nobody}"
                continue
            for step in steps:
                yield f"  {_when(step)}{_why(scenario, facts, eligible, step)}:"
                yield from (line(rows[id(pool)]) for pool in step.pools)


def _cells(scenario: Scenario, pool: PoolFacts) -> tuple[str, ...]:
    where = pool.site or "-"
    if pool.region:
        where += f" ({pool.region})"
    return (
        f"{pool.choice}.",
        pool.pool,
        where,
        pool.vendor or "-",
        f"{scenario.currency} {pool.paid_hour:.2f}",
        f"x{pool.pace:.4g}" + (f" in {pool.translated}" if pool.translated else ""),
        f"{pool.level}",
        pool.shifts,
    )


_OPENS: Final = {"any_region": "every region", "any_vendor": "every vendor", "pools": "overflow", "others": "others"}


def _when(step: StepFacts) -> str:
    """When an overflow step opens, and what."""
    if step.opens == "at_once":
        return "at once"
    what = f"whoever speaks {step.language}" if step.opens == "language" else _OPENS[step.opens]
    return f"after {duration_text(step.after_us)}, {what}"


def _why(scenario: Scenario, facts: RouteFacts, eligible: EligibleFacts, step: StepFacts) -> str:
    """What a planner may wonder about an overflow step that opens somebody."""
    if step.opens == "language":
        price = f", {scenario.currency} {step.price:.2f} a visit" if step.price else ""
        return f" through a translator (handle times x{step.pace:g}{price})"
    if step.opens != "at_once":
        return ""
    said = []
    opens = {one.to: one.after for one in scenario.routing.overflow}
    if opens.get("any_region") and facts.region and all(one.region != facts.region for one in step.pools):
        whose = f" of {eligible.vendor}" if eligible.vendor else ""
        said.append(f"nobody{whose} in {facts.region} can take it")
    if any(one.translated for one in step.pools):
        help_ = scenario.routing.overflow[0].translated
        said.append(f"translated: handle times x{help_.handle_time:g}, {scenario.currency} {help_.price:.2f} a visit")
    return f" ({'; '.join(said)})" if said else ""


def _barred(leg: LegFacts) -> Iterator[str]:
    """Pools that could, but must not, and those that serve some segments alone, by reason."""
    for word, facts in (("barred", leg.barred), ("reserved", leg.reserved)):
        by_reason = sorted(facts, key=lambda barred: (barred.why, barred.pool))
        for why, group in groupby(by_reason, lambda barred: barred.why):
            names = (barred.pool + (f" ({barred.region})" if barred.region else "") for barred in group)
            yield f"  {word:<9} {', '.join(names)}; {why}"


def _notes(scenario: Scenario, facts: RouteFacts) -> Iterator[str]:
    """How to read it."""
    routing = scenario.routing
    *ranking, last = routing.choose_agent
    pick = _PICKS.get(last, _PICKS["longest_idle"])
    rules = [*routing.prefer, *ranking, *([last] if last not in _PICKS else [])]
    by = f" (by {', then '.join(rules)})" if rules else ""
    yield f"Within a step, pool 1. is asked first{by}. Among pools with the same number, {pick} takes the contact."
    clock = f"the market's clock ({facts.clock})" if facts.region else f"the scenario's clock ({facts.clock})"
    yield f"Times count from joining that queue. On shift: hours in which the pool may have agents, by {clock}."
