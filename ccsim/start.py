"""The first step of the command line.

`ccsim check` is what editors and hooks call again and again, and the library behind the command line takes longer to
load than a scenario takes to check; of the first answer of a `ccsim run` it would be a tenth. So a plain `check` and a
plain `run` are understood here; all other words, and all that is odd about them, go to `ccsim.cli`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ccsim.interrupts import listen

GARBAGE_AFTER: Final = 50_000
"""Objects after which Python looks for garbage among the young ones, instead of 700: loading modules makes hundreds of
thousands that all stay, and searching them again and again is a tenth of the time to a first answer."""


@dataclass(slots=True)
class PlainCheck:
    """The words of a `ccsim check` that leaves no question open."""

    scenario: str = ""
    variants: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    as_json: bool = False


def plain_check(words: Sequence[str]) -> PlainCheck | None:
    """The words of a check, or None where the command line has to look at them."""
    found = _plain(words, "check", flags=("--json",))
    if found is None:
        return None
    return PlainCheck(found.scenario, found.variants, found.settings, "--json" in found.flags)


_NUMBERS: Final = {"--replications": 1, "--seed": 0, "--workers": 1}
"""Options of a run with the least number of each."""
_SWITCHES: Final = {
    "--json": {"as_json": True},
    "--force": {"force": True},
    "--quiet": {"quiet": True},
    "--report": {"report": True},
    "--no-report": {"report": False},
    "--require-goals": {"require_goals": True},
}


def plain_run(words: Sequence[str]) -> dict[str, Any] | None:
    """The words of a run as parameters of `ccsim.commands.run_made.ran`, or None where the command line has to look."""
    found = _plain(words, "run", flags=_SWITCHES, values=(*_NUMBERS, "--out"))
    if found is None or {"--report", "--no-report"} <= found.flags:
        return None
    asked: dict[str, Any] = {
        "scenario": found.scenario,
        "variants": found.variants,
        "settings": found.settings,
    }
    for flag in found.flags:
        asked |= _SWITCHES[flag]
    for name, least in _NUMBERS.items():
        text = found.values.get(name)
        if text is None:
            continue
        if not (text.isascii() and text.isdigit()) or int(text) < least:
            return None
        asked[name.removeprefix("--")] = int(text)
    if "--out" in found.values:
        asked["out"] = Path(found.values["--out"])
    return asked


@dataclass(slots=True)
class _Plain:
    """Words that leave no question open: each option known, none with a value said twice."""

    scenario: str = ""
    variants: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)


def _plain(words: Sequence[str], command: str, *, flags: Collection[str], values: Sequence[str] = ()) -> _Plain | None:
    if list(words[:1]) != [command]:
        return None
    found = _Plain()
    lists = {"--variant": found.variants, "--set": found.settings}
    todo = list(words[1:])
    while todo:
        word = todo.pop(0)
        option, equals, value = word.partition("=")
        if option in lists or option in values:
            if not equals and not todo:
                return None
            given = value if equals else todo.pop(0)
            if option in lists:
                lists[option].append(given)
            elif not given or given.startswith("-") or option in found.values:
                return None
            else:
                found.values[option] = given
        elif word in flags:
            found.flags.add(word)
        elif word.startswith("-") or not word or found.scenario:
            return None
        else:
            found.scenario = word
    return found if found.scenario else None


def main() -> None:
    """Run the command line; every step of it is guarded, also what is loaded for it."""
    listen()
    gc.set_threshold(GARBAGE_AFTER, 20, 20)
    from ccsim.exits import guarded

    words = sys.argv[1:]
    if (check := plain_check(words)) is not None:
        guarded(lambda: _check(check))
    elif (run := plain_run(words)) is not None:
        guarded(lambda: _run(run))
    else:
        guarded(_command_line)


def _command_line() -> None:
    from ccsim.cli import app

    app()


def _check(asked: PlainCheck) -> None:
    from ccsim.commands.check_text import checked

    # The process ends with the check: looking for garbage would only take time.
    gc.disable()
    sys.exit(checked(asked.scenario, asked.variants, asked.settings, as_json=asked.as_json))


def _run(asked: dict[str, Any]) -> None:
    from ccsim.commands.run_made import ran

    sys.exit(ran(**asked))
