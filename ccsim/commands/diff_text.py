"""What `ccsim diff` does and prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.commands.output import say
from ccsim.exits import BAD_INPUT

if TYPE_CHECKING:
    from ccsim.errors import Fault
    from ccsim.scenario import Loaded
    from ccsim.scenario.diff import Difference

DIFFERENT: Final = 1


def compared(a: str, b: str, settings: Sequence[str], *, as_json: bool = False) -> int:
    """Print what differs from one scenario to another; 0 where nothing does, 1 where something does, 2 for faults.

    `settings` change the second one.
    """
    from ccsim.errors import ScenarioError

    try:
        both = _both(a, b, settings)
    except ScenarioError as error:
        if as_json:
            say(_text({"ok": False, "faults": [_fault(fault) for fault in error.faults]}))
        else:
            say(str(error), err=True)
        return BAD_INPUT
    from ccsim.scenario.diff import differences
    from ccsim.scenario.diff.questions import differences_of_questions

    first, second = both
    found = (*differences(first.scenario, second.scenario), *differences_of_questions(first, second))
    names = (a, " ".join([b, *(f"--set {pair}" for pair in settings)]))
    if as_json:
        say(_text(document(names, found)))
    else:
        for line in lines(names, found):
            say(line)
    return DIFFERENT if found else 0


def _both(a: str, b: str, settings: Sequence[str]) -> tuple[Loaded, Loaded]:
    """Both scenarios; the faults of both where there are any. A file that both name is read once."""
    from ccsim.errors import ScenarioError
    from ccsim.scenario.load import Opened, split_variants

    opened: dict[str, Opened] = {}
    scenarios: list[Loaded] = []
    faults: list[Fault] = []
    for name, changes in ((a, ()), (b, settings)):
        file, variants = split_variants(name)
        try:
            if file not in opened:
                opened[file] = Opened(file)
            scenarios.append(opened[file].loaded(variants, changes))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return scenarios[0], scenarios[1]


def lines(names: tuple[str, str], found: Sequence[Difference]) -> list[str]:
    """The differences section by section; those that change no result at the end."""
    if not found:
        return [f"{names[0]} and {names[1]} are equal"]
    heard = [one for one in found if one.results]
    silent = [one for one in found if not one.results]
    count = f"{len(found)} difference{'s' if len(found) > 1 else ''}"
    said = [f"{names[0]} -> {names[1]}: {count}", *(f"  {one}" for one in heard)]
    if silent:
        said += ["These change no result:", *(f"  {one}" for one in silent)]
    return said


def document(names: tuple[str, str], found: Sequence[Difference]) -> dict[str, Any]:
    """The differences as plain data."""
    from dataclasses import asdict

    return {
        "ok": True,
        "a": names[0],
        "b": names[1],
        "equal": not found,
        "same_results": not any(one.results for one in found),
        "differences": [asdict(one) for one in found],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(fault)


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
