"""Curves over local time: steps of a day, lists of values; all become a `Grid`. CSV files: see `intervals`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, Literal

from ccsim.language.derive import quantity
from ccsim.language.forms import Form, ListForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.section_forms import Key, SectionForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, LocalTime
from ccsim.text.tree import Items, Map, Node, flow
from ccsim.units import DAY, SECOND

MOST_CELLS: Final = 1_000_000


class StepsForm(Form):
    """Steps of one local day: `[[00:00, 12], [02:00, 3]]`; read as pairs of microseconds and value."""

    def __init__(self, value: Form) -> None:
        self.value = value
        self.says = "steps of a day like [[00:00, 12], [02:00, 3]]"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Items) or not node.items:
            return rd.expected(self.says, node, key)
        steps: list[tuple[int, float]] = []
        bad = False
        for number, item in enumerate(node.items):
            at = joined(key, str(number))
            if not isinstance(item, Items) or len(item.items) != 2:
                rd.fault(f"expected a step like [09:30, 12], got {flow(item, 60)}", item.place, at)
                bad = True
                continue
            time = quantity("time_of_day").read(item.items[0], joined(at, "0"), rd)
            value = self.value.read(item.items[1], joined(at, "1"), rd)
            if time is BAD or value is BAD:
                bad = True
                continue
            after = steps[-1][0] if steps else -1
            if number == 0 and time != 0:
                rd.fault("expected the first step at 00:00", item.place, at)
                bad = True
            elif time <= after or time >= DAY:
                rd.fault("expected steps in rising order before 24:00", item.place, at)
                bad = True
            steps.append((time, value))
        return BAD if bad else tuple(steps)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        pair: Schema = {
            "type": "array",
            "prefixItems": [quantity("time_of_day").schema(defs), self.value.schema(defs)],
            "minItems": 2,
            "maxItems": 2,
        }
        return {"type": "array", "minItems": 1, "items": pair}


def grid_of_steps(steps: Sequence[tuple[int, float]], *, linear: bool = False) -> Grid:
    """One local day on the widest grid with all steps at starts of cells; linear between steps if asked."""
    width = math.gcd(DAY, *(time for time, _ in steps))
    ends = [*steps[1:], (DAY, steps[0][1])]
    values: list[float] = []
    for (start, value), (end, following) in zip(steps, ends, strict=True):
        cells = (end - start) // width
        rise = following - value if linear else 0.0
        values.extend(value + rise * (cell / cells) for cell in range(cells))
    return Grid(every=width, values=tuple(float(v) for v in values))


def flat(value: float) -> Grid:
    """The same value at all times."""
    return Grid(every=DAY, values=(value,))


def check_grid(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """The values of a grid, if without `start` they span one day."""
    width, cells, start = values["every"], len(values["values"]), values.get("start")
    if start is None and width * cells != DAY:
        spans = scalars.duration_text(width * cells)
        return rd.fault(
            f"expected values for one day, or a `start:`; {cells} values every "
            f"{scalars.duration_text(width)} span {spans}",
            node.entries["values"].place,
            joined(key, "values"),
        )
    return values


def grid_keys(value: Form, outside: str = "Outside the intervals the value is 0.") -> dict[str, Key]:
    """Keys of values on an equal grid; `outside` says what holds before and after those that have a start."""
    return {
        "every": Key(
            quantity("duration", least=SECOND, most=7 * DAY), "Length of an interval, 1 s or more.", required=True
        ),
        "values": Key(
            ListForm(value, least=1, most=MOST_CELLS),
            "One value for each interval, the first from `start`, or from midnight of every day.",
            required=True,
        ),
        "start": Key(
            quantity("local_time"),
            f"Local start of the first interval; without it the values are one day, repeated every day. {outside}",
        ),
    }


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
    """Rates: contacts per microsecond in the cell (constant), or at its start (linear). Staffing: agents. Handle times
    of a forecast: microseconds, 0 where nothing is said."""
    repeated: tuple[Repeated, ...] = ()
    """Cells with a value for each passage of a repeated hour, in order of time; only files can say them."""

    @property
    def most(self) -> float:
        """The highest value."""
        return max((*self.values, *(one.value for one in self.repeated)), default=0.0)


def grid_form(value: Form, title: str, **outside: str) -> SectionForm:
    """Values on an equal grid: `{every: 30m, values: [...], start: 2026-03-02}`; see `grid_keys`."""
    return SectionForm(Grid, grid_keys(value, **outside), finish=check_grid, title=title)


class RateCurve(Section):
    """Arrival rate over local time."""

    grid: Grid = field(label="")
    """The rates; outside the dates that they cover the rate is 0."""
    interpolate: Literal["constant", "linear"] = field(default="constant", label="between its values")
    """Constant in each interval, or linear between the starts of intervals (on a repeated day also from the last to the
    first)."""
