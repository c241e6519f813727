"""Whether a scenario may read files from outside its folder.

A scenario may come from somebody else, and a fault quotes what could not be read: so what it extends and the data that
it names stay within the folder of the scenario unless the user allows more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

_ALLOWED: Final = ContextVar("files from outside", default=False)


def allow(allowed: bool) -> None:
    """Whether scenarios may read files from outside from now on: what a command line says."""
    _ALLOWED.set(allowed)


@contextmanager
def files_from_outside(allowed: bool = True) -> Iterator[None]:
    """Inside, scenarios may read files from outside their folder: `with files_from_outside(): load(...)`."""
    token = _ALLOWED.set(allowed)
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def refusal(path: Path, home: Path) -> str:
    """Why a file may not be read for a scenario in the folder `home`; empty where it may. Links are followed."""
    if _ALLOWED.get():
        return ""
    real, folder = os.path.realpath(path), os.path.realpath(home)
    if os.path.commonpath([real, folder]) == folder:
        return ""
    return "it lies outside the scenario's folder; move it there, or allow it with --allow-outside"
