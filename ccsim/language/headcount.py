"""The people of a pool, or of one of its shift patterns: a number, or what `ccsim staff` is to find it between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ccsim.language.changes import MOST_AGENTS
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import EitherForm, Form, WordForm
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
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


class PatternBounds(PeopleBounds):
    """People on a shift pattern of a pool that `ccsim staff` is to find: at least and at most how many."""

    least: Count = field(default=1, key="min", most=MOST_AGENTS, unit="people")
    """People at least; 0 where the pattern may go without any."""


def _bounds(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    least, most = values.get("least", 1), values.get("most")
    if most is not None and least > most:
        return rd.fault(f"expected min <= max, got {least} and {most}", node.place, key)
    return values


_BOUNDS: Final = form_for(PeopleBounds, finish=_bounds, title="HeadcountBounds")
_ON_PATTERN: Final = form_for(PatternBounds, finish=_bounds, title="PatternBounds")


class _HeadcountForm(EitherForm):
    """A number of people, or what `ccsim staff` is to find it between."""

    def __init__(self, bounds: Form, auto: PeopleBounds) -> None:
        """`auto`: the bounds that the word stands for."""
        self._auto = auto
        number = quantity("count", most=MOST_AGENTS)
        super().__init__(
            (
                number,
                WordForm(("auto",), {"auto": "the number of people is found by `ccsim staff`"}),
                bounds,
            ),
            lambda node: 2 if isinstance(node, Map) else int(isinstance(node, Leaf) and node.text == "auto"),
            f"{number.says}, or `auto` or bounds like {{min: 4, max: 12}}, between which `ccsim staff` finds it",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text[:1].isalpha() and node.text != "auto":
            return rd.expected(self.says, node, key)
        value = super().read(node, key, rd)
        return self._auto if value == "auto" else value


HEADCOUNT: Final = _HeadcountForm(_BOUNDS, PeopleBounds())
ON_PATTERN: Final = _HeadcountForm(_ON_PATTERN, PatternBounds())


def people_by_pattern(values: dict[str, Any], shifts: Mapping[str, int | PeopleBounds]) -> None:
    """Make people by shift pattern the fields of a pool; the headcount is their sum, and a pattern with nobody is none.

    Where a headcount is written beside them that is not `auto`, it stays; see `adds_up`.
    """
    del values["shifts"]
    bounds = {name: one for name, one in shifts.items() if isinstance(one, PeopleBounds)}
    people = {name: one.assumed if isinstance(one, PeopleBounds) else one for name, one in shifts.items()}
    values |= {"people_on": people, "patterns": tuple(name for name, n in people.items() if n > 0)}
    if bounds:
        values["searched_on"] = bounds
    if "headcount" not in values or values.get("searched") == PeopleBounds():
        values["headcount"] = sum(people.values())
        values.pop("searched", None)
        if bounds:
            least = sum(bounds[name].least if name in bounds else n for name, n in people.items())
            values["searched"] = PeopleBounds(least=max(least, 1))


def people_are_read(values: Mapping[str, Any], node: Map) -> bool:
    """Whether each number of people by shift pattern could be read; one that could not has been told."""
    shifts = node.entries["shifts"].node if "people_on" in values else None
    return not isinstance(shifts, Map) or len(values["people_on"]) == len(shifts.entries)


def adds_up(values: Mapping[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether a headcount that is written beside people by shift pattern is their sum; else a fault says so."""
    written, people = node.entries.get("headcount"), values.get("people_on")
    if people is None or written is None or (isinstance(written.node, Leaf) and written.node.text == "auto"):
        return True
    if isinstance(written.node, Map):
        why = "say for each shift pattern between how many people it is to be found, or `headcount: auto`"
    elif "searched_on" in values:
        why = "people on its shift patterns are still to be found: say `headcount: auto`, or leave it out"
    elif values["headcount"] != (total := sum(people.values())):
        why = f"{total:,} people are on its shift patterns: say {total}, or leave `headcount` out"
    else:
        return True
    rd.fault(why, written.node.place, joined(key, "headcount"))
    return False
