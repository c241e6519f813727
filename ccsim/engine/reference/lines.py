"""Lines that contacts stand in, and the queue groups in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.kernel import layout
from ccsim.model import Model

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


class WaitingLine:
    """Where visits of equal routing wait, in order of joining."""

    def __init__(self, model: Model, number: int) -> None:
        classes = model.rules.classes
        row = classes.rows[number].tolist()
        self.number = number
        self.visits: list[Visit] = []
        self.live = row[layout.CLASS_LIVE] == 1
        self.units: int = row[layout.CLASS_UNITS]
        """Units of an agent's capacity that a contact takes."""
        self.callbacks_when_idle: int = row[layout.CLASS_CALLBACKS]
        """Line of its callbacks that are taken when agents are idle, -1 without."""
        self.of_callbacks = row[layout.CLASS_OF_CALLBACKS] == 1
        self.may_be_laid_down = row[layout.CLASS_LAID] == 1
        first = row[layout.CLASS_POOLS]
        self.eligible: list[tuple[int, int, int]] = classes.pools[first : first + row[layout.CLASS_POOLS_N]].tolist()
        """Pool, rank and overflow step, in order of preference."""
        first = row[layout.CLASS_OVERFLOWS]
        self.steps: list[int] = classes.overflow_after[first : first + row[layout.CLASS_OVERFLOWS_N]].tolist()
        """Time since joining after which overflow step 1, 2, ... opens."""
        first = row[layout.CLASS_BARRED]
        self.barred: list[int] = classes.barred[first : first + row[layout.CLASS_BARRED_N]].tolist()
        """Pools that only residency or certification forbids."""
        self._shift: int = row[layout.CLASS_SHIFT]
        self._stretches: list[tuple[int, int]] = []
        if (clock := row[layout.CLASS_CLOCK]) != layout.NONE:
            start, count = classes.working.bounds[clock].tolist()
            opens = classes.working.start[start : start + count].tolist()
            worked = classes.working.worked[start : start + count].tolist()
            ends = [at + after - before for at, before, after in zip(opens, worked, worked[1:], strict=False)]
            self._stretches = list(zip(opens, ends, strict=False))

    def urgency(self, joined: int) -> int:
        """What contacts of equal rank are chosen by, the smallest first.

        When they joined, less their wait credit, or when they are due, be it in working time.
        """
        if not self._stretches:
            return joined + self._shift
        left = self._shift
        for opens, closes in self._stretches:
            begins = max(opens, joined)
            if begins < closes:
                if closes - begins >= left:
                    return begins + left
                left -= closes - begins
        return layout.FAR

    def put_back(self, visit: Visit) -> None:
        """A visit that was laid down goes to the place that it has by its time of joining."""
        place = 0
        while place < len(self.visits):
            other = self.visits[place]
            if (other.stands, other.name) > (visit.stands, visit.name):
                break
            place += 1
        self.visits.insert(place, visit)


class GroupState:
    """A queue group: the entry point of its queues."""

    def __init__(self, model: Model, number: int) -> None:
        groups = model.rules.groups
        first, count = groups.first_line[number].tolist()
        self.number = number
        self.open = bool(model.open_at_start[number])
        self.lines = int(groups.lines[number])
        """Most contacts that wait or talk."""
        self.max_waiting = int(groups.max_waiting[number])
        self.clears = bool(groups.clears[number])
        self.live_lines: list[int] = groups.line_rows[first : first + count].tolist()
        self.inside = 0
        """Contacts that wait or talk."""
        self.waiting = 0
