"""What a forecast says of handle times: the average of a volume's contacts by when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ccsim.language.curves import Grid, StepsForm, flat, grid_form, grid_of_steps
from ccsim.language.derive import quantity
from ccsim.language.forms import Form, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.text.tree import Items, Leaf, Node

_TIME: Final = quantity("duration")
_STEPS: Final = StepsForm(_TIME)
_GRID: Final = grid_form(
    _TIME, "AhtGrid", outside="Before the intervals the first value holds, after them the last one."
)


class AhtForm(Form):
    """An average handle time over local time; read as a grid of microseconds in which 0 says nothing."""

    says = "a duration like 320s, steps of a day like [[00:00, 320s], [12:00, 290s]], or {every, values}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            time = _TIME.read(node, key, rd)
            grid = BAD if time is BAD else flat(float(time))
        elif isinstance(node, Items):
            steps = _STEPS.read(node, key, rd)
            grid = BAD if steps is BAD else grid_of_steps(steps)
        else:
            grid = _GRID.read(node, key, rd)
        return grid if not isinstance(grid, Grid) else checked_aht(grid, node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_TIME.schema(defs), _STEPS.schema(defs), _GRID.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _GRID.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return _GRID.known(rd)

    def parts(self) -> Sequence[Form]:
        return (_GRID,)


def checked_aht(grid: Grid, node: Node, key: str, rd: Reading) -> Any:
    """The handle times, of which at least one must be above 0."""
    if grid.most > 0.0:
        return grid.model_copy(update={"values": tuple(float(value) for value in grid.values)})
    return rd.fault("expected a time above 0 somewhere; 0 says nothing of an interval", node.place, key)
