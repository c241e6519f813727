"""The first step of the command line.

`ccsim check` is what editors and hooks call again and again, and the library behind the command line takes longer to
load than a scenario takes to check. So a plain `check` is understood here; all other words, and all that is odd about
them, go to `ccsim.cli`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

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
    if words[:1] != ["check"]:
        return None
    found = PlainCheck()
    lists = {"--variant": found.variants, "--set": found.settings}
    todo = list(words[1:])
    while todo:
        word = todo.pop(0)
        option, equals, value = word.partition("=")
        if option in lists:
            if not equals and not todo:
                return None
            lists[option].append(value if equals else todo.pop(0))
        elif word == "--json":
            found.as_json = True
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

    asked = plain_check(sys.argv[1:])
    guarded(_command_line if asked is None else lambda: _check(asked))


def _command_line() -> None:
    from ccsim.cli import app

    app()


def _check(asked: PlainCheck) -> None:
    from ccsim.commands.check_text import checked

    # The process ends with the check: looking for garbage would only take time.
    gc.disable()
    sys.exit(checked(asked.scenario, asked.variants, asked.settings, as_json=asked.as_json))
