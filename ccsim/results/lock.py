"""One process at a time makes the result at a place: a lock that the kernel releases when its holder dies.

What it makes is a draft beside the place, which takes the place's name once it is complete.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Final

from ccsim.errors import OutputError

_fcntl: ModuleType | None
try:
    import fcntl as _fcntl
except ImportError:  # not a Unix system
    _fcntl = None

log: Final = logging.getLogger("ccsim.results")


class PlaceLock:
    """The lock of a place: the file `.NAME.lock` beside it, which is gone when the lock is released."""

    def __init__(self, place: Path, shown: Path) -> None:
        self._file = place.with_name(f".{place.name}.lock")
        self._shown = shown
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock; `OutputError` with the other process's id where one holds it. The folder above must exist."""
        if _fcntl is None:
            log.warning("%s: this system has no file locks; do not write there from two processes", self._shown)
            return
        while True:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            try:
                _fcntl.flock(handle, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
                if not self._is_there(handle):  # its last holder has just removed it
                    os.close(handle)
                    continue
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            except BlockingIOError:
                other = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
                os.close(handle)
                raise OutputError(
                    f"{self._shown}: process {other} is writing there; wait for it, or choose another --out"
                ) from None
            except BaseException:
                os.close(handle)
                raise
            self._handle = handle
            return

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._file.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Release the lock; again is no harm."""
        if self._handle is not None:
            with suppress(OSError):
                self._file.unlink()
            os.close(self._handle)
            self._handle = None


def draft_of(place: Path) -> Path:
    """Where this process makes what is to be at a place: a hidden sibling, see `sweep`."""
    return _beside(place, "partial")


def take_place(draft: Path, place: Path) -> None:
    """Let a complete draft take its place; a folder that was there is put back if it cannot, and goes once it has."""
    if not place.is_dir():
        draft.replace(place)
        return
    old = _beside(place, "old")
    place.rename(old)
    try:
        draft.rename(place)
    except BaseException:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _beside(place: Path, what: str) -> Path:
    return place.with_name(f".{place.name}.{os.getpid()}.{what}")


def sweep(place: Path) -> None:
    """Remove what killed processes left beside a place, and put back what they had moved away. Under the lock only.

    What a living process of this machine has named after itself stays: a version without locks may be writing it, or
    a disk that several machines share may not keep locks.
    """
    _sweep(place.parent, re.escape(place.name))


def sweep_inside(folder: Path) -> None:
    """As `sweep`, of every place inside a folder. Under the lock of the folder only."""
    _sweep(folder, ".+")


def _sweep(folder: Path, name: str) -> None:
    left = re.compile(rf"\.({name})\.(\d+)\.(partial|old)")
    for one in sorted(folder.iterdir()):
        found = left.fullmatch(one.name)
        if found is None or one.is_symlink():
            continue
        place = folder / found[1]
        if one.suffix == ".old" and not place.exists():
            one.rename(place)
        elif _lives(int(found[2])):
            continue
        elif one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """Whether another process of this machine has this id."""
    if process in (0, os.getpid()):
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
