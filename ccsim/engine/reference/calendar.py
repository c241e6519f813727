"""SimPy's clock, with the order of events at one instant that `docs/background/semantics.md` lays down."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]


class Rank(IntEnum):
    """What comes first at one instant."""

    END_OF_TALK = 0
    END_OF_HOLD = 1
    END_OF_WRAP_UP = 2
    PLAN_OF_AGENTS = 3
    END_OF_BREAK = 4
    GROUPS = 5
    BREAK_IS_DUE = 6
    OVERFLOW_STEP = 7
    OFFER_OF_CALLBACK = 8
    PATIENCE = 9
    END_OF_SESSION = 10
    RETURN = 11
    ARRIVAL = 12


def brought_in(start: int, ramp: int, now: int) -> float:
    """How far what begins at an instant and is brought in evenly works now, between 0 and 1."""
    if now < start:
        return 0.0
    return (now - start) / ramp if now - start < ramp else 1.0


class Calendar(simpy.Environment):
    """SimPy's environment on whole microseconds.

    SimPy takes its events by time, then priority, then the order in which they were made. Here a priority is a tuple:
    the rank of the event and the name of whom it concerns, so that it does not matter who made an event first. SimPy's
    own events (a process begins, or goes on because something has happened to it) have a rank below all others: what
    an event sets off is done before the next event.
    """

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0
        """Events taken until now; one that has been overtaken (a talk that ends later) is one too."""

    def schedule(self, event: simpy.Event, priority: Any = simpy.events.NORMAL, delay: Any = 0) -> None:
        """SimPy's own way of putting an event on the list."""
        super().schedule(event, priority if isinstance(priority, tuple) else (-1, priority), delay)  # type: ignore[arg-type]

    def at(self, time: int, rank: Rank, name: tuple[int, ...], *, counts: bool = True) -> simpy.Event:
        """An event at a time, for what `name` names."""
        return _Appointment(self, time, (int(rank), *name), counts)

    def call(self, time: int, rank: Rank, name: tuple[int, ...], action: Callable[[], None], **more: bool) -> None:
        """Do something at a time."""
        event = self.at(time, rank, name, **more)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: action())


class _Appointment(simpy.Event):
    """As SimPy's timeout, with a rank and a name."""

    def __init__(self, calendar: Calendar, time: int, order: tuple[int, ...], counts: bool) -> None:
        super().__init__(calendar)
        self._ok, self._value = True, None

        def count(_: simpy.Event) -> None:
            calendar.taken += counts

        self.callbacks = [count]
        calendar.schedule(self, order, time - int(calendar.now))
