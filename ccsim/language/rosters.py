"""A published roster: who is on the line, away or off, shift by shift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from ccsim.language.section import Section, field

Kind = Literal["line", "paid", "unpaid"]
"""What an activity is: on the line, paid time away, or unpaid."""
ACTIVITY_KINDS: Final[tuple[Kind, ...]] = ("line", "paid", "unpaid")


class RosterStretch(NamedTuple):
    """What one agent does from one instant to another."""

    who: int
    """Which of the people."""
    shift: int
    """Number of the shift; those of one agent follow each other."""
    activity: int
    """Which of the activities."""
    start: int
    """Microseconds since the start of the horizon; it may lie before."""
    end: int


class PublishedRoster(Section):
    """A published roster: who works when, as a file says. Stretches by agent and time, none over another."""

    people: tuple[str, ...] = ()
    """Names of the agents, sorted."""
    activities: tuple[str, ...] = ()
    """Names of the activities, sorted."""
    kinds: tuple[Kind, ...] = ()
    """What each activity is: `line`, `paid` time away, or `unpaid`."""
    who: tuple[int, ...] = field(default=(), label="agents of the stretches")
    """Which of the people works a stretch."""
    shift: tuple[int, ...] = field(default=(), label="shifts of the stretches")
    """Number of the shift to which a stretch belongs: whole days away are drawn by shift."""
    activity: tuple[int, ...] = field(default=(), label="activities of the stretches")
    """Which of the activities a stretch is."""
    start: tuple[int, ...] = field(default=(), label="starts of the stretches")
    """Microseconds since the start of the horizon; a shift may have begun before."""
    end: tuple[int, ...] = field(default=(), label="ends of the stretches")
    """Microseconds since the start of the horizon."""
    source: str = field(default="", label="file", silent=True)
    """File it came from."""

    def stretches(self) -> Iterator[RosterStretch]:
        """The stretches, by agent and time."""
        return map(RosterStretch, self.who, self.shift, self.activity, self.start, self.end)

    def time(self, since: int, until: int) -> dict[str, int]:
        """Agents' time of each activity within a period, microseconds."""
        found = [0] * len(self.activities)
        for activity, start, end in zip(self.activity, self.start, self.end, strict=True):
            found[activity] += max(min(end, until) - max(start, since), 0)
        return dict(zip(self.activities, found, strict=True))

    def on_line(self) -> Iterator[tuple[int, int]]:
        """Starts and ends of the stretches on the line."""
        line = [kind == "line" for kind in self.kinds]
        return (
            (start, end)
            for activity, start, end in zip(self.activity, self.start, self.end, strict=True)
            if line[activity]
        )
