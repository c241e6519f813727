"""Places of runs: which are free, and which hold a run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from ccsim.errors import OutputError

FORMAT: Final = "ccsim run"


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run that ccsim wrote."""
    return has_format(folder / "run.json", FORMAT)


def has_format(file: Path, name: str) -> bool:
    """Whether a file is there, is JSON, and says that it is of a format."""
    try:
        return bool(json.loads(file.read_text(encoding="utf-8"))["format"] == name)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def of_another_format(folder: str | os.PathLike[str], found: object, reads: int) -> str:
    """What is said of a folder that another version of ccsim wrote; empty where this one reads its format."""
    if found == reads:
        return ""
    return (
        f"{folder}: has format {found!r}, of another version of ccsim; this one reads {reads}: make it again, or read "
        "it with the version that made it"
    )


def check_place(folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """The place for a new run; `OutputError` if it is taken or cannot be made. Nothing is written.

    Parameters
    ----------
    folder
        Where the run is to be.
    force
        Whether a run that is there may be replaced. Anything else that is there never is.
    """
    place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link at the place itself
    try:
        _check_place(place, str(folder), force=force)
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder}: cannot be made: {getattr(error, 'strerror', error)}") from None
    return place


def _check_place(place: Path, folder: str, *, force: bool) -> None:
    if not opens(place):
        raise OutputError(f"{folder}: has bytes in its path that are not UTF-8; choose another --out")
    if place.is_symlink():
        raise OutputError(f"{folder}: is a link; name the folder itself")
    if place.exists():
        if not force:
            raise OutputError(f"{folder}: exists already; choose another place, or --force to replace a run")
        if not is_run(place):
            raise OutputError(f"{folder}: exists and is not a run of ccsim; it is not replaced")
    above = place.parent
    while not above.exists() and not above.is_symlink():
        above = above.parent
    if not above.is_dir():
        raise OutputError(f"{folder}: cannot be made, {above} is not a folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutputError(f"{folder}: cannot be made, no permission to write in {above}")


def free_place(parent: str | os.PathLike[str], name: str) -> Path:
    """The first of `parent/name-1`, `parent/name-2`, ... that does not exist yet."""
    number = 1
    while os.path.lexists(Path(parent) / f"{name}-{number}"):
        number += 1
    return Path(parent) / f"{name}-{number}"


def opens(path: Path) -> bool:
    """Whether Arrow opens files there: it takes only paths that are UTF-8."""
    try:
        os.path.abspath(path).encode()  # noqa: PTH100 - resolve() would follow links
    except UnicodeEncodeError:
        return False
    return True
