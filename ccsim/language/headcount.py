"""The people of a pool: a number, or what `ccsim staff` is to find it between."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.changes import MOST_AGENTS
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import EitherForm, WordForm
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.quantities import Count
from ccsim.text.tree import Leaf, Map, Node


class PeopleBounds(Section):
    """People that `ccsim staff` is to find: at least and at most how many."""

    least: Count = field(default=1, key="min", least=1, most=MOST_AGENTS, unit="people")
    """People at least."""
    most: Count | None = field(default=None, key="max", least=1, most=MOST_AGENTS, unit="people", none="no bound")
    """People at most."""

    @property
    def assumed(self) -> int:
        """People with whom the scenario is looked at until the number is found."""
        return max(self.least, _ASSUMED) if self.most is None else self.most


_ASSUMED: Final = 50


def _bounds(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    least, most = values.get("least", 1), values.get("most")
    if most is not None and least > most:
        return rd.fault(f"expected min <= max, got {least} and {most}", node.place, key)
    return values


_BOUNDS: Final = form_for(PeopleBounds, finish=_bounds, title="HeadcountBounds")


class _HeadcountForm(EitherForm):
    """A number of people, or what `ccsim staff` is to find it between."""

    def __init__(self) -> None:
        number = quantity("count", most=MOST_AGENTS)
        super().__init__(
            (
                number,
                WordForm(("auto",), {"auto": "the number of people is found by `ccsim staff`"}),
                _BOUNDS,
            ),
            lambda node: 2 if isinstance(node, Map) else int(isinstance(node, Leaf) and node.text == "auto"),
            f"{number.says}, or `auto` or bounds like {{min: 4, max: 12}}, between which `ccsim staff` finds it",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text[:1].isalpha() and node.text != "auto":
            return rd.expected(self.says, node, key)
        value = super().read(node, key, rd)
        return PeopleBounds() if value == "auto" else value


HEADCOUNT: Final = _HeadcountForm()
