"""What was made before of the same content: scenarios that differ in something else share it."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What says how large it is."""

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""


T = TypeVar("T", bound=Sized)


class MadeBefore(Generic[T]):
    """The last results of a function, by the content of all that it is made from; nobody may change them."""

    def __init__(self, most_bytes: int) -> None:
        """`most_bytes`: those that are kept take no more together."""
        self._most = most_bytes
        self._made: OrderedDict[bytes, T] = OrderedDict()
        self._lock = Lock()

    def of(self, content: Sequence[object], make: Callable[[], T]) -> T:
        """What `make` makes of a content, whose parts can be pickled. Contents of equal pickles are equal; of some
        equal ones the pickles differ, and these are made twice."""
        told = hashlib.sha256(f"{len(content)}".encode())
        for part in content:  # each alone: a pickle says what two parts share, and that is no content
            told.update(pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL))
        key = told.digest()
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while sum(one.nbytes for one in self._made.values()) > self._most:
                self._made.popitem(last=False)
        return made
