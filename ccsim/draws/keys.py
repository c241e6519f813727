"""Keys from names: what a thing is called decides its random numbers, not where it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import CcsimError

#: Kinds of things that have random-number streams of their own; part of every hashed name.
STREAM: Final = "stream"
DAY_FACTOR: Final = "day factor"
POOL: Final = "pool"
UNCERTAIN: Final = "uncertain input"

# Decisions of a contact's life: the high half of the last word of the counter.
ARRIVAL: Final = 1 << 16
PATIENCE: Final = 2 << 16
HANDLE: Final = 3 << 16
OUTCOME: Final = 4 << 16
RETURN: Final = 5 << 16
ROUTE: Final = 6 << 16
VENDOR: Final = 7 << 16
PEERS: Final = 8 << 16
BOT: Final = 9 << 16
MISROUTE: Final = 10 << 16
SEVERITY: Final = 11 << 16
RATING: Final = 12 << 16
RETURN_CHANNEL: Final = 16 << 16
BALK: Final = 20 << 16
CALLBACK: Final = 21 << 16
ATTEMPT: Final = 22 << 16
DEFLECTION: Final = 24 << 16
HAND_OVER: Final = 30 << 16

FIRST_OF_BACKLOG: Final = 1 << 24
"""Number of the first contact of a stream's opening backlog: no day brings so many contacts."""

# Decisions of an agent's day.
ABSENCE: Final = 1 << 16
BREAK: Final = 2 << 16


def name_hash(kind: str, name: str) -> int:
    """64 bits of blake2b of a kind and a name."""
    return int.from_bytes(hashlib.blake2b(f"{kind}\0{name}".encode(), digest_size=8).digest(), "little")


def stream_key(seed: int, replication: int, kind: str, name: str) -> tuple[int, int]:
    """The two 32-bit words of the Philox key of one named thing in one replication.

    The seed may have 64 bits and the replication 32; both are mixed with the name by one Philox block.
    """
    from ccsim.draws.philox import philox  # compiled: a model is made without it

    hashed = name_hash(kind, name)
    words = philox(
        np.uint64(seed & 0xFFFFFFFF),
        np.uint64((seed >> 32) & 0xFFFFFFFF),
        np.uint64(replication),
        np.uint64(0),
        np.uint64(hashed & 0xFFFFFFFF),
        np.uint64(hashed >> 32),
    )
    return int(words[0]), int(words[1])


def stream_keys(seed: int, replication: int, kind: str, names: tuple[str, ...]) -> NDArray[np.int64]:
    """[names, 2] The Philox keys of things of one kind, each that of `stream_key`."""
    from ccsim.draws.philox import mix

    made = np.empty((len(names), 2), np.int64)
    mix(np.uint64(seed & 0xFFFFFFFFFFFFFFFF), np.uint64(replication), _hashes(kind, names), made)
    return made


@lru_cache(maxsize=16)
def _hashes(kind: str, names: tuple[str, ...]) -> NDArray[np.uint64]:
    """[names] Hashes, which every replication of a model asks for again."""
    return np.array([name_hash(kind, name) for name in names], np.uint64)


def vendor_word(name: str) -> int:
    """16 bits of a vendor's name: a word of the counter by which visits are assigned."""
    return name_hash("vendor", name) & 0xFFFF


def check_collisions(kind: str, names: Iterable[str]) -> None:
    """Refuse two different names whose 64-bit hashes are equal (they would share their random numbers)."""
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(name_hash(kind, name), name)
        if other != name:
            raise CcsimError(f"the names {other!r} and {name!r} share a 64-bit hash: rename one of them")


def check_vendors(names: Iterable[str]) -> None:
    """Refuse two vendors whose 16-bit words are equal (they would share their random numbers)."""
    seen: dict[int, str] = {}
    for name in sorted(names):
        other = seen.setdefault(vendor_word(name), name)
        if other != name:
            raise CcsimError(f"the vendors {other!r} and {name!r} share a 16-bit hash: rename one of them")
