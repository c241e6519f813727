"""Refuses arguments that no queue can have, all of them in one message."""

from __future__ import annotations

import math
from numbers import Integral, Real

MOST_AGENTS = 10_000_000
#: Rates and times outside 1/LARGEST to LARGEST are slips, and their products would leave the range of floats.
LARGEST = 1e50


def refuse(*faults: str | None) -> None:
    """Raise ValueError with every fault that is not None, one a line."""
    found = [fault for fault in faults if fault]
    if found:
        raise ValueError("\n".join(found))


def positive(name: str, value: float) -> str | None:
    """Return a fault unless the value is a number above 0 that a rate or time can have."""
    if not _is_number(value) or not 1 / LARGEST <= value <= LARGEST:
        return f"{name}: expected a finite number above 0, got {value!r}"
    return None


def not_negative(name: str, value: float) -> str | None:
    """Return a fault unless the value is a number, 0 or above, that a rate or time can have."""
    if not _is_number(value) or not 0 <= value <= LARGEST:
        return f"{name}: expected a finite number, 0 or above, got {value!r}"
    return None


def between(name: str, value: float, low: float, high: float) -> str | None:
    """Return a fault unless the value lies in [low, high]."""
    if not _is_number(value) or not low <= value <= high:
        return f"{name}: expected a number from {low:g} to {high:g}, got {value!r}"
    return None


def share(name: str, value: float) -> str | None:
    """Return a fault unless the value lies in [0, 1]."""
    if not _is_number(value) or not 0 <= value <= 1:
        return f"{name}: expected a share from 0 to 1, got {value!r}"
    return None


def inner_share(name: str, value: float) -> str | None:
    """Return a fault unless the value lies strictly between 0 and 1."""
    if not _is_number(value) or not 0 < value < 1:
        return f"{name}: expected a share between 0 and 1, both excluded, got {value!r}"
    return None


def whole(name: str, value: int, least: int = 1, most: int = MOST_AGENTS) -> str | None:
    """Return a fault unless the value is a whole number from `least` to `most`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value <= most:
        return f"{name}: expected a whole number from {least} to {most}, got {value!r}"
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
