"""Pages that show commands: their files are written, their commands run, and what they quote must be printed."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from ccsim.cli import app

_FENCE = re.compile(r"^```(\w+)(?: ([\w.-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"\(exit code (\d+)\)")
CUT = "..."
"""Stands for lines that a page leaves out."""


class Command(NamedTuple):
    """A command of a page, what the page quotes of it, and what it printed."""

    words: list[str]
    quoted: list[str]
    printed: list[str]
    code: int
    expected: int
    """Exit code: what the page says in a line like `(exit code 3)`; of `diff` 1, for it finds differences; else 0."""


def fences(page: Path) -> list[tuple[str, str, str]]:
    """Blocks of a page: language, name of a file or nothing, text."""
    return _FENCE.findall(page.read_text(encoding="utf-8"))


def simulated(page: Path, place: Path) -> list[Command]:
    """Everything that a page shows, done in its order in an empty folder."""
    commands: list[Command] = []
    with chdir(place):
        for language, name, text in fences(page):
            if name:
                Path(name).write_text(text, encoding="utf-8")
            elif language == "console":
                commands += map(_run, re.split(r"^\$ ", text, flags=re.MULTILINE)[1:])
    return commands


def _run(shown: str) -> Command:
    line, *below = shown.rstrip("\n").split("\n")
    said = [int(found[1]) for one in below if (found := _CODE.fullmatch(one))]
    quoted = [one for one in below if one and not _CODE.fullmatch(one)]
    words = shlex.split(line)
    assert words[0] == "ccsim", line
    result = CliRunner().invoke(app, words[1:])
    code = int(getattr(result.exception, "exit_code", result.exit_code))
    printed = (result.stdout + result.stderr).split("\n")
    expected = said[0] if said else int(words[1] == "diff")
    return Command(words, quoted, [one.rstrip() for one in printed], code, expected)


def unsaid(command: Command) -> list[str]:
    """Quoted lines that were not printed, or not in this order; a quote ends where a line begins with `...`."""
    rest = list(command.printed)
    missing = []
    for line in command.quoted:
        if line.strip() == CUT:
            continue
        wanted = line.rstrip().removesuffix(CUT).rstrip()
        at = next((n for n, one in enumerate(rest) if one == line.rstrip() or one.startswith(wanted)), None)
        if at is None:
            missing.append(line)
        else:
            rest = rest[at + 1 :]
    return missing
