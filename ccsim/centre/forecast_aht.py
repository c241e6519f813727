"""Handle times of a forecast by the clock of its market: on each local date, and as the work that demand brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from ccsim.centre.pieces import ConstantPieces, micros_between, multiplied
from ccsim.centre.shapes import Curve, Shape, Shapes, curve_of
from ccsim.language.curves import Grid
from ccsim.language.scenario import Scenario
from ccsim.units import DAY


class ForecastAht:
    """The average handle time that a volume's forecast says, at every local time."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    @cached_property
    def _said(self) -> tuple[float, ...]:
        return _said_everywhere(self._grid)

    @property
    def mean(self) -> float:
        """Plain mean over the intervals, microseconds."""
        return sum(self._said) / len(self._said)

    def on(self, day: date) -> ConstantPieces:
        """What is said on one local date by the clock, from 00:00 to 24:00, in microseconds.

        In an hour that clocks show twice both passages have what is said of the first.
        """
        every, said = self._grid.every, self._said
        shift = 0 if self._grid.start is None else micros_between(day, self._grid.start)
        first = min(max(-shift // every, 0), len(said) - 1)
        last = min(max(-((shift - DAY) // every), first + 1), len(said))
        end = DAY if last == len(said) else min(shift + last * every, DAY)
        return ConstantPieces(said[first:last], shift + first * every, every, 0, end)

    def at(self, day: date, time: int) -> float:
        """What is said at a time of day, microseconds since midnight."""
        return next(piece.value for piece in self.on(day) if time < piece.end)


def _said_everywhere(grid: Grid) -> tuple[float, ...]:
    """What is said of every interval: of those that are 0 the nearest before, else the nearest after; days repeat."""
    if min(grid.values) > 0.0:
        return grid.values
    last = next((value for value in reversed(grid.values) if value > 0.0), 0.0)
    first = next((value for value in grid.values if value > 0.0), 0.0)
    holds = last if grid.start is None else first
    found = []
    for value in grid.values:
        holds = value if value > 0.0 else holds
        found.append(holds)
    return tuple(found)


class ForecastWork:
    """Shapes of demand times the handle time that the forecast says: the work of a volume on local dates."""

    def __init__(self, scenario: Scenario, shapes: Shapes) -> None:
        self._shapes = shapes
        self._said = {
            name: ForecastAht(volume.aht) for name, volume in scenario.demand.items() if volume.aht is not None
        }
        self._curves: dict[tuple[Curve, int, int, int, Sequence[float]], Curve] = {}

    def over(self, shape: Shape, first: date, days: int) -> list[tuple[float, Curve]]:
        """As `Shapes.over`, with microseconds of work in place of contacts."""
        said = self._said[shape.volume]
        return [
            (factor, self._cut(curve, said.on(first + timedelta(days=number))))
            for number, (factor, curve) in enumerate(self._shapes.over(shape, first, days))
        ]

    def _cut(self, curve: Curve, said: ConstantPieces) -> Curve:
        key = (curve, said.start, said.every, said.last, said.cells)
        if key not in self._curves:
            self._curves[key] = curve_of(multiplied(curve.pieces, said), multiplied(curve.again, said))
        return self._curves[key]
