"""Demand: streams of contacts, planned or recorded."""

from __future__ import annotations

from ccsim.scenario.curves import Change, RateCurve
from ccsim.scenario.quantities import Name, Ratio
from ccsim.scenario.section import Section


class Trace(Section):
    """Recorded contacts, played as they came."""

    time: tuple[int, ...]
    """Microseconds since the start of the horizon, not falling."""
    talk: tuple[int, ...] = ()
    """Recorded talk in microseconds by contact, -1 where drawn; empty: all drawn."""
    wrap_up: tuple[int, ...] = ()
    """Recorded wrap-up in microseconds, -1 where drawn; empty: all drawn (none where talk is recorded)."""
    patience: tuple[int, ...] = ()
    """Recorded patience in microseconds, -1 where drawn, -2 for never; empty: all drawn."""
    source: str = ""
    """File it came from."""


class DayFactor(Section):
    """Random busyness of a local day: gamma with mean 1, one draw a stream (or a shared name) and date."""

    cv: Ratio
    """Coefficient of variation; 0: every day as planned."""
    shared: Name | None = None
    """Streams that name the same factor are busy together."""


class Stream(Section):
    """Demand of one kind."""

    workflow: Name
    """Workflow. Default: the stream's name."""
    channel: Name = "phone"
    """Channel."""
    segment: Name = "all"
    """Segment."""
    market: Name = "all"
    """Market."""
    language: Name = "any"
    """Language."""
    rate: RateCurve | None = None
    """Arrival rate; either this or a trace."""
    changes: tuple[Change, ...] = ()
    """Changes of the rate, in the order they were written."""
    trace: Trace | None = None
    """Recorded contacts in place of a rate."""
    day_factor: DayFactor | None = None
    """Random busyness of the day. `day_cv: 9%` is short for `day_factor: {cv: 9%}`."""
    draws_as: Name | None = None
    """Keep the luck of a stream that was renamed: its old name."""
