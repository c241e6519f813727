"""Curves over local time: steps of a day, lists of values, CSV files on a grid; all become a `Grid`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ccsim.scenario import scalars
from ccsim.scenario.csvs import Csv, read_csv
from ccsim.scenario.derive import quantity
from ccsim.scenario.forms import Form, Key, ListForm, Schema, SectionForm
from ccsim.scenario.paths import joined
from ccsim.scenario.quantities import LocalTime
from ccsim.scenario.reading import BAD, Bad, Reading
from ccsim.scenario.sections import Grid
from ccsim.scenario.tree import Items, Map, Node, Place, flow
from ccsim.units import DAY, SECOND

MOST_CELLS = 1_000_000


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


def grid_keys(value: Form) -> dict[str, Key]:
    """Keys of values on an equal grid."""
    return {
        "every": Key(quantity("duration", least=SECOND, most=7 * DAY), "Width of a cell, 1 s or more.", required=True),
        "values": Key(
            ListForm(value, least=1, most=MOST_CELLS),
            "Values of the cells, the first from `start`, or from midnight of every day.",
            required=True,
        ),
        "start": Key(
            quantity("local_time"),
            "Local start of the first cell; without it the values are one day, repeated. Outside the grid "
            "the value is 0.",
        ),
    }


def grid_form(value: Form, title: str) -> SectionForm:
    """Values on an equal grid: `{every: 30m, values: [...], start: 2026-03-02}`."""
    return SectionForm(Grid, grid_keys(value), finish=check_grid, title=title)


def csv_grid(
    node: Node, key: str, rd: Reading, columns: Sequence[str], parse: Callable[[str], float]
) -> tuple[Grid, str] | Bad:
    """Values on the grid of a CSV file, and the name of their column, one of `columns`.

    The column `start` holds local times on an equal grid of 1 s or more without gaps.
    """
    table = read_csv(node, key, rd, required=("start",), optional=columns)
    if isinstance(table, Bad):
        return BAD
    present = [name for name in columns if table.has(name)]
    if len(present) != 1:
        got = " and ".join(present) or "none"
        return rd.fault(f"expected one of the columns {', '.join(columns)}, got {got}", Place(table.source, 1, 1), key)
    starts = _starts(table, key, rd)
    values = _values(table, present[0], key, rd, parse)
    if isinstance(starts, Bad) or isinstance(values, Bad):
        return BAD
    width = _width(table, starts, key, rd)
    if isinstance(width, Bad):
        return BAD
    return Grid(every=width, start=LocalTime(starts[0].isoformat()), values=tuple(values)), present[0]


def _starts(table: Csv, key: str, rd: Reading) -> list[datetime] | Bad:
    starts: list[datetime] = []
    for row, cell in enumerate(table.cells("start")):
        try:
            starts.append(scalars.instant(cell))
        except scalars.Misread as misread:
            rd.fault(str(misread), table.place(row, "start"), key)
    return starts if len(starts) == len(table.rows) else BAD


def _values(table: Csv, column: str, key: str, rd: Reading, parse: Callable[[str], float]) -> list[float] | Bad:
    values: list[float] = []
    for row, cell in enumerate(table.cells(column)):
        try:
            values.append(parse(cell))
        except scalars.Misread as misread:
            rd.fault(str(misread), table.place(row, column), key)
    return values if len(values) == len(table.rows) else BAD


def _width(table: Csv, starts: list[datetime], key: str, rd: Reading) -> int | Bad:
    """Width of the cells in microseconds."""
    if len(starts) < 2:
        return rd.fault("expected at least two rows, to tell the width of an interval", table.place(0, "start"), key)
    if len(starts) > MOST_CELLS:
        return rd.fault(f"more than {MOST_CELLS:,} intervals", table.place(MOST_CELLS, "start"), key)
    width = starts[1] - starts[0]
    micros = width // timedelta(microseconds=1)
    if not SECOND <= micros <= 7 * DAY:
        return rd.fault("expected intervals from 1 s to a week, in rising order", table.place(1, "start"), key)
    bad = False
    for row in range(2, len(starts)):
        step = starts[row] - starts[row - 1]
        if step != width:
            expected = (starts[row - 1] + width).isoformat(" ")
            what = "a gap" if step > width else "an interval out of step"
            rd.fault(
                f"{what}: expected {expected}, got {starts[row].isoformat(' ')}",
                table.place(row, "start"),
                key,
            )
            bad = True
    return BAD if bad else micros
