"""`ccsim check`: every fault of a scenario, or a short summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccsim.commands.options import ScenarioFile, Settings, Variants
from ccsim.commands.output import say

if TYPE_CHECKING:
    from ccsim.errors import Fault
    from ccsim.scenario import Loaded

BAD_INPUT = 2


def check(
    scenario: ScenarioFile,
    variant: Variants = None,
    set_: Settings = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a scenario: print all its faults with their places, or a summary where there are none.

    Without a variant named, every variant is checked too. Exit code 0: fine; 2: faults.
    """
    from ccsim.errors import ScenarioError
    from ccsim.scenario import read

    try:
        loaded = read(scenario, variants=variant or (), settings=set_ or ())
        faults = [] if variant else _variants(scenario, loaded, set_ or [])
    except ScenarioError as error:
        loaded, faults = None, error.faults
    if as_json:
        say(json.dumps(_document(loaded, faults), indent=1, ensure_ascii=False))
    elif faults or loaded is None:
        for fault in faults:
            say(str(fault), err=True)
    else:
        for line in summary(loaded):
            say(line)
    if faults:
        raise typer.Exit(BAD_INPUT)


def _variants(scenario: str, loaded: Loaded, settings: list[str]) -> list[Fault]:
    """Faults of the variants of a scenario that is fine without them."""
    from dataclasses import replace

    from ccsim.errors import ScenarioError
    from ccsim.scenario import read

    faults: dict[Fault, None] = {}
    for name in loaded.variants:
        try:
            read(scenario, variants=[name], settings=settings)
        except ScenarioError as error:
            for fault in error.faults:
                faults[replace(fault, message=f"{fault.message} (variant {name})")] = None
    return list(faults)


def summary(loaded: Loaded) -> list[str]:
    """What the scenario holds, a few lines."""
    facts = facts_of(loaded)
    horizon = facts["horizon"]
    lines = [
        f"{facts['scenario']}: fine" + (f" ({facts['title']})" if facts["title"] else ""),
        f"  horizon   {horizon['from']} to {horizon['to']} {facts['time_zone']}",
        f"  warm-up   {horizon['warm_up']} before",
        f"  contacts  {sum(facts['streams'].values()):,.0f} expected, without returns",
    ]
    lines += [f"  stream    {name}: {contacts:,.0f} contacts" for name, contacts in facts["streams"].items()]
    lines += [f"  pool      {name}: {pool}" for name, pool in facts["pools"].items()]
    if facts["variants"]:
        lines.append(f"  variants  {', '.join(facts['variants'])}")
    lines += [f"  changed   {one}" for one in facts["changed"]]
    return lines


def facts_of(loaded: Loaded) -> dict[str, Any]:
    """The facts of a summary."""
    from datetime import datetime, timedelta

    from ccsim.scenario.expected import expected_contacts
    from ccsim.scenario.scalars import duration_text

    scenario = loaded.scenario
    counted = datetime.fromisoformat(scenario.horizon.start) + timedelta(microseconds=scenario.horizon.warm_up)
    end = counted + timedelta(microseconds=scenario.horizon.length)
    pools = {}
    for name, pool in sorted(scenario.pools.items()):
        if pool.staffing:
            changed = ", with changes" if pool.changes else ""
            pools[name] = f"up to {max(pool.staffing.values):,.0f} agents on the line{changed}"
        else:
            pools[name] = f"{sum(shift.agents for shift in pool.shifts):,} agents on {len(pool.shifts)} shifts"
    return {
        "scenario": scenario.scenario,
        "title": scenario.title,
        "time_zone": scenario.time_zone,
        "horizon": {
            "from": counted.isoformat(" ", "minutes"),
            "to": end.isoformat(" ", "minutes"),
            "warm_up": duration_text(scenario.horizon.warm_up),
        },
        "streams": expected_contacts(scenario),
        "pools": pools,
        "variants": list(loaded.variants),
        "changed": [
            f"{one.key}: {one.old or 'default'} -> {one.new or 'default'} ({one.by})" for one in loaded.overrides
        ],
    }


def _document(loaded: Loaded | None, faults: list[Fault]) -> dict[str, Any]:
    from dataclasses import asdict

    document: dict[str, Any] = {"ok": not faults, "faults": [asdict(fault) for fault in faults]}
    if loaded is not None and not faults:
        document["summary"] = facts_of(loaded)
    return document
