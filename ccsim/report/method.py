"""How the numbers of a page were made: definitions, rules, seeds, versions, files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ccsim.kpis.kpi import Kpi
from ccsim.kpis.rules import RULES
from ccsim.report.by_time import BAND
from ccsim.report.facts import Facts
from ccsim.text.scalars import duration_text
from ccsim.units import SECOND

_METHODS: Final = {
    "erlang_c": "Erlang C for live work",
    "square_root": "load plus its square root for live work",
    "workload": "load divided by the planned occupancy",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word or a KPI of the page means."""

    key: str
    """Anchor of the page."""
    title: str
    meaning: str
    formula: str = ""
    counts: str = ""
    """Which contacts or time it counts."""


def definitions(facts: Facts, used: Sequence[str]) -> list[Definition]:
    """The KPIs that a page shows, in the order of the KPI reference."""
    wanted = set(used)
    return [_definition(kpi) for name, kpi in facts.kpis.items() if name in wanted]


def _definition(kpi: Kpi) -> Definition:
    rule = f" Rule: {kpi.rule}." if kpi.rule else ""
    return Definition(f"kpi-{kpi.name}", kpi.title, f"{kpi.meaning}.{rule}", kpi.formula, kpi.anchor)


def _grouped(formula: str) -> str:
    return f"({formula})" if " " in formula else formula


def words(facts: Facts) -> list[Definition]:
    """Words of the page that are not KPIs."""
    low, high = (round(b) for b in BAND)
    found = [
        Definition(
            "interval",
            "± and (from to), 95 % intervals",
            "Where the scenario's true mean lies, given these replications. ± is half the width of a "
            "symmetric interval; otherwise both ends are given. Intervals are jackknife intervals "
            "over replications (shares on the logit scale, times and costs on the log scale), with "
            "Hall's correction for skewness. They say nothing about whether the scenario's inputs are right.",
        ),
        Definition(
            "chance",
            "P(goal)",
            "Share of replications that meet the goal over the counted time, with Wilson's 95 % "
            "interval: the probability that one such period meets the goal.",
        ),
        Definition(
            "band",
            "Band in a figure",
            f"From the {low}th to the {high}th percentile of single weeks, days or replications: how "
            "much they vary. The line is all of them together.",
        ),
        Definition(
            "allocated",
            "Allocated cost",
            "For channels, workflows, markets, languages, segments, causes and tiers each pool's cost "
            "is allocated in proportion to the capacity used: handling time, and for an agent who may "
            "handle three chats at once a third of it per chat. Idle and paid-away time is allocated "
            "in the same proportion.",
        ),
    ]
    if "workforce_plan" in facts.tables:
        found.append(Definition("required", "Required, scheduled, present", _planning(facts)))
    return found


def _planning(facts: Facts) -> str:
    text = (
        "Required: signed-in agents that the expected demand requires. Scheduled: shifts less breaks "
        "and planned time away (or the staffing as written). Present: signed in, on average over the "
        "replications. Short hours are counted pool by pool and interval by interval: a surplus at "
        "noon does not make up for a shortfall at nine."
    )
    said = str(getattr(facts.measured, "planning", ""))
    if said:
        return f"{text} Method for required agents: {said.rstrip('.')}."
    plan = facts.scenario.get("planning")
    if not plan:
        return text
    return (
        f"{text} Method for required agents: {_METHODS.get(plan['required'], plan['required'])}, "
        f"{plan['answered'] * 100:g} % within {plan['within'] / SECOND:g} s, occupancy at most "
        f"{plan['occupancy'] * 100:g} %; deferred work is spread over the pool's open hours."
    )


def simulated(facts: Facts) -> Iterator[tuple[str, str]]:
    """How the run was simulated: labels and values."""
    run, measured, record = facts.run, facts.measured, facts.run.provenance
    clock = facts.clock
    yield "Scenario", run.name
    if record.get("variants"):
        yield "Variants", ", ".join(record["variants"])
    for override in record.get("overrides", ()):
        yield "Changed", str(override)
    yield "Counted time", f"{clock.begin:%Y-%m-%d %H:%M} to {clock.end:%Y-%m-%d %H:%M}, {clock.zone_name}"
    yield "Warm-up before it", duration_text(measured.warm_up) if measured.warm_up else "none"
    drain = facts.drain_us
    if drain is not None:
        yield "Drain period, at most", duration_text(drain)
    yield "Report interval", duration_text(measured.interval)
    yield (
        "Replications",
        f"{run.replications}" + (f" of {record['replications_asked']} asked for" if run.stopped else ""),
    )
    yield "Seed", str(record.get("seed", "not recorded"))
    rule = RULES[measured.rule]
    yield "Service level rule", f"{measured.rule}: {_grouped(rule.numerator)} / {_grouped(rule.denominator)}"
    yield "Thresholds T", ", ".join(f"{t / SECOND:g} s" for t in measured.thresholds)
    if "short_abandoned" in rule.numerator + rule.denominator:
        yield "Short abandon: within", f"{measured.short_abandon / SECOND:g} s"
    yield "Currency", measured.currency
    still = int(facts.tables["replications"]["open_at_end"].sum())
    yield "Contacts open at the end", f"{still:,} (excluded from ratios)"
    yield "Digest of the tables", run.digest
    if record.get("scenario_sha256"):
        yield "SHA-256 of the scenario's values", str(record["scenario_sha256"])
    if record.get("recorded"):
        yield "Recorded", str(record["recorded"])


def versions(facts: Facts) -> str:
    """Versions and machine in a line."""
    record = facts.run.provenance
    parts = [f"{name} {version}" for name, version in (record.get("versions") or {}).items()]
    machine = record.get("machine") or {}
    parts += [str(machine[key]) for key in ("system", "machine", "c_library") if machine.get(key)]
    return ", ".join(parts)


def files(facts: Facts) -> list[tuple[str, str]]:
    """Files that were read, with their SHA-256."""
    return [(str(file["name"]), str(file["sha256"])) for file in facts.run.provenance.get("files", ())]


def holidays(facts: Facts) -> list[tuple[str, str]]:
    """Public holidays that were used: calendar and dates."""
    found = facts.run.provenance.get("holidays") or {}
    return [(name, ", ".join(dates)) for name, dates in sorted(found.items()) if dates]
