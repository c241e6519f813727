"""Uncertain inputs in the tree of a scenario: what was drawn becomes overrides of the keys that it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ccsim.language.demand import SOURCES
from ccsim.language.uncertain import Uncertain
from ccsim.scenario.overrides import Override, counts_people, step, written_keys
from ccsim.text.faults import Faults, near
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Leaf, Map, Node, Place

Values = Mapping[str, float]
"""What was drawn of each uncertain input, by its name."""

_ORDER = ("set_to", "times", "add")
"""Where several are of one key: the order in which they are applied, whatever the order in which they are written."""


def as_written(value: float) -> str:
    """A number as a planner would write it, to 12 digits."""
    return format(Decimal(f"{value:.12g}"), "f")


def overrides_of_draws(root: Map, uncertain: Mapping[str, Uncertain], values: Values, faults: Faults) -> list[Override]:
    """Overrides that put what was drawn into the tree of a scenario; inputs without a value are left as written."""
    found: list[Override] = []
    for name in sorted(uncertain, key=lambda name: (_ORDER.index(uncertain[name].how), name)):
        if name not in values:
            continue
        one, place = uncertain[name], place_of(root, name)
        found += [
            Override(f"uncertain {name}", key, place, _leaf(one, key, values[name], place))
            for key in keys_of_input(root, one, place, name, faults)
        ]
    return found


def keys_of_input(root: Map, one: Uncertain, place: Place, name: str, faults: Faults) -> list[str]:
    """The dotted keys that an input is of, `*` in place of a name taken for every name of which the key is written."""
    found: dict[str, None] = {}
    for key in one.of:
        path = parse_path(key)
        if "*" not in path.parts:
            found[str(path)] = None
            continue
        stretch = "" if path.stretch is None else f"[{path.stretch}]"
        mine = [f"{parts}{stretch}" for parts in _matching(root, root, path.parts, ())]
        if not mine:
            faults.add(f"nothing is written at any key like {key}", place, f"uncertain.{name}.of")
        found |= dict.fromkeys(mine)
    return list(found)


def _matching(root: Map, node: Node | None, parts: Sequence[str], above: tuple[str, ...]) -> Iterator[str]:
    if not parts:
        key = ""
        for part in above:
            key = joined(key, part)
        yield key
        return
    if len(parts) == 1 and above[:1] == ("demand",) and len(above) == 2 and parts[0] == "rate":
        if isinstance(node, Map) and any(source in node.entries for source in SOURCES if source != "trace"):
            yield joined(joined(*above), "rate")
        return
    names = written_keys(node) if parts[0] == "*" else [parts[0]]
    for name in names:
        below = step(node, name)
        if below is not None:
            yield from _matching(root, below, parts[1:], (*above, name))


def _leaf(one: Uncertain, key: str, value: float, place: Place) -> Leaf:
    text = as_written(abs(value))
    sign = "-" if value < 0 else "+" if one.how == "add" else ""
    if one.how == "set_to" and counts_people(parse_path(key).parts):
        text = str(int(abs(value) + 0.5))
    return Leaf(f"x{text}" if one.how == "times" else f"{sign}{text}", True, place)


def place_of(root: Map, name: str) -> Place:
    """Where an uncertain input is written."""
    section = root.get("uncertain")
    entry = section.entries.get(name) if isinstance(section, Map) else None
    return entry.place if entry is not None else root.place


def check_correlations(root: Map, faults: Faults) -> None:
    """Note names in `moves_with` that are none, and pairs that are said twice; whatever else is wrong with an input."""
    section = root.get("uncertain")
    inputs = section.entries if isinstance(section, Map) else {}
    seen: set[frozenset[str]] = set()
    for name, entry in inputs.items():
        beside = step(entry.node, "moves_with")
        for other, said in beside.entries.items() if isinstance(beside, Map) else ():
            key = joined(joined(joined("uncertain", name), "moves_with"), other)
            if other == name:
                faults.add("an input moves with itself in any case", said.place, key)
            elif other not in inputs:
                known = [one for one in inputs if one != name]
                faults.add(f"there is no uncertain input '{other}'{near(other, known)}", said.place, key)
            elif frozenset((name, other)) in seen:
                faults.add(f"is said already, by {other}; say it once", said.place, key)
            seen.add(frozenset((name, other)))
