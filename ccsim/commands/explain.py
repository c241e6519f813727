"""`ccsim explain`: the value at a key and where it comes from, the way of a stream, or the roster of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ccsim.commands.options import AllowOutside, Json, ScenarioFile, Settings, Variants
from ccsim.commands.output import say
from ccsim.exits import BAD_INPUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccsim.scenario import Loaded, Scenario
    from ccsim.scenario.explain import Explanation

NAMED: Final = {"route": ("STREAM", "demand"), "roster": ("POOL", "pools")}
"""Words that go before a name: what it names, and the section that holds them."""


def explain(
    scenario: ScenarioFile,
    what: Annotated[
        str,
        typer.Argument(
            metavar="KEY | route | roster",
            help="Dotted key, like pools.desk.staffing; or `route` or `roster` and a name.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[STREAM | POOL]",
            help="After `route` a stream or a volume, like ads.us.en.phone; after `roster` a pool.",
            show_default=False,
        ),
    ] = None,
    variant: Variants = None,
    set_: Settings = None,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Explain a value of a scenario, which pools may answer a contact, or who works when.

    `explain SCENARIO KEY` prints the value at a key after all merging: where it is written, what it replaced, what
    it means. Of a calendar of holidays it prints the days.

    `explain SCENARIO route STREAM` prints which pools may answer a contact of a stream, in which order and after
    how long: every queue it may join, with the pools of each overflow step. For a volume that is split, the first
    stream is shown.

    `explain SCENARIO roster POOL` prints who works when, against the required agents.

    Exit code 0: the key exists, or has a default; 2: faults in the scenario, or nothing has that name.
    """
    from ccsim.errors import Fault, ScenarioError
    from ccsim.scenario import read

    try:
        loaded = read(scenario, variants=variant or (), settings=set_ or ())
        if what not in NAMED and name is not None:
            why = f"expected one key, or `route STREAM` or `roster POOL`, got {what[:100]!r} and {name[:100]!r}"
            raise ScenarioError([Fault(why, file=loaded.name)])
        text = _key(loaded, what, as_json=as_json) if what not in NAMED else _named(loaded, what, name, as_json=as_json)
    except ScenarioError as error:
        say(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    say(text)


def _named(loaded: Loaded, what: str, name: str | None, *, as_json: bool) -> str:
    """A route or a roster as text; both are loaded only when they are asked for."""
    from dataclasses import replace

    from ccsim.errors import Fault, ScenarioError

    word, section = NAMED[what]
    document: Callable[[Scenario, str], dict[str, Any]]
    lines_of: Callable[[Scenario, str], list[str]]
    try:
        if not name:
            known = sorted(getattr(loaded.scenario, section))
            more = ", ..." if len(known) > 12 else ""
            raise ScenarioError([Fault(f"`{what}` needs a {word}: {', '.join(known[:12])}{more}", section)])
        if what == "route":
            from ccsim.commands.explain_route import route_document, route_lines

            document, lines_of = route_document, route_lines
        else:
            from ccsim.commands.explain_roster import roster_document, roster_lines

            document, lines_of = roster_document, roster_lines
        return _json(document(loaded.scenario, name)) if as_json else _text(lines_of(loaded.scenario, name))
    except ScenarioError as error:
        placed = [fault if fault.file else replace(fault, file=loaded.name) for fault in error.faults]
        raise ScenarioError(placed) from None


def _key(loaded: Loaded, key: str, *, as_json: bool) -> str:
    from ccsim.scenario.explain import explain as explained

    found = explained(loaded, key)
    if not as_json:
        return _text(lines(found))
    from dataclasses import asdict

    return _json(asdict(found))


def _text(of: list[str]) -> str:
    return "\n".join(of)


def _json(document: Any) -> str:
    import json

    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)


def lines(found: Explanation) -> list[str]:
    """An explanation as text."""
    text = [f"{part.key}: {part.value}    # {part.origin}" for part in found.parts]
    for one in found.story:
        was = f"{one.old} ({one.old_place})" if one.old_place else one.old or "default"
        text.append(f"  changed by {one.by}: {one.key}: {was} -> {one.new or 'deleted'} ({one.place})")
    text += [f"  read: {one}" for one in found.read]
    if found.dates is not None:
        text.append(f"  days in the horizon: {', '.join(found.dates) or 'none'}")
    if found.meaning:
        text.append(f"  meaning: {found.meaning}")
    if found.expects:
        text.append(f"  expects: {found.expects}")
    return text
