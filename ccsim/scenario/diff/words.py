"""What the settings of a scenario are called when two of them are laid side by side."""

from __future__ import annotations

from typing import Final

SECTIONS: Final = {
    "scenario": "Scenario",
    "title": "Scenario",
    "time_zone": "Scenario",
    "currency": "Scenario",
    "horizon": "Horizon",
    "run": "Run",
    "goals": "Goals",
    "service_level": "Service level",
    "handle_time": "Handle time",
    "handle_time_cv": "CV of handle times of which only a mean is written",
    "patience": "Patience",
    "markets": "Markets",
    "segments": "Segments",
    "causes": "Causes",
    "channels": "Channels",
    "workflows": "Workflows",
    "profiles": "Profiles",
    "surges": "Surges",
    "demand": "Demand",
    "sites": "Sites",
    "vendors": "Vendors",
    "shift_patterns": "Shift patterns",
    "planning": "Planning",
    "pools": "Pools",
    "queue_groups": "Doors",
    "routing": "Routing",
}
"""Headings by key of the scenario."""

LABELS: Final = {
    "Scenario.scenario": "name",
    "Horizon.warm_up": "warm-up",
    "Horizon.run_out": "run-out",
    "Horizon.interval": "report interval",
    "ServiceLevel.within": "thresholds",
    "ServiceLevel.short_abandon": "short abandon",
    "Patience.time": "",
    "Patience.zero": "share that leaves at once",
    "HandleTime.wrap_up": "wrap-up",
    "HandleTime.wrap_up_share": "wrap-up share of talk",
    "Lognormal.cv": "CV",
    "Empirical.values": "observed times",
    "Market.holidays": "public holidays",
    "Market.residency": "regions that may serve it",
    "Channel.max_wait": "longest wait",
    "Channel.peers": "answered by peers",
    "Workflow.by_channel": "handle time on",
    "Workflow.pools": "order of pools",
    "Workflow.overflow": "ring",
    "Tier.by_channel": "handle time on",
    "Tier.transfers": "transfers to",
    "Return.after": "delay",
    "Return.attempts": "most returns",
    "Overflow.after": "opens after",
    "Cause.remaining": "remaining once fixed",
    "Profile.hours": "hours of the day",
    "Surge.at": "start",
    "Surge.length": "in full force for",
    "Surge.times": "multiplies demand by",
    "Surge.fades": "fades in",
    "Volume.per_week": "contacts a week",
    "Volume.rate": "rate",
    "Volume.trace": "recorded contacts",
    "Volume.season": "season",
    "Volume.holidays": "demand on public holidays",
    "Volume.day_factor": "random busyness of the day",
    "Volume.changes": "change",
    "Volume.draws_as": "luck of the volume",
    "DayFactor.cv": "CV",
    "Trace.time": "times",
    "Trace.source": "file",
    "RateCurve.grid": "",
    "RateCurve.interpolate": "between its values",
    "Site.holidays": "public holidays",
    "Site.on_holidays": "roster at work on public holidays",
    "Vendor.paid_hour": "price of a paid hour",
    "Vendor.premiums": "premium for",
    "Vendor.billed_in": "step of a billed stay",
    "Vendor.minimum_hours_per_week": "billed at least, hours a week",
    "Premiums.hours": "hours of the week",
    "Premiums.combine": "premiums that apply together",
    "PremiumWindow.extra": "added",
    "Premiums.weekend": "weekends",
    "Premiums.holiday": "public holidays",
    "ShiftPattern.paid": "paid time",
    "ShiftPattern.split_after": "gap after",
    "ShiftPattern.split_gap": "length of the gap",
    "ShiftPattern.work_days": "shifts a week",
    "ShiftPattern.share": "share of the headcount",
    "PatternBreak.length": "length",
    "Planning.required": "method",
    "Planning.answered": "share to be answered in time",
    "Planning.within": "time to answer",
    "Planning.occupancy": "highest occupancy",
    "Pool.tier": "tiers",
    "Pool.skills": "workflows",
    "Pool.changes": "change",
    "Pool.shifts": "shift",
    "Pool.headcount": "people",
    "Pool.patterns": "shift patterns",
    "Pool.keep_free": "agents kept free for live work",
    "Pool.handle_time": "handle times multiplied by",
    "Pool.paid_hour": "price of a paid hour",
    "Pool.draws_as": "random-number stream of absences",
    "Skill.handle_time": "handle times multiplied by",
    "Translation.handle_time": "handle times multiplied by",
    "Translation.price": "price of a visit",
    "QueueGroup.clock": "clock of its hours",
    "QueueGroup.lines": "lines",
    "QueueGroup.max_waiting": "places to wait",
    "QueueGroup.at_closing": "at closing",
    "Ring.after": "opens after",
    "Ring.to": "opens to",
    "Routing.choose_agent": "choice of agent",
    "Routing.choose_contact": "choice of contact",
    "Routing.prefer": "preferred pools",
    "Routing.overflow": "ring",
    "Routing.vendor_share": "vendor share of",
}
"""Words for a field; others are called by their name in the language, with spaces."""

NONE: Final = {
    "Market.residency": "all",
    "Surge.time_zone": "each market's",
    "Surge.workflows": "all",
    "Surge.markets": "all",
    "Surge.channels": "all",
    "Surge.segments": "all",
    "Surge.causes": "all",
    "Volume.language": "those of its markets",
    "Volume.trend": "none",
    "ShiftPattern.share": "as the roster decides",
    "Pool.skills": "all",
    "Pool.channels": "all",
    "Pool.languages": "all",
    "Pool.shrinkage": "the vendor's",
    "Pool.paid_hour": "the vendor's",
    "Pool.site": "none",
    "Workflow.pools": "all equal",
    "Workflow.patience": "the channel's",
    "QueueGroup.workflows": "all",
    "QueueGroup.channels": "all",
    "QueueGroup.tiers": "all",
    "QueueGroup.markets": "all",
    "QueueGroup.languages": "all",
    "QueueGroup.hours": "always open",
    "QueueGroup.lines": "no limit",
    "QueueGroup.max_waiting": "no limit",
    "Return.attempts": "no limit",
    "Patience.time": "for ever",
}
"""What it means that nothing is said, where that is not `none`."""

UNITS: Final = {"Pool.headcount": "people", "Volume.per_week": "contacts a week", "Shift.agents": "agents"}
"""Fields that are amounts of something: told as so many more or fewer."""

ONE: Final = {"people": "person", "contacts a week": "contact a week", "agents": "agent"}
"""Units of a single one."""


def counted(amount: str, unit: str) -> str:
    """An amount with its unit: `1 agent`, `12 agents`."""
    return f"{amount} {ONE.get(unit, unit) if amount == '1' else unit}"


KINDS: Final = {
    "Vendor.minimum_hours_per_week": "number",
    "RunPlan.seed": "seed",
    "Lognormal.cv": "number",
    "DayFactor.cv": "ratio",
    "Surge.times": "number",
    "Volume.trend": "trend",
    "Profile.hours": "weights",
    "Trace.time": "recorded",
    "Trace.talk": "recorded",
    "Trace.wrap_up": "recorded",
    "Trace.patience": "recorded",
    "ShiftPattern.days": "weekdays",
    "Shift.days": "weekdays",
}
"""Kinds of quantity where the annotation says another or none."""

KEYS: Final = {
    "Surge.length": "for",
    "Pool.patterns": "shifts",
    "Pool.keep_free": "deferred.keep_free",
    "ShiftPattern.split_after": "split.after",
    "ShiftPattern.split_gap": "split.gap",
    "Workflow.by_channel": "handle_time",
    "Tier.by_channel": "handle_time",
}
"""What a planner writes for a field, where it is not the field's name."""

ORDERED: Final = frozenset(("Routing.choose_agent", "Routing.prefer", "Workflow.pools", "Workflow.tiers"))
"""Lists and maps whose order means something of its own: told whole, not by what was added and taken away."""

SILENT: Final = frozenset(("Scenario.scenario", "Scenario.title", "Scenario.goals", "Trace.source"))
"""Fields that change no result: words for people, names of files, and what a run is judged against."""

FIRST: Final = {
    "Pool": ("headcount", "staffing", "shifts", "patterns", "site", "vendor"),
    "Volume": ("per_week", "rate", "trace", "profile"),
    "ShiftPattern": ("paid", "starts"),
    "Surge": ("times", "at", "length"),
}
"""Fields that come first where a new part of a scenario is told in a line."""


def label_of(field: str) -> str:
    """The words for a field `Section.name`."""
    return LABELS.get(field, field.partition(".")[2].replace("_", " "))
