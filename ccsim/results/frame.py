"""From a scenario to what its runs measure: counted time, thresholds, prices, methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.centre.legs import escalated_as, tiers_of
from ccsim.centre.periods import chosen_in
from ccsim.centre.prices import price_of
from ccsim.centre.there import counted_part_of
from ccsim.language.assists import Assist
from ccsim.language.channels import Channel, Segment
from ccsim.language.deadlines import WorkingTime
from ccsim.language.deflections import Deflection
from ccsim.language.planning import Planning
from ccsim.language.restored import RESTORED_SCOPES
from ccsim.language.scenario import Scenario
from ccsim.language.severities import Severity
from ccsim.language.shares import percent
from ccsim.language.triage import Triage
from ccsim.language.workflows import Workflow
from ccsim.results.measured import Measured, Restore
from ccsim.text.scalars import duration_text
from ccsim.units import DAY, WEEK


def measured_of(scenario: Scenario, thresholds: tuple[int, ...]) -> Measured:
    """What a scenario counts, and the prices it is judged by; thresholds in microseconds."""
    return Measured(
        start=str(scenario.horizon.start),
        time_zone=scenario.time_zone,
        warm_up=scenario.horizon.warm_up,
        length=scenario.horizon.length,
        interval=scenario.horizon.interval,
        thresholds=tuple(thresholds),
        rule=scenario.service_level.rule,
        short_abandon=scenario.service_level.short_abandon,
        currency=scenario.currency,
        paid_hour={name: price_of(scenario, pool) for name, pool in scenario.pools.items()},
        translations=tuple(
            (step.language, step.translated.price)
            for step in scenario.routing.overflow
            if step.to == "language" and step.language is not None
        ),
        concurrency={
            name: channel.concurrency for name, channel in scenario.channels.items() if channel.concurrency > 1
        },
        minimum_hours={
            name: (
                vendor.minimum_hours_per_week * scenario.horizon.length / WEEK * counted_part_of(scenario, name),
                vendor.paid_hour,
            )
            for name, vendor in scenario.vendors.items()
            if vendor.minimum_hours_per_week > 0
        },
        bots=_bot_prices(scenario),
        goes_to={
            name: (by, _scope_of(one))
            for by, section in (
                ("deflected", scenario.deflections),
                ("answered", scenario.assists),
                ("answered", scenario.triage),
            )
            for name, one in section.items()
            if not one.price.is_free
        },
        by_agent_hour=dict(_by_agent_hour(scenario)),
        deadlines=_deadlines({n: c for n, c in scenario.channels.items() if c.kind == "deferred"}),
        segment_deadlines=_deadlines(scenario.segments),
        workflow_deadlines=_deadlines(scenario.workflows),
        severity_deadlines={
            f"{volume}.{name}": limit
            for volume, one in sorted(scenario.demand.items())
            if one.workflow in scenario.workflows
            for name, limit in _deadlines(scenario.workflows[one.workflow].severity).items()
        },
        escalation_deadlines=dict(_escalation_deadlines(scenario)),
        resolved_within=_time_of(scenario.cases.resolved_within),
        repeat_window=scenario.cases.repeat_window,
        planning=planning_in_words(scenario.planning),
        report_zone=scenario.report.time_zone,
        chosen=chosen_in(scenario.report),
        restored=tuple(_restores(scenario)),
        full_time_week=scenario.report.full_time_week,
    )


def _restores(scenario: Scenario) -> Iterator[Restore]:
    """When service counts as restored after the surges that say so, by name."""
    for name, surge in sorted(scenario.surges.items()):
        asked = surge.restored
        if asked is None:
            continue
        markets = [asked.market] if asked.market else [*(surge.markets or ())]
        known = [scenario.markets[market].time_zone for market in markets if market in scenario.markets]
        zone = surge.time_zone or (known[0] if known else scenario.time_zone)
        within = scenario.service_level.within[0] if asked.within is None else asked.within
        scope = {one: str(getattr(asked, one)) for one in RESTORED_SCOPES if getattr(asked, one) is not None}
        whose = f" of {', '.join(scope.values())}" if scope else ""
        said = f"service level{whose} within {duration_text(within)} at least {percent(asked.at_least)}"
        words = f"{said} for {duration_text(asked.holds)}"
        begins = _counted_from(scenario, surge.at, zone)
        yield Restore(name, begins, scope, within, asked.at_least, asked.holds, words, asked.target)


_MONTH: Final = 365 * DAY / 12


def _bot_prices(scenario: Scenario) -> dict[str, tuple[float, float, float]]:
    """Prices of bots, deflections, assists and triages that cost anything."""
    months = scenario.horizon.length / _MONTH
    by_month = scenario.deflections | scenario.assists | scenario.triage
    found = {
        name: (bot.price.session, bot.price.contained, bot.price.month * months) for name, bot in scenario.bots.items()
    } | {name: (0.0, 0.0, one.price.month * months) for name, one in by_month.items()}
    by_hour = dict(_by_agent_hour(scenario))
    return {name: prices for name, prices in found.items() if any(prices) or name in by_hour}


def _by_agent_hour(scenario: Scenario) -> Iterator[tuple[str, tuple[float, tuple[str, ...], int]]]:
    """Assists that are paid by the hour in which agents who have them are signed in."""
    for name, one in sorted(scenario.assists.items()):
        if one.price.hour > 0.0:
            pools = (pool for pool, section in sorted(scenario.pools.items()) if one.is_with(pool, section.vendor))
            since = 0 if one.start is None else _counted_from(scenario, one.start, scenario.time_zone)
            yield name, (one.price.hour, tuple(pools), max(since, 0))


def _counted_from(scenario: Scenario, local: str, zone: str) -> int:
    """Microseconds from the end of the warm-up to a local time of a zone; may be below 0."""
    start = datetime.fromisoformat(str(scenario.horizon.start)).replace(tzinfo=ZoneInfo(scenario.time_zone))
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    since = (at.astimezone(UTC) - start.astimezone(UTC)) // timedelta(microseconds=1)
    return since - scenario.horizon.warm_up


def _scope_of(one: Deflection | Assist | Triage) -> dict[str, tuple[str, ...]]:
    """Which queues something is about: names by column of the table `queues`."""
    columns = ("workflow", "market", "language", "channel", "segment", "cause")
    said = {name: getattr(one, f"{name}s", None) for name in columns}
    return {name: names for name, names in said.items() if names is not None}


def _deadlines(holders: Mapping[str, Channel | Segment | Severity | Workflow]) -> dict[str, int]:
    found = {name: one.deadline for name, one in holders.items()}
    return {name: _time_of(deadline) for name, deadline in found.items() if deadline is not None}


def _escalation_deadlines(scenario: Scenario) -> Iterator[tuple[str, int]]:
    """Deadlines of escalations, by workflow and tier to which these lead."""
    for workflow in sorted(scenario.workflows):
        for tier in tiers_of(scenario, workflow):
            escalated = escalated_as(scenario, workflow, tier)
            if escalated is not None and escalated.deadline is not None:
                yield f"{workflow}/{tier}", _time_of(escalated.deadline)


def _time_of(limit: int | WorkingTime) -> int:
    """A time, or the working time of one that runs in working hours."""
    return limit if isinstance(limit, int) else limit.working


def planning_in_words(planning: Planning) -> str:
    """How many agents are required: the method and its settings, in a sentence without a full stop."""
    occupied = f"{planning.occupancy * 100:.10g} % occupied"
    if planning.required == "erlang_c":
        goal = f"{planning.answered * 100:.10g} % answered within {planning.within / 1e6:.10g} s"
        return f"Erlang C for {goal}, at most {occupied}"
    if planning.required == "square_root":
        return f"load plus its square root, at most {occupied}"
    return f"load over {occupied}"
