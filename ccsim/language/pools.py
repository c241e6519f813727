"""Agents: pools, their skills and their shifts."""

from __future__ import annotations

from typing import Annotated

from ccsim.language.curves import Change, Grid
from ccsim.language.places import WorkedShare
from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Duration, Factor, Money, Name, Share, TimeOfDay


class Skill(Section):
    """What a pool can do of one workflow."""

    level: Annotated[Count, Field(ge=1)] = 1
    """1 is the best; `level` rules and `best_skill` go by it."""
    handle_time: Factor = 1.0
    """Pace: talk and wrap-up are multiplied by this."""


class Break(Section):
    """A pause in a shift."""

    after: Duration
    """Planned start, from the start of the shift."""
    length: Duration
    """Length; taken whole, once the contact in hand has ended."""
    paid: bool = True
    """Whether the pool pays for it."""


class Shift(Section):
    """Named agents who come at the same time."""

    agents: Annotated[Count, Field(ge=1)]
    """Agents on this shift."""
    start: TimeOfDay
    """Local time of signing in."""
    length: Duration
    """From signing in to the planned end, breaks included."""
    breaks: tuple[Break, ...] = ()
    """Breaks in order, without overlap, inside the shift."""
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays on which it starts, Monday 0. In YAML `mon-fri`, `[sat, sun]`."""


class Pool(Section):
    """Exchangeable agents."""

    tier: tuple[Name, ...] = ("t1",)
    """Tiers whose visits they handle. In YAML a name or a list."""
    skills: dict[Name, Skill] | None = None
    """Workflows they handle, with level and pace; none: every workflow at level 1. In YAML also
    `workflows: [a, b]`."""
    channels: tuple[Name, ...] | None = None
    """Channels they handle; none: all."""
    staffing: Grid | None = None
    """Agents on the line over local time (a step curve); either this or shifts. In YAML a number,
    `[[00:00, 12], [02:00, 3]]`, or a CSV."""
    changes: tuple[Change, ...] = ()
    """Changes of the staffing, in the order they were written."""
    shifts: tuple[Shift, ...] = ()
    """Named agents who come at the same time."""
    headcount: Count | None = None
    """People employed: a roster is built for them from `patterns`. In YAML with `shifts: [day_8h, late_8h]`."""
    patterns: tuple[Name, ...] = ()
    """Shift patterns of the roster."""
    shrinkage: dict[Name, Share | WorkedShare] | None = None
    """Paid time away by cause, each a share of the rostered time, so that causes add up; of what whole days away leave
    where it is said so: `training: {share: 10%, of: worked}`. `absence` and `leave` are whole days, drawn for each
    agent and shift; every other cause (training, meetings, coaching) is a block in each shift that is worked, long
    enough to make up for those that are not. None: the vendor's."""
    site: Name | None = None
    """Where they sit."""
    vendor: Name | None = None
    """Who employs them."""
    languages: dict[Name, Share] | None = None
    """Languages they handle with their proficiency: handle times are divided by it; none: every language. In YAML
    `[en, de]`, or `{de: 100%, en: 90%}`."""
    certifications: tuple[Name, ...] = ()
    """Certifications they hold."""
    keep_free: Count = 0
    """Deferred work is taken only while more than this many agents of the pool are idle.
    In YAML `deferred: {keep_free: 2}`."""
    handle_time: Factor = 1.0
    """Pace of the pool on everything, times the skill's."""
    paid_hour: Money | None = None
    """Price of a paid hour, in the scenario's currency; none: the vendor's."""
    draws_as: Name | None = None
    """Random-number stream of the pool's absences; for a pool that was renamed its old name, so that the same people
    are away on the same days."""
