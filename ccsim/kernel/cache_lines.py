"""Records that begin at a line of the processor's cache.

A line that is not found in the second-level cache costs more than everything else that an event does: a record of three
lines is to touch three, not four.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ccsim.kernel.layout import Ints

LINE: Final = 8
"""Words of a cache line."""


def records(n: int, width: int) -> Ints:
    """Records of zeros that begin at a cache line."""
    room = np.zeros(n * width + LINE, np.int64)
    first = -(room.ctypes.data // room.itemsize) % LINE
    return room[first : first + n * width].reshape(n, width)


def twice(rows: Ints) -> Ints:
    """The same records, and as many again."""
    more = records(2 * rows.shape[0], rows.shape[1])
    more[: rows.shape[0]] = rows
    return more


def in_lines(width: int) -> int:
    """Width of a record in whole cache lines, so that each of them begins at one."""
    return -(-width // LINE) * LINE
