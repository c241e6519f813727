"""Putting an extending file over its base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ccsim.text.faults import Faults
from ccsim.text.paths import joined
from ccsim.text.tree import Entry, Leaf, Map, Node, Place, flow


@dataclass(frozen=True, slots=True)
class Applied:
    """One value that took the place of another."""

    by: str
    """`extends`, `variant NAME` or `--set`."""
    key: str
    """Dotted key, as written."""
    old: str | None
    """Old value as one line of YAML; None where nothing was written."""
    new: str | None
    """New value; None where the key was deleted."""
    place: Place
    """Where the new value is written."""
    old_place: Place | None = None
    """Where the old value is written."""


WHOLE: Final = ("variants", "searches", "sweeps")
"""Sections whose entries an extending file replaces whole."""


def merge(base: Map, over: Map, key: str, faults: Faults, applied: list[Applied]) -> Map:
    """The base with an extending file over it.

    Maps are merged key by key, everything else is replaced; `~` deletes a key of the base. At the root, a
    variant or a question of the same name replaces the base's whole.
    """
    entries = dict(base.entries)
    for name, entry in over.entries.items():
        at = joined(key, name)
        old = entries.get(name)
        if old is None:
            if deletes(entry.node):
                faults.add("there is nothing to delete: the base has no such key", entry.node.place, at)
            else:
                entries[name] = entry
        elif deletes(entry.node):
            applied.append(Applied("extends", at, flow(old.node), None, entry.node.place, old.node.place))
            del entries[name]
        elif isinstance(old.node, Map) and isinstance(entry.node, Map) and key not in WHOLE:
            entries[name] = Entry(merge(old.node, entry.node, at, faults, applied), old.place)
        else:
            applied.append(Applied("extends", at, flow(old.node), flow(entry.node), entry.node.place, old.node.place))
            entries[name] = entry
    return Map(entries, over.place)


def deletes(node: Node) -> bool:
    """Whether the value is a plain `~` or `null`; an empty value is no order to delete."""
    return isinstance(node, Leaf) and node.empty and node.text != ""
