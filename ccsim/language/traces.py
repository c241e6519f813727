"""Recorded contacts, as they are kept once their file is read."""

from __future__ import annotations

from typing import Final

from ccsim.language.section import Section, field

DRAWN: Final = -1
"""A time that is not recorded."""
NEVER: Final = -2
"""A patience without end."""


class Trace(Section):
    """Recorded contacts, replayed as they came."""

    time: tuple[int, ...] = field(label="times", shows="recorded")
    """Microseconds since the start of the horizon, not falling."""
    talk: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded talk in microseconds by contact, -1 where drawn; empty: all drawn."""
    wrap_up: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded wrap-up in microseconds, -1 where drawn; empty: all drawn (none where talk is recorded)."""
    patience: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded patience in microseconds, -1 where drawn, -2 for never; empty: all drawn."""
    source: str = field(default="", label="file", silent=True)
    """File it came from."""
