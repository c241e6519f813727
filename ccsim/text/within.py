"""Whether a scenario may read files from outside its folder.

A scenario may come from somebody else, and a fault quotes what could not be read: so what it extends and the data that
it names stay within the folder of the scenario unless the user allows more. A fault in a file from outside quotes none
of its text even then; it names the line, and of a scenario the key under which the fault stands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from ccsim.text.tree import Source

_QUOTED: Final = re.compile(r"'.*'|\".*\"", re.DOTALL)
_KNOWN: Final = re.compile(r"(; (known|did you mean)|(?<=expected 100%): ).*", re.DOTALL)
_ALLOWED: Final = ContextVar("files from outside", default=False)


@contextmanager
def files_from_outside(allowed: bool = True) -> Iterator[None]:
    """Inside, scenarios may read files from outside their folder: `with files_from_outside(): load(...)`.

    With `allowed` false all stays as it was.
    """
    token = _ALLOWED.set(allowed or _ALLOWED.get())
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def files_allowed() -> bool:
    """Whether scenarios may read files from outside their folder here."""
    return _ALLOWED.get()


def refusal(path: Path, home: Path) -> str:
    """Why a file may not be read for a scenario in the folder `home`; empty where it may. Links are followed."""
    if _ALLOWED.get():
        return ""
    if not lies_outside(path, home):
        return ""
    return "it is outside the scenario's folder; move it there, or allow it with --allow-outside"


def lies_outside(path: str | Path, home: Path) -> bool:
    """Whether a path leads out of a folder. Links are followed."""
    real, folder = os.path.realpath(path), os.path.realpath(home)
    return os.path.commonpath([real, folder]) != folder


def is_foreign(source: Source, home: Path) -> bool:
    """Whether text was read from a file outside a folder."""
    read = os.path.isfile(source.name)  # noqa: PTH113 - Path.is_file() raises for a name that is too long
    return lies_outside(source.folder, home) or (read and lies_outside(source.name, home))


def unquoted(message: str) -> str:
    """A message without the text of a file that it quotes: what a fault in a file from outside may say."""
    return _KNOWN.sub("", _QUOTED.sub("'...'", message))
