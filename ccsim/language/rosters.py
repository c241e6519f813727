"""A published roster: who is on the line, away or off, shift by shift."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final, Literal, NamedTuple

from ccsim.language.activities import ActivitySkills
from ccsim.language.section import Section, field
from ccsim.text.quantities import Name

Kind = Literal["line", "paid", "unpaid", "elsewhere"]
"""What an activity is: on the line, paid time away, unpaid, or on the line for another group of the same people."""
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
    """What each activity is: `line`, `paid` time away, `unpaid`, or `elsewhere`."""
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

    groups: dict[Name, ActivitySkills] = field(default_factory=dict, silent=True)
    """Of people who serve different work by activity: groups, and what each serves. Empty once they are told apart."""
    group: tuple[str, ...] = field(default=(), silent=True)
    """Group of each activity on the line."""
    group_of: str = field(default="", silent=True)
    """Of a group: the pool whose people it has. Other groups have them too, at other times."""

    def stretches(self) -> Iterator[RosterStretch]:
        """The stretches, by agent and time."""
        return map(RosterStretch, self.who, self.shift, self.activity, self.start, self.end)

    def own(self) -> list[bool]:
        """Whether each stretch is of this group: it is on the line for it, or away just after (else before) that.

        Shifts without time on the line are of the first group. Where people are in no groups, all are.
        """
        if "elsewhere" not in self.kinds:
            return [True] * len(self.shift)
        first = next(kind for kind in self.kinds if kind in ("line", "elsewhere")) == "line"
        found: list[bool] = []
        for _, shift in groupby(zip(self.shift, self.activity, strict=True), key=lambda one: one[0]):
            kinds = [self.kinds[activity] for _, activity in shift]
            now = next((kind == "line" for kind in kinds if kind in ("line", "elsewhere")), first)
            for kind in kinds:
                now = kind == "line" if kind in ("line", "elsewhere") else now
                found.append(now)
        return found

    def staff(self) -> int:
        """People who have a stretch of this group."""
        return len({who for who, own in zip(self.who, self.own(), strict=True) if own})

    def time(self, since: int, until: int) -> dict[str, int]:
        """Agents' time of each activity within a period, microseconds; of its own stretches."""
        found = [0] * len(self.activities)
        for activity, start, end, own in zip(self.activity, self.start, self.end, self.own(), strict=True):
            if own:
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
