"""Replications that were simulated before, by what is simulated: points of a later batch that differ in prices alone
are priced by them, and a later look with more replications simulates those that are missing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ccsim.interrupts import new_passing_folder, remove_passing
from ccsim.results.lock import draft_of, sweep_inside
from ccsim.results.tables import SIMULATED

MOST_BYTES: Final = 2_000_000_000
"""What is kept takes no more of the disk; what has no room is simulated again where it is wanted again."""
CODEC: Final = "lz4"
FOLDER: Final = "replications"


@dataclass(frozen=True, slots=True)
class SimulatedReplication:
    """What the engine gave for a replication."""

    tables: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class SimulatedBefore:
    """A folder of replications, for all threads and processes of a search at once.

    It is a memory and no result: whatever is not there, damaged or without room is simulated.
    """

    folder: str
    most_bytes: int = MOST_BYTES

    def simulator(self, simulate: Callable[[int], Any], what: str) -> Callable[[int], Any]:
        """What gives the replication of an index as `simulate` does, and simulates it once.

        `what`: everything that a replication depends on, as text: what is simulated, and its seed.
        """
        place, name = Path(self.folder), hashlib.sha256(what.encode()).hexdigest()[:40]
        room = self.most_bytes - sum(one.stat().st_size for one in place.glob("*.tables"))

        def one(replication: int) -> Any:
            nonlocal room
            file = place / f"{name}-{replication}.tables"
            found = _read(file)
            if found is not None:
                return found
            simulated = simulate(replication)
            content = _packed(simulated.tables)
            room -= len(content)
            if room >= 0:
                try:
                    draft = draft_of(file)
                    draft.write_bytes(content)
                    draft.replace(file)
                except OSError:  # the results are kept elsewhere: there it is told
                    room = -1
            return simulated

        return one


@contextmanager
def simulated_before(stored: Path | None) -> Iterator[SimulatedBefore]:
    """Replications of a search: in its folder until it is finished, so that another attempt finds them; in a temporary
    folder where it is not stored.
    """
    if stored is None:
        folder = new_passing_folder()
        try:
            yield SimulatedBefore(str(folder))
        finally:
            remove_passing(folder)
        return
    folder = stored / FOLDER
    folder.mkdir(exist_ok=True)
    sweep_inside(folder)
    yield SimulatedBefore(str(folder))
    shutil.rmtree(folder, ignore_errors=True)  # not where it was stopped: another attempt finds them


def _packed(tables: Mapping[str, NDArray[np.int64]]) -> bytes:
    """Tables as one file: a line that says what follows, then all values."""
    values = np.concatenate([tables[name].ravel() for name in SIMULATED])
    packed = pa.compress(values, codec=CODEC, asbytes=True)
    about = {
        "shapes": [tables[name].shape for name in SIMULATED],
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    return b"".join((json.dumps(about).encode(), b"\n", packed))


def _read(file: Path) -> SimulatedReplication | None:
    """What was kept; None where it is not there, or is not what was kept."""
    try:
        head, _, packed = file.read_bytes().partition(b"\n")
        about = json.loads(head)
        if hashlib.sha256(packed).hexdigest() != about["sha256"] or len(about["shapes"]) != len(SIMULATED):
            return None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    sizes = [rows * columns for rows, columns in about["shapes"]]
    values = np.frombuffer(pa.decompress(packed, 8 * sum(sizes), codec=CODEC), dtype=np.int64)
    parts = np.split(values, np.cumsum(sizes)[:-1])
    return SimulatedReplication(
        {name: part.reshape(shape) for name, part, shape in zip(SIMULATED, parts, about["shapes"], strict=True)}
    )
