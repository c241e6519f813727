"""Checks of deferred work: what it is due by, what lies there at the start, and what it cannot be offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from ccsim.centre.calendars import calendar_of, holidays_between
from ccsim.centre.legs import escalated_as
from ccsim.centre.precedence import deadline_and_holder
from ccsim.language.channels import Segment
from ccsim.language.deadlines import WorkingTime, too_long
from ccsim.language.demand import Volume
from ccsim.language.hours import WeekHours
from ccsim.language.special_days import spans_on
from ccsim.language.workflows import Workflow
from ccsim.scenario.checks.whole import Whole, channels_of, languages_of, markets_of, segments_of
from ccsim.text.scalars import duration_text
from ccsim.units import DAY, WEEK

_MOST_NAMED: Final = 3
"""Dates and places that a warning names."""


class _Waits(NamedTuple):
    """Kinds of deferred visits that go by one deadline."""

    workflow: str
    tier: str
    segment: str
    channel: str
    escalated: bool
    """Whether they are escalated as deferred work."""


def deadlines(whole: Whole) -> None:
    """Deadlines belong to deferred work, run in known hours, and are there where a rule goes by them."""
    if any(whole.spoilt(part) for part in ("channels", "workflows", "segments", "queue_groups", "markets")):
        return
    rule = (whole.scenario.routing.choose_contact if whole.scenario.routing else "") or ""
    used: set[tuple[str, ...]] = set()
    told: set[tuple[str, ...]] = set()
    for waits, volumes in _deferred(whole):
        workflow = whole.workflows.get(waits.workflow) or Workflow()
        segment = whole.scenario.segments.get(waits.segment) or Segment()
        as_what = escalated_as(whole.scenario, waits.workflow, waits.tier) if waits.escalated else None
        deadline, holder = deadline_and_holder(workflow, segment, whole.channel(waits.channel), as_what)
        if not holder:
            if "deadline" in rule and ("", waits.channel) not in told:
                told.add(("", waits.channel))
                whole.fault(
                    f"choose_contact: {rule} needs a deadline on every deferred channel", "channels", waits.channel
                )
            continue
        at = _said_at(whole, waits, holder)
        used.add(at[:2])
        if isinstance(deadline, WorkingTime):
            wrong = "" if at in told else _wrong(whole, waits, volumes, deadline)
            if wrong:
                told.add(at)
                whole.fault(wrong, *at)
    for part, holders in (("segments", whole.scenario.segments), ("workflows", whole.workflows)):
        for name, one in holders.items():
            if one.deadline is not None and (part, name) not in used:
                whole.warn(
                    f"the deadline has no effect: {name} has no deferred work that goes by it", part, name, "deadline"
                )


def _deferred(whole: Whole) -> list[tuple[_Waits, list[Volume]]]:
    """Every kind of deferred visits that can happen, once, and the volumes that it comes from."""
    found: dict[_Waits, list[Volume]] = {}
    for volume in whole.demand.values():
        if not _customers(whole, [volume]):
            continue
        for workflow in whole.reached(volume.workflow, whole.channels_of(volume)):
            for tier in whole.tiers(workflow):
                said = escalated_as(whole.scenario, workflow, tier) is not None
                came = {whole.channel_at(workflow, tier, channel) for channel in whole.channels_of(volume)}
                waiting = [channel for channel in sorted(came) if whole.channel(channel).kind == "deferred"]
                for segment in segments_of(volume):
                    for channel in waiting:
                        found.setdefault(_Waits(workflow, tier, segment, channel, said), []).append(volume)
    return sorted(found.items(), key=lambda one: one[0])


def _said_at(whole: Whole, waits: _Waits, holder: str) -> tuple[str, ...]:
    """Where the deadline of visits is said."""
    if holder != "escalation":
        return f"{holder}s", getattr(waits, holder), "deadline"
    by, tiers = "", whole.tiers(waits.workflow)
    for name, tier in tiers.items():
        if name == waits.tier:
            break
        by = name if tier.escalated_as is not None else by
    return "workflows", waits.workflow, "tiers", by, "escalated_as", "deadline"


def _customers(whole: Whole, volumes: Iterable[Volume]) -> list[tuple[str, str]]:
    """Markets and languages of volumes, sorted."""
    return sorted(
        {
            (market, language)
            for volume in volumes
            for market in markets_of(volume)
            for language in languages_of(volume, market, whole.scenario)
        }
    )


def _wrong(whole: Whole, waits: _Waits, volumes: list[Volume], deadline: WorkingTime) -> str:
    """What is wrong with a deadline in working time: it has no hours, or these have no working time."""
    for market, language in _customers(whole, volumes) if deadline.hours is None else [("", "")]:
        hours = deadline.hours or _opening_hours(whole, waits, market, language)
        if hours is None:
            what = f"workflow {waits.workflow} at tier {waits.tier} on channel {waits.channel}"
            said = "working time needs hours, like hours: {mon-fri: 08:00-17:00}"
            return f"{said}: {what} has no queue group with opening hours to take them from"
        wrong = too_long(deadline.working, hours) or _never(whole, deadline, hours)
        if wrong:
            return wrong
    return ""


def _opening_hours(whole: Whole, waits: _Waits, market: str, language: str) -> WeekHours | None:
    for group in whole.scenario.queue_groups.values():
        if group.hours and group.passes(waits.workflow, waits.tier, waits.channel, market, language):
            return group.hours
    return None


def _never(whole: Whole, deadline: WorkingTime, hours: WeekHours) -> str:
    """What is wrong where public holidays take all working time of a year; empty if nothing is."""
    if deadline.holidays is None or whole.spoilt("horizon"):
        return ""
    first = datetime.fromisoformat(whole.scenario.horizon.start).date()
    days = [first + timedelta(days=number) for number in range(366)]
    off = holidays_between(deadline.holidays, days[0], days[-1])
    open_on = {at // DAY % 7 for opens, closes in hours.spans for at in range(opens, min(closes, opens + WEEK), DAY)}
    open_on |= {(closes - 1) // DAY % 7 for _, closes in hours.spans}
    if any(day.weekday() in open_on and day not in off for day in days):
        return ""
    return f"the public holidays of {deadline.holidays} leave no working time in these hours"


def calendars(whole: Whole) -> None:
    """A deadline that runs on public holidays, though its markets or those who work on it are at home, is told."""
    parts = ("channels", "workflows", "segments", "queue_groups", "markets", "sites", "pools", "horizon", "time_zone")
    if any(whole.spoilt(part) for part in parts) or whole.scenario.horizon is None:
        return
    held: dict[tuple[str, str], tuple[WorkingTime, WeekHours, dict[tuple[str, str], None]]] = {}
    for waits, volumes in _deferred(whole):
        workflow = whole.workflows.get(waits.workflow) or Workflow()
        segment = whole.scenario.segments.get(waits.segment) or Segment()
        deadline, holder = deadline_and_holder(workflow, segment, whole.channel(waits.channel))
        if not isinstance(deadline, WorkingTime):
            continue
        sites = _sites_for(whole, waits)
        for market, language in _customers(whole, volumes):
            hours = deadline.hours or _opening_hours(whole, waits, market, language)
            if hours is not None:
                _, _, places = held.setdefault((f"{holder}s", getattr(waits, holder)), (deadline, hours, {}))
                places.update(dict.fromkeys([("market", market), *sites]))
    for (part, name), (deadline, hours, places) in held.items():
        said = _runs_on_holidays(whole, deadline, hours, list(places))
        if said:
            at = "holidays" if deadline.holidays else "working"
            whole.warn(said, part, name, "deadline", at)


def _sites_for(whole: Whole, waits: _Waits) -> list[tuple[str, str]]:
    """Sites of the pools that may take the work."""
    return [
        ("site", pool.site)
        for _, pool in sorted(whole.pools.items())
        if pool.site is not None
        and waits.tier in pool.tier
        and (pool.skills is None or waits.workflow in pool.skills)
        and (pool.channels is None or waits.channel in pool.channels)
    ]


def _runs_on_holidays(whole: Whole, deadline: WorkingTime, hours: WeekHours, places: Sequence[tuple[str, str]]) -> str:
    """What to warn of where a deadline has no public holiday in the simulated time and places that it serves have."""
    horizon = whole.scenario.horizon
    start = datetime.fromisoformat(horizon.start)
    first, last = start.date(), (start + timedelta(microseconds=horizon.warm_up + horizon.length - 1)).date()
    if deadline.holidays and holidays_between(deadline.holidays, first, last):
        return ""
    days: set[date] = set()
    by_calendar: dict[str, list[str]] = {}
    for kind, name in places:
        place = (whole.scenario.markets if kind == "market" else whole.scenario.sites).get(name)
        calendar = calendar_of(place)
        if place is None or calendar is None:
            continue
        found = {day for day in calendar.between(first, last) if spans_on(hours, deadline.special_days, day)}
        if found:
            days |= found
            by_calendar.setdefault(place.holidays or "", []).append(f"{kind} {name}")
    if not days:
        return ""
    who = "; ".join(_some(named) + (f" ({own})" if own else "") for own, named in by_calendar.items())
    when = _some([day.isoformat() for day in sorted(days)])
    if deadline.holidays:
        return f"the deadline runs on public holidays of {who}: {when}; `holidays: {deadline.holidays}` has none then"
    say = f"say `holidays: {next(iter(by_calendar))}`" if len(by_calendar) == 1 and "" not in by_calendar else ""
    return f"the deadline runs on public holidays of {who}: {when}; " + (say or "`holidays:` says on which it does not")


def _some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def backlogs(whole: Whole) -> None:
    """A backlog is of deferred work, can wait where it is, and lies there when the counted time begins."""
    for name, volume in whole.demand.items():
        if volume.backlog and not whole.spoilt("demand", name) and not whole.spoilt("channels"):
            for wrong in _wrong_backlog(whole, volume):
                whole.fault(wrong, "demand", name, "backlog")


def _wrong_backlog(whole: Whole, volume: Volume) -> Iterator[str]:
    horizon = whole.scenario.horizon
    if not whole.spoilt("horizon") and horizon.warm_up > 0:
        yield (
            f"the backlog lies there when the run begins, and a warm-up of {duration_text(horizon.warm_up)} would work "
            "it off before anything counts: leave out the warm-up or the backlog"
        )
    live = [name for name in channels_of(volume) if whole.channel(name).kind == "live"]
    if live:
        yield f"a backlog waits on deferred channels only; {', '.join(live)} is live"
        return
    oldest = max(batch.oldest for batch in volume.backlog)
    for name in channels_of(volume):
        out = whole.channel(name).max_wait
        if out is not None and oldest >= out.after:
            yield (
                f"its oldest contact came {duration_text(oldest)} before the start, but on {name} contacts leave the "
                f"queue after {duration_text(out.after)} (max_wait)"
            )
    tier = next(iter(whole.tiers(volume.workflow)))
    for group_name, group in whole.scenario.queue_groups.items():
        limited = next((limit for limit in ("lines", "max_waiting") if getattr(group, limit) is not None), None)
        passes = any(
            group.passes(volume.workflow, tier, channel, market, language)
            for channel in channels_of(volume)
            for market in markets_of(volume)
            for language in languages_of(volume, market, whole.scenario)
        )
        if limited and passes:
            yield f"it waits in queue group {group_name}, whose places are limited (`{limited}`): a backlog needs room"


def interruptible(whole: Whole) -> None:
    """What is laid down goes back to its queue, so that must have room."""
    if any(whole.spoilt(part) for part in ("channels", "workflows", "queue_groups", "markets", "demand")):
        return
    if not any(channel.interruptible for channel in whole.scenario.channels.values()):
        return
    for waits, volumes in _deferred(whole):
        if not whole.channel(waits.channel).interruptible:
            continue
        for market, language in _customers(whole, volumes):
            for name, group in whole.scenario.queue_groups.items():
                limited = next((limit for limit in ("lines", "max_waiting") if getattr(group, limit) is not None), None)
                if limited and group.passes(waits.workflow, waits.tier, waits.channel, market, language):
                    said = f"it goes back to queue group {name}, whose places are limited (`{limited}`)"
                    whole.fault(said, "channels", waits.channel, "interruptible")
                    return


def nobody_waits(whole: Whole) -> None:
    """What a workflow says to customers who wait in line is for live contacts, of which it has some."""
    if any(whole.spoilt(part) for part in ("channels", "demand", "pools")):
        return
    kinds: dict[str, set[str]] = {}
    for leg in whole.legs:
        kinds.setdefault(leg.workflow, set()).add(leg.channel)
    for name, channels in sorted(kinds.items()):
        workflow = whole.workflows.get(name)
        if workflow is None or any(whole.channel(channel).kind == "live" for channel in channels):
            continue
        work = f"all work of {name} is deferred ({', '.join(sorted(channels))})"
        for key, why in (
            ("callback", f"callbacks are offered to live contacts, and {work}; leave it out, or make a channel live"),
            ("balking", f"no wait is announced for deferred work, and {work}; leave it out, or make a channel live"),
        ):
            if getattr(workflow, key) is not None and not whole.spoilt("workflows", name, key):
                whole.fault(why, "workflows", name, key)


CHECKS: Final = (deadlines, calendars, backlogs, interruptible, nobody_waits)
