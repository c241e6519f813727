"""What `ccsim check` does and prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.commands.output import say
from ccsim.exits import BAD_INPUT

if TYPE_CHECKING:
    from ccsim.errors import Fault, Remark
    from ccsim.language.pools import Pool
    from ccsim.scenario import Loaded, Scenario

MOST_POOLS: Final = 12
"""More pools than this are told by site."""
MOST_READ: Final = 10
"""More of what was read from files is counted, not listed."""
MOST_ASSUMED: Final = 4
"""More of what was assumed is counted, not listed."""


def checked(scenario: str, variants: Sequence[str], settings: Sequence[str], *, as_json: bool = False) -> int:
    """Check a scenario file and print what was found; 0 where it can be simulated, else 2."""
    from ccsim.scenario.look import look

    looked = look(scenario, variants, settings)
    loaded, faults, remarks = looked.loaded, looked.faults, looked.remarks
    if loaded is not None and not faults and loaded.scenario.uncertain:
        faults = _faults_of_draws(scenario, variants, settings)
    facts: dict[str, Any] | None = None
    if loaded is not None and not faults:
        facts = facts_of(loaded)
        remarks += _too_much(loaded, facts)
    if as_json:
        import json

        say(json.dumps(_document(facts, faults, remarks), indent=1, ensure_ascii=False))
    elif facts is None:
        for fault in faults:
            say(str(fault), err=True)
    else:
        for line in summary(facts, remarks):
            say(line)
        for line in told(remarks):
            say(line, err=True)
    return BAD_INPUT if faults else 0


def _faults_of_draws(scenario: str, variants: Sequence[str], settings: Sequence[str]) -> list[Fault]:
    """Faults that the scenario would have with what is drawn of its uncertain inputs."""
    from ccsim.errors import ScenarioError
    from ccsim.experiments.drawn import uncertainty_of

    try:
        uncertainty_of(scenario, variants, settings)
    except ScenarioError as error:
        return error.faults
    return []


def told(remarks: Sequence[Remark]) -> list[str]:
    """Every warning, and the first of what was assumed: short forms may be many."""
    assumed = [remark for remark in remarks if remark.kind == "assumed"]
    lines = [str(remark) for remark in remarks if remark.kind == "warning"] + [
        str(one) for one in assumed[:MOST_ASSUMED]
    ]
    if len(assumed) > MOST_ASSUMED:
        more = len(assumed) - MOST_ASSUMED
        forms = "short form" if more == 1 else "short forms"
        lines.append(f"assumed: {more} more {forms}; `ccsim check --json` lists them all")
    return lines


def _too_much(loaded: Loaded, facts: Mapping[str, Any]) -> list[Remark]:
    """Warnings of a run that would take too long or too much memory."""
    from ccsim.errors import Remark

    return [Remark(one, file=loaded.name, refused=True) for one in facts["to_run"]["warnings"]]


def summary(facts: Mapping[str, Any], remarks: Sequence[Remark] = ()) -> list[str]:
    """What the scenario holds, a few lines; `fine` where there is no warning."""
    horizon = facts["horizon"]
    volumes: dict[str, dict[str, Any]] = facts["volumes"]
    lines = [
        f"{facts['scenario']}: {_verdict(remarks)}" + (f" ({facts['title']})" if facts["title"] else ""),
        f"  horizon   {horizon['from']} to {horizon['to']} {facts['time_zone']}",
        f"  warm-up   {horizon['warm_up']} before",
        f"  contacts  {sum(volume['contacts'] for volume in volumes.values()):,.0f} expected, {facts['expected']}",
    ]
    for name, volume in volumes.items():
        parts = f" in {volume['streams']:,} streams" if volume["streams"] > 1 else ""
        lines.append(f"  volume    {name}: {volume['contacts']:,.0f} contacts{parts}")
    if len(facts["pools"]) <= MOST_POOLS:
        lines += [f"  pool      {name}: {pool}" for name, pool in facts["pools"].items()]
    else:
        lines += [f"  site      {name}: {site}" for name, site in facts["sites"].items()]
    lines += [f"  shrinkage {one}" for one in facts["shrinkage"]]
    lines += _read_from_files(remarks)
    lines.append(f"  to run    {facts['to_run']['text']}")
    if facts["variants"]:
        lines.append(f"  variants  {', '.join(facts['variants'])}")
    lines += [f"  {word:<9} {', '.join(names)}" for word, names in facts["questions"].items() if names]
    lines += [f"  changed   {one}" for one in facts["changed"]]
    return lines


def _read_from_files(remarks: Sequence[Remark]) -> list[str]:
    """What was read from each file, and what was recognised in it."""
    read = [remark for remark in remarks if remark.kind == "read"]
    lines = [f"  file      {remark.message}" for remark in read[:MOST_READ]]
    if len(read) > MOST_READ:
        lines.append(f"  file      {len(read) - MOST_READ} more; `ccsim check --json` lists them all")
    return lines


def _verdict(remarks: Sequence[Remark]) -> str:
    warnings = sum(remark.kind == "warning" for remark in remarks)
    return "fine" if not warnings else f"can be run, with {warnings} warning{'s' * (warnings > 1)}"


def facts_of(loaded: Loaded) -> dict[str, Any]:
    """The facts of a summary."""
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from ccsim.centre.expected import by_volume, expected_by_stream
    from ccsim.centre.shapes import without_holidays
    from ccsim.text.clock import shown_after
    from ccsim.text.scalars import duration_text

    scenario, horizon = loaded.scenario, loaded.scenario.horizon
    without = without_holidays(scenario)
    start, zone = datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone)
    counted, end = (
        shown_after(start, zone, timedelta(microseconds=passed), zone)
        for passed in (horizon.warm_up, horizon.warm_up + horizon.length)
    )
    streams = _streams(scenario)
    by_stream = expected_by_stream(without)
    return {
        "scenario": scenario.scenario,
        "title": scenario.title,
        "time_zone": scenario.time_zone,
        "horizon": {
            "from": counted.isoformat(" ", "minutes"),
            "to": end.isoformat(" ", "minutes"),
            "warm_up": duration_text(horizon.warm_up),
        },
        "expected": "without returns" + ("" if without is scenario else ", before public holidays") + _avoided(without),
        "volumes": {
            name: {"contacts": contacts, "streams": streams[name]}
            for name, contacts in by_volume(scenario, by_stream).items()
        },
        "to_run": _to_run(scenario, by_stream),
        "pools": _pools(scenario),
        "sites": _sites(scenario),
        "shrinkage": _shrinkage(scenario),
        "variants": list(loaded.variants),
        "questions": _questions(loaded),
        "changed": [
            f"{one.key}: {one.old or 'default'} -> {one.new or 'default'} ({one.by})" for one in loaded.overrides
        ],
    }


def _questions(loaded: Loaded) -> dict[str, list[str]]:
    """Names of the questions of the file, by section."""
    from ccsim.language.questions import QUESTIONS
    from ccsim.scenario.question_names import written_questions

    asked = list(written_questions(loaded.questions)) if loaded.questions is not None else []
    return {section: [name for at, name, _ in asked if at == section] for section in QUESTIONS}


def _avoided(scenario: Scenario) -> str:
    """How many contacts deflections are expected to avoid, in words; empty where there are none."""
    from ccsim.centre.expected import expected_by_stream
    from ccsim.centre.shapes import without_deflections

    if not scenario.deflections:
        return ""
    come = sum(expected_by_stream(scenario).values())
    all_of_them = sum(expected_by_stream(without_deflections(scenario)).values())
    return f"; {all_of_them - come:,.0f} avoided by deflections"


def _to_run(scenario: Scenario, by_stream: Mapping[tuple[str, str], float]) -> dict[str, Any]:
    """What a run is foreseen to take, in words and in numbers, and why `run` would ask before it simulates."""
    from ccsim.centre.foresee import foresee, memory_of_machine, reasons_against
    from ccsim.workers import default_workers

    seen = foresee(scenario, workers=default_workers(), expected=by_stream)
    known = math.isfinite(seen.visits)
    return {
        "text": str(seen),
        "contacts": seen.contacts,
        "visits": seen.visits if known else None,
        "replications": seen.replications,
        "workers": seen.workers,
        "seconds": seen.seconds if known else None,
        "memory_bytes": seen.memory if math.isfinite(seen.memory) else None,
        "warnings": reasons_against(seen, memory_of_machine()),
    }


def _streams(scenario: Scenario) -> dict[str, int]:
    """Number of streams by volume."""
    from ccsim.scenario.checks.whole import streams_in

    return {name: streams_in(volume, scenario) for name, volume in scenario.demand.items()}


def _pools(scenario: Scenario) -> dict[str, str]:
    """Who works in each pool, in words."""
    from ccsim.language.from_until import from_until_text

    pools = {}
    for name, pool in sorted(scenario.pools.items()):
        if pool.staffing:
            changed = ", with changes" if pool.changes else ""
            pools[name] = f"up to {max(pool.staffing.values):,.0f} agents on the line{changed}"
        elif pool.searched is not None:
            low, high = pool.searched.least, pool.searched.most
            bounds = f"from {low:,} up" if high is None else f"from {low:,} to {high:,}"
            pools[name] = f"people to be found by `ccsim staff`, {bounds}, on {_patterns(pool)}"
        elif pool.headcount is not None:
            pools[name] = f"{pool.headcount:,} people on {_patterns(pool)}"
        elif pool.roster is not None:
            people = pool.roster.staff()
            pools[name] = f"{people:,} {'person' if people == 1 else 'people'} of a published roster"
        else:
            weekly = [shift for shift in pool.shifts if not shift.on]
            dated = len(pool.shifts) - len(weekly)
            also = f" and {dated} on single dates" if dated and weekly else " on single dates" if dated else ""
            pools[name] = f"{_agents_on_shifts(pool):,} agents on {len(weekly) or dated} shifts{also}"
        if pool.comes_or_goes:
            pools[name] += f", {from_until_text(pool.start, pool.until)}"
    return pools


def _patterns(pool: Pool) -> str:
    """Shift patterns of a pool, with the people on each where they are said."""
    searched = pool.searched_on or {}
    people = {name: n for name, n in (pool.people_on or {}).items() if name not in searched}
    return ", ".join(
        f"{name} ({people[name]:,})" if name in people else name for name in pool.people_on or pool.patterns
    )


def _shrinkage(scenario: Scenario) -> list[str]:
    """What shrinkage leaves of the people employed, in words, for each vendor and each pool that says its own."""
    from ccsim.language.shares import percent
    from ccsim.language.shrinkage import rostered_shares, shrinkage_of, whole_day_shares

    people: dict[str, int] = {}
    shares: dict[str, dict[str, float]] = {}
    for name, pool in sorted(scenario.pools.items()):
        if pool.headcount is not None and pool.searched is None:
            said, vendor = shrinkage_of(scenario, pool)
            whose = f"vendor {vendor}" if vendor else f"pool {name}"
            people[whose] = people.get(whose, 0) + pool.headcount
            shares[whose] = rostered_shares(said)
        elif pool.roster is not None:
            whose = f"pool {pool.roster.group_of or name}"
            people[whose] = len(pool.roster.people)
            shares[whose] = whole_day_shares(scenario, pool)
    lines = []
    for whose, of in shares.items():
        if of:
            away = sum(of.values())
            causes = ", ".join(f"{cause} {percent(share)}" for cause, share in of.items())
            at_work = f"{people[whose] * (1 - away):,.1f} of {people[whose]:,} rostered people at work on average"
            lines.append(f"{whose}: {percent(away)} of the rostered time ({causes}): {at_work}, before breaks")
    return lines


def _agents_on_shifts(pool: Pool) -> int:
    """Agents of the shifts of a week: those of single dates are the same people, if there are others."""
    weekly = sum(shift.agents for shift in pool.shifts if not shift.on)
    return weekly or sum(shift.agents for shift in pool.shifts)


def _sites(scenario: Scenario) -> dict[str, str]:
    """People and pools at each site, in words."""
    sites: dict[str, str] = {}
    for name in [*sorted(scenario.sites), None]:
        pools = [(pool_name, pool) for pool_name, pool in scenario.pools.items() if pool.site == name]
        if pools:
            people = sum({_whose(pool_name, pool): _people(pool) for pool_name, pool in pools}.values())
            said = f"{len(pools)} pool{'s' if len(pools) > 1 else ''}"
            sites[name or "none"] = said + (f", {people:,} people" if people else "")
    return sites


def _whose(name: str, pool: Pool) -> str:
    """The pool that people are of; groups of one pool have the same people."""
    return (pool.roster.group_of if pool.roster is not None else "") or name


def _people(pool: Pool) -> int:
    """People of a pool that names them in some way."""
    if pool.roster is not None:
        return len(pool.roster.people)
    return pool.headcount or _agents_on_shifts(pool)


def _document(facts: dict[str, Any] | None, faults: list[Fault], remarks: list[Remark]) -> dict[str, Any]:
    from dataclasses import asdict

    document: dict[str, Any] = {"ok": not faults, "faults": [asdict(fault) for fault in faults]}
    document["remarks"] = [asdict(remark) for remark in remarks]
    if facts is not None:
        document["summary"] = facts
    return document
