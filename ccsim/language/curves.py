"""Values over local time, and changes of a stretch of it."""

from __future__ import annotations

from typing import Literal

from ccsim.language.section import Section
from ccsim.text.quantities import Duration, LocalTime


class Repeated(Section):
    """A cell that clocks show twice, because they were put back, with a value for each passage."""

    cell: int
    """Which of the values it is; that value is of the first passage."""
    first: Duration
    """How long the first passage of the cell lasts: until clocks are put back, or for the whole cell."""
    value: float
    """Value of the second passage."""


class Grid(Section):
    """Values on an equal grid of local time."""

    every: Duration
    """Width of a cell."""
    start: LocalTime | None = None
    """Local start of the first cell; none: the values are one local day from midnight, repeated every day."""
    values: tuple[float, ...]
    """Rates: contacts per microsecond in the cell (constant), or at its start (linear). Staffing: agents."""
    repeated: tuple[Repeated, ...] = ()
    """Cells with a value for each passage of a repeated hour, in order of time; only files can say them."""

    @property
    def most(self) -> float:
        """The highest value."""
        return max((*self.values, *(one.value for one in self.repeated)), default=0.0)


class RateCurve(Section):
    """Arrival rate over local time."""

    grid: Grid
    """The rates; outside a grid with a start the rate is 0."""
    interpolate: Literal["constant", "linear"] = "constant"
    """Constant in a cell, or linear between the starts of cells (a repeated day closes on itself)."""


class Change(Section):
    """A change of one stretch of local time, made by a variant or `--set`."""

    start: LocalTime
    """From."""
    end: LocalTime
    """Until, exclusive."""
    add: float = 0.0
    """Added (agents; or contacts per microsecond)."""
    times: float = 1.0
    """Multiplied, before adding."""
    set_to: float | None = None
    """Put in place of the value, before the others."""
